// In: evidence. Out: a row whose hash covers it and its predecessor. Refuses nothing; if it cannot write, it throws and the act does not happen.
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Ledger;

internal sealed class Chain(StateStore state, TimeProvider clock) : ILedger
{
    public async Task Append(Actor actor, Evidence evidence, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await Append(connection, transaction, actor, evidence, stop);
        await transaction.CommitAsync(stop);
    }

    public async Task Append(DbConnection connection, DbTransaction transaction, Actor actor, Evidence evidence, CancellationToken stop)
    {
        if (state.Kind == StateKind.PostgreSql)
        {
            // SQLite has one writer; PostgreSQL needs to be told that the chain has one end.
            await connection.Execute(transaction, $"LOCK TABLE ledger_entry IN EXCLUSIVE MODE", stop);
        }

        var (seq, before) = await Last(connection, transaction, stop);
        var row = new Row(
            seq + 1,
            clock.GetUtcNow().ToStored(),
            actor.Id.ToString("D"),
            actor.Unit?.ToString("D"),
            evidence.Act,
            evidence.Subject,
            evidence.Result,
            JsonSerializer.Serialize(evidence.Detail));
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO ledger_entry (seq, at, actor, unit, act, subject, result, detail, hash)
             VALUES ({row.Seq}, {row.At}, {row.Actor}, {row.Unit}, {row.Act}, {row.Subject}, {row.Result}, {row.Detail}, {row.Hash(before)})
             """,
            stop);
    }

    public async Task<long?> Verify(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var (expected, before) = (1L, "");
        await foreach (var (row, hash) in connection.Rows(
            null, $"SELECT seq, at, actor, unit, act, subject, result, detail, hash FROM ledger_entry ORDER BY seq", Read, stop))
        {
            if (row.Seq != expected || row.Hash(before) != hash)
            {
                return expected;
            }

            (expected, before) = (expected + 1, hash);
        }

        return null;
    }

    private static async Task<(long Seq, string Hash)> Last(DbConnection connection, DbTransaction transaction, CancellationToken stop)
    {
        await foreach (var last in connection.Rows(
            transaction, $"SELECT seq, hash FROM ledger_entry ORDER BY seq DESC LIMIT 1", r => (r.GetInt64(0), r.GetString(1)), stop))
        {
            return last;
        }

        return (0, "");
    }

    private static (Row Row, string Hash) Read(DbDataReader r) =>
        (new(r.GetInt64(0), r.GetString(1), r.GetString(2), r.IsDBNull(3) ? null : r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetString(7)),
            r.GetString(8));

    private sealed record Row(long Seq, string At, string Actor, string? Unit, string Act, string Subject, string Result, string Detail)
    {
        // A JSON array keeps the fields apart, so that no two different rows have the same text.
        public string Hash(string before) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            JsonSerializer.Serialize(new object?[] { before, Seq, At, Actor, Unit, Act, Subject, Result, Detail }))));
    }
}
