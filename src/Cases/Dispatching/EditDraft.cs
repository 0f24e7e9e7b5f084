// In: one change of the rows of a draft, by who made it. Out: the draft with it; the last changes can be taken back. Rows that overlap may stand in a draft until it is published, one that cannot be read may not.
// Only its maker changes a draft – another person publishes it, and never what they wrote themselves; whoever else has something to change starts a draft from it.
using System.Text.Json.Serialization;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Dispatching;

[JsonConverter(typeof(JsonStringEnumConverter<DraftDo>))]
internal enum DraftDo
{
    Add,
    Change,
    Remove,
    Move,

    /// <summary>Takes the last of the others back.</summary>
    Back,
}

/// <summary>The rows as they were before a change, and what it was.</summary>
internal sealed record DraftStep
{
    public int Version { get; init; }

    public int Step { get; init; }

    public IReadOnlyList<DispatchRow> Rows { get; init; } = [];

    public DraftDo Did { get; init; }

    public int Line { get; init; }
}

internal sealed class EditDraft(CasesDb db, PublishTable tables, DeskBook desks, ILedger ledger, TimeProvider clock)
{
    private const int MostSteps = 50;

    /// <param name="From">Version whose rows it begins with; null: none.</param>
    internal sealed record StartAsk(int? From, string? Note) : IChecked
    {
        public IEnumerable<Fault> Check() => PublishTable.Ask.Why(Note);
    }

    /// <param name="Line">Of the row to change, remove or move.</param>
    /// <param name="To">Line on which it is to stand; null: where it stands, a new one last.</param>
    /// <param name="Row">As it is to be, of one that is added or changed.</param>
    /// <param name="Seen">Mark of the rows that were looked at; null: whatever stands there.</param>
    internal sealed record Ask(DraftDo Do, int? Line = null, int? To = null, RowCells? Row = null, string? Seen = null);

    public async Task<Result<TableVersion>> Start(StartAsk ask, Actor actor, CancellationToken stop)
    {
        var next = (await db.Tables.MaxAsync(t => (int?)t.Version, stop) ?? 0) + 1;
        Result<TableVersion> from = ask.From is { } version ? await tables.One(version, stop) : new TableVersion();
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau : ask.Check().FirstOrDefault() is { } fault ? Problems.WrongField.With(new Text("理由", "Why"), fault.What) : from.Problem;
        if (refused is not null)
        {
            return await tables.Refused(actor, "case-dispatch.drafted", $"{next}", refused);
        }

        var made = new TableVersion { Version = next, Rows = Numbered(from.Value.Rows), Note = ask.Note!.Trim(), MadeBy = actor.Name, Maker = actor.Id, MadeAt = clock.GetUtcNow() };
        db.Add(made);
        var late = await db.Commit(ledger, actor, new("case-dispatch.drafted", $"{next}", Evidence.Done, new { made.Note, rows = made.Rows.Count, ask.From }), stop);
        return late is null ? made : late;
    }

    /// <summary>The last change, that can be taken back; null: there is none.</summary>
    public Task<DraftStep?> Last(int version, CancellationToken stop) => db.DraftSteps.AsNoTracking().Where(s => s.Version == version).OrderByDescending(s => s.Step).FirstOrDefaultAsync(stop);

    public async Task<Result<TableVersion>> Run(int version, Ask ask, Actor actor, CancellationToken stop)
    {
        var (found, last) = (await tables.One(version, stop), await Last(version, stop));
        var newest = await db.Tables.Where(t => t.PublishedBy != null).MaxAsync(t => (int?)t.Version, stop) ?? 0;
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau
            : found.Problem is { } none ? none
            : version <= newest ? Problems.OldTable.With(version, newest)
            : found.Value.Maker != actor.Id ? Problems.OtherDraft.With(version, found.Value.MadeBy)
            : ask.Seen is { Length: > 0 } seen && seen != found.Value.Mark ? Problems.OtherRows.With(version)
            : ask.Do == DraftDo.Back && last is null ? Problems.NothingBack.With(version) : null;
        var (rows, wrong) = refused is not null ? (null, null) : ask.Do == DraftDo.Back ? (last!.Rows, null) : After(found.Value.Rows, ask, await desks.Now(stop));
        if (rows is null)
        {
            return await tables.Refused(actor, "case-dispatch.changed", $"{version}", refused ?? Problems.BadTable.With(wrong!.Line, wrong.What));
        }

        await Step(found.Value, ask, last, stop);
        var made = found.Value with { Rows = rows };
        db.Attach(made).Property(t => t.Rows).IsModified = true;
        var late = await db.Commit(ledger, actor, new("case-dispatch.changed", $"{version}", Evidence.Done, new { ask.Do, ask.Line, rows = rows.Count }), stop);
        return late is null ? made : late;
    }

    /// <summary>The rows after a change, or what is wrong with it. Pure.</summary>
    internal static (IReadOnlyList<DispatchRow>? Rows, TableFault? Wrong) After(IReadOnlyList<DispatchRow> rows, Ask ask, Desk desk)
    {
        var all = rows.ToList();
        var at = ask.Do == DraftDo.Add ? all.Count : all.FindIndex(r => r.Line == ask.Line);
        if (at < 0 || all.Count + (ask.Do == DraftDo.Add ? 1 : 0) > TableText.MostRows)
        {
            return (null, new(ask.Line ?? 1, at < 0 ? new("没有这一行。", "There is no such line.") : TableText.TooMany));
        }

        var row = at < all.Count ? all[at] : null;
        if (ask.Do is DraftDo.Add or DraftDo.Change)
        {
            (row, var wrong) = TableText.Row(at + 2, RowCells.Of(ask.Row?.All ?? []), desk);
            if (row is null)
            {
                return (null, new(at + 2, wrong!.Value));
            }
        }

        if (ask.Do != DraftDo.Add)
        {
            all.RemoveAt(at);
        }

        if (ask.Do != DraftDo.Remove)
        {
            all.Insert(Math.Clamp((ask.To ?? (at + 2)) - 2, 0, all.Count), row!);
        }

        return (Numbered(all), null);
    }

    private async Task Step(TableVersion before, Ask ask, DraftStep? last, CancellationToken stop)
    {
        if (ask.Do == DraftDo.Back)
        {
            db.Remove(last!);
            return;
        }

        var step = new DraftStep { Version = before.Version, Step = (last?.Step ?? 0) + 1, Rows = before.Rows, Did = ask.Do, Line = ask.Line ?? (before.Rows.Count + 2) };
        db.Add(step);
        if (await db.DraftSteps.FindAsync([before.Version, step.Step - MostSteps], stop) is { } old)
        {
            db.Remove(old);
        }
    }

    /// <summary>As the lines of a file would be: the header is 1.</summary>
    private static IReadOnlyList<DispatchRow> Numbered(IReadOnlyList<DispatchRow> rows) => [.. rows.Select((r, i) => r with { Line = i + 2 })];
}
