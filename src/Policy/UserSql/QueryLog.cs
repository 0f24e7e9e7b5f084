// In: a query as it begins and ends. Out: the history of one person, and their results while what was decided still holds.
using System.Data.Common;
using System.Text.Json;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Policy.UserSql;

/// <param name="State"><see cref="Running"/>, <see cref="Done"/>, or the code of the refusal.</param>
/// <param name="Cut">Whether there were more rows than are kept.</param>
internal sealed record QueryRow(
    Guid Id, string Sql, string Purpose, string State, string? Message, string? Seen, IReadOnlyList<Guid> Tables, IReadOnlyList<SqlColumn> Columns, long Rows, bool Cut, long Bytes,
    long Ms, DateTimeOffset At)
{
    public const string Running = "running";
    public const string Done = "done";

    /// <summary>Of a refused one: where to ask for what was refused; null for nowhere.</summary>
    public string? Link { get; init; }

    /// <summary>As it was asked for; null for now.</summary>
    public string? AsOf { get; init; }
}

internal sealed class QueryLog(StateStore state, TimeProvider clock)
{
    public async Task Begin(Guid id, Actor actor, SqlAsk ask, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(
            null,
            $"""
             INSERT INTO policy_query (id, actor, sql, purpose, state, tables, columns, rows, cut, bytes, ms, at, as_of)
             VALUES ({id.ToString("D")}, {actor.Id.ToString("D")}, {ask.Sql.Replace("\0", "", StringComparison.Ordinal)}, {ask.Purpose}, {QueryRow.Running}, '[]', '[]', 0, 0, 0, 0, {clock.GetUtcNow().ToStored()}, {(string.IsNullOrWhiteSpace(ask.AsOf) ? null : ask.AsOf)})
             """,
            stop);
    }

    public async Task<Result<QueryRow>> End(Guid id, Result<QueryRow> done, TimeSpan took, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var ms = (long)took.TotalMilliseconds;
        if (done.Refused)
        {
            await connection.Execute(
                null, $"UPDATE policy_query SET state = {done.Problem!.Code}, message = {done.Problem.What.ToString()}, link = {done.Problem.Link}, ms = {ms} WHERE id = {id.ToString("D")}", stop);
            return done;
        }

        var row = done.Value with { Ms = ms };
        await connection.Execute(
            null,
            $"""
             UPDATE policy_query SET state = {QueryRow.Done}, seen = {row.Seen}, tables = {JsonSerializer.Serialize(row.Tables)}, columns = {JsonSerializer.Serialize(row.Columns)},
                 rows = {row.Rows}, cut = {(row.Cut ? 1 : 0)}, bytes = {row.Bytes}, ms = {ms} WHERE id = {id.ToString("D")}
             """,
            stop);
        return row;
    }

    /// <summary>Nothing runs when the program begins: what an earlier run left so was cut off.</summary>
    public async Task CutOff(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(
            null, $"UPDATE policy_query SET state = {Problems.Cancelled.Code}, message = {Problems.Cancelled.What.ToString()} WHERE state = {QueryRow.Running}", stop);
    }

    /// <summary>The newest queries of one person.</summary>
    public async Task<IReadOnlyList<QueryRow>> Of(Actor actor, int skip, int take, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null,
            $"""
             SELECT id, sql, purpose, state, message, seen, tables, columns, rows, cut, bytes, ms, at, link, as_of FROM policy_query
             WHERE actor = {actor.Id.ToString("D")} ORDER BY at DESC LIMIT {Math.Clamp(take, 1, 100)} OFFSET {skip}
             """,
            Row,
            stop).ToListAsync(stop);
    }

    /// <summary>Null when there is none, or it is another's.</summary>
    public async Task<QueryRow?> Find(Guid id, Actor actor, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null,
            $"""
             SELECT id, sql, purpose, state, message, seen, tables, columns, rows, cut, bytes, ms, at, link, as_of FROM policy_query
             WHERE id = {id.ToString("D")} AND actor = {actor.Id.ToString("D")}
             """,
            Row,
            stop).FirstOrDefaultAsync(stop);
    }

    private static QueryRow Row(DbDataReader r) => new(
        Guid.Parse(r.GetString(0)), r.GetString(1), r.GetString(2), r.GetString(3), r.IsDBNull(4) ? null : r.GetString(4), r.IsDBNull(5) ? null : r.GetString(5),
        JsonSerializer.Deserialize<IReadOnlyList<Guid>>(r.GetString(6))!, JsonSerializer.Deserialize<IReadOnlyList<SqlColumn>>(r.GetString(7))!, r.GetInt64(8), r.GetInt64(9) == 1,
        r.GetInt64(10), r.GetInt64(11), Clock.FromStored(r.GetString(12))) { Link = r.IsDBNull(13) ? null : r.GetString(13), AsOf = r.IsDBNull(14) ? null : r.GetString(14) };
}
