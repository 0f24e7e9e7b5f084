// Time is UTC in storage and Asia/Shanghai at the edge.
using System.Globalization;

namespace Lizhou.Kernel;

public static class Clock
{
    /// <summary>The city's time zone; built by hand (+08:00, no summer time) where the machine has no zone data.</summary>
    public static readonly TimeZoneInfo City = TimeZoneInfo.TryFindSystemTimeZoneById("Asia/Shanghai", out var zone)
        ? zone
        : TimeZoneInfo.CreateCustomTimeZone("Asia/Shanghai", TimeSpan.FromHours(8), "Asia/Shanghai", "Asia/Shanghai");

    private const string Stored = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>The moment in the city's time.</summary>
    public static DateTimeOffset InCity(this DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, City);

    /// <summary>As shown on a page: <c>2026-11-24 15:30</c>, city time.</summary>
    public static string Shown(this DateTimeOffset moment) => moment.InCity().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Today's date in the city.</summary>
    public static DateOnly Today(this TimeProvider clock) => DateOnly.FromDateTime(clock.GetUtcNow().InCity().DateTime);

    /// <summary>As stored: UTC, ISO 8601, of fixed width so that text order is time order.</summary>
    public static string ToStored(this DateTimeOffset moment) => moment.UtcDateTime.ToString(Stored, CultureInfo.InvariantCulture);

    public static DateTimeOffset FromStored(string stored) =>
        DateTimeOffset.ParseExact(stored, Stored, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
