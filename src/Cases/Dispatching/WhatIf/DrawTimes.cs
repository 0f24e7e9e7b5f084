// In: handled cases. Out: for a unit, a class and a case's number, the handling of one of them: always the same one for the same number. Pure.
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Lizhou.Contracts.Collection;

namespace Lizhou.Cases.Dispatching.WhatIf;

/// <param name="Worked">Working hours from the assignment to the report that it is handled, less those in which the clock stood.</param>
/// <param name="Ran">The same in hours of the calendar, for limits that count those.</param>
/// <param name="Whole">Hours of the calendar, with those in which the clock stood.</param>
/// <param name="Extra">Granted extension.</param>
internal readonly record struct Handling(TimeSpan Worked, TimeSpan Ran, TimeSpan Whole, TimeSpan Extra);

internal sealed class DrawTimes
{
    /// <summary>Of fewer, a wider set is drawn from.</summary>
    public const int Enough = 5;

    private readonly Dictionary<(Guid? Unit, string? Class), List<Handling>> sets = [];

    public DrawTimes(IEnumerable<PastCase> cases, WorkCalendar calendar)
    {
        foreach (var c in cases.Where(c => c.DoneAt is not null))
        {
            var handling = Of(c, calendar);
            foreach (var key in new HashSet<(Guid?, string?)> { (c.Lead, c.Class), (c.Lead, null), (null, c.Class), (null, null) })
            {
                (sets.TryGetValue(key, out var set) ? set : sets[key] = []).Add(handling);
            }
        }

        foreach (var set in sets.Values)
        {
            set.Sort((a, b) => (a.Worked, a.Whole, a.Ran, a.Extra).CompareTo((b.Worked, b.Whole, b.Ran, b.Extra)));
        }
    }

    public (Basis Basis, int Many, Handling Handling) For(Guid unit, string? @class, string number)
    {
        foreach (var (basis, key) in new[] { (Basis.UnitClass, (unit, @class)), (Basis.Unit, ((Guid?)unit, (string?)null)), (Basis.Class, (null, @class)), (Basis.All, (null, null)) })
        {
            if ((basis is not (Basis.UnitClass or Basis.Class) || @class is not null) && sets.GetValueOrDefault(key) is { } set && (set.Count >= Enough || basis == Basis.All))
            {
                return (basis, set.Count, set[(int)(Place(number) * set.Count)]);
            }
        }

        return (Basis.None, 0, default);
    }

    /// <summary>0 to below 1, by the number alone: whatever table is tried, a case is as quick or slow among its like.</summary>
    private static double Place(string number) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(number))) / (uint.MaxValue + 1d);

    private static Handling Of(PastCase c, WorkCalendar calendar)
    {
        TimeSpan Ran(LimitUnit unit) => c.Pauses.Aggregate(
            calendar.Running(unit, c.SentAt, c.DoneAt!.Value), (left, p) => left - calendar.Running(unit, p.From > c.SentAt ? p.From : c.SentAt, p.Until < c.DoneAt ? p.Until.Value : c.DoneAt.Value));
        return new(Ran(LimitUnit.WorkHours), Ran(LimitUnit.Hours), c.DoneAt!.Value - c.SentAt, c.Extra + c.Office);
    }
}
