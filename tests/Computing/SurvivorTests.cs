// 一数一源 in a model: of several units' values of one key, that of the decided authority survives, else the newest; the row says which source won, and its trace leads there.
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Computing.Tests;

public sealed class SurvivorTests(Town town) : IClassFixture<Town>
{
    private static readonly SemaphoreSlim One = new(1);

    [Fact]
    public async Task The_authoritys_value_survives_else_the_newest_and_each_field_says_where_it_came_from()
    {
        var (ours, theirs) = await Two("合并");
        await town.Collect(ours.Code, "编号,电话,地址,更新日期\nA1,111,甲路,2026-01-01\nA2,112,,2026-03-01\nA3,113,丙路,2026-01-01\n");
        await town.Collect(theirs.Code, "编号,电话,现住址,更新日期\nA1,221,新甲路,2026-02-01\nA2,,新乙路,2026-01-01\nA4,224,丁路,2026-01-01\n");
        var text = Text("merged_a", ours, theirs, ["phone", "address"], "incremental: id");
        var model = await town.Save(text);
        model.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("name").GetString()).ShouldBe(["id", "phone", "phone_from", "address", "address_from"]);
        var read = $"SELECT * FROM {model.GetProperty("table").GetString()} ORDER BY id";
        await Built("merged_a");
        (await town.Query(read)).ShouldBe(
        [
            $"A1|221|{theirs.Table}|新甲路|{theirs.Table}", $"A2|112|{ours.Table}|新乙路|{theirs.Table}", $"A3|113|{ours.Table}|丙路|{ours.Table}", $"A4|224|{theirs.Table}|丁路|{theirs.Table}",
        ], "nothing is decided: the newest that there is");

        await Decided("合并电话", ours.Id);
        Town.Step(await Built("merged_a"), "merged_a").GetProperty("mode").GetString().ShouldBe("Full", "another rule is another statement");
        (await town.Query(read)).ShouldBe(
        [
            $"A1|111|{ours.Table}|新甲路|{theirs.Table}", $"A2|112|{ours.Table}|新乙路|{theirs.Table}", $"A3|113|{ours.Table}|丙路|{ours.Table}", $"A4|224|{theirs.Table}|丁路|{theirs.Table}",
        ], "the authority's phone where it has one, its older address not");
        (await Json(await town.Engineer.GetAsync(new Uri("/api/v1/models/merged_a", UriKind.Relative)))).GetProperty("version").GetInt32().ShouldBe(2);

        var traced = await Json(await town.Engineer.GetAsync(new Uri("/api/v1/models/merged_a/row?id=A1", UriKind.Relative)));
        traced.GetProperty("fields").EnumerateArray().Select(f => $"{f.GetProperty("field").GetString()} {f.GetProperty("input").GetString()}").ShouldBe([$"phone {ours.Table}", $"address {theirs.Table}"]);
        var source = traced.GetProperty("inputs").EnumerateArray().First(i => i.GetProperty("input").GetString() == theirs.Table).GetProperty("rows");
        (source.GetProperty("rows")[0].EnumerateArray().Select(c => c.ToString()).Contains("新甲路"), source.GetProperty("provenance")[0].GetProperty("record").GetInt64()).ShouldBe((true, 1));

        (await town.Engineer.GetStringAsync(new Uri("/models/merged_a/row?id=A1", UriKind.Relative))).ShouldSatisfyAllConditions(
            p => p.ShouldContain("取自 合并二（模拟）"), p => p.ShouldContain("新甲路"), p => p.ShouldContain($"/batches/{traced.GetProperty("inputs")[0].GetProperty("rows").GetProperty("provenance")[0].GetProperty("batch").GetString()}"));
        (await town.Engineer.GetStringAsync(new Uri("/models/merged_a/row?id=none", UriKind.Relative))).ShouldContain("没有这一行");

