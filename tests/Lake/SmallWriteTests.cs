using Lizhou.Kernel;
using Lizhou.Lake.Writes;

namespace Lizhou.Lake.Tests;

public sealed class SmallWriteTests
{
    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task A_few_staged_rows_wait_in_the_catalog_and_leave_no_file(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = await lake.Create();
        var terms = Small(lake);

        var write = (await lake.Lake.Append(table, [await lake.Stage(table, (1, "王'一,\"\n", -1.50m), (2, null, 2m))], terms)).Value;

        (write.Kind, write.RowsAdded).ShouldBe(("append", 2));
        (await lake.Rows(table)).ShouldBe(["1|王'一,\"\n|-1.50", "2|∅|2.00"]);
        Files(lake).ShouldBeEmpty();
        (await lake.Lake.Append(table, [await lake.Stage(table, (1, "a", 1m))], terms)).Value.ShouldBe(write with { Repeated = true });
        (await lake.Rows(table)).Length.ShouldBe(2);
        (await lake.Lake.Verify()).Found.ShouldBeEmpty();
    }

    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task A_small_upsert_replaces_rows_of_files_and_of_the_buffer_and_is_undone_after_a_flush(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = await lake.Create();
        await lake.Lake.Upsert(table, [await lake.Stage(table, (1, "a", 1m), (2, "b", 2m))], ["id"], lake.Terms());
        await lake.Lake.Upsert(table, [await lake.Stage(table, (3, "c", 3m))], ["id"], Small(lake));
        var write = (await lake.Lake.Upsert(table, [await lake.Stage(table, (1, "A", 1m), (3, "C", 3m), (4, "D", 4m))], ["id"], Small(lake))).Value;

        (write.RowsAdded, write.RowsRemoved).ShouldBe((3, 2));
        string[] after = ["1|A|1.00", "2|b|2.00", "3|C|3.00", "4|D|4.00"];
        (await lake.Rows(table)).ShouldBe(after);
        (await lake.Lake.Flush(table, lake.Terms())).Refused.ShouldBeFalse();
        (await lake.Rows(table)).ShouldBe(after);
        (await lake.Lake.Undo(write.Snapshot, lake.Terms())).Refused.ShouldBeFalse();
        (await lake.Rows(table)).ShouldBe(["1|a|1.00", "2|b|2.00", "3|c|3.00"]);
        (await lake.Lake.Verify()).Found.ShouldBeEmpty();
    }

    [Fact]
    public async Task More_rows_than_the_buffer_is_for_and_values_it_cannot_carry_become_a_file()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await lake.Create();
        await lake.Lake.Append(table, [await lake.Stage(table, [.. Enumerable.Range(0, SmallWrite.MostRows + 1).Select(i => ((long)i, (string?)"x", 1m))])], Small(lake));
        Files(lake).Count.ShouldBe(1);

        var wide = (await lake.Lake.CreateTable("landing", "wide", [new("n", ColumnType.Decimal(38, 0))], lake.Terms())).Value;
        var file = (await lake.Lake.Stage(wide, "SELECT 99999999999999999999999999999999999999::DECIMAL(38,0) AS n", []))!;
        (await lake.Lake.Append(wide, [file], Small(lake))).Value.RowsAdded.ShouldBe(1);
        Files(lake).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Rows_staged_for_columns_that_changed_meanwhile_become_a_file()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await lake.Create();
        var staged = await lake.Stage(table, (1, "a", 1m));
        await lake.Lake.AddColumn(table, new("later", ColumnType.Text), lake.Terms());

        (await lake.Lake.Append(table, [staged], Small(lake))).Value.RowsAdded.ShouldBe(1);
        (await lake.Rows(table)).ShouldBe(["1|a|1.00|∅"]);
        Files(lake).Count.ShouldBe(1);
    }

    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task The_survey_counts_what_is_there_and_names_what_asks_for_upkeep(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var (small, other) = (await lake.Create("small"), await lake.Create("other"));
        for (var i = 0; i < 4; i++)
        {
            await lake.Append(small, (i, "x", 1m));
        }

        await lake.Append(other, (1, "x", 1m));
        await lake.Lake.Append(other, [await lake.Stage(other, (2, "y", 2m))], Small(lake));

        var survey = await lake.Lake.Survey();
        (survey.Tables, survey.Files, survey.Rows, survey.BufferedRows, survey.BufferedTables, survey.OldFiles).ShouldBe((2, 5, 6, 1, 1, 0));
        survey.Oldest!.Value.ShouldBeLessThanOrEqualTo(lake.Clock.GetUtcNow());
        (await lake.Lake.Buffered()).ShouldBe([other.Id]);
        (await lake.Lake.Worn(new(), 4)).ShouldBe([small.Id]);
        (await lake.Lake.Worn(new(), 5)).ShouldBeEmpty();

        await lake.Lake.Delete(other, new Condition.Compare("id", Comparison.Equal, 1L), lake.Terms());
        await lake.Lake.Compact(small, new(), lake.Terms());
        (await lake.Lake.Survey()).OldFiles.ShouldBe(5);
        (await lake.Lake.Worn(new(), 4)).ShouldBeEmpty();
    }

    private static Terms Small(TestLake lake) => lake.Terms() with { Small = true };

    private static List<string> Files(TestLake lake) => [.. Directory.EnumerateFiles(Warehouse.DataFolder(lake.Folder), "*.parquet", SearchOption.AllDirectories)];
}
