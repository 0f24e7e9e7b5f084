// In: a resource. Out: its exceptions to rules that its items bring, as the door of the landing layer asks for them; and the page on which one is registered.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Quality.Rules;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept;

internal sealed class TellExceptions(KeptDb db, TimeProvider clock) : IExceptions
{
    public async Task<IReadOnlyList<DocumentedException>> Of(ResourceCard resource, CancellationToken stop)
    {
        var today = clock.Today();
        var waivers = (await db.Waivers.AsNoTracking().Where(w => w.Resource == resource.Id && w.EndedAt == null).ToListAsync(stop)).Where(w => w.Holds(today)).ToList();
        if (waivers.Count == 0)
        {
            return [];
        }

        var rules = BoundRules.Of(resource).Select(b => b.Rule).ToDictionary(r => r.Name, StringComparer.Ordinal);
        return
        [
            .. waivers.Select(w => (Waiver: w, Rule: rules.GetValueOrDefault(w.Rule))).Where(e => e.Rule is not null && Lifted(e.Rule.Kind) is not null)
                .Select(e => new DocumentedException(e.Rule!.Columns[0], Lifted(e.Rule.Kind)!.Value, e.Waiver.Item, e.Waiver.Value)),
        ];
    }

    public string Page(Guid resource, ItemCard item, ExceptedRule rule, string? value)
    {
        var name = BoundRules.Of(item).FirstOrDefault(r => Lifted(r.Kind) == rule)?.Name ?? "";
        var told = value is null ? "" : $"&value={Uri.EscapeDataString(value)}";
        return $"/quality/{resource}?tab=exceptions&rule={Uri.EscapeDataString(name)}&item={Uri.EscapeDataString(item.Column)}{told}";
    }

    private static ExceptedRule? Lifted(RuleKind kind) => kind switch
    {
        RuleKind.Format => ExceptedRule.Format,
        RuleKind.CheckCharacter => ExceptedRule.Check,
        RuleKind.CodeList => ExceptedRule.Codes,
        _ => null,
    };
}
