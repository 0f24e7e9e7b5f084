// The API of deliveries; what they bring is fetched under the data API, with the grant's key.
using System.Security.Claims;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Deliveries.Files;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Sharing.Deliveries;

internal static class DeliveryRoutes
{
    /// <param name="data">The group of the data API: it takes grants' keys.</param>
    public static void Map(IEndpointRouteBuilder routes, RouteGroupBuilder data)
    {
        var group = routes.MapGroup("/api/v1/deliveries").WithTags("Deliveries").WithChecks().RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer));
        group.MapGet("/", List).WithName("ListDeliveries");
        group.MapPost("/", Make).WithName("MakeDelivery");
        group.MapGet("/{number}", One).WithName("GetDelivery");
        group.MapGet("/{number}/runs", Runs).WithName("ListRuns");
        group.MapPost("/{number}/steps", Step).WithName("StepDelivery");
        var exchange = routes.MapGroup("/api/v1/exchange").WithTags("Deliveries").RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer, Roles.AuditAdministrator));
        exchange.MapGet("/", CountExchange.Handle).WithName("CountExchange");
        exchange.MapGet("/export", ExportExchange.Handle).WithName("ExportExchange");
        data.MapGet("/{number}/files", FetchFile.HandleList).WithName("ListFiles");
        data.MapGet("/{number}/files/{run:guid}", FetchFile.HandleContent).WithName("FetchFile");
        data.MapMethods("/{number}/files/{run:guid}", [HttpMethods.Head], FetchFile.HandleHead).ExcludeFromDescription();
        data.MapGet("/{number}/files/{run:guid}/manifest", FetchFile.HandleManifest).WithName("FetchManifest");
        data.MapGet("/{number}/files/{run:guid}/signature", FetchFile.HandleSignature).WithName("FetchSignature");
    }

    private static async Task<Ok<Page<DeliveryView>>> List(
        DeliveryState? state, string? q, string? grant, int? page, int? size, [FromServices] FindDeliveries find, ClaimsPrincipal user, CancellationToken stop)
    {
        var found = await find.List(state, q, grant, new(page, size), Actor.From(user)!, stop);
        return TypedResults.Ok(new Page<DeliveryView>(await find.Views(found.Items, stop), found.Number, found.Size, found.Total));
    }

    private static async Task<Results<Ok<DeliveryView>, ProblemHttpResult>> Make(
        MakeDelivery.Ask ask, [FromServices] MakeDelivery make, [FromServices] FindDeliveries find, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await make.Run(ask, Actor.From(user)!, stop);
        return made.Refused ? made.Problem!.ToHttp() : TypedResults.Ok((await find.Views([made.Value.Delivery], stop))[0] with { Secret = made.Value.Secret });
    }

    private static async Task<Results<Ok<DeliveryView>, ProblemHttpResult>> One(string number, [FromServices] FindDeliveries find, ClaimsPrincipal user, CancellationToken stop) =>
        await Answer(await find.One(number, Actor.From(user)!, stop), find, stop);

    private static async Task<Results<Ok<Page<RunView>>, ProblemHttpResult>> Runs(
        string number, int? page, int? size, [FromServices] FindDeliveries find, ClaimsPrincipal user, CancellationToken stop)
    {
        var found = await find.One(number, Actor.From(user)!, stop);
        if (found.Refused)
        {
            return found.Problem!.ToHttp();
        }

        var runs = await find.Runs(found.Value, new(page, size), stop);
        return TypedResults.Ok(new Page<RunView>([.. runs.Items.Select(RunView.Of)], runs.Number, runs.Size, runs.Total));
    }

    private static async Task<Results<Ok<DeliveryView>, ProblemHttpResult>> Step(
        string number, SteerDelivery.Ask ask, [FromServices] SteerDelivery steer, [FromServices] FindDeliveries find, ClaimsPrincipal user, CancellationToken stop) =>
        await Answer(await steer.Run(number, ask, Actor.From(user)!, stop), find, stop);

    private static async Task<Results<Ok<DeliveryView>, ProblemHttpResult>> Answer(Result<Delivery> result, FindDeliveries find, CancellationToken stop) =>
        result.Refused ? result.Problem!.ToHttp() : TypedResults.Ok((await find.Views([result.Value], stop))[0]);
}
