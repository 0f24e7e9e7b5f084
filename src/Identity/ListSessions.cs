// In: who asks. Out: the sessions that are open, and the end of one. Everyone sees and ends their own; the security administrator everybody's.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Identity;

/// <summary>An open session.</summary>
/// <param name="Id">To end it by; opens nothing.</param>
/// <param name="Here">Whether it is the one that asks.</param>
internal sealed record SessionView(string Id, Guid Account, string Login, string Name, DateTimeOffset Opened, DateTimeOffset Seen, string Address, bool Here);

internal sealed class ListSessions(StateStore state, Sessions sessions, SessionLimits limits, ILedger ledger, TimeProvider clock)
{
    internal static async Task<Ok<Page<SessionView>>> Own([AsParameters] PageAsk ask, ListSessions list, HttpContext http, CancellationToken stop) =>
        TypedResults.Ok(await list.Run(Actor.From(http.User)!.Id, ask, http, stop));

    internal static async Task<Ok<Page<SessionView>>> All([AsParameters] PageAsk ask, ListSessions list, HttpContext http, CancellationToken stop) =>
        TypedResults.Ok(await list.Run(null, ask, http, stop));

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleEnd(string id, ListSessions list, HttpContext http, CancellationToken stop) =>
        await list.End(id, Actor.From(http.User)!, stop) is { } refusal ? refusal.ToHttp() : TypedResults.NoContent();

    /// <param name="account">Null for everybody's.</param>
    public async Task<Page<SessionView>> Run(Guid? account, PageAsk ask, HttpContext http, CancellationToken stop)
    {
        var (one, here) = (account?.ToString() ?? "", http.User.FindFirst(Sessions.SessionClaim)?.Value);
        var (idle, old) = ((clock.GetUtcNow() - limits.Idle).ToStored(), (clock.GetUtcNow() - limits.Absolute).ToStored());
        await using var connection = await state.Open(stop);
        var total = Convert.ToInt64(
            await connection.Scalar(null, $"SELECT COUNT(*) FROM identity_session WHERE ({one} = '' OR account = {one}) AND seen_at > {idle} AND opened_at > {old}", stop), null);
        List<SessionView> rows = [];
        await foreach (var row in connection.Rows(
            null,
            $"""
             SELECT s.id, s.account, a.login, a.name, s.opened_at, s.seen_at, s.address FROM identity_session s JOIN identity_account a ON a.id = s.account
             WHERE ({one} = '' OR s.account = {one}) AND s.seen_at > {idle} AND s.opened_at > {old} ORDER BY s.seen_at DESC, s.id LIMIT {ask.Rows} OFFSET {ask.Skip}
             """,
            r => new SessionView(
                r.GetString(0), Guid.Parse(r.GetString(1)), r.GetString(2), r.GetString(3), Clock.FromStored(r.GetString(4)), Clock.FromStored(r.GetString(5)), r.GetString(6), r.GetString(0) == here),
            stop))
        {
            rows.Add(row);
        }

        return new(rows, ask.Number, ask.Rows, total);
    }

    /// <returns>Null, or that there is no such session: also for one of somebody else, so that nothing is told.</returns>
    public async Task<Problem?> End(string id, Actor actor, CancellationToken stop)
    {
        await using (var connection = await state.Open(stop))
        {
            var owner = await connection.Scalar(null, $"SELECT account FROM identity_session WHERE id = {id}", stop) as string;
            if (owner is null || (owner != actor.Id.ToString() && !actor.Has(Roles.SecurityAdministrator)))
            {
                return Problems.NoSuchSession;
            }

            await ledger.Append(actor, new("session.ended", owner, "done"), stop);
        }

        await sessions.End(id, stop);
        return null;
    }
}
