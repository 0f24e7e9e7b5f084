// The lake's entry for rows that are computed from its own: the file is made elsewhere and taken over, then it replaces what it stands for.
using Lizhou.Kernel;
using Lizhou.Lake.Writes;

namespace Lizhou.Lake;

public sealed partial class Warehouse
{
    /// <summary>Copies the rows of a Parquet file into one of the table, with <see cref="Origin"/>'s columns: the run as their batch, their number as their record.</summary>
    /// <param name="file">Made by another process; its columns must be the table's own.</param>
    /// <param name="order">Columns by which the rows are numbered; none: as they come.</param>
    /// <returns>Null when it holds no row.</returns>
    public Task<Result<StagedFile?>> TakeOver(Table table, string file, Guid run, IReadOnlyList<string> order, CancellationToken stop = default) =>
        Writes.TakeOver.Run(this, table, file, run, order, stop);

    /// <summary>Withdraws the rows that match and adds those of staged files, in one snapshot.</summary>
    /// <param name="where">Null: all rows.</param>
    public async Task<Result<Write>> Replace(Table table, IReadOnlyList<StagedFile> files, Condition? where, Terms terms, CancellationToken stop = default) =>
        AppendFiles.Check(Staging, table, files) is { } problem
            ? problem
            : await Writer.Prepared(
                "replace", table, terms, at => DeleteRows.Prepare(this, table.Id, where ?? new Condition.All(), at, stop),
                (change, removal) => ReplaceRows.Apply(change, table, files, removal, stop), stop);

    /// <summary>The table of a catalogue's resource, in whichever layer it is: a computed one before the landing one. Null when there is none yet.</summary>
    /// <param name="at">A snapshot; null: the newest.</param>
    public Task<Table?> Resource(string name, long? at = null, CancellationToken stop = default) =>
        Look(async read => await read.Resource(name, at ?? (await read.Head(stop)).Snapshot, stop), stop);
}
