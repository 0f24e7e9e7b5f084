// A user's SQL: what it may, under the policy; and that it ends when its time is over.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Policy.UserSql;
using Lizhou.Tests.Support;

namespace Lizhou.Policy.Tests;

public sealed class UserSqlTests
{
    internal static readonly (ItemCard, ColumnType)[] Items =
    [
        (ItemCard.Of("姓名", column: "name", level: Level.L3), ColumnType.Text), (ItemCard.Of("金额", ItemType.Money, "amount", level: Level.L2), ColumnType.Decimal(18, 2)),
        (ItemCard.Of("街镇", column: "town", level: Level.L1), ColumnType.Text),
    ];

    internal static readonly string?[][] Rows = [["张三", "10.00", "望春街道"], ["李四", "20.50", "方岩镇"], ["王五", "30.00", "望春街道"], ["赵六", null, null]];

    [Theory]
    [InlineData("SELECT name FROM people WHERE amount > 20.25 AND amount < CAST(25.5 AS DECIMAL(10, 2)) AND amount < 1e2", "李*")]
    [InlineData("SELECT town, sum(amount) AS total FROM people GROUP BY town ORDER BY total DESC NULLS LAST", "望春街道|40,方岩镇|20.5,∅|∅")]
    [InlineData("SELECT name FROM landing.people ORDER BY name", "张*,李*,王*,赵*")]
    [InlineData("SELECT count(*) FROM people WHERE name = '张三'", "0")]
    [InlineData("WITH a AS (SELECT * FROM people p WHERE p.amount > 15), b AS (SELECT max(amount) AS m FROM a) SELECT people.name, b.m FROM people, b WHERE people.amount = b.m", "王*|30.00")]
    [InlineData("SELECT x.name FROM \"303001/people\" x JOIN people y USING (town) WHERE x.amount < y.amount", "张*")]
    [InlineData("SELECT name, row_number() OVER (PARTITION BY town ORDER BY amount) FROM people QUALIFY row_number() OVER (PARTITION BY town ORDER BY amount) = 2", "王*|2")]
    [InlineData("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 4) SELECT sum(n) FROM r", "10")]
    [InlineData("SELECT name FROM people WHERE town IN (SELECT town FROM people GROUP BY ALL HAVING count(*) > 1) UNION ALL SELECT 'x' ORDER BY 1", "x,张*,王*")]
    [InlineData("SELECT i FROM range(3) g(i) ORDER BY i DESC", "2,1,0")]
    public async Task A_select_runs_over_what_its_author_may_see(string sql, string expected)
    {
        await using var house = await House.Build();
        await house.Resource("people", Items, Rows);
        var done = await house.Desk.Run(new(sql, "statistics"), House.Engineer, default);
        done.Problem?.ToString().ShouldBeNull();
        (await Result(house, done.Value)).ShouldBe(expected);
        house.Ledger.Entries.Last().Result.ShouldBe("done");
    }

    [Theory]
    [InlineData("SELECT 'x", "POL-020", "文本常量缺少结尾的单引号")]
    [InlineData("SELECT \"x", "POL-020", "名称缺少结尾的双引号")]
    [InlineData("SELECT name FROM people WHERE (town = 'a'", "POL-020", "语句不完整")]
    [InlineData("SELECT name name name FROM people", "POL-020", "“name”附近有语法错误")]
    [InlineData("SELECT CAST(town AS INTEGER) FROM people", "POL-027", "有值不能转换为所需类型")]
    public async Task What_the_engine_says_of_a_statement_is_told_in_both_languages(string sql, string code, string told)
    {
        await using var house = await House.Build();
        await house.Resource("people", Items, Rows);
        var refused = (await house.Desk.Run(new(sql, "statistics"), House.Engineer, default)).Problem!;
        refused.Code.ShouldBe(code);
        refused.What.Zh.ShouldContain(told);
        refused.What.Zh[(refused.What.Zh.IndexOf('：') + 1)..].ShouldNotBe(refused.What.En[(refused.What.En.IndexOf(':') + 1)..].Trim());
    }

    [Fact]
    public async Task A_sum_of_whole_numbers_is_a_whole_number_to_its_last_digit()
    {
        await using var house = await House.Build();
        await house.Resource("people", Items, Rows);
        var done = (await house.Desk.Run(new("SELECT sum(n) AS total, sum(n) / 2 AS half, count(*) AS rows FROM (SELECT 9007199254740993::BIGINT AS n UNION ALL SELECT 0) g", "query"), House.Engineer, default)).Value;
        done.Columns.Select(c => c.Type).ShouldBe(["DECIMAL(38,0)", "DOUBLE", "BIGINT"]);
        (await Result(house, done)).ShouldStartWith("9007199254740993|");
    }

