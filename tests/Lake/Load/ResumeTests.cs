// A load that is cancelled, fails or is killed: what it leaves, and that the next run neither loses nor doubles a row.
using System.Diagnostics;
using System.Text;
using Lizhou.Kernel;

namespace Lizhou.Lake.Tests.Loading;

public sealed class ResumeTests
{
    private const int Chunks = 12;
    private const int PerChunk = 30_000;
    private static readonly LoadColumn[] Columns = [new("id", LoadType.Integer) { Required = true }, new("text", LoadType.Text)];

    [Fact]
    public async Task A_cancelled_load_leaves_nothing()
    {
        await using var lake = await LoadingLake.Open(Columns);
        using var stop = new CancellationTokenSource();
        var plan = lake.Plan();
        async IAsyncEnumerable<LoadChunk> Source()
        {
            yield return Chunk(lake, 0);
            yield return Chunk(lake, 1);
            await stop.CancelAsync();
            yield return Chunk(lake, 2);
        }

        await Should.ThrowAsync<OperationCanceledException>(() => new GovernedLoad(lake.Warehouse).Run(plan, Source(), null, stop.Token));
        Directory.Exists(plan.Folder).ShouldBeFalse();
        Directory.EnumerateFiles(lake.Warehouse.Staging.Folder(lake.Table)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_load_that_failed_goes_on_where_it_was()
    {
        await using var lake = await LoadingLake.Open(Columns);
        var plan = lake.Plan();
        LoadChunk[] chunks = [Chunk(lake, 0), Chunk(lake, 1), Chunk(lake, 2)];
        async IAsyncEnumerable<LoadChunk> Failing()
        {
            yield return chunks[0];
            yield return chunks[1];
            while (GovernedLoad.Staged(plan, 0) < 2)
            {
                await Task.Delay(5);
            }

            throw new IOException("the source went away");
        }

        await Should.ThrowAsync<IOException>(() => new GovernedLoad(lake.Warehouse).Run(plan, Failing()));
        GovernedLoad.Staged(plan, 0).ShouldBe(2);
        var before = Files(lake);

        var reports = new Reports();
        var outcome = (await new GovernedLoad(lake.Warehouse).Run(plan, chunks.Skip(2).ToAsyncEnumerable(), reports)).Value;
        outcome.Counts.ShouldBe(new LoadCounts(3 * (PerChunk - 1), 3, 0, 0));
        outcome.Rejects.Select(r => r.Row).ShouldBe([1L, PerChunk + 1, (2 * PerChunk) + 1]);
        reports.Seen.Count.ShouldBe(1); // only the third chunk was loaded
        Files(lake).Intersect(before).Count().ShouldBe(before.Length);
    }

    [Fact]
    public async Task Another_plan_takes_nothing_over()
    {
        await using var lake = await LoadingLake.Open(Columns);
        var plan = lake.Plan();
        await lake.Load(plan, Chunk(lake, 0));
        GovernedLoad.Staged(plan, 0).ShouldBe(1);
        GovernedLoad.Staged(plan with { Columns = [Columns[0], Columns[1] with { MaxLength = 5 }] }, 0).ShouldBe(0);
    }

    [Fact]
    public async Task A_load_killed_in_the_middle_neither_loses_nor_doubles_a_row()
    {
        await using var lake = await LoadingLake.Open(Columns);
        var plan = lake.Plan("killed");
        var folder = Path.Combine(lake.Inner.Folder, "staging");
        for (var i = 0; i < Chunks; i++)
        {
            File.Move(Chunk(lake, i).Path, Path.Combine(folder, $"{i:D5}.csv"));
        }

        for (var kill = 1; kill <= 3; kill++)
        {
            using var victim = Victim(lake.Inner.Folder);
            while (GovernedLoad.Staged(plan, 0) < kill * 2 && !victim.HasExited)
            {
                await Task.Delay(2);
            }

            victim.Kill(entireProcessTree: true);
            await victim.WaitForExitAsync();
            GovernedLoad.Staged(plan, 0).ShouldBeGreaterThanOrEqualTo(kill * 2);
        }

        var outcome = (await new GovernedLoad(lake.Warehouse).Run(plan, ChunksIn(folder))).Value;
        outcome.Counts.ShouldBe(new LoadCounts(Chunks * (PerChunk - 1), Chunks, 0, 0));
        outcome.Rejects.Count().ShouldBe(Chunks);
        await lake.Commit(outcome);
        var seen = await lake.Inner.Engine.Read(s => s.Rows(
            $"SELECT count(*), count(DISTINCT id), sum(id)::BIGINT FROM read_parquet({SqlText.List(outcome.Files.Select(f => f.Path))})", r => (r.GetInt64(0), r.GetInt64(1), r.GetInt64(2))));
        const long all = (long)Chunks * PerChunk;
        var bad = Enumerable.Range(0, Chunks).Sum(c => ((long)c * PerChunk) + 1);
        seen.ShouldBe([(all - Chunks, all - Chunks, (all * (all + 1) / 2) - bad)]);
    }

    /// <summary>Also the process that the test above kills, when it is told in which lake.</summary>
    [Fact]
    public async Task A_second_process_can_load_into_the_same_lake()
    {
        await using var own = await LoadingLake.Open(Columns);
        var folder = Environment.GetEnvironmentVariable("LIZHOU_VICTIM");
        var chunks = folder is null ? new[] { Chunk(own, 0), Chunk(own, 1) }.ToAsyncEnumerable() : ChunksIn(Path.Combine(folder, "staging"));
        folder ??= own.Inner.Folder;
        using var state = new StateStore(Path.Combine(folder, "state.db"));
        using var engine = new Engine(new EngineOptions([Path.Combine(folder, "data"), Path.Combine(folder, "staging")], Path.Combine(folder, "temp-second")) { Writers = 1 });
        await using var warehouse = await Warehouse.Open(state, engine, folder, TestLake.SealKey, TimeProvider.System);
        var table = (await warehouse.Find("landing", "loaded")).ShouldNotBeNull();
        var plan = new LoadPlan("killed", table, Path.Combine(folder, "staging", "killed"), Columns);
        (await new GovernedLoad(warehouse).Run(plan, chunks)).Value.Counts.Rejected.ShouldBeGreaterThanOrEqualTo(2);
    }

    private static Process Victim(string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ResumeTests).Assembly.Location);
        }

