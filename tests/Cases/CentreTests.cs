// The event centre: changes are heard as they happen, by whom they concern, from where the line broke; a sketch on which every place has its area; the unit that led an ended case.
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Lizhou.Cases.Centre;
using Lizhou.Cases.Finding;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class CentreTests(CaseCity city) : IClassFixture<CaseCity>
{
    [Fact]
    public async Task A_change_is_heard_by_whom_it_concerns_and_by_nobody_else()
    {
        using var bureau = await Stream.Open(city.Bureau);
        using var plumber = await Stream.Open(city.Plumber);
        var number = await city.Dispatched();
        await bureau.Until(number, revision: 4);
        var theirs = await city.Report("污水井冒水", @class: "0110");
        await Json(await city.Act(city.Bureau, theirs, "accept", new { @class = "0110" }));
        await Json(await city.Act(city.Bureau, theirs, "file"));
        await Json(await city.Act(city.Bureau, theirs, "dispatch", new { unit = CaseCity.Water }));
        await plumber.Until(theirs, revision: 4);
        plumber.Heard.Select(h => h.Number).Distinct().ShouldBe([theirs]);
    }

    [Fact]
    public async Task Who_comes_back_hears_what_happened_meanwhile()
    {
        string last;
        using (var first = await Stream.Open(city.Bureau))
        {
            var before = await city.Report();
            last = await first.Until(before);
        }

        var missed = await city.Report("路灯不亮了");
        using var again = await Stream.Open(city.Bureau, last);
        await again.Until(missed);
        using var late = await Stream.Open(city.Bureau, "2020-01-01T00:00:00Z");
        await late.Until((string?)null);
    }

    [Fact]
    public async Task More_than_can_be_told_one_by_one_is_told_as_one_and_what_comes_after_is_heard_again()
    {
        string last;
        using (var first = await Stream.Open(city.Bureau))
        {
            last = await first.Until(await city.Report());
        }

        await Parallel.ForEachAsync(Enumerable.Range(1, 600), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) => await city.Report($"路灯不亮了，第 {i} 盏"));
        using var again = await Stream.Open(city.Bureau, last);
        await again.Until((string?)null);
        using var enough = new CancellationTokenSource();
        var later = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var reporting = Task.Run(
            async () =>
            {
                using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1));
                while (!enough.IsCancellationRequested)
                {
                    later[await city.Report("路面又有积水")] = true;
                    await pace.WaitForNextTickAsync(CancellationToken.None);
                }
            },
            TestContext.Current.CancellationToken);
        await again.Until(heard => heard.Number is { } number && later.ContainsKey(number));
        await enough.CancelAsync();
        await reporting;
    }

    [Fact]
    public async Task Nobody_takes_the_lines_of_all()
    {
        List<HttpResponseMessage> lines = [];
        while (lines.Count < CaseNews.MostOwn)
        {
            // Lines that others of these tests have left end when the server sees it.
            await Wait.Until(async () =>
            {
                using var ask = new HttpRequestMessage(HttpMethod.Get, "/api/v1/cases/changes") { Headers = { { "Accept", "text/event-stream" } } };
                lines.Add(await city.Plumber.SendAsync(ask, HttpCompletionOption.ResponseHeadersRead));
                return lines.RemoveAll(l => l.StatusCode != HttpStatusCode.OK) == 0;
            });
        }

        async Task<HttpStatusCode> One(HttpClient who)
        {
            using var ask = new HttpRequestMessage(HttpMethod.Get, "/api/v1/cases/changes") { Headers = { { "Accept", "text/event-stream" } } };
            using var answer = await who.SendAsync(ask, HttpCompletionOption.ResponseHeadersRead);
            return answer.StatusCode;
        }

        (await One(city.Plumber)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await One(city.Bureau)).ShouldBe(HttpStatusCode.OK);
        lines.ForEach(l => l.Dispose());
        await Wait.Until(async () => await One(city.Plumber) == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_takes_the_stream_for_a_list_and_strangers_hear_nothing()
    {
        (await Refusal(await city.Bureau.GetAsync("/api/v1/cases/changes"))).ShouldBe("CAS-071");
        using var visitor = city.Visitor();
        using var ask = new HttpRequestMessage(HttpMethod.Get, "/api/v1/cases/changes") { Headers = { { "Accept", "text/event-stream" } } };
        using var answer = await visitor.SendAsync(ask, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_ended_case_tells_the_unit_that_led_it_last()
    {
        var number = await city.Dispatched();
        await Json(await city.Act(city.Cleaner, number, "feedback", new { result = "已清理" }));
        await Json(await city.Act(await city.As(Kernel.Roles.Engineer), number, "verified", new { result = "已核实" }));
        await Json(await city.Act(await city.As(Kernel.Roles.Engineer), number, "close"));
        (await city.Detail(number)).GetProperty("case").GetProperty("unit").GetString().ShouldBe("模拟环卫中心");
        var listed = (await Json(await city.Bureau.GetAsync($"/api/v1/cases?q={number}"))).GetProperty("items")[0];
        (listed.GetProperty("ended").GetBoolean(), listed.GetProperty("unit").GetString()).ShouldBe((true, "模拟环卫中心"));
        var rejected = await city.Report();
        await Json(await city.Act(city.Bureau, rejected, "reject", new { reason = "不属于本市" }));
        (await city.Detail(rejected)).GetProperty("case").GetProperty("unit").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void Areas_cover_the_sketch_once_and_hold_their_own_middle()
    {
        Sketch.Areas.Count.ShouldBe(18);
        foreach (var area in Sketch.Areas.Values)
        {
            area.Holds(area.Middle).ShouldBeTrue(area.Code);
            Sketch.Areas.Values.Count(other => other.Holds(area.Middle)).ShouldBe(1, area.Code);
        }
    }

    [Fact]
    public void Many_cases_of_one_place_are_one_circle_until_the_place_is_chosen()
    {
        var files = Enumerable.Range(1, 30).Select(i => new CaseFile { Number = $"SJ20260302-{i:D6}", Place = Town.Village, Words = "路边有垃圾", DueAt = i == 1 ? Town.Monday.AddHours(-1) : null }).ToList();
        var one = Town.Map(files, Town.Desk, null).Dots.ShouldHaveSingleItem();
        (one.Many, one.Red, one.Area, one.Worst).ShouldBe((30, 1, Town.Street, Light.Red));
        var near = Town.Map(files, Town.Desk, Town.Street);
        near.Dots.ShouldHaveSingleItem().ShouldSatisfyAllConditions(d => d.Many.ShouldBe(30), d => d.Area.ShouldBe(Town.Village));
        near = Town.Map(files, Town.Desk, Town.Village);
        (near.Dots.Count, near.Chosen).ShouldBe((30, Town.Village));
        near.Dots.Select(d => d.At).Distinct().Count().ShouldBe(30);
        Town.Map([.. files, .. files.Select((f, i) => f with { Number = $"SJ20260303-{i:D6}" }), files[0]], Town.Desk, Town.Village).Dots.ShouldHaveSingleItem().Many.ShouldBe(61, "too many to be drawn one by one");
    }

    [Fact]
    public async Task The_map_counts_all_cases_of_the_filter_by_area_and_light_however_many_they_are()
    {
        using var scope = city.Services.CreateScope();
        var (db, map, count) = (scope.ServiceProvider.GetRequiredService<StateStore>(), scope.ServiceProvider.GetRequiredService<DrawMap>(), scope.ServiceProvider.GetRequiredService<CountPlaces>());
        await using (var connection = await db.Open())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            for (var i = 0; i < 430; i++)
            {
                // 400 of one town, older than 25 of another, of which five are past their limit and five nearly; five that have ended.
                var (place, ended, due) = (i < 400 ? "330784105" : "330784107", i >= 425, i is >= 400 and < 405 ? "2020-01-01" : "2090-01-01");
                var (warn, state, at) = (i is >= 400 and < 410 ? "2020-01-01" : "2089-01-01", ended ? "closed" : "handling", $"SJ2019010{(i < 400 ? 1 : 2)}-{i:D6}");
                await connection.Execute(transaction, $"""
                    INSERT INTO case_file (id, number, revision, flow, state, ended, loop, node, place, class, grade, source, words, address, has_reporter, reported_at, reported_by, day, stage_at, last_at, due_at, warn_at, late, handlers,
                        asked_hours, reworks, returns, shirks, delays, holds, supervised, loop_at)
                    VALUES ({Guid.CreateVersion7().ToString("D")}, {at}, 1, 1, {state}, {(ended ? 1 : 0)}, 'Small', {place}, {place}, '0102', 'Ordinary', 'Hotline', '路边有一堆垃圾', '', 0, '2019-01-01T00:00:00.0000000Z', {Guid.Empty.ToString("D")}, '2019-01-01',
                        '2019-01-01T00:00:00.0000000Z', '2019-01-01T00:00:00.0000000Z', {(ended ? null : $"{due}T00:00:00.0000000Z")}, {(ended ? null : $"{warn}T00:00:00.0000000Z")}, 1, '[]', 0, 0, 0, 0, 0, 0, 0, '2019-01-01T00:00:00.0000000Z')
                    """);
            }

            await transaction.CommitAsync();
        }

        var of = new CaseFilter(From: new(2019, 1, 1), To: new(2019, 1, 31));
        var bureau = Town.Bureau;
        var drawn = await map.Run(of, bureau, default);
        drawn.Dots.Select(d => (d.Area, d.Many, d.Red, d.Worst)).ShouldBe([("330784105", 400, 0, Light.Green), ("330784107", 25, 5, Light.Red)], ignoreOrder: true);
        (await count.Run(of with { Light = Light.Yellow }, bureau, default)).ShouldHaveSingleItem().ShouldBe(new("330784107", 5, 0, 5, 5));
        (await map.Run(of with { Light = Light.Red }, bureau, default)).Dots.ShouldAllBe(d => d.Number != null && d.Worst == Light.Red && d.Area == "330784107");
        (await map.Run(of with { State = "closed" }, bureau, default)).Dots.Select(d => (d.Number is null, d.Worst)).ShouldBe(Enumerable.Repeat((false, (Light?)null), 5));
        (await map.Run(of with { Class = "0201" }, bureau, default)).Dots.ShouldBeEmpty();
        (await map.Run(of, Town.Stranger, default)).Dots.ShouldBeEmpty("they concern others");
        (await map.Run(of with { Node = "330784107" }, bureau, default)).Dots.Count(d => d.Number is not null).ShouldBe(25, "of the place that is chosen each is drawn");
    }

    [Fact]
    public async Task A_thousand_cases_are_counted_and_of_more_it_is_said_that_there_are_more()
    {
        await using (var connection = await city.Services.GetRequiredService<StateStore>().Open())
        {
            await connection.Execute(null, $"""
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
                INSERT INTO case_file (id, number, revision, flow, state, ended, loop, node, place, grade, source, words, address, has_reporter, reported_at, reported_by, day, stage_at, last_at, late, handlers,
                    asked_hours, reworks, returns, shirks, delays, holds, supervised, loop_at)
                SELECT '01930000-0000-7000-8000-' || printf('%012d', i), 'SJ20180101-' || printf('%06d', i), 1, 1, 'reported', 0, 'Small', '330784105', '330784105', 'Ordinary', 'Hotline', '路边有一堆垃圾', '', 0,
                    '2018-01-01T00:00:00.0000000Z', {Guid.Empty.ToString("D")}, '2018-01-01', '2018-01-01T00:00:00.0000000Z', '2018-01-01T00:00:00.0000000Z', 0, '[]', 0, 0, 0, 0, 0, 0, 0, '2018-01-01T00:00:00.0000000Z' FROM n
                """);
        }

        async Task<(long, bool)> Total(string q) => await Json(await city.Bureau.GetAsync($"/api/v1/cases?q={q}")) is var page ? (page.GetProperty("total").GetInt64(), page.GetProperty("totalIsExact").GetBoolean()) : default;
        (await Total("SJ20180101")).ShouldBe((1_000, false));
        (await Total("SJ20180101-000")).ShouldBe((999, true));
        System.Net.WebUtility.HtmlDecode(await city.Bureau.GetStringAsync("/cases")).ShouldContain("待我办理（1000+）");
    }

    /// <summary>A line of Server-Sent Events, read as it comes.</summary>
    private sealed class Stream : IDisposable
    {
        private readonly HttpResponseMessage answer;
        private readonly StreamReader lines;

        private Stream(HttpResponseMessage answer, System.IO.Stream body) => (this.answer, lines) = (answer, new StreamReader(body));

        public List<(string? Number, long Revision)> Heard { get; } = [];

        public static async Task<Stream> Open(HttpClient who, string? last = null)
        {
            using var ask = new HttpRequestMessage(HttpMethod.Get, "/api/v1/cases/changes") { Headers = { { "Accept", "text/event-stream" } } };
            if (last is not null)
            {
                ask.Headers.Add("Last-Event-ID", last);
            }

            var came = await who.SendAsync(ask, HttpCompletionOption.ResponseHeadersRead);
            came.StatusCode.ShouldBe(HttpStatusCode.OK);
            came.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
            return new(came, await came.Content.ReadAsStreamAsync());
        }

        /// <returns>The id of the message that told it.</returns>
        public Task<string> Until(string? number, long revision = 0) => Until(heard => heard.Number == number && heard.Revision >= revision);

        public async Task<string> Until(Func<(string? Number, long Revision), bool> willDo)
        {
            using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var (kind, data) = ("", "");
            while (await lines.ReadLineAsync(enough.Token) is { } line)
            {
                kind = line.StartsWith("event: ", StringComparison.Ordinal) ? line[7..] : kind;
                data = line.StartsWith("data: ", StringComparison.Ordinal) ? line[6..] : data;
                if (line.StartsWith("id: ", StringComparison.Ordinal) && kind == "change")
                {
                    var told = JsonDocument.Parse(data).RootElement;
                    Heard.Add((told.GetProperty("number").GetString(), told.GetProperty("revision").GetInt64()));
                    if (willDo(Heard[^1]))
                    {
                        DateTimeOffset.Parse(line[4..], CultureInfo.InvariantCulture).Year.ShouldBeGreaterThan(2000);
                        return line[4..];
                    }
                }
            }

            throw new InvalidOperationException("The stream ended.");
        }

        public void Dispose()
        {
            lines.Dispose();
            answer.Dispose();
        }
    }
}
