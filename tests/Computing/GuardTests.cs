// What engineers may not learn or do through models: values by tests, other units' sensitive data, inputs beyond measure. And what must not be lost on the way: whom a column is about, and where a cell came from.
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Computing.Tests;

public sealed class GuardTests(Town town) : IClassFixture<Town>
{
    [Fact]
    public async Task Tests_over_sensitive_rows_ask_no_values_and_tell_no_numbers()
    {
        var (_, code, table) = await People("oracle");
        await town.Collect(code, "身份证号,姓名,街镇\n11010519491231002X,张三,望春街道\n440524188001010014,张三,方岩镇\n");
        foreach (var test in new[] { "expression: name <> '张三'", "accepted_values: {column: name, values: [李四]}" })
        {
            (await town.Refused(Town.Text("oracle_a", $"SELECT name, town FROM {table}", $"tests:\n  - {test}"))).Code.ShouldBe("COM-026", test);
            await town.Save(Town.Text("oracle_open", $"SELECT town AS name FROM {table}", $"key: [name]\ntests:\n  - {test}"));
        }

        foreach (var inner in new[] { "(SELECT count(*) FROM lz_result) > 1", "town IN (SELECT town FROM lz_result)", "EXISTS (SELECT 1)" })
        {
            (await town.Refused(Town.Text("oracle_inner", $"SELECT town FROM {table}", $"tests:\n  - expression: {inner}"))).Code.ShouldBe("COM-002", inner);
        }

        await town.Save(Town.Text("oracle_b", $"SELECT name, town FROM {table}"));
        await town.Run("oracle_b");
        await town.Save(Town.Text("oracle_b", $"SELECT name, town FROM {table}", "tests:\n  - unique: [name]\n  - not_null: [town]"));
        var tested = await County.Json(await town.Engineer.PostAsync(new Uri("/api/v1/models/oracle_b/test", UriKind.Relative), null));
        tested.GetProperty("tests").EnumerateArray().Select(t => t.GetProperty("shown").GetString()).ShouldBe(["≥ 1", "0"]);
        var failed = Town.Step(await town.Run(new { models = new[] { "oracle_b" }, force = true }), "oracle_b");
        (failed.GetProperty("code").GetString(), failed.GetProperty("problem").GetString()!.Contains("≥ 1", StringComparison.Ordinal)).ShouldBe(("COM-015", true));

        await using var connection = await town.Services.GetRequiredService<StateStore>().Open();
        (await connection.Scalar(null, $"SELECT COUNT(*) FROM ledger_entry WHERE act = {"model.test"} AND subject = {"oracle_b"} AND result = {"done"}")).ShouldBe(1L);
    }

