using Lizhou.Kernel;

namespace Lizhou.Lake.Tests;

public sealed class WriteTests
{
    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task Appended_rows_are_read_back_with_their_types(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = await lake.Create();

        var write = await lake.Append(table, (1, "王一", 1.50m), (2, null, 2m));

        write.RowsAdded.ShouldBe(2);
        (await lake.Rows(table)).ShouldBe(["1|王一|1.50", "2|∅|2.00"]);
        (await lake.Lake.Count(table)).ShouldBe(2);
    }

    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task An_older_snapshot_still_shows_what_it_showed(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = await lake.Create();
        var first = await lake.Append(table, (1, "a", 1m));
        var then = lake.Clock.GetUtcNow();
        lake.Clock.Advance(TimeSpan.FromHours(1));
        var second = await lake.Append(table, (2, "b", 2m));

        (await lake.Rows(table, first.Snapshot)).ShouldBe(["1|a|1.00"]);
        (await lake.Rows(table, second.Snapshot)).ShouldBe(["1|a|1.00", "2|b|2.00"]);
        (await lake.Lake.AsOf(then)).ShouldNotBeNull().Id.ShouldBe(first.Snapshot);
        (await lake.Lake.Current()).Id.ShouldBe(second.Snapshot);
    }

    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task The_same_key_twice_gets_the_first_answer_and_adds_nothing(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = await lake.Create();
        var terms = lake.Terms();
        var ran = 0;
        terms = terms with { Along = (_, _, _) => { ran++; return Task.CompletedTask; } };

        var first = (await lake.Lake.Append(table, [await lake.Stage(table, (1, "a", 1m))], terms)).Value;
        var again = (await lake.Lake.Append(table, [await lake.Stage(table, (1, "a", 1m))], terms)).Value;

        again.ShouldBe(first with { Repeated = true });
        ran.ShouldBe(1);
        (await lake.Rows(table)).ShouldBe(["1|a|1.00"]);
        (await lake.Lake.Undo(first.Snapshot, terms)).Problem!.Code.ShouldBe("LAK-011");
    }

    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task What_goes_along_commits_with_the_write_or_not_at_all(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = await lake.Create();
        await using (var connection = await lake.State.Open())
        {
            await connection.Execute(null, $"CREATE TABLE batch (name TEXT)");
        }

        async Task<Result<Write>> Append(string key, bool fail) => await lake.Lake.Append(table, [await lake.Stage(table, (1, "a", 1m))], lake.Terms(key) with
        {
            Along = async (connection, transaction, write) =>
            {
                var name = $"{key}@{write.Snapshot}";
                await connection.Execute(transaction, $"INSERT INTO batch (name) VALUES ({name})");
                if (fail)
                {
                    throw new InvalidOperationException("the caller's code fails");
                }
            },
        });

        await Should.ThrowAsync<InvalidOperationException>(() => Append("bad", fail: true));
        (await lake.Rows(table)).ShouldBeEmpty();
        var good = (await Append("good", fail: false)).Value;

        (await lake.Rows(table)).ShouldBe(["1|a|1.00"]);
        await using var look = await lake.State.Open();
        (await look.Rows(null, $"SELECT name FROM batch", r => r.GetString(0)).ToListAsync()).ShouldBe([$"good@{good.Snapshot}"]);
    }

    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task Undo_withdraws_one_append_and_leaves_the_others(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = await lake.Create();
        var first = await lake.Append(table, (1, "a", 1m));
        var second = await lake.Append(table, (2, "b", 2m));

        var undo = (await lake.Lake.Undo(first.Snapshot, lake.Terms())).Value;

        (undo.RowsAdded, undo.RowsRemoved).ShouldBe((0, 1));
        (await lake.Rows(table)).ShouldBe(["2|b|2.00"]);
        (await lake.Rows(table, second.Snapshot)).ShouldBe(["1|a|1.00", "2|b|2.00"]);
        (await lake.Lake.Undo(first.Snapshot, lake.Terms())).Problem!.Code.ShouldBe("LAK-015");

        (await lake.Lake.Undo(undo.Snapshot, lake.Terms())).Refused.ShouldBeFalse();
        (await lake.Rows(table)).ShouldBe(["1|a|1.00", "2|b|2.00"]);
        (await lake.Lake.Count(table)).ShouldBe(2);
    }

    [Fact]
    public async Task Writers_at_the_same_time_all_succeed()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await lake.Create();
        var files = new List<StagedFile>();
        for (var i = 0; i < 50; i++)
        {
            files.Add(await lake.Stage(table, (i, "x", 0m)));
        }

        var writes = await Task.WhenAll(files.Select(f => lake.Lake.Append(table, [f], lake.Terms())));

        writes.Select(w => w.Value.Snapshot).Distinct().Count().ShouldBe(50);
        (await lake.Rows(table)).Length.ShouldBe(50);
    }

    [Fact]
    public async Task A_file_from_elsewhere_is_refused()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var (one, two) = (await lake.Create("one"), await lake.Create("two"));

        (await lake.Lake.Append(two, [await lake.Stage(one, (1, "a", 1m))], lake.Terms())).Problem!.Code.ShouldBe("LAK-012");
    }

    [Fact]
    public async Task A_table_is_made_once_and_names_are_checked()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        await lake.Create("人口");

        (await lake.Lake.CreateTable("landing", "人口", [new("a", ColumnType.Text)], lake.Terms())).Problem!.Code.ShouldBe("LAK-002");
        (await lake.Lake.CreateTable("../x", "t", [new("a", ColumnType.Text)], lake.Terms())).Problem!.Code.ShouldBe("LAK-003");
        (await lake.Lake.CreateTable("landing", "t", [new("_file", ColumnType.Text)], lake.Terms())).Problem!.Code.ShouldBe("LAK-003");
        (await lake.Lake.CreateTable("landing", "t", [new("a", ColumnType.Text), new("A", ColumnType.Text)], lake.Terms())).Problem!.Code.ShouldBe("LAK-005");
        (await lake.Lake.Find("landing", "人口")).ShouldNotBeNull().Columns.Select(c => c.Id).ShouldBe([1, 2, 3]);
    }
}
