// One value in, what it looks like out: the narrowest type and, for dates and times, how it is written.
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Lizhou.Tabular.Types;

/// <param name="Format">How a date or time is written; for money and percentages the unit; <c>#</c> for digits in groups; else null.</param>
internal readonly record struct CellKind(ColumnType Type, string? Format = null)
{
    public static readonly CellKind Text = new(ColumnType.Text);

    public static CellKind Of(string value)
    {
        var text = value.AsSpan().Trim();
        if (text.IsEmpty || text.Length > 40)
        {
            return Text;
        }

        var first = text[0];
        if (char.IsAsciiDigit(first) || first is '-' or '+' or '.' or '$' or '¥' or '￥' or '€' or '£' or '(')
        {
            return Digits(text);
        }

        return Truth(text) ? new(ColumnType.Boolean) : Uscc(text) ? new(ColumnType.Uscc) : MonthFirst(text);
    }

    private static bool Truth(ReadOnlySpan<char> text) => text.Length <= 5 && (text is "是" or "否" or "有" or "无"
        || text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("false", StringComparison.OrdinalIgnoreCase)
        || text.Equals("yes", StringComparison.OrdinalIgnoreCase) || text.Equals("no", StringComparison.OrdinalIgnoreCase)
        || text.Equals("y", StringComparison.OrdinalIgnoreCase) || text.Equals("n", StringComparison.OrdinalIgnoreCase));

    private static CellKind Digits(ReadOnlySpan<char> text)
    {
        if (IdNumber(text))
        {
            return new(ColumnType.IdNumber);
        }

        if (Phone(text))
        {
            return new(ColumnType.Phone);
        }

        var date = DateKind.Of(text);
        if (date.Type != ColumnType.Text)
        {
            return date;
        }

        return Uscc(text) ? new(ColumnType.Uscc) : Number(text);
    }

    private static CellKind Number(ReadOnlySpan<char> text)
    {
        string? unit = null;
        if (text[0] is '$' or '¥' or '￥' or '€' or '£')
        {
            unit = text[0].ToString();
            text = text[1..].TrimStart();
        }
        else if (text[^1] is '元' or '%' or '％')
        {
            var length = text.EndsWith("万元") || text.EndsWith("亿元") ? 2 : 1;
            unit = text[^length..].ToString();
            text = text[..^length].TrimEnd();
        }

        if (text.IsEmpty || !Plain(text, out var whole, out var grouped))
        {
            return Text;
        }

        if (unit is "%" or "％")
        {
            return new(ColumnType.Decimal, "%");
        }

        return unit is not null ? new(ColumnType.Money, unit)
            : new(whole ? ColumnType.Integer : ColumnType.Decimal, grouped ? "#" : null);
    }

    /// <summary>Digits, perhaps with a sign, groups, a point or an exponent. Leading zeros make a code, not a number.</summary>
    private static bool Plain(ReadOnlySpan<char> text, out bool whole, out bool grouped)
    {
        grouped = false;
        whole = true;
        var at = text[0] is '-' or '+' ? 1 : 0;
        var start = at;
        var group = -1;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || (text[at] == ',' && at > start)))
        {
            if (text[at] == ',')
            {
                if ((group < 0 && at - start > 3) || (group >= 0 && at - group != 4))
                {
                    return false;
                }

                group = at;
                grouped = true;
            }

            at++;
        }

        var digits = at - start;
        if ((group >= 0 && at - group != 4) || digits > 18 || (digits > 1 && text[start] == '0'))
        {
            return false;
        }

        if (at < text.Length && text[at] == '.')
        {
            whole = false;
            var fraction = at + 1;
            at = fraction;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            if (at == fraction && digits == 0)
            {
                return false;
            }

            digits += at - fraction;
        }

        if (digits > 0 && at < text.Length && text[at] is 'e' or 'E')
        {
            whole = false;
            return int.TryParse(text[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power) && power is > -300 and < 300;
        }

        return digits > 0 && at == text.Length;
    }

    /// <summary>A valid identity number of somebody who may be alive or in old books: born after 1850 and before 2100.</summary>
    private static bool IdNumber(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[18];
        return text.Length == 18 && Ascii.FromUtf16(text, bytes, out _) == OperationStatus.Done && Identifiers.IsIdNumber(bytes)
            && text[6..10].CompareTo("1850", StringComparison.Ordinal) > 0 && text[6..10].CompareTo("2100", StringComparison.Ordinal) < 0;
    }

    /// <summary>Form of a unified social credit code (GB 32100), without its check character: that is a rule's business.</summary>
    private static bool Uscc(ReadOnlySpan<char> text)
    {
        if (text.Length != 18 || !(text[0] is '1' or '5' or '9' or 'Y' or 'A' or 'N'))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c) && !(char.IsAsciiLetterUpper(c) && c is not ('I' or 'O' or 'Z' or 'S' or 'V')))
            {
                return false;
            }
        }

        return !text[2..8].ContainsAnyExceptInRange('0', '9');
    }

    private static bool Phone(ReadOnlySpan<char> text)
    {
        if (text.Length == 11 && text[0] == '1' && text[1] is >= '3' and <= '9' && !text.ContainsAnyExceptInRange('0', '9'))
        {
            return true;
        }

        var dash = text.IndexOf('-');
        return dash is 3 or 4 && text[0] == '0' && text.Length - dash - 1 is 7 or 8
            && !text[..dash].ContainsAnyExceptInRange('0', '9') && !text[(dash + 1)..].ContainsAnyExceptInRange('0', '9');
    }

    private static readonly string[] Western = ["MMM d, yyyy", "MMMM d, yyyy", "MMM yyyy", "MMM-yy", "ddd MMM d yyyy", "ddd, d MMM yyyy"];

    private static CellKind MonthFirst(ReadOnlySpan<char> text)
    {
        if (text.Length is < 5 or > 24 || !char.IsAsciiLetter(text[0]) || !char.IsAsciiDigit(text[^1]))
        {
            return Text;
        }

        foreach (var format in Western)
        {
            if (DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out _))
            {
                return new(ColumnType.Date, format);
            }
        }

        return Text;
    }
}
