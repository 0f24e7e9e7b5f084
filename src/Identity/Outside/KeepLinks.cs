// The routes of links to the outside provider: one's own, and the security administrator's mapping.
using System.Security.Claims;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Identity.Outside;

internal static class KeepLinks
{
    /// <param name="Issuer">As the provider calls itself; null: the address of the settings.</param>
    internal sealed record Ask(string? Subject, string? Issuer = null);

    internal static async Task<Ok<IReadOnlyList<OutsideLink>>> HandleOwn(OutsideLinks links, ClaimsPrincipal user, CancellationToken stop) =>
        TypedResults.Ok(await links.Of(Actor.From(user)!.Id, stop));

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleMap(Guid id, Ask ask, OutsideLinks links, Settings settings, ClaimsPrincipal user, CancellationToken stop)
    {
        var actor = Actor.From(user)!;
        var refusal = id == actor.Id ? Problems.NotYours : await links.Link(new(Issuer(ask, settings), ask.Subject ?? "", null), id, actor, stop);
        return refusal is null ? TypedResults.NoContent() : refusal.ToHttp();
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleUnmap(Guid id, string subject, string? issuer, OutsideLinks links, Settings settings, ClaimsPrincipal user, CancellationToken stop) =>
        await links.Unlink(Issuer(new(subject, issuer), settings), subject, id, Actor.From(user)!, except: null, stop) is { } refusal ? refusal.ToHttp() : TypedResults.NoContent();

    private static string Issuer(Ask ask, Settings settings) => (ask.Issuer ?? settings.Provider?.Authority.ToString() ?? "").TrimEnd('/');
}
