// In: a table, a plan, and what was found in its files before. Out: a state per file, only new files being read, and their sum. Rows never leave: counts do.
using DuckDB.NET.Native;
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Reading;
using Lizhou.Lake.Scans;

namespace Lizhou.Lake;

/// <summary>What a scan found.</summary>
/// <param name="Files">By the file's key (its number and that of what is withdrawn from it): to be given again with the next scan.</param>
/// <param name="Total">All files and the rows that still wait in the catalog.</param>
/// <param name="Read">How many of the files were read this time.</param>
/// <param name="Snapshot">What was scanned.</param>
public sealed record ScanFound(IReadOnlyDictionary<string, ScanState> Files, ScanState Total, int Read, long Snapshot);

public sealed partial class Warehouse
{
    /// <summary>Looks at every row once: which tests it fails, and the profile of its columns.</summary>
    /// <param name="known">States of the same plan over the same columns; those of files that are no more are left out of the answer.</param>
    /// <param name="at">A snapshot; null: the newest.</param>
    public async Task<Result<ScanFound>> Scan(Table table, ScanPlan ask, IReadOnlyDictionary<string, ScanState>? known = null, long? at = null, CancellationToken stop = default)
    {
        if (await Plan(table.Id, at, stop) is not { } plan)
        {
            return Problems.NoTable.With(table);
        }

        var columns = ask.Profile ? plan.Table.Columns.Select(c => ScanColumn.Of(c, "r")).ToList() : [];
        string Key(DataFile file) => $"{file.Id}-{file.Deletes?.Id ?? 0}";
        var unread = plan.Files.Where(f => known?.ContainsKey(Key(f)) is not true).ToList();
        var scanned = await Parts(plan, unread, ask, columns, stop);
        if (scanned.FirstOrDefault(s => s.Refused) is { Problem: { } problem })
        {
            return problem;
        }

        var fresh = unread.Zip(scanned).ToDictionary(s => Key(s.First), s => s.Second.Value, StringComparer.Ordinal);
        var files = plan.Files.ToDictionary(Key, f => fresh.GetValueOrDefault(Key(f)) ?? known![Key(f)], StringComparer.Ordinal);
        var total = new ScanState(ask.Tests.Count, [.. columns.Select(c => c.Kind)]);
        foreach (var file in plan.Files)
        {
            total.Add(files[Key(file)]);
        }

        if (plan.Buffered.Count > 0 || plan.Files.Count == 0)
        {
            var waiting = await Part(Engine, plan with { Files = [] }, ask, columns, stop);
            if (waiting.Refused)
            {
                return waiting.Problem!;
            }

            total.Add(waiting.Value);
        }

        return new ScanFound(files, total, unread.Count, plan.Snapshot);
    }

    /// <summary>As the scan of a table, of the rows alone that match; files that cannot hold one of them are not read.</summary>
    public async Task<Result<ScanState>> Scan(Table table, ScanPlan ask, Condition where, long? at = null, CancellationToken stop = default) =>
        await Plan(table.Id, at, where, stop) is { } plan
            ? await Part(Engine, plan, ask, ask.Profile ? [.. plan.Table.Columns.Select(c => ScanColumn.Of(c, "r"))] : [], stop, where)
            : Problems.NoTable.With(table);

    /// <summary>Whether each value of a condition can be one of its column's type. A column that is not there is another fault.</summary>
    public static bool Fits(Table table, Condition condition) => Compile.Sql(condition, table, new Arguments()).Problem?.Code != Problems.BadValue.Code;

    /// <summary>Below zero when the left text is the smaller one as a value of the column; null where they are not compared as texts of it.</summary>
    public static int? Order(Column column, string left, string right) => ColumnValue.Compare(column.Type, left, right);

    /// <summary>Why the engine cannot take a regular expression; null when it can.</summary>
    public async Task<string?> PatternFault(string pattern, CancellationToken stop = default) => await Engine.Read<string?>(
        session =>
        {
            try
            {
                session.Scalar("SELECT regexp_full_match('', $1::VARCHAR)", pattern);
                return null;
            }
            catch (DuckDB.NET.Data.DuckDBException fault)
            {
                return fault.Message.ReplaceLineEndings("\n").Split('\n')[0];
            }
        },
        stop);

