// The bytes of a cell before anything reads them: blanks off both ends, full-width forms to ASCII, Chinese date and money words to symbols.
using System.Runtime.CompilerServices;

namespace Lizhou.Lake;

/// <summary>What became of a cell: 0 = good, else the number of its problem code.</summary>
internal enum Cell
{
    Good = 0,
    Missing = 101,
    NotInteger = 102,
    NotNumber = 103,
    TooLarge = 104,
    TooPrecise = 105,
    NotDate = 106,
    NotDateTime = 107,
    NotBoolean = 108,
    TooLong = 109,
    BadFormat = 110,
    BadIdNumber = 111,
    BadCreditCode = 112,
    NotInCodes = 113,
    HasNul = 114,
    BadRecord = 201,
    KeyConflict = 202,
}

internal static class CellText
{
    public const byte Yuan = (byte)'$';
    public const byte TenThousand = 1;
    public const byte HundredMillion = 2;

    /// <summary>Takes blanks off both ends: ASCII white space, no-break space, ideographic space, zero-width space, byte order mark.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) =>
        text.Length > 0 && !(MayBegin[text[0]] | MayEnd[text[^1]]) ? text : Trimmed(text);

    public static string Trimmed(string text) => System.Text.Encoding.UTF8.GetString(Trim(System.Text.Encoding.UTF8.GetBytes(text)));

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> text)
    {
        int blank;
        while ((blank = LeadingBlank(text)) > 0)
        {
            text = text[blank..];
        }

        while ((blank = TrailingBlank(text)) > 0)
        {
            text = text[..^blank];
        }

        return text;
    }

    /// <summary>Bytes that a blank may begin or end with: nearly no text has them there.</summary>
    private static readonly bool[] MayBegin = [.. Enumerable.Range(0, 256).Select(b => b is (> 0 and <= 0x20) or 0xC2 or 0xE2 or 0xE3 or 0xEF)];
    private static readonly bool[] MayEnd = [.. Enumerable.Range(0, 256).Select(b => b is (> 0 and <= 0x20) or 0xA0 or 0x80 or 0x8B or 0xBF)];

    private static int LeadingBlank(ReadOnlySpan<byte> text) => text switch
    {
        [<= 0x20 and not 0, ..] => 1,
        [0xC2, 0xA0, ..] => 2,
        [0xE3, 0x80, 0x80, ..] or [0xE2, 0x80, 0x8B, ..] or [0xEF, 0xBB, 0xBF, ..] => 3,
        _ => 0,
    };

    private static int TrailingBlank(ReadOnlySpan<byte> text) => text switch
    {
        [.., <= 0x20 and not 0] => 1,
        [.., 0xC2, 0xA0] => 2,
        [.., 0xE3, 0x80, 0x80] or [.., 0xE2, 0x80, 0x8B] or [.., 0xEF, 0xBB, 0xBF] => 3,
        _ => 0,
    };

    /// <summary>Full-width letters, digits and signs (U+FF01–FF5E) as ASCII; all else as it is. The result is never longer.</summary>
    /// <returns>The bytes written, or −1 when there was nothing to fold.</returns>
    public static int FoldWidth(ReadOnlySpan<byte> text, Span<byte> into)
    {
        var folded = false;
        var at = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == 0xEF && i + 2 < text.Length && FullWidth(text[i + 1], text[i + 2]) is var ascii and not 0)
            {
                into[at++] = ascii;
                i += 2;
                folded = true;
            }
            else
            {
                into[at++] = text[i];
            }
        }

        return folded ? at : -1;
    }

    /// <summary>As ASCII for numbers and dates: full-width forms folded, 年 月 → '-', 日 → ' ', 时 分 → ':', 秒 → nothing, 万 亿 元 ¥ → symbols.</summary>
    /// <returns>False when something else is in it or it is too long for <paramref name="into"/>.</returns>
    public static bool TryFold(ReadOnlySpan<byte> text, Span<byte> into, out int length)
    {
        length = 0;
        for (var i = 0; i < text.Length;)
        {
            var (symbol, taken) = Symbol(text[i..]);
            if (taken == 0 || length == into.Length)
            {
                return false;
            }

            if (symbol != 0)
            {
                into[length++] = symbol;
            }

            i += taken;
        }

        while (length > 0 && into[length - 1] is (byte)' ' or (byte)':')
        {
            length--;
        }

        return length > 0;
    }

    private static (byte Symbol, int Taken) Symbol(ReadOnlySpan<byte> text) => text switch
    {
        [>= 0x20 and < 0x7F, ..] => (text[0], 1),
        [0xC2, 0xA5, ..] => (Yuan, 2), // ¥
        [0xEF, 0xBF, 0xA5, ..] => (Yuan, 3), // ￥
        [0xEF, ..] when text.Length > 2 && FullWidth(text[1], text[2]) is var ascii and not 0 => (ascii, 3),
        [0xE3, 0x80, 0x80, ..] => ((byte)' ', 3),
        [0xE5, 0xB9, 0xB4, ..] or [0xE6, 0x9C, 0x88, ..] => ((byte)'-', 3), // 年 月
        [0xE6, 0x97, 0xA5, ..] => ((byte)' ', 3), // 日
        [0xE6, 0x97, 0xB6, ..] or [0xE5, 0x88, 0x86, ..] => ((byte)':', 3), // 时 分
        [0xE7, 0xA7, 0x92, ..] => (0, 3), // 秒
        [0xE4, 0xB8, 0x87, ..] => (TenThousand, 3), // 万
        [0xE4, 0xBA, 0xBF, ..] => (HundredMillion, 3), // 亿
        [0xE5, 0x85, 0x83, ..] => (Yuan, 3), // 元
        _ => (0, 0),
    };

    private static byte FullWidth(byte second, byte third) => (second, third) switch
    {
        (0xBC, >= 0x81 and <= 0xBF) => (byte)(third - 0x60),
        (0xBD, >= 0x80 and <= 0x9E) => (byte)(third - 0x20),
        _ => 0,
    };

    /// <summary>Unicode characters in UTF-8 bytes.</summary>
    public static int Characters(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var b in text)
        {
            count += (b & 0xC0) != 0x80 ? 1 : 0;
        }

        return count;
    }
}
