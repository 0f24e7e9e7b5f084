// Grids (示意) below the villages: there from the first start and, once, in a state of before; nodes like all others for cases, duties, loops, forms and programs that report; cells on the sketch.
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Centre;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class GridTests(CaseCity city) : GridStory(city), IClassFixture<CaseCity>
{
    [Fact]
    public async Task A_state_of_before_gets_its_grids_at_a_start_and_one_with_grids_of_its_own_keeps_them()
    {
        var own = new CaseCity();
        await using (own)
        {
            await own.InitializeAsync();
            var shipped = await Grids(own);
            await Sql(own, $"DELETE FROM case_node WHERE kind = 'Grid'");
            await own.Reopen();
            (await Grids(own)).ShouldBe(shipped);
            await Sql(own, $"DELETE FROM case_node WHERE kind = 'Grid'");
            await Sql(own, $"INSERT INTO case_node (code, name, kind, parent) VALUES ('330784001001007', '广场网格', 'Grid', '330784001001')");
            await own.Reopen();
            (await Grids(own)).ShouldBe(["330784001001007 广场网格 330784001001"]);
        }
    }

    [Fact]
    public async Task Areas_of_villages_and_grids_cover_what_they_are_cut_out_of_and_are_the_same_each_time()
    {
        var nodes = await Nodes();
        var clock = Stopwatch.StartNew();
        var parents = nodes.ByCode.Values.Where(n => n.Kind != NodeKind.Centre && nodes.Below.Contains(n.Code)).ToList();
        var cut = parents.ToDictionary(n => n.Code, n => Sketch.Below(n, nodes));
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20)); // All of the county; whoever looks cuts one town or village, in milliseconds.
        parents.Count.ShouldBe(14 + 452);
        var again = nodes with { };
        foreach (var parent in parents)
        {
            var (whole, parts) = (Sketch.Of(parent, nodes)!, cut[parent.Code]);
            parts.Keys.Order().ShouldBe(nodes.Below[parent.Code].Select(n => n.Code));
            parts.Values.Sum(Size).ShouldBe(Size(whole), Size(whole) * .001, parent.Code);
            parts.Values.ShouldAllBe(p => Size(p) > Size(whole) / parts.Count / 4, parent.Code);
            parts.Values.ShouldAllBe(p => p.Holds(p.Middle), parent.Code);
        }

        Sketch.Below(parents[0], again).Values.Select(a => a.Points).ShouldBe(cut[parents[0].Code].Values.Select(a => a.Points));
    }

    [Fact]
    public async Task On_the_map_a_town_shows_its_villages_a_village_its_grids_and_each_the_cases_in_it()
    {
        var desk = await City.Services.GetRequiredService<DeskBook>().Now(default);
        var files = Enumerable.Range(1, 30).Select(i => new CaseFile { Number = $"SJ20260302-{i:D6}", Place = i <= 20 ? Grid : i <= 25 ? Town.Village : Town.Street, Words = "路边有垃圾" }).ToList();
        CaseMap At(string? node) => Town.Map(files, desk, node);

        var county = At(null);
        (county.Areas.Count, county.Path.Count).ShouldBe((18, 0));
        county.Dots.ShouldHaveSingleItem().Area.ShouldBe(Town.Street);
        var town = At(Town.Street);
        town.Areas.Count(a => a.Code.Length == 12).ShouldBe(desk.Nodes.Below[Town.Street].Count());
        town.Areas.ShouldNotContain(a => a.Code == Town.Street, "its villages cover it");
        town.Dots.Where(d => d.Number is null).ShouldHaveSingleItem().ShouldSatisfyAllConditions(d => d.Area.ShouldBe(Town.Village), d => d.Many.ShouldBe(25));
        town.Dots.Count(d => d.Number is not null).ShouldBe(5, "reported from the town itself");
        var village = At(Town.Village);
        village.Areas.Count(a => a.Code.Length == 15).ShouldBe(desk.Nodes.Below[Town.Village].Count());
        (village.Dots.Single(d => d.Number is null).Area, village.Dots.Single(d => d.Number is null).Many).ShouldBe((Grid, 20));
        var grid = At(Grid);
        grid.Path.Select(n => n.Code).ShouldBe([Town.Street, Town.Village, Grid]);
        grid.Dots.Count(d => d.Area == Grid && d.Number is not null).ShouldBe(20);
        foreach (var map in new[] { county, town, village, grid })
        {
            (map.Height <= Sketch.Height + .01).ShouldBeTrue();
            map.Areas.Where(a => map.Chosen is null || desk.Nodes.Holds(map.Chosen, a.Code)).SelectMany(a => a.Ring).ShouldAllBe(s => s.X >= 0 && s.X <= Sketch.Width && s.Y >= 0 && s.Y <= map.Height);
        }
    }

    [Fact]
    public async Task From_a_grid_a_case_goes_up_to_the_town_for_its_village_is_of_the_same_loop()
    {
        var nodes = await Nodes();
        var desk = Town.Desk with { Nodes = nodes, Duties = new(Town.Desk.Duties.Today, nodes) };
        var whole = Decide.Report(Guid.NewGuid(), new("SJ20260302-000001", Grid, CaseSource.Patrol, "路边有垃圾", "", null, null, false), "0102", null, Town.Bureau, desk, Town.Monday, Town.Monday).After;
        (whole.File.Loop, whole.File.Node).ShouldBe((Loop.Micro, Grid));
        var raised = Decide.Take(whole, new("raise", new Dictionary<string, string> { ["reason"] = "需镇街统筹" }), null, Town.Bureau, desk, Town.Monday.AddMinutes(1)).Value.After.File;
        (raised.Loop, raised.Node).ShouldBe((Loop.Small, Town.Street));
        var climbed = Stays.Climbs(whole, desk.Flow, desk, whole.File.StayUntil!.Value.AddSeconds(1)).ShouldNotBeNull().After.File;
        (climbed.Loop, climbed.Node).ShouldBe((Loop.Small, Town.Street));
    }

    private static double Size(Area area) => Math.Abs(area.Ring.Zip(area.Ring.Skip(1).Append(area.Ring[0])).Sum(e => (e.First.X * e.Second.Y) - (e.Second.X * e.First.Y))) / 2;
}

