using Lizhou.Tests.Support;

namespace Lizhou.Lake.Tests.Crash;

public sealed class PowerCutTests
{
    private const string NoFlush = "/usr/lib/x86_64-linux-gnu/libeatmydata.so";

    [Fact]
    public async Task A_power_cut_loses_nothing_that_was_acknowledged()
    {
        using var disk = LoopDisk.Make(384);
        var (history, random) = (new History(), new Random(11));
        var cuts = KillTests.Share(200);
        for (var done = 0; done < cuts;)
        {
            using var victim = Victim.Start(Path.Combine(disk.Mount, "lake"), Path.Combine(disk.Mount, "state.db"), history, done);
            for (var i = 0; i < 10 && done < cuts; i++, done++)
            {
                (await victim.Listen(random.Next(1, 25))).ShouldBeTrue("the victim died by itself");
                var faults = await Cut(disk, victim, history);
                faults.ShouldBeEmpty($"cut {done}");
            }

            await victim.Kill();
        }

        history.Acknowledged.ShouldBeGreaterThan(cuts);
    }

    [Fact]
    public async Task Without_flushing_the_same_cut_loses_writes()
    {
        Servers.SkipWhen(!File.Exists(NoFlush), "libeatmydata is missing (apt-get install libeatmydata1).");
        using var disk = LoopDisk.Make(384);
        var history = new History();
        using var victim = Victim.Start(Path.Combine(disk.Mount, "lake"), Path.Combine(disk.Mount, "state.db"), history, 3, preload: NoFlush);
        var lost = 0;
        for (var i = 0; i < 10 && lost == 0; i++)
        {
            (await victim.Listen(15)).ShouldBeTrue();
            lost = (await Cut(disk, victim, history)).Count;
        }

        await victim.Kill();
        lost.ShouldBeGreaterThan(0);
    }

    /// <summary>Cuts while the victim writes on, opens what is left and compares.</summary>
    private static async Task<List<string>> Cut(LoopDisk disk, Victim victim, History history)
    {
        var before = history.Now();
        var place = disk.Cut();
        try
        {
            // What the victim began before the copy was made may be in it; it has said so by a few lines from now.
            (await victim.Listen(8)).ShouldBeTrue("the victim died by itself");
            return await Judge(place, before, history.Now());
        }
        finally
        {
            disk.Release(place);
        }
    }

    private static async Task<List<string>> Judge(string place, IReadOnlyList<Op> before, IReadOnlyList<Op> after)
    {
        var state = Path.Combine(place, "state.db");
        if (!File.Exists(state))
        {
            return before.Any(o => o.Acknowledged) ? ["lost: the state database"] : [];
        }

        try
        {
            return await History.Check(Path.Combine(place, "lake"), state, before, after, verify: true);
        }
        catch (Exception error) when (error is Microsoft.Data.Sqlite.SqliteException or DuckDB.NET.Data.DuckDBException or IOException)
        {
            return [$"unreadable: {error.Message}"];
        }
    }
}
