// Encodings are read strictly: what is not a character, or only a private one, makes its row faulty at a byte offset.
using System.Text;
using CsCheck;
using Lizhou.Tabular.Encodings;
using Lizhou.Tests.Support;

namespace Lizhou.Tabular.Tests;

public sealed class EncodingTests
{
    private static readonly Encoding Gb = CodePagesEncodingProvider.Instance.GetEncoding(54936)!;

    [Theory]
    [InlineData("utf-8"), InlineData("utf-16le"), InlineData("utf-16be"), InlineData("gb18030"), InlineData("big5"), InlineData("windows-1252")]
    public void Each_encoding_is_recognised_and_read_back(string name)
    {
        using var folder = new Folder();
        var text = name switch
        {
            "big5" => "編號,姓名,地址\n1,陳大文,臺北市中正區重慶南路一段\n2,林美麗,高雄市鼓山區美術東二路\n",
            "windows-1252" => "id,name,city\n1,José Muñoz,Málaga\n2,Zoë Brontë,Zürich\n3,Chloé,Orléans\n",
            _ => "编号,姓名,地址\n1,王建国,浙江省永康市东城街道\n2,李秀英,永康市古山镇胡库下村\n",
        };
        var encoding = name switch
        {
            "utf-8" => new UTF8Encoding(false), "utf-16le" => new UnicodeEncoding(false, false), "utf-16be" => new UnicodeEncoding(true, false),
            _ => CodePagesEncodingProvider.Instance.GetEncoding(name)!,
        };
        var path = folder.File("a.csv", encoding.GetBytes(text));

        var shape = Inspector.Inspect(path).Value.Tables[0].Shape;

        shape.Encoding.ShouldBe(name);
        shape.HeaderRows.ShouldBe(1);
        Rows(path, shape).ShouldBe(PollockParse(text).Skip(1));
    }

    [Fact]
    public void Malformed_bytes_divert_their_row_and_no_other()
    {
        using var folder = new Folder();
        byte[] bad = [.. Gb.GetBytes("编号,姓名\n1,王建国\n2,"), 0xFF, .. Gb.GetBytes("秀英\n3,张伟\n")];
        var path = folder.File("a.csv", bad);

        using var reader = RowReader.Open(path, new FileShape { Encoding = "gb18030", Dialect = new(), HeaderRows = 1, Columns = [new("编号"), new("姓名")] });
        var rows = reader.Rows().ToList();

        rows.ConvertAll(r => r.Fault?.Code).ShouldBe([null, "TAB-101", null]);
        rows[1].Fault!.ByteOffset.ShouldBe(bad.IndexOf((byte)0xFF));
        rows[1].Line.ShouldBe(3);
        rows[1].Cells[1].ShouldBe("\\xFF秀英");
    }

    [Fact]
    public void Two_encodings_in_one_file_divert_the_rows_of_the_rarer_one()
    {
        using var folder = new Folder();
        var utf8 = string.Concat(Enumerable.Range(1, 50).Select(i => $"{i},浙江省永康市东城街道望春东路{i}号\n"));
        var path = folder.File("a.csv", [.. Encoding.UTF8.GetBytes("编号,地址\n" + utf8), .. Gb.GetBytes("51,永康市古山镇\n"), .. Encoding.UTF8.GetBytes("52,永康市\n")]);

        var table = Inspector.Inspect(path).Value.Tables[0];

        table.Shape.Encoding.ShouldBe("utf-8");
        table.Oddities.ShouldContain(o => o.Code == "TAB-101" && o.Line == 52);
        Rows(path, table.Shape).Count.ShouldBe(51);
    }

    [Fact]
    public void Characters_moved_by_the_2022_standard_are_real_ones()
    {
        foreach (var (code, rune) in PairTable.Moved2022)
        {
            Decode([(byte)(code >> 8), (byte)code]).ShouldBe((new Rune(rune).ToString(), 0));
        }

        Decode([0x82, 0x35, 0x90, 0x37]).ShouldBe(("\u9FB4", 0));
        Decode([0x84, 0x31, 0x82, 0x36]).ShouldBe(("\uFE10", 0));
    }