    [Fact]
    public async Task A_query_may_ask_for_the_tables_as_they_were_at_a_moment_or_a_snapshot()
    {
        await using var house = await House.Build();
        var card = await house.Resource("people", Items, Rows);
        var before = (await house.Lake.Current()).Id;
        house.Clock.Advance(TimeSpan.FromHours(2));
        await house.Add((await house.Lake.Resource(card.Table))!, [["孙七", "1.00", "芝英镇"]]);

        async Task<string> Count(string? asOf) => await Result(house, (await house.Desk.Run(new("SELECT count(*) FROM people", "query", AsOf: asOf), House.Engineer, default)).Value);
        (await Count(null)).ShouldBe("5");
        (await Count($"{before}")).ShouldBe("4");
        (await Count("2026-03-04T14:00")).ShouldBe("4", "a moment without a zone is one of the city: 06:00 UTC");
        (await Count("2026-03-04T08:00:00Z")).ShouldBe("5");
        (await house.Desk.Run(new("SELECT 1", "query", AsOf: "yesterday"), House.Engineer, default)).Problem!.Code.ShouldBe("POL-036");
        (await house.Desk.Run(new("SELECT 1", "query", AsOf: "0001-01-01"), House.Engineer, default)).Problem!.Code.ShouldBe("POL-035");
        (await house.Desk.Run(new("SELECT 1", "query", AsOf: "999999"), House.Engineer, default)).Problem!.Code.ShouldBe("POL-035");
    }

    [Fact]
    public async Task What_was_withdrawn_since_is_shown_at_no_moment_of_the_past()
    {
        await using var house = await House.Build();
        var card = await house.Resource("people", Items, Rows);
        var before = (await house.Lake.Current()).Id;
        await house.Add((await house.Lake.Resource(card.Table))!, [["孙七", "1.00", "芝英镇"]]);
        var with = (await house.Lake.Current()).Id;
        (await house.Lake.Undo(with, house.Terms())).Refused.ShouldBeFalse();
        var after = (await house.Lake.Current()).Id;

        Task<Result<QueryRow>> Ask(long? at) => house.Desk.Run(new("SELECT count(*) FROM people", "query", AsOf: $"{at}"), House.Engineer, default);
        (await Ask(with)).Problem!.Code.ShouldBe("POL-037");
        house.Ledger.Entries.ShouldContain(e => e.Result == "POL-037", "and the refusal is in the ledger");
        (await Result(house, (await Ask(before)).Value)).ShouldBe("4");
        (await Result(house, (await Ask(after)).Value)).ShouldBe("4");
    }

