// Samples of a text file's bytes in; its encoding, how sure that is and why, out.
namespace Lizhou.Tabular.Encodings;

internal sealed record EncodingGuess(string Name, double Confidence, Text Why, bool Mark = false)
{
    /// <param name="head">The file's first bytes.</param>
    /// <param name="windows">Pieces from further on; may begin and end in the middle of a character.</param>
    /// <param name="whole">Whether the head is the whole file.</param>
    public static EncodingGuess Of(ReadOnlyMemory<byte> head, IReadOnlyList<ReadOnlyMemory<byte>> windows, bool whole)
    {
        var marked = ByMark(head.Span);
        if (marked is not null)
        {
            return marked;
        }

        var wide = ByZeros(head.Span);
        if (wide is not null)
        {
            return wide;
        }

        var pieces = new List<ReadOnlyMemory<byte>> { whole ? head : Trim(head, fromStart: false) };
        pieces.AddRange(windows.Select(w => Trim(w, fromStart: true)));
        if (pieces.TrueForAll(p => !p.Span.ContainsAnyInRange((byte)0x80, (byte)0xFF)))
        {
            return new(EncodingNames.Utf8, 0.99, new("全部是 ASCII 字符，按 UTF-8 读取。", "Nothing but ASCII; read as UTF-8."));
        }

        var utf8 = Measure(pieces, EncodingNames.Utf8);
        if (utf8.Bad == 0)
        {
            return new(EncodingNames.Utf8, 0.99, new("全部字节符合 UTF-8。", "All bytes are valid UTF-8."));
        }

        var gb = Measure(pieces, EncodingNames.Gb18030);
        var big5 = Measure(pieces, EncodingNames.Big5);
        var western = Measure(pieces, EncodingNames.Windows1252);
        return Choose(utf8, gb, big5, western);
    }

    private static EncodingGuess Choose(Reading utf8, Reading gb, Reading big5, Reading western)
    {
        // A file that is UTF-8 but for a few places is a damaged or mixed UTF-8 file: those rows are diverted.
        if (utf8.Far > 4 * utf8.Bad && utf8.Far > 0)
        {
            return new(EncodingNames.Utf8, 0.8, new Text("绝大部分是 UTF-8，但有 {0} 处不是；这些行会被拦下。", "Nearly all UTF-8, but {0} places are not; those rows are diverted.").With(utf8.Bad));
        }

        // Western text has its high bytes alone among letters; Chinese text has them in runs.
        if (western.Bad == 0 && western.AloneShare > 0.75 && gb.Common < 0.9)
        {
            return new(EncodingNames.Windows1252, gb.Bad > 0 ? 0.85 : 0.6, new("带重音的字母单独夹在西文之间，是西欧编码。", "Accented letters stand alone between Latin ones: a Western encoding."));
        }

        var chinese = gb.Score >= big5.Score ? gb : big5;
        var other = gb.Score >= big5.Score ? big5 : gb;
        if (chinese.Score > 0.5 || (chinese.Bad == 0 && western.Bad > 0))
        {
            var sure = Math.Clamp(0.55 + (chinese.Score - other.Score), 0.5, 0.98);
            return new(chinese.Name, sure, new Text("{0} 个汉字中 {1:P0} 是 {2} 的常用字。", "{1:P0} of {0} ideographs are common ones in {2}.").With(chinese.Far, chinese.Common, chinese.Name));
        }

        return western.Bad == 0
            ? new(EncodingNames.Windows1252, 0.5, new("不是 UTF-8，也不像中文编码，按西欧编码读取。", "Neither UTF-8 nor like a Chinese encoding; read as Western."))
            : new(chinese.Bad <= utf8.Bad ? chinese.Name : EncodingNames.Utf8, 0.3, new("没有一种编码能读通全部内容；读不通的行会被拦下。", "No encoding reads all of it; rows that do not decode are diverted."));
    }

    private static EncodingGuess? ByMark(ReadOnlySpan<byte> head)
    {
        var name = head.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? EncodingNames.Utf8
            : head.StartsWith<byte>([0xFF, 0xFE]) ? EncodingNames.Utf16Le
            : head.StartsWith<byte>([0xFE, 0xFF]) ? EncodingNames.Utf16Be
            : head.StartsWith<byte>([0x84, 0x31, 0x95, 0x33]) ? EncodingNames.Gb18030 : null;
        return name is null ? null : new(name, 1, new Text("文件以 {0} 的字节顺序标记开头。", "The file begins with the byte order mark of {0}.").With(name), Mark: true);
    }

