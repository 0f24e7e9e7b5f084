// The door for modules below: the same rules as people's. A table is drafted by one and published by another, and only where there is none; a consultation is held by who may; a position lies in the place it is of.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Centre;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Cases;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class ModuleDoorTests(CaseCity city) : IClassFixture<CaseCity>
{
    private static readonly Actor Drafts = Person(null), Publishes = Person(null), Cleaner = Person(CaseCity.Cleaning), Plumber = Person(CaseCity.Water);

    [Fact]
    public async Task A_table_is_published_by_the_second_person_and_what_people_made_of_it_stays()
    {
        (await Door(d => d.Table([new("01", "", CaseCity.Cleaning, 4)], "示例", Drafts, Drafts, default))).ShouldNotBeNull().Code.ShouldBe("CAS-053");
        (await Door(d => d.Table([new("0102", "330784001", CaseCity.Water, 4)], "示例", Person(null), Publishes, default))).ShouldBeNull("somebody's draft is left alone");
        (await Tables()).ShouldBe(["1 draft"]);
        (await Door(d => d.Table([], "示例", Drafts, Publishes, default))).ShouldBeNull("the draft of before is published");
        (await Door(d => d.Table([new("02", "", CaseCity.Water, 4)], "示例", Drafts, Publishes, default))).ShouldBeNull();
        (await Tables()).ShouldBe(["1 published"]);
        var number = await city.Report();
        await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0102" }));
        await Json(await city.Act(city.Bureau, number, "file"));
        (await Refusal(await city.Act(city.Bureau, number, "dispatch", new { unit = CaseCity.Water }))).ShouldBe("CAS-055");
        await Json(await city.Act(city.Bureau, number, "dispatch", new { unit = CaseCity.Cleaning }));
    }

    [Fact]
    public async Task A_consultation_is_called_answered_and_concluded_by_who_may_and_each_step_is_done_once()
    {
        var number = await city.Report();
        await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0102" }));
        await Json(await city.Act(city.Bureau, number, "file"));
        Task<Problem?> Step(string step, Actor who, string key, params (string Name, string Value)[] fields) => Door(d => d.Consult(number, step, fields.Append(("reason", "说明")).ToDictionary(f => f.Item1, f => f.Item2), key, who, default));
        (string, string)[] members = [("members", $"{CaseCity.Cleaning},{CaseCity.Water}")];
        (await Step("consult", Cleaner, "1", members)).ShouldNotBeNull();
        (await Step("consult-late", Drafts, "1")).ShouldNotBeNull("the program alone tells that");
        (await Step("consult", Drafts, "1", members)).ShouldBeNull();
        (await Step("consult", Drafts, "1", members)).ShouldBeNull("the same once more");
        (await Step("consult-opinion", Cleaner, "2")).ShouldBeNull();
        (await Step("consult-opinion", Plumber, "3")).ShouldBeNull();
        (await Step("consult-conclude", Drafts, "4", ("unit", $"{CaseCity.Cleaning}"), ("assists", $"{CaseCity.Water}"))).ShouldBeNull();
        var told = await city.Detail(number);
        told.GetProperty("case").GetProperty("state").GetString().ShouldBe("handling");
        told.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("act").GetString()).Where(a => a!.StartsWith("consult", StringComparison.Ordinal)).ShouldBe(["consult", "consult-opinion", "consult-opinion", "consult-conclude"]);
    }

    [Fact]
    public async Task A_position_lies_in_the_area_of_its_place_from_the_middle_to_the_border()
    {
        var nodes = (await city.Services.GetRequiredService<DeskBook>().Now(default)).Nodes;
        foreach (var place in new[] { "330784001", "330784901", "330784001001", "330784001001002" })
        {
            var area = Sketch.Of(nodes.Find(place)!, nodes)!;
            for (var i = 0; i < 60; i++)
            {
                var report = new CaseReport("路边有一堆垃圾", place, nameof(CaseSource.Patrol), null, null, null, null, TimeProvider.System.GetUtcNow().AddMinutes(-1), $"{place} {i}", new(i / 60d, i % 7 / 6d));
                var number = await Door(async d => (await d.Report(report, Drafts, default)).Value);
                var told = (await city.Detail(number)).GetProperty("case");
                area.Holds(Sketch.At(told.GetProperty("x").GetDouble(), told.GetProperty("y").GetDouble())).ShouldBeTrue($"{place} {i}");
            }
        }
    }

    private async Task<List<string>> Tables() => [.. (await Json(await city.Bureau.GetAsync("/api/v1/case-dispatch"))).EnumerateArray().Select(t => $"{t.GetProperty("version").GetInt32()} {(t.TryGetProperty("publishedBy", out var by) && by.GetString() is not null ? "published" : "draft")}")];

    private async Task<T> Door<T>(Func<ICaseDoor, Task<T>> use)
    {
        await using var scope = city.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<ICaseDoor>());
    }

    private static Actor Person(Guid? unit) => new(Guid.NewGuid(), "测试", unit, new HashSet<string>([unit is null ? Roles.Engineer : Roles.Steward], StringComparer.Ordinal));
}
