// In: a filter and who looks. Out: the map of all cases it finds: counted where they are many, read where they are few.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Finding;
using Lizhou.Kernel;

namespace Lizhou.Cases.Centre;

internal sealed class DrawMap(CountPlaces counts, DeskBook desks, TimeProvider clock)
{
    public async Task<CaseMap> Run(CaseFilter filter, Actor actor, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        // What has ended is on the map where its state was asked for.
        var of = filter with { Ended = Ended(filter.State, desk), After = null };
        var (many, node) = (await counts.Run(of, actor, stop), filter.Node is { Length: > 0 } named ? named : null);
        return CaseMap.Of(many, await counts.At(CaseMap.Few(many, desk, node), of, actor, stop), desk, node, clock.GetUtcNow());
    }

    /// <summary>Told to the database, for its indexes, where every version of the flow says so; null: some say so, some not.</summary>
    private static bool? Ended(string? state, Desk desk) =>
        string.IsNullOrEmpty(state) ? false : desk.Flows.Values.Where(f => f.States.ContainsKey(state)).Select(f => f.States[state].Ended).Distinct().ToList() is [var one] ? one : null;
}
