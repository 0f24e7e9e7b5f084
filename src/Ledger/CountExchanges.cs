// In: a moment. Out: calls and rows since then, by grant; of the evidence alone.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Ledger;

internal sealed class CountExchanges(StateStore state) : IExchanges
{
    public async Task<IReadOnlyDictionary<Guid, Exchanged>> ByGrant(DateTimeOffset since, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null,
            $"""
             SELECT grant_id, count(*), CAST(coalesce(sum(rows), 0) AS BIGINT) FROM ledger_entry
             WHERE grant_id IS NOT NULL AND rows IS NOT NULL AND result = {Evidence.Done} AND at >= {since.ToStored()} GROUP BY grant_id
             """,
            r => (Grant: Guid.Parse(r.GetString(0)), Moved: new Exchanged(r.GetInt64(1), r.GetInt64(2))),
            stop).ToDictionaryAsync(r => r.Grant, r => r.Moved, cancellationToken: stop);
    }
}