        foreach (var argument in new[] { "--filter-method", "*A_second_process_can_load_into_the_same_lake" })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["LIZHOU_VICTIM"] = folder;
        var victim = Process.Start(start)!;
        victim.BeginOutputReadLine();
        victim.BeginErrorReadLine();
        return victim;
    }

    private static IAsyncEnumerable<LoadChunk> ChunksIn(string folder) =>
        Enumerable.Range(0, Chunks).Select(i => new LoadChunk(i, 0, Path.Combine(folder, $"{i:D5}.csv"))).ToAsyncEnumerable();

    /// <summary>Records numbered through, the first of each chunk without its id.</summary>
    private static LoadChunk Chunk(LoadingLake lake, int sequence)
    {
        var text = new StringBuilder();
        for (var i = 1; i <= PerChunk; i++)
        {
            var number = (sequence * PerChunk) + i;
            text.Append(number).Append(',').Append(i == 1 ? "" : $"{number}").Append(",text ").Append(number % 1000).Append('\n');
        }

        return lake.Raw(sequence, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static string[] Files(LoadingLake lake) =>
        [.. Directory.GetFiles(lake.Warehouse.Staging.Folder(lake.Table)).Select(f => $"{f} {File.GetLastWriteTimeUtc(f):O}")];

    private sealed class Reports : IProgress<LoadProgress>
    {
        public List<LoadProgress> Seen { get; } = [];

        public void Report(LoadProgress value) => Seen.Add(value);
    }
}
