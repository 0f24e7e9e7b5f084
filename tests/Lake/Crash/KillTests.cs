using Lizhou.Tests.Support;

namespace Lizhou.Lake.Tests.Crash;

public sealed class KillTests
{
    /// <summary>A fifth of the whole number, unless LIZHOU_LONG=1.</summary>
    internal static int Share(int whole) => Environment.GetEnvironmentVariable("LIZHOU_LONG") == "1" ? whole : whole / 5;

    [Fact]
    public async Task Nothing_is_lost_doubled_or_half_visible_however_often_the_writer_is_killed()
    {
        using var place = new TempLake();
        await Kill(place.Path("lake"), place.Path("state.db"), Share(300));
    }

    [Fact]
    public async Task The_same_holds_on_PostgreSQL()
    {
        using var place = new TempLake();
        await Kill(place.Path("lake"), Servers.Postgres(), Share(60));
    }

    [Fact]
    public async Task A_writer_that_acknowledges_too_early_is_caught()
    {
        using var place = new TempLake();
        var history = new History();
        var lost = 0;
        for (var i = 0; i < 20 && lost == 0; i++)
        {
            using var victim = Victim.Start(place.Path("lake"), place.Path("state.db"), history, i, early: true);
            (await victim.Listen(20 + i)).ShouldBeTrue();
            await victim.Kill();
            lost += (await History.Check(place.Path("lake"), place.Path("state.db"), history.Now(), history.Now(), verify: false)).Count(f => f.StartsWith("lost", StringComparison.Ordinal));
        }

        lost.ShouldBeGreaterThan(0);
    }

    private static async Task Kill(string folder, string state, int kills)
    {
        var (history, random, reopened) = (new History(), new Random(kills), new List<TimeSpan>());
        for (var i = 0; i < kills; i++)
        {
            using var victim = Victim.Start(folder, state, history, i);
            (await victim.Listen(random.Next(1, 40))).ShouldBeTrue("the victim died by itself");
            Thread.SpinWait(random.Next(100_000));
            await victim.Kill();
            var faults = await History.Check(folder, state, history.Now(), history.Now(), verify: i % 10 == 9 || i == kills - 1, reopened);
            faults.ShouldBeEmpty($"kill {i}");
        }

        history.Acknowledged.ShouldBeGreaterThan(kills);
        reopened.Order().ElementAt(kills / 2).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }
}