    private static EncodingGuess? ByZeros(ReadOnlySpan<byte> head)
    {
        var pairs = Math.Min(head.Length, 4096) / 2;
        int even = 0, odd = 0, newlines = 0;
        for (var i = 0; i < pairs; i++)
        {
            even += head[2 * i] == 0 ? 1 : 0;
            odd += head[(2 * i) + 1] == 0 ? 1 : 0;
            newlines += head[2 * i] + head[(2 * i) + 1] is 10 or 13 or 44 && (head[2 * i] == 0 || head[(2 * i) + 1] == 0) ? 1 : 0;
        }

        // Chinese in UTF-16 has few zeros, but its commas, digits and line ends have one each.
        if (pairs < 2 || even + odd < Math.Max(2, pairs / 50) || Math.Min(even, odd) * 10 > Math.Max(even, odd))
        {
            return null;
        }

        var name = odd > even ? EncodingNames.Utf16Le : EncodingNames.Utf16Be;
        return new(name, newlines > 0 ? 0.95 : 0.7, new("每两个字节一个字符，西文字符的另一个字节为零。", "Two bytes to a character, the other byte of Latin ones being zero."));
    }

    private sealed record Reading(string Name, int Bad, int Far, double Common, double AloneShare)
    {
        /// <summary>0 to 1: share of common ideographs, less what cannot be read.</summary>
        public double Score => Far == 0 ? 0 : Common - (3.0 * Bad / (Far + Bad));
    }

    private static Reading Measure(List<ReadOnlyMemory<byte>> pieces, string name)
    {
        int bad = 0, far = 0, common = 0, alone = 0;
        foreach (var piece in pieces)
        {
            using var feed = new Utf8Feed(new MemoryStream(piece.ToArray(), writable: false), name);
            while (feed.Fill())
            {
            }

            bad += feed.BadCount;
            Count(System.Text.Encoding.UTF8.GetString(feed.Window), name == EncodingNames.Big5, ref far, ref common, ref alone);
        }

        return new(name, bad, far, far == 0 ? 0 : common / (double)far, far == 0 ? 0 : alone / (double)far);
    }

    private static void Count(string text, bool traditional, ref int far, ref int common, ref int alone)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < 0x80 || char.IsLowSurrogate(text[i]))
            {
                continue;
            }

            far++;
            common += Hanzi.IsCommon(text[i], traditional) ? 1 : 0;
            alone += (i == 0 || text[i - 1] < 0x80) && (i + 1 == text.Length || text[i + 1] < 0x80) ? 1 : 0;
        }
    }

    /// <summary>Cuts what may be half a character: to the first line end, and behind the last one.</summary>
    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> piece, bool fromStart)
    {
        if (fromStart)
        {
            var first = piece.Span.IndexOfAny((byte)'\n', (byte)'\r');
            piece = first < 0 ? piece[..0] : piece[(first + 1)..];
        }

        var last = piece.Span.LastIndexOfAny((byte)'\n', (byte)'\r');
        return last < 0 ? piece[..Math.Max(0, piece.Length - 4)] : piece[..(last + 1)];
    }
}

/// <summary>Which ideographs are common in simplified and in traditional text: level 1 of GB 2312 and of Big5.</summary>
internal static class Hanzi
{
    private static readonly HashSet<char> Simplified = Level(936, 0xB0, 0xD7, 0xA1, 0xFE);
    private static readonly HashSet<char> Traditional = Level(950, 0xA4, 0xC6, 0x40, 0xFE);

    public static bool IsCommon(char c, bool traditional) =>
        c is (>= '\u3000' and <= '\u301F') or (>= '\uFF01' and <= '\uFF5E') or '·' or '—' or '…' or '“' or '”' or '℃' or '㎡'
        || (traditional ? Traditional : Simplified).Contains(c);

    private static HashSet<char> Level(int page, int from, int to, int low, int high)
    {
        var decoder = System.Text.CodePagesEncodingProvider.Instance.GetEncoding(page)!;
        var set = new HashSet<char>();
        for (var lead = from; lead <= to; lead++)
        {
            for (var trail = low; trail <= high; trail++)
            {
                var text = decoder.GetString([(byte)lead, (byte)trail]);
                if (text.Length == 1 && text[0] is >= '\u4E00' and <= '\u9FFF')
                {
                    set.Add(text[0]);
                }
            }
        }

        return set;
    }
}
