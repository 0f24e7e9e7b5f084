// In: what happened to a case. Out: whose opinions and tasks of a consultation are awaited from then on, and whose no longer: written in the commit of the event itself, and told again from the events alone. Pure.
using Lizhou.Cases.Consulting;
using Lizhou.Kernel;

namespace Lizhou.Cases.Ledger;

internal static class Awaits
{
    /// <summary>What the events change, as statements. A row is left to <see cref="TellAwaited"/> alone when it is late.</summary>
    public static IEnumerable<FormattableString> Changes(CaseWhole before, CaseWhole after, IReadOnlyList<CaseEvent> events)
    {
        var (number, asked) = (after.File.Number, before.File.Consulting);
        if (asked > 0 && after.File.Consulting != asked)
        {
            yield return $"DELETE FROM case_awaited WHERE number = {number} AND opened = {asked}";
        }

        var gone = events.Where(e => e.Detail.Consult?.Step == ConsultStep.Opinion).Select(e => (Opened: asked, Unit: e.Detail.Consult!.Member!.Value))
            .Concat(before.Legs.Zip(after.Legs).Where(l => l.First is { Runs: true, IsLead: false } && !l.Second.Runs).Select(l => (l.First.Opened, l.First.Unit)));
        foreach (var (opened, unit) in gone)
        {
            yield return $"DELETE FROM case_awaited WHERE number = {number} AND opened = {opened} AND unit = {unit.ToString("D")}";
        }

        foreach (var row in events.SelectMany(e => Begun(e, number)))
        {
            yield return Insert(row);
        }
    }

    public static FormattableString Insert(CaseAwaited row) =>
        $"INSERT INTO case_awaited (number, opened, unit, due_at) VALUES ({row.Number}, {row.Opened}, {row.Unit.ToString("D")}, {row.DueAt.ToStored()})";

    /// <summary>Of a case, told from all its events.</summary>
    public static IReadOnlyList<CaseAwaited> Of(IEnumerable<CaseEvent> events)
    {
        var (whole, awaited) = (CaseWhole.None, new List<CaseAwaited>());
        foreach (var e in events)
        {
            var asked = whole.File.Consulting;
            whole = Project.After(whole, e);
            if (e.Detail.Consult is { Step: ConsultStep.Opinion, Member: var spoke })
            {
                awaited.RemoveAll(a => a.Opened == asked && a.Unit == spoke);
            }

            // Who has two things to do is told to be late with the one that was due first.
            if (e.Detail.Consult is { Step: ConsultStep.Late, Member: var late } && awaited.Where(a => a.Unit == late).MinBy(a => a.DueAt) is { } missed)
            {
                awaited.Remove(missed);
            }

            awaited.RemoveAll(a => a.Opened != whole.File.Consulting && !whole.Legs.Any(l => l is { IsLead: false, Runs: true } && l.Opened == a.Opened && l.Unit == a.Unit));
            awaited.AddRange(Begun(e, whole.File.Number));
        }

        return awaited;
    }

    /// <summary>Opinions of those called; by a conclusion the tasks of all but the lead, whose clock is the case's own.</summary>
    private static IEnumerable<CaseAwaited> Begun(CaseEvent e, string number) => e.Detail.Consult is not { } told ? []
        : (told.Step == ConsultStep.Call ? told.Members!.Select(m => new ConsultTask(m, told.Due!.Value)) : told.Tasks?.Skip(1) ?? []).Select(t => new CaseAwaited(number, e.Seq, t.Unit, t.Due));
}
