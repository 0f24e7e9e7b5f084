// The HTTP API of consultations.
using System.Security.Claims;
using Lizhou.Cases.Finding;
using Lizhou.Cases.Intake;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Cases.Consulting;

internal static class ConsultRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var room = CaseRoutes.Group(routes, "/api/v1/cases/{number}/consultation");
        room.MapGet("/", Show).WithName("GetConsultation");
        room.MapPost("/", Take).WithName("TakeConsultation");
        room.MapPost("/photos", Photograph).WithName("AddConsultationPhoto").Accepts<Stream>("image/jpeg", "image/png", "image/webp");
    }

    private static async Task<Results<Ok<ConsultRoom>, ProblemHttpResult>> Show(string number, FindCases find, ShowConsult show, ClaimsPrincipal user, CancellationToken stop) =>
        await Shown(await find.One(number, Actor.From(user)!, stop), show, user, stop);

    private static async Task<Results<Ok<ConsultRoom>, ProblemHttpResult>> Take(string number, TakeConsult.Ask ask, TakeConsult take, ShowConsult show, ClaimsPrincipal user, CancellationToken stop) =>
        await Shown(await take.Run(number, ask, null, Actor.From(user)!, stop), show, user, stop);

    /// <summary>A photo as a material, the request's body; what it shows is told in words.</summary>
    private static async Task<Results<Ok<ConsultRoom>, ProblemHttpResult>> Photograph(string number, string words, HttpRequest request, TakeConsult take, ShowConsult show, ClaimsPrincipal user, CancellationToken stop)
    {
        var photo = await Photo.Read(request.Body, stop);
        return photo.Problem is { } refused ? refused.ToHttp() : await Shown(await take.Run(number, new(ConsultStep.Material, words), photo.Value.Jpeg, Actor.From(user)!, stop), show, user, stop);
    }

    private static async Task<Results<Ok<ConsultRoom>, ProblemHttpResult>> Shown(Result<CaseWhole> whole, ShowConsult show, ClaimsPrincipal user, CancellationToken stop) =>
        whole.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(await show.Room(whole.Value, Actor.From(user)!, stop));
}
