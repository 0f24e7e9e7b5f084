// In: staged files of a table. Out: their rows are in it. Refuses files that lie elsewhere or are not as described.
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;

namespace Lizhou.Lake.Writes;

internal static class AppendFiles
{
    public static Problem? Check(Staging staging, Table table, IReadOnlyList<StagedFile> files)
    {
        var folder = staging.Folder(table);
        var bad = files.FirstOrDefault(f => Path.GetDirectoryName(f.Path) != folder || new FileInfo(f.Path) is not { Exists: true } there || there.Length != f.Bytes);
        if (bad is not null)
        {
            return Problems.ForeignFile.With(Path.GetFileName(bad.Path), table);
        }

        var nulls = table.Columns.Where(c => !c.Nullable).Select(c => (c.Name, Nulls: files.Sum(f => f.Columns.FirstOrDefault(s => s.Column == c.Id)?.Nulls ?? 0)));
        return nulls.FirstOrDefault(n => n.Nulls > 0) is { Nulls: > 0 } found ? Problems.NullNotAllowed.With(found.Name, found.Nulls) : null;
    }

    /// <param name="rows">The rows of the files, when they are to go to the buffer; else null.</param>
    public static async Task<Result<Write>> Apply(
        CatalogChange change, Table table, IReadOnlyList<StagedFile> files, IReadOnlyList<object?[]>? rows, CancellationToken stop)
    {
        if (rows is not null)
        {
            return await Buffers.Add(change, table, rows, stop);
        }

        if (await change.Read.Get(table.Id, change.Snapshot - 1, stop) is not { } now)
        {
            return Problems.NoTable.With(table);
        }

        // Staged under an older shape: a column may have become another number's type since, by what was in the table then.
        foreach (var column in now.Columns.Where(c => table.Columns.FirstOrDefault(o => o.Id == c.Id) is { } old && old.Type != c.Type && !old.Type.WidensTo(c.Type)))
        {
            if (files.Any(f => f.Columns.FirstOrDefault(s => s.Column == column.Id)?.Fit(column.Type) == false))
            {
                return Problems.ShapeChanged.With(table, column.Name);
            }
        }

        if (files.Count > 0)
        {
            await change.AddData(table.Id, files, stop);
            change.Did($"inserted_into_table:{table.Id}");
        }

        return new Write("append", table.Id, change.Snapshot, files.Sum(f => f.Rows), 0);
    }
}
