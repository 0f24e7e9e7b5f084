// In: ids and codes that evidence has. Out: what the published resources among them are called, with their items.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal sealed class NameResources(ICatalog catalog) : IEvidenceNames
{
    public async Task<IReadOnlyDictionary<string, EvidenceName>> Of(IReadOnlyCollection<string> ids, CancellationToken stop)
    {
        var found = new Dictionary<string, EvidenceName>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            var card = Guid.TryParse(id, out var known) ? await catalog.Published(known, stop) : id.Contains('/', StringComparison.Ordinal) ? await catalog.Published(id, stop) : null;
            if (card is not null)
            {
                found[id] = new(card.Name, $"/catalog/{card.Id}", Roles.Data) { Items = card.Items.DistinctBy(i => i.Column, StringComparer.Ordinal).ToDictionary(i => i.Column, i => i.Name, StringComparer.Ordinal) };
            }
        }

        return found;
    }
}
