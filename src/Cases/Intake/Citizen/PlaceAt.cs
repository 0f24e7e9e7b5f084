// In: a position, from anybody who is about to report. Out: the name of the lowest place whose area (示意) holds it, to be looked at before it is taken; an empty text outside of all.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Centre;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Cases.Intake.Citizen;

internal static class PlaceAt
{
    /// <summary>x and y: longitude and latitude, CGCS2000, degrees.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/report/place", async (double x, double y, DeskBook desks, CancellationToken stop) =>
    {
        var nodes = (await desks.Now(stop)).Nodes;
        return TypedResults.Text(Sketch.Find(x, y, nodes) is { } node ? nodes.Name(node.Code) : "");
    }).AllowAnonymous().ExcludeFromDescription();
}
