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

    /// <summary>The moment a day begins in the city; the first day of the calendar begins with time itself.</summary>
    public static DateTimeOffset Midnight(this DateOnly day) => day == DateOnly.MinValue ? DateTimeOffset.MinValue : At(day, TimeOnly.MinValue);

    /// <summary>The moment a day is over in the city; the last day of the calendar never is.</summary>
    public static DateTimeOffset EndOfDay(this DateOnly day) => day == DateOnly.MaxValue ? DateTimeOffset.MaxValue : day.AddDays(1).Midnight();

    /// <summary>A time of a day in the city.</summary>
    public static DateTimeOffset At(this DateOnly day, TimeOnly time) => new(day.ToDateTime(time), City.BaseUtcOffset);

    /// <summary>What is written as a moment; of the city where it names no zone. Null: it is none.</summary>
    public static DateTimeOffset? Read(string word) => DateTime.TryParse(word, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var moment)
        ? new(moment.Kind == DateTimeKind.Unspecified ? TimeZoneInfo.ConvertTimeToUtc(moment, City) : moment.ToUniversalTime()) : null;

    /// <summary>As stored: UTC, ISO 8601, of fixed width so that text order is time order.</summary>
    public static string ToStored(this DateTimeOffset moment) => moment.UtcDateTime.ToString(Stored, CultureInfo.InvariantCulture);

    public static DateTimeOffset FromStored(string stored) =>
        DateTimeOffset.ParseExact(stored, Stored, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