    [Fact]
    public async Task Sensitive_data_of_another_unit_is_only_for_its_own_models()
    {
        var (_, _, table) = await People("foreign");
        await County.Json(await town.Engineer.PostAsJsonAsync("/api/v1/units", new { name = "模拟市民政局", code = "11330600MB1573660P", kind = "Department" }));
        var other = Town.Text("foreign_a", $"SELECT town, count(name) AS n FROM {table} GROUP BY town").Replace(Town.Bureau, "模拟市民政局", StringComparison.Ordinal);
        (await town.Refused(other)).ShouldSatisfyAllConditions(r => r.Code.ShouldBe("COM-024"), r => r.Detail.ShouldContain("第 5 行"), r => r.Detail.ShouldContain($"{table}.name"));
        await town.Save(other.Replace("count(name)", "count(*)", StringComparison.Ordinal));
        await town.Save(other.Replace("模拟市民政局", Town.Bureau, StringComparison.Ordinal).Replace("foreign_a", "foreign_b", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_column_taken_as_it_is_keeps_what_is_known_of_its_item_and_disclosures_name_its_persons()
    {
        var (_, code, table) = await People("about");
        await town.Collect(code, "身份证号,姓名,街镇\n11010519491231002X,张三,望春街道\n");
        var id = (await town.Save(Town.Text("about_a", $"SELECT person, upper(person) AS changed, town FROM {table}"))).GetProperty("id").GetGuid();
        await using var scope = town.Services.CreateAsyncScope();
        var items = (await scope.ServiceProvider.GetRequiredService<ICatalog>().Published(id, default))!.Items;
        items.Select(i => i.Check).ShouldBe([CheckCharacter.IdNumber, CheckCharacter.None, CheckCharacter.None]);
        items[2].Format.ShouldBe(".{2,10}");
        items[0].Name.ShouldBe("身份证号");
    }

    [Theory]
    [InlineData("columns:\n  town:", 8)]
    [InlineData("tests:\n  -\n  - not_null: [town]", 8)]
    [InlineData("tests:\n  - unique: [~]", 8)]
    [InlineData("freshness:", 7)]
    [InlineData("tests:\n  - accepted_values: {column: town, values: }", 8)]
    public async Task A_value_that_is_missing_is_refused_with_its_line(string more, int line)
    {
        var (_, _, table) = await People("empty");
        (await town.Refused(Town.Text("empty_a", $"SELECT town FROM {table}", more))).ShouldSatisfyAllConditions(r => r.Code.ShouldBe("COM-002"), r => r.Detail.ShouldContain($"第 {line} 行"));
    }

    [Fact]
    public async Task Asks_beyond_measure_are_refused()
    {
        foreach (var ask in new object[] { new { models = new[] { new string('a', 64) } }, new { models = new[] { "" } }, new { models = new string?[] { null } }, new { models = Array.Empty<string>(), from = new string('1', 101) } })
        {
            (await Code(await town.Engineer.PostAsJsonAsync("/api/v1/model-runs/", ask))).ShouldBe("KRN-001");
        }

        foreach (var reason in new[] { "", " ", new string('x', 501) })
        {
            (await Code(await town.Engineer.PostAsJsonAsync("/api/v1/model-runs/YX-1/undo", new { reason }))).ShouldBe("KRN-001");
        }
    }

    [Fact]
    public async Task An_event_with_too_many_edges_or_too_long_names_is_refused_before_any_is_made()
    {
        (await Code(await Send(Event(many: 400)))).ShouldBe("COM-022");
        (await Code(await Send(Event(name: new string('n', 501))))).ShouldBe("COM-022");
        var taken = await County.Json(await Send(Event(name: new string('n', 499))));
        taken.GetProperty("edges").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_stops_no_other()
    {
        var (_, _, table) = await People("stumble");
        var folder = Directory.CreateDirectory(Path.Combine(town.Data, "models")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "a-lost.sql"), Path.Combine(folder, "nowhere"));
        await File.WriteAllTextAsync(Path.Combine(folder, "b-good.sql"), Town.Text("stumble_good", $"SELECT town FROM {table}"));
        await Wait.Until(async () => (await town.Engineer.GetAsync(new Uri("/api/v1/models/stumble_good", UriKind.Relative))).IsSuccessStatusCode);
        File.Delete(Path.Combine(folder, "a-lost.sql"));
    }

    [Fact]
    public async Task A_cell_of_a_derived_table_leads_to_the_file_and_the_line_it_came_from()
    {
        var (_, code, table) = await People("cell");
        const string Second = "身份证号,姓名,街镇\n440524188001010014,李四,方岩镇\n11010519491231002X,张三,望春街道\n";
        await town.Collect(code, ("first.csv", System.Text.Encoding.UTF8.GetBytes("身份证号,姓名,街镇\n53010219200508011X,王五,江南街道\n")), ("second.csv", System.Text.Encoding.UTF8.GetBytes(Second)));
        await town.Save(Town.Text("cell_a", $"SELECT town, count(*) AS n FROM {table} GROUP BY town", "key: [town]"));
        await town.Run("cell_a");

        var traced = await County.Json(await town.Engineer.GetAsync(new Uri($"/api/v1/models/cell_a/row?town={Uri.EscapeDataString("望春街道")}", UriKind.Relative)));
        var origin = traced.GetProperty("inputs")[0].GetProperty("rows").GetProperty("provenance").EnumerateArray().ShouldHaveSingleItem();
        var batch = await County.Json(await town.Engineer.GetAsync(new Uri($"/api/v1/batches/{origin.GetProperty("batch").GetString()}", UriKind.Relative)));
        var file = batch.GetProperty("files").EnumerateArray().ElementAt(origin.GetProperty("file").GetInt32());
        file.GetProperty("name").GetString().ShouldBe("second.csv", batch.ToString());
        Second.Split('\n')[origin.GetProperty("record").GetInt32()].ShouldContain("望春街道");
    }

    private Task<HttpResponseMessage> Send(JsonObject sent) => town.Engineer.PostAsync("/api/v1/lineage/events", JsonContent.Create(sent));

    /// <summary>An event whose datasets have no columns: each output has an edge from each input.</summary>
    private static JsonObject Event(int many = 1, string name = "x")
    {
        JsonArray Sets(string kind) => new([.. Enumerable.Range(0, many).Select(i => (JsonNode)new JsonObject { ["namespace"] = "other", ["name"] = many == 1 ? name : $"{kind}{i}" })]);
        return new()
        {
            ["eventTime"] = "2026-01-01T00:00:00Z", ["producer"] = "https://example.org", ["schemaURL"] = "https://openlineage.io/spec/2-0-2/OpenLineage.json", ["eventType"] = "COMPLETE",
            ["run"] = new JsonObject { ["runId"] = Guid.NewGuid().ToString() }, ["job"] = new JsonObject { ["namespace"] = "other", ["name"] = "job" }, ["inputs"] = Sets("in"), ["outputs"] = Sets("out"),
        };
    }

    private static async Task<string?> Code(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString();

    private async Task<(Guid Id, string Code, string Table)> People(string name)
    {
        await using var scope = town.Services.CreateAsyncScope();
        var made = await scope.ServiceProvider.GetRequiredService<ICatalogBulk>().Publish(
            [
                new()
                {
                    Class = "303001", Name = $"{name}{Guid.NewGuid():N}（模拟）", Unit = town.Unit, Summary = "模拟", Sharing = SharingKind.Conditional, Condition = "用于业务办理", Ways = [SharingWay.Api],
                    Items =
                    [
                        ItemCard.Of("身份证号", column: "person", level: Level.L3, check: CheckCharacter.IdNumber), ItemCard.Of("姓名", column: "name", level: Level.L3),
                        ItemCard.Of("街镇", column: "town", level: Level.L1, format: ".{2,10}"),
                    ],
                },
            ],
            Actor.System, TestContext.Current.CancellationToken);
        made.Refused.ShouldBeFalse(made.Problem?.ToString());
        var card = made.Value[0];
        return (card.Id, card.Code, card.Table);
    }
}
