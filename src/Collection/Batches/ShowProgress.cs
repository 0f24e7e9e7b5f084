// How far a batch is, for the job row that pages and the command line look at: twice a second at most.
using Lizhou.Kernel.Jobs;
using Lizhou.Lake;
using Lizhou.Tabular;

namespace Lizhou.Collection.Batches;

internal sealed class ShowProgress(JobRun run, long total, TimeProvider clock) : IProgress<LoadProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private long rows;
    private long before;
    private long within;
    private long shown = clock.GetTimestamp();

    /// <summary>Rows staged so far, told by the load from its own threads.</summary>
    public void Report(LoadProgress value) => Interlocked.Exchange(ref rows, value.Read);

    public Task Phase(BatchPhase phase) => run.Show(before + within, total, new Progress(phase, Interlocked.Read(ref rows), 0, 0).Note());

    /// <summary>A chunk of a part was cut; a packed or wide-encoded file has more bytes in chunks than of its own.</summary>
    public Task Chunk(Part part, Chunk chunk)
    {
        within = Math.Min(part.Bytes, within + chunk.Bytes);
        if (clock.GetElapsedTime(shown) < Pause)
        {
            return Task.CompletedTask;
        }

        shown = clock.GetTimestamp();
        return Phase(BatchPhase.Loading);
    }

    public Task Done(Part part)
    {
        (before, within) = (before + part.Bytes, 0);
        return Task.CompletedTask;
    }
}