    /// <summary>Files side by side, a thread each: most are one row group, which the engine reads with one thread however many it has.</summary>
    private async Task<Result<ScanState>[]> Parts(ReadPlan plan, List<DataFile> files, ScanPlan ask, IReadOnlyList<ScanColumn> columns, CancellationToken stop)
    {
        var engine = files.Count > 1 ? Engine.Loader : Engine;
        var states = new Result<ScanState>[files.Count];
        await Parallel.ForAsync(0, files.Count, new ParallelOptions { MaxDegreeOfParallelism = Engine.Options.Threads, CancellationToken = stop }, async (i, token) =>
            states[i] = await Part(engine, plan with { Files = [files[i]], Buffered = [] }, ask, columns, token));
        return states;
    }

    private static async Task<Result<ScanState>> Part(Engine engine, ReadPlan plan, ScanPlan ask, IReadOnlyList<ScanColumn> columns, CancellationToken stop, Condition? where = null)
    {
        var arguments = new Arguments();
        var relation = plan.Relation(arguments, provenance: true);
        var filter = where is null ? "true" : Compile.Sql(where, plan.Table, arguments, "r");
        if (filter.Refused)
        {
            return filter.Problem!;
        }

        var tests = new List<string>();
        foreach (var test in ask.Tests)
        {
            var sql = CompileTest.Sql(test, plan.Table, arguments);
            if (sql.Refused)
            {
                return sql.Problem!;
            }

            tests.Add(sql.Value);
        }

        return await engine.Read<Result<ScanState>>(
            session =>
            {
                using var gate = new ScanGate(columns, tests.Count);
                var cells = string.Join(", ", new[] { $"{gate.Ticket}::BIGINT", $"r.{Names.RowId}::BIGINT" }.Concat(columns.Select(c => c.Sql)).Concat(tests));
                try
                {
                    session.Scalar($"SELECT count({ScanGate.Name}({cells})) FROM ({relation}) AS r WHERE {filter.Value}", arguments.Values);
                }
                catch (DuckDB.NET.Data.DuckDBException) when (gate.Failure is not null)
                {
                    throw gate.Failure;
                }
                catch (DuckDB.NET.Data.DuckDBException refused) when (IsOfRule(refused) && Culprit(session, plan, ask.Tests) is var at and >= 0)
                {
                    // The engine's message may quote a cell, so only its kind, before the colon, is told.
                    return Problems.BadTest.With(plan.Table, ask.Tests[at].GetType().Name, string.Join(", ", CompileTest.Columns(ask.Tests[at])), Problems.KindOf(refused.Message));
                }

                return gate.State();
            },
            stop);
    }

    /// <summary>Not for want of memory, disk or time. What fails while it is compiled has no type of its own.</summary>
    internal static bool IsOfRule(DuckDB.NET.Data.DuckDBException refused) =>
        refused.ErrorType is not (DuckDBErrorType.OutOfMemory or DuckDBErrorType.Io or DuckDBErrorType.Interrupt or DuckDBErrorType.Fatal or DuckDBErrorType.Internal);

    /// <summary>Which test the engine cannot run over these rows; −1 when it is none of them. Asked only after a scan has failed.</summary>
    private static int Culprit(Session session, ReadPlan plan, IReadOnlyList<RowTest> tests)
    {
        for (var i = 0; i < tests.Count; i++)
        {
            var own = new Arguments();
            var relation = plan.Relation(own);
            try
            {
                session.Scalar($"SELECT count(*) FILTER (WHERE {CompileTest.Sql(tests[i], plan.Table, own).Value}) FROM ({relation}) AS r", own.Values);
            }
            catch (DuckDB.NET.Data.DuckDBException)
            {
                return i;
            }
        }

        return -1;
    }
}
