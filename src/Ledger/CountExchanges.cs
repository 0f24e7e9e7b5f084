// In: a moment, or numbers of entries. Out: calls and rows since then, by grant, or by resource and reader where there was none; or what moved in these entries. Of the evidence alone.
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

    public async Task<IReadOnlyList<(Guid Grant, string Hour, Exchanged Moved)>> Called(DateTimeOffset since, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null,
            // The run stands first in the detail of a fetch.
            $"""
             SELECT grant_id, substr(at, 1, 13) AS hour, count(*), CAST(coalesce(sum(CASE WHEN act <> 'file.fetched' OR NOT EXISTS (
                 SELECT 1 FROM ledger_entry f WHERE f.grant_id = e.grant_id AND f.seq < e.seq AND f.act = 'file.fetched' AND f.rows IS NOT NULL AND f.result = {Evidence.Done}
                     AND substr(f.detail, 1, 44) = substr(e.detail, 1, 44)) THEN rows ELSE 0 END), 0) AS BIGINT)
             FROM ledger_entry e
             WHERE grant_id IS NOT NULL AND (rows IS NOT NULL OR act = 'file.fetched') AND result = {Evidence.Done} AND actor <> {Guid.Empty.ToString("D")} AND at >= {since.ToStored()}
             GROUP BY grant_id, substr(at, 1, 13)
             """,
            r => (Guid.Parse(r.GetString(0)), r.GetString(1), new Exchanged(r.GetInt64(2), r.GetInt64(3))),
            stop).ToListAsync(cancellationToken: stop);
    }

    public async Task<IReadOnlyDictionary<(Guid Resource, Guid? Receiver), Exchanged>> WithoutGrant(DateTimeOffset since, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null,
            $"""
             SELECT resource, receiver, count(*), CAST(coalesce(sum(rows), 0) AS BIGINT) FROM ledger_entry
             WHERE grant_id IS NULL AND resource IS NOT NULL AND rows IS NOT NULL AND result = {Evidence.Done} AND at >= {since.ToStored()} GROUP BY resource, receiver
             """,
            r => (Of: (Guid.Parse(r.GetString(0)), r.IsDBNull(1) ? (Guid?)null : Guid.Parse(r.GetString(1))), Moved: new Exchanged(r.GetInt64(2), r.GetInt64(3))),
            stop).ToDictionaryAsync(r => r.Of, r => r.Moved, cancellationToken: stop);
    }

    public async Task<IReadOnlyList<Movement>> Of(IReadOnlyList<long> entries, CancellationToken stop)
    {
        var found = new List<Movement>();
        await using var connection = await state.Open(stop);
        await using var command = connection.CreateCommand();
        // Numbers only: nothing of a caller's text is in the statement.
        command.CommandText = $"""
            SELECT seq, at, act, provider, receiver, grant_id, purpose, resource, items, rows, secrecy, secret_until, detail FROM ledger_entry
            WHERE seq IN ({string.Join(',', entries.OrderDescending().Take(1000).DefaultIfEmpty(-1))}) ORDER BY seq DESC
            """;
        await using var row = await command.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
        {
            string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
            Guid? Id(int column) => Text(column) is { } id ? Guid.Parse(id) : null;
            found.Add(new(row.GetInt64(0), Clock.FromStored(row.GetString(1)), row.GetString(2), new()
            {
                Provider = Id(3), Receiver = Id(4), Grant = Id(5), Purpose = Text(6), Resource = Id(7), Items = Text(8)?.Split('\n') ?? [], Rows = row.IsDBNull(9) ? null : row.GetInt64(9),
                Secrecy = Text(10) is { } code ? new(code, DateOnly.ParseExact(Text(11)!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)) : null,
            }, Text(12)));
        }

        return found;
    }

    public async Task<IReadOnlyList<long>> Tellable(IReadOnlyList<long> entries, DateOnly today, CancellationToken stop)
    {
        var found = new List<long>();
        await using var connection = await state.Open(stop);
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT seq FROM ledger_entry
            WHERE seq IN ({string.Join(',', entries.OrderDescending().Take(1000).DefaultIfEmpty(-1))}) AND (secrecy IS NULL OR secret_until <= '{today:yyyy-MM-dd}') ORDER BY seq DESC
            """;
        await using var row = await command.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
        {
            found.Add(row.GetInt64(0));
        }

        return found;
    }
}
