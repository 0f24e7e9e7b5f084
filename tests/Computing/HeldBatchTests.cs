// 一律达标后入库, seen from the standard layer: what a batch below the gate brought is not computed with, what it replaced stands, and once it is mended and admitted it goes in.
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Tests;
using Lizhou.Tests.Support;

namespace Lizhou.Computing.Tests;

public sealed class HeldBatchTests(Town town) : IClassFixture<Town>
{
    private const string Good = "编号,姓名,街镇,金额\nA1,张三,望春街道,10\nA2,李四,方岩镇,20\n";

    // Two of four rows are without their key; of the good ones one replaces a row, the other is new.
    private const string Bad = "编号,姓名,街镇,金额\nA1,张三,望春街道,99\nA3,王五,方岩镇,30\n,赵六,方岩镇,40\n,钱七,方岩镇,50\n";

    [Fact]
    public async Task Rows_of_a_batch_below_the_gate_stay_out_of_the_standard_layer_until_it_is_mended_and_what_they_replaced_stands()
    {
        var (code, table) = await People("below");
        await town.Collect(code, Good);
        var read = await Model("below_a", $"SELECT id, amount FROM {table}", "key: [id]");
        (await Rows("below_a", read)).ShouldBe(["A1|10.00", "A2|20.00"]);

        var bad = await town.Collect(code, Bad);
        await Decided(bad, admitted: false);
        (await Rows("below_a", read)).ShouldBe(["A1|10.00", "A2|20.00"], "the rows of the bad batch are left out, what one of them replaced is still there");
        (await town.Query($"SELECT id, amount FROM {table} ORDER BY id")).ShouldBe(["A1|99.00", "A2|20.00", "A3|30.00"], "the landing layer has it all");

        // A replay that mends too little stays out with the batch it mends.
        await Replay(bad, $"问题编号,编号,姓名,街镇,金额\n{bad}#1,A4,赵六,方岩镇,40\n");
        var held = await town.Run("below_a");
        Town.Step(held, "below_a").GetProperty("held").EnumerateArray().Count().ShouldBe(2);
        (await town.Query(read)).ShouldBe(["A1|10.00", "A2|20.00"]);
        (await town.Engineer.GetStringAsync(new Uri($"/model-runs/{held.GetProperty("number").GetString()}", UriKind.Relative))).ShouldContain("整改达标并准入后自动计入");

        await Replay(bad, $"问题编号,编号,姓名,街镇,金额\n{bad}#2,A5,钱七,方岩镇,50\n");
        await Decided(bad, admitted: true);
        (await Rows("below_a", read)).ShouldBe(["A1|99.00", "A2|20.00", "A3|30.00", "A4|40.00", "A5|50.00"]);
    }

    [Fact]
    public async Task All_columns_of_what_held_batches_replaced_one_after_the_other_stand_as_they_were_last()
    {
        var (code, table) = await People("wide");
        await town.Collect(code, Good);
        var read = await Model("wide_a", $"SELECT id, name, town, amount FROM {table}", "key: [id]");
        await Decided(await town.Collect(code, Bad), admitted: false);
        (await Rows("wide_a", read)).ShouldBe(["A1|张三|望春街道|10.00", "A2|李四|方岩镇|20.00"]);

        // A good batch writes the key again, another bad one replaces that: of the two that stood there the later one counts.
        await Decided(await town.Collect(code, "编号,姓名,街镇,金额\nA1,张三丰,方岩镇,11\n"), admitted: true);
        await Decided(await town.Collect(code, Bad.Replace("99", "98", StringComparison.Ordinal)), admitted: false);
        (await Rows("wide_a", read)).ShouldBe(["A1|张三丰|方岩镇|11.00", "A2|李四|方岩镇|20.00"]);
    }

    [Fact]
    public async Task What_is_admitted_later_is_computed_in_slices_too_though_no_row_came_since()
    {
        var (code, table) = await People("sliced");
        await town.Collect(code, Good);
        var read = await Model("sliced_a", $"SELECT town, sum(amount) AS total FROM {table} GROUP BY town", "key: [town]\nincremental: town");
        await town.Run("sliced_a");
        var bad = await town.Collect(code, Bad);
        await Decided(bad, admitted: false);
        (await Rows("sliced_a", read)).ShouldBe(["方岩镇|20.00", "望春街道|10.00"]);
        (await town.Engineer.PutAsJsonAsync("/api/v1/gates/thresholds", new { resource = code, least = 50, reason = "试点放宽", held = true })).EnsureSuccessStatusCode();
        await Decided(bad, admitted: true);
        var step = Town.Step(await town.Run("sliced_a"), "sliced_a");
        step.GetProperty("mode").GetString().ShouldBe("Slices");
        (await town.Query(read)).ShouldBe(["方岩镇|50.00", "望春街道|99.00"]);
        Town.Step(await town.Run("sliced_a"), "sliced_a").GetProperty("state").GetString().ShouldBe("Unchanged");
    }

