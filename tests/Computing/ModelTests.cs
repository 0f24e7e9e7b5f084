// Models as an engineer keeps them: refused with place and hint, computed in their order, tested before anybody sees the result, undone, and guarded like everything else.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;

namespace Lizhou.Computing.Tests;

public sealed class ModelTests(Town town) : IClassFixture<Town>
{
    private const string Rows = "编号,姓名,街镇,金额\nA1,张三,望春街道,10\nA2,李四,方岩镇,20\nA3,王五,望春街道,30\n";

    [Fact]
    public async Task A_chain_is_computed_in_its_order_and_read_by_its_table_like_any_resource()
    {
        var (code, table) = await People("chain");
        await town.Collect(code, Rows);
        await town.Save(Town.Text("chain_town", $"SELECT town, sum(amount) AS total, count(*) AS people FROM {table} GROUP BY town", "key: [town]\ntests:\n  - expression: total > 0"));
        var second = await town.Save(Town.Text("chain_city", "SELECT count(*) AS towns, sum(total) AS total FROM chain_town", layer: "theme"));

        var run = await town.Run("chain_city", "chain_town");
        run.GetProperty("state").GetString().ShouldBe("Built", run.ToString());
        run.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("model").GetString()).ShouldBe(["chain_town", "chain_city"]);
        (await town.Query($"SELECT towns, total FROM {second.GetProperty("table").GetString()}")).ShouldBe(["2|60.00"]);

