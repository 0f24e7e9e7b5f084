// In: the folder of large pushes. Out: without files that no acknowledged push names, once they are old: what a crash left of a push that was never finished.
using Lizhou.Collection.Sources;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;

namespace Lizhou.Collection.Connectors.Push;

internal sealed class SweepPushes(StateStore state, PushFolder folder, SourceLimits limits, TimeProvider clock) : IRounds
{
    /// <summary>One look.</summary>
    /// <returns>How many files went.</returns>
    public async Task<int> Look(CancellationToken stop)
    {
        var before = clock.GetUtcNow().UtcDateTime - TimeSpan.FromHours(limits.PushKeepHours);
        var old = Directory.Exists(folder.Path) ? Directory.EnumerateFiles(folder.Path).Where(f => File.GetLastWriteTimeUtc(f) < before).ToList() : [];
        var gone = 0;
        await using var connection = await state.Open(stop);
        foreach (var file in old)
        {
            if (await connection.Scalar(null, $"SELECT 1 FROM source_push WHERE batch IS NULL AND file = {Path.GetFileName(file)}", stop) is null)
            {
                File.Delete(file);
                gone++;
            }
        }

        return gone;
    }
}