    [Fact]
    public async Task A_model_that_follows_its_inputs_is_computed_when_a_batch_is_admitted()
    {
        var (code, table) = await People("follows");
        await town.Collect(code, Good);
        var read = await Model("follows_a", $"SELECT id, amount FROM {table}", "key: [id]\nschedule: on-change");
        await Wait.Until(async () => (await County.Json(await town.Engineer.GetAsync(new Uri("/api/v1/models/", UriKind.Relative)))).EnumerateArray().Any(m => m.GetProperty("name").GetString() == "follows_a" && m.GetProperty("rows").GetInt64() == 2));
        var bad = await town.Collect(code, Bad);
        await Decided(bad, admitted: false);
        (await town.Engineer.PutAsJsonAsync("/api/v1/gates/thresholds", new { resource = code, least = 50, reason = "试点放宽", held = true })).EnsureSuccessStatusCode();
        await Wait.Until(async () => (await town.Query(read)).Count == 3);
    }

    [Fact]
    public async Task An_undone_batch_is_left_out_no_longer_and_takes_its_rows_with_it()
    {
        var (code, table) = await People("undone");
        await town.Collect(code, Good);
        var read = await Model("undone_a", $"SELECT id, amount FROM {table}", "key: [id]");
        var bad = await town.Collect(code, Bad);
        await Decided(bad, admitted: false);
        (await Rows("undone_a", read)).Count.ShouldBe(2);
        await County.Json(await town.Engineer.PostAsJsonAsync($"/api/v1/batches/{bad}/undo", new { confirm = bad, reason = "作废" }));
        var run = await town.Run("undone_a");
        Town.Step(run, "undone_a").GetProperty("held").GetArrayLength().ShouldBe(0);
        (await town.Query(read)).ShouldBe(["A1|10.00", "A2|20.00"]);
    }

    [Fact]
    public async Task An_undone_batch_is_computed_out_of_models_that_are_run_by_hand_and_of_what_reads_them()
    {
        var (code, table) = await People("withdrawn");
        await town.Collect(code, Good);
        var first = await Model("withdrawn_a", $"SELECT id, amount FROM {table}", "key: [id]");
        var second = await Model("withdrawn_b", "SELECT count(*) AS n FROM withdrawn_a", "key: [n]");
        var more = await town.Collect(code, "编号,姓名,街镇,金额\nA7,孙七,望春街道,70\n");
        await town.Run("withdrawn_a", "withdrawn_b");
        (await town.Query(second)).ShouldBe(["3"]);
        await County.Json(await town.Engineer.PostAsJsonAsync($"/api/v1/batches/{more}/undo", new { confirm = more, reason = "作废" }));
        await Wait.Until(async () => (await town.Query(second)) is ["2"]);
        (await town.Query(first)).ShouldBe(["A1|10.00", "A2|20.00"]);
    }

    [Fact]
    public async Task The_sources_of_a_row_leave_out_what_a_held_batch_brought_and_name_the_batch()
    {
        var (code, table) = await People("sources");
        await town.Collect(code, Good);
        await Model("sources_a", $"SELECT town, count(*) AS n FROM {table} GROUP BY town", "key: [town]");
        var bad = await town.Collect(code, Bad);
        await Decided(bad, admitted: false);
        await town.Run("sources_a");
        var traced = await town.Engineer.GetStringAsync(new Uri("/api/v1/models/sources_a/row?town=方岩镇", UriKind.Relative));
        var input = JsonDocument.Parse(traced).RootElement.GetProperty("inputs")[0];
        input.GetProperty("rows").GetProperty("rows").GetArrayLength().ShouldBe(1, "A3 of the held batch did not count");
        input.GetProperty("left").EnumerateArray().Select(l => l.GetString()).ShouldBe([bad]);
        (await town.Engineer.GetStringAsync(new Uri("/models/sources_a/row?town=方岩镇", UriKind.Relative))).ShouldSatisfyAllConditions(p => p.ShouldContain($"未达标批次的行没有计入：{bad}"), p => p.ShouldContain(">A2<"), p => p.ShouldNotContain(">A3<"));
    }

    private async Task<string> Model(string name, string sql, string more) =>
        $"SELECT * FROM {(await town.Save(Town.Text(name, sql, more))).GetProperty("table").GetString()} ORDER BY 1";

    private async Task<IReadOnlyList<string>> Rows(string model, string read)
    {
        var run = await town.Run(model);
        run.GetProperty("state").GetString().ShouldBe("Built", run.ToString());
        return await town.Query(read);
    }

    private async Task<(string Code, string Table)> People(string name)
    {
        var (_, code, table) = await town.Publish(
            $"{name}人员（模拟）", ("编号", "id", "Text", true, "L1"), ("姓名", "name", "Text", false, "L1"), ("街镇", "town", "Text", false, "L1"), ("金额", "amount", "Money", false, "L1"));
        return (code, table);
    }

    private async Task Replay(string batch, string csv)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "file", "mended.csv" } };
        var number = (await County.Json(await town.Engineer.PostAsync($"/api/v1/batches/{batch}/replay", form))).GetProperty("number").GetString()!;
        await Wait.Until(async () => (await County.Json(await town.Engineer.GetAsync($"/api/v1/batches/{number}"))).GetProperty("batch").GetProperty("state").GetString() == "Landed");
    }

    private Task Decided(string batch, bool admitted) => Wait.Until(async () =>
    {
        var answer = await town.Engineer.GetAsync(new Uri($"/api/v1/gates/batches/{batch}", UriKind.Relative));
        return answer.IsSuccessStatusCode && (await County.Json(answer)).GetProperty("admitted").GetBoolean() == admitted;
    });
}
