// In: a table's files and a condition. Out: the files that may hold a matching row, by their statistics in the catalog; no file is opened.
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;

namespace Lizhou.Lake.Reading;

internal static class Prune
{
    public static async Task<IReadOnlyList<DataFile>> Run(CatalogRead read, Table table, IReadOnlyList<DataFile> files, Condition where, CancellationToken stop)
    {
        var stats = new Dictionary<long, Dictionary<long, ColumnStats>>();
        foreach (var column in Compile.Columns(where, table).Distinct())
        {
            await foreach (var (file, found) in read.Stats(table.Id, column, stop))
            {
                (stats.TryGetValue(file, out var there) ? there : stats[file] = [])[column] = found;
            }
        }

        return [.. files.Where(f => !stats.TryGetValue(f.Id, out var known) || Compile.MayMatch(where, table, known))];
    }
}
