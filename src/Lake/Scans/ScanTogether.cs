// In: a requirement on the rows of a table together. Out: what its statements find. A type of its own, so that who reads rows at fault is told from who writes.
using System.Data.Common;
using Lizhou.Kernel;
using Lizhou.Lake.Reading;

namespace Lizhou.Lake.Scans;

internal sealed class ScanTogether(Warehouse lake, Table table, SetTest test)
{
    private sealed record Asked(ReadPlan Plan, Arguments Arguments, string Relation, string Other, IReadOnlyList<string> Conditions);

    public Task<Result<long>> Failed(long? at, CancellationToken stop) =>
        Ask(at, ask => ScanSet.Sql(test, ask.Relation, ask.Other, ask.Conditions), (session, sql, ask) => Convert.ToInt64(session.Scalar(sql, ask.Arguments.Values) ?? 0L), stop);

    public Task<Result<long?>> Judged(long? at, CancellationToken stop) =>
        Ask<long?>(at, ask => ScanSet.Judged(test, ask.Relation, ask.Conditions), (session, sql, ask) => Convert.ToInt64(session.Scalar(sql, ask.Arguments.Values) ?? 0L), stop);

    public Task<Result<IReadOnlyDictionary<string, long>>> ByBatch(long? at, CancellationToken stop) => Ask<IReadOnlyDictionary<string, long>>(
        at, ask => $"SELECT batch, count(*)::BIGINT FROM ({ScanSet.Rows(test, ask.Plan.Table, ask.Relation, ask.Other, ask.Conditions)}) WHERE batch IS NOT NULL GROUP BY batch",
        (session, sql, ask) => session.Rows(sql, r => (Batch: r.GetString(0), Rows: r.GetInt64(1)), ask.Arguments.Values).ToDictionary(r => r.Batch, r => r.Rows, StringComparer.Ordinal), stop);

    public Task<Result<IReadOnlyList<SetRow>>> Rows(IReadOnlyList<string>? batches, int skip, int take, CancellationToken stop) => Ask<IReadOnlyList<SetRow>>(
        null,
        ask => $"""
            SELECT id::BIGINT, batch::VARCHAR, file::INTEGER, record::BIGINT, one::VARCHAR, other::VARCHAR FROM ({ScanSet.Rows(test, ask.Plan.Table, ask.Relation, ask.Other, ask.Conditions)})
            WHERE {(batches is null ? "true" : batches.Count == 0 ? "false" : $"batch IN ({string.Join(", ", batches.Select(b => ask.Arguments.Add(b) + "::VARCHAR"))})")} ORDER BY id LIMIT {take} OFFSET {skip}
            """,
        (session, sql, ask) => session.Rows(sql, Named, ask.Arguments.Values), stop);

    private static SetRow Named(DbDataReader row) => new(
        row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1), row.IsDBNull(2) ? null : row.GetInt32(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.IsDBNull(4) ? null : row.GetString(4),
        row.IsDBNull(5) ? null : row.GetString(5));

    private async Task<Result<T>> Ask<T>(long? at, Func<Asked, string> statement, Func<Session, string, Asked, T> read, CancellationToken stop)
    {
        var made = await Prepare(at, stop);
        if (made.Refused)
        {
            return made.Problem!;
        }

        var sql = statement(made.Value);
        return await lake.Engine.Read<Result<T>>(
            session =>
            {
                try
                {
                    return read(session, sql, made.Value);
                }
                catch (DuckDB.NET.Data.DuckDBException refused) when (Warehouse.IsOfRule(refused))
                {
                    return Problems.BadTest.With(made.Value.Plan.Table, test.GetType().Name, string.Join(", ", ScanSet.Columns(test)), Problems.KindOf(refused.Message));
                }
            },
            stop);
    }

    private async Task<Result<Asked>> Prepare(long? at, CancellationToken stop)
    {
        if (await lake.Plan(table.Id, at, stop) is not { } plan)
        {
            return Problems.NoTable.With(table);
        }

        if (ScanSet.Columns(test).FirstOrDefault(c => plan.Table.Column(c) is null) is { } missing)
        {
            return Problems.NoColumn.With(table, missing);
        }

        var arguments = new Arguments();
        var other = "";
        if (ScanSet.Beside(test) is var (beside, names))
        {
            var known = await lake.Plan(beside.Id, at, stop);
            if (names.FirstOrDefault(n => known?.Table.Column(n) is null) is { } lacking)
            {
                return Problems.NoColumn.With(beside, lacking);
            }

            other = $"({known!.Relation(arguments)})";
        }

        var relation = $"({plan.Relation(arguments, provenance: true)})";
        var conditions = new List<string>();
        foreach (var condition in ScanSet.Conditions(test))
        {
            var compiled = Compile.Sql(condition, plan.Table, arguments, "r");
            if (compiled.Refused)
            {
                return compiled.Problem!;
            }

            conditions.Add(compiled.Value);
        }

        return new Asked(plan, arguments, relation, other, conditions);
    }
}
