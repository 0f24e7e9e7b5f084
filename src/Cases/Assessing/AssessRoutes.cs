// The HTTP API of the assessment, its schemes and appeals.
using System.Security.Claims;
using System.Text;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Cases.Assessing;

internal static class AssessRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = CaseRoutes.Group(routes, "/api/v1/cases");
        group.MapGet("/assessment", Assess).WithName("AssessCases");
        group.MapGet("/assessment/cases", Behind).WithName("ListAssessedCases");
        group.MapGet("/assessment/file", File).WithName("ExportAssessment");
        group.MapGet("/assessment/schemes", (PublishScheme schemes, CancellationToken stop) => schemes.All(stop)).WithName("ListSchemes");
        group.MapPost("/assessment/schemes", Draft).WithName("DraftSchemes");
        group.MapPost("/assessment/schemes/check", Checked).WithName("CheckSchemes");
        group.MapPost("/assessment/schemes/{version:int}/publish", Publish).WithName("PublishSchemes");
        group.MapGet("/assessment/schemes/{version:int}/yaml", Yaml).WithName("GetSchemes");
        group.MapGet("/appeals", (AppealCount appeals, ClaimsPrincipal user, CancellationToken stop) => appeals.All(Actor.From(user)!, stop)).WithName("ListAppeals");
        group.MapPost("/{number}/appeals", Appeal).WithName("AppealCount");
        group.MapPost("/appeals/{id:guid}/decision", Decide).WithName("DecideAppeal");
    }

    private static async Task<Results<Ok<Assessment>, ProblemHttpResult>> Assess([AsParameters] AssessFilter filter, AssessCases assess, ClaimsPrincipal user, CancellationToken stop)
    {
        var done = await assess.Run(filter, Actor.From(user)!, stop);
        return done.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(done.Value);
    }

    private static async Task<Results<Ok<IReadOnlyList<string>>, ProblemHttpResult>> Behind(
        [AsParameters] AssessFilter filter, string? subject, string metric, bool? top, AssessCases assess, ClaimsPrincipal user, CancellationToken stop)
    {
        var done = await assess.Behind(filter, subject, metric, top ?? true, Actor.From(user)!, stop);
        return done.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(done.Value);
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> File([AsParameters] AssessFilter filter, string? format, AssessCases assess, ClaimsPrincipal user, CancellationToken stop)
    {
        var done = await assess.Export(filter, format, Actor.From(user)!, stop);
        return done.Problem is { } refused ? refused.ToHttp() : TypedResults.File(done.Value.Content, done.Value.Type, $"{new Text("综合评价", "Assessment")}_{filter.From:yyyyMMdd}_{filter.To:yyyyMMdd}{done.Value.Ending}");
    }

    private static async Task<Results<Ok<SchemeVersion>, ProblemHttpResult>> Draft(PublishScheme.Ask ask, PublishScheme schemes, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await schemes.Draft(ask, Actor.From(user)!, stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(made.Value);
    }

    private static async Task<Results<Ok<List<CaseRoutes.FlowFaultView>>, ProblemHttpResult>> Checked(PublishScheme.CheckAsk ask, PublishScheme schemes, ClaimsPrincipal user)
    {
        var found = await schemes.Check(ask, Actor.From(user)!);
        return found.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok<List<CaseRoutes.FlowFaultView>>(found.Value is { } fault ? [new(fault.Line, fault.What.ToString(), fault.Hint.ToString())] : []);
    }

    private static async Task<Results<Ok<SchemeVersion>, ProblemHttpResult>> Publish(int version, PublishScheme schemes, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await schemes.Run(version, Actor.From(user)!, stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(made.Value);
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Yaml(int version, PublishScheme schemes, CancellationToken stop) =>
        (await schemes.All(stop)).FirstOrDefault(s => s.Version == version) is { } found ? TypedResults.Bytes(Encoding.UTF8.GetBytes(found.Text), "application/yaml; charset=utf-8", $"case-schemes-{version}.yaml") : Problems.NoSchemes.With(version).ToHttp();

    private static async Task<Results<Ok<AppealView>, ProblemHttpResult>> Appeal(string number, AppealCount.Ask ask, AppealCount appeals, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await appeals.Run(number, ask, Actor.From(user)!, stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(made.Value);
    }

    private static async Task<Results<Ok<AppealView>, ProblemHttpResult>> Decide(Guid id, AppealCount.DecideAsk ask, AppealCount appeals, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await appeals.Decide(id, ask, Actor.From(user)!, stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(made.Value);
    }
}
