// No statement gets at the keys of persons that travel beside its rows: it could join what units share with nobody, say that it was about somebody else, or hide whom it was about.
namespace Lizhou.Policy.Tests;

public sealed class QueryKeysTests(PeopledHouse house) : IClassFixture<PeopledHouse>
{
    [Theory]
    [InlineData("SELECT p FROM people p WHERE amount < 15")]
    [InlineData("SELECT to_json(p) FROM people AS P WHERE amount < 15")]
    [InlineData("SELECT unnest(p) FROM people p WHERE amount < 15")]
    [InlineData("SELECT [x FOR x IN [p]] FROM people p WHERE amount < 15")]
    [InlineData("SELECT t.heads FROM towns t JOIN people p USING (town) WHERE p.amount < 15 AND p::VARCHAR LIKE '%'")]
    [InlineData("SELECT list_transform([1], lambda x: people) FROM people WHERE amount < 15")]
    [InlineData("SELECT s.w.town FROM (SELECT p AS w FROM people p WHERE amount < 15) s")]
    [InlineData("SELECT unnamed_subquery FROM (SELECT * FROM people WHERE amount < 15)")]
    [InlineData("WITH c AS (SELECT * FROM people WHERE amount < 15) SELECT c FROM c")]
    [InlineData("SELECT #1 FROM people WHERE amount < 15")]
    [InlineData("SELECT COLUMNS(*) FROM people WHERE amount < 15")]
    [InlineData("SELECT COLUMNS('^.') FROM people WHERE amount < 15")]
    [InlineData("SELECT COLUMNS(lambda c: c LIKE '%') FROM people WHERE amount < 15")]
    [InlineData("SELECT * LIKE '%' FROM people WHERE amount < 15")]
    [InlineData("SELECT * REPLACE ('x' AS name) FROM people WHERE amount < 15")]
    [InlineData("SELECT * RENAME (name AS n) FROM people WHERE amount < 15")]
    [InlineData("SELECT a FROM people p(a) WHERE amount < 15")]
    [InlineData("SELECT a FROM (SELECT name, amount FROM people) s(a) WHERE amount < 15")]
    [InlineData("WITH c(a, b) AS (SELECT name, amount FROM people) SELECT a FROM c WHERE b < 15")]
    [InlineData("SELECT * FROM people WHERE amount < 15 ORDER BY 4")]
    [InlineData("SELECT name FROM people WHERE amount < 15 ORDER BY ALL")]
    [InlineData("SELECT a.amount FROM people a NATURAL JOIN people b WHERE a.amount < 15")]
    public async Task A_query_that_could_reach_a_column_without_its_name_is_not_followed_and_is_about_all(string sql)
    {
        (await house.About(sql)).ShouldBe("张李王");
    }

    [Theory]
    [InlineData("SELECT lz_person_0_0 FROM people")]
    [InlineData("SELECT p.\"LZ_Person_0_0\" FROM people p")]
    [InlineData("SELECT town, '{0}' AS lz_person_0_n0 FROM people")]
    [InlineData("SELECT town FROM (SELECT town, '{0}' AS lz_person_0_0 FROM people) s")]
    [InlineData("SELECT lz_person: '{0}', town FROM people")]
    [InlineData("SELECT town FROM people p(a, b, town, c, lz_person_0_0)")]
    [InlineData("WITH c(lz_person_0_0) AS (SELECT '{0}') SELECT * FROM people, c")]
    [InlineData("WITH lz_person_c AS (SELECT '{0}' AS x) SELECT * FROM people, lz_person_c")]
    [InlineData("SELECT * FROM people lz_persons")]
    [InlineData("SELECT * EXCLUDE (lz_person_0_0) FROM people")]
    [InlineData("SELECT * RENAME (town AS lz_person_0_1) FROM people")]
    [InlineData("SELECT * REPLACE ('{0}' AS lz_person_0_0) FROM people")]
    [InlineData("SELECT a.town FROM people a JOIN people b USING (lz_person_0_0)")]
    [InlineData("SELECT list_transform(['{0}'], lambda lz_person: lz_person) FROM people")]
    [InlineData("SELECT {'lz_person_0_0': '{0}'} FROM people")]
    public async Task No_name_in_a_query_begins_like_the_columns_of_persons(string sql)
    {
        var refused = await house.Run(sql.Replace("{0}", house.Digest(PeopledHouse.Zhao), StringComparison.Ordinal));
        refused.Problem!.Code.ShouldBe("POL-022");
        house.House.People.Of(house.House.Person.Of(PeopledHouse.Zhao)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("SELECT *, '{0}' AS k FROM people", "张李王")]
    [InlineData("SELECT '{0}' AS _person0, town FROM people WHERE amount < 15", "张")]
    [InlineData("SELECT * FROM people UNION ALL SELECT 'x', 'x', 'x', 1", "张李王")]
    [InlineData("SELECT town, 'lz_person_0_0' AS k, '{0}' AS v FROM people WHERE amount < 15", "张")]
    public async Task A_query_cannot_say_that_it_was_about_a_person_who_is_not_in_its_tables(string sql, string about)
    {
        (await house.About(sql.Replace("{0}", house.Digest(PeopledHouse.Zhao), StringComparison.Ordinal))).ShouldBe(about);
        house.House.People.Of(house.House.Person.Of(PeopledHouse.Zhao)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("SELECT #5 FROM people")]
    [InlineData("SELECT _person0 FROM people")]
    [InlineData("SELECT e FROM people p(a, b, c, d, e)")]
    [InlineData("SELECT b FROM (SELECT name FROM people) s(a, b)")]
    [InlineData("SELECT name FROM people ORDER BY 2")]
    [InlineData("SELECT * FROM people UNION ALL SELECT 'x', 'x', 'x', 1, '{0}'")]
    [InlineData("SELECT name FROM people WHERE ('张三', '11010519491231002X', '望春街道', 10, '{0}') IN (SELECT * FROM people)")]
    public async Task A_query_finds_no_column_beyond_those_it_is_shown(string sql)
    {
        var refused = await house.Run(sql.Replace("{0}", house.Digest(PeopledHouse.Zhang), StringComparison.Ordinal));
        refused.Problem!.Code.ShouldBe("POL-027");
        refused.Problem.ToString().ShouldNotContain("lz_person");
    }
}
