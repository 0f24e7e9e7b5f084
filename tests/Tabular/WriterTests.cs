// What is written is read back the same, and no cell is ever run by the program that opens it.
using Lizhou.Kernel;
using Lizhou.Tabular.Writers;
using Lizhou.Tests.Support;

namespace Lizhou.Tabular.Tests;

public sealed class WriterTests
{
    [Theory]
    [InlineData("=1+1", true), InlineData("  =cmd()", true), InlineData("\u3000＝SUM(A1)", true), InlineData("@x", true), InlineData("\tabc", true), InlineData("\rabc", true)]
    [InlineData("+86 579", true), InlineData("-10.5", false), InlineData("-2+3", true), InlineData("王建国", false), InlineData("'quoted", false), InlineData("'=1", false), InlineData("", false)]
    public void Formulas_are_told_from_values_and_come_back_unchanged(string text, bool risky)
    {
        Formula.IsRisky(text).ShouldBe(risky);
        var safe = Formula.Neutralise(text);
        Formula.IsRisky(safe).ShouldBeFalse();
        Formula.Restore(safe).ShouldBe(text);
    }

    [Fact]
    public void A_workbook_keeps_its_sheets_cells_notes_and_fills()
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "rejects.xlsx");
        using (var file = File.Create(path))
        using (var book = new XlsxWriter(file))
        {
            book.BeginSheet("退回/数据", [8, 20.5, 30]);
            book.Write([new("行号", CellFill.Header), new("证件号码", CellFill.Header), new("原因", CellFill.Header), new("金额", CellFill.Header)]);
            book.Write([new("2", Number: true), new("007", CellFill.Bad, "校验位不对"), "=1+1 <&> \u0001 _x0041_", new("12.50", Number: true)]);
            book.BeginSheet("退回/数据");
            book.Write(["甲", "乙"]);
            book.Write(["1", "🀄"]);
        }

        var found = Inspector.Inspect(path).Value.Tables;

        found.Select(t => t.Shape.Sheet).ShouldBe(["退回 数据", "退回 数据 (2)"]);
        found[0].Shape.Columns.Select(c => c.Name).ShouldBe(["行号", "证件号码", "原因", "金额"]);
        found[0].Preview[0].Cells.ShouldBe(["2", "007", "=1+1 <&> \u0001 _x0041_", "12.5"]);
        found[1].Preview[0].Cells.ShouldBe(["1", "🀄"]);
        using var zip = System.IO.Compression.ZipFile.OpenRead(path);
        using var notes = new StreamReader(zip.GetEntry("xl/comments1.xml")!.Open());
        notes.ReadToEnd().ShouldContain("校验位不对");
    }

    [Fact]
    public void Csv_is_quoted_where_it_must_be()
    {
        using var made = new MemoryStream();
        using (var csv = new CsvWriter(made, new CsvOptions { Safe = true }))
        {
            csv.Write(["a,b", "say \"x\"", null, "", "two\nlines", "=1", " blank "]);
        }

        System.Text.Encoding.UTF8.GetString(made.ToArray()).ShouldBe("\"a,b\",\"say \"\"x\"\"\",,\"\",\"two\nlines\",'=1,\" blank \"\r\n");
    }
}
