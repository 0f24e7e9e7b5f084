// The auditor's door to the disclosures of one person, and to lawful delays. The number travels in the body: an address is written to logs.
using System.Security.Claims;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Policy.Disclosure;

internal static class DisclosureRoutes
{
    /// <param name="IdNumber">Of the person.</param>
    /// <param name="AsPerson">Whether only what may be told to the person is wanted.</param>
    /// <param name="Page">1-based; null for the first.</param>
    /// <param name="Size">Rows a page, at most 200; null for 20.</param>
    internal sealed record Question(string? IdNumber, bool AsPerson, int? Page = null, int? Size = null);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/disclosures").RequireAuthorization(p => p.RequireRole(Roles.AuditAdministrator)).WithChecks().WithTags("disclosures");
        group.MapPost("/search", Find);
        group.MapPut("/delays/{number}", Withhold);
    }

    private static async Task<Results<Ok<Page<Disclosed>>, ProblemHttpResult>> Find(Question asked, IDisclosures find, ClaimsPrincipal who, CancellationToken stop)
    {
        var actor = Actor.From(who)!;
        var (number, page) = (asked.IdNumber ?? "", new PageAsk(asked.Page, asked.Size));
        var found = asked.AsPerson ? await find.ForPerson(number, page, actor, stop) : await find.ForOffice(number, page, actor, stop);
        return found.Refused ? found.Problem!.ToHttp() : TypedResults.Ok(found.Value);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Withhold(string number, WithholdDisclosures.Request ask, WithholdDisclosures use, ClaimsPrincipal who, CancellationToken stop)
    {
        var done = await use.Run(number, ask, Actor.From(who)!, stop);
        return done.Refused ? done.Problem!.ToHttp() : TypedResults.NoContent();
    }
}
