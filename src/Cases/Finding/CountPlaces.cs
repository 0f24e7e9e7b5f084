// In: a filter and who looks. Out: how many of all the cases found lie at each place, and by which light; the cases of some places. Grouped by the database: however many there are, an index holds what is counted of open ones.
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Finding;

/// <param name="Red">Past their limit.</param>
/// <param name="Running">Whose clock runs; the others end, stand or have none.</param>
internal sealed record PlaceCount(string Place, int Many, int Red, int Yellow, int Running);

internal sealed class CountPlaces(CasesDb db, FindCases find)
{
    /// <summary>Cases read of some places, at most.</summary>
    public const int MostRead = 400;

    public async Task<IReadOnlyList<PlaceCount>> Run(CaseFilter filter, Actor actor, CancellationToken stop)
    {
        var all = await (await find.Many(filter, actor, stop)).GroupBy(f => f.Place).Select(g => new { g.Key, Many = g.Count(), Running = g.Count(f => f.DueAt != null) }).ToListAsync(stop);
        var runs = all.Exists(p => p.Running > 0);
        var (red, yellow) = (await Of(Light.Red), await Of(Light.Yellow));
        return [.. all.Select(p => new PlaceCount(p.Key, p.Many, red.GetValueOrDefault(p.Key), yellow.GetValueOrDefault(p.Key), p.Running))];

        async Task<IReadOnlyDictionary<string, int>> Of(Light light) => !runs || (filter.Light is { } asked && asked != light) ? new Dictionary<string, int>() : filter.Light == light ? all.ToDictionary(p => p.Key, p => p.Many)
            : await (await find.Many(filter with { Light = light }, actor, stop)).GroupBy(f => f.Place).Select(g => new { g.Key, Many = g.Count() }).ToDictionaryAsync(p => p.Key, p => p.Many, stop);
    }

    /// <summary>The newest of those the filter finds at the places.</summary>
    public async Task<IReadOnlyList<CaseFile>> At(IReadOnlyCollection<string> places, CaseFilter filter, Actor actor, CancellationToken stop)
    {
        List<string> numbers = places.Count == 0 ? [] : await (await find.Many(filter, actor, stop)).Where(f => EF.Parameter(places).Contains(f.Place)).Select(f => f.Number).OrderDescending().Take(MostRead).ToListAsync(stop);
        return numbers.Count == 0 ? [] : await db.Files.AsNoTracking().Where(f => EF.Parameter(numbers).Contains(f.Number)).ToListAsync(stop);
    }
}