        await town.Collect(theirs.Code, "编号,电话,现住址,更新日期\nA3,223,新丙路,2026-05-01\n");
        var step = Town.Step(await Built("merged_a"), "merged_a");
        (step.GetProperty("mode").GetString(), step.GetProperty("added").GetInt64(), step.GetProperty("removed").GetInt64()).ShouldBe(("Slices", 1, 1));
        (await town.Query(read))[2].ShouldBe($"A3|113|{ours.Table}|新丙路|{theirs.Table}");
        (await town.Engineer.GetStringAsync(new Uri("/models/merged_a?tab=text", UriKind.Relative))).ShouldContain("arg_max");
    }

    [Fact]
    public async Task A_decision_runs_the_models_that_merge_by_it_and_follow_what_they_read()
    {
        var (ours, theirs) = await Two("裁定");
        await town.Collect(ours.Code, "编号,电话,地址,更新日期\nA1,111,甲路,2026-01-01\n");
        await town.Collect(theirs.Code, "编号,电话,现住址,更新日期\nA1,221,新甲路,2026-02-01\n");
        var model = await town.Save(Text("merged_d", ours, theirs, ["phone"], "schedule: on-change"));
        var read = $"SELECT phone FROM {model.GetProperty("table").GetString()}";
        await town.Run("merged_d");
        (await town.Query(read)).ShouldBe(["221"]);
        await Decided("裁定电话", ours.Id);
        await Wait.Until(async () => (await town.Query(read)) is ["111"]);
        await Decided("裁定电话", theirs.Id);
        await Wait.Until(async () => (await town.Query(read)) is ["221"]);
    }

    [Fact]
    public async Task What_a_head_says_of_survivors_is_refused_with_its_line_where_it_does_not_fit()
    {
        var (ours, theirs) = await Two("不合");
        (await town.Refused(Text("unfit_a", ours, theirs, ["nobody"]))).ShouldSatisfyAllConditions(r => r.Code.ShouldBe("COM-005"), r => r.Detail.ShouldContain("第 8 行"), r => r.Detail.ShouldContain("nobody"));
        (await town.Refused(Text("unfit_a", ours, theirs, ["phone", "phone"]))).Code.ShouldBe("COM-002");
        (await town.Refused(Text("unfit_a", ours, theirs, ["phone"]) + "\nSELECT 1 AS one")).ShouldSatisfyAllConditions(r => r.Code.ShouldBe("COM-002"), r => r.Detail.ShouldContain("survive"));
        (await town.Refused(Text("unfit_a", ours, ours, ["phone"]))).Code.ShouldBe("COM-002");
        (await town.Refused(Text("unfit_a", ours, theirs, ["phone"]).Replace(theirs.Table, "no_such_table", StringComparison.Ordinal))).ShouldSatisfyAllConditions(r => r.Code.ShouldBe("COM-004"), r => r.Detail.ShouldContain("no_such_table"));
    }

    [Fact]
    public async Task The_command_line_saves_runs_and_shows_a_model_of_survivors()
    {
        var (ours, theirs) = await Two("命令");
        await town.Collect(ours.Code, "编号,电话,地址,更新日期\nA1,111,甲路,2026-01-01\n");
        await town.Collect(theirs.Code, "编号,电话,现住址,更新日期\nA1,221,,2026-02-01\n");
        var file = Path.Combine(Directory.CreateTempSubdirectory("lizhou-survive-").FullName, "command_a.sql");
        await File.WriteAllTextAsync(file, Text("command_a", ours, theirs, ["phone", "address"]));
        (await Command("model", "save", file)).ShouldBe((0, "command_a v1"));
        (await Command("model", "run", "command_a")).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(0), r => r.Said.ShouldContain("1 rows (+1 −0)"));
        (await Command("model", "show", "command_a")).Said.ShouldSatisfyAllConditions(
            s => s.ShouldContain("phone_from"), s => s.ShouldContain($"{theirs.Table}.addr Aggregation"), s => s.ShouldContain("survive:"));
        (await town.Query($"SELECT phone, phone_from, address FROM {(await Json(await town.Engineer.GetAsync(new Uri("/api/v1/models/command_a", UriKind.Relative)))).GetProperty("table").GetString()}"))
            .ShouldBe([$"221|{theirs.Table}|甲路"], "what is empty is no value");
    }

    private static string Text(string name, (Guid Id, string Code, string Table) ours, (Guid Id, string Code, string Table) theirs, string[] fields, string more = "") => Town.Text(name, "", $$$"""
        key: [id]
        survive:
          key: [id]
          fields: [{{{string.Join(", ", fields)}}}]
          recency: updated
          from:
            - {table: {{{ours.Table}}} }
            - {table: {{{theirs.Table}}}, columns: {address: addr}}
        {{{more}}}
        """.TrimEnd()).TrimEnd();

    private async Task<JsonElement> Built(string model)
    {
        var run = await town.Run(model);
        run.GetProperty("state").GetString().ShouldBe("Built", run.ToString());
        return run;
    }

    /// <summary>The conflict about an item of this name, once it is found, is decided for a resource.</summary>
    private async Task Decided(string item, Guid resource)
    {
        JsonElement conflict = default;
        await Wait.Until(async () => (conflict = (await Json(await town.Engineer.GetAsync(new Uri($"/api/v1/conflicts/?q={Uri.EscapeDataString(item)}", UriKind.Relative)))).GetProperty("items").EnumerateArray().FirstOrDefault()).ValueKind == JsonValueKind.Object);
        var source = conflict.GetProperty("sources").GetProperty("sources").EnumerateArray().First(s => s.GetProperty("resource").GetGuid() == resource);
        await Json(await town.Engineer.PostAsJsonAsync($"/api/v1/conflicts/{conflict.GetProperty("number").GetString()}/steps", new { step = "Decide", words = "业务主管部门为准", resource, item = source.GetProperty("item").GetGuid() }));
    }

    /// <summary>Two units' resources about the same people.</summary>
    private async Task<((Guid Id, string Code, string Table) Ours, (Guid Id, string Code, string Table) Theirs)> Two(string name)
    {
        await One.WaitAsync();
        try
        {
            await using var scope = town.Services.CreateAsyncScope();
            var units = (await Json(await town.Engineer.GetAsync(new Uri("/api/v1/units?size=200", UriKind.Relative)))).GetProperty("items").EnumerateArray().ToList();
            var other = units.FirstOrDefault(u => u.GetProperty("code").GetString() == "11330600MB1573660P") is { ValueKind: JsonValueKind.Object } known ? known
                : await Json(await town.Engineer.PostAsJsonAsync("/api/v1/units", new { name = "模拟市民政局", code = "11330600MB1573660P", kind = "Department" }));
            var made = await scope.ServiceProvider.GetRequiredService<ICatalogBulk>().Publish(
                [
                    Entry($"{name}一（模拟）", town.Unit, ItemCard.Of($"{name}电话", column: "phone", level: Level.L1), ItemCard.Of("地址", column: "address", level: Level.L1)),
                    Entry($"{name}二（模拟）", other.GetProperty("id").GetGuid(), ItemCard.Of($"{name}电话", column: "phone", level: Level.L1), ItemCard.Of("现住址", column: "addr", level: Level.L1)),
                ],
                Actor.System, default);
            made.Refused.ShouldBeFalse(made.Problem?.ToString());
            return ((made.Value[0].Id, made.Value[0].Code, made.Value[0].Table), (made.Value[1].Id, made.Value[1].Code, made.Value[1].Table));
        }
        finally
        {
            One.Release();
        }
    }

    private static ResourceEntry Entry(string name, Guid unit, params ItemCard[] items) => new()
    {
        Class = "303001", Name = name, Unit = unit, Summary = "模拟", Sharing = SharingKind.Conditional, Condition = "用于业务办理", Ways = [SharingWay.Api], Cycle = UpdateCycle.Daily,
        Items = [ItemCard.Of("编号", column: "id", key: true, required: true, level: Level.L1), .. items, ItemCard.Of("更新日期", ItemType.Date, "updated", level: Level.L1)],
    };

    private async Task<(int Code, string Said)> Command(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Lizhou.Host.dll"), .. words, "--data", town.Data])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, StandardOutputEncoding = Encoding.UTF8,
        })!;
        var (said, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, (await said is { Length: > 0 } text ? text : await error).Trim());
    }
}
