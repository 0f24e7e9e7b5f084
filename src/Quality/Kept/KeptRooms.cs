// What kept rules bring to the module: services, facts, the menu, and the HTTP API.
using System.Security.Claims;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Policy;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Jobs;
using Lizhou.Kernel.Web;
using Lizhou.Quality.Kept.Levels;
using Lizhou.Quality.Kept.Once;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Quality.Kept;

internal static class KeptRooms
{
    /// <param name="Yaml">The whole set.</param>
    internal sealed record DraftAsk(string? Yaml);

    internal sealed record SuggestionAsk(string? Rule, bool Accept, string? Reason = null);

    internal sealed record SuggestionView(string Rule, string Kind, IReadOnlyList<string> Columns, string Dimension, double Confidence, double Support, int Rows, string Why);

    /// <param name="Hidden">How many carry values the reader may not see.</param>
    internal sealed record SuggestionList(IReadOnlyList<SuggestionView> Items, int Hidden, int? Rows);

    /// <param name="File">1-based, in its batch.</param>
    /// <param name="Record">1-based, under the header.</param>
    /// <param name="Line">Of the file, or row of the sheet, from 1; 0 when unknown.</param>
    /// <param name="Note">Of a rule on rows together what the row is at fault with: whole and parts, the value before; else null.</param>
    internal sealed record FlaggedRow(Guid Batch, string Number, int File, string FileName, long Record, long Line, IReadOnlyList<object?> Values, string? Note);

    internal sealed record OnceView(Guid Resource, string Name, string Column, Guid Source, string SourceName, string SourceColumn, double Overlap, double Subjects, string Why);

    internal sealed record LevelView(Guid Resource, string Name, Guid Item, string Column, Level? Level, Level Suggested, double Confidence, string Why);

    internal sealed record LevelAsk(Guid Resource, Guid Item, bool Confirm, string? Reason = null);

    /// <param name="Total">How many rows the rule flags in all, of the batch where one was asked for; null where that is not counted. <paramref name="Rows"/> are the first five hundred.</param>
    internal sealed record FlaggedRows(IReadOnlyList<string> Columns, IReadOnlyList<FlaggedRow> Rows, long? Total);

    public static IServiceCollection AddKept(this IServiceCollection services) => services
        .AddSingleton<ScanSeal>().AddScoped(s => new KeptDb(s.GetRequiredService<StateStore>(), s.GetRequiredService<ScanSeal>())).AddSingleton<Turns>()
        .AddScoped<OtherTables>().AddScoped<KeptRules>().AddScoped<SaveRules>().AddScoped<Waivers>().AddScoped<SuggestKept>().AddScoped<ReadProfile>().AddScoped<ReadFlagged>().AddScoped<ShowKept>().AddScoped<StoreScan>().AddScoped<JudgeKept>().AddScoped<CountCarried>()
        .AddSingleton<Compared>().AddScoped<FindOnce>().AddScoped<IKnownSources>(s => s.GetRequiredService<FindOnce>()).AddScoped<ConfirmLevels>().AddScoped<ILevelHints>(s => s.GetRequiredService<ConfirmLevels>()).AddScoped<IExceptions, TellExceptions>().AddScoped<IRowFlags, TellFlags>()
        .AddJob<ScanKept.Body, ScanKept>().AddRounds<EndWaivers>(TimeSpan.FromMinutes(10)).AddRounds<LookForScans>(TimeSpan.FromMinutes(1));

    /// <summary>After the tickets: what they know of a batch is there when it is scanned.</summary>
    public static void Subscribe(Subscriptions on)
    {
        on.On<BatchLanded, FollowLanded>();
        on.On<BatchUndone, FollowLanded>();
        on.On<ResourceRetired, FollowLanded>();
    }