    [Fact]
    public async Task A_row_the_filter_leaves_out_is_not_even_tried_so_no_failure_tells_of_it()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        await house.Put(house.Granted(resource, new Condition.Compare("town", Comparison.Equal, "方岩镇"), ("name", null), ("amount", null)));
        var sql = "SELECT name FROM people WHERE CASE WHEN name LIKE '张%' THEN CAST(name AS INTEGER) > 0 ELSE true END";
        var done = await house.Desk.Run(new(sql, "query"), House.Foreigner, default);
        done.Problem?.ToString().ShouldBeNull();
        (await Result(house, done.Value)).ShouldBe("李四");
    }

    [Theory]
    [InlineData("SELECT nmae FROM people", "nmae", "name")]
    [InlineData("SELECT p.amuont FROM people p WHERE p.town = '望春街道'", "amuont", "amount")]
    [InlineData("SELECT name FROM people WHERE quarter = 1", "quarter", "amount, name, town")]
    public async Task A_column_that_is_not_there_is_named_with_those_like_it(string sql, string wrong, string like)
    {
        await using var house = await House.Build();
        await house.Resource("people", Items, Rows);
        var said = (await house.Desk.Run(new(sql, "query"), House.Steward, default)).Problem!;
        said.Code.ShouldBe("POL-027");
        said.What.En.ShouldContain($"“{wrong}”");
        like.Split(", ").ShouldAllBe(column => said.What.En.Contains(column));
        said.ToString().ShouldNotContain("望春");
    }

    [Fact]
    public async Task A_wrong_name_tells_of_no_column_its_author_may_not_see()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        await house.Put(house.Granted(resource, null, ("town", null)));
        foreach (var wrong in new[] { "nam", "amount" })
        {
            var said = (await house.Desk.Run(new($"SELECT {wrong} FROM people", "query"), House.Foreigner, default)).Problem!;
            said.What.En.ShouldContain(wrong);
            said.What.En.Replace($"“{wrong}”", "").ShouldNotContain("name");
            said.What.En.Replace($"“{wrong}”", "").ShouldNotContain("amount");
        }
    }

    [Theory]
    [InlineData("=cmd", "'=cmd")]
    [InlineData("@x", "'@x")]
    [InlineData("town", "town")]
    public async Task A_name_at_the_head_of_a_file_is_guarded_as_its_cells_are(string name, string shown)
    {
        await using var house = await House.Build();
        await house.Resource("people", Items, Rows);
        var done = await house.Desk.Run(new($"SELECT 1 AS \"{name}\", '=1+1' AS a", "query"), House.Engineer, default);
        var results = new ReadResult(house.Desk, new QueryLog(house.State, house.Clock), house.Open, house.Lake, house.Settings, house.Ledger, house.Clock);
        using var to = new MemoryStream();
        (await results.Write(done.Value.Id, RowFormat.Csv, to, House.Engineer, default)).Problem?.ToString().ShouldBeNull();
        System.Text.Encoding.UTF8.GetString(to.ToArray()).Split('\n')[..2].ShouldBe([$"{shown},a", "1,'=1+1"]);
    }

    [Theory]
    [InlineData(null, RowFormat.Csv), InlineData("csv", RowFormat.Csv), InlineData("CSV", RowFormat.Csv), InlineData("ndjson", RowFormat.NdJson), InlineData("Parquet", RowFormat.Parquet)]
    [InlineData("pdf", null), InlineData("1", null), InlineData("csv,xlsx", null)]
    public void A_format_is_known_in_whatever_case(string? named, RowFormat? format) => SqlRoutes.Format(named).ShouldBe(format);

    [Fact]
    public async Task A_failure_quotes_no_value()
    {
        await using var house = await House.Build();
        await house.Resource("people", Items, Rows);
        var failed = await house.Desk.Run(new("SELECT CAST(town AS INTEGER) FROM people", "query"), House.Steward, default);
        failed.Problem!.Code.ShouldBe("POL-027");
        failed.Problem.ToString().ShouldNotContain("望春");
    }

    [Fact]
    public async Task A_table_that_is_not_ones_own_is_refused_with_the_way_to_ask_for_it()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        var refused = await house.Desk.Run(new("SELECT 1 FROM people", "query"), House.Foreigner, default);
        refused.Problem!.Code.ShouldBe("POL-003");
        refused.Problem.Link.ShouldBe(RequestForm.For(resource.Id, "query"));
    }

    [Theory]
    [InlineData("SELECT count(*) FROM range(1000000000000) a, range(1000000000000) b", 2)]
    [InlineData("SELECT length(repeat('x', 2000000000))", 2)]
    [InlineData("SELECT length(repeat(repeat(repeat('x', 10000), 1000), 1000))", 2)]
    [InlineData("SELECT list_sort(range(200000000))", 2)]
    [InlineData("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r", 2)]
    [InlineData("nested", 2)]
    [InlineData("SELECT string_agg(repeat('x', 100000), '') FROM range(1000000)", 2)]
    public async Task A_bomb_ends_within_a_second_of_its_time_and_the_house_stands(string sql, int seconds)
    {
        await using var house = await House.Build();
        await house.Resource("people", Items, Rows);
        sql = sql == "nested" ? "SELECT " + new string('(', 9000) + "1" + new string(')', 9000) : sql;
        var done = await house.Desk.Run(new(sql, "query", seconds), House.Engineer, default);
        (await new QueryLog(house.State, house.Clock).Of(House.Engineer, 0, 1, default)).Single().Ms.ShouldBeLessThan((seconds + 1) * 1000);
        if (done.Refused)
        {
            done.Problem!.Code.ShouldBeOneOf("POL-025", "POL-027", "POL-028");
        }

        (await house.Gate.Read(new((await house.Catalog.ByTable("people", default))!.Id, "preview"), House.Engineer, default)).Refused.ShouldBeFalse();
    }

    [Fact]
    public async Task A_query_is_cancelled_by_its_author_alone()
    {
        await using var house = await House.Build();
        var id = Guid.CreateVersion7();
        var running = house.Desk.Run(new("SELECT count(*) FROM range(1000000000000)", "query", 30), House.Engineer with { Id = id }, default, id);
        await Wait.Until(() => !house.Running.Cancel(id, House.Steward with { Id = Guid.CreateVersion7() }) && house.Running.Cancel(id, House.Engineer with { Id = id }));
        (await running.WaitAsync(TimeSpan.FromSeconds(5))).Problem!.Code.ShouldBe("POL-026");
    }

    internal static async Task<string> Result(House house, QueryRow done)
    {
        var rows = await house.Engine.Read(s => s.Rows(
            $"SELECT * FROM read_parquet('{house.Desk.ResultOf(done.Id)}')",
            r => string.Join('|', Enumerable.Range(0, r.FieldCount).Select(i => r.IsDBNull(i) ? "∅" : Convert.ToString(r.GetValue(i), System.Globalization.CultureInfo.InvariantCulture)))));
        return string.Join(',', rows);
    }
}
