// The API of treatments under /api/v1/standards/treatments: every route and the use case behind it.
using System.Security.Claims;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Standards.Standardise;

internal static class TreatmentRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.Group("treatments");
        group.MapGet("/{resource:guid}/{item:guid}", async Task<Results<Ok<IReadOnlyList<ItemTreatment>>, ProblemHttpResult>> (
            Guid resource, Guid item, TreatItem treat, IElementUse use, ClaimsPrincipal user, CancellationToken stop) =>
            await use.Item(resource, item, stop) is not { } bound ? Problems.NoItem.ToHttp()
            : !TreatItem.Answers(user.Who(), bound) ? Problems.NotYourData.With(bound.ResourceName).ToHttp() : TypedResults.Ok(await treat.History(resource, item, stop))).WithName("ListTreatments");
        group.MapPost("/preview", async (TreatItem.Request ask, TreatItem treat, ClaimsPrincipal user, CancellationToken stop) =>
            (await treat.Preview(ask, user.Who(), stop)).Answer()).WithName("PreviewTreatment");
        group.MapPost("/", async (TreatItem.Request ask, TreatItem treat, ClaimsPrincipal user, CancellationToken stop) =>
            (await treat.Approve(ask, user.Who(), stop)).Answer()).WithName("ApproveTreatment");
        group.MapPost("/{id:guid}/take-back", async (Guid id, TreatItem.TakeBack ask, TreatItem treat, ClaimsPrincipal user, CancellationToken stop) =>
            (await treat.Undo(id, ask, user.Who(), stop)).Answer()).WithName("TakeBackTreatment");
    }
}
