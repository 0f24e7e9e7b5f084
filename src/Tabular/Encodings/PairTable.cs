// Tables from one or two raw bytes (four for GB18030) to UTF-8, made once from the platform's code pages.
// GB18030 follows the 2022 edition: where the platform still answers a private-use character, the real one is put in.
using System.Text;

namespace Lizhou.Tabular.Encodings;

internal sealed class PairTable
{
    /// <summary>Entry: UTF-8 bytes in the low 24 bits, their number in the top byte; 0 = no character; <see cref="Far"/> = look in <see cref="FarRunes"/>.</summary>
    public const uint Private = 0x8000_0000;

    public const uint Far = 0x4000_0000;

    private const int Row = 192;

    public readonly uint[] Single = new uint[256];
    public readonly uint[] Pair = new uint[126 * Row];
    public readonly Dictionary<int, Rune> FarRunes = [];

    /// <summary>Code points of the four-byte sequences below the supplementary planes; null where there are none.</summary>
    public ushort[]? Four { get; private init; }

    public static PairTable Gb18030 => Lazy.Gb.Value;

    public static PairTable Big5 => Lazy.Five.Value;

    public static PairTable Windows1252 => Lazy.Western.Value;

    public static int Index(int lead, int trail) => ((lead - 0x81) * Row) + trail - 0x40;

    private static class Lazy
    {
        public static readonly Lazy<PairTable> Gb = new(MakeGb18030);
        public static readonly Lazy<PairTable> Five = new(() => MakePairs(950));
        public static readonly Lazy<PairTable> Western = new(MakeWestern);
    }

    /// <summary>
    /// Two-byte codes that must not end in the private-use area: the 18 that the 2022 edition moved, six whose characters
    /// have had code points since Unicode 3.1, and those that GBK tables of old left private.
    /// </summary>
    internal static readonly (int Code, int Rune)[] Moved2022 =
    [
        (0xA6D9, 0xFE10), (0xA6DA, 0xFE12), (0xA6DB, 0xFE11), (0xA6DC, 0xFE13), (0xA6DD, 0xFE14), (0xA6DE, 0xFE15), (0xA6DF, 0xFE16),
        (0xA6EC, 0xFE17), (0xA6ED, 0xFE18), (0xA6F3, 0xFE19), (0xFE59, 0x9FB4), (0xFE61, 0x9FB5), (0xFE66, 0x9FB6), (0xFE67, 0x9FB7),
        (0xFE6D, 0x9FB8), (0xFE7E, 0x9FB9), (0xFE90, 0x9FBA), (0xFEA0, 0x9FBB), (0xFE51, 0x20087), (0xFE52, 0x20089), (0xFE53, 0x200CC),
        (0xFE6C, 0x215D7), (0xFE76, 0x2298F), (0xFE91, 0x241FE), (0xA8BC, 0x1E3F), (0xA8BF, 0x01F9), (0xA989, 0x303E),
        (0xA98A, 0x2FF0), (0xA98B, 0x2FF1), (0xA98C, 0x2FF2), (0xA98D, 0x2FF3), (0xA98E, 0x2FF4), (0xA98F, 0x2FF5), (0xA990, 0x2FF6),
        (0xA991, 0x2FF7), (0xA992, 0x2FF8), (0xA993, 0x2FF9), (0xA994, 0x2FFA), (0xA995, 0x2FFB),
    ];

    private static PairTable MakeGb18030()
    {
        var table = MakePairs(54936, MakeFour());
        table.Single[0x80] = Pack(new Rune('€')); // as Windows writes it in GBK
        foreach (var (code, rune) in Moved2022)
        {
            var at = Index(code >> 8, code & 0xFF);
            if (rune > 0xFFFF)
            {
                table.Pair[at] = Far;
                table.FarRunes[at] = new Rune(rune);
            }
            else
            {
                table.Pair[at] = Pack(new Rune(rune));
            }
        }

        return table;
    }

