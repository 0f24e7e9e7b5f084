// In: grants as Sharing decided them, in its transaction. Out: the grants that count, read from the database at every decision. Refuses to widen a known one's use; one whose seal is broken gives nothing.
using System.Data.Common;
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Policy;

internal sealed class GrantBook(StateStore state, GrantSeals seals, ILedger ledger) : IGrantBook
{
    private const int MostInPage = 1000;

    public async Task Put(DbConnection connection, DbTransaction transaction, Grant grant, Actor actor, CancellationToken stop)
    {
        var known = await connection.Rows(transaction, GrantSeals.ById(grant.Id), Row, stop).FirstOrDefaultAsync(stop);
        if (known is { State: GrantState.Broken })
        {
            throw new ProblemException(Problems.BrokenGrant.With(known.Number));
        }

        if (known is not null && (known.State == GrantState.Revoked || (known.Resource, known.Unit, known.Purpose) != (grant.Resource, grant.Unit, grant.Purpose)))
        {
            throw new InvalidOperationException($"Grant {known.Number} is revoked, or another use was put in its place.");
        }

        var items = JsonSerializer.Serialize(grant.Items);
        var rows = grant.Rows is null ? null : JsonSerializer.Serialize(grant.Rows);
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO policy_grant (id, number, resource, unit, purpose, items, rows_filter, valid_from, valid_until, state)
             VALUES ({grant.Id.ToString("D")}, {grant.Number}, {grant.Resource.ToString("D")}, {grant.Unit.ToString("D")}, {grant.Purpose}, {items}, {rows},
                     {grant.From.ToStored()}, {grant.Until.ToStored()}, {grant.State.ToString()})
             ON CONFLICT (id) DO UPDATE SET number = excluded.number, items = excluded.items, rows_filter = excluded.rows_filter,
                 valid_from = excluded.valid_from, valid_until = excluded.valid_until, state = excluded.state
             """,
            stop);
        await seals.Put(connection, transaction, grant.Id, stop);
        await ledger.Append(
            connection, transaction, actor,
            new Evidence("grant.put", grant.Number, "done", new { grant = grant.Id, grant.Resource, grant.Unit, grant.Purpose, items = grant.Items.Count, filtered = rows is not null, grant.From, grant.Until }),
            stop);
    }

    public async Task<bool> Revoke(DbConnection connection, DbTransaction transaction, Guid grant, string reason, Actor actor, CancellationToken stop)
    {
        // Of one that was tampered with nothing is sealed anew but that it ended.
        var broken = await connection.Rows(transaction, GrantSeals.ById(grant), r => !seals.Fits(r), stop).FirstOrDefaultAsync(stop);
        var ended = broken
            ? await connection.Execute(
                transaction,
                $"""
                 UPDATE policy_grant SET state = {GrantState.Revoked.ToString()}, items = '[]', rows_filter = NULL, valid_from = {DateTimeOffset.MinValue.ToStored()}, valid_until = {DateTimeOffset.MinValue.ToStored()},
                     secrecy_code = NULL, secrecy_basis = NULL, secrecy_until = NULL
                 WHERE id = {grant.ToString("D")}
                 """,
                stop)
            : await connection.Execute(
                transaction, $"UPDATE policy_grant SET state = {GrantState.Revoked.ToString()} WHERE id = {grant.ToString("D")} AND state = {GrantState.Active.ToString()}", stop);
        if (ended == 1)
        {
            await seals.Put(connection, transaction, grant, stop);
            await ledger.Append(connection, transaction, actor, new Evidence("grant.revoked", grant.ToString("D"), "done", new { reason, broken }), stop);
        }

        return ended == 1;
    }

    public async Task<Grant?> Find(Guid grant, CancellationToken stop) => (await state.Read(GrantSeals.ById(grant), Row, stop)).FirstOrDefault();

    public async Task<IReadOnlyList<Grant>> Of(Guid? unit, Guid? resource, int skip, int take, CancellationToken stop)
    {
        var (u, r) = (unit?.ToString("D"), resource?.ToString("D"));
        return await state.Read(
            $"""
             SELECT id, number, resource, unit, purpose, items, rows_filter, valid_from, valid_until, state, secrecy_code, secrecy_until, seal FROM policy_grant
             WHERE (unit = {u} OR CAST({u} AS TEXT) IS NULL) AND (resource = {r} OR CAST({r} AS TEXT) IS NULL)
             ORDER BY number, id LIMIT {Math.Clamp(take, 0, MostInPage)} OFFSET {Math.Max(0, skip)}
             """,
            Row,
            stop);
    }

    private Grant Row(DbDataReader r) => seals.Fits(r)
        ? new(
            Id(r, 0), r.GetString(1), Id(r, 2), Id(r, 3), r.GetString(4),
            JsonSerializer.Deserialize<IReadOnlyList<GrantItem>>(r.GetString(5))!, r.IsDBNull(6) ? null : JsonSerializer.Deserialize<Condition>(r.GetString(6)),
            Clock.FromStored(r.GetString(7)), Clock.FromStored(r.GetString(8)), Enum.Parse<GrantState>(r.GetString(9)))
        {
            Secrecy = r.IsDBNull(10) ? null : new(r.GetString(10), DateOnly.ParseExact(r.GetString(11), "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
        }
        : new(Id(r, 0), r.GetString(1), Id(r, 2), Id(r, 3), r.GetString(4), [], null, DateTimeOffset.MinValue, DateTimeOffset.MinValue, GrantState.Broken); // Nothing of it is believed.

    private static Guid Id(DbDataReader row, int column) => Guid.TryParse(row.GetString(column), out var id) ? id : Guid.Empty;
}
