// In: a class, a place, both or neither. Out: every (class, place) without an answering node: where nobody is on a duty, at the place or above it, or no unit would be proposed for handling; as pages, and whole as CSV.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Classes;
using Lizhou.Cases.Dispatching;
using Lizhou.Cases.Flows;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular.Writers;

namespace Lizhou.Cases.Nodes;

/// <summary>A class and a place whose cases stand still somewhere.</summary>
/// <param name="Duties">That nobody has there, of <see cref="FlowWords.Duties"/>.</param>
/// <param name="Unit">Whether no unit is proposed: the class has none that is active, and no row of the dispatch table in force answers every grade.</param>
internal sealed record PairGap(string Class, string ClassName, string Place, string PlaceName, NodeKind Kind, IReadOnlyList<string> Duties, bool Unit)
{
    /// <summary>What lacks, in words.</summary>
    public string What => string.Join('、', [.. Duties.Select(d => FlowWords.Duties[d].ToString()), .. Unit ? [FlowWords.Roles["handler"].ToString()] : Array.Empty<string>()]);
}

/// <param name="Pairs">Classes in force times places of the register.</param>
/// <param name="Open">Of them without an answer, under no filter.</param>
internal sealed record GapReport(long Pairs, long Open, Page<PairGap> Gaps);

internal sealed class FindGaps(DeskBook desks)
{
    /// <param name="Class">A class or the beginning of one; null or empty: all.</param>
    /// <param name="Place">A node and all below it; null or empty: all.</param>
    internal sealed record Filter(string? Class = null, string? Place = null);

    public async Task<GapReport> Run(Filter filter, PageAsk page, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        var (open, met, shown) = (0L, 0L, new List<PairGap>());
        foreach (var pair in Pairs(desk))
        {
            open++;
            if (Meets(pair, filter) && met++ >= page.Skip && shown.Count < page.Rows)
            {
                shown.Add(Told(pair, desk));
            }
        }

        return new((long)desk.Classes.Count * desk.Nodes.Places.Count, open, new(shown, page.Number, page.Rows, met));
    }

    public async Task<ListFile> Csv(Filter filter, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        Text[] heads = [new("事件分类", "class"), new("分类名称", "name of the class"), new("节点", "place"), new("节点名称", "name of the place"), new("缺少", "lacks")];
        return ListFile.Of(
            "csv", "", [.. heads.Select(h => (h.ToString(), 20.0))],
            Pairs(desk).Where(p => Meets(p, filter)).Select(p => Told(p, desk)).Select(g => new string?[] { g.Class, g.ClassName, g.Place, g.PlaceName, g.What }));
    }

    /// <summary>By class, then place. There are as many as classes times places where nobody is named at all: each is told in words only where it is shown.</summary>
    internal static IEnumerable<Pair> Pairs(Desk desk)
    {
        var places = desk.Nodes.Places.Select(p => (Place: p, Duties: desk.Duties.Lacking(p))).ToList();
        foreach (var line in desk.Classes.Values.OrderBy(c => c.Code, StringComparer.Ordinal))
        {
            var answered = CheckTable.Answered(line, desk.Table?.Rows ?? [], desk);
            foreach (var (place, duties) in places)
            {
                var open = !answered(place);
                if (open || duties.Count > 0)
                {
                    yield return new(line, place, duties, open);
                }
            }
        }
    }

    internal static PairGap Told(Pair pair, Desk desk) =>
        new(pair.Line.Code, $"{pair.Line.Family} · {pair.Line.Name}", pair.Place.Node.Code, desk.Nodes.Name(pair.Place.Node.Code), pair.Place.Node.Kind, pair.Duties, pair.Unit);

    private static bool Meets(Pair pair, Filter filter) =>
        (filter.Class is not { Length: > 0 } code || pair.Line.Code.StartsWith(code, StringComparison.Ordinal)) && (filter.Place is not { Length: > 0 } place || pair.Place.Above.Contains(place));

    internal readonly record struct Pair(CaseClass Line, Place Place, IReadOnlyList<string> Duties, bool Unit);
}
