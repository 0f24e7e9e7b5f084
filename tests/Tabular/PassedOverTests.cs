// What a clerk counts in a file is what the reader counts: rows, faulty rows, and lines that are none; each with its line number.
using Lizhou.Tests.Support;

namespace Lizhou.Tabular.Tests;

public sealed class PassedOverTests
{
    private const string Pages = "某局登记表\n编号,名称,金额,备注\n\n1,甲,2.50,\"两行\n内容\"\n2,乙,3.50,无\n\n第1页\n某局登记表\n编号,名称,金额,备注\n3,丙,4.50,无\n,,,\n4,丁,5.50\n5,戊,6.50,无\n第2页\n某局登记表\n编号,名称,金额,备注\n6,己,7.50,无\n\n注：模拟数据\n\n";

    private static readonly FileShape Four = new()
    {
        Dialect = new(), PreambleRows = 1, HeaderRows = 1, Columns = [new("编号", ColumnType.Integer), new("名称"), new("金额", ColumnType.Decimal), new("备注")],
    };

    [Fact]
    public void Blank_lines_repeated_headers_and_notes_are_counted_and_are_no_rows()
    {
        using var folder = new Folder();
        using var reader = RowReader.Open(folder.File("a.csv", Pages), Four);
        var rows = reader.Rows().ToList();
        rows.Select(r => (r.Number, r.Line, r.Fault?.Code)).ShouldBe([(1, 4, null), (2, 6, null), (3, 11, null), (4, 13, "TAB-103"), (5, 14, null), (6, 18, null)]);
        reader.Passed.ShouldBe(new PassedOver(Blank: 4, Header: 2, Note: 5));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public async Task Chunks_tell_the_same_counts_and_the_line_of_every_row(long bytes)
    {
        using var folder = new Folder();
        // A longer file, so that plain rows are met by the fast path between the odd ones.
        var more = string.Concat(Enumerable.Range(7, 300).Select(i => $"{i},名{i},1.50,{(i % 50 == 0 ? "\"一\n二\n三\"" : "平")}\n{(i % 70 == 0 ? "\n" : "")}"));
        var path = folder.File("a.csv", Pages.Replace("注：模拟数据\n\n", more, StringComparison.Ordinal));
        using var reader = RowReader.Open(path, Four);
        var wanted = reader.Rows().ToList();
        var found = new Dictionary<long, long>();
        var passed = default(PassedOver);
        await foreach (var chunk in Chunker.Run(path, Four, System.IO.Path.Combine(folder.Path, "chunks"), new ChunkOptions { Bytes = bytes }))
        {
            passed += chunk.Passed;
            var faulty = chunk.Faulty.Select(f => f.Number).ToHashSet();
            for (var n = chunk.FirstRecord; n < chunk.FirstRecord + chunk.Records; n++)
            {
                found[n] = faulty.Contains(n) ? chunk.Faulty.Single(f => f.Number == n).Line : chunk.Lines.Of(n);
            }
        }

        found.ShouldBe(wanted.ToDictionary(r => r.Number, r => r.Line), ignoreOrder: true);
        passed.ShouldBe(reader.Passed);
    }

    [Theory]
    [InlineData("2,\"乙,3.50,无\n", "\"丙\"")]
    [InlineData("2,乙,3.50,\"无\n", "\"丙\"")]
    [InlineData("2,乙,3.50,\"无\n", "")]
    [InlineData("\"2,乙,3.50,无\n", "丙")]
    [InlineData("2,乙,\"3.50两行\n无\n", "\"丙\"")]
    public void An_unclosed_quote_costs_its_own_row_only(string broken, string name)
    {
        using var folder = new Folder();
        var good = string.Concat(Enumerable.Range(3, 50).Select(i => $"{i},{name},4.50,\"平\"\n"));
        using var reader = RowReader.Open(folder.File("a.csv", "表\n编号,名称,金额,备注\n1,甲,2.50,\"x\"\n" + broken + good), Four);
        var rows = reader.Rows().ToList();
        rows.Count.ShouldBe(52);
        rows[1].Line.ShouldBe(4);
        rows.Where(r => r.Fault is not null).Select(r => r.Number).ShouldBeSubsetOf([2]);
        rows[^1].Line.ShouldBe(4 + broken.Count(c => c == '\n') + 49);
        rows.Skip(2).ShouldAllBe(r => r.Cells[3] == "平");
    }
}
