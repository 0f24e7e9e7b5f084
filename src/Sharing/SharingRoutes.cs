// The API of sharing: every route, its name in OpenAPI, and the use case behind it.
using System.Security.Claims;
using Lizhou.Contracts.Identity;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Applications;
using Lizhou.Sharing.Data;
using Lizhou.Sharing.Deliveries;
using Lizhou.Sharing.Grants;
using Lizhou.Sharing.Processes;
using Lizhou.Sharing.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Sharing;

internal static class SharingRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var requests = routes.MapGroup("/api/v1/requests").WithTags("Requests").WithChecks().RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer));
        requests.MapPost("/", Make).WithName("MakeRequests");
        requests.MapGet("/", List).WithName("ListRequests");
        requests.MapGet("/limits", SetLimit.HandleList).WithName("ListRequestLimits");
        requests.MapPut("/limits", SetLimit.Handle).WithName("SetRequestLimit");
        requests.MapGet("/{number}", One).WithName("GetRequest");
        requests.MapPost("/{number}/steps", Step).WithName("StepRequest");

        var basket = routes.MapGroup("/api/v1/basket").WithTags("Requests").RequireAuthorization(p => p.RequireRole(Roles.Steward));
        basket.MapPut("/{resource:guid}", PutBasket).WithName("PutIntoBasket");
        basket.MapDelete("/{resource:guid}", DropBasket).WithName("DropFromBasket");

        routes.MapPost("/basket", FillBasket.Handle).RequireAuthorization(p => p.RequireRole(Roles.Steward)).ExcludeFromDescription();

        var grants = routes.MapGroup("/api/v1/grants").WithTags("Grants").WithChecks().RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer));
        grants.MapGet("/", Grants).WithName("ListGrants");
        grants.MapGet("/{number}", Grant).WithName("GetGrant");
        grants.MapGet("/{number}/cost", CountCost.Handle).WithName("CountGrantCost");
        grants.MapPost("/{number}/revoke", Revoke).WithName("RevokeGrant");
        grants.MapPost("/{number}/renew", Renew).WithName("RenewGrant");
        grants.MapPost("/{number}/keys", IssueKey).WithName("IssueGrantKey");
        grants.MapDelete("/{number}/keys/{key:guid}", RevokeKey).WithName("RevokeGrantKey");
        grants.MapPut("/{number}/quota", SetQuota.Handle).WithName("SetGrantQuota");

        var data = routes.MapGroup("/api/v1/data").WithTags("Data").RequireAuthorization(p => p.AddAuthenticationSchemes(IApiTokens.Scheme, IApiTokens.Session).RequireRole(Roles.Steward)).AddEndpointFilter(ProcessorTime.Count);
        data.MapGet("/{number}", ReadGranted.Handle).WithName("ReadData");
        data.MapMethods("/{number}", [HttpMethods.Head], ReadGranted.HandleHead).ExcludeFromDescription();
        data.MapMethods("/{number}/changes", [HttpMethods.Head], ReadGranted.HandleHead).ExcludeFromDescription();
        data.MapGet("/{number}/openapi.json", ApiOfGrant.Handle).WithName("DescribeData");
        data.MapGet("/{number}/changes", ReadChanged.Handle).WithName("ReadChanges");
        data.MapGet("/{number}/corrections", ReadChanged.HandleCorrections).WithName("ListCorrections");
        foreach (var (route, handle, name) in new (string, Delegate, string)[] { (XRoadCall.Route, XRoadCall.Handle, "CallXRoad"), (XRoadCall.PlainRoute, XRoadCall.HandlePlain, "CallXRoadPlain") })
        {
            routes.MapGet(route, handle).WithTags("Data").WithName(name).RequireAuthorization(p => p.AddAuthenticationSchemes(IApiTokens.Scheme).RequireRole(Roles.Steward)).AddEndpointFilter(ProcessorTime.Count);
        }

        var processes = routes.MapGroup("/api/v1/processes").WithTags("Processes").WithChecks().RequireAuthorization(p => p.RequireRole(Roles.SecurityAdministrator));
        processes.MapGet("/", LabelProcesses.HandleList).WithName("ListProcesses");
        processes.MapPut("/{kind}/{id:guid}/label", LabelProcesses.Handle).WithName("LabelProcess");
        ApplicationRoutes.Map(routes);
        DeliveryRoutes.Map(routes, data);
    }

    private static Actor Who(ClaimsPrincipal user) => Actor.From(user)!;

    private static Results<Ok<T>, ProblemHttpResult> Answer<T>(Result<T> result) => result.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(result.Value);

    private static async Task<Results<Ok<IReadOnlyList<RequestView>>, ProblemHttpResult>> Make(
        MakeRequests.Ask ask, [FromServices] MakeRequests make, [FromServices] FindRequests find, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await make.Run(ask, Who(user), stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(await find.Views(made.Value, Who(user), stop));
    }

    private static async Task<Ok<Page<RequestView>>> List(
        Side? side, RequestState? state, string? q, int? page, int? size, [FromServices] FindRequests find, ClaimsPrincipal user, CancellationToken stop)
    {
        var found = await find.List(side ?? Side.All, state, q, new(page, size), Who(user), stop);
        return TypedResults.Ok(new Page<RequestView>(await find.Views(found.Items, Who(user), stop), found.Number, found.Size, found.Total));
    }

    private static async Task<Results<Ok<RequestView>, ProblemHttpResult>> One(string number, [FromServices] FindRequests find, ClaimsPrincipal user, CancellationToken stop)
    {
        var found = await find.One(number, Who(user), stop);
        return found.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok((await find.Views([found.Value], Who(user), stop))[0]);
    }

    private static async Task<Results<Ok<RequestView>, ProblemHttpResult>> Step(
        string number, TakeStep.Ask ask, [FromServices] TakeStep take, [FromServices] FindRequests find, ClaimsPrincipal user, CancellationToken stop)
    {
        var taken = await take.Run(number, ask, Who(user), stop);
        return taken.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok((await find.Views([taken.Value], Who(user), stop))[0]);
    }

    private static async Task<Results<Ok<int>, ProblemHttpResult>> PutBasket(Guid resource, [FromServices] Basket basket, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await basket.Put(resource, Who(user), stop));

    private static async Task<NoContent> DropBasket(Guid resource, [FromServices] Basket basket, ClaimsPrincipal user, CancellationToken stop)
    {
        await basket.Drop(resource, Who(user), stop);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<Page<GrantView>>> Grants(
        GrantSide? side, string? q, int? page, int? size, [FromServices] FindGrants find, ClaimsPrincipal user, CancellationToken stop)
    {
        var found = await find.List(side ?? GrantSide.All, q, new(page, size), Who(user), stop);
        var views = new List<GrantView>();
        foreach (var grant in found.Items)
        {
            views.Add(await find.View(grant, stop));
        }

        return TypedResults.Ok(new Page<GrantView>(views, found.Number, found.Size, found.Total));
    }

    private static async Task<Results<Ok<GrantView>, ProblemHttpResult>> Grant(string number, [FromServices] FindGrants find, ClaimsPrincipal user, CancellationToken stop)
    {
        var found = await find.One(number, Who(user), stop);
        return found.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(await find.View(found.Value, stop));
    }

    private static async Task<Results<Ok<GrantView>, ProblemHttpResult>> Revoke(
        string number, EndGrant.Ask ask, [FromServices] EndGrant end, [FromServices] FindGrants find, ClaimsPrincipal user, CancellationToken stop)
    {
        var ended = await end.Run(number, ask, Who(user), stop);
        return ended.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(await find.View(ended.Value, stop));
    }

    private static async Task<Results<Ok<RequestView>, ProblemHttpResult>> Renew(
        string number, RenewGrant.Ask ask, [FromServices] RenewGrant renew, [FromServices] FindRequests find, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await renew.Run(number, ask, Who(user), stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok((await find.Views([made.Value], Who(user), stop))[0]);
    }

    private static async Task<Results<Ok<IssuedToken>, ProblemHttpResult>> IssueKey(
        string number, GrantKeys.Ask ask, [FromServices] GrantKeys keys, ClaimsPrincipal user, CancellationToken stop) => Answer(await keys.Issue(number, ask, Who(user), stop));

    private static async Task<Results<Ok<bool>, ProblemHttpResult>> RevokeKey(
        string number, Guid key, [FromServices] GrantKeys keys, ClaimsPrincipal user, CancellationToken stop) => Answer(await keys.Revoke(number, key, Who(user), stop));
}
