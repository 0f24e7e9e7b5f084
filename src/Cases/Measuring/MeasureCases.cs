// In: which cases. Out: their figures, counted from the ledger of events alone. Refuses others than the bureau.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Importing;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Measuring;

internal sealed class MeasureCases(CasesDb db, DeskBook desks)
{
    public async Task<Result<CaseMeasures>> Run(MeasureFilter filter, Actor actor, CancellationToken stop)
    {
        if (!actor.Has(Roles.Engineer))
        {
            return Problems.Bureau;
        }

        if (CaseWords.Backward(filter.From, filter.To) is { } backward)
        {
            return backward;
        }

        var (source, from, to, sender) = (filter.Source ?? "", CaseWords.Day(filter.From) ?? "0", CaseWords.Day(filter.To) ?? "9", ImportLog.SenderOf(filter.Source ?? ""));
        if (source.Length > 0 && !Enum.GetNames<CaseSource>().Contains(source) && !await db.Files.FromSql($"SELECT * FROM case_file WHERE number IN (SELECT number FROM case_key WHERE sender = {sender})").AnyAsync(stop))
        {
            return Problems.WrongField.With("source", new Text("没有这个来源，也没有导入过这个名称的日志。", "there is no such source, and no log of that name was imported.")).At("source");
        }

        var desk = await desks.Now(stop);
        using var tally = new TallyCases(desk.Flows);
        List<CaseEvent> events = [];
        var told = db.Events.FromSql($"SELECT * FROM case_event WHERE case_id IN (SELECT id FROM case_file WHERE day >= {from} AND day <= {to} AND ({source} = '' OR source = {source} OR number IN (SELECT number FROM case_key WHERE sender = {sender})))")
            .AsNoTracking().OrderBy(e => e.CaseId).ThenBy(e => e.Seq).AsAsyncEnumerable();
        await foreach (var e in told.WithCancellation(stop))
        {
            if (events.Count > 0 && events[0].CaseId != e.CaseId)
            {
                Take(tally, events, filter);
                events = [];
            }

            events.Add(e);
        }

        Take(tally, events, filter);
        // A word of a log is a class too; one that no case has is none.
        if (tally.All == 0 && CaseWords.Unclassed(filter.Class, desk) is { } none)
        {
            return none;
        }

        var listed = filter.Class is { Length: > 0 } ? tally.All
            : await db.Files.FromSql($"SELECT * FROM case_file WHERE day >= {from} AND day <= {to} AND ({source} = '' OR source = {source} OR number IN (SELECT number FROM case_key WHERE sender = {sender}))").LongCountAsync(stop);
        return tally.Done(filter, listed);
    }

    private static void Take(TallyCases tally, List<CaseEvent> events, MeasureFilter filter)
    {
        if (events.Count > 0 && (filter.Class is not { Length: > 0 } code || events.Any(e => e.Detail.Class == code || e.Detail.Log?.Class == code)))
        {
            tally.Take(events);
        }
    }

    /// <summary>Days are texts whose order is that of time.</summary>
}