public sealed class GridTestsOnPostgreSql(PostgresCaseCity city) : GridStory(city), IClassFixture<PostgresCaseCity>;

public abstract class GridStory(CaseCity city)
{
    protected const string Grid = "330784001001001";

    protected CaseCity City { get; } = city;

    [Fact]
    public async Task Every_village_has_two_to_five_grids_that_say_they_are_made_up()
    {
        var nodes = await Nodes();
        var villages = nodes.ByCode.Values.Where(n => n.Kind == NodeKind.Village).ToList();
        foreach (var village in villages)
        {
            var grids = nodes.Below[village.Code].ToList();
            grids.Count.ShouldBeInRange(2, 5);
            grids.ShouldAllBe(g => g.Kind == NodeKind.Grid && g.Loop == Loop.Micro && g.Name.EndsWith("网格（示意）", StringComparison.Ordinal));
            grids.Select(g => g.Code).ShouldBe(Enumerable.Range(1, grids.Count).Select(i => $"{village.Code}{i:D3}"));
        }

        (villages.Count, nodes.ByCode.Values.Count(n => n.Kind == NodeKind.Grid)).ShouldBe((452, 1367));
        nodes.Name(Grid).ShouldBe("东城街道 园丁社区居委会 第一网格（示意）");
    }

    [Fact]
    public async Task Who_has_a_duty_of_a_grid_has_the_cases_of_it_and_who_has_one_of_the_village_those_of_all_its_grids()
    {
        async Task Duty(string node, Guid unit) => (await City.Bureau.PostAsJsonAsync("/api/v1/case-duties", new { node, duty = "patrol", unit })).EnsureSuccessStatusCode();
        async Task<string[]> Seen(HttpClient who, string query) => [.. (await Json(await who.GetAsync($"/api/v1/cases?{query}&size=200"))).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("number").GetString()!)];
        await Duty("330784002201001", CaseCity.Cleaning);
        await Duty("330784002201", CaseCity.Water);
        var (first, second, whole) = (await Report("330784002201001"), await Report("330784002201002"), await Report("330784002201"));
        (await City.Detail(first)).GetProperty("case").GetProperty("nodeName").GetString()!.ShouldEndWith("第一网格（示意）");
        (await Seen(City.Cleaner, "mine=true&node=330784002")).ShouldBeEmpty("it waits for who accepts");
        (await Seen(City.Cleaner, "node=330784002")).ShouldBe([first]);
        (await Seen(City.Plumber, "node=330784002")).ShouldBe([whole, second, first]);
        (await Seen(City.Bureau, "node=330784002201001")).ShouldBe([first]);
        (await Seen(City.Bureau, "node=330784002201")).ShouldBe([whole, second, first]);
        (await City.Cleaner.GetStringAsync("/report")).ShouldContain("<option value=\"001\" selected", customMessage: "a grid worker's form begins with their grid");
        (await City.Bureau.GetStringAsync("/report")).ShouldNotContain("<option value=\"001\" selected");
        await Json(await City.Act(City.Bureau, first, "send-check"));
        (await Seen(City.Cleaner, "mine=true")).ShouldContain(first);
        await Json(await City.Act(City.Cleaner, first, "answer-check", new { result = "属实" }));
        (await City.Act(City.Cleaner, second, "self-handle", new { @class = "0102", result = "已清理" })).StatusCode.ShouldNotBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_form_names_a_grid_by_its_number_in_the_village_and_no_page_carries_all_of_them()
    {
        var page = await City.Bureau.GetStringAsync("/cases/new?place=330784001001002");
        page.ShouldContain("<option value=\"002\" selected");
        page.ShouldNotContain("网格（示意）");
        (page.Length < 90_000).ShouldBeTrue($"{page.Length} characters");
        async Task<HttpResponseMessage> Send(string place, string grid)
        {
            using var form = new FormUrlEncodedContent([new("_handler", "case"), new("Words", "模拟：路灯不亮"), new("Source", "Patrol"), new("Place", place), new("PlaceGrid", grid)]);
            return await City.Bureau.PostAsync("/cases/new", form);
        }

        async Task<string> PlaceOf(HttpResponseMessage made) => (await City.Detail(made.Headers.Location!.ToString().Split('/')[^1])).GetProperty("case").GetProperty("node").GetString()!;
        (await PlaceOf(await Send("330784001001", "002"))).ShouldBe("330784001001002");
        (await PlaceOf(await Send("330784001001", ""))).ShouldBe("330784001001");
        (await PlaceOf(await Send("", ""))).ShouldBe("330784");
        foreach (var (place, grid) in new[] { ("330784001001", "009"), ("330784001", "001"), ("", "001") })
        {
            (await (await Send(place, grid)).Content.ReadAsStringAsync()).ShouldContain("CAS-009");
        }
    }

