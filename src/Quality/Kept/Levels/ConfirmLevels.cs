// In: items whose suggested level is not the one they have, and a person's word. Out: confirmed, the catalogue has the level (a draft, where a steward says so); declined, it is not suggested again. All in the ledger.
// Nothing is changed without a person; lowering a level takes an engineer of the bureau, that of what a model computes two persons and another page.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Contracts.Standards;
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

internal sealed class ConfirmLevels(KeptDb db, ICatalog catalog, IElements elements, ILevels levels, IUnits units, IEnumerable<IComputedRows> computed, ILedger ledger, TimeProvider clock) : ILevelHints
{
    /// <summary>Those the actor may decide about, raises first, the surest first.</summary>
    /// <param name="only">A resource; null for all.</param>
    public async Task<IReadOnlyList<LevelLine>> All(Guid? only, Actor actor, CancellationToken stop)
    {
        var names = (await units.All(stop)).ToDictionary(u => u.Id, u => u.Name);
        var (looks, bound) = (await Looks(only, stop), await Bound(stop));
        var declined = (await db.LevelWords.AsNoTracking().Where(w => !w.Confirmed && (only == null || w.Resource == only)).Select(w => new { w.Item, w.Suggested }).ToListAsync(stop)).Select(w => (w.Item, w.Suggested)).ToHashSet();
        return
        [
            .. (await catalog.All(stop)).Where(c => (only is null || c.Id == only) && actor.ActsFor(c.Unit)).SelectMany(c => Judge(c.Id, c.Items, looks, bound).Select(j => (Card: c, j.Item, j.Found)))
                .Where(l => l.Found is not null && l.Found.Level != l.Item.Level && !declined.Contains((l.Item.Id, l.Found.Level)))
                .Select(l => new LevelLine(l.Card.Id, l.Card.Name, l.Card.Unit, names.GetValueOrDefault(l.Card.Unit, "—"), l.Item.Id, l.Item.Name, l.Item.Column, l.Item.Level, l.Found!.Level, l.Found.Confidence, l.Found.Why))
                .OrderBy(l => l.Lowers).ThenByDescending(l => l.Suggested).ThenByDescending(l => l.Confidence).ThenBy(l => l.ResourceName, StringComparer.Ordinal),
        ];
    }

    public async Task<IReadOnlyList<HigherLevel>> Higher(Guid resource, IReadOnlyList<ItemCard> items, CancellationToken stop) =>
    [
        .. Judge(resource, items, await Looks(resource, stop), await Bound(stop)).Where(j => j.Found is { } found && found.Level > j.Item.Applied)
            .Select(j => new HigherLevel(j.Item, j.Found!.Level, j.Found.Why)),
    ];

    /// <summary>Each item with the level suggested for it among the others; null where no rule fits.</summary>
    private static IEnumerable<(ItemCard Item, LevelSuggestion? Found)> Judge(
        Guid resource, IReadOnlyList<ItemCard> items, Dictionary<(Guid, string), string> looks, Dictionary<string, ElementCard> bound)
    {
        List<(ItemCard Item, List<ValueCheck> Looks)> seen = [.. items.Select(i => (i, Checks(looks.GetValueOrDefault((resource, i.Column.ToLowerInvariant())))))];
        var beside = seen.Where(s => SuggestLevels.Identifies(s.Item, s.Looks)).Select(s => SuggestLevels.Of(s.Item, s.Looks)?.Level).Max();
        return seen.Select(s => (s.Item, SuggestLevels.Beside(
            SuggestLevels.Of(s.Item, s.Looks), s.Item, s.Item.Element is { } code && bound.TryGetValue(code, out var element) ? (element.Level!.Value, element.Name) : null, beside)));
    }

    private async Task<Dictionary<(Guid, string), string>> Looks(Guid? only, CancellationToken stop) =>
        (await db.Prints.AsNoTracking().Where(p => p.Looks != "" && (only == null || p.Resource == only)).Select(p => new { p.Resource, p.Item, p.Looks }).ToListAsync(stop)).ToDictionary(p => (p.Resource, p.Item.ToLowerInvariant()), p => p.Looks);

    /// <summary>The elements that have a level.</summary>
    private async Task<Dictionary<string, ElementCard>> Bound(CancellationToken stop) =>
        (await elements.All(stop)).Where(e => e.Level is not null).ToDictionary(e => e.Code, StringComparer.Ordinal);

    /// <returns>Whether the level is in force in the catalogue; false for a draft, or a declined one.</returns>
    public async Task<Result<bool>> Decide(Guid resource, Guid item, bool confirm, string? reason, Actor actor, CancellationToken stop)
    {
        var line = (await All(resource, actor, stop)).FirstOrDefault(l => l.Item == item);
        var fault = line is null ? Problems.NoLevel
            : reason?.Trim().Length is > 200 || (string.IsNullOrWhiteSpace(reason) && (!confirm || line.Lowers)) ? Problems.NoReason
            : confirm && line.Lowers && !actor.Has(Roles.Engineer) ? Problems.LowersLevel
            : confirm && line.Lowers && await computed.MadeBy(resource, stop) is not null ? Problems.LowersComputed.With(line.ResourceName, line.ItemName) : null;
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
