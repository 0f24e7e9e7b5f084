// In: a dispatch table as CSV and why. Out: a draft, which EditDraft changes row by row and another person of the bureau publishes: from then on it proposes, and the one before no longer. Refuses lines that cannot be read and rows that overlap; gaps are told.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Dispatching;

/// <param name="Faults">With any of them it cannot become a draft.</param>
internal sealed record TableLook(int Rows, IReadOnlyList<TableFault> Faults, IReadOnlyList<DispatchGap> Gaps);

internal sealed class PublishTable(CasesDb db, DeskBook desks, ILedger ledger, IRefusalNotes notes, TimeProvider clock)
{
    /// <param name="Text">CSV.</param>
    internal sealed record CheckAsk(string? Text) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Text is not { Length: > 0 and <= TableText.Longest })
            {
                yield return new("text", new("请提供派单目录，不超过 20 万字", "has at most 200,000 characters and is not empty"));
            }
        }
    }

    /// <param name="Text">CSV.</param>
    internal sealed record Ask(string? Text, string? Note) : IChecked
    {
        public IEnumerable<Fault> Check() => Why(Note).Concat(new CheckAsk(Text).Check());

        public static IEnumerable<Fault> Why(string? note) => note?.Trim() is { Length: > 0 and <= 200 } ? [] : [new("note", new("请说明修改理由，不超过 200 字", "says why, in at most 200 characters"))];
    }

    /// <summary>Newest first.</summary>
    public Task<List<TableVersion>> All(CancellationToken stop) => db.Tables.AsNoTracking().OrderByDescending(t => t.Version).ToListAsync(stop);

    public async Task<Result<TableVersion>> One(int version, CancellationToken stop) =>
        await db.Tables.AsNoTracking().FirstOrDefaultAsync(t => t.Version == version, stop) is { } found ? found : Problems.NoTable.With(version);

    /// <summary>What is wrong with a text; nothing is kept.</summary>
    public async Task<Result<TableLook>> Check(CheckAsk ask, Actor actor, CancellationToken stop)
    {
        if (!actor.Has(Roles.Engineer))
        {
            return await Refused(actor, "case-dispatch.checked", "-", Problems.Bureau);
        }

        return ask.Check().FirstOrDefault() is { } fault ? Problems.BadTable.With(1, fault.What) : Look(ask.Text!, await desks.Now(stop)).Look;
    }

    public async Task<Result<TableVersion>> Draft(Ask ask, Actor actor, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        var next = (await db.Tables.MaxAsync(t => (int?)t.Version, stop) ?? 0) + 1;
        var fault = ask.Check().FirstOrDefault();
        var (rows, look) = fault is null ? Look(ask.Text!, desk) : ([], new(0, [new(1, fault.What)], []));
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau : look.Faults is [var first, ..] ? Problems.BadTable.With(first.Line, first.What) : null;
        if (refused is not null)
        {
            return await Refused(actor, "case-dispatch.drafted", $"{next}", refused);
        }

        var made = new TableVersion { Version = next, Rows = rows, Note = ask.Note!.Trim(), MadeBy = actor.Name, Maker = actor.Id, MadeAt = clock.GetUtcNow() };
        db.Add(made);
        var late = await db.Commit(ledger, actor, new("case-dispatch.drafted", $"{next}", Evidence.Done, new { made.Note, rows = rows.Count }), stop);
        db.ChangeTracker.Clear(); // Who publishes it next reads it anew, with the same context too.
        return late is null ? made : late;
    }

    /// <summary>Puts a draft in force. Looked at again: classes, nodes and units may have changed since.</summary>
    /// <param name="seen">Mark of the rows that were looked at; null: whatever stands there.</param>
    public async Task<Result<TableVersion>> Run(int version, string? seen, Actor actor, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        var found = await One(version, stop);
        var newest = await db.Tables.Where(t => t.PublishedBy != null).MaxAsync(t => (int?)t.Version, stop) ?? 0;
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau
            : found.Problem is { } none ? none
            : version <= newest ? Problems.OldTable.With(version, newest)
            : found.Value.Maker == actor.Id ? Problems.SecondLook.With(version)
            : seen is { Length: > 0 } && seen != found.Value.Mark ? Problems.OtherRows.With(version)
            : TableText.Faults(found.Value.Rows, desk) is [var wrong, ..] ? Problems.BadTable.With(wrong.Line, wrong.What)
            : null;
        if (refused is not null)
        {
            return await Refused(actor, "case-dispatch.published", $"{version}", refused);
        }

        var made = found.Value with { PublishedBy = actor.Name, PublishedAt = clock.GetUtcNow() };
        db.Update(made).Property(t => t.PublishedBy).OriginalValue = null; // What its maker changes meanwhile comes too late.
        var late = await db.Commit(ledger, actor, new("case-dispatch.published", $"{version}", Evidence.Done, new { made.Note }), stop);
        desks.Forget();
        return late is null ? made : late;
    }

    private static (IReadOnlyList<DispatchRow> Rows, TableLook Look) Look(string text, Desk desk)
    {
        var (rows, faults) = TableText.Read(text, desk);
        return (rows, new(rows.Count, [.. faults, .. CheckTable.Overlaps(rows, desk)], CheckTable.Gaps(rows, desk)));
    }

    internal async Task<Problem> Refused(Actor actor, string act, string what, Problem refused)
    {
        await notes.Note(actor, $"{act} {refused.Code}", new(act, what, refused.Code));
        return refused;
    }
}
