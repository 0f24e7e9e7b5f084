// What a grant costs: processor time of what is done for it, without waiting; the office hours of those who reviewed it; on its page, among the figures of the month, in their files.
using System.Diagnostics;
using System.Text;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

public sealed class CostTests(SharedCity city) : CostPromises(city), IClassFixture<SharedCity>
{
    protected override SharedCity Another() => new();
}

public sealed class CostTestsOnPostgreSql(PostgresCity city) : CostPromises(city), IClassFixture<PostgresCity>
{
    protected override SharedCity Another() => new PostgresCity();
}

public abstract class CostPromises(SharedCity city)
{
    /// <summary>A city whose clock this test moves; nothing runs in it that would wait for the time passed over.</summary>
    protected abstract SharedCity Another();

    private static async Task<long> Cost(HttpClient who, string grant, string what) => (await Json(await who.GetAsync($"/api/v1/grants/{grant}/cost"))).GetProperty(what).GetInt64();

    private Task<long> Processor(string grant) => Cost(city.AskerSteward, grant, "processorMicroseconds");

    [Fact]
    public async Task A_call_is_counted_with_its_processor_time_for_the_grant_it_was_for()
    {
        var (grant, other) = (await city.Granted((await city.Resource()).Id), await city.Granted((await city.Resource()).Id));
        using var program = await city.Program(grant);
        var before = Environment.CpuUsage.TotalTime;
        await Json(await program.GetAsync($"/api/v1/data/{grant}"));
        var first = await Processor(grant);
        first.ShouldBeGreaterThan(0);
        await Json(await program.GetAsync($"/api/v1/data/{grant}/changes"));
        (await program.GetAsync($"/api/v1/data/{grant}?format=csv")).EnsureSuccessStatusCode();
        (await program.GetAsync($"/api/v1/data/{grant}?select=nothing")).IsSuccessStatusCode.ShouldBeFalse();
        (await Processor(grant)).ShouldBeGreaterThan(first);
        ((await Processor(grant)) / 1000).ShouldBeLessThan((long)(Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        (await Cost(city.AskerSteward, grant, "rows")).ShouldBe(9);
        (await Cost(city.AskerSteward, grant, "bytes")).ShouldBeGreaterThan(0);

        // A key of one grant tried on another spends nothing of the other's.
        (await Refusal(await program.GetAsync($"/api/v1/data/{other}"))).ShouldBe("SHR-030");
        (await Processor(other)).ShouldBe(0);
        (await Refusal(await city.StrangerSteward.GetAsync($"/api/v1/grants/{grant}/cost"))).ShouldBe("SHR-020");
    }

    [Fact]
    public async Task A_message_is_counted_and_the_wait_for_its_receiver_is_not()
    {
        await using var receiver = await Receiver.Open();
        var slow = TimeSpan.FromSeconds(3);
        receiver.Unanswered = stop => Task.Delay(slow, stop);
        var grant = await city.Granted((await city.Resource()).Id, way: null);
        var watch = Stopwatch.StartNew();
        var number = await city.Delivery(grant, new { hook = new { url = receiver.Url, all = true } });
        (await city.Run(number)).GetProperty("result").GetString().ShouldBe("Delivered");
        watch.Elapsed.ShouldBeGreaterThan(slow);
        var spent = await Wait.For(() => Processor(grant), s => s > 0);
        TimeSpan.FromMicroseconds(spent).ShouldBeLessThan(slow);
    }

    [Fact]
    public async Task Reviewers_are_counted_in_office_hours_from_a_requests_arrival_to_each_decision()
    {
        await using var later = Another();
        await later.InitializeAsync();
        var friday = await OrdinaryFriday(later);
        var resource = await later.Resource();
        Go(later, friday.At(new(16, 30)));
        using var asker = await later.AsStewardOf(SharedCity.Asker);
        var number = (await Json(await later.Ask(asker, resource.Id)))[0].GetProperty("number").GetString()!;

        // Over the weekend: an hour on Friday, an hour on Monday; then half an hour at the source unit; nobody's for the night after.
        Go(later, friday.AddDays(3).At(new(9, 30)));
        using var engineer = await later.As(Roles.Engineer);
        await Json(await later.Step(engineer, number, "Conform"));
        later.Advance(TimeSpan.FromMinutes(30));
        using var source = await later.AsStewardOf(SharedCity.Source);
        var grant = (await Json(await later.Step(source, number, "Approve"))).GetProperty("grant").GetString()!;
        (await Cost(source, grant, "reviews")).ShouldBe(2);
        (await Cost(source, grant, "reviewMinutes")).ShouldBeInRange(149, 152);
        (await Cost(source, grant, "openMinutes")).ShouldBeInRange((65 * 60) + 29, (65 * 60) + 32);

        var month = friday.AddDays(3).ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        var line = (await Json(await source.GetAsync($"/api/v1/exchange?month={month}&by=Provider"))).GetProperty("lines").EnumerateArray().Single();
        (line.GetProperty("name").GetString(), line.GetProperty("reviews").GetInt32(), line.GetProperty("exchanged").GetInt64()).ShouldBe(("模拟民政局", 2, 0));
        line.GetProperty("reviewMinutes").GetInt64().ShouldBeInRange(149, 152);
        (await source.GetStringAsync($"/grants/{grant}")).ShouldContain("审核用时");
    }

    [Fact]
    public async Task The_figures_of_a_month_leave_as_a_file_with_their_evidence()
    {
        var grant = await city.Granted((await city.Resource()).Id);
        using var program = await city.Program(grant);
        await Json(await program.GetAsync($"/api/v1/data/{grant}"));
        var csv = await city.AskerSteward.GetAsync("/api/v1/exchange/export?by=Grant&format=csv");
        var lines = Encoding.UTF8.GetString(await csv.Content.ReadAsByteArrayAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        lines[0].ShouldContain("处理器时间（毫秒）");
        var cells = lines.Single(l => l.StartsWith(grant, StringComparison.Ordinal)).Split(',');
        cells[1..5].ShouldBe(["1", "0", "3", "3"]);
        decimal.Parse(cells[6], System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        lines[^1].ShouldStartWith("合计,");
        var book = await city.AskerSteward.GetAsync("/api/v1/exchange/export?by=Resource");
        book.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        (await Refusal(await city.Engineer.GetAsync("/api/v1/exchange/export?month=2026-13"))).ShouldBe("SHR-031");
        using var auditor = await city.As(Roles.AuditAdministrator);
        (await (await auditor.GetAsync("/api/v1/ledger/entries?act=exchange.exported")).Content.ReadAsStringAsync()).ShouldContain("exchange.exported");
        (await city.AskerSteward.GetStringAsync("/exchange?by=Grant")).ShouldContain(grant);
        (await city.StrangerSteward.GetStringAsync("/exchange?by=Grant")).ShouldNotContain(grant);
    }

    /// <summary>The next Friday that is worked as usual, before a Monday that is.</summary>
    private static async Task<DateOnly> OrdinaryFriday(SharedCity city)
    {
        using var scope = city.Services.CreateScope();
        var calendar = scope.ServiceProvider.GetRequiredService<IWorkCalendar>();
        for (var day = city.Today.AddDays(1); ; day = day.AddDays(1))
        {
            var worked = await calendar.Worked([.. Enumerable.Range(0, 4).Select(d => (day.AddDays(d).Midnight(), day.AddDays(d).EndOfDay()))], default);
            if (day.DayOfWeek == DayOfWeek.Friday && worked.Select(w => w.TotalHours).SequenceEqual([7, 0, 0, 7]))
            {
                return day;
            }
        }
    }

    private static void Go(SharedCity city, DateTimeOffset when) => city.Advance(when - city.Services.GetRequiredService<TimeProvider>().GetUtcNow());
}
