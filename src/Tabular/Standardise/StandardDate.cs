// Days as people and spreadsheets write them, to yyyy-MM-dd. What could be two days, or is none, stays.
using System.Globalization;
using Lizhou.Tabular.Types;

namespace Lizhou.Tabular;

internal static class StandardDate
{
    private const int FirstSerial = 18_264; // 1950-01-01
    private const int LastSerial = 73_050; // 2099-12-31
    private const string Numerals = "〇一二三四五六七八九";

    private static readonly Text Read = new("日期写作 年-月-日", "the day written year-month-day");

    /// <param name="first">What comes first where the year is last: <c>day</c> or <c>month</c>; else empty.</param>
    public static Standardised Of(string value, string first)
    {
        var text = Chinese(StandardText.Trim(StandardText.Fold(value)).Replace('－', '-'));
        var whole = text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text;
        if (whole.Length == 5 && int.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out var serial) && serial is >= FirstSerial and <= LastSerial)
        {
            return new(Day(new DateTime(1899, 12, 30).AddDays(serial)), true, new Text("电子表格日期序号 {0}", "serial day {0} of a spreadsheet").With(serial));
        }

        var kind = text.Length == 0 ? CellKind.Text : DateKind.Of(text);
        if (kind.Type is not (ColumnType.Date or ColumnType.DateTime) || kind.Format is not { } format || !format.Contains('d', StringComparison.Ordinal))
        {
            return Standardised.Left(value, new("看不出是哪一天", "no day to be read"));
        }

        if (!format.StartsWith("yyyy", StringComparison.Ordinal))
        {
            return YearLast(value, text, first);
        }

        return !DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out var moment) ? Standardised.Left(value, new("看不出是哪一天", "no day to be read"))
            : moment.TimeOfDay != TimeSpan.Zero ? Standardised.Left(value, new("含有钟点，去掉会丢内容", "it has a time of day, which would be lost"))
            : StandardText.Done(value, Day(moment), Read);
    }

    private static Standardised YearLast(string value, string text, string first)
    {
        var parts = text.Split('/', '-', '.');
        if (parts.Length != 3 || parts[2].Length != 4 || !parts.All(p => p.All(char.IsAsciiDigit) && p.Length is 1 or 2 or 4))
        {
            return Standardised.Left(value, new("看不出是哪一天", "no day to be read"));
        }

        var numbers = parts.Select(p => int.Parse(p, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray();
        string? As(int day, int month) => month is >= 1 and <= 12 && numbers[2] >= 1000 && day >= 1 && day <= DateTime.DaysInMonth(numbers[2], month) ? Day(new(numbers[2], month, day)) : null;
        var (days, months) = (As(numbers[0], numbers[1]), As(numbers[1], numbers[0]));
        var one = first == "day" ? days : first == "month" ? months : days is null || months is null || days == months ? days ?? months : null;
        return one is null ? Standardised.Left(value, new("日和月哪个在前不明", "whether day or month comes first is not known")) : new(one, true, Read);
    }

    /// <summary>二〇二一年三月五日 with digits; every other text as it was.</summary>
    private static string Chinese(string text)
    {
        var (year, month) = (text.IndexOf('年', StringComparison.Ordinal), text.IndexOf('月', StringComparison.Ordinal));
        if (year != 4 || month < 0 || !text.EndsWith('日') || text[..4].Any(c => Digit(c) < 0) || Small(text[(year + 1)..month]) is not { } m || Small(text[(month + 1)..^1]) is not { } d)
        {
            return text;
        }

        return $"{string.Concat(text[..4].Select(Digit))}年{m}月{d}日";
    }

    private static int Digit(char c) => c is '零' or '○' ? 0 : Numerals.IndexOf(c, StringComparison.Ordinal);

    /// <summary>一 to 三十一.</summary>
    private static int? Small(string text)
    {
        var ten = text.IndexOf('十', StringComparison.Ordinal);
        var (tens, ones) = ten < 0 ? ("", text) : (text[..ten], text[(ten + 1)..]);
        if (tens.Length > 1 || ones.Length > 1 || (ones.Length == 0 && ten < 0) || tens.Concat(ones).Any(c => Digit(c) < 1))
        {
            return null;
        }

        return ((ten < 0 ? 0 : tens.Length == 0 ? 1 : Digit(tens[0])) * 10) + (ones.Length == 0 ? 0 : Digit(ones[0]));
    }

    private static string Day(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
