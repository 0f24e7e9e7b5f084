// The text of spreadsheet values: numbers without the noise of binary fractions, dates as ISO 8601.
using System.Globalization;

namespace Lizhou.Tabular.Spreadsheets;

internal static class CellText
{
    public static string Number(double value)
    {
        if (value == Math.Truncate(value) && Math.Abs(value) < 1e18)
        {
            return ((long)value).ToString(CultureInfo.InvariantCulture);
        }

        // Fifteen digits are what a spreadsheet shows and keeps; the sixteenth is noise.
        var shown = double.Parse(value.ToString("G15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return Math.Abs(shown) is < 1e28 and > 1e-20
            ? ((decimal)shown).ToString(CultureInfo.InvariantCulture)
            : shown.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>Days since the workbook's epoch as a date, a time or both; null when no calendar has such a day.</summary>
    public static string? Serial(double days, bool since1904)
    {
        if (days is < 0 or > 2_958_466)
        {
            return null;
        }

        if (days < 1 && !since1904)
        {
            return Seconds(days).ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture);
        }

        // Excel counts a 29 February 1900 that never was.
        var epoch = since1904 ? new DateTime(1904, 1, 1, 0, 0, 0, DateTimeKind.Unspecified) : new DateTime(1899, 12, days < 60 ? 31 : 30, 0, 0, 0, DateTimeKind.Unspecified);
        return Moment(epoch.AddDays(Math.Floor(days)) + Seconds(days - Math.Floor(days)));
    }

    public static string Moment(DateTime moment) => moment.TimeOfDay == TimeSpan.Zero
        ? moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static TimeSpan Seconds(double fraction) => TimeSpan.FromSeconds(Math.Round(fraction * 86_400));
}