    [Fact]
    public void Every_two_byte_code_is_a_character_or_a_refusal_and_never_private()
    {
        var refused = 0;
        for (var lead = 0x81; lead <= 0xFE; lead++)
        {
            for (var trail = 0x40; trail <= 0xFE; trail++)
            {
                var (text, bad) = Decode([(byte)lead, (byte)trail]);
                refused += bad > 0 ? 1 : 0;
                text.ShouldNotContain('\uFFFD');
                text.Any(c => c is >= '\uE000' and <= '\uF8FF').ShouldBeFalse($"{lead:X2}{trail:X2}");
                if (bad == 0)
                {
                    // Where the platform's table knows a public character, it is the same one.
                    var platform = Gb.GetString([(byte)lead, (byte)trail]);
                    (platform == text || platform[0] is >= '\uE000' and <= '\uF8FF').ShouldBeTrue($"{lead:X2}{trail:X2}");
                }
            }
        }

        // The three user-defined areas (1,894 codes) and the trail byte 7F.
        refused.ShouldBeInRange(1894, 2200);
    }

    [Fact]
    public void Private_characters_divert_their_row()
    {
        using var folder = new Folder();
        var path = folder.File("a.csv", [.. Gb.GetBytes("编号,姓名\n1,王"), 0xAA, 0xA1, .. Gb.GetBytes("国\n2,李秀英\n")]);
        using var reader = RowReader.Open(path, new FileShape { Encoding = "gb18030", Dialect = new(), HeaderRows = 1, Columns = [new("编号"), new("姓名")] });
        reader.Rows().Select(r => r.Fault?.Code).ShouldBe(["TAB-102", null]);
    }

    [Fact]
    public void A_cut_anywhere_in_a_gb18030_text_is_never_silently_lossy()
    {
        var text = string.Concat(Enumerable.Range(0, 400).Select(i => $"第{i}行，㐀𠮷龦€A文b字\n"));
        var bytes = Gb.GetBytes(text);
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Int[1, 9]).Sample(
            (at, count) =>
            {
                var end = Math.Min(bytes.Length, at + count);
                byte[] cut = [.. bytes[..at], .. bytes[end..]];
                var (found, bad) = Decode(cut);
                var kept = Gb.GetString(cut);
                // Either flagged, or exactly what the remaining bytes spell.
                return bad > 0 || (!found.Contains('\uFFFD') && found == kept);
            },
            iter: 10_000);
    }

    [Fact]
    public void Text_survives_transcoding_whatever_the_buffer_edges()
    {
        var chars = Gen.OneOf(Gen.Char['a', 'z'], Gen.Char['一', '龥'], Gen.Const(','), Gen.Const('\n'), Gen.Char['À', 'ÿ'], Gen.Char['㐀', '䶿']);
        chars.Array[0, 3000].Select(c => new string(c)).Sample(
            text => Decode(Gb.GetBytes(text)) == (text, 0) && Utf16(text) == text,
            iter: 1_000);
    }

    private static string Utf16(string text)
    {
        using var feed = new Utf8Feed(new Trickle(Encoding.Unicode.GetBytes(text)), "utf-16le");
        while (feed.Fill())
        {
        }

        return Encoding.UTF8.GetString(feed.Window);
    }

    private static (string Text, int Bad) Decode(byte[] bytes)
    {
        using var feed = new Utf8Feed(new Trickle(bytes), "gb18030");
        while (feed.Fill())
        {
        }

        return (Encoding.UTF8.GetString(feed.Window), feed.BadCount);
    }

    private static List<string?[]> Rows(string path, FileShape shape)
    {
        using var reader = RowReader.Open(path, shape);
        return [.. reader.Rows().Where(r => r.Fault is null).Select(r => r.Cells.ToArray())];
    }

    private static List<string[]> PollockParse(string text) => Scores.PollockScore.Parse(text);

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 37)]);
    }
}
