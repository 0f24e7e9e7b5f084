// The API of a unit's applications.
using System.Security.Claims;
using Lizhou.Contracts.Identity;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Sharing.Applications;

internal static class ApplicationRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/applications").WithTags("Applications").WithChecks().RequireAuthorization(p => p.RequireRole(Roles.Steward));
        group.MapGet("/", List).WithName("ListApplications");
        group.MapPost("/", Register).WithName("RegisterApplication");
        group.MapGet("/{id:guid}", One).WithName("GetApplication");
        group.MapPost("/{id:guid}/secret", Renew).WithName("RenewApplicationSecret");
        group.MapPost("/{id:guid}/disable", Disable).WithName("DisableApplication");
        group.MapPost("/{id:guid}/enable", Enable).WithName("EnableApplication");
        group.MapPut("/{id:guid}/grants/{number}", Give).WithName("GiveApplicationGrant");
        group.MapDelete("/{id:guid}/grants/{number}", Take).WithName("TakeApplicationGrant");
        group.MapGet("/{id:guid}/tokens", Tokens).WithName("ListApplicationTokens");
        group.MapDelete("/{id:guid}/tokens/{token:guid}", EndToken).WithName("EndApplicationToken");
    }

    private static Actor Who(ClaimsPrincipal user) => Actor.From(user)!;

    private static Results<Ok<T>, ProblemHttpResult> Answer<T>(Result<T> result) => result.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(result.Value);

    private static async Task<Ok<IReadOnlyList<ApplicationCard>>> List([FromServices] KeepApplications keep, ClaimsPrincipal user, CancellationToken stop) =>
        TypedResults.Ok(await keep.Own(Who(user), stop));

    private static async Task<Results<Ok<IssuedSecret>, ProblemHttpResult>> Register(
        KeepApplications.Ask ask, [FromServices] KeepApplications keep, ClaimsPrincipal user, CancellationToken stop) => Answer(await keep.Register(ask, Who(user), stop));

    private static async Task<Results<Ok<ApplicationCard>, ProblemHttpResult>> One(Guid id, [FromServices] KeepApplications keep, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await keep.One(id, Who(user), stop));

    private static async Task<Results<Ok<IssuedSecret>, ProblemHttpResult>> Renew(Guid id, [FromServices] KeepApplications keep, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await keep.Renew(id, Who(user), stop));

    private static async Task<Results<Ok<ApplicationCard>, ProblemHttpResult>> Disable(Guid id, [FromServices] KeepApplications keep, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await keep.Enable(id, active: false, Who(user), stop));

    private static async Task<Results<Ok<ApplicationCard>, ProblemHttpResult>> Enable(Guid id, [FromServices] KeepApplications keep, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await keep.Enable(id, active: true, Who(user), stop));

    private static async Task<Results<Ok<ApplicationCard>, ProblemHttpResult>> Give(
        Guid id, string number, [FromServices] KeepApplications keep, ClaimsPrincipal user, CancellationToken stop) => Answer(await keep.Allow(id, number, allowed: true, Who(user), stop));

    private static async Task<Results<Ok<ApplicationCard>, ProblemHttpResult>> Take(
        Guid id, string number, [FromServices] KeepApplications keep, ClaimsPrincipal user, CancellationToken stop) => Answer(await keep.Allow(id, number, allowed: false, Who(user), stop));

    private static async Task<Results<Ok<IReadOnlyList<ApplicationToken>>, ProblemHttpResult>> Tokens(
        Guid id, [FromServices] KeepApplications keep, ClaimsPrincipal user, CancellationToken stop) => Answer(await keep.Tokens(id, Who(user), stop));

    private static async Task<Results<Ok<bool>, ProblemHttpResult>> EndToken(
        Guid id, Guid token, [FromServices] KeepApplications keep, ClaimsPrincipal user, CancellationToken stop) => Answer(await keep.EndToken(id, token, Who(user), stop));
}