    public static MenuEntry Entry(Text group) => new(group, new("质量规则", "Rules and scores"), "/quality", Roles.Data, 25);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var rules = routes.MapGroup("/api/v1/rules").WithTags("Rules").RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer));
        rules.MapGet("/", List).WithName("ListScores");
        rules.MapGet("/{resource:guid}", Show).WithName("GetRules");
        rules.MapGet("/of/{**code}", OfCode).WithName("FindRules");
        rules.MapPut("/{resource:guid}/draft", Draft).WithName("DraftRules");
        rules.MapPost("/{resource:guid}/in-force", Force).WithName("PutRulesInForce");
        rules.MapPost("/{resource:guid}/scan", Scan).WithName("ScanResource");
        rules.MapGet("/{resource:guid}/suggestions", Suggestions).WithName("ListSuggestedRules");
        rules.MapPost("/{resource:guid}/suggestions", Decide).WithName("DecideSuggestedRule");
        rules.MapGet("/{resource:guid}/profile", Profile).WithName("GetProfile");
        rules.MapGet("/{resource:guid}/rows", Rows).WithName("ListFlaggedRows");
        rules.MapGet("/{resource:guid}/rows/export", ExportRows).WithName("ExportFlaggedRows");
        rules.MapGet("/{resource:guid}/exceptions", Exceptions).WithName("ListExceptions");
        rules.MapPost("/{resource:guid}/exceptions", Except).WithName("AddException");
        rules.MapDelete("/{resource:guid}/exceptions/{id:guid}", EndException).WithName("EndException");
        rules.MapGet("/{resource:guid}/export", Export).WithName("ExportRules");
        rules.MapGet("/once", Once).WithName("ListCollectedTwice");
        rules.MapGet("/once/export", ExportOnce).WithName("ExportCollectedTwice");
        rules.MapGet("/levels", Levels).WithName("ListSuggestedLevels");
        rules.MapPost("/levels", Level).WithName("DecideSuggestedLevel");
    }

    private static async Task<Ok<Page<KeptLine>>> List(Guid? unit, string? q, bool? kept, [AsParameters] PageAsk page, ShowKept show, ClaimsPrincipal user, CancellationToken stop) =>
        TypedResults.Ok(page.Of(await show.List(unit, q, kept == true, Actor.From(user)!, stop)));

    private static async Task<Results<Ok<KeptView>, ProblemHttpResult>> Show(Guid resource, ShowKept show, ClaimsPrincipal user, CancellationToken stop) => Told(await show.Run(resource, Actor.From(user)!, stop));

    private static async Task<Results<Ok<KeptView>, ProblemHttpResult>> OfCode(string code, ICatalog catalog, ShowKept show, ClaimsPrincipal user, CancellationToken stop) =>
        await catalog.Published(code, stop) is { } card ? Told(await show.Run(card.Id, Actor.From(user)!, stop)) : Problems.NoRuleResource.With(code).ToHttp();

    private static async Task<Results<Ok<KeptView>, ProblemHttpResult>> Draft(Guid resource, DraftAsk ask, SaveRules save, ShowKept show, ClaimsPrincipal user, CancellationToken stop) =>
        (await save.Draft(resource, ask.Yaml, Actor.From(user)!, stop)).Problem is { } refused ? refused.ToHttp() : Told(await show.Run(resource, Actor.From(user)!, stop));

    private static async Task<Results<Ok<KeptView>, ProblemHttpResult>> Force(Guid resource, SaveRules save, ShowKept show, ClaimsPrincipal user, CancellationToken stop) =>
        (await save.Force(resource, Actor.From(user)!, stop)).Problem is { } refused ? refused.ToHttp() : Told(await show.Run(resource, Actor.From(user)!, stop));

    private static async Task<Results<Accepted<Guid>, ProblemHttpResult>> Scan(Guid resource, SaveRules save, ClaimsPrincipal user, CancellationToken stop) =>
        await save.Scan(resource, Actor.From(user)!, stop) is { Refused: false, Value: var job } ? TypedResults.Accepted($"/api/v1/rules/{resource}", job) : Problems.NoRuleResource.With(resource).ToHttp();

    private static async Task<Results<Ok<SuggestionList>, ProblemHttpResult>> Suggestions(Guid resource, SuggestKept suggest, ClaimsPrincipal user, CancellationToken stop)
    {
        var found = await suggest.Run(resource, Actor.From(user)!, stop);
        return found.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(new SuggestionList(
            [.. found.Value.All.Select(s => new SuggestionView(s.Rule.Name, s.Rule.Kind.ToString(), s.Rule.Columns, s.Rule.Dimension.ToString(), s.Confidence, s.Support, s.Witnesses, s.Why.ToString()))], found.Value.Hidden, found.Value.Rows));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Decide(Guid resource, SuggestionAsk ask, SuggestKept suggest, ClaimsPrincipal user, CancellationToken stop) =>
        await suggest.Decide(resource, ask.Rule, ask.Accept, ask.Reason, Actor.From(user)!, stop) is { } refused ? refused.ToHttp() : TypedResults.NoContent();

    private static async Task<Results<Ok<IReadOnlyList<ItemProfile>>, ProblemHttpResult>> Profile(Guid resource, Guid? batch, ReadProfile read, ClaimsPrincipal user, CancellationToken stop) =>
        Told(await read.Run(resource, batch, Actor.From(user)!, stop));

    private static async Task<Results<Ok<FlaggedRows>, ProblemHttpResult>> Rows(Guid resource, string? rule, string? batch, ReadFlagged read, ClaimsPrincipal user, CancellationToken stop)
    {
        var found = await read.Run(resource, rule, batch, Actor.From(user)!, stop);
        return found.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(new FlaggedRows(
            [.. found.Value.Set.Items.Select(i => i.Item.Column)], [.. found.Value.Set.Rows.Zip(found.Value.Set.Provenance, found.Value.Notes).Select(r =>
            {
                var place = found.Value.PlaceOf(r.Second);
                return new FlaggedRow(r.Second.Batch, place.Number, r.Second.File + 1, place.File, place.Record, place.Line, r.First, r.Third?.ToString());
            })], found.Value.Total));
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ExportRows(Guid resource, string? rule, string? batch, string? format, ReadFlagged read, ClaimsPrincipal user, CancellationToken stop)
    {
        var file = await read.Export(resource, rule, batch, format, Actor.From(user)!, stop);
        return file.Problem is { } refused ? refused.ToHttp() : file.Value;
    }

    private static async Task<Results<Ok<List<WaiverView>>, ProblemHttpResult>> Exceptions(Guid resource, Waivers waivers, SaveRules save, IRowGate gate, ClaimsPrincipal user, CancellationToken stop)
    {
        var mine = await save.Mine(resource, Actor.From(user)!, stop);
        if (mine.Problem is { } refused)
        {
            return refused.ToHttp();
        }

        var sight = await Sight.Of(mine.Value, gate, Actor.From(user)!, stop);
        return TypedResults.Ok((await waivers.All(resource, stop)).ConvertAll(w => WaiverView.Of(w, mine.Value, sight)));
    }

    private static async Task<Results<Ok<Guid>, ProblemHttpResult>> Except(Guid resource, Waivers.Ask ask, Waivers waivers, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await waivers.Add(resource, ask, Actor.From(user)!, stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(made.Value.Id);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndException(Guid resource, Guid id, Waivers waivers, ClaimsPrincipal user, CancellationToken stop) =>
        await waivers.End(resource, id, Actor.From(user)!, stop) is { } refused ? refused.ToHttp() : TypedResults.NoContent();

    private static async Task<Ok<Page<OnceView>>> Once([AsParameters] PageAsk page, FindOnce once, ClaimsPrincipal user, CancellationToken stop) => TypedResults.Ok(page.Of((await once.Seen(Actor.From(user)!, stop))
        .Select(r => new OnceView(r.Again.Id, r.Again.Name, r.AgainItem.Column, r.Source.Id, r.Source.Name, r.SourceItem.Column, r.Overlap, r.Subjects, r.Why.ToString())).ToList()));

    private static Task<FileContentHttpResult> ExportOnce(string? format, FindOnce once, ClaimsPrincipal user, CancellationToken stop) => once.Export(format, Actor.From(user)!, stop);

    private static async Task<Ok<Page<LevelView>>> Levels([AsParameters] PageAsk page, ConfirmLevels levels, ClaimsPrincipal user, CancellationToken stop) => TypedResults.Ok(page.Of((await levels.All(null, Actor.From(user)!, stop))
        .Select(l => new LevelView(l.Resource, l.ResourceName, l.Item, l.Column, l.Level, l.Suggested, l.Confidence, string.Join("; ", l.Why))).ToList()));

    private static async Task<Results<Ok<bool>, ProblemHttpResult>> Level(LevelAsk ask, ConfirmLevels levels, ClaimsPrincipal user, CancellationToken stop)
    {
        var done = await levels.Decide(ask.Resource, ask.Item, ask.Confirm, ask.Reason, Actor.From(user)!, stop);
        return done.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(done.Value);
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Export(Guid resource, string? format, ShowKept show, ClaimsPrincipal user, CancellationToken stop)
    {
        var file = await show.Export(resource, format, Actor.From(user)!, stop);
        return file.Problem is { } refused ? refused.ToHttp() : file.Value;
    }

    private static Results<Ok<T>, ProblemHttpResult> Told<T>(Result<T> answer) => answer.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(answer.Value);
}

/// <summary>An exception as its reader may see it.</summary>
/// <param name="Value">Null where the reader may not see it.</param>
/// <param name="Last">The last day on which it holds, or held.</param>
internal sealed record WaiverView(Guid Id, string Rule, string Item, string? Value, string Reason, DateOnly Last, string MadeBy, DateTimeOffset MadeAt, string? EndedBy, DateTimeOffset? EndedAt)
{
    public static WaiverView Of(Waiver w, ResourceCard card, Sight sight)
    {
        var item = card.Items.FirstOrDefault(i => string.Equals(i.Column, w.Item, StringComparison.OrdinalIgnoreCase));
        return new(w.Id, w.Rule, item?.Name ?? w.Item, item is null ? null : sight.Show(item, w.Value), w.Reason, w.Until.AddDays(-1), w.MadeBy, w.MadeAt, w.EndedBy, w.EndedAt);
    }
}
