// In: data of a resource changed: a batch came or went, a model was computed or its run undone. Out: each unit that took rows of it under a grant is told how many of those it may have changed or went, with the cursor that gives
// the difference; the place up to which it was told moves in the same transaction, so nobody is told twice.
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Computing;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Grants;

/// <summary>Rows taken under a grant that changed or went afterwards.</summary>
internal sealed class Correction
{
    public Guid Id { get; init; }

    public Guid Granted { get; init; }

    /// <summary>The changes since it are the difference.</summary>
    public string Cursor { get; init; } = "";

    public long ToSnapshot { get; init; }

    public long Changed { get; init; }

    public long Withdrawn { get; init; }

    public DateTimeOffset At { get; init; }
}

internal sealed class NoticeCorrections(SharingDb db, IChangeGate gate, JobQueue jobs, TimeProvider clock) : IJob<NoticeCorrections.Body>, IHandle<BatchLanded>, IHandle<BatchUndone>, IHandle<ModelBuilt>
{
    internal sealed record Body(Guid Resource);

    public Task Handle(BatchLanded fact, Guid delivery, CancellationToken stop) => jobs.Add(new Body(fact.Resource), $"corrections:{delivery:D}", stop: stop);

    public Task Handle(BatchUndone fact, Guid delivery, CancellationToken stop) => jobs.Add(new Body(fact.Resource), $"corrections:{delivery:D}", stop: stop);

    public Task Handle(ModelBuilt fact, Guid delivery, CancellationToken stop) => jobs.Add(new Body(fact.Model), $"corrections:{delivery:D}", stop: stop);

    public async Task Run(Body body, JobRun run, CancellationToken stop)
    {
        foreach (var grant in await db.Grants.AsNoTracking().Where(g => g.Resource == body.Resource && g.Noticed != null && g.State == GrantState.Active).ToListAsync(stop))
        {
            await Notice(grant, stop);
        }
    }

    private async Task Notice(SharedGrant grant, CancellationToken stop)
    {
        // Of every level: the holder is told how many rows changed, and gets none of them by it.
        var actor = new Actor(Guid.Empty, grant.Number, grant.Unit, new HashSet<string>([Roles.Steward], StringComparer.Ordinal)) { Label = 4 };
        var counted = await gate.Count(new(grant.Resource, grant.Purpose, grant.Id, grant.Noticed), actor, stop);
        if (counted.Refused && !grant.Holds(clock.GetUtcNow()))
        {
            return;
        }

        // A view that changed, or a snapshot too old: what was taken cannot be compared any more. The unit is told to take it anew.
        var (now, next) = (clock.GetUtcNow(), counted.Refused ? null : counted.Value.Cursor);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        if (await db.Grants.Where(g => g.Id == grant.Id && g.Noticed == grant.Noticed).ExecuteUpdateAsync(s => s.SetProperty(g => g.Noticed, next), stop) == 0)
        {
            return;
        }

        if (counted.Refused)
        {
            db.Notify(grant.Unit, "anew", $"{grant.Number} {grant.ResourceName}", $"/grants/{grant.Number}", now);
        }
        else if (counted.Value.Counts is { } counts && counts.Changed + counts.Withdrawn > 0)
        {
            db.Corrections.Add(new()
            {
                Id = Guid.CreateVersion7(now), Granted = grant.Id, Cursor = grant.Noticed!, ToSnapshot = counted.Value.To, Changed = counts.Changed, Withdrawn = counts.Withdrawn, At = now,
            });
            db.Notify(grant.Unit, "corrected", $"{grant.Number} {grant.ResourceName}", $"/grants/{grant.Number}", now);
        }

        await db.SaveChangesAsync(stop);
        await transaction.CommitAsync(stop);
    }
}
