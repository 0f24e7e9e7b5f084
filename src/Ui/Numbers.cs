// Numbers as people read them; the exact value stands beside, in a title.
using System.Globalization;
using Lizhou.Kernel;

namespace Lizhou.Ui;

public static class Numbers
{
    private static readonly Text Myriad = new("万", "k");
    private static readonly Text HundredMillion = new("亿", "M");
    private static readonly Text Hours = new("小时", "h");
    private static readonly Text Minutes = new("分", "min");
    private static readonly Text Seconds = new("秒", "s");
    private static readonly Text Milliseconds = new("毫秒", "ms");

    /// <summary>All digits, grouped by thousands: <c>6,836,326</c>.</summary>
    public static string Exact(decimal value) => value.ToString("#,##0.####", CultureInfo.InvariantCulture);

    /// <summary>One decimal of 万 or 亿 (thousand or million in English) from 100,000 on; all digits below.</summary>
    public static string Big(decimal value)
    {
        var english = CultureInfo.CurrentUICulture.Name.StartsWith("en", StringComparison.Ordinal);
        var size = Math.Abs(value);
        if (size < 100_000)
        {
            return Exact(value);
        }

        var (large, small) = english ? (1_000_000m, 1_000m) : (100_000_000m, 10_000m);
        return size >= large ? $"{Short(value / large)} {HundredMillion}" : $"{Short(value / small)} {Myriad}";
    }

    /// <summary>A size of data: <c>1.4 MB</c>, in powers of 1,024.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "KB", "MB", "GB", "TB"];
        var (value, unit) = ((decimal)bytes, 0);
        for (; value >= 1024 && unit < units.Length - 1; unit++)
        {
            value /= 1024;
        }

        return $"{(unit == 0 ? Exact(value) : Short(value))} {units[unit]}";
    }

    /// <summary>A length of time in its two largest units: <c>2 h 5 min</c>, <c>12.3 s</c>, <c>8.1 ms</c>.</summary>
    public static string Span(TimeSpan time) => time switch
    {
        { Ticks: 0 } => "0",
        { TotalSeconds: < 1 } => $"{Short((decimal)time.TotalMilliseconds)} {Milliseconds}",
        { TotalMinutes: < 1 } => $"{Short((decimal)time.TotalSeconds)} {Seconds}",
        { TotalHours: < 1 } => $"{time.Minutes} {Minutes}" + (time.Seconds == 0 ? "" : $" {time.Seconds} {Seconds}"),
        _ => $"{Exact((long)time.TotalHours)} {Hours}" + (time.Minutes == 0 ? "" : $" {time.Minutes} {Minutes}"),
    };

    private static string Short(decimal value) => Math.Round(value, 1, MidpointRounding.AwayFromZero).ToString("#,##0.0", CultureInfo.InvariantCulture);
}
