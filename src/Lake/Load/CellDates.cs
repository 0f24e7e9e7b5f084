// Reads days and moments as departments write them. In: trimmed UTF-8. Out: days or microseconds since 1970, or a fault.
using System.Buffers.Text;

namespace Lizhou.Lake;

internal static class CellDates
{
    private const long MicrosPerDay = 86_400_000_000;
    private static readonly int Epoch = new DateOnly(1970, 1, 1).DayNumber;
    private static readonly int Zero1900 = new DateOnly(1899, 12, 31).DayNumber - Epoch;
    private static readonly int Zero1904 = new DateOnly(1904, 1, 1).DayNumber - Epoch;

    private static ReadOnlySpan<short> BeforeMonth => [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

    private static ReadOnlySpan<short> BeforeMonthLeap => [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366];

    /// <summary>Days since 1970-01-01. A time of day is refused unless it is midnight.</summary>
    public static Cell Day(ReadOnlySpan<byte> text, DateStyles styles, out int days)
    {
        if (text.Length == 10 && TryIsoDay(text, out days))
        {
            return Cell.Good;
        }

        days = 0;
        if (!TryMoment(text, styles, out var micros) || micros % MicrosPerDay != 0)
        {
            return Cell.NotDate;
        }

        days = (int)(micros / MicrosPerDay);
        return Cell.Good;
    }

    /// <summary>Microseconds since 1970-01-01 00:00 in the city's time.</summary>
    public static Cell Moment(ReadOnlySpan<byte> text, DateStyles styles, out long micros)
    {
        if (text.Length == 19 && text[10] is (byte)' ' or (byte)'T' && TryIsoDay(text[..10], out var days) && TryIsoClock(text[11..], out var time))
        {
            micros = (days * MicrosPerDay) + time;
            return Cell.Good;
        }

        return TryMoment(text, styles, out micros) ? Cell.Good : Cell.NotDateTime;
    }

    private static bool TryMoment(ReadOnlySpan<byte> text, DateStyles styles, out long micros)
    {
        micros = 0;
        Span<byte> folded = stackalloc byte[64];
        if (!CellText.TryFold(text, folded, out var length))
        {
            return false;
        }

        ReadOnlySpan<byte> left = folded[..length];
        if (TrySerial(left, styles, out micros))
        {
            return true;
        }

        if (!TryDay(ref left, styles, out var days))
        {
            return false;
        }

        long time = 0, shift = 0;
        if (!left.IsEmpty)
        {
            left = left[0] is (byte)' ' or (byte)'T' ? left[1..].TrimStart((byte)' ') : left;
            if (!TryOffset(ref left, out shift) || !TryClock(left, out time))
            {
                return false;
            }
        }

        micros = (days * MicrosPerDay) + time + shift;
        return true;
    }

    /// <summary>Takes a day off the front.</summary>
    private static bool TryDay(ref ReadOnlySpan<byte> left, DateStyles styles, out int days)
    {
        days = 0;
        var digits = Leading(left);
        if (digits is 8 or 14 && (left.Length == digits || left[digits] is (byte)' ' or (byte)'T' or (byte)'+' or (byte)'Z'))
        {
            int date = Number(left[..8]);
            left = left[8..];
            return TryDays(date / 10000, date / 100 % 100, date % 100, out days);
        }

        if (!TryPart(ref left, out var first, out var width) || !TrySeparator(ref left, out var mark) || !TryPart(ref left, out var second, out _)
            || !TrySeparator(ref left, out var again) || again != mark || !TryPart(ref left, out var third, out var lastWidth))
        {
            return false;
        }

        if (width == 4)
        {
            return lastWidth <= 2 && TryDays(first, second, third, out days);
        }

        return lastWidth == 4 && width <= 2
            && ((styles.HasFlag(DateStyles.DayFirst) && TryDays(third, second, first, out days))
                || (styles.HasFlag(DateStyles.MonthFirst) && TryDays(third, first, second, out days)));
    }

    private static bool TryClock(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        var half = HalfOfDay(ref text);
        if (half < 0 && text.Length is 6 or 4 && Leading(text) == text.Length)
        {
            var number = Number(text) * (text.Length == 4 ? 100 : 1);
            return TryTime(number / 10000, number / 100 % 100, number % 100, out micros);
        }

        if (!TryPart(ref text, out var hour, out var width) || width > 2 || text is not [(byte)':', ..] || (half >= 0 && hour is < 1 or > 12))
        {
            return false;
        }

        hour = half >= 0 ? (hour % 12) + half : hour;

        text = text[1..];
        if (!TryPart(ref text, out var minute, out width) || width > 2)
        {
            return false;
        }

        var second = 0;
        if (text is [(byte)':', ..])
        {
            text = text[1..];
            if (!TryPart(ref text, out second, out width) || width > 2)
            {
                return false;
            }
        }

        return TryFraction(text, out var fraction) && TryTime(hour, minute, second, out micros) && (micros += fraction) >= 0;
    }

    /// <summary>Takes AM or PM off the end.</summary>
    /// <returns>The hour at which that half of the day begins; −1 for a clock of 24 hours.</returns>
    private static int HalfOfDay(ref ReadOnlySpan<byte> text)
    {
        if (text.Length < 3 || (text[^1] | 0x20) != 'm' || (text[^2] | 0x20) is not ('a' or 'p'))
        {
            return -1;
        }

        var half = (text[^2] | 0x20) == 'p' ? 12 : 0;
        text = text[..^2].TrimEnd((byte)' ');
        return half;
    }

    private static bool TryFraction(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] is not ((byte)'.' or (byte)',') || text.Length is < 2 or > 10 || Leading(text[1..]) != text.Length - 1)
        {
            return false;
        }

