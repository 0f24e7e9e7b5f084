// In: staged files and key columns. Out: rows with the same key replaced, the others added. Refuses keys that are empty or occur twice in the files.
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Reading;

namespace Lizhou.Lake.Writes;

internal static class UpsertRows
{
    public static async Task<Result<Removal>> Prepare(Warehouse lake, Table asked, IReadOnlyList<StagedFile> files, IReadOnlyList<long> key, long at, CancellationToken stop)
    {
        if (await lake.Look(read => read.Get(asked.Id, at, stop), stop) is not { } table)
        {
            return Problems.NoTable.With(asked);
        }

        if (table.Columns.Where(c => key.Contains(c.Id)).ToList() is var columns && columns.Count < key.Count)
        {
            return Problems.BadKeyColumn;
        }

        if (files.Count == 0)
        {
            return Removal.Nothing;
        }

        var plan = (await lake.Plan(table.Id, at, Range(columns[0], files), stop))!;
        var staged = Staged(plan, files);
        var names = SqlText.Names(columns.Select(c => c.Name));
        var bad = $"SELECT coalesce(sum({Names.Row}), 0)::BIGINT FROM (SELECT count(*) AS {Names.Row} FROM ({staged}) GROUP BY {names} HAVING count(*) > 1 OR {Empty(columns)})";
        var arguments = new Arguments();
        var match = $"SELECT {Names.File}, {Names.Row}, {Names.RowId} FROM ({plan.Relation(arguments, provenance: true)}) SEMI JOIN ({staged}) USING ({names})";
        return await lake.Engine.Write<Result<Removal>>(session =>
            session.Scalar(bad) is long and > 0 and var rows
                ? Problems.DuplicateKey.With(rows)
                : Removal.Find(session, plan, match, arguments.Values, () => lake.NewDeleteFile(table)), stop);
    }

    public static async Task<Result<Write>> Apply(
        CatalogChange change, Table table, IReadOnlyList<StagedFile> files, Removal removal, IReadOnlyList<object?[]>? rows, CancellationToken stop)
    {
        if (removal.Rows > 0)
        {
            await removal.Apply(change, table.Id, stop);
        }

        var added = await AppendFiles.Apply(change, table, files, rows, stop);
        return added.Refused ? added : added.Value with { RowsRemoved = removal.Rows };
    }

    /// <summary>Rows of staged files as a relation.</summary>
    public static string Staged(ReadPlan plan, IReadOnlyList<StagedFile> files) =>
        (plan with { Files = [.. files.Select(f => new DataFile(0, Path.GetFileName(f.Path), f.Rows, f.Bytes, f.FooterSize, 0, 0, null, null))], Buffered = [] }).Relation(new Arguments());

    private static string Empty(List<Column> columns) => string.Join(" OR ", columns.Select(c => $"any_value({SqlText.Name(c.Name)}) IS NULL"));

    /// <summary>Between the least and the greatest first key of the files: elsewhere nothing can match.</summary>
    private static Condition.All Range(Column column, IReadOnlyList<StagedFile> files)
    {
        var stats = files.Select(f => f.Columns.FirstOrDefault(c => c.Column == column.Id)).ToList();
        if (stats.Any(s => s?.Min is null || s.Max is null))
        {
            return new Condition.All();
        }

        var low = stats.Aggregate((a, b) => ColumnValue.Compare(column.Type, a!.Min!, b!.Min!) <= 0 ? a : b)!.Min!;
        var high = stats.Aggregate((a, b) => ColumnValue.Compare(column.Type, a!.Max!, b!.Max!) >= 0 ? a : b)!.Max!;
        return ColumnValue.Compare(column.Type, low, high) is null
            ? new Condition.All()
            : new Condition.All(new Condition.Compare(column.Name, Comparison.AtLeast, low), new Condition.Compare(column.Name, Comparison.AtMost, high));
    }
}
