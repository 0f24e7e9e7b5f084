// In: the buttons of the catalogue's pages, without a script: put one in, take one out. Out: back where one was. What cannot be asked for is refused as a request for it would be.
using System.Security.Claims;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Lizhou.Sharing.Requests;

internal static class FillBasket
{
    /// <param name="put">The resource to put in; null for none.</param>
    /// <param name="drop">The resource to take out; null for none.</param>
    /// <param name="back">The page the button stood on.</param>
    internal static async Task<Results<RedirectHttpResult, ProblemHttpResult>> Handle(
        [FromForm] Guid? put, [FromForm] Guid? drop, [FromForm] string? back, [FromServices] Basket basket, ClaimsPrincipal user, CancellationToken stop)
    {
        var actor = Actor.From(user)!;
        if (drop is { } gone)
        {
            await basket.Drop(gone, actor, stop);
        }

        if (put is { } wanted && (await basket.Put(wanted, actor, stop)).Problem is { } refusal)
        {
            return refusal.ToHttp();
        }

        var row = put ?? drop;
        return TypedResults.LocalRedirect(LocalPath.Of(back, "/catalog").Split('#')[0] + (row is null ? "" : $"#b-{row}"));
    }
}
