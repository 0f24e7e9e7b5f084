// The levels of what models make: whatever way a value takes through a statement, the result is no less sensitive than it.
using System.Net.Http.Json;
using Lizhou.Computing.Models;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Computing.Tests;

public sealed class LevelTests(Town town) : IClassFixture<Town>
{
    private static int made;

    /// <summary>{g} has an income of level L4; {h} has columns of the same names and none above L1.</summary>
    [Theory]
    [InlineData("SELECT g.id, (SELECT s FROM (SELECT count(*), g.income + 0) AS q(n, s)) AS v FROM {g} AS g")]
    [InlineData("SELECT * RENAME (income AS pay) FROM {g}")]
    [InlineData("SELECT g.* EXCLUDE (town) FROM {g} AS g")]
    [InlineData("SELECT g.* EXCLUDE (g.town) FROM {g} AS g")]
    [InlineData("SELECT s.* FROM (SELECT struct_pack(a := income) AS s FROM {g}) AS q")]
    [InlineData("SELECT s.* FROM (SELECT g AS s FROM {g} AS g) AS q")]
    [InlineData("SELECT unnest(struct_pack(a := id, b := income)) FROM {g}")]
    [InlineData("SELECT unnest(g) FROM {g} AS g")]
    [InlineData("SELECT CAST(q.j -> 'income' AS VARCHAR) AS v FROM (SELECT to_json(x) AS j FROM {g} AS x) AS q")]
    [InlineData("SELECT CAST(json_object('a', income) AS VARCHAR) AS v FROM {g}")]
    [InlineData("SELECT g.id FROM {g} AS g JOIN {h} AS h ON h.n = income")]
    [InlineData("SELECT g.id FROM {g} AS g JOIN {h} AS h ON h.n = g.income")]
    [InlineData("SELECT h.id FROM {h} AS h WHERE EXISTS (SELECT 1 FROM {g} AS g WHERE g.income > h.n)")]
    [InlineData("SELECT h.id FROM {h} AS h WHERE h.n IN (SELECT g.income FROM {g} AS g)")]
    [InlineData("SELECT id, #4 AS v FROM {g}")]
    [InlineData("SELECT CAST(g AS VARCHAR) AS v FROM {g} AS g")]
    [InlineData("SELECT CAST({g} AS VARCHAR) AS v FROM {g}")]
    [InlineData("SELECT CAST(q AS VARCHAR) AS v FROM (SELECT * FROM {g}) AS q")]
    [InlineData("WITH w AS (FROM {g}) SELECT CAST(w AS VARCHAR) AS v FROM w")]
    [InlineData("SELECT CAST(list_transform([g], lambda r: r.income)[1] AS BIGINT) AS v FROM {g} AS g")]
    [InlineData("SELECT h.id FROM {h} AS h JOIN {g} AS g USING (income)")]
    [InlineData("SELECT extra FROM {h} NATURAL JOIN {g}")]
    [InlineData("SELECT x.d AS v FROM {g} AS x(a, b, c, d)")]
    [InlineData("WITH w(a, b, c, d) AS (SELECT * FROM {g}) SELECT d AS v FROM w")]
    [InlineData("SELECT id, row_number() OVER (ORDER BY income) AS r FROM {g}")]
    [InlineData("SELECT id FROM {g} QUALIFY row_number() OVER (ORDER BY income) = 1")]
    [InlineData("SELECT id FROM {g} ORDER BY income LIMIT 1")]
    [InlineData("SELECT DISTINCT ON (income) id FROM {g}")]
    [InlineData("SELECT id, sum(income) AS s FROM {g} GROUP BY ALL")]
    [InlineData("SELECT town, count(*) AS n FROM {g} GROUP BY town HAVING max(income) > 5")]
    [InlineData("SELECT first(id ORDER BY income) AS v FROM {g}")]
    [InlineData("SELECT count(*) FILTER (WHERE income > 5) AS n FROM {g}")]
    [InlineData("SELECT CASE WHEN income > 5 THEN 1 ELSE 0 END AS v FROM {g}")]
    [InlineData("SELECT n FROM {h} UNION ALL SELECT income FROM {g}")]
    [InlineData("SELECT * FROM {h} UNION ALL BY NAME SELECT * FROM {g}")]
    [InlineData("SELECT COLUMNS('inc.*') FROM {g}")]
    [InlineData("SELECT COLUMNS(c -> c LIKE 'inc%') FROM {g}")]
    [InlineData("SELECT * LIKE 'inc%' FROM {g}")]
    [InlineData("SELECT \"INCOME\" AS v FROM {g}")]
    [InlineData("SELECT h.id FROM {h} AS h, LATERAL (SELECT g.income AS n FROM {g} AS g) AS q WHERE q.n = h.n")]
    [InlineData("SELECT h.id FROM {h} AS h ASOF JOIN {g} AS g ON h.n >= g.income")]
    [InlineData("SELECT g.id FROM {h} AS h POSITIONAL JOIN {g} AS g WHERE g.income > 5")]
    [InlineData("WITH RECURSIVE r(i) AS (SELECT income FROM {g} UNION ALL SELECT i + 1 FROM r WHERE i < 3) SELECT i FROM r")]
    [InlineData("SELECT value AS v FROM (SELECT unnest([income]) AS value FROM {g}) AS q")]
    public async Task Whatever_way_a_value_takes_the_result_is_as_sensitive_as_it(string sql)
    {
        var (g, h) = await Tables();
        var (name, text) = ($"attack_{Interlocked.Increment(ref made)}", sql.Replace("{g}", g, StringComparison.Ordinal).Replace("{h}", h, StringComparison.Ordinal));
        var check = await Checked(Town.Text(name, text));
        if (check.Refused)
        {
            // What is refused shows nothing; a fault in these statements themselves would prove nothing.
            check.Problem!.Code.ShouldBeOneOf("COM-005", "COM-006", "COM-009", "COM-003");
            TestContext.Current.TestOutputHelper?.WriteLine($"refused: {check.Problem.What} {sql}");
            return;
        }

        check.Value.Found.Columns.ShouldAllBe(c => c.Level == Level.L4);
        var saved = await town.Save(Town.Text(name, text));
        (await Card(saved.GetProperty("id").GetGuid())).Items.ShouldAllBe(i => i.Level == Level.L4);
    }

