// Whom a query of the console was about is found again like every other answer: the persons of its rows where they can be followed, nobody for a statistic, everybody when in doubt.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Lake.Reading;

namespace Lizhou.Policy.Tests;

public sealed class QueryAboutTests
{
    private const string Zhang = "11010519491231002X";
    private const string Li = "330784199001011239";
    private const string Wang = "330784198512120019";

    private static readonly (ItemCard, ColumnType)[] People =
    [
        (ItemCard.Of("姓名", column: "name", level: Level.L3), ColumnType.Text), (ItemCard.Of("身份号码", column: "id_number", level: Level.L4, check: CheckCharacter.IdNumber), ColumnType.Text),
        (ItemCard.Of("街镇", column: "town", level: Level.L1), ColumnType.Text), (ItemCard.Of("金额", ItemType.Integer, "amount", level: Level.L2), ColumnType.Int64),
    ];

    private static readonly (ItemCard, ColumnType)[] Towns = [(ItemCard.Of("街镇", column: "town", level: Level.L1), ColumnType.Text), (ItemCard.Of("人口", ItemType.Integer, "heads", level: Level.L1), ColumnType.Int64)];

    [Theory]
    [InlineData("SELECT * FROM people", "张李王")]
    [InlineData("SELECT town FROM people WHERE town = '望春街道'", "张王")]
    [InlineData("SELECT name AS n FROM people AS p WHERE amount BETWEEN 15 AND 35 ORDER BY n, 1 LIMIT 1", "李/王")]
    [InlineData("SELECT p.amount + 1, t.heads FROM people p JOIN towns t ON p.town = t.town WHERE t.heads = 5", "李")]
    [InlineData("SELECT * FROM people a JOIN people b ON a.town = b.town AND a.amount < b.amount WHERE a.amount < 15", "张王")]
    [InlineData("SELECT * FROM (SELECT name, town FROM people WHERE amount < 25) s JOIN towns USING (town) WHERE heads = 3", "张")]
    [InlineData("WITH rich AS (SELECT name, amount FROM people WHERE amount > 15), poor(x) AS (SELECT amount FROM people) SELECT name FROM rich WHERE amount > 25", "王")]
    [InlineData("SELECT heads FROM towns WHERE town IN (SELECT town FROM people WHERE amount = 20)", "")]
    [InlineData("SELECT town, count(*), sum(amount) FROM people GROUP BY town", "")]
    [InlineData("SELECT count(DISTINCT id_number) FROM people", "")]
    [InlineData("SELECT DISTINCT town FROM people", "")]
    [InlineData("SELECT * FROM towns", "")]
    [InlineData("SELECT t.town, s.n FROM towns t JOIN (SELECT town, count(*) AS n FROM people GROUP BY town) s USING (town)", "")]
    [InlineData("SELECT name, count(*) FROM people WHERE amount < 15 GROUP BY name", "张李王")]
    [InlineData("SELECT string_agg(name, ',') FROM people WHERE amount < 15", "张李王")]
    [InlineData("SELECT list(p) FROM people p WHERE amount < 15", "张李王")]
    [InlineData("SELECT max(x) FROM (SELECT name AS x FROM people WHERE amount < 15) s", "张李王")]
    [InlineData("SELECT name FROM people WHERE amount < 15 UNION ALL SELECT 'x'", "张李王")]
    [InlineData("SELECT heads, (SELECT max(name) FROM people) FROM towns", "张李王")]
    [InlineData("SELECT count(*), (SELECT max(name) FROM people) FROM towns", "张李王")]
    [InlineData("SELECT heads, (SELECT count(*) FROM people p WHERE p.town = t.town) FROM towns t", "")]
    [InlineData("SELECT lag(name) OVER (ORDER BY amount) FROM people LIMIT 1", "张李王")]
    public async Task A_query_is_about_the_persons_of_its_rows_about_nobody_or_about_all(string sql, string about)
    {
        await using var house = await House.Build();
        await house.Resource("people", People, [["张三", Zhang, "望春街道", "10"], ["李四", Li, "方岩镇", "20"], ["王五", Wang, "望春街道", "30"], ["无名", null, "方岩镇", "40"]]);
        await house.Resource("towns", Towns, [["望春街道", "3"], ["方岩镇", "5"]]);
        var done = await house.Desk.Run(new(sql, Purposes.Query, 60), House.Engineer, default);
        done.Problem.ShouldBeNull(done.Problem?.ToString());
        var found = string.Concat(new[] { ("张", Zhang), ("李", Li), ("王", Wang) }.Where(p => house.People.Of(house.Person.Of(p.Item2)).Count > 0).Select(p => p.Item1));
        about.Split('/').ShouldContain(found);
        done.Value.Columns.ShouldAllBe(c => !c.Name.Contains("lz_person", StringComparison.Ordinal));
        var shown = await house.Engine.Read(s => s.Rows($"DESCRIBE SELECT * FROM read_parquet('{house.Desk.ResultOf(done.Value.Id)}')", r => r.GetString(0)));
        shown.ShouldBe(done.Value.Columns.Select(c => c.Name));
        Directory.GetFiles(Path.Combine(house.Settings.Work, "queries"), "keys*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_filtered_view_tells_of_nobody_it_leaves_out()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", People, [["张三", Zhang, "望春街道", "10"], ["李四", Li, "方岩镇", "20"]]);
        await house.Put(house.Granted(resource, new Condition.Compare("town", Comparison.Equal, "方岩镇"), ("name", null), ("amount", null)));
        (await house.Desk.Run(new("SELECT amount FROM people", "checking benefits", 60), House.Foreigner, default)).Problem.ShouldBeNull();
        (await house.Desk.Run(new("SELECT max(name) FROM people", "checking benefits", 60), House.Foreigner, default)).Problem.ShouldBeNull();
        (house.People.Of(house.Person.Of(Zhang)).Count, house.People.Of(house.Person.Of(Li)).Count).ShouldBe((0, 2));
    }
}