        var again = await town.Run("chain_city", "chain_town");
        again.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("state").GetString()).ShouldBe(["Unchanged", "Unchanged"]);
        var forced = await town.Run(new { models = new[] { "chain_city", "chain_town" }, force = true });
        Town.Step(forced, "chain_town").GetProperty("rows").GetInt64().ShouldBe(2);
        (await town.Query($"SELECT towns, total FROM {second.GetProperty("table").GetString()}")).ShouldBe(["2|60.00"], "computed again, the rows are the same");
    }

    [Fact]
    public async Task A_fault_is_told_with_line_column_and_hint_and_the_last_good_version_stays()
    {
        var (code, table) = await People("fault");
        await town.Collect(code, Rows);
        var good = await town.Save(Town.Text("fault_one", $"SELECT town, count(*) AS n FROM {table} GROUP BY town"));
        (await town.Refused(Town.Text("fault_one", $"SELECT town\nFRM {table} x"))).ShouldSatisfyAllConditions(r => r.Code.ShouldBe("COM-003"), r => r.Detail.ShouldContain("第 10 行"));
        (await town.Refused(Town.Text("fault_one", $"SELECT town,\n  nobody FROM {table}"))).ShouldSatisfyAllConditions(r => r.Code.ShouldBe("COM-005"), r => r.Detail.ShouldContain("第 10 行第 3 列"), r => r.Detail.ShouldContain("nobody"));
        (await town.Refused(Town.Text("fault_one", "SELECT 1 AS n FROM no_such_table"))).ShouldSatisfyAllConditions(r => r.Code.ShouldBe("COM-004"), r => r.Detail.ShouldContain("第 9 行第 20 列"));
        (await town.Refused(Town.Text("fault_one", $"SELECT now() AS n FROM {table}"))).Detail.ShouldContain("now");
        (await town.Refused(Town.Text("fault_one", "SELECT content AS n FROM read_text('/etc/passwd')"))).Detail.ShouldContain("read_text");
        (await town.Refused(Town.Text(table, "SELECT 1 AS n"))).ShouldSatisfyAllConditions(r => r.Code.ShouldBe("COM-002"), r => r.Detail.ShouldContain("r_"));
        (await town.Refused(Town.Text("fault_one", $"SELECT town AS 街镇 FROM {table}"))).Code.ShouldBe("COM-009");
        (await town.Refused(Town.Text("fault_one", $"SELECT town + 1 AS n FROM {table}", "key: [n]\nwrong: 1"))).ShouldSatisfyAllConditions(r => r.Code.ShouldBe("COM-002"), r => r.Detail.ShouldContain("第 8 行"));
        (await town.Refused(Town.Text("fault_one", $"SELECT town FROM {table}", "schedule: 0 0 31 2 *"))).ShouldSatisfyAllConditions(r => r.Code.ShouldBe("COM-002"), r => r.Detail.ShouldContain("永远不会到来"));
        (await town.Refused(Town.Text("fault_one", $"SELECT town FROM {table}", "tests:\n  - expression: nothing > 1"))).Code.ShouldBe("COM-002");
        (await town.Refused(Town.Text("fault_one", $"SELECT town FROM {table}", "tests:\n  - expression: town FROM main.x"))).Code.ShouldBe("COM-002");

        var now = await County.Json(await town.Engineer.GetAsync(new Uri("/api/v1/models/fault_one", UriKind.Relative)));
        (now.GetProperty("version").GetInt32(), now.GetProperty("digest").GetString()).ShouldBe((1, good.GetProperty("digest").GetString()));
    }

    [Fact]
    public async Task Nothing_is_collected_into_a_resource_that_a_model_computes_and_no_source_is_set_up_for_it()
    {
        var (code, table) = await People("made");
        await town.Collect(code, Rows);
        var made = (await town.Save(Town.Text("made_a", $"SELECT id, name FROM {table}", "key: [id]"))).GetProperty("table").GetString()!;
        var own = $"303001/{made.Split('_')[^1]}";
        using var form = new MultipartFormDataContent { { new StringContent(own), "resource" }, { new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes("id,name\nA9,吴九\n")), "files", "模拟.csv" } };
        var refused = JsonDocument.Parse(await (await town.Engineer.PostAsync(new Uri("/api/v1/batches", UriKind.Relative), form)).Content.ReadAsStringAsync()).RootElement;
        refused.GetProperty("code").GetString().ShouldBe("COL-032", refused.ToString());
        refused.GetProperty("detail").GetString()!.ShouldContain("made_a");
    }

    [Fact]
    public async Task A_range_that_holds_nothing_and_a_test_of_rows_that_are_not_there_are_refused()
    {
        var (code, table) = await People("turned");
        await town.Collect(code, Rows);
        await town.Save(Town.Text("turned_a", $"SELECT town, sum(amount) AS total FROM {table} GROUP BY town", "key: [town]\nincremental: town\ntests:\n  - not_null: [town]"));
        (await County.Refusal(await town.Engineer.PostAsync(new Uri("/api/v1/models/turned_a/test", UriKind.Relative), null))).ShouldBe("COM-043");
        (await County.Refusal(await town.Engineer.PostAsJsonAsync("/api/v1/model-runs/", new { models = new[] { "turned_a" }, from = "b", until = "a" }))).ShouldBe("COM-042");
        await town.Run("turned_a");
        (await County.Json(await town.Engineer.PostAsync(new Uri("/api/v1/models/turned_a/test", UriKind.Relative), null))).GetProperty("tests")[0].GetProperty("faults").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_pattern_the_engine_cannot_read_is_told_as_one()
    {
        var (code, table) = await People("pattern");
        await town.Collect(code, Rows);
        foreach (var pattern in new[] { "((a{1,100}){1,100}){1,100}", "[a" })
        {
            (await town.Refused(Town.Text("pattern_a", $"SELECT id, regexp_matches(name, '{pattern}') AS fits FROM {table}", "key: [id]"))).Detail.ShouldContain("正则表达式", customMessage: pattern);
        }
    }

    [Fact]
    public async Task A_model_that_failed_is_listed_with_the_rows_its_table_still_has()
    {
        var (code, table) = await People("stays");
        await town.Collect(code, Rows);
        await town.Save(Town.Text("stays_a", $"SELECT id FROM {table}", "key: [id]"));
        await town.Run("stays_a");
        await town.Save(Town.Text("stays_a", $"SELECT id FROM {table}", "key: [id]\ntests:\n  - expression: id = 'A1'"));
        await town.Run(new { models = new[] { "stays_a" }, force = true });
        var line = (await County.Json(await town.Engineer.GetAsync(new Uri("/api/v1/models/", UriKind.Relative)))).EnumerateArray().Single(m => m.GetProperty("name").GetString() == "stays_a");
        (line.GetProperty("state").GetString(), line.GetProperty("rows").GetInt64()).ShouldBe(("Failed", 3));
    }

    [Fact]
    public async Task Models_that_go_round_in_a_circle_are_refused()
    {
        var (_, table) = await People("circle");
        await town.Save(Town.Text("circle_a", $"SELECT town FROM {table}"));
        await town.Save(Town.Text("circle_b", "SELECT town FROM circle_a"));
        var refused = await town.Refused(Town.Text("circle_a", "SELECT town FROM circle_b"));
        refused.Code.ShouldBe("COM-007");
        refused.Detail.ShouldContain("circle_a ← circle_b");

        // Files of the folder that name one another come into force together or not at all: each is told the way round, not that the other is missing.
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(town.Data, "models")).FullName, "round_a.sql");
        await File.WriteAllTextAsync(path, Town.Text("round_a", "SELECT town FROM round_b"));
        var round = await town.Refused(Town.Text("round_b", "SELECT town FROM round_a"));
        (round.Code, round.Detail.Contains("round_b ← round_a ← round_b", StringComparison.Ordinal)).ShouldBe(("COM-007", true), round.Detail);
        (await town.Refused(Town.Text("round_self", "SELECT town FROM round_self"))).Code.ShouldBe("COM-007");
        File.Delete(path);
    }

    [Fact]
    public async Task A_test_that_does_not_hold_keeps_the_old_result_and_stops_what_reads_it()
    {
        var (code, table) = await People("held");
        await town.Collect(code, Rows);
        var model = await town.Save(Town.Text("held_a", $"SELECT id, amount FROM {table}", "key: [id]\ntests:\n  - expression: amount < 100"));
        await town.Save(Town.Text("held_b", "SELECT sum(amount) AS total FROM held_a"));
        await town.Save(Town.Text("held_c", $"SELECT count(*) AS n FROM {table}"));
        (await town.Run("held_a", "held_b")).GetProperty("state").GetString().ShouldBe("Built");

        await town.Collect(code, "编号,姓名,街镇,金额\nA4,赵六,方岩镇,500\n");
        var run = await town.Run("held_a", "held_b", "held_c");
        run.GetProperty("state").GetString().ShouldBe("Failed");
        Town.Step(run, "held_a").GetProperty("code").GetString().ShouldBe("COM-015");
        Town.Step(run, "held_b").GetProperty("state").GetString().ShouldBe("Skipped");
        Town.Step(run, "held_b").GetProperty("problem").GetString()!.ShouldContain("held_a");
        Town.Step(run, "held_c").GetProperty("state").GetString().ShouldBe("Built", "it does not read what failed");
        (await town.Query($"SELECT count(*) FROM {model.GetProperty("table").GetString()}")).ShouldBe(["3"]);
    }

    [Fact]
    public async Task A_model_beyond_its_time_or_memory_is_ended_alone()
    {
        var (code, table) = await People("greedy");
        await town.Collect(code, Rows);
        await town.Save(Town.Text("greedy_time", "SELECT count(*) AS n FROM range(1000000000000) a, range(1000000) b", "seconds: 2"));
        await town.Save(Town.Text("greedy_memory", "SELECT len(list_sort(list(i))) AS n FROM range(300000000) r(i)", "memory: 64"));
        await town.Save(Town.Text("greedy_not", $"SELECT count(*) AS n FROM {table}"));
        var run = await town.Run("greedy_time", "greedy_memory", "greedy_not");
        Town.Step(run, "greedy_time").GetProperty("code").GetString().ShouldBe("POL-025");
        Town.Step(run, "greedy_memory").GetProperty("code").GetString().ShouldBe("POL-028");
        Town.Step(run, "greedy_not").GetProperty("state").GetString().ShouldBe("Built");
    }

    [Fact]
    public async Task A_column_is_at_least_as_sensitive_as_what_it_is_made_of_and_masked_at_the_exits()
    {
        var (code, table) = await People("level");
        await town.Collect(code, Rows);
        var model = await town.Save(Town.Text("level_a", $"SELECT id, upper(name) AS called, town, count(*) AS n FROM {table} GROUP BY ALL", "key: [id]\ncolumns:\n  town: {level: L2}\n  called: {level: L1}"));
        model.GetProperty("columns").EnumerateArray().Select(c => $"{c.GetProperty("name").GetString()} {c.GetProperty("level").GetString()}").ShouldBe(["id L3", "called L3", "town L3", "n L3"], "the statement is given names, so any of it may hold one");
        await town.Run("level_a");
        (await town.Query($"SELECT called FROM {model.GetProperty("table").GetString()} ORDER BY 1"))[0].ShouldEndWith("*");
        var card = await County.Json(await town.Engineer.GetAsync(new Uri($"/api/v1/resources/{model.GetProperty("id").GetString()}", UriKind.Relative)));
        card.ToString().ShouldContain("level_a（模拟）");
    }

    [Fact]
    public async Task What_a_run_wrote_is_undone_and_a_resource_a_model_reads_is_not_retired()
    {
        var (code, table) = await People("undo");
        await town.Collect(code, Rows);
        var model = await town.Save(Town.Text("undo_a", $"SELECT id, amount FROM {table}", "key: [id]"));
        await town.Run("undo_a");
        await town.Collect(code, "编号,姓名,街镇,金额\nA9,赵六,方岩镇,5\n");
        var run = await town.Run("undo_a");
        var read = $"SELECT count(*) FROM {model.GetProperty("table").GetString()}";
        (await town.Query(read)).ShouldBe(["4"]);
        var undone = await County.Json(await town.Engineer.PostAsJsonAsync($"/api/v1/model-runs/{run.GetProperty("number").GetString()}/undo", new { reason = "测试" }));
        undone.GetProperty("state").GetString().ShouldBe("Undone");
        (await town.Query(read)).ShouldBe(["3"]);
        Town.Step(await town.Run("undo_a"), "undo_a").GetProperty("state").GetString().ShouldBe("Built", "what was undone is computed again");
        (await town.Query(read)).ShouldBe(["4"]);

        var source = await County.Json(await town.Engineer.GetAsync(new Uri($"/api/v1/models/undo_a", UriKind.Relative)));
        var retired = await town.Engineer.PostAsJsonAsync($"/api/v1/resources/{source.GetProperty("id").GetString()}/retire", new { opinion = "不用了" });
        (await retired.Content.ReadAsStringAsync()).ShouldContain("undo_a");
    }

    [Fact]
    public async Task Slices_that_changed_are_computed_alone_and_give_what_the_whole_would()
    {
        var (_, code, table) = await town.Publish("切片（模拟）", ("日期", "day", "Date", true, "L1"), ("地区", "place", "Text", true, "L1"), ("数", "n", "Integer", false, "L1"));
        await town.Collect(code, "日期,地区,数\n2026-01-01,A,1\n2026-01-01,B,2\n2026-01-02,A,3\n2026-01-03,A,4\n");
        var model = await town.Save(Town.Text("slice_a", $"SELECT day, sum(n) AS total FROM {table} GROUP BY day", "key: [day]\nincremental: day"));
        Town.Step(await town.Run("slice_a"), "slice_a").GetProperty("mode").GetString().ShouldBe("Full");
        await town.Collect(code, "日期,地区,数\n2026-01-02,A,30\n2026-01-04,A,5\n");
        var step = Town.Step(await town.Run("slice_a"), "slice_a");
        (step.GetProperty("mode").GetString(), step.GetProperty("added").GetInt64(), step.GetProperty("removed").GetInt64(), step.GetProperty("rows").GetInt64()).ShouldBe(("Slices", 2, 1, 4));
        var read = $"SELECT day, total FROM {model.GetProperty("table").GetString()} ORDER BY day";
        var sliced = await town.Query(read);
        sliced.ShouldBe(["2026-01-01|3", "2026-01-02|30", "2026-01-03|4", "2026-01-04|5"]);
        var refilled = Town.Step(await town.Run(new { models = new[] { "slice_a" }, from = "2026-01-02", until = "2026-01-04" }), "slice_a");
        (refilled.GetProperty("added").GetInt64(), refilled.GetProperty("removed").GetInt64()).ShouldBe((2, 2));
        await town.Run(new { models = new[] { "slice_a" }, full = true, force = true });
        (await town.Query(read)).ShouldBe(sliced);
        (await town.Refused(Town.Text("slice_b", $"SELECT day, lag(n) OVER (ORDER BY day) AS p FROM {table}", "key: [day]\nincremental: day"))).Code.ShouldBe("COM-011");
    }

    [Fact]
    public async Task A_file_of_the_folder_is_taken_up_mended_and_rests_when_it_is_gone()
    {
        var (_, table) = await People("folder");
        var path = Path.Combine(town.Data, "models", "of-the-folder.sql");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, Town.Text("folder_a", $"SELECT town FROM {table}"));
        await Wait.Until(async () => (await town.Engineer.GetAsync(new Uri("/api/v1/models/folder_a", UriKind.Relative))).IsSuccessStatusCode);
        await File.WriteAllTextAsync(path, Town.Text("folder_a", $"SELECT twn FROM {table}"));
        await Wait.Until(async () => (await Line("folder_a")).GetProperty("fault").GetString() is { } fault && fault.Contains("twn", StringComparison.Ordinal));
        (await Line("folder_a")).GetProperty("version").GetInt32().ShouldBe(1);
        File.Delete(path);
        await Wait.Until(async () => !(await Line("folder_a")).GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task Impact_names_models_and_a_row_leads_back_to_batch_and_record()
    {
        var (code, table) = await People("trace");
        await town.Collect(code, Rows);
        await town.Save(Town.Text("trace_a", $"SELECT town, sum(amount) AS total FROM {table} GROUP BY town", "key: [town]"));
        await town.Save(Town.Text("trace_b", "SELECT total * 2 AS twice FROM trace_a"));
        await town.Run("trace_a", "trace_b");
        var impact = await County.Json(await town.Engineer.GetAsync(new Uri($"/api/v1/lineage/?set={table}&column=amount", UriKind.Relative)));
        impact.GetProperty("sets").EnumerateArray().Select(s => s.GetProperty("model").GetString()).ShouldBe(["trace_a", "trace_b"]);
        var back = await County.Json(await town.Engineer.GetAsync(new Uri("/api/v1/lineage/?set=trace_b&column=twice&back=true", UriKind.Relative)));
        back.GetProperty("sets").EnumerateArray().Last().GetProperty("columns").EnumerateArray().First().GetProperty("column").GetString().ShouldBe("amount");

        var traced = await County.Json(await town.Engineer.GetAsync(new Uri($"/api/v1/models/trace_a/row?town={Uri.EscapeDataString("望春街道")}", UriKind.Relative)));
        var rows = traced.GetProperty("inputs")[0].GetProperty("rows");
        rows.GetProperty("provenance").EnumerateArray().Select(p => p.GetProperty("record").GetInt64()).ShouldBe([1L, 3L], ignoreOrder: true);

        var partly = await (await town.Engineer.GetAsync(new Uri("/api/v1/models/trace_a/row?place=x", UriKind.Relative))).Content.ReadAsStringAsync();
        partly.ShouldContain("COM-039");
        partly.ShouldContain("town");
        (await (await town.Engineer.GetAsync(new Uri("/api/v1/models/trace_b/row", UriKind.Relative))).Content.ReadAsStringAsync()).ShouldContain("COM-038");
    }

    [Fact]
    public async Task A_range_that_is_none_of_the_incremental_column_is_refused_before_a_run_is_made()
    {
        var (_, code, table) = await town.Publish("范围（模拟）", ("日期", "day", "Date", true, "L1"), ("数", "n", "Integer", false, "L1"));
        await town.Collect(code, "日期,数\n2026-01-01,1\n");
        await town.Save(Town.Text("range_a", $"SELECT day, n FROM {table}", "key: [day]\nincremental: day"));
        foreach (object ask in new object[] { new { models = new[] { "range_a" }, from = "abc" }, new { models = new[] { "range_a" }, until = "2026-13-01" } })
        {
            var said = await (await town.Engineer.PostAsJsonAsync("/api/v1/model-runs/", ask)).Content.ReadAsStringAsync();
            said.ShouldContain("COM-040");
            said.ShouldContain("day");
        }

        (await Line("range_a")).GetProperty("state").ValueKind.ShouldBe(JsonValueKind.Null);
        var page = await town.Engineer.GetStringAsync(new Uri("/models", UriKind.Relative));
        page[page.IndexOf("range_a", StringComparison.Ordinal)..].Split("</tr>")[0].Split("未运行").Length.ShouldBe(3, "in its state and where its freshness is told");
        (await town.Run(new { models = new[] { "range_a" }, from = "2026-01-01" })).GetProperty("state").GetString().ShouldBe("Built");
    }

    [Fact]
    public async Task Impact_of_a_column_names_the_models_that_read_it_and_a_traced_row_its_file_and_line()
    {
        var (code, table) = await People("told");
        await town.Collect(code, Rows);
        await town.Save(Town.Text("told_a", $"SELECT town, sum(amount) AS total FROM {table} WHERE id <> 'none' GROUP BY town", "key: [town]"));
        await town.Save(Town.Text("told_b", $"SELECT id AS other FROM {table}"));
        await town.Run("told_a", "told_b");
        Uri At(string column) => new($"/api/v1/lineage/?set={table}&column={column}&lang=en", UriKind.Relative);
        var uses = (await County.Json(await town.Engineer.GetAsync(At("amount")))).GetProperty("uses").EnumerateArray().Select(u => u.GetString()!).ToList();
        uses.ShouldContain(u => u.Contains("told_a", StringComparison.Ordinal));
        uses.ShouldNotContain(u => u.Contains("told_b", StringComparison.Ordinal));
        (await County.Refusal(await town.Engineer.GetAsync(At("nope")))).ShouldBe("COM-041");

        var input = (await County.Json(await town.Engineer.GetAsync(new Uri($"/api/v1/models/told_a/row?town={Uri.EscapeDataString("望春街道")}", UriKind.Relative)))).GetProperty("inputs")[0];
        input.GetProperty("filtered").GetBoolean().ShouldBeTrue();
        input.GetProperty("places").EnumerateArray().Select(p => (p.GetProperty("record").GetInt64(), p.GetProperty("line").GetInt64())).ShouldBe([(1L, 2L), (3L, 4L)], ignoreOrder: true);
        input.GetProperty("places")[0].GetProperty("file").GetString().ShouldNotBeNullOrEmpty();

        var empty = (await County.Json(await town.Engineer.GetAsync(new Uri("/api/v1/collection/orphans", UriKind.Relative)))).GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("name").GetString()!).ToList();
        empty.ShouldNotContain(e => e.Contains("told_a", StringComparison.Ordinal));
    }

    private async Task<JsonElement> Line(string name) =>
        (await County.Json(await town.Engineer.GetAsync(new Uri("/api/v1/models/", UriKind.Relative)))).EnumerateArray().First(m => m.GetProperty("name").GetString() == name);

    private async Task<(string Code, string Table)> People(string name)
    {
        var (_, code, table) = await town.Publish(
            $"{name}人员（模拟）", ("编号", "id", "Text", true, "L1"), ("姓名", "name", "Text", false, "L3"), ("街镇", "town", "Text", false, "L1"), ("金额", "amount", "Money", false, "L1"));
        return (code, table);
    }
}
