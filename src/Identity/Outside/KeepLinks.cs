// The routes of links to the outside provider: one's own, and those the security administrator ends.
using System.Security.Claims;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Identity.Outside;

internal static class KeepLinks
{
    internal static async Task<Ok<IReadOnlyList<OutsideLink>>> HandleOwn(OutsideLinks links, ClaimsPrincipal user, CancellationToken stop) =>
        TypedResults.Ok(await links.Of(Actor.From(user)!.Id, stop));

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleUnmap(Guid id, string subject, string? issuer, OutsideLinks links, Settings settings, ClaimsPrincipal user, CancellationToken stop) =>
        await links.Unlink((issuer ?? settings.Provider?.Authority.ToString() ?? "").TrimEnd('/'), subject, id, Actor.From(user)!, except: null, stop) is { } refusal ? refusal.ToHttp() : TypedResults.NoContent();
}
