// In: a grant and a reason. Out: the grant ended at once; the other side is told. Refuses all but its source unit, its holder and the bureau.
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Sharing.Grants;

internal sealed class EndGrant(SharingDb db, FindGrants find, IGrantBook book, ILedger ledger, TimeProvider clock)
{
    internal sealed record Ask(string Reason);

    public async Task<Result<SharedGrant>> Run(string number, Ask ask, Actor actor, CancellationToken stop)
    {
        var found = await find.One(number, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var grant = found.Value;
        if (string.IsNullOrWhiteSpace(ask.Reason))
        {
            return Problems.ReasonMissing;
        }

        if (grant.State == GrantState.Revoked)
        {
            return Problems.Ended.With(number);
        }

        (grant.State, grant.EndedWhy) = (GrantState.Revoked, ask.Reason.Trim());
        db.Notify(actor.Unit == grant.Unit ? grant.Provider : grant.Unit, "revoked", $"{grant.Number} {grant.ResourceName}", $"/grants/{grant.Number}", clock.GetUtcNow());
        var stale = await db.Commit(
            ledger, actor, [], stop, (connection, transaction) => book.Revoke(connection, transaction, grant.Id, grant.EndedWhy, actor, stop));
        // Its keys stay: a program that still calls is told why it gets nothing.
        return stale is null ? grant : stale;
    }
}
