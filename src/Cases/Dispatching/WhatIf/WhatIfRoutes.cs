// The HTTP API of the what-if: by a version with GET, by texts with POST, as a file the same two ways; it keeps nothing either way.
using System.Security.Claims;
using System.Text;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Cases.Dispatching.WhatIf;

internal static class WhatIfRoutes
{
    /// <summary>Asks for the table instead of the cases.</summary>
    public const string Table = "table";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = CaseRoutes.Group(routes, "/api/v1/cases/dispatch");
        group.MapGet("/what-if", (DateOnly? from, DateOnly? to, int? version, TryTable use, ClaimsPrincipal user, CancellationToken stop) => Run(new(from, to, version), use, user, stop)).WithName("TryDispatchVersion");
        group.MapPost("/what-if", Run).WithName("TryDispatchTable");
        group.MapGet("/what-if/file", File).WithName("ExportDispatchTrial");
        group.MapPost("/what-if/file", FileOf).WithName("ExportDispatchTrialOfTexts").DisableAntiforgery(); // The session scheme has checked it already; a program has no form token.
        group.MapGet("/gaps", Gaps).WithName("ListDispatchDutyGaps");
    }

    private static async Task<Results<Ok<Forecast>, ProblemHttpResult>> Run(WhatIfAsk ask, TryTable use, ClaimsPrincipal user, CancellationToken stop)
    {
        var done = await use.Run(ask, Actor.From(user)!, stop);
        return done.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(done.Value);
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> File(DateOnly? from, DateOnly? to, int? version, string? format, TryTable use, ClaimsPrincipal user, CancellationToken stop)
    {
        var done = await use.Export(new(from, to, version), format, Actor.From(user)!, stop);
        return done.Problem is { } refused ? refused.ToHttp() : TypedResults.File(done.Value.Content, done.Value.Type, $"{ForecastWords.Title}{done.Value.Ending}");
    }

    /// <summary>Of texts, as a form: every case as a row, or, where <paramref name="what"/> is <c>table</c>, the table itself as it would be saved.</summary>
    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> FileOf(
        [FromForm] DateOnly? from, [FromForm] DateOnly? to, [FromForm] string? table, [FromForm] string? duties, [FromForm] string? format, [FromForm] string? what, TryTable use, ClaimsPrincipal user, CancellationToken stop)
    {
        var (ask, actor) = (new WhatIfAsk(from, to, null, table, duties), Actor.From(user)!);
        if (what == Table)
        {
            var text = await use.Csv(ask, actor, stop);
            return text.Problem is { } wrong ? wrong.ToHttp() : TypedResults.File(Encoding.UTF8.GetBytes(text.Value), "text/csv; charset=utf-8", "case-dispatch.csv");
        }

        var done = await use.Export(ask, format, actor, stop);
        return done.Problem is { } refused ? refused.ToHttp() : TypedResults.File(done.Value.Content, done.Value.Type, $"{ForecastWords.Title}{done.Value.Ending}");
    }

    private static async Task<Results<Ok<IReadOnlyList<DutyGap>>, ProblemHttpResult>> Gaps(DateOnly? from, DateOnly? to, int? version, FindDutyGaps use, CancellationToken stop)
    {
        var found = await use.Run(from, to, version, stop);
        return found.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(found.Value);
    }
}
