// The number formats of a workbook's cell styles: which numbers are dates, and which are codes that a format fills with zeros.
namespace Lizhou.Tabular.Spreadsheets;

internal sealed class CellFormats
{
    private const int Plain = 0;
    private const int Date = -1;

    // Per style: Plain, Date, or the number of digits a whole number is filled up to.
    private readonly List<int> styles = [];

    /// <summary>Adds the next style, by its format's number and code.</summary>
    public void Add(int id, string? code) => styles.Add(Kind(id, code));

    public string Text(double value, int style, bool since1904)
    {
        var kind = style >= 0 && style < styles.Count ? styles[style] : Plain;
        return kind switch
        {
            Date => CellText.Serial(value, since1904) ?? CellText.Number(value),
            > 1 when value >= 0 && value == Math.Truncate(value) => CellText.Number(value).PadLeft(kind, '0'),
            _ => CellText.Number(value),
        };
    }

    private static int Kind(int id, string? code)
    {
        if (id is (>= 14 and <= 22) or (>= 27 and <= 36) or (>= 45 and <= 47) or (>= 50 and <= 58))
        {
            return Date;
        }

        if (code is null)
        {
            return Plain;
        }

        return code.Length > 1 && code.All(c => c == '0') ? code.Length : IsDate(code) ? Date : Plain;
    }

    /// <summary>Whether a number format has day, month, year or time letters outside quotes, brackets and escapes.</summary>
    internal static bool IsDate(string format)
    {
        var quoted = false;
        for (var i = 0; i < format.Length; i++)
        {
            var c = char.ToLowerInvariant(format[i]);
            switch (c)
            {
                case '"':
                    quoted = !quoted;
                    break;
                case '\\' or '_' or '*':
                    i++;
                    break;
                case '[' when !quoted:
                    var close = format.IndexOf(']', i);
                    if (close > i + 1 && format[(i + 1)..close].All(l => l is 'h' or 'm' or 's' or 'H' or 'M' or 'S'))
                    {
                        return true;
                    }

                    i = close < 0 ? i : close;
                    break;
                case 'y' or 'm' or 'd' or 'h' or 's' when !quoted:
                    return true;
                case ';' when !quoted:
                    return false;
            }
        }

        return false;
    }
}
