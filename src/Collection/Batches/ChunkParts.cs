// In: the parts of a batch. Out: chunks for the governed load, every part's columns in the order of the items; rows that could not be read go to the rejects.
using System.Runtime.CompilerServices;
using Lizhou.Collection.Rejects;
using Lizhou.Collection.Sources;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Tabular;

namespace Lizhou.Collection.Batches;

/// <param name="wanted">Of parts of which only some records are judged: which.</param>
internal sealed class ChunkParts(IReadOnlyList<Part> parts, IReadOnlyDictionary<int, SomeRecords> wanted, IReadOnlyList<ItemCard> items, string folder, RejectFile rejects, ShowProgress progress, IColumnarFiles columnar, SourceLimits limits)
{
    private readonly Dictionary<int, long> read = [];
    private readonly Dictionary<int, long> faulty = [];
    private readonly Dictionary<int, long> left = [];
    private readonly Dictionary<int, PassedOver> passed = [];
    private readonly Dictionary<int, List<LineMap>> lines = [];

    /// <summary>Records of each part, faulty ones included.</summary>
    public IReadOnlyDictionary<int, long> Read => read;

    /// <summary>Of them, those that could not be read.</summary>
    public IReadOnlyDictionary<int, long> Faulty => faulty;

    /// <summary>Records of each part that were not wanted.</summary>
    public IReadOnlyDictionary<int, long> Left => left;

    /// <summary>Lines of each part that are no records: blank ones, headers that came again, notes.</summary>
    public IReadOnlyDictionary<int, PassedOver> Passed => passed;

    /// <summary>The line of a record that became part of a chunk; 0 when unknown.</summary>
    public long LineOf(int part, long record)
    {
        var maps = lines.GetValueOrDefault(part) ?? [];
        int low = 0, high = maps.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = maps[middle].First <= record ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? 0 : maps[low - 1].Of(record);
    }

    /// <summary>Numbers of the unreadable records of a replay's only part.</summary>
    public List<long> FaultyRecords { get; } = [];

    /// <summary>The same chunks in the same order each time, so that a load that was interrupted knows which it has.</summary>
    /// <exception cref="ProblemException">A part cannot be read, or the disk has no more to give.</exception>
    public async IAsyncEnumerable<LoadChunk> All([EnumeratorCancellation] CancellationToken stop)
    {
        var sequence = 0;
        foreach (var part in parts)
        {
            var order = LoadRules.Order(part, items);
            var options = new ChunkOptions { Columns = order, Columnar = columnar, Wanted = wanted.TryGetValue(part.Index, out var some) ? some.Has : null };
            await foreach (var chunk in Chunker.Run(part.Path, part.Shape, Path.Combine(folder, $"{part.Index}"), options, stop))
            {
                read[part.Index] = read.GetValueOrDefault(part.Index) + chunk.Records;
                faulty[part.Index] = faulty.GetValueOrDefault(part.Index) + chunk.Faulty.Count;
                left[part.Index] = left.GetValueOrDefault(part.Index) + chunk.Left;
                passed[part.Index] = passed.GetValueOrDefault(part.Index) + chunk.Passed;
                if (chunk.Lines.First > 0)
                {
                    (lines.TryGetValue(part.Index, out var maps) ? maps : lines[part.Index] = []).Add(chunk.Lines);
                }

                foreach (var row in chunk.Faulty)
                {
                    var fault = row.Fault!;
                    FaultyRecords.Add(row.Number);
                    rejects.Add(part.Index, row.Number, row.Line, Ordered(row.Cells, order, part), [new(null, fault.Code, null, fault.Reason, fault.Hint)]);
                }

                await progress.Chunk(part, chunk);
                if (limits.Short(folder))
                {
                    throw new ProblemException(LoadProblems.NoSpace);
                }

                if (chunk.Good > 0)
                {
                    yield return new LoadChunk(sequence++, part.Index, chunk.Path) { Owned = true };
                }
                else
                {
                    File.Delete(chunk.Path);
                }
            }

            await progress.Done(part);
        }
    }

    /// <summary>What is left of the chunk files.</summary>
    public void Clear()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The cells in the order of the items; as they came where the row has not one cell for each column.</summary>
    private static IReadOnlyList<string?> Ordered(IReadOnlyList<string?> cells, IReadOnlyList<int>? order, Part part) =>
        order is null || cells.Count != part.Shape.Columns.Count ? cells : [.. order.Select(c => c < 0 ? null : cells[c])];
}
