// Where the columns of a statement come from, as the engine's own parser reads it.
using Lizhou.Computing.Lineage;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Computing.Tests;

public sealed class LineageTests(Town town) : IClassFixture<Town>
{
    private static readonly Dictionary<string, string[]> Tables = new()
    {
        ["t"] = ["a", "b", "c", "d"], ["u"] = ["a", "e", "f"], ["v"] = ["x", "y"],
    };

    [Theory]
    [InlineData("SELECT a, b + c AS s, 1 AS one FROM t", "a<t.a=|s<t.b~ t.c~|one<")]
    [InlineData("SELECT * FROM t JOIN u USING (a)", "a<t.a=|b<t.b=|c<t.c=|d<t.d=|e<u.e=|f<u.f=")]
    [InlineData("SELECT t.* EXCLUDE (d), u.e FROM t, u", "a<t.a=|b<t.b=|c<t.c=|e<u.e=")]
    [InlineData("SELECT * REPLACE (b + 1 AS b) FROM t", "a<t.a=|b<t.b~|c<t.c=|d<t.d=")]
    [InlineData("WITH w AS (SELECT a, sum(b) AS s FROM t GROUP BY a) SELECT w.a, w.s / 2 AS h FROM w", "a<t.a=|h<t.bΣ")]
    [InlineData("WITH w(p, q) AS (SELECT a, b FROM t) SELECT q, p FROM w", "q<t.b=|p<t.a=")]
    [InlineData("SELECT a FROM t UNION ALL SELECT e FROM u", "a<t.a= u.e=")]
    [InlineData("SELECT (SELECT max(e) FROM u WHERE u.a = t.a) AS m FROM t", "m<u.eΣ")]
    [InlineData("SELECT CASE WHEN a > 1 THEN b ELSE c END AS k FROM t", "k<t.a? t.b~ t.c~")]
    [InlineData("SELECT b + 1 AS p, p * c AS q FROM t", "p<t.b~|q<t.b~ t.c~")]
    [InlineData("SELECT sum(b) FILTER (WHERE c > 0) AS s FROM t", "s<t.bΣ t.c?")]
    [InlineData("SELECT row_number() OVER (PARTITION BY a ORDER BY b) AS n FROM t", "n<t.aW t.bW")]
    [InlineData("SELECT s.z FROM (SELECT a AS z, count(*) FROM t GROUP BY a) AS s", "z<t.a=")]
    [InlineData("SELECT n FROM (VALUES (1), (2)) AS l(n)", "n<")]
    [InlineData("SELECT list_transform([b], lambda q: q + c) AS l FROM t", "l<t.b~ t.c~")]
    [InlineData("WITH RECURSIVE r(i, p) AS (SELECT a, b FROM t UNION ALL SELECT i + 1, c FROM r JOIN t ON t.a = r.i) SELECT i, p FROM r", "i<t.a= t.a~|p<t.b= t.c=")]
    [InlineData("SELECT t.a FROM t SEMI JOIN u ON t.b = u.e", "a<t.a=")]
    [InlineData("SELECT coalesce(t.a, u.a) AS k FROM t FULL JOIN u ON t.a = u.a", "k<t.a~ u.a~")]
    public async Task A_column_is_followed_to_where_it_comes_from(string sql, string expected)
    {
        var flow = await Follow(sql);
        string.Join('|', flow.Columns.Select(c => $"{c.Name}<{string.Join(' ', c.From.Select(f => $"{f.Table}.{f.Column}{Sign(f.Kind)}").Order(StringComparer.Ordinal))}")).ShouldBe(expected);
    }

    [Fact]
    public async Task What_only_decides_about_rows_is_told_apart()
    {
        var flow = await Follow("SELECT t.b, count(*) AS n FROM t JOIN u ON t.a = u.a WHERE t.c > 1 GROUP BY t.b HAVING sum(u.e) > 2 ORDER BY t.b");
        string.Join(' ', flow.Deciding.Select(f => $"{f.Kind}:{f.Table}.{f.Column}").Order(StringComparer.Ordinal))
            .ShouldBe("Filter:t.c Filter:u.e GroupBy:t.b Join:t.a Join:u.a Sort:t.b");
        flow.Columns[1].From.ShouldBeEmpty("a count has no column of its own");
    }

    [Theory]
    [InlineData("SELECT a, nothing FROM t", "nothing", 10)]
    [InlineData("SELECT u.b FROM t, u", "u.b", 7)]
    [InlineData("SELECT a FROM t WHERE nowhere > 1", "nowhere", 22)]
    public async Task A_column_that_is_nowhere_is_refused_with_its_place(string sql, string name, long at)
    {
        var lost = await Should.ThrowAsync<FlowFault>(() => Follow(sql));
        (lost.Message, lost.At, lost.Unknown).ShouldBe((name, at, true));
    }

