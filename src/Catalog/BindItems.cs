// In: a resource, and for some of its items the data element each is to be bound to, or none. Out: its draft says so, and the items have the element's type, format, codes, check and level.
// Refuses elements that are not in force, and what a change of the resource refuses.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal sealed class BindItems(Register register, IElements elements, ICodeLists lists)
{
    /// <param name="Element">Null takes the binding away; the item stays as it is.</param>
    /// <param name="Resolve">Whether codes of its list that ended land as today's; else they are rejected, with today's as the reason.</param>
    internal sealed record Binding(Guid Item, string? Element, bool Resolve = false);

    /// <param name="Revision">The one its sender saw; null to write over whatever is there.</param>
    internal sealed record Request(IReadOnlyList<Binding>? Bindings, long? Revision = null);

    public async Task<Result<ResourceView>> Run(Guid id, Request ask, Actor actor, CancellationToken stop)
    {
        var wished = (ask.Bindings ?? []).GroupBy(b => b.Item).ToDictionary(g => g.Key, g => g.Last());
        var known = (await elements.All(stop)).ToDictionary(e => e.Code, StringComparer.Ordinal);
        if (wished.Values.Select(w => w.Element).OfType<string>().FirstOrDefault(e => !known.ContainsKey(e)) is { } stranger)
        {
            return Problems.NoSuchElement.With(stranger);
        }

        List<ElementCard> meant = [.. wished.Values.Select(w => w.Element).OfType<string>().Select(e => known[e])];
        var (codes, former) = (await Codes(meant, stop), await Former(meant, stop));
        return await register.Do(actor, "catalog.bind", id.ToString(), async work =>
        {
            if (await work.Head(id) is not { } head || await work.Version(id, head.Latest) is not { } entry)
            {
                return Problems.NotFound.With(id);
            }

            ItemCard Bound(ItemCard item) => !wished.TryGetValue(item.Id, out var to) ? item
                : to.Element is null ? item with { Element = null, Former = null }
                : known[to.Element].CodeList is not { } list ? known[to.Element].Over(item, null)
                : known[to.Element].Over(item, codes.GetValueOrDefault(list), former.GetValueOrDefault(list) is { } ended ? new(to.Resolve, ended) : null);
            var drafted = await ChangeResource.In(work, id, entry with { Items = [.. entry.Items.Select(Bound)] }, ask.Revision);
            if (!drafted.Refused)
            {
                work.Detail = new { version = drafted.Value.Opened, bound = wished.Count(w => w.Value.Element is not null), freed = wished.Count(w => w.Value.Element is null), resolve = wished.Count(w => w.Value.Resolve) };
            }

            return drafted;
        }, stop);
    }

    /// <summary>Where an item that is bound is no longer as its element has it; null when it is.</summary>
    public static Text? Differs(ItemCard item, ElementCard element, IReadOnlyList<string>? codes)
    {
        var meant = element.Over(item, codes);
        List<Text> parts = [];
        void Say(bool same, Text what)
        {
            if (!same)
            {
                parts.Add(what);
            }
        }

        Say(meant.Type == item.Type, new("类型", "type"));
        Say((meant.Length, meant.Precision, meant.Scale) == (item.Length, item.Precision, item.Scale), new("长度", "length"));
        Say(meant.Format == item.Format, new("格式", "format"));
        Say(meant.Check == item.Check, new("校验", "check"));
        Say((meant.Codes ?? []).SequenceEqual(item.Codes ?? []), new("代码集", "codes"));
        return parts.Count == 0 ? null : new(string.Join('、', parts.Select(p => p.Zh)), string.Join(", ", parts.Select(p => p.En)));
    }

    /// <summary>The codes of the elements' lists that ended; a list without such is left out.</summary>
    private async Task<Dictionary<string, IReadOnlyList<FormerCode>>> Former(IReadOnlyList<ElementCard> of, CancellationToken stop)
    {
        var former = new Dictionary<string, IReadOnlyList<FormerCode>>(StringComparer.Ordinal);
        foreach (var list in of.Select(e => e.CodeList).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (await lists.Former(list, stop) is { Count: > 0 } ended)
            {
                former[list] = ended;
            }
        }

        return former;
    }

    /// <summary>The codes in force today of the elements' lists.</summary>
    public async Task<Dictionary<string, IReadOnlyList<string>>> Codes(IReadOnlyList<ElementCard> of, CancellationToken stop)
    {
        var codes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var list in of.Select(e => e.CodeList).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (await lists.InForce(list, register.Clock.Today(), stop) is { } cards)
            {
                codes[list] = [.. cards.Select(c => c.Code)];
            }
        }

        return codes;
    }
}