    [Theory]
    [InlineData("SELECT id, town FROM {g}", "id,town")]
    [InlineData("SELECT count(*) AS n FROM {g}", "id")]
    [InlineData("SELECT g.id FROM {g} AS g WHERE g.town = 'x'", "id,town")]
    [InlineData("SELECT upper(town) AS t, count(*) AS n FROM {g} GROUP BY ALL", "town")]
    public async Task What_a_statement_does_not_name_is_not_in_the_data_its_process_sees(string sql, string given)
    {
        var (g, _) = await Tables();
        var check = await Checked(Town.Text("given_one", sql.Replace("{g}", g, StringComparison.Ordinal)));
        check.Problem.ShouldBeNull();
        check.Value.Found.Columns.ShouldAllBe(c => c.Level == Level.L1);
        var input = check.Value.Found.Inputs.ShouldHaveSingleItem();
        string.Join(',', CheckModel.Input(input, await Card(input.Set), null).Columns.Select(c => c.Name).Order(StringComparer.Ordinal)).ShouldBe(given);
    }

    [Fact]
    public async Task A_column_that_was_not_counted_is_not_there_though_the_statement_reaches_for_it()
    {
        var (g, _) = await Tables();
        var statements = town.Services.GetRequiredService<IStatements>();
        var parsed = await statements.Parse($"SELECT CAST(x AS VARCHAR) AS v FROM {g} AS x", TestContext.Current.CancellationToken);
        await using var scope = town.Services.CreateAsyncScope();
        var card = (await scope.ServiceProvider.GetRequiredService<ICatalog>().ByTable(g, default))!;
        var input = new ModelInput("", g, card.Id, card.Name, card.Table, false, null, ["id"]);
        var folder = Directory.CreateTempSubdirectory("lizhou-given-").FullName;
        var run = await statements.Run(new(parsed, [CheckModel.Input(input, card, null)], [new("v", "VARCHAR")], Path.Combine(folder, "out.parquet"), 256, 30), TestContext.Current.CancellationToken);
        run.Refused.ShouldBeFalse(run.Problem?.ToString());
        (await Town.Read(Path.Combine(folder, "out.parquet"))).ShouldAllBe(v => v.Contains("id", StringComparison.Ordinal) && !v.Contains("income", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_defined_anew_is_not_published_lower_before_a_run_has_replaced_its_rows()
    {
        var (_, code, table) = await People("redefined");
        await town.Collect(code, "编号,街镇,附加,收入\nA1,望春街道,x,70001\n");
        var id = (await town.Save(Town.Text("redefined_a", $"SELECT id, CAST(income AS VARCHAR) AS v FROM {table}"))).GetProperty("id").GetGuid();
        var first = Town.Step(await town.Run("redefined_a"), "redefined_a").GetProperty("snapshot").GetInt64();
        var before = await Card(id);
        before.Items.Select(i => i.Level).ShouldBe([Level.L4, Level.L4]);

        var saved = await town.Save(Town.Text("redefined_a", $"SELECT id, town AS v FROM {table}"));
        saved.GetProperty("columns")[1].GetProperty("level").GetString().ShouldBe("L1");
        var between = await Card(id);
        between.Items.Select(i => i.Level).ShouldBe([Level.L4, Level.L4], "the rows are still the old ones");
        between.Items.Select(i => i.Id).Intersect(before.Items.Select(i => i.Id)).ShouldBeEmpty("no grant of the old columns is one of the new");
        (await town.Save(Town.Text("redefined_a", $"SELECT id, town AS v, extra FROM {table}"))).GetProperty("version").GetInt32().ShouldBe(3);
        (await Card(id)).Level.ShouldBe(Level.L4, "saving twice does not help");

        var run = await town.Run("redefined_a");
        run.GetProperty("state").GetString().ShouldBe("Built", run.ToString());
        var after = await Card(id);
        after.Items.Select(i => i.Level).ShouldBe([Level.L1, Level.L1, Level.L1]);
        (await Rows(id, null)).ShouldBe("id,v,extra|A1,望春街道,x");
        (await Rows(id, first)).ShouldNotContain("70001");
        Town.Step(await town.Run("redefined_a"), "redefined_a").GetProperty("state").GetString().ShouldBe("Unchanged");
        await town.Save(Town.Text("redefined_a", $"SELECT id, town AS v, extra FROM {table}"));
        (await Card(id)).Items.Select(i => i.Id).ShouldBe(after.Items.Select(i => i.Id), "the same columns stay who they are");

        var undone = await County.Json(await town.Engineer.PostAsJsonAsync($"/api/v1/model-runs/{run.GetProperty("number").GetString()}/undo", new { reason = "测试" }));
        undone.GetProperty("state").GetString().ShouldBe("Undone");
        (await Rows(id, null)).ShouldNotContain("70001");
    }

    [Fact]
    public async Task A_raised_input_raises_models_that_rest_that_no_longer_fit_and_that_read_them()
    {
        var (set, code, table) = await People("raised");
        await town.Collect(code, "编号,街镇,附加,收入\nA1,望春街道,x,1\n");
        var fits = (await town.Save(Town.Text("raised_fits", $"SELECT id, town FROM {table}"))).GetProperty("id").GetGuid();
        var unfit = (await town.Save(Town.Text("raised_unfit", $"SELECT id, town FROM {table}", "key: [id]\ntests:\n  - expression: town <> ''"))).GetProperty("id").GetGuid();
        var rests = (await town.Save(Town.Text("raised_rests", $"SELECT town FROM {table}"))).GetProperty("id").GetGuid();
        var behind = (await town.Save(Town.Text("raised_behind", "SELECT town AS place FROM raised_rests"))).GetProperty("id").GetGuid();
        await town.Run("raised_fits", "raised_unfit", "raised_rests", "raised_behind");
        File.Delete(Path.Combine(town.Data, "models", "raised_rests.sql"));
        await Wait.Until(async () => !(await County.Json(await town.Engineer.GetAsync(new Uri("/api/v1/models/raised_rests", UriKind.Relative)))).GetProperty("active").GetBoolean());

        await Renew(set, "raised", Level.L4);
        await Wait.Until(async () => (await Card(behind)).Level == Level.L4);
        foreach (var model in new[] { fits, unfit, rests })
        {
            (await Card(model)).Items.ShouldAllBe(i => i.Level == Level.L4);
        }

        await Wait.Until(async () => (await County.Json(await town.Engineer.GetAsync(new Uri("/api/v1/models/", UriKind.Relative)))).EnumerateArray()
            .First(m => m.GetProperty("name").GetString() == "raised_unfit").GetProperty("fault").GetString()?.Contains("town <> ''", StringComparison.Ordinal) == true);
        Town.Step(await town.Run("raised_unfit"), "raised_unfit").GetProperty("code").GetString().ShouldBe("COM-026");

        await Renew(set, "raised", Level.L1);
        await Wait.Until(async () => (await County.Json(await town.Engineer.GetAsync(new Uri("/api/v1/models/raised_fits", UriKind.Relative)))).GetProperty("columns")[0].GetProperty("level").GetString() == "L1");
        (await Card(fits)).Level.ShouldBe(Level.L4, "lowered by a run alone");
        (await town.Run("raised_fits")).GetProperty("state").GetString().ShouldBe("Built");
        (await Card(fits)).Level.ShouldBe(Level.L1);
    }

    private async Task<(string G, string H)> Tables()
    {
        await using var scope = town.Services.CreateAsyncScope();
        var catalog = scope.ServiceProvider.GetRequiredService<ICatalog>();
        if (await catalog.Named("h人员（模拟）", default) is [var h, ..])
        {
            return ((await catalog.Named("g人员（模拟）", default))[0].Table, h.Table);
        }

        var (_, code, table) = await People("g");
        await town.Collect(code, "编号,街镇,附加,收入\nA1,望春街道,x,70001\n");
        var (_, _, open) = await town.Publish("h人员（模拟）", ("编号", "id", "Text", true, "L1"), ("数", "n", "Integer", false, "L1"), ("收入", "income", "Integer", false, "L1"), ("附加", "extra", "Text", false, "L1"));
        return (table, open);
    }

    private Task<(Guid Id, string Code, string Table)> People(string name) => town.Publish(
        $"{name}人员（模拟）", ("编号", "id", "Text", true, "L1"), ("街镇", "town", "Text", false, "L1"), ("附加", "extra", "Text", false, "L1"), ("收入", "income", "Integer", false, "L4"));

    private async Task Renew(Guid set, string name, Level townLevel)
    {
        await using var scope = town.Services.CreateAsyncScope();
        var (card, bulk) = (await Card(set), scope.ServiceProvider.GetRequiredService<ICatalogBulk>());
        var renewed = await bulk.Renew(
            new()
            {
                Id = set, Class = "303001", Name = $"{name}人员（模拟）", Unit = town.Unit, Summary = "模拟", Sharing = SharingKind.Conditional, Condition = "用于业务办理", Ways = [SharingWay.Api], Cycle = UpdateCycle.Daily,
                Items = [.. card.Items.Select(i => i.Column == "town" ? i with { Level = townLevel } : i)],
            },
            Actor.System, TestContext.Current.CancellationToken);
        renewed.Refused.ShouldBeFalse(renewed.Problem?.ToString());
    }

    private async Task<Result<CheckedModel>> Checked(string text)
    {
        await using var scope = town.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CheckModel>().Run(text, TestContext.Current.CancellationToken);
    }

    private async Task<ResourceCard> Card(Guid id)
    {
        await using var scope = town.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<ICatalog>().Published(id, TestContext.Current.CancellationToken))!;
    }

    /// <summary>The rows the program itself may see: names, then cells.</summary>
    private async Task<string> Rows(Guid id, long? asOf)
    {
        await using var scope = town.Services.CreateAsyncScope();
        var read = await scope.ServiceProvider.GetRequiredService<IRowGate>().Read(new RowAsk(id, Purposes.Preview, AsOf: asOf), Actor.System, TestContext.Current.CancellationToken);
        return read.Refused ? read.Problem!.Code : string.Join('|', read.Value.Rows.Select(r => string.Join(',', r)).Prepend(string.Join(',', read.Value.Items.Select(i => i.Item.Column))));
    }
}