    [Fact]
    public async Task A_report_with_a_position_and_no_place_goes_to_the_grid_it_lies_in()
    {
        async Task<string> NodeAt(object told) => (await City.Detail((await Json(await City.Bureau.PostAsJsonAsync("/api/v1/cases", told))).GetProperty("number").GetString()!)).GetProperty("case").GetProperty("node").GetString()!;
        var nodes = await Nodes();
        var grid = nodes.Find(await NodeAt(new { words = "路边有一堆垃圾", x = 120.03, y = 28.9 }))!;
        (grid.Kind, Sketch.Of(grid, nodes)!.Holds(Sketch.At(120.03, 28.9))).ShouldBe((NodeKind.Grid, true));
        (await NodeAt(new { words = "路边有一堆垃圾", x = 120.03, y = 28.9, place = "330784002" })).ShouldBe("330784002", "who reports knows better");
        (await NodeAt(new { words = "路边有一堆垃圾", x = -71.06, y = 42.36 })).ShouldBe("330784", "it lies elsewhere");
    }

    private protected async Task<NodeBook> Nodes() => (await City.Services.GetRequiredService<DeskBook>().Now(default)).Nodes;

    protected static async Task<List<string>> Grids(CaseCity city) =>
        [.. (await city.Services.GetRequiredService<DeskBook>().Now(default)).Nodes.ByCode.Values.Where(n => n.Kind == NodeKind.Grid).OrderBy(n => n.Code, StringComparer.Ordinal).Select(n => $"{n.Code} {n.Name} {n.Parent}")];

    protected static async Task Sql(CaseCity city, FormattableString sql)
    {
        await using var connection = await city.Services.GetRequiredService<StateStore>().Open();
        await connection.Execute(null, sql);
    }

    private async Task<string> Report(string place) => (await Json(await City.Bureau.PostAsJsonAsync("/api/v1/cases", new { words = "路边有一堆垃圾", place, @class = "0102" }))).GetProperty("number").GetString()!;
}
