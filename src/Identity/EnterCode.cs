// In: the second factor's routes for programs. Out: an enrolment, a session of two factors, or somebody's factor gone.
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Identity;

internal static class EnterCode
{
    internal sealed record Code(string? Value);

    internal sealed record First(string? Ticket, string? Code);

    internal static async Task<Results<Ok<Enrolment>, ProblemHttpResult>> Begin(SecondFactor factor, HttpContext http, CancellationToken stop)
    {
        var begun = await factor.Begin(http, stop);
        return begun.Refused ? begun.Problem!.ToHttp() : TypedResults.Ok(begun.Value);
    }

    internal static async Task<Results<Ok<IReadOnlyList<string>>, ProblemHttpResult>> Enrol(First ask, SecondFactor factor, HttpContext http, CancellationToken stop)
    {
        var codes = await factor.Enrol(ask.Ticket, ask.Code, http, stop);
        return codes.Refused ? codes.Problem!.ToHttp() : TypedResults.Ok(codes.Value);
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Prove(Code ask, SecondFactor factor, IdentityDb db, HttpContext http, CancellationToken stop)
    {
        var account = await db.Accounts.FindAsync([Actor.From(http.User)!.Id], stop);
        var refusal = account is null ? Problems.NoSuchAccount : await factor.Prove(account, ask.Value, http, stop);
        return refusal is null ? TypedResults.NoContent() : refusal.ToHttp();
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Reset(Guid id, SecondFactor factor, HttpContext http, CancellationToken stop) =>
        await factor.Reset(id, Actor.From(http.User)!, stop) is { } refusal ? refusal.ToHttp() : TypedResults.NoContent();
}
