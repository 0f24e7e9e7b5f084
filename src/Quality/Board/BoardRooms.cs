// What the governance board brings to the module.
using System.Security.Claims;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Quality.Board;

internal static class BoardRooms
{
    public static IServiceCollection AddBoard(this IServiceCollection services) => services.AddScoped<ReadGovernance>().AddScoped<ReportInventory>();

    public static MenuEntry Entry(Text group) => new(group, new("治理看板", "Governance board"), "/governance", Roles.Data, 25);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var board = routes.MapGroup("/api/v1/governance").WithTags("Governance").RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer));
        board.MapGet("/", async (DateOnly? from, DateOnly? to, Guid? unit, ReadGovernance read, ClaimsPrincipal user, CancellationToken stop) =>
            TypedResults.Ok(await read.Run(from, to, unit, Actor.From(user)!, stop))).WithName("ReadGovernance");
        var inventory = routes.MapGroup("/api/v1/governance/inventory").WithTags("Governance").RequireAuthorization(p => p.RequireRole(Roles.Engineer));
        inventory.MapGet("/", (ReportInventory reports, CancellationToken stop) => reports.List(stop)).WithName("ListInventories");
        inventory.MapPost("/", Make).WithName("MakeInventory");
        inventory.MapGet("/{number}.xlsx", (string number, ReportInventory reports, ClaimsPrincipal user, CancellationToken stop) => reports.File(number, Actor.From(user)!, stop)).WithName("ExportInventory");
        inventory.MapGet("/{number}/changes", Changes).WithName("ListInventoryChanges");
    }

    private static async Task<Created<string>> Make(ReportInventory reports, ClaimsPrincipal user, CancellationToken stop)
    {
        var number = await reports.Make(Actor.From(user)!, stop);
        return TypedResults.Created($"/api/v1/governance/inventory/{number}.xlsx", number);
    }

    private static async Task<Results<Ok<IReadOnlyList<InventoryChange>>, NotFound>> Changes(string number, ReportInventory reports, CancellationToken stop) =>
        await reports.Changes(number, stop) is { } changes ? TypedResults.Ok(changes) : TypedResults.NotFound();
}
