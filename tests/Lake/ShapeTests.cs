using Lizhou.Kernel;

namespace Lizhou.Lake.Tests;

public sealed class ShapeTests
{
    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task Columns_are_found_by_field_id_whatever_they_are_called(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = (await lake.Lake.CreateTable("standard", "t", [new("a", ColumnType.Int32), new("b", ColumnType.Text)], lake.Terms())).Value;
        var first = (await lake.Lake.Append(table, [(await lake.Lake.Stage(table, "SELECT 1 AS a, 'x' AS b", []))!], lake.Terms())).Value;

        table = (await lake.Lake.RenameColumn(table, "a", "b2", lake.Terms())).Value;
        table = (await lake.Lake.RenameColumn(table, "b", "a", lake.Terms())).Value;
        table = (await lake.Lake.WidenColumn(table, "b2", ColumnType.Int64, lake.Terms())).Value;
        table = (await lake.Lake.AddColumn(table, new("c", ColumnType.Date, Default: "2026-01-01"), lake.Terms())).Value;
        var wide = (await lake.Lake.Append(table, [(await lake.Lake.Stage(table, "SELECT 5000000000 AS b2, 'y' AS a, NULL AS c", []))!], lake.Terms())).Value;
        (await lake.Rows(table)).ShouldBe(["1|x|01/01/2026", "5000000000|y|∅"]);

        table = (await lake.Lake.DropColumn(table, "a", lake.Terms())).Value;
        table = (await lake.Lake.AddColumn(table, new("a", ColumnType.Text), lake.Terms())).Value;
        (await lake.Rows(table)).ShouldBe(["1|01/01/2026|∅", "5000000000|∅|∅"], "a column made anew under an old name is another column");
        (await lake.Rows(table, first.Snapshot)).ShouldBe(["1|x"]);
        (await lake.Rows(table, wide.Snapshot)).Length.ShouldBe(2);
        table.Columns.Select(c => c.Id).ShouldBe([1, 3, 4]);
    }

    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task Numbers_get_more_decimals_where_all_there_are_leave_room_for_them(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = (await lake.Lake.CreateTable("landing", "t", [new("n", ColumnType.Decimal(18, 0)), new("m", ColumnType.Int64)], lake.Terms())).Value;
        await lake.Lake.Append(table, [(await lake.Lake.Stage(table, "SELECT 22470 AS n, 7 AS m UNION ALL SELECT NULL, NULL", []))!], lake.Terms());
        await lake.Lake.Append(table, [(await lake.Lake.Stage(table, "SELECT 5 AS n, NULL AS m", []))!], lake.Terms() with { Small = true });
        var late = (await lake.Lake.Stage(table, "SELECT 99999999999999999 AS n, 1 AS m", []))!;

        var wide = (await lake.Lake.WidenColumn(table, "n", ColumnType.Decimal(18, 2), lake.Terms())).Value;
        wide = (await lake.Lake.WidenColumn(wide, "m", ColumnType.Decimal(18, 2), lake.Terms())).Value;
        await lake.Lake.Append(wide, [(await lake.Lake.Stage(wide, "SELECT 0.25 AS n, -0.5 AS m", []))!], lake.Terms());
        (await lake.Rows(wide)).ShouldBe(["22470.00|7.00", "∅|∅", "5.00|∅", "0.25|-0.50"], ignoreOrder: true);

        // What was staged before and does not fit stays out; what fits comes in.
        (await lake.Lake.Append(table, [late], lake.Terms())).Problem!.Code.ShouldBe("LAK-028");
        (await lake.Lake.Append(table, [(await lake.Lake.Stage(table, "SELECT 8 AS n, 1 AS m", []))!], lake.Terms())).Refused.ShouldBeFalse();
        (await lake.Rows(wide)).Length.ShouldBe(5);

        // No room: the digits before the point are taken, in a file or in a buffered row.
        await lake.Lake.Append(wide, [(await lake.Lake.Stage(wide, "SELECT 1234567890123456 AS n, 0 AS m", []))!], lake.Terms());
        (await lake.Lake.WidenColumn(wide, "n", ColumnType.Decimal(18, 4), lake.Terms())).Problem!.Code.ShouldBe("LAK-006");
        await lake.Lake.Append(wide, [(await lake.Lake.Stage(wide, "SELECT 0 AS n, 123456789012345 AS m", []))!], lake.Terms() with { Small = true });
        (await lake.Lake.WidenColumn(wide, "m", ColumnType.Decimal(18, 4), lake.Terms())).Problem!.Code.ShouldBe("LAK-006");
    }

    [Fact]
    public async Task A_change_of_shape_that_would_lose_something_is_refused()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await lake.Create();
        await lake.Append(table, (1, "a", 1234567890123456m));

        (await lake.Lake.WidenColumn(table, "id", ColumnType.Int32, lake.Terms())).Problem!.Code.ShouldBe("LAK-006");
        (await lake.Lake.WidenColumn(table, "amount", ColumnType.Decimal(18, 4), lake.Terms())).Problem!.Code.ShouldBe("LAK-006");
        (await lake.Lake.WidenColumn(table, "amount", ColumnType.Decimal(20, 4), lake.Terms())).Refused.ShouldBeFalse();
        (await lake.Lake.RenameColumn(table, "nothing", "x", lake.Terms())).Problem!.Code.ShouldBe("LAK-004");
        (await lake.Lake.RenameColumn(table, "id", "姓名", lake.Terms())).Problem!.Code.ShouldBe("LAK-005");
        (await lake.Lake.AddColumn(table, new("ID", ColumnType.Text), lake.Terms())).Problem!.Code.ShouldBe("LAK-005");
        table = (await lake.Lake.DropColumn((await lake.Lake.DropColumn(table, "id", lake.Terms())).Value, "amount", lake.Terms())).Value;
        (await lake.Lake.DropColumn(table, "姓名", lake.Terms())).Problem!.Code.ShouldBe("LAK-007");
    }

    [Fact]
    public async Task A_renamed_table_keeps_its_rows_and_frees_its_name()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await lake.Create("old");
        var write = await lake.Append(table, (1, "a", 1m));
        var renamed = (await lake.Lake.Rename(table, "new", lake.Terms())).Value;
        var other = await lake.Create("old");

        (await lake.Rows(renamed)).ShouldBe(["1|a|1.00"]);
        (await lake.Rows(other)).ShouldBeEmpty();
        (await lake.Lake.Find("landing", "old", write.Snapshot)).ShouldNotBeNull().Id.ShouldBe(table.Id);
        (await lake.Lake.Rename(other, "new", lake.Terms())).Problem!.Code.ShouldBe("LAK-002");
        (await lake.Lake.List("landing")).Select(t => t.Name).ShouldBe(["new", "old"]);
    }
}
