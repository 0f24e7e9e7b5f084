// The one way a derived column is less sensitive than what its model is given: one person proposes, another approves, and it holds for that text over those inputs alone.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Computing.Tests;

public sealed class LoweringTests(Town town) : IClassFixture<Town>
{
    private const string Rules = "/api/v1/lowerings";
    private const string Four = "编号,街镇,收入\nA1,望春街道,1\nA2,望春街道,2\nA3,望春街道,3\nA4,望春街道,4\n";

    [Fact]
    public async Task A_column_is_lowered_when_another_person_approves_and_a_run_has_written_it_and_every_run_holds_its_count()
    {
        var (_, code, table) = await People("low");
        await town.Collect(code, Four);
        var model = await town.Save(Town.Text("low_a", $"SELECT town, count(income) AS n FROM {table} GROUP BY town", "key: [town]"));
        var (id, read) = (model.GetProperty("id").GetGuid(), $"SELECT n FROM {model.GetProperty("table").GetString()}");
        await Built("low_a");
        (await Levels(id)).ShouldBe("town L4, n L4");

        using var engineer = await town.As(Roles.Engineer);
        using var steward = await town.AsStewardOf(town.Unit);
        (await Refusal(await steward.PostAsJsonAsync(Rules, Ask("low_a", "n", "L4")))).ShouldBe("COM-031");
        (await Refusal(await steward.PostAsJsonAsync(Rules, Ask("low_a", "nobody", "L2")))).ShouldBe("COM-030");
        (await Refusal(await steward.PostAsJsonAsync(Rules, Ask("low_a", "n", "L2", "town", 3)))).ShouldBe("COM-030");
        var number = await Proposed(steward, Ask("low_a", "n", "L2", "n", 3));
        (await Refusal(await engineer.PostAsJsonAsync(Rules, Ask("low_a", "n", "L1")))).ShouldBe("COM-032");
        await town.Run(new { models = new[] { "low_a" }, force = true });
        (await Levels(id)).ShouldBe("town L4, n L4", "what is only proposed lowers nothing");

        (await Refusal(await Word(steward, number, "approve"))).ShouldBe("COM-034");
        (await Refusal(await Word(town.Engineer, number, "approve"))).ShouldBe("COM-035", "the operator of the machine may be anybody");
        (await Json(await Word(engineer, number, "approve"))).GetProperty("state").GetString().ShouldBe("InForce");
        (await Levels(id)).ShouldBe("town L4, n L4", "the rows were written before");
        await Built("low_a");
        (await Levels(id)).ShouldBe("town L4, n L2");
        (await town.Query(read)).ShouldBe(["4"]);
        foreach (var (page, words) in new[] { ("/models/low_a", "有效"), ($"/catalog/{id}", "经批准的规则"), ("/lowerings", "统计口径"), ("/lowerings?model=low_a", "n ≥ 3") })
        {
            (await engineer.GetStringAsync(new Uri(page, UriKind.Relative))).ShouldSatisfyAllConditions(p => p.ShouldContain(number), p => p.ShouldContain(words));
        }

        await town.Collect(code, "编号,街镇,收入\nB1,方岩镇,5\n");
        var small = Town.Step(await town.Run("low_a"), "low_a");
        (small.GetProperty("code").GetString(), small.GetProperty("problem").GetString()!.Contains("≥ 1", StringComparison.Ordinal)).ShouldBe(("COM-015", true), small.ToString());
        (await town.Query(read)).ShouldBe(["4"], "what was there before stays");
        (await Acts("low_a.n")).ShouldBe("proposed COM-031, proposed COM-030, proposed done, proposed COM-032, approved done");
    }

