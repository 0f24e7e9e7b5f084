// In: rows of a resource. Out: the rules that flag them, from what the last scan named.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept;

internal sealed class TellFlags(KeptDb db, ReadFlagged read, ICatalog catalog) : IRowFlags
{
    private const int MostRules = 30;

    public async Task<IReadOnlyDictionary<RowOrigin, IReadOnlyList<string>>> Of(Guid resource, IReadOnlyCollection<RowOrigin> rows, Actor actor, CancellationToken stop)
    {
        var flags = rows.Distinct().ToDictionary(r => r, _ => new List<string>());
        if (flags.Count > 0 && await catalog.Published(resource, stop) is { } card && await db.Scans.AsNoTracking().FirstOrDefaultAsync(s => s.Resource == resource, stop) is { } scan)
        {
            foreach (var count in KeptDb.From<List<RuleCount>>(scan.Rules).Where(c => c is { Rows: true, Failed: > 0 }).Take(MostRules))
            {
                if (await read.Find(resource, count.Rule, null, actor, stop) is { Refused: false } found)
                {
                    foreach (var row in found.Value.Set.Provenance.Distinct().Where(flags.ContainsKey))
                    {
                        flags[row].Add(BoundRules.Called(count.Rule, card));
                    }
                }
            }
        }

        return flags.Where(f => f.Value.Count > 0).ToDictionary(f => f.Key, f => (IReadOnlyList<string>)f.Value);
    }
}
