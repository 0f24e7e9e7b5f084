// In: a case, an event, a leg, a clock. Out: the statement that writes it.
using System.Text.Json;
using Lizhou.Kernel;

namespace Lizhou.Cases.Ledger;

internal static class CaseRows
{
    /// <summary>Legs and clocks that are new or other than before, and who has a part in the case by them.</summary>
    public static IEnumerable<FormattableString> Rest(CaseWhole before, CaseWhole after) =>
    [
        .. before.File.Revision == 0 ? [Part(after.File.ReportedBy, after.File)] : Array.Empty<FormattableString>(),
        .. after.File.Consulted.Except(before.File.Consulted).Select(unit => Part(unit, after.File)),
        .. after.Legs.Skip(before.Legs.Count).Select(l => l.Unit).Distinct().Select(unit => Part(unit, after.File)),
        .. after.Legs.Where((l, i) => i >= before.Legs.Count || l != before.Legs[i]).Select(Upsert),
        .. after.Clocks.Where((c, i) => i >= before.Clocks.Count || c != before.Clocks[i]).Select(Upsert),
    ];

    public static FormattableString Insert(CaseFile f) =>
        $"""
         INSERT INTO case_file (id, number, revision, flow, state, ended, loop, node, place, unit, class, grade, source, words, address, x, y, has_reporter, reported_at, reported_by, day, stage_at, last_at, due_at, warn_at, whole_due,
             late, handlers, asked_hours, reworks, returns, shirks, delays, holds, supervised, reply_due, satisfied, outcome, parent, closed_at, consulting, consulted, members, loop_at, stay_until, led, visited)
         VALUES ({Id(f.Id)}, {f.Number}, {f.Revision}, {f.Flow}, {f.State}, {Bit(f.Ended)}, {f.Loop.ToString()}, {f.Node}, {f.Place}, {Id(f.Unit)}, {f.Class}, {f.Grade.ToString()}, {f.Source.ToString()}, {f.Words}, {f.Address},
             {f.X}, {f.Y}, {Bit(f.HasReporter)}, {f.ReportedAt.ToStored()}, {Id(f.ReportedBy)}, {$"{f.ReportedAt.InCity():yyyy-MM-dd}"}, {f.StageAt.ToStored()}, {f.LastAt.ToStored()}, {At(f.DueAt)}, {At(f.WarnAt)}, {At(f.WholeDue)},
             {Bit(f.Late)}, {Handlers(f)}, {f.AskedHours}, {f.Reworks}, {f.Returns}, {f.Shirks}, {f.Delays}, {f.Holds}, {Bit(f.Supervised)}, {At(f.ReplyDue)}, {Bit(f.Satisfied)},
             {f.Outcome?.ToString()}, {Id(f.Parent)}, {At(f.ClosedAt)}, {f.Consulting}, {JsonSerializer.Serialize(f.Consulted, CasesDb.Json)}, {JsonSerializer.Serialize(f.Members, CasesDb.Json)},
             {f.LoopAt.ToStored()}, {At(f.StayUntil)}, {Id(f.Led)}, {Bit(f.Visited)})
         """;

    /// <summary>What never changes of a case is left as it is.</summary>
    public static FormattableString Update(CaseFile f, long revision) =>
        $"""
         UPDATE case_file SET revision = {f.Revision}, flow = {f.Flow}, state = {f.State}, ended = {Bit(f.Ended)}, loop = {f.Loop.ToString()}, node = {f.Node}, unit = {Id(f.Unit)}, class = {f.Class}, grade = {f.Grade.ToString()},
             stage_at = {f.StageAt.ToStored()}, last_at = {f.LastAt.ToStored()}, due_at = {At(f.DueAt)}, warn_at = {At(f.WarnAt)}, whole_due = {At(f.WholeDue)}, late = {Bit(f.Late)},
             handlers = {Handlers(f)}, asked_hours = {f.AskedHours}, reworks = {f.Reworks}, returns = {f.Returns}, shirks = {f.Shirks}, delays = {f.Delays}, holds = {f.Holds}, supervised = {Bit(f.Supervised)},
             reply_due = {At(f.ReplyDue)}, satisfied = {Bit(f.Satisfied)}, outcome = {f.Outcome?.ToString()}, parent = {Id(f.Parent)}, closed_at = {At(f.ClosedAt)},
             consulting = {f.Consulting}, consulted = {JsonSerializer.Serialize(f.Consulted, CasesDb.Json)}, members = {JsonSerializer.Serialize(f.Members, CasesDb.Json)},
             loop_at = {f.LoopAt.ToStored()}, stay_until = {At(f.StayUntil)}, led = {Id(f.Led)}, visited = {Bit(f.Visited)}
         WHERE id = {Id(f.Id)} AND revision = {revision}
         """;

