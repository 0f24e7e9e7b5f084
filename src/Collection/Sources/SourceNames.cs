// In: codes and ids on a page. Out: the names people know them by.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Organisation;

namespace Lizhou.Collection.Sources;

internal sealed class SourceNames(ICatalog catalog, IServiceProvider services)
{
    public async Task<IReadOnlyDictionary<string, string>> Resources(IEnumerable<string> codes, CancellationToken stop)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var code in codes.Distinct())
        {
            names[code] = (await catalog.Published(code, stop))?.Name ?? "—";
        }

        return names;
    }

    public async Task<IReadOnlyDictionary<Guid, string>> Units(IEnumerable<Guid> ids, CancellationToken stop)
    {
        var names = new Dictionary<Guid, string>();
        foreach (var id in ids.Distinct())
        {
            if (services.GetService(typeof(IUnits)) is IUnits units && await units.Find(id, stop) is { } unit)
            {
                names[id] = unit.Name;
            }
        }

        return names;
    }
}
