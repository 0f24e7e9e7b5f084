// How a source fares, from what is known of it now. Pure.
using System.Text.Json.Serialization;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Collection.Sources;

[JsonConverter(typeof(JsonStringEnumConverter<Health>))]
internal enum Health
{
    /// <summary>Nothing has come yet, and nothing is overdue.</summary>
    New,

    Fresh,

    /// <summary>Nothing came since the resource's update cycle ended.</summary>
    Overdue,

    Failing,
    Paused,
}

internal static class Healths
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(6);

    public static Health Of(Source source, UpdateCycle cycle, DateTimeOffset now)
    {
        if (source.State == SourceState.Paused)
        {
            return Health.Paused;
        }

        if (source.Failures > 0)
        {
            return Health.Failing;
        }

        var since = source.LastDataAt ?? source.CreatedAt;
        if (Grace(cycle) is { } grace && since + grace < now)
        {
            return Health.Overdue;
        }

        return source.LastDataAt is null ? Health.New : Health.Fresh;
    }

    /// <summary>When a failing source is tried again: after 1, 2, 4 … minutes, at most six hours. A source that is due
    /// more often than that rests longer; one that is due more rarely is tried before its time.</summary>
    public static DateTimeOffset NextAfterFailure(int failures, DateTimeOffset now)
    {
        var pause = TimeSpan.FromMinutes(Math.Pow(2, Math.Clamp(failures - 1, 0, 10)));
        return now + (pause < LongestPause ? pause : LongestPause);
    }

    /// <summary>The cycle and half of it again; null when silence means nothing.</summary>
    private static TimeSpan? Grace(UpdateCycle cycle) => cycle switch
    {
        UpdateCycle.Realtime => TimeSpan.FromHours(1.5),
        UpdateCycle.Daily => TimeSpan.FromDays(1.5),
        UpdateCycle.Weekly => TimeSpan.FromDays(10.5),
        UpdateCycle.Monthly => TimeSpan.FromDays(46),
        UpdateCycle.Quarterly => TimeSpan.FromDays(138),
        UpdateCycle.HalfYearly => TimeSpan.FromDays(274),
        UpdateCycle.Yearly => TimeSpan.FromDays(548),
        _ => null,
    };
}
