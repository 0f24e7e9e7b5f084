// In: a table and a requirement on its rows together. Out: how many rows fail it, of how many it says anything, in which batches, and which they are; rows are named by number and origin, never read.
using Lizhou.Kernel;
using Lizhou.Lake.Scans;

namespace Lizhou.Lake;

/// <summary>A row at fault with others.</summary>
/// <param name="Id">The number the lake gave it.</param>
/// <param name="Batch">Of its origin, as are <paramref name="File"/> and <paramref name="Record"/>; null in a table that keeps none.</param>
/// <param name="Is">Of <see cref="SetTest.AddsUp"/> the amount of the whole, of <see cref="SetTest.NeverFalls"/> the value before; else null.</param>
/// <param name="Other">Of <see cref="SetTest.AddsUp"/> the sum of the parts; else null.</param>
public sealed record SetRow(long Id, string? Batch, int? File, long? Record, string? Is, string? Other);

public sealed partial class Warehouse
{
    /// <summary>How many rows fail a requirement on rows together; of <see cref="SetTest.AddsUp"/> how many groups.</summary>
    public Task<Result<long>> Scan(Table table, SetTest test, long? at = null, CancellationToken stop = default) => new ScanTogether(this, table, test).Failed(at, stop);

    /// <summary>Of how many groups, or rows, the requirement says anything; null: of every row.</summary>
    public async Task<Result<long?>> Judged(Table table, SetTest test, long? at = null, CancellationToken stop = default) =>
        test is SetTest.AddsUp or SetTest.NeverFalls ? await new ScanTogether(this, table, test).Judged(at, stop) : (long?)null;

    /// <summary>How many rows at fault came with each batch; of <see cref="SetTest.AddsUp"/> rows of the whole.</summary>
    public Task<Result<IReadOnlyDictionary<string, long>>> AtFault(Table table, SetTest test, long? at = null, CancellationToken stop = default) => new ScanTogether(this, table, test).ByBatch(at, stop);

    /// <summary>The rows at fault, in the order the lake numbered them.</summary>
    /// <param name="batches">Only those that came with these; null for all.</param>
    public Task<Result<IReadOnlyList<SetRow>>> AtFault(Table table, SetTest test, IReadOnlyList<string>? batches, int skip, int take, CancellationToken stop = default) =>
        new ScanTogether(this, table, test).Rows(batches, skip, take, stop);
}
