// Dates and times in the styles that offices write, told by their form and checked against the calendar.
using System.Globalization;

namespace Lizhou.Tabular.Types;

internal static class DateKind
{
    private static readonly CellKind Text = CellKind.Text;

    /// <summary>Date, Time or DateTime with its format (in .NET letters), or Text. Day-first and month-first look alike up to the 12th: such a value answers <c>d/M/yyyy</c>, and the column and its table decide.</summary>
    public static CellKind Of(ReadOnlySpan<char> text)
    {
        if (!char.IsAsciiDigit(text[0]) || text.Length < 4)
        {
            return Text;
        }

        var date = DatePart(text, out var used);
        if (date is null)
        {
            return TimePart(text) is { } alone ? new(ColumnType.Time, alone) : Text;
        }

        if (used == text.Length)
        {
            return new(date.Contains('H') ? ColumnType.DateTime : ColumnType.Date, date);
        }

        var rest = text[used..];
        var blank = rest[0] is 'T' or ' ';
        if (!blank && date[^1] != '日')
        {
            return Text;
        }

        var time = TimePart(blank ? rest[1..].TrimStart() : rest);
        return time is null ? Text : new(ColumnType.DateTime, date + (blank ? rest[0] == 'T' ? "'T'" : " " : "") + time);
    }

    private static string? DatePart(ReadOnlySpan<char> text, out int used)
    {
        used = 0;
        var first = Run(text, 0);
        if (first == 8 && text.Length == 8)
        {
            used = 8;
            return Valid(Value(text[..4]), Value(text[4..6]), Value(text[6..8])) ? "yyyyMMdd" : null;
        }

        if (first == 8 && text.Length == 15 && text[8] == 'T' && Run(text, 9) == 6)
        {
            used = 15;
            return Valid(Value(text[..4]), Value(text[4..6]), Value(text[6..8])) ? "yyyyMMdd'T'HHmmss" : null;
        }

        if (first >= text.Length || first is not (1 or 2 or 4))
        {
            return null;
        }

        var mark = text[first];
        return first == 4 ? YearFirst(text, mark, out used) : DayFirst(text, first, mark, out used);
    }

    private static string? YearFirst(ReadOnlySpan<char> text, char mark, out int used)
    {
        used = 0;
        if (mark is not ('-' or '/' or '.' or '年'))
        {
            return null;
        }

        var month = Run(text, 5);
        if (month is not (1 or 2))
        {
            return null;
        }

        var after = 5 + month;
        var second = mark == '年' ? '月' : mark;
        var year = Value(text[..4]);
        if (after >= text.Length || text[after] != second)
        {
            var only = Valid(year, Value(text[5..after]), 1) && after == text.Length && mark is '-' or '/' && month == 2 && year is > 1900 and < 2100;
            used = after;
            return only ? $"yyyy{mark}MM" : null;
        }

        var day = Run(text, after + 1);
        if (day == 0 && mark == '年')
        {
            used = after + 1;
            return used == text.Length && Valid(year, Value(text[5..after]), 1) ? "yyyy年M月" : null;
        }

        used = after + 1 + day;
        if (day is not (1 or 2) || !Valid(year, Value(text[5..after]), Value(text[(after + 1)..used])))
        {
            return null;
        }

        if (mark == '年')
        {
            if (used >= text.Length || text[used] != '日')
            {
                return null;
            }

            used++;
            return "yyyy年M月d日";
        }

        return mark == '-' && month == 2 && day == 2 ? "yyyy-MM-dd" : $"yyyy{mark}M{mark}d";
    }

    private static string? DayFirst(ReadOnlySpan<char> text, int first, char mark, out int used)
    {
        used = 0;
        var second = Run(text, first + 1);
        var name = mark is '-' or ' ' or '/' && second == 0 && text.Length >= first + 4 ? Month(text.Slice(first + 1, 3)) : 0;
        if (name > 0 && text.Length > first + 4 && text[first + 4] == mark)
        {
            var digits = Run(text, first + 5);
            used = first + 5 + digits;
            return digits is 2 or 4 && Value(text[..first]) is >= 1 and <= 31 ? $"d{mark}MMM{mark}{(digits == 4 ? "yyyy" : "yy")}" : null;
        }

        if (mark is not ('.' or '/' or '-') || second is not (1 or 2) || first + 1 + second >= text.Length || text[first + 1 + second] != mark)
        {
            return null;
        }

        var year = Run(text, first + second + 2);
        used = first + second + 2 + year;
        if (year is not (2 or 4))
        {
            return null;
        }

        int a = Value(text[..first]), b = Value(text.Slice(first + 1, second)), y = Value(text[(first + second + 2)..used]);
        var letters = year == 4 ? "yyyy" : "yy";
        y = year == 4 ? y : 2000 + y;
        return Valid(y, b, a) ? $"d{mark}M{mark}{letters}" : Valid(y, a, b) ? $"M{mark}d{mark}{letters}" : null;
    }

    private static string? TimePart(ReadOnlySpan<char> text)
    {
        var hour = Run(text, 0);
        if (hour is not (1 or 2) || hour >= text.Length || text[hour] is not (':' or '时' or '点') || Value(text[..hour]) > 24)
        {
            return null;
        }

        if (text[hour] != ':')
        {
            return text[^1] == '分' && Run(text, hour + 1) == text.Length - hour - 2 ? $"H{text[hour]}m分" : text.Length == hour + 1 ? $"H{text[hour]}" : null;
        }

        if (Run(text, hour + 1) != 2 || Value(text.Slice(hour + 1, 2)) > 59)
        {
            return null;
        }

        var at = hour + 3;
        var format = "HH:mm";
        if (at < text.Length && text[at] == ':' && Run(text, at + 1) == 2)
        {
            format += ":ss";
            at += 3;
            if (at < text.Length && text[at] is '.' or ',' && Run(text, at + 1) is > 0 and < 10 and var fraction)
            {
                format += ".FFFFFFF";
                at += 1 + fraction;
            }
        }

        var rest = text[at..].Trim();
        if (rest.IsEmpty)
        {
            return format;
        }

        if (rest is "Z" || (rest[0] is '+' or '-' && rest.Length is 5 or 6))
        {
            return format + "K";
        }

        return rest.Equals("AM", StringComparison.OrdinalIgnoreCase) || rest.Equals("PM", StringComparison.OrdinalIgnoreCase) ? format.Replace("HH", "h", StringComparison.Ordinal) + " tt" : null;
    }

    private static int Month(ReadOnlySpan<char> name)
    {
        var at = "janfebmaraprmayjunjulaugsepoctnovdec".AsSpan().IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return at % 3 == 0 ? (at / 3) + 1 : 0;
    }

    private static int Run(ReadOnlySpan<char> text, int from)
    {
        var at = from;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at - from;
    }

    private static int Value(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static bool Valid(int year, int month, int day) =>
        year is >= 1000 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
}