    [Theory]
    [InlineData("SELECT a, sum(b) AS s FROM t GROUP BY a", "t:a")]
    [InlineData("SELECT t.a, u.e FROM t LEFT JOIN u ON t.a = u.a", "t:a u:—")]
    [InlineData("SELECT u.a FROM t LEFT JOIN u ON t.a = u.a", "t:— u:—")]
    [InlineData("SELECT a, lag(b) OVER (ORDER BY a) AS p FROM t", "t:—")]
    [InlineData("SELECT a, b FROM t LIMIT 3", "t:—")]
    [InlineData("SELECT x.a FROM t AS x JOIN t AS y ON x.a = y.b", "t:—")]
    [InlineData("WITH w AS (SELECT * FROM t) SELECT p.a FROM w AS p JOIN w AS q ON p.a = q.b", "t:—")]
    [InlineData("SELECT a FROM t UNION ALL SELECT a FROM u", "t:a u:a")]
    [InlineData("SELECT a + 1 AS a FROM t", "t:—")]
    [InlineData("SELECT a, sum(b) AS s FROM t GROUP BY ROLLUP (a)", "t:—")]
    [InlineData("SELECT a FROM t WHERE b = (SELECT max(b) FROM t)", "t:—")]
    public async Task Slices_are_told_only_where_a_changed_row_changes_no_other_slice(string sql, string expected)
    {
        var flow = await Follow(sql);
        var tables = expected.Split(' ').Select(p => p.Split(':')[0]);
        string.Join(' ', tables.Select(t => $"{t}:{flow.Slices(0, t) ?? "—"}")).ShouldBe(expected);
    }

    [Fact]
    public void Impact_goes_forward_and_back_through_many_sets_and_tells_what_only_decides()
    {
        var graph = new LineageGraph();
        graph.Put("model",
        [
            new(new("a", "x"), new("b", "y"), FlowKind.Identity), new(new("b", "y"), new("c", "z"), FlowKind.Aggregation),
            new(new("a", "w"), new("b", ""), FlowKind.Filter), new(new("c", "z"), new("e", "q"), FlowKind.Transformation),
        ]);
        graph.From(new("a", "x"), ahead: true).Select(r => (r.Column.Set, r.Column.Column, r.Steps, r.Direct)).ShouldBe([("b", "y", 1, true), ("c", "z", 2, true), ("e", "q", 3, true)]);
        graph.From(new("a", "w"), ahead: true).Select(r => (r.Column.Set, r.Column.Column, r.Direct)).ShouldBe([("b", "", false), ("b", "y", false), ("c", "z", false), ("e", "q", false)], ignoreOrder: true);
        graph.From(new("e", "q"), ahead: false).Select(r => r.Column.Set).ShouldBe(["c", "b", "a"]);
        graph.From(new("a", ""), ahead: true).Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_graph_that_followed_many_changes_tells_the_same_as_one_read_anew()
    {
        using var state = new StateStore(Path.Combine(Directory.CreateTempSubdirectory("lizhou-graph-").FullName, "state.db"));
        await SchemaScripts.Apply(state, typeof(ComputingModule).Assembly);
        using var kept = new KeptGraph(state);
        var dice = new Random(11);
        for (var round = 0; round < 40; round++)
        {
            await using (var connection = await state.Open())
            await using (var transaction = await connection.BeginTransactionAsync())
            {
                var owner = $"o{dice.Next(8)}";
                await LineageEdges.Put(connection, transaction, owner, [.. Enumerable.Range(0, dice.Next(12)).Select(_ => new Edge(Any(dice), Any(dice), (FlowKind)dice.Next(6)))], default);
                await transaction.CommitAsync();
            }

            using var anew = new KeptGraph(state);
            var (followed, read) = (await kept.Now(default), await anew.Now(default));
            (followed.Edges, followed.Sets).ShouldBe((read.Edges, read.Sets));
            foreach (var start in Enumerable.Range(0, 6).SelectMany(t => new[] { new ColumnOf($"t{t}", ""), new ColumnOf($"t{t}", "c1") }))
            {
                followed.Has(start.Set).ShouldBe(read.Has(start.Set));
                foreach (var ahead in new[] { true, false })
                {
                    followed.From(start, ahead).Select(r => r.Column.ToString()).Order(StringComparer.Ordinal).ShouldBe(read.From(start, ahead).Select(r => r.Column.ToString()).Order(StringComparer.Ordinal));
                }
            }
        }

        static ColumnOf Any(Random dice) => new($"t{dice.Next(6)}", dice.Next(4) == 0 ? "" : $"c{dice.Next(3)}");
    }

    private async Task<StatementFlow> Follow(string sql)
    {
        var parsed = await town.Services.GetRequiredService<IStatements>().Parse(sql, TestContext.Current.CancellationToken);
        parsed.Problem?.ToString().ShouldBeNull();
        return StatementLineage.Of(parsed.Tree, (_, name) => Tables.GetValueOrDefault(name));
    }

    private static string Sign(FlowKind kind) => kind switch
    {
        FlowKind.Identity => "=",
        FlowKind.Transformation => "~",
        FlowKind.Aggregation => "Σ",
        FlowKind.Window => "W",
        _ => "?",
    };
}
