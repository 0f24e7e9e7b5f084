// Reads numbers as people write them. In: trimmed UTF-8. Out: an exact value or a fault; nothing is rounded.
// Full-width digits, thousands separators, ¥, 元, 万, 亿, exponents.
using System.Buffers.Text;

namespace Lizhou.Lake;

internal static class CellNumbers
{
    /// <summary>The value as an integer; a fraction of zeros is none.</summary>
    public static Cell Integer(ReadOnlySpan<byte> text, out long value)
    {
        if (TryPlain(text, out value, out var places) && places == 0)
        {
            return Cell.Good;
        }

        value = 0;
        var cell = Scaled(text, 19, 0, out var exact);
        if (cell != Cell.Good)
        {
            return cell is Cell.NotNumber or Cell.TooPrecise ? Cell.NotInteger : cell;
        }

        if (exact > long.MaxValue || exact < long.MinValue)
        {
            return Cell.TooLarge;
        }

        value = (long)exact;
        return Cell.Good;
    }

    /// <summary>The value times ten to the <paramref name="scale"/>, of at most <paramref name="precision"/> digits.</summary>
    public static Cell Scaled(ReadOnlySpan<byte> text, int precision, int scale, out Int128 value)
    {
        value = 0;
        int places;
        if (TryPlain(text, out var plain, out places))
        {
            value = plain;
        }
        else if (TryWritten(text, out value, out places) is var cell and not Cell.Good)
        {
            return cell;
        }

        for (; places > scale; places--)
        {
            if (value % 10 != 0)
            {
                return Cell.TooPrecise;
            }

            value /= 10;
        }

        var limit = Power(precision);
        for (; places < scale && value != 0; places++)
        {
            if (Int128.Abs(value) >= limit)
            {
                return Cell.TooLarge;
            }

            value *= 10;
        }

        return Int128.Abs(value) < limit ? Cell.Good : Cell.TooLarge;
    }

    public static Cell Real(ReadOnlySpan<byte> text, out double value)
    {
        if (Utf8Parser.TryParse(text, out value, out var used) && used == text.Length)
        {
            return double.IsFinite(value) ? Cell.Good : Cell.NotNumber;
        }

        value = 0;
        var cell = TryWritten(text, out var exact, out var places);
        if (cell == Cell.Good)
        {
            value = (double)exact / Math.Pow(10, places);
        }

        return cell;
    }

    /// <summary>Sign, digits, point, digits, at most eighteen of them: nearly every number there is.</summary>
    public static bool TryPlain(ReadOnlySpan<byte> text, out long value, out int places)
    {
        value = 0;
        places = 0;
        var at = text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        int digits = 0, point = -1;
        for (var i = at; i < text.Length; i++)
        {
            var digit = (uint)(text[i] - '0');
            if (digit <= 9)
            {
                value = (value * 10) + digit;
                digits++;
            }
            else if (text[i] == '.' && point < 0)
            {
                point = i;
            }
            else
            {
                return false;
            }
        }

        places = point < 0 ? 0 : text.Length - 1 - point;
        value = text[0] == '-' ? -value : value;
        return digits is > 0 and <= 18;
    }

    private static Cell TryWritten(ReadOnlySpan<byte> text, out Int128 value, out int places)
    {
        value = 0;
        places = 0;
        Span<byte> folded = stackalloc byte[96];
        if (!CellText.TryFold(text, folded, out var length))
        {
            return Cell.NotNumber;
        }

        var left = folded[..length];
        var negative = Take(ref left, (byte)'-');
        if (!negative)
        {
            Take(ref left, (byte)'+');
        }

        if (Take(ref left, CellText.Yuan) && !negative)
        {
            negative = Take(ref left, (byte)'-');
        }

        var cell = Digits(ref left, out value, out places);
        if (cell != Cell.Good || !TryExponent(ref left, ref places))
        {
            return cell == Cell.Good ? Cell.NotNumber : cell;
        }

        if (Take(ref left, CellText.TenThousand))
        {
            places -= 4;
        }
        else if (Take(ref left, CellText.HundredMillion))
        {
            places -= 8;
        }

        Take(ref left, CellText.Yuan);
        value = negative ? -value : value;
        return left.IsEmpty ? WithoutNegativePlaces(ref value, ref places) : Cell.NotNumber;
    }

    private static Cell Digits(ref Span<byte> left, out Int128 value, out int places)
    {
        value = 0;
        places = 0;
        int digits = 0, group = -1, i = 0;
        var point = false;
        for (; i < left.Length; i++)
        {
            var digit = (uint)(left[i] - '0');
            if (digit <= 9)
            {
                if (value >= Power(37))
                {
                    return Cell.TooLarge;
                }

                value = (value * 10) + digit;
                digits++;
                places += point ? 1 : 0;
                group += !point && group >= 0 ? 1 : 0;
            }
            else if (left[i] == ',' && !point && (group < 0 ? digits is > 0 and <= 3 : group == 3))
            {
                group = 0;
            }
            else if (left[i] == '.' && !point && group is -1 or 3)
            {
                point = true;
            }
            else
            {
                break;
            }
        }

        left = left[i..];
        return digits > 0 && group is -1 or 3 ? Cell.Good : Cell.NotNumber;
    }

    private static bool TryExponent(ref Span<byte> left, ref int places)
    {
        if (left.IsEmpty || (left[0] | 0x20) != 'e')
        {
            return true;
        }

        if (!Utf8Parser.TryParse(left[1..], out int exponent, out var used) || Math.Abs(exponent) > 60)
        {
            return false;
        }

        places -= exponent;
        left = left[(1 + used)..];
        return true;
    }

    private static Cell WithoutNegativePlaces(ref Int128 value, ref int places)
    {
        for (; places < 0; places++)
        {
            if (Int128.Abs(value) >= Power(37))
            {
                return Cell.TooLarge;
            }

            value *= 10;
        }

        return Cell.Good;
    }

    private static bool Take(ref Span<byte> left, byte symbol)
    {
        if (left.IsEmpty || left[0] != symbol)
        {
            return false;
        }

        left = left[1..];
        return true;
    }

    private static readonly Int128[] Powers = [.. Enumerable.Range(0, 39).Select(n => Int128.Parse("1" + new string('0', n)))];

    private static Int128 Power(int n) => Powers[n];
}
