// In: a stage and when it began. Out: when it should end, in working days of the limit in force that day, and the light of its clock.
using System.Text.Json.Serialization;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Requests;

/// <summary>Green to 80 % of the time, yellow to its end, red after.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Light>))]
internal enum Light
{
    Green,
    Yellow,
    Red,
}

internal static class Clocks
{
    private const double Soon = 0.8;

    /// <summary>Null for a stage without a limit.</summary>
    public static async Task<DateTimeOffset?> Due(SharingDb db, IWorkCalendar calendar, RequestState stage, DateTimeOffset from, CancellationToken stop)
    {
        var day = DateOnly.FromDateTime(from.InCity().DateTime);
        var limit = (await db.Limits.AsNoTracking().Where(l => l.Stage == stage).ToListAsync(stop)).FirstOrDefault(l => l.Holds(day));
        return limit is null ? null : await calendar.After(from, limit.Workdays, stop);
    }

    /// <summary>Null when no clock runs.</summary>
    public static Light? LightOf(Request request, DateTimeOffset now) => request.DueAt is not { } due ? null
        : now > due ? Light.Red
        : (now - request.StageAt) / (due - request.StageAt) >= Soon ? Light.Yellow
        : Light.Green;
}