    private static PairTable MakePairs(int codePage, ushort[]? four = null)
    {
        var table = new PairTable { Four = four };
        for (var b = 0; b < 0x80; b++)
        {
            table.Single[b] = Pack(new Rune(b));
        }

        var decoder = CodePage(codePage);
        Span<char> chars = stackalloc char[4];
        for (var lead = 0x81; lead <= 0xFE; lead++)
        {
            for (var trail = 0x40; trail <= 0xFE; trail++)
            {
                var found = trail == 0x7F ? 0 : decoder.GetChars([(byte)lead, (byte)trail], chars);
                table.Pair[Index(lead, trail)] = found == 1 && chars[0] != '\uFFFF' && !char.IsSurrogate(chars[0]) ? Pack(new Rune(chars[0])) : 0;
            }
        }

        return table;
    }

    private static PairTable MakeWestern()
    {
        var table = new PairTable();
        var decoder = CodePage(1252);
        Span<char> chars = stackalloc char[2];
        for (var b = 0; b < 256; b++)
        {
            decoder.GetChars([(byte)b], chars);
            table.Single[b] = b >= 0x80 && chars[0] < 0xA0 ? 0 : Pack(new Rune(chars[0]));
        }

        return table;
    }

    private static ushort[] MakeFour()
    {
        const int count = 39_420;
        var bytes = new byte[count * 5];
        for (var i = 0; i < count; i++)
        {
            bytes[(i * 5) + 0] = (byte)(0x81 + (i / 12600));
            bytes[(i * 5) + 1] = (byte)(0x30 + (i / 1260 % 10));
            bytes[(i * 5) + 2] = (byte)(0x81 + (i / 10 % 126));
            bytes[(i * 5) + 3] = (byte)(0x30 + (i % 10));
            bytes[(i * 5) + 4] = (byte)'\n';
        }

        var four = new ushort[count];
        var at = 0;
        foreach (var line in CodePage(54936).GetString(bytes).Split('\n'))
        {
            if (at < count)
            {
                four[at++] = line.Length == 1 && line[0] != '\uFFFF' ? line[0] : (ushort)0;
            }
        }

        // The other half of the 2022 swap: no file means a private-use character by these.
        foreach (var (linear, rune) in SwappedFour)
        {
            four[linear] = (ushort)rune;
        }

        return four;
    }

    /// <summary>Four-byte codes (by linear number) of the same 18 characters, which the 2022 table swaps with private-use ones: both forms are read as the character.</summary>
    private static IEnumerable<(int Linear, int Rune)> SwappedFour
    {
        get
        {
            uint[] han = [0x82359037, 0x82359038, 0x82359039, 0x82359130, 0x82359131, 0x82359132, 0x82359133, 0x82359134];
            for (var i = 0; i < han.Length; i++)
            {
                yield return (Linear(han[i]), 0x9FB4 + i);
            }

            uint[] forms = [0x84318236, 0x84318237, 0x84318238, 0x84318239, 0x84318330, 0x84318331, 0x84318332, 0x84318333, 0x84318334, 0x84318335];
            for (var i = 0; i < forms.Length; i++)
            {
                yield return (Linear(forms[i]), 0xFE10 + i);
            }
        }
    }

    internal static int Linear(uint code)
    {
        int a = (int)(code >> 24), b = (int)(code >> 16) & 0xFF, c = (int)(code >> 8) & 0xFF, d = (int)code & 0xFF;
        return (((((a - 0x81) * 10) + b - 0x30) * 126) + c - 0x81) * 10 + d - 0x30;
    }

    private static Encoding CodePage(int page) => CodePagesEncodingProvider.Instance.GetEncoding(
        page, EncoderFallback.ExceptionFallback, new DecoderReplacementFallback("\uFFFF"))!;

    internal static uint Pack(Rune rune)
    {
        Span<byte> bytes = stackalloc byte[4];
        var length = rune.EncodeToUtf8(bytes);
        var packed = ((uint)length << 24) | bytes[0] | ((uint)bytes[1] << 8) | ((uint)bytes[2] << 16);
        return rune.Value is >= 0xE000 and <= 0xF8FF ? packed | Private : packed;
    }
}
