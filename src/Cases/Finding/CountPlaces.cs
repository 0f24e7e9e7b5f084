// In: a filter and who looks. Out: how many of all the cases found lie at each place, and by which light; the cases of some places. Grouped by the database: however many there are, an index holds what is counted of open ones.
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Finding;

/// <param name="Red">Past their limit.</param>
/// <param name="Running">Whose clock runs; the others end, stand or have none.</param>
internal sealed record PlaceCount(string Place, int Many, int Red, int Yellow, int Running);

internal sealed class CountPlaces(CasesDb db, FindCases find, TimeProvider clock)
{
    /// <summary>Cases read of some places, at most.</summary>
    public const int MostRead = 400;

    /// <summary>All lights in one pass: a query for each would look anew at who may see what.</summary>
    public async Task<IReadOnlyList<PlaceCount>> Run(CaseFilter filter, Actor actor, CancellationToken stop)
    {
        var (places, now) = ((await find.Many(filter, actor, stop)).GroupBy(f => f.Place), clock.GetUtcNow());
        return await (filter.Ended == true // No clock runs: none is looked at.
            ? places.Select(g => new PlaceCount(g.Key, g.Count(), 0, 0, 0))
            : places.Select(g => new PlaceCount(g.Key, g.Count(), g.Count(f => f.DueAt < now), g.Count(f => f.DueAt >= now && f.WarnAt <= now), g.Count(f => f.DueAt != null)))).ToListAsync(stop);
    }

    /// <summary>The newest of those the filter finds at the places.</summary>
    public async Task<IReadOnlyList<CaseFile>> At(IReadOnlyCollection<string> places, CaseFilter filter, Actor actor, CancellationToken stop)
    {
        List<string> numbers = places.Count == 0 ? [] : await (await find.Many(filter, actor, stop)).Where(f => EF.Parameter(places).Contains(f.Place)).Select(f => f.Number).OrderDescending().Take(MostRead).ToListAsync(stop);
        return numbers.Count == 0 ? [] : await db.Files.AsNoTracking().Where(f => EF.Parameter(numbers).Contains(f.Number)).ToListAsync(stop);
    }
}
