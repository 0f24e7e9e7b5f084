// In: a model's head and a moment. Out: when it is due next.
using Cronos;
using Lizhou.Kernel;

namespace Lizhou.Computing.Models;

internal static class Schedules
{
    /// <summary>Null when only a hand or a change runs it.</summary>
    public static DateTimeOffset? Next(FrontMatter head, DateTimeOffset from) =>
        head.Schedule is { } cron && cron != FrontMatter.OnChange ? CronExpression.Parse(cron).GetNextOccurrence(from, Clock.City)?.ToUniversalTime() : null;
}
