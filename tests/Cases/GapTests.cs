// Every class against every place: what is listed is what lacks, whoever is on duty where; the page, the file and the command's route tell the same, quickly.
using System.Diagnostics;
using System.Net.Http.Json;
using CsCheck;
using Lizhou.Cases.Dispatching;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class GapTests(CaseCity city) : IClassFixture<CaseCity>
{
    private static readonly string[] Beginnings = ["", "01", "0102", "02"];

    [Fact]
    public void Over_any_duty_list_and_table_a_pair_is_listed_if_and_only_if_something_lacks_there()
    {
        string[] places = [Town.Centre, Town.Street, Town.Village, .. Town.Desk.Nodes.ByCode.Keys];
        string[] duties = [.. FlowWords.Duties.Keys];
        var duty = Gen.Select(Gen.Int[0, duties.Length - 1], Gen.Int[0, places.Length - 1]).Select(d => new Duty { Kind = duties[d.Item1], Node = places[d.Item2] });
        var row = Gen.Select(Gen.Int[0, 3].Select(i => Beginnings[i]), Gen.Int[-1, places.Length - 1], Gen.Int[-1, 3]).Select(r => new DispatchRow(2, r.Item1, r.Item2 < 0 ? "" : places[r.Item2], r.Item3 < 0 ? null : (Grade)r.Item3, Town.Units[0], [], null, 0));
        Gen.Select(duty.Array[0, 12], row.Array[0, 5]).Sample((list, rows) =>
        {
            var units = new[] { Town.Units[0] }.ToDictionary(u => u, u => new Contracts.Organisation.UnitCard(u, "U", "单位", null, true));
            var desk = Town.Desk with { Duties = new(list, Town.Desk.Nodes), Table = new(1, rows), Units = units };
            var told = FindGaps.Pairs(desk).Select(p => FindGaps.Told(p, desk)).ToDictionary(g => (g.Class, g.Place));
            foreach (var line in desk.Classes.Values)
            {
                foreach (var node in desk.Nodes.ByCode.Values)
                {
                    string[] missing = [.. duties.Where(d => !list.Any(l => l.Kind == d && desk.Nodes.Holds(l.Node, node.Code)))];
                    var unit = !(line.Unit is { } own && units.ContainsKey(own)) && Enum.GetValues<Grade>().Any(g => new DispatchTable(1, rows).Find(new() { Class = line.Code, Place = node.Code, Grade = g }, desk.Nodes, units.ContainsKey) is null);
                    told.TryGetValue((line.Code, node.Code), out var gap).ShouldBe(missing.Length > 0 || unit, $"{line.Code} {node.Code}");
                    if (gap is not null)
                    {
                        (gap.Unit, string.Join(',', gap.Duties)).ShouldBe((unit, string.Join(',', missing)));
                    }
                }
            }
        }, iter: 200);
    }

    [Fact]
    public async Task The_reference_city_is_held_against_every_class_down_to_its_grids_and_page_file_and_list_agree()
    {
        async Task<System.Text.Json.JsonElement> Pairs(string query) => await Json(await city.Bureau.GetAsync($"/api/v1/case-duties/gaps/pairs?{query}"));
        var (classes, nodes) = ((await Json(await city.Bureau.GetAsync("/api/v1/case-classes"))).GetArrayLength(), (await Json(await city.Bureau.GetAsync("/api/v1/case-duties/nodes"))).GetArrayLength());
        var all = await Pairs("size=5");
        (all.GetProperty("pairs").GetInt64(), nodes).ShouldBe(((long)classes * nodes, 1_838));
        all.GetProperty("open").GetInt64().ShouldBe((long)classes * nodes, "no class has a unit as it is shipped");
        (await city.Bureau.PutAsJsonAsync("/api/v1/case-classes", new { code = "0102", family = "市容环境", name = "暴露垃圾", unit = CaseCity.Cleaning, limits = new Dictionary<string, object> { ["Ordinary"] = new { amount = 2, unit = "Hours" } } })).EnsureSuccessStatusCode();
        (await Pairs("class=0102")).GetProperty("gaps").GetProperty("total").GetInt64().ShouldBe(0);
        var town = await Pairs("class=0103&place=330784001&size=200");
        var items = town.GetProperty("gaps").GetProperty("items").EnumerateArray().ToList();
        items.Count.ShouldBeGreaterThan(1);
        items.ShouldAllBe(g => g.GetProperty("place").GetString()!.StartsWith("330784001", StringComparison.Ordinal) && g.GetProperty("what").GetString() == "主办单位");
        items.ShouldContain(g => g.GetProperty("kind").GetString() == nameof(NodeKind.Village));
        items.ShouldContain(g => g.GetProperty("kind").GetString() == nameof(NodeKind.Grid) && g.GetProperty("placeName").GetString()!.EndsWith("第一网格（示意）", StringComparison.Ordinal));
        (await Pairs("class=0103&place=330784001001")).GetProperty("gaps").GetProperty("total").GetInt64().ShouldBe(1 + 4, "the village and its grids");

        var clock = Stopwatch.StartNew();
        var file = await city.Bureau.GetStringAsync("/api/v1/case-duties/gaps/csv");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10)); // Some 100,000 rows; half a second where nobody else uses the machine.
        file.TrimEnd().Split('\n').Length.ShouldBe(1 + ((classes - 1) * nodes));
        (await city.Bureau.GetStringAsync("/cases/gaps?class=0103&place=330784001")).ShouldContain($"{((classes - 1) * nodes).ToString(System.Globalization.CultureInfo.InvariantCulture)}");
    }
}
