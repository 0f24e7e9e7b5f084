// What conflicts bring to the module: services, routes, facts, menu, and what waits for somebody on the workbench.
using System.Security.Claims;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Organisation;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Jobs;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Quality.Conflicts;

/// <summary>A conflict as programs get it.</summary>
internal sealed record ConflictView(string Number, string Name, string Subject, ConflictState State, ItemSources Sources);

internal static class ConflictRooms
{
    public static IServiceCollection AddConflicts(this IServiceCollection services) => services
        .AddScoped(s => new ConflictsDb(s.GetRequiredService<StateStore>())).AddScoped<ISources>(s => s.GetRequiredService<ConflictsDb>())
        .AddScoped<ListConflicts>().AddScoped<DecideConflict>().AddJob<FindConflicts.Body, FindConflicts>().AddScoped<IWorkbenchCard, WorkbenchConflicts>();

    public static void Subscribe(Subscriptions on)
    {
        on.On<ResourcePublished, FindConflicts>();
        on.On<ResourceRetired, FindConflicts>();
    }

    public static MenuEntry Entry(Text group) => new(group, new("一数一源", "One source"), "/conflicts", Roles.Data, 25);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var conflicts = routes.MapGroup("/api/v1/conflicts").WithTags("Conflicts").RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer));
        conflicts.MapGet("/", List).WithName("ListConflicts");
        conflicts.MapGet("/rate", (ListConflicts list, CancellationToken stop) => list.Rate(stop)).WithName("CountOneSource");
        conflicts.MapGet("/{number}", One).WithName("GetConflict");
        conflicts.MapPost("/{number}/steps", Step).WithName("StepConflict");
        conflicts.MapGet("/export", Export).WithName("ExportConflicts");
    }

    private static async Task<Ok<Page<ConflictView>>> List(ConflictState? state, string? q, [AsParameters] PageAsk page, ListConflicts list, ClaimsPrincipal user, CancellationToken stop)
    {
        var found = await list.Run(state, q, page, Actor.From(user)!, stop);
        var sources = await list.Sources(found.Items, stop);
        return TypedResults.Ok(new Page<ConflictView>([.. found.Items.Select(c => View(c, sources[c.Id]))], found.Number, found.Size, found.Total));
    }

    private static async Task<Results<Ok<ConflictView>, ProblemHttpResult>> One(string number, DecideConflict decide, ListConflicts list, ClaimsPrincipal user, CancellationToken stop)
    {
        var found = await decide.One(number, Actor.From(user)!, stop);
        return found.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(View(found.Value, (await list.Sources([found.Value], stop))[found.Value.Id]));
    }

    private static async Task<Results<Ok<ConflictView>, ProblemHttpResult>> Step(string number, DecideConflict.Ask ask, DecideConflict decide, ListConflicts list, ClaimsPrincipal user, CancellationToken stop)
    {
        var taken = await decide.Run(number, ask, Actor.From(user)!, stop);
        return taken.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(View(taken.Value, (await list.Sources([taken.Value], stop))[taken.Value.Id]));
    }

    private static Task<FileContentHttpResult> Export(ConflictState? state, string? q, string? format, ListConflicts list, ClaimsPrincipal user, CancellationToken stop) => list.Export(state, q, format, Actor.From(user)!, stop);

    /// <summary>One that has ended is shown with the sources it had.</summary>
    private static ConflictView View(Conflict conflict, IEnumerable<ConflictSource> sources) =>
        new(conflict.Number, conflict.Name, conflict.Subject, conflict.State, ConflictsDb.Shown(conflict, sources));
}

/// <summary>Tells the units that publish an item of a decision, and the bureau of what is to be decided.</summary>
internal sealed class WorkbenchConflicts(ConflictsDb db, TimeProvider clock) : IWorkbenchCard
{
    private static readonly Text Source = new("一数一源", "One source");
    private static readonly TimeSpan Recent = TimeSpan.FromDays(7);

    public Task<IReadOnlyList<WorkbenchCounter>> Counters(Actor actor, CancellationToken stop) => Task.FromResult<IReadOnlyList<WorkbenchCounter>>([]);

    public async Task<IReadOnlyList<WorkbenchTask>> Tasks(Actor actor, CancellationToken stop)
    {
        if (!actor.Has(Roles.Engineer) && !(actor.Has(Roles.Steward) && actor.Unit is not null))
        {
            return [];
        }

        var (bureau, unit, since) = (actor.Has(Roles.Engineer), actor.Unit, (clock.GetUtcNow() - Recent).ToStored());
        var told = bureau
            ? db.Conflicts.Where(c => c.State == ConflictState.Found || c.State == ConflictState.Objected)
            : db.Conflicts.FromSql($"SELECT * FROM quality_conflict WHERE state = 'Found' OR (state = 'Decided' AND decided_at > {since})").Where(c => db.Sources.Any(s => s.Conflict == c.Id && s.Unit == unit));
        return [.. (await told.AsNoTracking().OrderByDescending(c => c.Number).Take(5).ToListAsync(stop)).Select(c => new WorkbenchTask($"{c.Number} {c.Name}", Source, ConflictWords.Of(c.State), $"/conflicts/{c.Number}", null))];
    }

    public IReadOnlyList<QuickEntry> Entries(Actor actor) => [];
}
