// In: a rule that looks into another table, the unit whose data it judges, and who writes it. Out: that table. Refuses what the catalogue does not have, another unit's items that not everybody may see, and the author's
// own unit's where they see them masked: what a rule counts over values tells them.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Kept;

internal sealed class OtherTables(ICatalog catalog, Warehouse lake, IRowGate gate)
{
    /// <summary>What may be read of another unit's data: what anybody in the house may see in clear.</summary>
    private const Level MostOfOthers = Level.L2;

    /// <param name="author">Null for a rule in force, which was somebody's to write.</param>
    public async Task<Result<Table>> Find(Guid unit, Rule rule, Actor? author, CancellationToken stop)
    {
        var side = rule.Other!.Split('.');
        var columns = rule.Kind == RuleKind.Agrees ? [rule.OtherKey ?? rule.Columns[0], side[2]] : new[] { side[2] };
        if (await catalog.ByTable(side[1], stop) is not { } card)
        {
            return Problems.NoOther.With(rule.Name, rule.Other);
        }

        if (await lake.Find(side[0], side[1], stop: stop) is not { } table)
        {
            return await lake.Resource(side[1], stop: stop) is null ? Problems.OtherEmpty.With(rule.Name, card.Name) : Problems.NoOther.With(rule.Name, rule.Other);
        }

        var items = columns.Select(c => card.Items.FirstOrDefault(i => string.Equals(i.Column, c, StringComparison.OrdinalIgnoreCase))).OfType<ItemCard>().ToList();
        if (items.Count < columns.Length)
        {
            return Problems.NoOther.With(rule.Name, rule.Other);
        }

        var sight = author is null || card.Unit != unit ? null : await Sight.Of(card, gate, author, stop);
        return items.FirstOrDefault(i => i.Applied > MostOfOthers && (card.Unit != unit || sight?.Clear(i.Column) == false)) is { } item
            ? Problems.OtherNotSeen.With(rule.Name, $"{card.Name}.{item.Name}", item.Applied) : table;
    }
}
