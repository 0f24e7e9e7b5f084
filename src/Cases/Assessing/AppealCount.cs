// In: a unit, a case, how it ought to be counted and why. Out: an appeal (申诉). Or a decision on one, by somebody else: an accepted one counts from then on, and figures as of a moment before stay what they were.
// Refuses units that never led the case, appeals that wait already, who is not the bureau, who appealed, and a second decision.
using Lizhou.Cases.Finding;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Assessing;

/// <param name="Decided">Null: it waits.</param>
internal sealed record AppealView(Guid Id, string Number, AppealAsks Asks, string AsksName, string Reason, Guid? Unit, string Name, DateTimeOffset MadeAt, bool? Accepted, string? Words, string? DecidedBy, DateTimeOffset? Decided);

internal sealed class AppealCount(CasesDb db, FindCases find, ILedger ledger, IRefusalNotes notes, TimeProvider clock)
{
    internal sealed record Ask(AppealAsks Asks, string? Reason) : IChecked
    {
        public IEnumerable<Fault> Check() => Words("reason", Reason).Concat(Enum.IsDefined(Asks) ? [] : [new("asks", new("没有这种计法", "is no way to count"))]);
    }

    internal sealed record DecideAsk(bool Accepted, string? Words) : IChecked
    {
        public IEnumerable<Fault> Check() => AppealCount.Words("words", Words);
    }

    /// <summary>Newest first: the bureau sees all, a unit its own.</summary>
    public async Task<IReadOnlyList<AppealView>> All(Actor actor, CancellationToken stop)
    {
        var (all, own) = (actor.Has(Roles.Engineer), actor.Unit);
        var appeals = await db.Appeals.AsNoTracking().Where(a => all || (own != null && a.Unit == own)).OrderByDescending(a => a.Id).Take(500).ToListAsync(stop);
        var ids = appeals.ConvertAll(a => a.Id);
        var decided = (await db.AppealDecisions.AsNoTracking().Where(d => EF.Parameter(ids).Contains(d.Appeal)).ToListAsync(stop)).ToDictionary(d => d.Appeal);
        return [.. appeals.Select(a => View(a, decided.GetValueOrDefault(a.Id)))];
    }

    public async Task<Result<AppealView>> Run(string number, Ask ask, Actor actor, CancellationToken stop)
    {
        var (whole, refused) = ((CaseWhole?)null, ask.Check().Select(f => Problems.BadAppeal.With(f.What)).FirstOrDefault());
        if (refused is null)
        {
            var found = await find.One(number, actor, stop);
            whole = found.Problem is null ? found.Value : null;
            refused = found.Problem ?? (!actor.Has(Roles.Steward) || !whole!.Legs.Any(l => l.IsLead && l.Unit == actor.Unit) ? Problems.NotTheirs
                : await db.Appeals.AnyAsync(a => a.CaseId == whole.File.Id && a.Asks == ask.Asks && a.Unit == actor.Unit && !db.AppealDecisions.Any(d => d.Appeal == a.Id), stop) ? Problems.AppealWaits : null);
        }

        if (refused is not null)
        {
            await notes.Note(actor, $"case-appeal.made {refused.Code}", new("case-appeal.made", whole?.File.Number ?? "-", refused.Code));
            return refused;
        }

        var now = clock.GetUtcNow();
        var made = new Appeal { Id = Guid.CreateVersion7(now), CaseId = whole!.File.Id, Number = whole.File.Number, Asks = ask.Asks, Reason = ask.Reason!.Trim(), Unit = actor.Unit, Actor = actor.Id, Name = actor.Name, MadeAt = now };
        db.Add(made);
        return await db.Commit(ledger, actor, new("case-appeal.made", made.Number, Evidence.Done, new { made.Id, made.Asks, made.Reason }), stop) is { } late ? late : View(made, null);
    }

    public async Task<Result<AppealView>> Decide(Guid id, DecideAsk ask, Actor actor, CancellationToken stop)
    {
        var appeal = await db.Appeals.AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, stop);
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau
            : ask.Check().FirstOrDefault() is { } fault ? Problems.BadAppeal.With(fault.What)
            : appeal is null ? Problems.NoAppeal
            : appeal.Actor == actor.Id ? Problems.OwnAppeal
            : await db.AppealDecisions.AnyAsync(d => d.Appeal == id, stop) ? Problems.AppealDecided : null;
        if (refused is not null)
        {
            await notes.Note(actor, $"case-appeal.decided {refused.Code}", new("case-appeal.decided", appeal?.Number ?? "-", refused.Code));
            return refused;
        }

        var made = new AppealDecision { Appeal = id, Accepted = ask.Accepted, Words = ask.Words!.Trim(), Actor = actor.Id, Name = actor.Name, MadeAt = clock.GetUtcNow() };
        db.Add(made);
        return await db.Commit(ledger, actor, new("case-appeal.decided", appeal!.Number, Evidence.Done, new { appeal.Id, made.Accepted, made.Words }), stop) is { } late ? late : View(appeal, made);
    }

    private static AppealView View(Appeal a, AppealDecision? d) => new(a.Id, a.Number, a.Asks, Appeal.Word(a.Asks).ToString(), a.Reason, a.Unit, a.Name, a.MadeAt, d?.Accepted, d?.Words, d?.Name, d?.MadeAt);

    private static IEnumerable<Fault> Words(string name, string? words) => words?.Trim() is { Length: > 0 and <= 500 } ? [] : [new(name, new("请说明理由，不超过 500 字", "says why, in at most 500 characters"))];
}
