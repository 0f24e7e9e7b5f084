// In: a session. Out: none. The cookie is of no use afterwards, wherever it was copied to.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Identity;

internal static class SignOut
{
    /// <summary>From a page's form: back to the door.</summary>
    internal static async Task<RedirectHttpResult> FromPage(HttpContext http, Sessions sessions, ILedger ledger, CancellationToken stop)
    {
        await Run(http, sessions, ledger, stop);
        return TypedResults.Redirect("/sign-in");
    }

    internal static async Task<NoContent> Handle(HttpContext http, Sessions sessions, ILedger ledger, CancellationToken stop)
    {
        await Run(http, sessions, ledger, stop);
        return TypedResults.NoContent();
    }

    private static async Task Run(HttpContext http, Sessions sessions, ILedger ledger, CancellationToken stop)
    {
        if (Actor.From(http.User) is { } actor && http.User.FindFirst(Sessions.SessionClaim)?.Value is { } session)
        {
            await ledger.Append(actor, new("sign-out", actor.Id.ToString(), "done"), stop);
            await sessions.End(session, stop);
        }

        Sessions.Forget(http);
    }
}
