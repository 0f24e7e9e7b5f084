// In: a table with many small or much cut files, or rows in the buffer. Out: the same rows, with the same ids, in few files. Older snapshots keep the old ones.
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Reading;
using Lizhou.Lake.Writes;

namespace Lizhou.Lake.Maintenance;

/// <summary>When a file is worth rewriting.</summary>
/// <param name="SmallBytes">Below this a file is small; at least two are needed.</param>
/// <param name="CutShare">Rewritten from this share of withdrawn rows on.</param>
/// <param name="MaxRows">Rows per new file.</param>
public sealed record Compaction(long SmallBytes = 16 << 20, double CutShare = 0.3, long MaxRows = 10_000_000);

/// <summary>What to put in the place of what.</summary>
internal sealed record Rewriting(IReadOnlyList<DataFile> Old, IReadOnlyList<BufferedRow> Buffered, IReadOnlyList<StagedFile> New)
{
    public long Rows => Old.Sum(f => f.Live) + Buffered.Count;
}

internal static class CompactTable
{
    public static async Task<Result<Rewriting>> Prepare(Warehouse lake, long table, Compaction limits, long at, CancellationToken stop)
    {
        if (await lake.Plan(table, at, stop: stop) is not { } plan)
        {
            return Problems.NoTable.With(table);
        }

        var cut = plan.Files.Where(f => f.Deletes is not null && f.Deletes.Count >= f.Rows * limits.CutShare);
        var small = plan.Files.Where(f => f.Bytes < limits.SmallBytes).ToList();
        var old = (small.Count > 1 ? small.Union(cut) : cut).ToList();
        var made = new List<StagedFile>();
        foreach (var bin in Bins(old, limits.MaxRows))
        {
            made.AddRange(await Rewrite(lake, plan with { Files = bin, Buffered = [] }, stop));
        }

        return new Rewriting(old, [], made);
    }

    public static async Task<Result<Rewriting>> PrepareFlush(Warehouse lake, long table, long at, CancellationToken stop) =>
        await lake.Plan(table, at, stop: stop) is not { } plan
            ? Problems.NoTable.With(table)
            : new Rewriting([], plan.Buffered, await Rewrite(lake, plan with { Files = [] }, stop));

    /// <summary>Puts the new files in the place of the old, unless those changed meanwhile.</summary>
    public static async Task<Result<Write>> Apply(CatalogChange change, Table table, Rewriting rewriting, string kind, CancellationToken stop)
    {
        if (rewriting.Rows == 0 && rewriting.Old.Count == 0)
        {
            return new Write(kind, table.Id, change.Snapshot, 0, 0);
        }

        var live = (await change.Read.Files(table.Id, change.Snapshot - 1, stop)).ToDictionary(f => f.Id);
        if (rewriting.Old.Any(f => !live.TryGetValue(f.Id, out var now) || now.Deletes?.Id != f.Deletes?.Id)
            || await Buffers.End(change, table.Id, rewriting.Buffered, stop) != rewriting.Buffered.Count)
        {
            return Problems.Conflict.With(table);
        }

        foreach (var file in rewriting.Old)
        {
            await change.EndData(table.Id, file, stop);
        }

        await change.Count(table.Id, -rewriting.Buffered.Count, 0, stop);
        await change.AddData(table.Id, rewriting.New, stop);
        change.Did(kind == "flush" ? $"inline_flush:{table.Id}" : $"merge_adjacent:{table.Id}");
        return new Write(kind, table.Id, change.Snapshot, rewriting.Rows, rewriting.Rows);
    }

    private static async Task<IReadOnlyList<StagedFile>> Rewrite(Warehouse lake, ReadPlan plan, CancellationToken stop)
    {
        var arguments = new Arguments();
        var select = $"SELECT *, {Names.RowId} AS {Staging.RowIdColumn} FROM ({plan.Relation(arguments, provenance: true)})";
        var path = lake.NewFile(plan.Table);
        return await lake.Engine.Write(session => Staging.Copy(session, plan.Table, path, select, arguments.Values, rowIds: true), stop) is { } file ? [file] : [];
    }

    private static IEnumerable<List<DataFile>> Bins(List<DataFile> files, long maxRows)
    {
        var bin = new List<DataFile>();
        foreach (var file in files)
        {
            if (bin.Count > 0 && bin.Sum(f => f.Live) + file.Live > maxRows)
            {
                yield return bin;
                bin = [];
            }

            bin.Add(file);
        }

        if (bin.Count > 0)
        {
            yield return bin;
        }
    }
}
