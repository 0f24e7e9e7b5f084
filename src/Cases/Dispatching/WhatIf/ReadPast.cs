// In: a period. Out: the cases reported in it that were dispatched, in the order of their numbers, and how many were not. Two statements over the tables of the ledger, whatever the number of cases.
using System.Data.Common;
using System.Text.Json;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Cases.Dispatching.WhatIf;

internal static class ReadPast
{
    /// <param name="Undispatched">Reported in the period, and no unit of ours ever led them.</param>
    internal sealed record Past(IReadOnlyList<PastCase> Cases, int Undispatched);

    private sealed record Leg(long Opened, PastCase Case);

    private sealed record Step(string Number, long Seq, DateTimeOffset At, string From, string To, int Flow);

    public static async Task<Past> Of(StateStore state, Period period, Desk desk, CancellationToken stop)
    {
        var (first, last) = (CaseWords.Day(period.First), CaseWords.Day(period.Last));
        var steps = (await state.Read(
            $"""
             SELECT f.number, e.seq, e.at, e.old_state, e.state, e.flow FROM case_file f JOIN case_event e ON e.case_id = f.id
             WHERE f.day >= {first} AND f.day <= {last} AND e.old_state <> e.state ORDER BY f.number, e.seq
             """,
            r => new Step(r.GetString(0), r.GetInt64(1), Clock.FromStored(r.GetString(2)), r.GetString(3), r.GetString(4), (int)r.GetInt64(5)), stop)).ToLookup(s => s.Number, StringComparer.Ordinal);
        var legs = await state.Read(
            $"""
             SELECT f.number, f.class, f.grade, f.place, f.reported_at, f.closed_at, f.late, l.opened, l.unit, l.node, l.started_at, e.detail, c.amount, c.measure, c.extra, c.pauses, c.met, c.case_id, c.office
             FROM case_file f JOIN case_leg l ON l.case_id = f.id AND l.place = 0 JOIN case_event e ON e.case_id = f.id AND e.seq = l.opened
             LEFT JOIN case_clock c ON c.case_id = f.id AND c.whole = 0 AND c.opened = l.opened
             WHERE f.day >= {first} AND f.day <= {last} ORDER BY f.number, l.opened
             """,
            Read, stop);
        var many = (await state.Read($"SELECT COUNT(*) FROM case_file WHERE day >= {first} AND day <= {last}", r => r.GetInt64(0), stop))[0];
        List<PastCase> cases = [.. legs.GroupBy(l => l.Case.Number, StringComparer.Ordinal).Select(g => Handled([.. g], [.. steps[g.Key]], desk)).OrderBy(c => c.Number, StringComparer.Ordinal)];
        return new(cases, (int)many - cases.Count);
    }

    /// <summary>The assignment that was handled first; else the last.</summary>
    private static PastCase Handled(IReadOnlyList<Leg> legs, IReadOnlyList<Step> steps, Desk desk)
    {
        for (var i = 0; i < legs.Count; i++)
        {
            var until = i + 1 < legs.Count ? legs[i + 1].Opened : long.MaxValue;
            if (steps.FirstOrDefault(s => s.Seq > legs[i].Opened && s.Seq < until && Ends(s, desk.Flows[s.Flow])) is { } done)
            {
                return legs[i].Case with { DoneAt = done.At };
            }
        }

        return legs[^1].Case;
    }

    /// <summary>Whether it leaves the unit's hands as handled: into a state in which it has it no longer, and from which it is not to be dispatched again.</summary>
    private static bool Ends(Step step, CaseFlow flow) =>
        flow.States.TryGetValue(step.From, out var from) && Working(from) && flow.States.TryGetValue(step.To, out var to) && !Working(to) && !flow.From(step.To).Any(a => a.Has("assign"));

    private static bool Working(FlowState state) => state.Stage == FlowWords.Handling || state.Clock != StageClock.Anew;

    private static Leg Read(DbDataReader r)
    {
        var detail = JsonSerializer.Deserialize<EventDetail>(r.GetString(11), CasesDb.Json)!;
        var clock = r.IsDBNull(17) ? null : new { Limit = new TimeLimit((int)r.GetInt64(12), Enum.Parse<LimitUnit>(r.GetString(13))), Extra = TimeSpan.FromSeconds(r.GetInt64(14)), Office = TimeSpan.FromSeconds(r.GetInt64(18)), Pauses = JsonSerializer.Deserialize<List<ClockPause>>(r.GetString(15), CasesDb.Json)! };
        bool? breached = clock is null ? null : r.IsDBNull(16) ? r.GetInt64(6) == 1 : r.GetInt64(16) == 0;
        return new(r.GetInt64(7), new(
            r.GetString(0), r.IsDBNull(1) ? null : r.GetString(1), Enum.Parse<Grade>(r.GetString(2)), r.GetString(3), r.GetString(9), Clock.FromStored(r.GetString(4)), r.IsDBNull(5) ? null : Clock.FromStored(r.GetString(5)),
            Guid.Parse(r.GetString(8)), detail.Assists ?? [], detail.Proposed, Clock.FromStored(r.GetString(10)), null, clock?.Limit, clock?.Pauses ?? [], clock?.Extra ?? default, breached, clock?.Office ?? default));
    }
}
