// Whom a query of the console was about is found again like every other answer: the persons of its rows where they can be followed, nobody for a statistic, everybody when in doubt.
using Lizhou.Kernel;
using Lizhou.Policy.UserSql;

namespace Lizhou.Policy.Tests;

public sealed class QueryAboutTests(PeopledHouse house) : IClassFixture<PeopledHouse>
{
    [Theory]
    [InlineData("SELECT * FROM people", "张李王")]
    [InlineData("SELECT town FROM people WHERE town = '望春街道'", "张王")]
    [InlineData("SELECT name AS n FROM people AS p WHERE amount BETWEEN 15 AND 35 ORDER BY n, 1 LIMIT 1", "李/王")]
    [InlineData("SELECT p.amount + 1, t.heads FROM people p JOIN towns t ON p.town = t.town WHERE t.heads = 5", "李")]
    [InlineData("SELECT * FROM people a JOIN people b ON a.town = b.town AND a.amount < b.amount WHERE a.amount < 15", "张王")]
    [InlineData("SELECT * FROM (SELECT name, town FROM people WHERE amount < 25) s JOIN towns USING (town) WHERE heads = 3", "张")]
    [InlineData("WITH rich AS (SELECT name, amount FROM people WHERE amount > 15), poor AS (SELECT amount FROM people) SELECT name FROM rich WHERE amount > 25", "王")]
    [InlineData("WITH Ö AS (SELECT town FROM people WHERE amount < 15), ö AS (SELECT 1 AS x) SELECT * FROM Ö", "张")]
    [InlineData("WITH people AS (SELECT name, amount FROM landing.people) SELECT name FROM people WHERE amount < 15", "张")]
    [InlineData("WITH c AS MATERIALIZED (SELECT * FROM people) SELECT a.name FROM c a JOIN c b USING (town) WHERE a.amount < 15", "张王")]
    [InlineData("SELECT t.heads FROM towns t JOIN people p ON p.town = t.town AND p.amount = 10", "张")]
    [InlineData("SELECT p.town FROM people p LEFT JOIN towns t USING (town) WHERE p.amount < 15", "张")]
    [InlineData("SELECT t.town, p.n FROM towns t, LATERAL (SELECT name AS n FROM people WHERE town = t.town AND amount < 15) p", "张")]
    [InlineData("SELECT p.town, (SELECT count(*) FROM people q WHERE q.town = p.town) FROM people p WHERE amount < 15 ORDER BY 1", "张")]
    [InlineData("SELECT heads FROM towns WHERE town IN (SELECT town FROM people WHERE amount = 20)", "")]
    [InlineData("SELECT town, count(*), sum(amount) FROM people GROUP BY town", "")]
    [InlineData("SELECT town, count(*) AS n FROM people WHERE amount > 5 GROUP BY town HAVING n > 1 ORDER BY n DESC", "")]
    [InlineData("SELECT count(*) FROM people p JOIN towns t USING (town) WHERE t.heads = 3", "")]
    [InlineData("SELECT count_if(town = '望春街道') FROM people", "")]
    [InlineData("SELECT count(*) FROM (SELECT town FROM people GROUP BY town) s", "")]
    [InlineData("WITH s AS (SELECT town FROM people WHERE amount > 5) SELECT count(*) FROM s", "")]
    [InlineData("SELECT count(*) FROM people WHERE town IN (SELECT town FROM towns WHERE heads = 3) AND amount > (SELECT max(heads) FROM towns)", "")]
    [InlineData("SELECT count(DISTINCT id_number) FROM people", "张李王")]
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
        about.Split('/').ShouldContain(await house.About(sql));
    }

    [Theory]
    [InlineData("SELECT name FROM people WHERE town = '望春街道' LIMIT 3", "name town")]
    [InlineData("SELECT x FROM (SELECT amount AS x, town FROM people) s WHERE town = '望春街道'", "town amount")]
    [InlineData("SELECT a.NAME FROM people a JOIN people b USING (town)", "name town")]
    [InlineData("WITH s AS (SELECT name FROM people) SELECT count(*) FROM s", "name")]
    [InlineData("SELECT count(*) FROM people", "")]
    [InlineData("SELECT * FROM people", "name id_number town amount")]
    [InlineData("SELECT p FROM people p", "name id_number town amount")]
    [InlineData("SELECT q FROM (SELECT name FROM people) q", "name id_number town amount")]
    [InlineData("SELECT max(town) FROM people p(town)", "name id_number town amount")]
    [InlineData("SELECT COLUMNS('n.*') FROM people", "name id_number town amount")]
    [InlineData("SELECT count(*) FROM people a NATURAL JOIN people b", "name id_number town amount")]
    public async Task The_evidence_names_the_items_that_a_querys_rows_can_tell_and_how_they_went_out(string sql, string items)
    {
        (await house.Run(sql)).Problem.ShouldBeNull();
        var entry = house.House.Ledger.Entries.Last(e => e.Act == SqlDesk.Act);
        string.Join(' ', entry.Exchange!.Items ?? []).ShouldBe(items);
        var masks = System.Text.Json.JsonSerializer.SerializeToElement(entry.Detail).GetProperty("masks");
        masks.TryGetProperty("name", out _).ShouldBe(items.Contains("name"), "an engineer sees names masked");
        masks.TryGetProperty("town", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("SELECT string_agg(town, ',') FROM (SELECT name AS town FROM people) s")]
    [InlineData("WITH s AS (SELECT name AS town FROM people) SELECT max(town) FROM s")]
    [InlineData("WITH lz_t0 AS (SELECT name AS town FROM people) SELECT max(town) FROM lz_t0")]
    [InlineData("SELECT max(town) FROM people p(town)")]
    [InlineData("SELECT DISTINCT * FROM people")]
    [InlineData("SELECT count_if(name = '张三') FROM people")]
    [InlineData("SELECT count(nullif(name, '张三')) FROM people")]
    [InlineData("SELECT count(*) FILTER (WHERE name = '张三') FROM people")]
    [InlineData("SELECT count(*) FROM people WHERE id_number = '11010519491231002X'")]
    [InlineData("SELECT count(*) FROM people GROUP BY name")]
    [InlineData("SELECT count(*) FROM people GROUP BY town HAVING max(name) = '张三'")]
    [InlineData("SELECT town FROM people GROUP BY town ORDER BY max(name)")]
    [InlineData("SELECT count(*) FROM people JOIN towns ON name = '张三'")]
    [InlineData("SELECT count(*) FROM people a JOIN people b USING (name)")]
    [InlineData("SELECT count(*) FROM people a NATURAL JOIN people b")]
    [InlineData("SELECT count(*) FROM (SELECT 1 FROM people WHERE name = '张三') s")]
    [InlineData("WITH s AS (SELECT 1 FROM people WHERE name = '张三') SELECT count(*) FROM s")]
    [InlineData("SELECT count(*) FROM towns WHERE EXISTS (SELECT 1 FROM people WHERE name = '张三')")]
    [InlineData("SELECT count(*) FROM towns WHERE heads > (SELECT amount FROM people LIMIT 1)")]
    [InlineData("SELECT count(*) FROM people p WHERE EXISTS (SELECT 1 FROM (VALUES (1)) v(x) WHERE p.name = '张三')")]
    [InlineData("SELECT count(*) AS name FROM people WHERE name = '张三'")]
    [InlineData("SELECT count(*) AS p FROM people p WHERE p::VARCHAR LIKE '%张三%'")]
    [InlineData("SELECT max(heads::VARCHAR) FROM people heads, towns t")]
    [InlineData("SELECT town, list(amount ORDER BY name) FROM people GROUP BY town")]
    [InlineData("SELECT DISTINCT town FROM people ORDER BY name")]
    [InlineData("SELECT count(*) FROM (SELECT name AS heads FROM people) s, LATERAL (SELECT 1 FROM people WHERE heads = '张三') l")]
    [InlineData("WITH s AS (SELECT name FROM people WHERE name = '张三'), t AS (SELECT 1 FROM s) SELECT count(*) FROM t")]
    public async Task A_statistic_that_shows_or_asks_by_what_not_anybody_may_know_is_about_all(string sql)
    {
        (await house.About(sql)).ShouldBe("张李王");
    }

    [Theory]
    [InlineData("SELECT heads FROM towns WHERE EXISTS (SELECT 1 FROM people WHERE id_number = '11010519491231002X')")]
    [InlineData("SELECT heads FROM towns WHERE '张三' IN (SELECT name FROM people)")]
    [InlineData("SELECT heads FROM towns SEMI JOIN people ON name = '张三'")]
    [InlineData("SELECT heads FROM towns ANTI JOIN people ON name = '张三'")]
    [InlineData("SELECT x FROM (VALUES ('张三'), ('赵六')) v(x) LEFT JOIN people p ON p.name = v.x WHERE p.town IS NULL")]
    [InlineData("SELECT x FROM people p RIGHT JOIN (VALUES ('张三'), ('赵六')) v(x) ON p.name = v.x WHERE p.town IS NULL")]
    [InlineData("SELECT x FROM people p FULL JOIN (VALUES ('张三'), ('赵六')) v(x) ON p.name = v.x WHERE p.town IS NULL")]
    [InlineData("SELECT heads FROM towns WHERE heads IN (SELECT amount FROM people ORDER BY amount LIMIT 1)")]
    [InlineData("SELECT heads FROM towns WHERE EXISTS (SELECT 1 FROM people heads WHERE heads::VARCHAR LIKE '%张三%')")]
    [InlineData("SELECT heads FROM towns ORDER BY (SELECT max(name) FROM people)")]
    [InlineData("SELECT heads FROM towns LIMIT (SELECT count(*) FROM people WHERE name = '张三')")]
    [InlineData("SELECT t.heads FROM towns t JOIN towns u ON t.heads = u.heads AND EXISTS (SELECT 1 FROM people WHERE name = '张三')")]
    [InlineData("SELECT * FROM (VALUES ((SELECT max(name) FROM people))) v(x)")]
    [InlineData("SELECT town FROM people WHERE amount < 15 QUALIFY lag(name) OVER (ORDER BY amount) IS NULL")]
    public async Task What_a_query_asks_of_rows_that_are_not_its_own_is_about_all(string sql)
    {
        (await house.About(sql)).ShouldBe("张李王");
    }

    [Fact]
    public async Task A_filtered_view_tells_of_nobody_it_leaves_out()
    {
        await using var own = await House.Build();
        var resource = await own.Resource("people", PeopledHouse.People, [["张三", PeopledHouse.Zhang, "望春街道", "10"], ["李四", PeopledHouse.Li, "方岩镇", "20"]]);
        await own.Put(own.Granted(resource, new Condition.Compare("town", Comparison.Equal, "方岩镇"), ("name", null), ("amount", null)));
        (await own.Desk.Run(new("SELECT amount FROM people", "checking benefits", 60), House.Foreigner, default)).Problem.ShouldBeNull();
        (await own.Desk.Run(new("SELECT max(name) FROM people", "checking benefits", 60), House.Foreigner, default)).Problem.ShouldBeNull();
        (own.People.Of(own.Person.Of(PeopledHouse.Zhang)).Count, own.People.Of(own.Person.Of(PeopledHouse.Li)).Count).ShouldBe((0, 2));
    }
}
