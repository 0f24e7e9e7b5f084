// Files made to break the reader: each is refused with a code, quickly and in little memory.
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Lizhou.Kernel;
using Lizhou.Tests.Support;

namespace Lizhou.Tabular.Tests;

[Collection("alone")]
public sealed class HostileFileTests
{
    [Fact]
    public void A_gzip_bomb_is_refused() => Refuses("TAB-006", path =>
    {
        using var to = new GZipStream(File.Create(path), CompressionLevel.Optimal);
        Repeat(to, "1,2,3\n", 200 << 20);
    });

    [Fact]
    public void A_zip_bomb_is_refused() => Refuses("TAB-006", path => Zip(path, ("a.csv", to => Repeat(to, "1,2,3\n", 200 << 20))));

    [Fact]
    public void A_shared_strings_bomb_is_refused() => Refuses("TAB-006", path => Zip(path, Book(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>",
        ("xl/sharedStrings.xml", to => { Put(to, "<sst>"); Repeat(to, "<si><t>aaaaaaaaaaaaaaaa</t></si>", 100 << 20); Put(to, "</sst>"); }))), ".xlsx");

    [Fact]
    public void A_sheet_of_a_billion_cells_is_refused_or_sampled_within_bounds()
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "a.xlsx");
        Zip(path, Book("<row r=\"1048576\"><c r=\"A1048576\"><v>1</v></c><c r=\"XFD1048576\"><v>1</v></c></row>"));
        var (found, milliseconds, growth) = Measure(path);
        found.Refused.ShouldBeFalse();
        milliseconds.ShouldBeLessThan(Slack(1000));
        growth.ShouldBeLessThan(64 << 20);
    }

    [Fact]
    public void An_archive_of_a_million_entries_is_refused() => Refuses("TAB-007", path =>
    {
        using var to = File.Create(path);
        var name = "a"u8;
        using var writer = new BinaryWriter(to);
        writer.Write("PK\u0003\u0004"u8);
        writer.Write(new byte[26]);
        var start = to.Position;
        for (var i = 0; i < 1_000_000; i++)
        {
            writer.Write("PK\u0001\u0002"u8);
            writer.Write(new byte[24]);
            writer.Write((ushort)1);
            writer.Write(new byte[16]);
            writer.Write(name);
        }

        writer.Write("PK\u0005\u0006"u8);
        writer.Write(new byte[6]);
        writer.Write((ushort)1);
        writer.Write((uint)(to.Position - start));
        writer.Write((uint)start);
        writer.Write((ushort)0);
    });

    [Theory]
    [InlineData("../../etc/passwd.csv"), InlineData("/etc/a.csv"), InlineData("C:\\a.csv"), InlineData("a/../../b.csv")]
    public void An_entry_that_points_outside_is_refused(string name) => Refuses("TAB-008", path => Zip(path, (name, to => Put(to, "a,b\n1,2\n"))));

    [Fact]
    public void Archives_within_archives_are_refused() => RefusesTable("TAB-009", path =>
    {
        using var inner = new MemoryStream();
        using (var zip = new ZipArchive(inner, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var to = zip.CreateEntry("a.csv").Open();
            Put(to, "a,b\n1,2\n");
        }

        Zip(path, ("inner.zip", to => to.Write(inner.ToArray())));
    });

    [Fact]
    public void A_truncated_archive_is_refused() => Refuses("TAB-005", path =>
    {
        Zip(path, ("a.csv", to => Repeat(to, "1,2,3\n", 100_000)));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^30]);
    });

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(100)]
    public void A_truncated_gzip_is_refused_as_cut_short_whatever_its_last_bytes_say(int permille)
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "a.csv.gz");
        var random = new Random(permille);
        using (var to = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            for (var i = 0; i < 20_000; i++)
            {
                Put(to, $"{i},{random.Next()},{random.NextDouble()}\n");
            }
        }

        var whole = File.ReadAllBytes(path);
        var bytes = whole[..^(whole.Length * permille / 1000)];
        bytes.AsSpan()[^4..].Fill(0xFE); // a length of 4 GB, if it were one
        File.WriteAllBytes(path, bytes);
        Inspector.Inspect(path).Problem!.Code.ShouldBe("TAB-005");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData(" \r\n\r\n")]
    public void An_empty_file_is_called_empty(string text)
    {
        using var folder = new Folder();
        foreach (var name in new[] { "a.csv", "a.json", "a.txt" })
        {
            var path = Path.Combine(folder.Path, name);
            File.WriteAllText(path, text);
            var problem = Inspector.Inspect(path).Value.Tables.Single().Problem!;
            problem.Code.ShouldBe("TAB-019");
            problem.What.Zh.ShouldContain(name);
        }
    }

    [Fact]
    public void A_line_without_end_is_refused() => Refuses("TAB-010", path =>
    {
        using var to = File.Create(path);
        Repeat(to, "aaaaaaaaaaaaaaa,", 64 << 20);
    }, ".csv");

    [Fact]
    public void A_hundred_thousand_brackets_are_refused() => Refuses("TAB-013", path => File.WriteAllText(path, new string('[', 100_000)), ".json");

    [Fact]
    public void A_cell_in_the_last_column_makes_no_table_of_sixteen_thousand_columns()
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "a.xlsx");
        Zip(path, Book("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>name</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>n</t></is></c></row>"
            + "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>x</t></is></c><c r=\"B2\"><v>1</v></c></row><row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>y</t></is></c><c r=\"B3\"><v>2</v></c><c r=\"XFD3\"><v>1</v></c></row>"));
        var (found, milliseconds, _) = Measure(path);
        var table = found.Value.Tables.ShouldHaveSingleItem();
        table.Shape.Columns.Select(c => c.Name).ShouldBe(["name", "n"]);
        table.Oddities[0].ShouldSatisfyAllConditions(o => o.Code.ShouldBe("TAB-O08"), o => o.Line.ShouldBe(3));
        milliseconds.ShouldBeLessThan(Slack(1000));
        using var reader = RowReader.Open(path, table.Shape);
        reader.Rows().Select(r => r.Fault?.Code).ShouldBe([null, "TAB-103"]); // told as a row of its own, not lost
    }

    [Theory]
    [InlineData("报表.xls", "\uFEFF\r\n<HTML><body><table><tr><td>1</td></tr></table>", "HTML"), InlineData("报表.xls", "<!DOCTYPE html><p>1", "HTML"), InlineData("a.csv", "<?xml version=\"1.0\"?><a/>", "XML")]
    public void A_page_under_the_name_of_a_spreadsheet_is_called_a_page(string name, string text, string kind)
    {
        using var folder = new Folder();
        var problem = Inspector.Inspect(folder.File(name, text)).Problem!;
        (problem.Code, problem.What.En.Contains(kind, StringComparison.Ordinal)).ShouldBe(("TAB-003", true));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_no_table()
    {
        using var folder = new Folder();
        var random = new byte[100_000];
        new Random(7).NextBytes(random);
        Inspector.Inspect(folder.File("a.csv", random)).Problem!.Code.ShouldBe("TAB-003");
        Inspector.Inspect(typeof(Inspector).Assembly.Location).Problem!.Code.ShouldBe("TAB-003");
        Inspector.Inspect(folder.File("b.csv", [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes("a,b\n1,2\n")])).Problem!.Code.ShouldBe("TAB-011");
        Inspector.Inspect(folder.File("c.csv", Encoding.UTF32.GetBytes("a,b\n1,2\n3,4\n"))).Problem!.Code.ShouldBe("TAB-003");
        Inspector.Inspect(folder.File("d.csv", "甲\u0001乙\n1\u00012\n3\u00014\n"), new Hints { Delimiter = "\u0001" }).Value.Tables[0].Shape.Columns.Count.ShouldBe(2);
    }

    [Fact]
    public void A_file_of_too_many_columns_is_named()
    {
        using var folder = new Folder();
        var path = folder.File("wide.csv", string.Join(',', Enumerable.Range(0, 20_000)) + "\n" + string.Join(',', Enumerable.Range(0, 20_000)) + "\n");
        var problem = Inspector.Inspect(path, new Hints { Delimiter = "," }).Problem!;
        (problem.Code, problem.What.En.Contains("wide.csv", StringComparison.Ordinal)).ShouldBe(("TAB-018", true));
    }

    [Fact]
    public void A_doctype_in_a_workbook_is_refused() => Refuses("TAB-024", path => Zip(path, Book("", ("xl/styles.xml", to => Put(to, "<styleSheet/>")))
        .Select(p => p.Name == "xl/workbook.xml" ? (p.Name, (Action<Stream>)(to => Put(to, "<!DOCTYPE w [<!ENTITY a \"aaaaaaaa\">]><workbook>&a;</workbook>"))) : p).ToArray()), ".xlsx");

    [Fact]
    public void Protected_workbooks_are_refused_by_name()
    {
        foreach (var name in new[] { "password-protected-password123.xlsx", "password-protected-password123.ods" })
        {
            Inspector.Inspect(Shared.Path($"csv/excel_and_odd/{name}")).Problem!.Code.ShouldBe("TAB-004");
        }
    }

    [Fact]
    public void Damaged_workbooks_never_escape_as_other_exceptions()
    {
        var random = new Random(3);
        using var folder = new Folder();
        foreach (var name in new[] { "any_sheets.xls", "any_sheets.xlsx", "any_sheets.xlsb", "any_sheets.ods", "excel-xlsx.xlsx", "testzip.zip", "boston311-100.csv.gz" })
        {
            var bytes = File.ReadAllBytes(Shared.Path($"csv/excel_and_odd/{name}"));
            for (var i = 0; i < 40; i++)
            {
                var broken = bytes.ToArray();
                for (var flip = 0; flip < 5; flip++)
                {
                    broken[random.Next(broken.Length)] ^= (byte)(1 << random.Next(8));
                }

                var path = folder.File(name, i % 4 == 0 ? broken[..random.Next(broken.Length)] : broken);
                var found = Inspector.Inspect(path);
                foreach (var table in found.Refused ? [] : found.Value.Tables.Where(t => t.Problem is null && t.Shape.Format != Format.Parquet))
                {
                    try
                    {
                        using var reader = RowReader.Open(path, table.Shape);
                        reader.Rows().Take(1000).Count().ShouldBeGreaterThanOrEqualTo(0);
                    }
                    catch (ProblemException e)
                    {
                        e.Problem.Code.ShouldStartWith("TAB-");
                    }
                }
            }
        }
    }

    private static void Refuses(string code, Action<string> make, string extension = ".zip")
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "hostile" + extension);
        make(path);
        var (found, milliseconds, growth) = Measure(path);
        found.Problem?.Code.ShouldBe(code);
        found.Refused.ShouldBeTrue();
        milliseconds.ShouldBeLessThan(Slack(1000));
        growth.ShouldBeLessThan(64 << 20);
    }

    private static void RefusesTable(string code, Action<string> make)
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "hostile.zip");
        make(path);
        var found = Inspector.Inspect(path);
        (found.Problem ?? found.Value.Tables[0].Problem)!.Code.ShouldBe(code);
    }

    /// <summary>Processor time, as other programs share the machine.</summary>
    private static (Result<Inspection> Found, double Milliseconds, long Growth) Measure(string path)
    {
        Inspector.Inspect(path);
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var found = Inspector.Inspect(path);
        return (found, (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds, GC.GetTotalMemory(forceFullCollection: true) - memory);
    }

    private static double Slack(double milliseconds) => milliseconds;

    private static (string Name, Action<Stream> Write)[] Book(string rows, params (string Name, Action<Stream> Write)[] more) =>
    [
        ("xl/workbook.xml", to => Put(to, "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>")),
        ("xl/_rels/workbook.xml.rels", to => Put(to, "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>")),
        ("xl/worksheets/sheet1.xml", to => Put(to, $"<worksheet><sheetData>{rows}</sheetData></worksheet>")),
        .. more,
    ];

    private static void Zip(string path, params (string Name, Action<Stream> Write)[] entries)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, write) in entries)
        {
            using var to = zip.CreateEntry(name, CompressionLevel.Optimal).Open();
            write(to);
        }
    }

    private static void Put(Stream to, string text) => to.Write(Encoding.UTF8.GetBytes(text));

    private static void Repeat(Stream to, string text, int bytes)
    {
        var piece = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, 10_000)));
        for (var written = 0; written < bytes; written += piece.Length)
        {
            to.Write(piece);
        }
    }
}

[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
