// In: rows of a table, all lines of the duty list, a period. Out: for which classes and places the node that would lead the case has nobody on a duty, and on which days. Pure.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Dispatching.WhatIf;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Cases.Dispatching;

/// <summary>Every pair of one of the classes and one of the places lacks the duty on all of the days.</summary>
/// <param name="First">Day without anybody.</param>
/// <param name="Last">Day without anybody; between the two some may have somebody.</param>
/// <param name="Days">How many.</param>
/// <param name="Node">The places' cases are led there; null: each by the place itself.</param>
internal sealed record DutyGap(string Duty, string DutyName, DateOnly First, DateOnly Last, int Days, string? Node, IReadOnlyList<string> Classes, IReadOnlyList<string> Places);

internal static class DutyGaps
{
    private const int MostDays = 366;

    /// <summary>Null, or that a period is more than a year.</summary>
    public static Problem? TooLong(Period period) => period.Last.DayNumber - period.First.DayNumber >= MostDays ? Problems.LongPeriod.With(MostDays) : null;

    public static List<DutyGap> Of(IReadOnlyList<DispatchRow> rows, IReadOnlyList<Duty> lines, Period period, Desk desk)
    {
        var places = desk.Nodes.ByCode.Keys.Order(StringComparer.Ordinal).ToList();
        var groups = desk.Classes.Keys.Order(StringComparer.Ordinal).Select(c => (Class: c, Up: Centred(c, rows, places, desk))).GroupBy(c => string.Join(' ', c.Up.Order(StringComparer.Ordinal)), StringComparer.Ordinal)
            .Select(g => (Classes: g.Select(c => c.Class).ToList(), g.First().Up)).ToList();
        var centre = desk.Nodes.Centre.Code;
        List<DutyGap> gaps = [];
        foreach (var duty in FlowWords.Duties)
        {
            var own = lines.Where(l => l.Kind == duty.Key && CompareDuty.Counts(l, desk)).ToLookup(l => l.Node, StringComparer.Ordinal);
            var free = places.ToDictionary(p => p, p => Free(p, own, period, desk), StringComparer.Ordinal);
            foreach (var (classes, up) in groups)
            {
                gaps.AddRange(places.Select(p => (Place: p, Up: up.Contains(p), Days: free[up.Contains(p) ? centre : p])).Where(p => p.Days.Count > 0).GroupBy(p => (p.Up, Days: string.Join(' ', p.Days)))
                    .Select(g => new DutyGap(duty.Key, duty.Value.ToString(), g.First().Days[0], g.First().Days[^1], g.First().Days.Count, g.Key.Up ? centre : null, classes, [.. g.Select(p => p.Place)])));
            }
        }

        return gaps;
    }

    /// <summary>Places whose cases of the class go up to the city's centre at once, for they concern so many units.</summary>
    private static HashSet<string> Centred(string @class, IReadOnlyList<DispatchRow> rows, List<string> places, Desk desk)
    {
        var many = desk.Flow.Climb.Units;
        var mine = rows.Where(r => @class.StartsWith(r.Class, StringComparison.Ordinal)).ToList();
        if (many == 0 || mine.All(r => 1 + r.Assists.Count < many))
        {
            return [];
        }

        var table = new DispatchTable(0, mine);
        return [.. places.Where(p => desk.Nodes.Find(p)!.Loop != Loop.Large && Enum.GetValues<Grade>().Any(g => table.Find(new() { Class = @class, Place = p, Grade = g }, desk.Nodes, desk.Units.ContainsKey) is { } said && 1 + said.Assists.Count >= many))];
    }

    /// <summary>Days on which no line of the place or of one above it holds.</summary>
    private static List<DateOnly> Free(string place, ILookup<string, Duty> own, Period period, Desk desk)
    {
        var lines = desk.Nodes.Up(place).SelectMany(n => own[n.Code]).ToList();
        return lines.Any(l => l.ValidFrom <= period.First && (l.ValidUntil is not { } end || end > period.Last)) ? []
            : [.. Enumerable.Range(0, period.Last.DayNumber - period.First.DayNumber + 1).Select(period.First.AddDays).Where(d => !lines.Any(l => l.Holds(d)))];
    }
}
