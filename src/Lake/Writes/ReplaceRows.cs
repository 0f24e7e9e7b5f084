// In: staged files, and which rows of a table they stand for. Out: those rows withdrawn and the files' added, in one snapshot.
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;

namespace Lizhou.Lake.Writes;

internal static class ReplaceRows
{
    public static async Task<Result<Write>> Apply(CatalogChange change, Table table, IReadOnlyList<StagedFile> files, Removal removal, CancellationToken stop)
    {
        if (removal.Rows > 0)
        {
            await removal.Apply(change, table.Id, stop);
        }

        var added = await AppendFiles.Apply(change, table, files, null, stop);
        return added.Refused ? added : added.Value with { RowsRemoved = removal.Rows };
    }
}
