// In: a resource, or none for all others, the share of good rows asked for, from which day and why. Out: a line of the table of thresholds; batches held back that reach it are admitted.
// It holds for batches that land from its first day on. Refuses others than the bureau, days gone by, and shares out of range.
using Lizhou.Contracts;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Quality.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Gates;

internal sealed class SetThreshold(TicketsDb db, ICatalog catalog, JudgeBatch judge, ILedger ledger, TimeProvider clock)
{
    /// <param name="Resource">Its code; null or empty for all that have none of their own.</param>
    /// <param name="Least">Percent, 0 to 100.</param>
    /// <param name="From">First day; null for today.</param>
    /// <param name="Held">Whether batches held back now are judged by it too.</param>
    internal sealed record Ask(string? Resource, decimal Least, string? Reason, DateOnly? From = null, bool Held = false);

    /// <summary>Characters of a resource's code.</summary>
    private const int Longest = 60;

    public Task<List<Threshold>> All(CancellationToken stop) => db.Thresholds.AsNoTracking().OrderBy(t => t.Resource).ThenByDescending(t => t.ValidFrom).ToListAsync(stop);

    public async Task<Problem?> Run(Ask ask, Actor actor, CancellationToken stop)
    {
        var (now, today) = (clock.GetUtcNow(), clock.Today());
        var from = ask.From ?? today;
        var card = string.IsNullOrWhiteSpace(ask.Resource) || ask.Resource.Length > Longest ? null : await catalog.Published(ask.Resource.Trim(), stop);
        Text? fault = !actor.Has(Roles.Engineer) ? new("由主管部门设定。", "the bureau sets it.")
            : ask.Resource?.Length > Longest ? new("资源代码不超过 60 个字符。", "a resource's code has at most 60 characters.")
            : !string.IsNullOrWhiteSpace(ask.Resource) && card is null ? new("没有这个已发布的资源。", "there is no such published resource.")
            : ask.Least is < 0 or > 100 ? new("门槛为 0 到 100。", "it is 0 to 100.")
            : from < today ? new("生效日期不能早于今天。", "it cannot begin before today.")
            : ask.Reason?.Trim().Length is null or 0 or > 200 ? new("请写明理由，不超过 200 字。", "its reason is missing, at most 200 characters.")
            : null;
        if (fault is { } text)
        {
            await ledger.Append(actor, new("gate.changed", card?.Code ?? "—", Problems.BadThreshold.Code), stop);
            return Problems.BadThreshold.With(text);
        }

        var resource = card?.Id;
        var others = await db.Thresholds.Where(t => t.Resource == resource).ToListAsync(stop);
        db.Thresholds.RemoveRange(others.Where(t => t.ValidFrom == from));
        foreach (var line in others.Where(t => t.ValidFrom < from && (t.ValidUntil is null || t.ValidUntil > from)))
        {
            line.ValidUntil = from;
        }

        var next = Validity.Begin(from, others.Select(t => t.ValidFrom)).Until;
        db.Thresholds.Add(new() { Id = Guid.CreateVersion7(now), Resource = resource, Least = (int)(ask.Least * 100), ValidFrom = from, ValidUntil = next, Reason = ask.Reason!.Trim(), MadeBy = actor.Name, MadeAt = now });
        List<(Actor, Evidence)> evidence = [(actor, new("gate.changed", card?.Code ?? "*", Evidence.Done, new { least = ask.Least, from, reason = ask.Reason }))];
        if (ask.Held && from == today)
        {
            await Again(resource, (int)(ask.Least * 100), evidence, stop);
        }

        return await db.Commit(ledger, evidence, stop);
    }

    private async Task Again(Guid? resource, int least, List<(Actor, Evidence)> evidence, CancellationToken stop)
    {
        var today = clock.Today();
        var own = (await db.Thresholds.AsNoTracking().Where(t => t.Resource != null).ToListAsync(stop)).Where(t => t.Holds(today)).Select(t => t.Resource).ToHashSet();
        foreach (var batch in await db.Batches.Where(b => !b.Admitted && !b.Undone && (resource == null || b.Resource == resource)).ToListAsync(stop))
        {
            if (resource is not null || !own.Contains(batch.Resource))
            {
                batch.Least = least;
                judge.Decide(batch, evidence);
            }
        }
    }
}