    [Fact]
    public async Task Nobody_approves_their_own_rule_and_one_taken_back_raises_its_column_at_once()
    {
        var (_, code, table) = await People("own");
        await town.Collect(code, Four);
        var id = (await town.Save(Town.Text("own_a", $"SELECT town, count(income) AS n FROM {table} GROUP BY town"))).GetProperty("id").GetGuid();
        using var engineer = await town.As(Roles.Engineer);
        var own = await Proposed(engineer, Ask("own_a", "n", "L1"));
        (await Refusal(await Word(engineer, own, "approve"))).ShouldBe("COM-035");
        (await Json(await Word(engineer, own, "take-back"))).GetProperty("state").GetString().ShouldBe("TakenBack");

        var number = await Proposed(town.Engineer, Ask("own_a", "n", "L1"));
        await Json(await Word(engineer, number, "approve"));
        await Built("own_a");
        (await Levels(id)).ShouldBe("town L4, n L1");
        await Json(await Word(town.Engineer, number, "take-back"));
        (await Levels(id)).ShouldBe("town L4, n L4");
        await Built("own_a");
        (await Levels(id)).ShouldBe("town L4, n L4");
        (await Refusal(await Word(engineer, number, "approve"))).ShouldBe("COM-033");

        using var other = await town.AsStewardOf((await Json(await town.Engineer.PostAsJsonAsync("/api/v1/units", new { name = "模拟市民政局二", code = "11330600MB1573660P", kind = "Department" }))).GetProperty("id").GetGuid());
        (await Refusal(await other.PostAsJsonAsync(Rules, Ask("own_a", "n", "L1")))).ShouldBe("COM-013");
        (await Json(await other.GetAsync(new Uri(Rules, UriKind.Relative)))).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Another_text_ends_a_rule_for_good_and_what_is_proposed_is_not_approved_for_another_text()
    {
        var (_, code, table) = await People("text");
        await town.Collect(code, Four);
        var counted = Town.Text("text_a", $"SELECT count(income) AS n FROM {table}");
        var id = (await town.Save(counted)).GetProperty("id").GetGuid();
        await InForce("text_a", "n", "L1");
        (await Levels(id)).ShouldBe("n L1");

        // The same name, the same column, the same source; only now it is the value itself.
        await town.Save(Town.Text("text_a", $"SELECT max(income) AS n FROM {table}"));
        (await Levels(id)).ShouldBe("n L4");
        await Built("text_a");
        (await Levels(id)).ShouldBe("n L4");
        await town.Save(counted);
        await Built("text_a");
        (await Levels(id)).ShouldBe("n L4", "what lapsed does not come back with the old text");
        (await Acts("text_a.n")).ShouldBe("proposed done, approved done, lapsed done");

        var number = await Proposed(town.Engineer, Ask("text_a", "n", "L1"));
        await town.Save(Town.Text("text_a", $"SELECT min(income) AS n FROM {table}"));
        using var engineer = await town.As(Roles.Engineer);
        (await Refusal(await Word(engineer, number, "approve"))).ShouldBe("COM-036");
        (await engineer.GetStringAsync(new Uri("/lowerings?model=text_a", UriKind.Relative))).ShouldContain("语句或说明已变化");
    }

    [Fact]
    public async Task A_rule_ends_when_a_model_before_it_becomes_another_though_its_columns_keep_their_names_levels_and_sources()
    {
        var (_, code, table) = await People("before");
        await town.Collect(code, Four);
        await town.Save(Town.Text("before_a", $"SELECT concat(town, left(CAST(income AS VARCHAR), 0)) AS place FROM {table}"));
        var id = (await town.Save(Town.Text("before_b", "SELECT place, count(*) AS n FROM before_a GROUP BY place"))).GetProperty("id").GetGuid();
        await Built("before_a");
        await InForce("before_b", "place", "L1");
        (await Levels(id)).ShouldBe("place L1, n L4");

        await town.Save(Town.Text("before_a", $"SELECT concat(town, left(CAST(income AS VARCHAR), 9)) AS place FROM {table}"));
        (await Levels(id)).ShouldBe("place L4, n L4");
        await town.Run("before_a", "before_b");
        (await Levels(id)).ShouldBe("place L4, n L4");
    }

    [Fact]
    public async Task A_rule_ends_when_the_level_of_something_the_model_is_given_changes_and_what_reads_it_rises_with_it()
    {
        var (set, code, table) = await People("input");
        await town.Collect(code, Four);
        var id = (await town.Save(Town.Text("input_a", $"SELECT town, count(income) AS n FROM {table} GROUP BY town"))).GetProperty("id").GetGuid();
        await InForce("input_a", "n", "L1");
        var behind = (await town.Save(Town.Text("input_b", "SELECT sum(n) AS all_n FROM input_a"))).GetProperty("id").GetGuid();
        await Built("input_b");
        (await Levels(behind)).ShouldBe("all_n L1");

        await using (var scope = town.Services.CreateAsyncScope())
        {
            var catalog = scope.ServiceProvider.GetRequiredService<ICatalog>();
            var item = (await catalog.Published(set, default))!.Items.First(i => i.Column == "town");
            (await scope.ServiceProvider.GetRequiredService<ILevels>().Set(set, item.Id, Level.L2, "试验", Actor.System, default)).Refused.ShouldBeFalse();
        }

        await Wait.Until(async () => await Levels(id) == "town L4, n L4" && await Levels(behind) == "all_n L4");
        (await Acts("input_a.n")).ShouldEndWith("lapsed done");
    }

    private static object Ask(string model, string column, string level, string? count = null, long? least = null) => new { model, column, level, reason = "统计口径：只有分组人数", count, least };

    private static async Task<string> Proposed(HttpClient who, object ask) => (await Json(await who.PostAsJsonAsync(Rules, ask))).GetProperty("number").GetString()!;

    private static Task<HttpResponseMessage> Word(HttpClient who, string number, string step) => who.PostAsJsonAsync($"{Rules}/{number}/{step}", new { words = "已核对语句" });

    /// <summary>Proposed by the operator, approved by an engineer, and written by a run.</summary>
    private async Task InForce(string model, string column, string level)
    {
        using var engineer = await town.As(Roles.Engineer);
        await Json(await Word(engineer, await Proposed(town.Engineer, Ask(model, column, level)), "approve"));
        await Built(model);
    }

    private async Task Built(string model)
    {
        var run = await town.Run(new { models = new[] { model }, force = true });
        run.GetProperty("state").GetString().ShouldBe("Built", run.ToString());
    }

    private async Task<string> Levels(Guid model)
    {
        await using var scope = town.Services.CreateAsyncScope();
        return string.Join(", ", (await scope.ServiceProvider.GetRequiredService<ICatalog>().Published(model, default))!.Items.Select(i => $"{i.Column} {i.Level}"));
    }

    /// <summary>What the ledger has about a column's rules, in its order; acts on a rule by its number are told by the column too once they are done.</summary>
    private async Task<string> Acts(string column) => string.Join(", ", await town.Services.GetRequiredService<StateStore>().Read(
        $"SELECT act, result FROM ledger_entry WHERE act LIKE 'lowering.%' AND subject = {column} ORDER BY seq", r => $"{r.GetString(0)["lowering.".Length..]} {r.GetString(1)}", default));

    private Task<(Guid Id, string Code, string Table)> People(string name) => town.Publish(
        $"{name}降级（模拟）", ("编号", "id", "Text", true, "L1"), ("街镇", "town", "Text", false, "L1"), ("收入", "income", "Integer", false, "L4"));
}
