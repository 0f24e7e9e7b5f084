// In: a filter. Out: the sources the actor's unit may see, with their health. Another unit's source looks as if it did not exist.
using System.Security.Claims;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Collection.Sources;

/// <summary>A source as the API and the lists tell it. Never with its secret.</summary>
internal sealed record SourceView(
    Guid Id, string Code, string Name, Guid Unit, Guid? System, string Resource, Way Way, WaySettings Settings, bool HasSecret, Batches.DriftPolicy Drift,
    Schedule? Schedule, SourceState State, Health Health, DateTimeOffset? NextAt, DateTimeOffset? LastRunAt, DateTimeOffset? LastDataAt, string? LastNote, int Failures)
{
    public static SourceView Of(Source s, UpdateCycle? cycle, DateTimeOffset now) => new(
        s.Id, s.Code, s.Name, s.Unit, s.System, s.Resource, s.Way, s.Settings, s.Secret is not null, s.Drift, s.Schedule, s.State,
        Healths.Of(s, cycle ?? UpdateCycle.Irregular, now), s.State == SourceState.Active ? s.NextAt : null, s.LastRunAt, s.LastDataAt, s.LastNote, s.Failures);
}

internal sealed class FindSources(SourcesDb db, ICatalog catalog, TimeProvider clock)
{
    internal sealed record Filter(string? Word = null, Way? Way = null, Health? Health = null, string? Resource = null, int? Page = null, int? Size = null);

    internal static async Task<Ok<Page<SourceView>>> Handle([AsParameters] Filter filter, FindSources find, ClaimsPrincipal who, CancellationToken stop) =>
        TypedResults.Ok(await find.List(filter, Actor.From(who)!, stop));

    internal static async Task<Results<Ok<SourceView>, ProblemHttpResult>> HandleOne(string source, FindSources find, ClaimsPrincipal who, CancellationToken stop)
    {
        var found = await find.ByCode(source, Actor.From(who)!, stop);
        return found.Refused ? found.Problem!.ToHttp() : TypedResults.Ok(await find.View(found.Value, stop));
    }

    public async Task<Page<SourceView>> List(Filter filter, Actor actor, CancellationToken stop)
    {
        var seen = Visible(actor);
        if (filter.Word is { Length: > 0 } word)
        {
            seen = seen.Where(s => s.Name.Contains(word) || s.Code.Contains(word) || s.Resource.Contains(word));
        }

        if (filter.Way is { } way)
        {
            seen = seen.Where(s => s.Way == way);
        }

        if (filter.Resource is { Length: > 0 } resource)
        {
            seen = seen.Where(s => s.Resource == resource);
        }

        var ask = new PageAsk(filter.Page, filter.Size);
        if (filter.Health is not { } health)
        {
            var total = await seen.LongCountAsync(stop);
            var rows = await seen.OrderBy(s => s.Code).Skip(ask.Skip).Take(ask.Rows).AsNoTracking().ToListAsync(stop);
            return new(await Views(rows, stop), ask.Number, ask.Rows, total);
        }

        // Health depends on the resource's cycle and the time: it is decided here, over some thousands of sources at most.
        var all = await Views(await seen.OrderBy(s => s.Code).AsNoTracking().ToListAsync(stop), stop);
        return ask.Of<SourceView>([.. all.Where(v => v.Health == health)]);
    }

    public async Task<Result<Source>> ByCode(string code, Actor actor, CancellationToken stop) =>
        await db.Sources.FirstOrDefaultAsync(s => s.Code == code, stop) is { } source && actor.ActsFor(source.Unit) ? source : SourceProblems.NoSource.With(code);

    public async Task<SourceView> View(Source source, CancellationToken stop) => (await Views([source], stop))[0];

    public async Task<Page<SourceRun>> Runs(Source source, PageAsk ask, CancellationToken stop)
    {
        var runs = db.Runs.AsNoTracking().Where(r => r.Source == source.Id);
        return new(
            await runs.OrderByDescending(r => r.Id).Skip(ask.Skip).Take(ask.Rows).ToListAsync(stop), ask.Number, ask.Rows, await runs.LongCountAsync(stop));
    }

    /// <summary>Every source the actor may see that runs by a schedule.</summary>
    public Task<List<Source>> Scheduled(Actor actor, CancellationToken stop) =>
        Visible(actor).Where(s => s.State == SourceState.Active && s.Schedule != null).OrderBy(s => s.Code).AsNoTracking().ToListAsync(stop);

    private IQueryable<Source> Visible(Actor actor) =>
        actor.Has(Roles.Engineer) ? db.Sources : actor.Unit is { } unit ? db.Sources.Where(s => s.Unit == unit) : db.Sources.Where(_ => false);

    private async Task<List<SourceView>> Views(List<Source> sources, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var cycles = new Dictionary<string, UpdateCycle?>(StringComparer.Ordinal);
        foreach (var code in sources.Select(s => s.Resource).Distinct())
        {
            cycles[code] = (await catalog.Published(code, stop))?.Cycle;
        }

        return sources.ConvertAll(s => SourceView.Of(s, cycles[s.Resource], now));
    }
}
