// Every way a cell or a record is refused: code, record number, column, the raw value and a hint in both languages.
using System.Text;

namespace Lizhou.Lake.Tests.Loading;

public sealed class RejectTests
{
    [Theory]
    [InlineData(LoadType.Integer, "12x", "LOD-102")]
    [InlineData(LoadType.Integer, "1.5", "LOD-102")]
    [InlineData(LoadType.Integer, "9223372036854775808", "LOD-104")]
    [InlineData(LoadType.Decimal, "约3", "LOD-103")]
    [InlineData(LoadType.Decimal, "1,23", "LOD-103")]
    [InlineData(LoadType.Decimal, "--5", "LOD-103")]
    [InlineData(LoadType.Decimal, "99999999999", "LOD-104")]
    [InlineData(LoadType.Decimal, "1e60", "LOD-104")]
    [InlineData(LoadType.Decimal, "1.239", "LOD-105")]
    [InlineData(LoadType.Real, "abc", "LOD-103")]
    [InlineData(LoadType.Real, "Infinity", "LOD-103")]
    [InlineData(LoadType.Date, "2026-02-30", "LOD-106")]
    [InlineData(LoadType.Date, "infinity", "LOD-106")]
    [InlineData(LoadType.Date, "24/11/2026", "LOD-106")]
    [InlineData(LoadType.Date, "2026-11-24 10:00:00", "LOD-106")]
    [InlineData(LoadType.DateTime, "2026-11-24 25:00:00", "LOD-107")]
    [InlineData(LoadType.DateTime, "now", "LOD-107")]
    [InlineData(LoadType.Boolean, "maybe", "LOD-108")]
    [InlineData(LoadType.Boolean, "也许", "LOD-108")]
    public async Task A_cell_of_the_wrong_type_is_refused_with_its_place(LoadType type, string cell, string code)
    {
        await using var lake = await LoadingLake.Open(new LoadColumn("name", LoadType.Text), new LoadColumn("value", type) { Precision = 10, Scale = 2 });
        var outcome = await lake.Load(lake.Chunk(0, [(17, ["好", null]), (18, ["坏", cell])], file: 3));
        var reject = outcome.Rejects.ShouldHaveSingleItem();
        (reject.File, reject.Row).ShouldBe((3, 18));
        reject.Cells.ShouldBe(["坏", cell]);
        var fault = reject.Faults.ShouldHaveSingleItem();
        (fault.Column, fault.Value, fault.Problem.Code).ShouldBe(("value", cell, code));
        fault.Problem.What.Zh.ShouldNotBe(fault.Problem.What.En);
        fault.Problem.Todo.Zh.ShouldNotBeNullOrWhiteSpace();
        fault.Problem.Todo.En.ShouldNotContain("{0}");
        outcome.Counts.ShouldBe(new LoadCounts(1, 1, 0, 0));
    }

