// What the ledger says of data that moved, read from the state database while no program runs on it.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Sharing.Tests.Crash;

/// <param name="Detail">JSON.</param>
internal sealed record Booked(string Act, Guid Grant, string? Digest, long Rows, long Bytes, long Snapshot, string Detail)
{
    public static async Task<List<Booked>> All(string state)
    {
        using var store = new StateStore(state);
        await using var connection = await store.Open(default);
        return await connection.Rows(
            null, $"SELECT act, grant_id, digest, coalesce(rows, 0), coalesce(bytes, 0), coalesce(snapshot, 0), coalesce(detail, '') FROM ledger_entry WHERE grant_id IS NOT NULL AND result = {Evidence.Done} AND rows IS NOT NULL",
            r => new Booked(r.GetString(0), Guid.Parse(r.GetString(1)), r.IsDBNull(2) ? null : r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), r.GetString(6)), default).ToListAsync();
    }
}
