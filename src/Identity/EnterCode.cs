// In: the second factor's routes for programs. Out: an enrolment, a session of two factors, or somebody's factor gone.
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Identity;

internal static class EnterCode
{
    private static readonly Text Missing = new("缺少", "is missing");

    /// <param name="Value">The code of the authenticator, or a recovery code.</param>
    /// <param name="Code">The same under the name it has at the enrolment; one of the two is enough.</param>
    internal sealed record Proof(string? Value = null, string? Code = null) : IChecked
    {
        // What was not sent at all is no wrong guess and costs no try.
        public IEnumerable<Fault> Check() => string.IsNullOrWhiteSpace(Value ?? Code) ? [new("value", Missing)] : [];
    }

    internal sealed record First(string? Ticket, string? Code) : IChecked
    {
        public IEnumerable<Fault> Check() =>
            new[] { (Field: "ticket", Sent: Ticket), (Field: "code", Sent: Code) }.Where(f => string.IsNullOrWhiteSpace(f.Sent)).Select(f => new Fault(f.Field, Missing));
    }

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

    internal static async Task<Results<NoContent, ProblemHttpResult>> Prove(Proof ask, SecondFactor factor, IdentityDb db, HttpContext http, CancellationToken stop)
    {
        var account = await db.Accounts.FindAsync([Actor.From(http.User)!.Id], stop);
        var refusal = account is null ? Problems.NoSuchAccount : await factor.Prove(account, ask.Value ?? ask.Code, http, stop);
        return refusal is null ? TypedResults.NoContent() : refusal.ToHttp();
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Reset(Guid id, SecondFactor factor, HttpContext http, CancellationToken stop) =>
        await factor.Reset(id, Actor.From(http.User)!, stop) is { } refusal ? refusal.ToHttp() : TypedResults.NoContent();
}