    [Fact]
    public async Task A_cell_that_breaks_a_rule_is_refused_and_all_faults_of_a_record_are_told()
    {
        await using var lake = await LoadingLake.Open(
            new LoadColumn("id", LoadType.Text) { Check = ValueCheck.IdNumber, Required = true },
            new LoadColumn("unit", LoadType.Text) { Check = ValueCheck.CreditCode },
            new LoadColumn("phone", LoadType.Text) { Pattern = "1[3-9][0-9]{9}" },
            new LoadColumn("sex", LoadType.Text) { Codes = ["0", "1", "2", "9"] },
            new LoadColumn("name", LoadType.Text) { MaxLength = 3 });
        var outcome = await lake.Load(lake.Chunk(
            [" 11010519491231002X ", "11330600MB1573660P", "　13800138000", "1", "欧阳娜"],
            ["110105194912310021", "91350203M0001QAY9B", "138", "3", "欧阳娜娜"],
            [null, null, null, null, "a"]));
        outcome.Counts.ShouldBe(new LoadCounts(1, 2, 0, 0));
        var rejects = outcome.Rejects.ToList();
        rejects[0].Faults.Select(f => f.Problem.Code).ShouldBe(["LOD-111", "LOD-112", "LOD-110", "LOD-113", "LOD-109"]);
        rejects[0].Faults[3].Problem.Todo.En.ShouldContain("0、1、2、9");
        rejects[1].Row.ShouldBe(3);
        rejects[1].Faults.ShouldHaveSingleItem().Problem.Code.ShouldBe("LOD-101");
        (await lake.Rows(outcome)).ShouldBe(["11010519491231002X|11330600MB1573660P|13800138000|1|欧阳娜"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_former_code_is_rejected_with_todays_as_the_reason_or_lands_as_todays_where_that_is_certain(bool resolve)
    {
        await using var lake = await LoadingLake.Open(new LoadColumn("division", LoadType.Text)
        {
            Codes = ["330111", "330784"], Former = new Dictionary<string, string?> { ["330183"] = "330111", ["110103"] = null, ["330784"] = "330111" }, Resolve = resolve,
        });
        var outcome = await lake.Load(lake.Chunk([" 330183 "], ["110103"], ["330784"], ["999999"]));

        var told = outcome.Rejects.Select(r => (r.Cells[0]!.Trim(), r.Faults.Single().Problem.Code)).ToList();
        told.ShouldBe(resolve ? [("110103", "LOD-116"), ("999999", "LOD-113")] : [("330183", "LOD-115"), ("110103", "LOD-116"), ("999999", "LOD-113")]);
        outcome.Rejects.Where(r => r.Faults[0].Problem.Code == "LOD-115").ShouldAllBe(r => r.Faults[0].Problem.Todo.Zh.Contains("330111", StringComparison.Ordinal));
        (await lake.Rows(outcome)).ShouldBe(resolve ? ["330111", "330784"] : ["330784"], "a code that holds today stays, whatever became of it before");
        outcome.Profile[0].Resolved.ShouldBe(resolve ? 1 : 0);
    }

    [Fact]
    public async Task A_lenient_rule_marks_the_row_instead()
    {
        await using var lake = await LoadingLake.Open(
            new LoadColumn("name", LoadType.Text), new LoadColumn("unit", LoadType.Text) { Check = ValueCheck.CreditCode, Lenient = true });
        var outcome = await lake.Load(lake.Chunk(["a", "91350203M0001QAY9B"], ["b", "11330600MB1573660P"]));
        outcome.Counts.ShouldBe(new LoadCounts(2, 0, 0, 0));
        (await lake.Rows(outcome, "_quality")).ShouldBe(["a|91350203M0001QAY9B|2", "b|11330600MB1573660P|0"]);
    }

    [Fact]
    public async Task Full_width_codes_are_folded_before_the_check()
    {
        await using var lake = await LoadingLake.Open(new LoadColumn("unit", LoadType.Text) { Check = ValueCheck.CreditCode, Pattern = "[0-9A-Z]+" });
        var outcome = await lake.Load(lake.Chunk(["１１３３０６００ＭＢ１５７３６６０Ｐ"]));
        (await lake.Rows(outcome)).ShouldBe(["11330600MB1573660P"]);
    }

    [Fact]
    public async Task Blank_records_and_unwanted_ones_are_filtered()
    {
        await using var lake = await LoadingLake.Open(new LoadColumn("town", LoadType.Text), new LoadColumn("n", LoadType.Integer) { Required = true });
        var outcome = await lake.Load(
            lake.Plan() with { Keep = new LoadFilter("town", ["东城", "西城"]) },
            lake.Chunk(["东城", "1"], [" ", "　"], [null, null], ["古山", "x"], [" 西城 ", "2"], ["西城", null]));
        outcome.Counts.ShouldBe(new LoadCounts(2, 1, 0, 3));
        outcome.Counts.Read.ShouldBe(6);
    }

    [Fact]
    public async Task A_broken_record_does_not_sink_its_chunk()
    {
        await using var lake = await LoadingLake.Open(new LoadColumn("a", LoadType.Text), new LoadColumn("b", LoadType.Integer));
        byte[] bytes =
        [
            .. "1,x,1\n2,too,2,many\n3,few\n"u8, .. "4,bad "u8, 0xFF, 0xFE, .. ",4\n"u8, .. "5,\"stray\"quote,5\n6,ok,6\nno number,7\n8,"u8,
            .. Enumerable.Repeat((byte)'z', ChunkSifter.LongestRecord + 10), .. ",8\n9,\"open,9\n10,swallowed,10\n"u8,
        ];
        var outcome = await lake.Load(lake.Raw(0, bytes));
        (await lake.Rows(outcome, "_record")).ShouldBe(["x|1|1", "ok|6|6"]);
        var rejects = outcome.Rejects.ToList();
        rejects.ShouldAllBe(r => r.Faults.Single().Problem.Code == "LOD-201" && r.Faults[0].Column == null);
        rejects.Select(r => r.Row).ShouldBe([2, 3, 4, 5, 7, 8, 9]);
        rejects[0].Faults[0].Problem.What.En.ShouldContain("2,too,2,many");
        outcome.Counts.ShouldBe(new LoadCounts(2, 7, 0, 0));
    }

    [Fact]
    public async Task Quotes_line_ends_and_long_cells_arrive_whole_and_a_NUL_is_refused()
    {
        await using var lake = await LoadingLake.Open(new LoadColumn("a", LoadType.Text), new LoadColumn("b", LoadType.Text));
        var lengthy = string.Concat(Enumerable.Repeat("很长的单元格,", 100_000));
        var outcome = await lake.Load(lake.Chunk(["he said \"no\"", "two\r\nlines"], [lengthy, "x"], ["nul\0inside", "y"], ["\0", "z"]));
        (await lake.Rows(outcome)).ShouldBe(["he said \"no\"|two\r\nlines", $"{lengthy}|x"]);
        outcome.Rejects.Select(r => (r.Row, r.Faults.Single().Problem.Code, r.Cells[0])).ShouldBe([(3L, "LOD-114", "nul\0inside"), (4L, "LOD-114", "\0")]);
    }

    [Fact]
    public async Task A_plan_that_does_not_fit_its_table_is_refused()
    {
        await using var lake = await LoadingLake.Open(new LoadColumn("a", LoadType.Text));
        var wrong = lake.Plan() with { Columns = [new LoadColumn("a", LoadType.Integer)] };
        var result = await new GovernedLoad(lake.Warehouse).Run(wrong, AsyncEnumerable.Empty<LoadChunk>());
        result.Problem!.Code.ShouldBe("LOD-001");
        (await new GovernedLoad(lake.Warehouse).Run(lake.Plan(null, "b"), AsyncEnumerable.Empty<LoadChunk>())).Problem!.Code.ShouldBe("LOD-001");
    }
}
