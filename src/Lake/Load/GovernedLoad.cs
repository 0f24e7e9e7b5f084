// The governed load: chunks in, staged Parquet files out, and for every record that is not among them the reason why.
// Nothing becomes visible here: the caller commits the files with its batch in one transaction.
using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Writes;

namespace Lizhou.Lake;

/// <summary>Loads chunks of a file into files of a table under the rules of its columns. Read = accepted + rejected + duplicate + filtered, always.</summary>
public sealed partial class GovernedLoad(Warehouse warehouse)
{
    /// <summary>Runs the load. Chunks are taken as fast as they are staged, two or so ahead (one per core).</summary>
    /// <remarks>Cancelled, it leaves nothing behind. Failed or killed, it leaves finished chunks in the plan's folder, and a later run of the same plan
    /// over the same chunks continues from there: nothing is lost or loaded twice.</remarks>
    /// <returns>What is ready to be committed, or <see cref="LoadProblems.BadPlan"/>, <see cref="LoadProblems.NoSpace"/>.</returns>
    public async Task<Result<LoadOutcome>> Run(
        LoadPlan plan, IAsyncEnumerable<LoadChunk> chunks, IProgress<LoadProgress>? progress = null, CancellationToken stop = default)
    {
        if (Fault(plan) is { } fault)
        {
            return LoadProblems.BadPlan.With(fault);
        }

        Durable.CreateFolder(warehouse.Staging.Root, warehouse.Staging.Folder(plan.Table));
        Directory.CreateDirectory(plan.Folder);
        try
        {
            var staged = await Stage(plan, chunks, progress, stop);
            var settled = plan.Key.Count == 0 ? new Settled(staged, 0) : await new Duplicates(warehouse, plan).Settle(staged, stop);
            return Outcome(plan, settled);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Clear(plan);
            throw;
        }
        catch (Exception error) when (Writer.IsDiskFull(error))
        {
            return LoadProblems.NoSpace;
        }
    }

    /// <summary>Removes everything the plan's load wrote. After a commit use <see cref="Forget"/>.</summary>
    public void Clear(LoadPlan plan)
    {
        var data = warehouse.Staging.Folder(plan.Table);
        if (Directory.Exists(data))
        {
            foreach (var file in Directory.EnumerateFiles(data, $"data_{plan.Batch}_*"))
            {
                File.Delete(file);
            }
        }

        Forget(plan);
    }

    /// <summary>Removes the load's folder with its notes and rejects, but not the data files: after the commit, when the rejects were taken over.</summary>
    public static void Forget(LoadPlan plan)
    {
        if (Directory.Exists(plan.Folder))
        {
            Directory.Delete(plan.Folder, recursive: true);
        }
    }

    /// <summary>How many chunks of a source file, from its first, an interrupted run of the plan has staged: the caller need not make those again.</summary>
    public static int Staged(LoadPlan plan, int file)
    {
        var there = StagedChunk.Find(plan).Where(c => c.Source == file).Select(c => c.Sequence).ToHashSet();
        return Enumerable.Range(0, int.MaxValue).First(n => !there.Contains(n));
    }

    private async Task<List<StagedChunk>> Stage(LoadPlan plan, IAsyncEnumerable<LoadChunk> chunks, IProgress<LoadProgress>? progress, CancellationToken stop)
    {
        var load = new ChunkLoad(warehouse.Engine.Loader, warehouse.Staging, plan, StagedChunk.DigestOf(plan));
        var staged = new ConcurrentDictionary<(int, int), StagedChunk>(StagedChunk.Find(plan).ToDictionary(c => c.Place));
        var sum = staged.Values.Aggregate(default(LoadCounts), (counts, chunk) => counts + chunk.Counts);
        var most = new ParallelOptions { MaxDegreeOfParallelism = warehouse.Engine.Options.Writers, CancellationToken = stop };
        await Parallel.ForEachAsync(chunks, most, async (chunk, token) =>
        {
            if (!staged.TryGetValue((chunk.File, chunk.Sequence), out var note) || (File.Exists(chunk.Path) && note.Length != new FileInfo(chunk.Path).Length))
            {
                note = await warehouse.Engine.Loader.Write(session => load.Run(session, chunk), token);
                note.Write(plan);
                staged[note.Place] = note;
                lock (staged)
                {
                    sum += note.Counts;
                    progress?.Report(new LoadProgress(staged.Count, sum.Read, sum.Accepted, sum.Rejected));
                }
            }

            if (chunk.Owned)
            {
                File.Delete(chunk.Path);
            }
        });
        return [.. staged.Values.OrderBy(s => s.Place)];
    }

    private static LoadOutcome Outcome(LoadPlan plan, Settled settled)
    {
        var profiles = plan.Columns.Select(_ => new Profile()).ToArray();
        foreach (var chunk in settled.Chunks)
        {
            for (var i = 0; i < profiles.Length; i++)
            {
                profiles[i].Add(chunk.Profiles[i]);
            }
        }

        return new LoadOutcome(
            settled.Chunks.Aggregate(default(LoadCounts), (sum, c) => sum + c.Counts),
            [.. settled.Chunks.Select(c => c.File).OfType<StagedFile>()],
            [.. profiles.Select((p, i) => p.Shown(plan.Columns[i]))])
        {
            Updates = settled.Updates,
            Rejects = settled.Chunks.SelectMany(c => RejectLog.Read(StagedChunk.RejectsPath(plan, c.Source, c.Sequence), plan))
                .Concat(RejectLog.Read(Duplicates.RejectsPath(plan), plan)),
        };
    }

    private static string? Fault(LoadPlan plan)
    {
        string? Missing(string name) => plan.Columns.Any(c => c.Name == name) ? null : name;
        return !BatchName().IsMatch(plan.Batch) ? $"batch {plan.Batch}"
            : plan.Columns.Count == 0 ? "no columns"
            : plan.Columns.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1)?.Key
            ?? plan.Columns.FirstOrDefault(c => plan.Table.Column(c.Name)?.Type != c.Stored)?.Name
            ?? plan.Columns.FirstOrDefault(c => c.Type == LoadType.Decimal && (c.Precision is < 1 or > 38 || c.Scale < 0 || c.Scale > c.Precision))?.Name
            ?? plan.Key.Select(Missing).FirstOrDefault(k => k is not null)
            ?? (plan.Keep is null ? null : Missing(plan.Keep.Column));
    }

    [GeneratedRegex("^[0-9A-Za-z_-]{1,64}$", RegexOptions.NonBacktracking)]
    private static partial Regex BatchName();
}
