// A cell of a table as people read it: moments in the city's time, days and numbers in one form whatever the language.
using System.Globalization;
using Lizhou.Kernel;

namespace Lizhou.Ui;

public static class Cells
{
    private static readonly Text Yes = new("是", "Yes");
    private static readonly Text No = new("否", "No");

    /// <summary>Empty for null. A moment without a zone is one of UTC, as the lake keeps it.</summary>
    public static string Shown(object? value) => value switch
    {
        null => "",
        DateTimeOffset moment => moment.Shown(),
        DateTime moment => new DateTimeOffset(moment, TimeSpan.Zero).Shown(),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        bool yes => (yes ? Yes : No).ToString(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
