// In: a moment and a number of working days, or spans of time. Out: when they are over, or how much of them was worked, by the city's calendar.
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Collection.Sources;

internal sealed class CityCalendar(SourcesDb db) : IWorkCalendar
{
    public Task<WorkCalendar> Load(CancellationToken stop) => db.Calendar(stop);

    public Task<IReadOnlyList<WorkCalendar>> Before(CancellationToken stop) => db.CalendarsBefore(stop);

    public async Task<DateTimeOffset> After(DateTimeOffset from, int workdays, CancellationToken stop)
    {
        var calendar = await db.Calendar(stop);
        var day = DateOnly.FromDateTime(from.InCity().DateTime);
        for (var left = workdays; left > 0;)
        {
            day = day.AddDays(1);
            left -= calendar.Works(day) ? 1 : 0;
        }

        return day.EndOfDay().ToUniversalTime();
    }

    public async Task<IReadOnlyList<TimeSpan>> Worked(IReadOnlyList<(DateTimeOffset From, DateTimeOffset Until)> spans, CancellationToken stop)
    {
        var calendar = await db.Calendar(stop);
        return [.. spans.Select(s => calendar.Running(LimitUnit.WorkHours, s.From, s.Until))];
    }

    public async Task<DateTimeOffset?> Next(string cron, bool workdaysOnly, DateTimeOffset from, CancellationToken stop) =>
        new Schedule(cron, workdaysOnly).Next(from, workdaysOnly ? await db.Calendar(stop) : WorkCalendar.Plain);
}
