// The doors of rules that lower levels: for the bureau's engineers and for the stewards of the models' units.
using System.Security.Claims;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Computing.Lowering;

/// <summary>A rule as programs get it.</summary>
internal sealed record LoweringView(
    string Number, string Model, string Column, Level From, Level To, string Digest, string? Count, long? Least, string Reason, LoweringState State, string ProposedBy, DateTimeOffset ProposedAt,
    string? DecidedBy, string? Words, DateTimeOffset? DecidedAt, DateTimeOffset? EndedAt, string? EndedWhy)
{
    public static LoweringView Of(LoweringRule r) => new(
        r.Number, r.ModelName, r.Column, r.From, r.To, r.Digest, r.Count, r.Least, r.Reason, r.State, r.ProposedName, r.ProposedAt, r.DecidedName, r.DecidedWords, r.DecidedAt, r.EndedAt, LoweringWords.Ended(r)?.ToString());
}

internal static class LoweringRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var rules = routes.MapGroup("/api/v1/lowerings").RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer)).WithChecks().WithTags("models");
        rules.MapGet("/", List).WithName("ListLowerings");
        rules.MapPost("/", Propose).WithName("ProposeLowering");
        rules.MapPost("/{number}/approve", Approve).WithName("ApproveLowering");
        rules.MapPost("/{number}/decline", Decline).WithName("DeclineLowering");
        rules.MapPost("/{number}/take-back", TakeBack).WithName("TakeBackLowering");
    }

    private static async Task<Ok<IReadOnlyList<LoweringView>>> List(string? model, LowerLevel lower, ClaimsPrincipal who, CancellationToken stop) =>
        TypedResults.Ok<IReadOnlyList<LoweringView>>([.. (await lower.All(model, Actor.From(who)!, stop)).Select(r => LoweringView.Of(r.Rule))]);

    private static async Task<Results<Ok<LoweringView>, ProblemHttpResult>> Propose(LowerLevel.Request ask, LowerLevel lower, ClaimsPrincipal who, CancellationToken stop) =>
        Answer(await lower.Propose(ask, Actor.From(who)!, stop));

    private static async Task<Results<Ok<LoweringView>, ProblemHttpResult>> Approve(string number, LowerLevel.Word ask, LowerLevel lower, ClaimsPrincipal who, CancellationToken stop) =>
        Answer(await lower.Decide(number, approve: true, ask.Words, Actor.From(who)!, stop));

    private static async Task<Results<Ok<LoweringView>, ProblemHttpResult>> Decline(string number, LowerLevel.Word ask, LowerLevel lower, ClaimsPrincipal who, CancellationToken stop) =>
        Answer(await lower.Decide(number, approve: false, ask.Words, Actor.From(who)!, stop));

    private static async Task<Results<Ok<LoweringView>, ProblemHttpResult>> TakeBack(string number, LowerLevel.Word ask, LowerLevel lower, ClaimsPrincipal who, CancellationToken stop) =>
        Answer(await lower.TakeBack(number, ask.Words, Actor.From(who)!, stop));

    private static Results<Ok<LoweringView>, ProblemHttpResult> Answer(Result<LoweringRule> done) => done.Refused ? done.Problem!.ToHttp() : TypedResults.Ok(LoweringView.Of(done.Value));
}