        for (var i = 1; i <= 6; i++)
        {
            micros = (micros * 10) + (i < text.Length ? text[i] - '0' : 0);
        }

        return true;
    }

    /// <summary>Takes <c>Z</c>, <c>+08</c>, <c>+0800</c> or <c>+08:00</c> off the end and says by how much the city's time is ahead of it.</summary>
    private static bool TryOffset(ref ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text is [.., (byte)'Z'])
        {
            text = text[..^1];
            micros = 8 * 3_600_000_000L;
            return true;
        }

        var at = text.LastIndexOfAny((byte)'+', (byte)'-');
        if (at < 0)
        {
            return true;
        }

        var offset = text[(at + 1)..];
        var minutes = offset.Length switch
        {
            2 when Leading(offset) == 2 => Number(offset) * 60,
            4 when Leading(offset) == 4 => (Number(offset[..2]) * 60) + Number(offset[2..]),
            5 when offset[2] == ':' && Leading(offset) == 2 && Leading(offset[3..]) == 2 => (Number(offset[..2]) * 60) + Number(offset[3..]),
            _ => -1,
        };
        micros = ((8 * 60) - (text[at] == '-' ? -minutes : minutes)) * 60_000_000L;
        text = text[..at].TrimEnd((byte)' ');
        return minutes is >= 0 and <= 14 * 60;
    }

    /// <summary>A spreadsheet's day number with its fraction of a day, rounded to the second as it shows it.</summary>
    private static bool TrySerial(ReadOnlySpan<byte> text, DateStyles styles, out long micros)
    {
        micros = 0;
        if ((!styles.HasFlag(DateStyles.Serial1900) && !styles.HasFlag(DateStyles.Serial1904)) || Leading(text) is 0 or > 7
            || !Utf8Parser.TryParse(text, out double serial, out var used) || used != text.Length || serial >= 2_958_466)
        {
            return false;
        }

        var whole = (int)serial;
        var seconds = (long)Math.Round((serial - whole) * 86_400);
        var days = styles.HasFlag(DateStyles.Serial1904)
            ? Zero1904 + whole
            : Zero1900 + (whole > 60 ? whole - 1 : whole); // the spreadsheet believes in 29 February 1900, its day 60
        micros = (days * MicrosPerDay) + (seconds * 1_000_000);
        return whole != 60 || styles.HasFlag(DateStyles.Serial1904);
    }

    /// <summary>yyyy-MM-dd, the style of nearly every date: without a loop or a call.</summary>
    private static bool TryIsoDay(ReadOnlySpan<byte> text, out int days)
    {
        days = 0;
        uint y0 = Digit(text[0]), y1 = Digit(text[1]), y2 = Digit(text[2]), y3 = Digit(text[3]), m0 = Digit(text[5]), m1 = Digit(text[6]), d0 = Digit(text[8]), d1 = Digit(text[9]);
        return Math.Max(Math.Max(Math.Max(y0, y1), Math.Max(y2, y3)), Math.Max(Math.Max(m0, m1), Math.Max(d0, d1))) <= 9
            && text[4] == '-' && text[7] == '-'
            && TryDays((int)((y0 * 1000) + (y1 * 100) + (y2 * 10) + y3), (int)((m0 * 10) + m1), (int)((d0 * 10) + d1), out days);
    }

    /// <summary>HH:mm:ss.</summary>
    private static bool TryIsoClock(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        uint h0 = Digit(text[0]), h1 = Digit(text[1]), m0 = Digit(text[3]), m1 = Digit(text[4]), s0 = Digit(text[6]), s1 = Digit(text[7]);
        return Math.Max(Math.Max(Math.Max(h0, h1), Math.Max(m0, m1)), Math.Max(s0, s1)) <= 9 && text[2] == ':' && text[5] == ':'
            && TryTime((int)((h0 * 10) + h1), (int)((m0 * 10) + m1), (int)((s0 * 10) + s1), out micros);
    }

    private static uint Digit(byte b) => (uint)(b - '0');

    private static bool TryDays(int year, int month, int day, out int days)
    {
        days = 0;
        if ((uint)(year - 1) > 9998 || (uint)(month - 1) > 11)
        {
            return false;
        }

        var before = DateTime.IsLeapYear(year) ? BeforeMonthLeap : BeforeMonth;
        if ((uint)(day - 1) >= (uint)(before[month] - before[month - 1]))
        {
            return false;
        }

        var past = year - 1;
        days = (past * 365) + (past / 4) - (past / 100) + (past / 400) + before[month - 1] + day - 1 - Epoch;
        return true;
    }

    private static bool TryTime(int hour, int minute, int second, out long micros)
    {
        micros = ((((hour * 60L) + minute) * 60) + second) * 1_000_000;
        return hour < 24 && minute < 60 && second < 60;
    }

    private static bool TryPart(ref ReadOnlySpan<byte> left, out int number, out int width)
    {
        width = Leading(left);
        number = width is > 0 and <= 4 ? Number(left[..width]) : 0;
        left = left[width..];
        return width is > 0 and <= 4;
    }

    private static bool TrySeparator(ref ReadOnlySpan<byte> left, out byte mark)
    {
        mark = left.IsEmpty ? (byte)0 : left[0];
        if (mark is not ((byte)'-' or (byte)'/' or (byte)'.'))
        {
            return false;
        }

        left = left[1..];
        return true;
    }

    private static int Leading(ReadOnlySpan<byte> text)
    {
        var n = 0;
        while (n < text.Length && (uint)(text[n] - '0') <= 9)
        {
            n++;
        }

        return n;
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var d in digits)
        {
            number = (number * 10) + d - '0';
        }

        return number;
    }
}
