// Any table, written in any dialect and encoding, inspected without a hint, gives the same cells; and the fast path of the
// chunker gives what the reader gives.
using System.Text;
using Lizhou.Tests.Support;
using CsCheck;

namespace Lizhou.Tabular.Tests;

public sealed class RoundTripTests
{
    private static readonly string[] Cities = ["永康市", "金华市", "义乌市", "东阳市", "武义县", "浦江县"];
    private static readonly string[] Notes = ["正常", "他说\"可以\"", "甲、乙、丙", "原址拆迁,已变更", "两行\n地址", "it's fine", "a;b|c", "  留白  "];

    private static readonly string[] Delimiters = [",", ";", "\t", "|", ", "];
    private static readonly string[] Encodings = ["utf-8", "gb18030", "utf-16le", "utf-16be"];
    private static readonly string[] Ends = ["\n", "\r\n", "\r"];

    private sealed record Sheet(string[] Header, List<string?[]> Rows, CsvDialect Dialect, string Encoding);

    private static readonly Gen<Sheet> Sheets = Gen.Select(
        Gen.Int[12, 60], Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 1_000_000],
        (count, delimiter, encoding, end, quote, seed) => Make(count, Delimiters[delimiter], Encodings[encoding], Ends[end], quote, seed));

    private static Sheet Make(int count, string delimiter, string encoding, string end, int quote, int seed)
    {
        var random = new Random(seed);
        var rows = new List<string?[]>();
        for (var i = 0; i < count; i++)
        {
            rows.Add([
                $"{i + 1}", $"3307842{random.Next(10, 99)}", Cities[random.Next(Cities.Length)],
                random.Next(5) == 0 ? null : $"20{random.Next(10, 25)}-{random.Next(10, 13)}-{random.Next(10, 28)}",
                $"{random.Next(1, 100000)}.{random.Next(10, 99)}", Notes[random.Next(Notes.Length)], random.Next(3) == 0 ? null : "是",
            ]);
        }

        // A CR-only file cannot hold line breaks in cells of another kind, and ", " loses blanks at the edges: as in the wild.
        foreach (var row in rows.Where(_ => end == "\r" || delimiter == ", "))
        {
            row[5] = row[5]!.Replace('\n', ' ').Trim();
        }

        return new(["序号", "代码", "城市", "登记日期", "金额", "备注", "有效"], rows, new(delimiter, quote == 1 ? '\'' : '"', QuoteEscape.Doubled, end), encoding);
    }

    private static byte[] Write(Sheet sheet)
    {
        var quote = sheet.Dialect.Quote!.Value.ToString();
        var text = new StringBuilder();
        foreach (var row in sheet.Rows.Prepend(sheet.Header))
        {
            text.AppendJoin(sheet.Dialect.Delimiter, row.Select(c => c is null ? "" : NeedsQuotes(c) || (quote == "'" && Notes.Contains(c)) ? quote + c.Replace(quote, quote + quote) + quote : c)).Append(sheet.Dialect.RecordEnd);
        }

        bool NeedsQuotes(string cell) => cell.Contains(sheet.Dialect.Delimiter) || cell.Contains(quote) || cell.Contains('\n') || cell.Contains('\r') || cell.StartsWith(' ')
            || (sheet.Dialect.Delimiter == ", " && cell.Contains(','));
        Encoding encoding = sheet.Encoding switch
        {
            "utf-16le" => new UnicodeEncoding(false, true), "utf-16be" => new UnicodeEncoding(true, true),
            var name => CodePagesEncodingProvider.Instance.GetEncoding(name) ?? new UTF8Encoding(false),
        };
        return [.. encoding.Preamble, .. encoding.GetBytes(text.ToString())];
    }

    [Fact]
    public void Any_table_in_any_dialect_comes_back_cell_by_cell()
    {
        using var folder = new Folder();
        Sheets.Sample(
            sheet =>
            {
                var path = folder.File($"{Guid.CreateVersion7()}.csv", Write(sheet));
                var shape = Inspector.Inspect(path).Value.Tables[0].Shape;
                using var reader = RowReader.Open(path, shape);
                var rows = reader.Rows().ToList();
                var same = shape.Columns.Select(c => c.Name).SequenceEqual(sheet.Header) && rows.Count == sheet.Rows.Count
                    && rows.Zip(sheet.Rows).All(p => p.First.Fault is null && p.First.Cells.SequenceEqual(p.Second));
                File.Delete(path);
                return same;
            },
            iter: 400,
            threads: 1,
            print: s => $"{s.Dialect} {s.Encoding} {s.Rows.Count} rows");
    }

    [Fact]
    public void Chunks_hold_what_the_reader_reads()
    {
        using var folder = new Folder();
        Gen.Select(Sheets, Gen.Int[1, 5]).Sample(
            (sheet, chunks) =>
            {
                // Some rows are made faulty; a footer follows.
                var bytes = Write(sheet with { Rows = [.. sheet.Rows, .. sheet.Rows.Take(3).Select(r => r.Take(4).ToArray()), .. sheet.Rows] });
                var path = folder.File("table.csv", bytes);
                var shape = Inspector.Inspect(path).Value.Tables[0].Shape;
                using var reader = RowReader.Open(path, shape);
                var wanted = reader.Rows().ToList();
                var found = Chunked(path, shape, Path.Combine(folder.Path, "chunks"), new ChunkOptions { Bytes = bytes.Length / chunks }).GetAwaiter().GetResult();
                return wanted.Where(r => r.Fault is null).Select(r => Key(r.Number, r.Cells)).SequenceEqual(found.Good)
                    && wanted.Where(r => r.Fault is not null).Select(r => r.Number).SequenceEqual(found.Faulty);
            },
            iter: 150,
            threads: 1,
            print: s => $"{s.Item1.Dialect} {s.Item1.Encoding} {s.Item1.Rows.Count} rows");
    }

    [Fact]
    public async Task A_run_can_be_resumed_at_any_chunk()
    {
        using var folder = new Folder();
        var path = folder.File("table.csv", "a,b\n" + string.Concat(Enumerable.Range(1, 1000).Select(i => i % 100 == 0 ? $"{i}\n" : $"{i},value {i}\n")));
        var shape = Inspector.Inspect(path).Value.Tables[0].Shape with { Columns = [new("a"), new("b")] };
        var whole = await Chunked(path, shape, Path.Combine(folder.Path, "one"), new ChunkOptions { Bytes = 3000 });
        var half = await Chunked(path, shape, Path.Combine(folder.Path, "two"), new ChunkOptions { Bytes = 3000, From = 2 });
        whole.Chunks.Count.ShouldBeGreaterThan(4);
        half.Chunks.Where(c => c.Index >= 2).Select(c => (c.Index, c.FirstRecord, c.Records, c.Good, c.Bytes)).ShouldBe(whole.Chunks.Where(c => c.Index >= 2).Select(c => (c.Index, c.FirstRecord, c.Records, c.Good, c.Bytes)));
        half.Good.ShouldBe(whole.Good.Skip(whole.Good.Count - half.Good.Count));
        whole.Chunks.Sum(c => c.Records).ShouldBe(1000);
    }

    private static string Key(long number, IEnumerable<string?> cells) => number + "\u0001" + string.Join('\u0001', cells);

    private static async Task<(List<string> Good, List<long> Faulty, List<Chunk> Chunks)> Chunked(string path, FileShape shape, string folder, ChunkOptions options)
    {
        var good = new List<string>();
        var faulty = new List<long>();
        var chunks = new List<Chunk>();
        await foreach (var chunk in Chunker.Run(path, shape, folder, options))
        {
            chunks.Add(chunk);
            faulty.AddRange(chunk.Faulty.Select(f => f.Number));
            if (File.Exists(chunk.Path))
            {
                new FileInfo(chunk.Path).Length.ShouldBe(chunk.Bytes);
                good.AddRange(Scores.PollockScore.Parse(await File.ReadAllTextAsync(chunk.Path)).Select(r => Key(long.Parse(r[0]), r.Skip(1).Select(c => c.Length == 0 ? null : c))));
                File.Delete(chunk.Path);
            }
        }

        return (good, faulty, chunks);
    }
}
