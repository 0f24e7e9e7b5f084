// In: a resource. Out: for each item of its newest version the element it is bound to, whether it still is as that has it, and what it may be bound to, with reasons.
// Values count where somebody wants them looked at and may see them unmasked: the look is recorded like any other.
using System.Globalization;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Catalog;

/// <param name="Bound">Null when it is bound to none.</param>
/// <param name="Differs">In what it no longer is as its element has it; null when it is, or is bound to none.</param>
/// <param name="Suggested">The likeliest first; of bound items too.</param>
/// <param name="Naming">What the naming rule says is wrong with its column; null for nothing.</param>
internal sealed record ItemElement(ItemCard Item, ElementCard? Bound, Text? Differs, IReadOnlyList<ElementSuggestion> Suggested, Text? Naming);

internal sealed class ItemElements(Register register, IElements elements, BindItems bind, IServiceProvider rooms)
{
    private const int Looked = 50;

    public async Task<Result<(ResourceView View, List<ItemElement> Items)>> Of(Guid id, bool look, Actor actor, CancellationToken stop)
    {
        var found = await GetResource.Run(register, id, null, actor, stop);
        if (!found.Refused && found.Value.Opened is { } opened && actor.ActsFor(found.Value.Entry.Unit))
        {
            found = await GetResource.Run(register, id, opened, actor, stop);
        }

        if (found.Refused)
        {
            return found.Problem!;
        }

        var items = found.Value.Entry.Items;
        var all = (await elements.All(stop)).ToDictionary(e => e.Code, StringComparer.Ordinal);
        var codes = await bind.Codes([.. items.Select(i => i.Element is { } code ? all.GetValueOrDefault(code) : null).OfType<ElementCard>()], stop);
        var suggested = await elements.Suggest(items, await Values(id, items, look && found.Value.Published is not null, actor, stop), stop);
        var naming = await elements.Naming(stop);
        return (found.Value, [.. items.Select((item, i) =>
        {
            var bound = item.Element is { } code ? all.GetValueOrDefault(code) : null;
            return new ItemElement(item, bound, bound is null ? null : BindItems.Differs(item, bound, bound.CodeList is { } list ? codes.GetValueOrDefault(list) : null), suggested[i], naming(item.Column));
        })]);
    }

    private async Task<IReadOnlyList<IReadOnlyList<string>>> Values(Guid id, IReadOnlyList<ItemCard> items, bool look, Actor actor, CancellationToken stop)
    {
        if (!look || rooms.GetService<IRowGate>() is not { } gate
            || await gate.Read(new RowAsk(id, Purposes.Preview, Take: Looked) { Count = false }, actor, stop) is not { Refused: false } read)
        {
            return [];
        }

        var at = read.Value.Items.Select((decision, i) => (decision, i)).Where(d => d.decision.Verdict == Verdict.Allow).ToDictionary(d => d.decision.Item.Id, d => d.i);
        return [.. items.Select(item => at.TryGetValue(item.Id, out var column)
            ? (IReadOnlyList<string>)[.. read.Value.Rows.Select(row => Convert.ToString(row[column], CultureInfo.InvariantCulture) ?? "")] : [])];
    }
}
