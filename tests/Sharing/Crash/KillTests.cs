// kill -9 of the real program while rows leave by calls, files, messages and table push, and while the ledger is sealed.
using System.Net.Http.Json;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests.Crash;

public sealed class KillTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A fifth of the whole number, unless LIZHOU_LONG=1.</summary>
    private static int Share(int whole) => Environment.GetEnvironmentVariable("LIZHOU_LONG") == "1" ? whole : whole / 5;

    [Fact]
    public async Task Nothing_leaves_without_evidence_and_nothing_is_applied_twice_however_often_the_program_is_killed()
    {
        await using var city = new SharedCity();
        await city.InitializeAsync();
        await using var exchange = await Exchange.Open(city);
        await city.Close();
        exchange.Begin();
        var (kills, hit) = (Share(60), 0);
        for (var kill = 0; kill < kills; kill++)
        {
            using var victim = await Victim.Start(city, kill % 2 == 0 ? null : "seal");
            await Whole(city);
            hit += await Await(exchange, kill) ? 1 : 0;
            await victim.Kill();
            exchange.Receiver.Unanswered = _ => Task.CompletedTask;
            (await exchange.Faults()).ShouldBeEmpty($"kill {kill}");
        }

        hit.ShouldBeGreaterThan(kills * 2 / 3, "the moments that kills were meant for came");
        using (var last = await Victim.Start(city, "seal"))
        {
            await exchange.Settle();
            await Whole(city);
            await last.Kill();
        }

        (await exchange.Faults()).ShouldBeEmpty();
        (await exchange.Books()).ShouldAllBe(b => b.Booked == b.Handed);
        exchange.Taken.ShouldBeGreaterThan(kills * 10);
    }

    [Fact]
    public async Task Evidence_after_the_answer_is_caught()
    {
        await using var city = new SharedCity();
        await city.InitializeAsync();
        await using var exchange = await Exchange.Open(city, deliveries: false);
        await city.Close();
        exchange.Begin();
        List<string> faults = [];
        for (var kill = 0; kill < 10 && faults.Count == 0; kill++)
        {
            using var victim = await Victim.Start(city, "late");
            await exchange.Moments.Next("answer", 1 + kill).WaitAsync(Patience);
            await victim.Kill();
            faults = await exchange.Faults();
        }

        faults.ShouldContain(f => f.StartsWith("call: ", StringComparison.Ordinal));
    }

    /// <summary>The ledger of the running program verifies: no gap, no edit, every seal good.</summary>
    private static async Task Whole(SharedCity city)
    {
        using var door = city.Door();
        var report = await Json(await door.PostAsync(new Uri("/api/v1/ledger/verify", UriKind.Relative), null));
        report.GetProperty("faults").EnumerateArray().Select(f => f.ToString()).ShouldBeEmpty();
    }

    /// <summary>Until the moment this kill is meant for, or so many calls later.</summary>
    private static async Task<bool> Await(Exchange exchange, int kill)
    {
        var random = new Random(kill);
        try
        {
            switch (kill / 2 % 6)
            {
                case 0:
                    await exchange.Moments.Next("answer", random.Next(1, 4)).WaitAsync(Patience);
                    break;
                case 1:
                    await exchange.Moments.Next("file", random.Next(1, 4)).WaitAsync(Patience);
                    break;
                case 2:
                    exchange.Receiver.Unanswered = dead =>
                    {
                        exchange.Moments.Now("message");
                        return Task.Delay(Timeout.InfiniteTimeSpan, dead); // Dead before the answer.
                    };
                    await exchange.Moments.Next("message").WaitAsync(Patience);
                    await exchange.Moments.Next("landed").WaitAsync(Patience); // What is sent again is no longer all there is.
                    break;
                case 3:
                    await exchange.Moments.Next("pushed").WaitAsync(Patience);
                    break;
                case 4:
                    await exchange.Moments.Next("landed").WaitAsync(Patience);
                    await exchange.Moments.Next("answer", random.Next(40)).WaitAsync(Patience);
                    break;
                default:
                    await exchange.Moments.Next("answer", random.Next(80)).WaitAsync(Patience);
                    break;
            }

            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
