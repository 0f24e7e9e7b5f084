// The API of the data elements under /api/v1/standards/elements: every route and the use case behind it.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Standards.Lists;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Standards.Elements;

internal static class ElementRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.Group("elements");
        group.MapGet("/", async ([AsParameters] ShowElement.Filter filter, int? page, int? size, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            TypedResults.Ok(await ShowElement.All(register, filter, new(page, size), user.Who(), stop))).WithName("ListElements");
        group.MapGet("/template", (TimeProvider clock) => (ExportCodes.Of(null, new Text("数据元", "Data elements").ToString(), ElementTable.Columns, [], () => []), "elements").Sent(clock)).WithName("GetElementTemplate");
        group.MapGet("/export", async (string? format, Register register, ILedger ledger, ClaimsPrincipal user, CancellationToken stop) =>
            (await ElementTable.Export(register, ledger, format, user.Who(), stop)).Sent(register.Clock)).WithName("ExportElements");
        group.MapPost("/import", (IFormFile file, bool? preview, Register register, Settings settings, ClaimsPrincipal user, CancellationToken stop) =>
                StandardRoutes.Upload(file, ElementTable.Noun, settings, path => ElementTable.Import(register, path, preview == true, user.Who(), stop), stop))
            .WithName("ImportElements").DisableAntiforgery(); // The session scheme has checked it already; a program has no form token.
        group.MapGet("/{code}", async (string code, int? version, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            (await ShowElement.One(register, code, version, user.Who(), stop)).Answer(f => f.View)).WithName("GetElement");
        group.MapPut("/{code}", async (string code, SaveElement.Request ask, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            (await SaveElement.Run(register, code, ask, await register.Find(StandardKind.Element, code, stop) is null, user.Who(), stop)).Answer(Stand.Of)).WithName("SaveElement");
        group.MapPost("/{code}/publish", async (string code, StepRequest? ask, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            (await register.Publish(StandardKind.Element, code, ask?.Revision, user.Who(), stop)).Answer(Stand.Of)).WithName("PublishElement");
        group.MapPost("/{code}/discard", async (string code, StepRequest? ask, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            (await register.Discard(StandardKind.Element, code, ask?.Revision, user.Who(), stop)).Answer(Stand.Of)).WithName("DiscardElement");
        group.MapGet("/{code}/items", async Task<Results<Ok<IReadOnlyList<BoundItem>>, ProblemHttpResult>> (string code, Register register, IElementUse use, ClaimsPrincipal user, CancellationToken stop) =>
        {
            var found = await ShowElement.One(register, code, null, user.Who(), stop);
            return found.Refused ? found.Problem!.ToHttp() : TypedResults.Ok(await Bound(use, code, user.Who(), stop));
        }).WithName("ListBoundItems");
    }

    /// <summary>The items bound to an element; drafts of other units are their own business.</summary>
    public static async Task<IReadOnlyList<BoundItem>> Bound(IElementUse use, string code, Actor actor, CancellationToken stop) =>
        [.. (await use.Of([code], stop)).Where(b => !b.Draft || actor.ActsFor(b.Unit))];
}
