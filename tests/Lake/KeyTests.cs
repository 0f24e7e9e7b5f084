using Lizhou.Kernel;
using Lizhou.Lake.Maintenance;

namespace Lizhou.Lake.Tests;

public sealed class KeyTests
{
    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task An_upsert_replaces_rows_of_the_same_key_in_files_and_buffer_and_adds_the_others(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = await lake.Create();
        await lake.Append(table, (1, "a", 1m), (2, "b", 2m));
        await lake.Lake.Buffer(table, [[3L, "c", 3m]], lake.Terms());

        var write = (await lake.Lake.Upsert(table, [await lake.Stage(table, (2, "B", 2m), (3, "C", 3m), (4, "D", 4m))], ["id"], lake.Terms())).Value;

        (write.RowsAdded, write.RowsRemoved).ShouldBe((3, 2));
        (await lake.Rows(table)).ShouldBe(["1|a|1.00", "2|B|2.00", "3|C|3.00", "4|D|4.00"]);
        (await lake.Lake.Undo(write.Snapshot, lake.Terms())).Refused.ShouldBeFalse();
        (await lake.Rows(table)).ShouldBe(["1|a|1.00", "2|b|2.00", "3|c|3.00"]);
    }

    [Fact]
    public async Task A_key_that_is_empty_or_occurs_twice_is_refused()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = (await lake.Lake.CreateTable("base", "t", [new("n", ColumnType.Int64), new("count", ColumnType.Text)], lake.Terms())).Value;
        async Task<string?> Upsert(string rows, params string[] key) => (await lake.Lake.Upsert(table, [(await lake.Lake.Stage(table, rows, []))!], key, lake.Terms())).Problem?.Code;

        (await Upsert("SELECT * FROM (VALUES (1, 'a'), (1, 'b')) AS v(n, count)", "n")).ShouldBe("LAK-013");
        (await Upsert("SELECT * FROM (VALUES (1, 'a'), (NULL, 'b')) AS v(n, count)", "n")).ShouldBe("LAK-013");
        (await Upsert("SELECT * FROM (VALUES (1, 'a'), (1, 'b')) AS v(n, count)", "n", "count")).ShouldBeNull();
        (await Upsert("SELECT 1 AS n, 'a' AS count", "nothing")).ShouldBe("LAK-021");
        (await Upsert("SELECT 1 AS n, 'a' AS count")).ShouldBe("LAK-021");
    }

    [Fact]
    public async Task Undo_is_refused_when_the_key_was_written_again()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await lake.Create();
        await lake.Append(table, (1, "a", 1m), (2, "b", 2m));
        var delete = (await lake.Lake.Delete(table, new Condition.Compare("id", Comparison.Equal, 1L), lake.Terms())).Value;
        var again = (await lake.Lake.Upsert(table, [await lake.Stage(table, (1, "new", 1m))], ["id"], lake.Terms())).Value;

        (await lake.Lake.Undo(delete.Snapshot, lake.Terms())).Problem!.Code.ShouldBe("LAK-016");
        await lake.Lake.Undo(again.Snapshot, lake.Terms());
        (await lake.Lake.Undo(delete.Snapshot, lake.Terms())).Refused.ShouldBeFalse();
        (await lake.Rows(table)).ShouldBe(["1|a|1.00", "2|b|2.00"]);
    }

    [Fact]
    public async Task Undo_finds_the_rows_where_compaction_moved_them()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await lake.Create();
        var first = await lake.Append(table, (1, "a", 1m));
        await lake.Append(table, (2, "b", 2m));
        await lake.Lake.Compact(table, new Compaction(), lake.Terms());

        (await lake.Lake.Undo(first.Snapshot, lake.Terms())).Value.RowsRemoved.ShouldBe(1);
        (await lake.Rows(table)).ShouldBe(["2|b|2.00"]);
    }

    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task Two_upserts_at_once_never_leave_a_key_twice(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = await lake.Create();
        await lake.Append(table, (1, "0", 0m));
        var files = await Task.WhenAll(Enumerable.Range(1, 6).Select(i => lake.Stage(table, (1, $"{i}", i))));

        var writes = await Task.WhenAll(files.Select(f => lake.Lake.Upsert(table, [f], ["id"], lake.Terms())));

        writes.Where(w => w.Refused).ShouldAllBe(w => w.Problem!.Code == "LAK-009");
        writes.ShouldContain(w => !w.Refused);
        (await lake.Rows(table)).Length.ShouldBe(1);
    }

    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task A_condition_deletes_what_it_says_and_refuses_what_does_not_fit(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = await lake.Create();
        await lake.Append(table, (1, "a", 1m), (2, null, 2m), (3, "c'; DROP TABLE", 3m), (4, "d", 4.5m));
        async Task<Result<Write>> Delete(Condition condition) => await lake.Lake.Delete(table, condition, lake.Terms());

        (await Delete(new Condition.Compare("nothing", Comparison.Equal, 1))).Problem!.Code.ShouldBe("LAK-004");
        (await Delete(new Condition.Compare("id", Comparison.Equal, "1 OR 1=1"))).Problem!.Code.ShouldBe("LAK-018");
        (await Delete(new Condition.Not(new Condition.OneOf("姓名", ["a", "d"])))).Value.RowsRemoved.ShouldBe(2);
        (await Delete(new Condition.Any(new Condition.Empty("姓名"), new Condition.Compare("amount", Comparison.More, "4.4")))).Value.RowsRemoved.ShouldBe(1);
        (await Delete(new Condition.Compare("id", Comparison.Equal, 77))).Value.RowsRemoved.ShouldBe(0);
        (await lake.Rows(table)).ShouldBe(["1|a|1.00"]);
    }

    [Theory]
    [InlineData("id", Comparison.Equal, "15", 1)]
    [InlineData("id", Comparison.Less, "10", 1)]
    [InlineData("id", Comparison.AtLeast, "10", 2)]
    [InlineData("id", Comparison.NotEqual, "5", 3)]
    [InlineData("姓名", Comparison.Equal, "中25", 1)]
    [InlineData("姓名", Comparison.More, "zzz", 0 + 3)]
    [InlineData("amount", Comparison.AtMost, "9.99", 1)]
    public async Task Files_that_cannot_match_are_not_read(string column, Comparison comparison, string value, int files)
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await lake.Create();
        for (var i = 0; i < 3; i++)
        {
            await lake.Append(table, (i * 10, $"中{i}0", i * 10), ((i * 10) + 9, $"中{i}9", (i * 10) + 9));
        }

        var plan = (await lake.Lake.Plan(table.Id, null, new Condition.Compare(column, comparison, value))).ShouldNotBeNull();

        plan.Files.Count.ShouldBe(files);
    }
}
