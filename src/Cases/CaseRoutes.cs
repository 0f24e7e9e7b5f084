// The HTTP API of cases.
using System.Security.Claims;
using System.Text;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Classes;
using Lizhou.Cases.Finding;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Intake;
using Lizhou.Cases.Intake.Open311;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Measuring;
using Lizhou.Cases.Nodes;
using Lizhou.Contracts.Identity;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Cases;

internal static class CaseRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var cases = Group(routes, "/api/v1/cases");
        cases.MapGet("/", List).WithName("ListCases");
        cases.MapPost("/", Report).WithName("ReportCase");
        cases.MapGet("/counts", (FindCases find, ClaimsPrincipal user, CancellationToken stop) => find.Counts(Actor.From(user)!, stop)).WithName("CountCases");
        cases.MapPost("/rebuild", Rebuild).WithName("RebuildCases");
        cases.MapGet("/measures", Measure).WithName("MeasureCases");
        cases.MapGet("/{number}", One).WithName("GetCase");
        cases.MapPost("/{number}/acts", Act).WithName("TakeAct").Accepts<TakeAct.Ask>("application/json", "multipart/form-data");
        cases.MapPost("/{number}/reporters", Reveal).WithName("RevealReporter");
        cases.MapGet("/{number}/photos/{place:int}", Photo).WithName("GetCasePhoto");
        cases.MapPost("/{number}/flow", Move).WithName("MoveCase");

        var flows = Group(routes, "/api/v1/case-flows");
        flows.MapGet("/", (PublishFlow flows, CancellationToken stop) => flows.All(stop)).WithName("ListCaseFlows");
        flows.MapPost("/", Publish).WithName("PublishCaseFlow");
        flows.MapPost("/check", Checked).WithName("CheckCaseFlow");
        flows.MapGet("/shipped", (AdoptShipped shipped, CancellationToken stop) => shipped.Offer(stop)).WithName("CompareShippedFlow");
        flows.MapPost("/shipped", Adopt).WithName("AdoptShippedFlow");

        var channels = Group(routes, "/api/v1/case-channels");
        channels.MapGet("/", (ChannelKeys keys, CancellationToken stop) => keys.All(stop)).WithName("ListChannels");
        channels.MapPost("/", Channel).WithName("MakeChannel");
        channels.MapPost("/{id:guid}/end", EndChannel).WithName("EndChannel");
        GeoReport.Map(routes);

        var classes = Group(routes, "/api/v1/case-classes");
        classes.MapGet("/", (SaveClass classes, CancellationToken stop) => classes.All(stop)).WithName("ListCaseClasses");
        classes.MapPut("/", Class).WithName("SaveCaseClass");

        var duties = Group(routes, "/api/v1/case-duties");
        duties.MapGet("/", (SaveDuty duties, CancellationToken stop) => duties.All(stop)).WithName("ListDuties");
        duties.MapPost("/", Duty).WithName("SaveDuty");
        duties.MapPost("/{id:guid}/end", EndDuty).WithName("EndDuty");
        duties.MapGet("/csv", DutyList).WithName("GetDutyList");
        duties.MapGet("/gaps", (SaveDuty duties, CancellationToken stop) => duties.Gaps(stop)).WithName("ListGaps");
        duties.MapGet("/gaps/pairs", ([AsParameters] FindGaps.Filter filter, [AsParameters] PageAsk page, FindGaps gaps, CancellationToken stop) => gaps.Run(filter, page, stop)).WithName("ListPairGaps");
        duties.MapGet("/gaps/csv", Gaps).WithName("ExportPairGaps");
        duties.MapGet("/nodes", async (DeskBook desks, CancellationToken stop) => (await desks.Now(stop)).Nodes.ByCode.Values.OrderBy(n => n.Code, StringComparer.Ordinal)).WithName("ListNodes");
    }

    private static async Task<FileContentHttpResult> Gaps([AsParameters] FindGaps.Filter filter, FindGaps gaps, CancellationToken stop)
    {
        var file = await gaps.Csv(filter, stop);
        return TypedResults.File(file.Content, file.Type, $"case-gaps{file.Ending}");
    }

    internal static RouteGroupBuilder Group(IEndpointRouteBuilder routes, string path) =>
        routes.MapGroup(path).WithTags("Cases").WithChecks().RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer));

    private static async Task<Results<Ok<CasePage<CaseView>>, ProblemHttpResult>> List([AsParameters] CaseFilter filter, FindCases find, ShowCase show, DeskBook desks, ClaimsPrincipal user, CancellationToken stop)
    {
        if (filter.State is { Length: > 0 } state && !(await desks.Now(stop)).Flows.Values.Any(f => f.States.ContainsKey(state)))
        {
            return Problems.WrongField.With("state", new Text("没有这个状态。", "there is no such state.")).At("state").ToHttp();
        }

        var page = await find.List(filter, Actor.From(user)!, stop);
        return TypedResults.Ok(new CasePage<CaseView>(await show.Views(page.Items, stop), page.Total, page.After, page.TotalIsExact));
    }

    private static async Task<Results<Ok<CaseDetail>, ProblemHttpResult>> One(string number, FindCases find, ShowCase show, ClaimsPrincipal user, CancellationToken stop) =>
        await Shown(await find.One(number, Actor.From(user)!, stop), show, user, stop);

    private static async Task<Results<Created<CaseView>, ProblemHttpResult>> Report(ReportCase.Ask ask, ReportCase report, ShowCase show, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await report.ByHand(ask, Actor.From(user)!, stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Created($"/api/v1/cases/{made.Value.File.Number}", (await show.Views([made.Value.File], stop))[0]);
    }

    /// <summary>As JSON, or as a form: its parts are act, revision, behalf, at, key, the act's fields by their names, and up to three photos as files.</summary>
    private static async Task<Results<Ok<CaseDetail>, ProblemHttpResult>> Act(string number, PostedAct sent, TakeAct take, ShowCase show, ClaimsPrincipal user, CancellationToken stop)
    {
        var photos = await Intake.Photo.ReadAll(sent.Files, Intake.Photo.Most, stop);
        return photos.Problem is { } wrong ? wrong.ToHttp() : await Shown(await take.Run(number, sent.Ask, [.. photos.Value.Select(p => p.Jpeg)], Actor.From(user)!, stop), show, user, stop);
    }

    private static async Task<Results<Ok<CaseDetail>, ProblemHttpResult>> Move(string number, PublishFlow.MoveAsk ask, PublishFlow flows, ShowCase show, ClaimsPrincipal user, CancellationToken stop) =>
        await Shown(await flows.Move(number, ask, Actor.From(user)!, stop), show, user, stop);

    private static async Task<Results<FileContentHttpResult, NotFound, ProblemHttpResult>> Photo(string number, int place, FindCases find, ShowCase show, ClaimsPrincipal user, CancellationToken stop)
    {
        var found = await find.One(number, Actor.From(user)!, stop);
        return found.Problem is { } refused ? refused.ToHttp() : await show.Photo(found.Value.File, place, stop) is { } jpeg ? TypedResults.Bytes(jpeg, "image/jpeg") : TypedResults.NotFound();
    }

    private static async Task<Results<Ok<IReadOnlyList<ReporterView>>, ProblemHttpResult>> Reveal(string number, FindCases find, ShowCase show, ClaimsPrincipal user, CancellationToken stop)
    {
        var found = await find.One(number, Actor.From(user)!, stop);
        if (found.Problem is { } refused)
        {
            return refused.ToHttp();
        }

        var (reporters, problem) = await show.Reveal(found.Value, Actor.From(user)!, stop);
        return problem is not null ? problem.ToHttp() : TypedResults.Ok(reporters);
    }

    private static async Task<Results<Ok<Rebuilt>, ProblemHttpResult>> Rebuild(RebuildCases rebuild, ClaimsPrincipal user, CancellationToken stop)
    {
        var done = await rebuild.Run(Actor.From(user)!, stop);
        return done.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(done.Value);
    }

    private static async Task<Results<Ok<CaseMeasures>, ProblemHttpResult>> Measure([AsParameters] MeasureFilter filter, MeasureCases measure, ClaimsPrincipal user, CancellationToken stop)
    {
        var done = await measure.Run(filter, Actor.From(user)!, stop);
        return done.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(done.Value);
    }

    private static async Task<Results<Ok<FlowVersion>, ProblemHttpResult>> Publish(PublishFlow.Ask ask, PublishFlow flows, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await flows.Run(ask, Actor.From(user)!, stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(made.Value);
    }

    private static async Task<Results<Ok<FlowVersion>, ProblemHttpResult>> Adopt(AdoptShipped.Ask ask, AdoptShipped shipped, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await shipped.Run(ask, Actor.From(user)!, stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(made.Value);
    }

    private static async Task<Results<Ok<List<FlowFaultView>>, ProblemHttpResult>> Checked(PublishFlow.CheckAsk ask, PublishFlow flows, ClaimsPrincipal user, CancellationToken stop)
    {
        var found = await flows.Check(ask, Actor.From(user)!, stop);
        return found.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(found.Value.ConvertAll(f => new FlowFaultView(f.Line, f.What.ToString(), f.Hint.ToString(), f.Warns)));
    }

    private static async Task<Results<Ok<IssuedToken>, ProblemHttpResult>> Channel(ChannelKeys.Ask ask, ChannelKeys keys, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await keys.Issue(ask, Actor.From(user)!, stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(made.Value);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndChannel(Guid id, ChannelKeys keys, ClaimsPrincipal user, CancellationToken stop) =>
        await keys.End(id, Actor.From(user)!, stop) is { } refused ? refused.ToHttp() : TypedResults.NoContent();

    private static async Task<Results<NoContent, ProblemHttpResult>> Class(SaveClass.Ask ask, SaveClass classes, ClaimsPrincipal user, CancellationToken stop) =>
        await classes.Run(ask, Actor.From(user)!, stop) is { } refused ? refused.ToHttp() : TypedResults.NoContent();

    private static async Task<Results<Ok<Duty>, ProblemHttpResult>> Duty(SaveDuty.Ask ask, SaveDuty duties, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await duties.Run(ask, Actor.From(user)!, stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(made.Value);
    }

    private static async Task<FileContentHttpResult> DutyList(SaveDuty duties, DeskBook desks, CancellationToken stop) =>
        TypedResults.Bytes(Encoding.UTF8.GetBytes(DutyText.Write(await duties.All(stop), await desks.Now(stop))), "text/csv; charset=utf-8", "case-duties.csv");

    private static async Task<Results<NoContent, ProblemHttpResult>> EndDuty(Guid id, SaveDuty duties, ClaimsPrincipal user, CancellationToken stop) =>
        await duties.End(id, Actor.From(user)!, stop) is { } refused ? refused.ToHttp() : TypedResults.NoContent();

    private static async Task<Results<Ok<CaseDetail>, ProblemHttpResult>> Shown(Result<CaseWhole> whole, ShowCase show, ClaimsPrincipal user, CancellationToken stop) =>
        whole.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(await show.Detail(whole.Value, Actor.From(user)!, stop));

    /// <param name="Line">Of the text, 1-based.</param>
    /// <param name="Warning">It may be published as it is.</param>
    internal sealed record FlowFaultView(int Line, string What, string Hint, bool Warning = false);
}
