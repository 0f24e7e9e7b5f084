// Dates in digits with the year last: the day first or the month first? In: the columns of a table, and what the caller says. Out: the same columns with their order,
// where a value with a part beyond 12 shows it, in this column or another of the table, or where it was said. What nothing shows stays open and is said to be.
namespace Lizhou.Tabular;

/// <summary>Reads the order of day and month from a column's format; <c>d/M/yyyy|M/d/yyyy</c> is open.</summary>
public static class DateOrder
{
    private const int Length = 8; // d/M/yyyy

    /// <summary>True for day first, false for month first; null when the format has no such order, or it is open.</summary>
    public static bool? DayFirst(string? format) => format switch
    {
        null => null,
        _ when IsOpen(format) => null,
        ['d', '/' or '-' or '.', 'M', '/' or '-' or '.', 'y', 'y', 'y', 'y', ..] => true,
        ['M', '/' or '-' or '.', 'd', '/' or '-' or '.', 'y', 'y', 'y', 'y', ..] => false,
        _ => null,
    };

    /// <summary>Whether the order could be either.</summary>
    public static bool IsOpen(string? format) => format is { Length: > (2 * Length) } && format[Length] == '|';

    /// <summary>A format with an order, in this one.</summary>
    public static string As(string format, bool dayFirst)
    {
        var one = IsOpen(format) ? format[(Length + 1)..] : format;
        return $"{(dayFirst ? 'd' : 'M')}{one[1]}{(dayFirst ? 'M' : 'd')}{one[3..]}";
    }

    internal static string Open(string format) => $"{As(format, dayFirst: true)[..Length]}|{As(format, dayFirst: false)}";

    internal static TableInspection Settle(TableInspection table, bool? told)
    {
        var sure = table.Shape.Columns.Where(c => DayFirst(c.Format) is not null).ToList();
        var open = table.Shape.Columns.Where(c => IsOpen(c.Format)).Select(c => c.Name).ToList();
        if (sure.Count + open.Count == 0)
        {
            return table;
        }

        var shown = sure.Select(c => DayFirst(c.Format)).Distinct().ToList();
        var order = told ?? (shown.Count == 1 ? shown[0] : null);
        var why = told is not null ? Guess.Told
            : order is { } day ? Why(day).With(sure[0].Name)
            : open.Count > 0 ? new Text("列“{0}”的日期分不清先日后月还是先月后日。", "Whether the day or the month comes first in the dates of “{0}” cannot be told.").With(string.Join("、", open.Take(5)))
            : (Text?)null;
        var columns = table.Shape.Columns.Select(c => order is { } by && (IsOpen(c.Format) || DayFirst(c.Format) is not null) ? c with { Format = As(c.Format!, by) } : c);
        return table with
        {
            Shape = table.Shape with { Columns = [.. columns] },
            Guesses = why is { } text ? [.. table.Guesses, new("dates", order is null ? 0.5 : 1, text)] : table.Guesses,
        };
    }

    private static Text Why(bool dayFirst) => dayFirst
        ? new("日期先日后月：列“{0}”里第一个数有大于 12 的。", "Dates have the day first: “{0}” holds first numbers beyond 12.")
        : new("日期先月后日：列“{0}”里第二个数有大于 12 的。", "Dates have the month first: “{0}” holds second numbers beyond 12.");
}