    public static FormattableString Insert(CaseEvent e) =>
        $"""
         INSERT INTO case_event (case_id, seq, at, known_at, actor, name, unit, behalf, act, old_state, state, node, loop, reason, flow, detail)
         VALUES ({Id(e.CaseId)}, {e.Seq}, {e.At.ToStored()}, {e.KnownAt.ToStored()}, {Id(e.Actor)}, {e.Name}, {Id(e.Unit)}, {e.Behalf}, {e.Act}, {e.OldState}, {e.State}, {e.Node}, {e.Loop.ToString()}, {e.Reason}, {e.Flow},
             {JsonSerializer.Serialize(e.Detail, CasesDb.Json)})
         """;

    private static FormattableString Part(Guid who, CaseFile f) => $"INSERT INTO case_part (who, number) VALUES ({Id(who)}, {f.Number}) ON CONFLICT (who, number) DO NOTHING";

    private static FormattableString Upsert(CaseLeg l) =>
        $"""
         INSERT INTO case_leg (case_id, opened, place, unit, loop, node, started_at, ended_at, outcome, words, asked_delays, asked_holds, asked_returns)
         VALUES ({Id(l.CaseId)}, {l.Opened}, {l.Place}, {Id(l.Unit)}, {l.Loop.ToString()}, {l.Node}, {l.StartedAt.ToStored()}, {At(l.EndedAt)}, {l.Outcome?.ToString()}, {l.Words}, {l.AskedDelays}, {l.AskedHolds}, {l.AskedReturns})
         ON CONFLICT (case_id, opened, place) DO UPDATE SET ended_at = excluded.ended_at, outcome = excluded.outcome, words = excluded.words, asked_delays = excluded.asked_delays, asked_holds = excluded.asked_holds,
             asked_returns = excluded.asked_returns
         """;

    private static FormattableString Upsert(CaseClock c) =>
        $"""
         INSERT INTO case_clock (case_id, opened, whole, state, started_at, amount, measure, extra, office, due_at, warn_at, left_over, pauses, ended_at, met)
         VALUES ({Id(c.CaseId)}, {c.Opened}, {Bit(c.Whole)}, {c.State}, {c.StartedAt.ToStored()}, {c.Amount}, {c.Measure.ToString()}, {(long)c.Extra.TotalSeconds}, {(long)c.Office.TotalSeconds}, {At(c.DueAt)}, {At(c.WarnAt)}, {(long?)c.LeftOver?.TotalSeconds},
             {JsonSerializer.Serialize(c.Pauses, CasesDb.Json)}, {At(c.EndedAt)}, {Bit(c.Met)})
         ON CONFLICT (case_id, whole, opened) DO UPDATE SET amount = excluded.amount, measure = excluded.measure, extra = excluded.extra, office = excluded.office, due_at = excluded.due_at, warn_at = excluded.warn_at, left_over = excluded.left_over, pauses = excluded.pauses,
             ended_at = excluded.ended_at, met = excluded.met
         """;

    private static string Handlers(CaseFile f) => JsonSerializer.Serialize(f.Handlers, CasesDb.Json);

    private static string? Id(Guid? id) => id?.ToString("D");

    private static string? At(DateTimeOffset? at) => at?.ToStored();

    private static long? Bit(bool? set) => set is null ? null : set.Value ? 1 : 0;
}
