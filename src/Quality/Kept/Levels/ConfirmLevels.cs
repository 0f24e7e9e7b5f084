// In: items whose suggested level is not the one they have, and a person's word. Out: confirmed, the catalogue has the level (a draft, where a steward says so); declined, it is not suggested again. All in the ledger.
// Nothing is changed without a person; lowering a level takes an engineer of the bureau.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Lake;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept.Levels;

/// <summary>What a person said about a suggested level.</summary>
internal sealed class LevelWord
{
    public Guid Id { get; init; }

    public Guid Resource { get; init; }

    public Guid Item { get; init; }

    public Level Suggested { get; init; }

    public bool Confirmed { get; init; }

    public string Reason { get; init; } = "";

    public string MadeBy { get; init; } = "";

    public DateTimeOffset MadeAt { get; init; }
}

/// <summary>An item whose suggested level is another than its own.</summary>
/// <param name="Level">Null: not classified.</param>
internal sealed record LevelLine(Guid Resource, string ResourceName, Guid Unit, string UnitName, Guid Item, string ItemName, string Column, Level? Level, Level Suggested, double Confidence, IReadOnlyList<Text> Why)
{
    public bool Lowers => Level is { } level && Suggested < level;
}

internal sealed class ConfirmLevels(KeptDb db, ICatalog catalog, ILevels levels, IUnits units, ILedger ledger, TimeProvider clock)
{
    /// <summary>Those the actor may decide about, raises first, the surest first.</summary>
    /// <param name="only">A resource; null for all.</param>
    public async Task<IReadOnlyList<LevelLine>> All(Guid? only, Actor actor, CancellationToken stop)
    {
        var names = (await units.All(stop)).ToDictionary(u => u.Id, u => u.Name);
        var looks = (await db.Prints.AsNoTracking().Where(p => p.Looks != "" && (only == null || p.Resource == only)).Select(p => new { p.Resource, p.Item, p.Looks }).ToListAsync(stop)).ToDictionary(p => (p.Resource, p.Item.ToLowerInvariant()), p => p.Looks);
        var declined = (await db.LevelWords.AsNoTracking().Where(w => !w.Confirmed && (only == null || w.Resource == only)).Select(w => new { w.Item, w.Suggested }).ToListAsync(stop)).Select(w => (w.Item, w.Suggested)).ToHashSet();
        return
        [
            .. (await catalog.All(stop)).Where(c => (only is null || c.Id == only) && actor.ActsFor(c.Unit)).SelectMany(c => c.Items.Select(i => (Card: c, Item: i, Found: SuggestLevels.Of(i, Checks(looks.GetValueOrDefault((c.Id, i.Column.ToLowerInvariant())))))))
                .Where(l => l.Found is not null && l.Found.Level != l.Item.Level && !declined.Contains((l.Item.Id, l.Found.Level)))
                .Select(l => new LevelLine(l.Card.Id, l.Card.Name, l.Card.Unit, names.GetValueOrDefault(l.Card.Unit, "—"), l.Item.Id, l.Item.Name, l.Item.Column, l.Item.Level, l.Found!.Level, l.Found.Confidence, l.Found.Why))
                .OrderBy(l => l.Lowers).ThenByDescending(l => l.Suggested).ThenByDescending(l => l.Confidence).ThenBy(l => l.ResourceName, StringComparer.Ordinal),
        ];
    }

    /// <returns>Whether the level is in force in the catalogue; false for a draft, or a declined one.</returns>
    public async Task<Result<bool>> Decide(Guid resource, Guid item, bool confirm, string? reason, Actor actor, CancellationToken stop)
    {
        var line = (await All(resource, actor, stop)).FirstOrDefault(l => l.Item == item);
        var fault = line is null ? Problems.NoLevel
            : reason?.Trim().Length is > 200 || (string.IsNullOrWhiteSpace(reason) && (!confirm || line.Lowers)) ? Problems.NoReason
            : confirm && line.Lowers && !actor.Has(Roles.Engineer) ? Problems.LowersLevel : null;
        if (fault is not null)
        {
            await ledger.Append(actor, new("level.decided", resource.ToString(), fault.Code), stop);
            return fault;
        }

        var set = confirm ? await levels.Set(resource, item, line!.Suggested, string.IsNullOrWhiteSpace(reason) ? string.Join("；", line.Why) : reason.Trim(), actor, stop) : false;
        if (set.Refused)
        {
            return set;
        }

        var now = clock.GetUtcNow();
        db.LevelWords.Add(new() { Id = Guid.CreateVersion7(now), Resource = resource, Item = item, Suggested = line!.Suggested, Confirmed = confirm, Reason = reason?.Trim() ?? "", MadeBy = actor.Name, MadeAt = now });
        var evidence = new Evidence("level.decided", resource.ToString(), Evidence.Done, new { item = line.Column, was = line.Level?.ToString(), suggested = line.Suggested.ToString(), confirm, reason }) { Exchange = new() { Provider = line.Unit, Resource = resource } };
        return await db.Commit(ledger, [(actor, evidence)], stop) is { } late ? late : set;
    }

    private static List<ValueCheck> Checks(string? looks) => [.. (looks ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<ValueCheck>)];
}
