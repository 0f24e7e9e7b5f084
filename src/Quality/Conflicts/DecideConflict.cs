// In: a conflict, and the source that counts with its reason (the bureau), or an objection (a unit that publishes it, once). Out: decided, or to be decided anew.
// Refuses others, sources that are none, and what lacks its reason; refusals are in the ledger too.
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Conflicts;

internal sealed class DecideConflict(ConflictsDb db, ILedger ledger, TimeProvider clock)
{
    /// <param name="Resource">With a decision: the id of the resource that counts.</param>
    /// <param name="Item">Of it.</param>
    internal sealed record Ask(ConflictStep Step, string? Words, Guid? Resource = null, Guid? Item = null);

    public async Task<Result<Conflict>> One(string number, Actor actor, CancellationToken stop) =>
        await db.Conflicts.FirstOrDefaultAsync(c => c.Number == number, stop) is { } found
        && (actor.Has(Roles.Engineer) || (actor.Has(Roles.Steward) && await db.Sources.AnyAsync(s => s.Conflict == found.Id && s.Unit == actor.Unit, stop))) ? found : Problems.NoConflict.With(number);

    public async Task<Result<Conflict>> Run(string number, Ask ask, Actor actor, CancellationToken stop)
    {
        var found = await One(number, actor, stop);
        if (found.Refused)
        {
            return found;
        }

        var conflict = found.Value;
        var sources = await db.Sources.AsNoTracking().Where(s => s.Conflict == conflict.Id).ToListAsync(stop);
        var objected = await db.Acts.AnyAsync(a => a.Conflict == conflict.Id && a.Step == ConflictStep.Dissent && a.Unit == actor.Unit, stop);
        var next = Next(conflict, ask, actor, sources, objected);
        if (next.Refused)
        {
            await ledger.Append(actor, new($"conflict.{ask.Step.ToString().ToLowerInvariant()}", number, next.Problem!.Code), stop);
            return next.Problem!;
        }

        if (ask.Step == ConflictStep.Decide)
        {
            (conflict.Resource, conflict.Item, conflict.Reason, conflict.DecidedBy, conflict.DecidedAt) = (ask.Resource, ask.Item, ask.Words!.Trim(), actor.Name, clock.GetUtcNow());
            db.Tell(new SourceDecided(number, [.. sources.Select(s => s.Resource).Distinct()]), clock);
        }

        db.Note(conflict, ask.Step, next.Value, actor, clock.GetUtcNow(), ask.Words!.Trim());
        var late = await db.Commit(
            ledger, [(actor, new($"conflict.{ask.Step.ToString().ToLowerInvariant()}", number, Evidence.Done, new { ask.Resource, reason = ask.Words }) { Exchange = new() { Resource = ask.Resource, Provider = sources.Find(s => s.Resource == ask.Resource)?.Unit } })], stop);
        return late is null ? conflict : late;
    }

    /// <summary>Where a step leads. Pure.</summary>
    /// <param name="objected">Whether the actor's unit objected before.</param>
    public static Result<ConflictState> Next(Conflict conflict, Ask ask, Actor actor, IReadOnlyList<ConflictSource> sources, bool objected) => ask.Step switch
    {
        ConflictStep.Decide when !actor.Has(Roles.Engineer) => Problems.ConflictBureau,
        ConflictStep.Decide when conflict.State == ConflictState.Ended => Problems.ConflictState.With(ConflictWords.Of(conflict.State)),
        ConflictStep.Decide => Reasoned(ask) && sources.Any(s => s.Resource == ask.Resource && s.Item == ask.Item) ? ConflictState.Decided : Problems.ConflictWords,
        ConflictStep.Dissent when objected || !actor.Has(Roles.Steward) || sources.All(s => s.Unit != actor.Unit) => Problems.ConflictParty,
        ConflictStep.Dissent when conflict.State == ConflictState.Decided => Reasoned(ask) ? ConflictState.Objected : Problems.ConflictWords,
        _ => Problems.ConflictState.With(ConflictWords.Of(conflict.State)),
    };

    private static bool Reasoned(Ask ask) => ask.Words?.Trim().Length is > 0 and <= 1_000;
}
