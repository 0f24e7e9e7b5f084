// In: how many cases went from which loop to which, and to which end. Out: the same as bands between three columns (a Sankey), with their places on the drawing.
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Centre;

internal sealed record Knot(double X, double Top, double Height, string Words);

internal sealed record Band(string Path, string Tone, string Words);

internal sealed record LoopBands(IReadOnlyList<Knot> Knots, IReadOnlyList<Band> Bands, double Height)
{
    private const double Tall = 200;

    /// <summary>Between knots: the words of one stand above it.</summary>
    private const double Gap = 46;
    private const double Thick = 14;
    private static readonly double[] Columns = [0, 440, 886];

    public static Text Said(Outcome? end) => end is { } known ? CaseWords.Of(known) : new("在办", "open");

    public static LoopBands Of(IReadOnlyList<LoopFlow> flows)
    {
        var unit = Tall / Math.Max(1, flows.Sum(f => f.Many));
        var (first, left) = Column(flows, f => (int)f.From, 0, unit, key => CaseWords.Of((Loop)key));
        var (second, middle) = Column(flows, f => (int)f.Loop, 1, unit, key => CaseWords.Of((Loop)key));
        var (third, right) = Column(flows, End, 2, unit, key => Said(key < 0 ? null : (Outcome)key));
        // Each column is left and entered from its top on, in the order of the flows.
        var (fromLeft, toMiddle) = (new Dictionary<int, double>(left), new Dictionary<int, double>(middle));
        var (fromMiddle, toRight) = (new Dictionary<int, double>(middle), new Dictionary<int, double>(right));
        List<Band> bands = [];
        foreach (var flow in flows.OrderBy(f => f.From).ThenBy(f => f.Loop))
        {
            bands.Add(Draw(0, Take(fromLeft, (int)flow.From, flow.Many * unit), Take(toMiddle, (int)flow.Loop, flow.Many * unit), flow.Many * unit, flow.Loop > flow.From ? "warn" : "info", $"{CaseWords.Of(flow.From)} → {CaseWords.Of(flow.Loop)}: {flow.Many}"));
        }

        foreach (var flow in flows.OrderBy(f => f.Loop).ThenBy(End))
        {
            bands.Add(Draw(1, Take(fromMiddle, (int)flow.Loop, flow.Many * unit), Take(toRight, End(flow), flow.Many * unit), flow.Many * unit, Tone(flow.End), $"{CaseWords.Of(flow.Loop)} → {Said(flow.End)}: {flow.Many}"));
        }

        List<Knot> knots = [.. first, .. second, .. third];
        return new(knots, bands, knots.Select(k => k.Top + k.Height).DefaultIfEmpty(0).Max() + 12);
    }

    private static int End(LoopFlow flow) => flow.End is { } end ? (int)end : -1;

    private static string Tone(Outcome? end) => end switch { null => "info", Outcome.Normal => "good", Outcome.Late or Outcome.Faulty => "bad", _ => "plain" };

    private static (IReadOnlyList<Knot> Knots, IReadOnlyDictionary<int, double> Tops) Column(IReadOnlyList<LoopFlow> flows, Func<LoopFlow, int> key, int column, double unit, Func<int, Text> words)
    {
        var (top, knots, tops) = (Gap, new List<Knot>(), new Dictionary<int, double>());
        foreach (var group in flows.GroupBy(key).OrderBy(g => g.Key))
        {
            var many = group.Sum(f => f.Many);
            knots.Add(new(Columns[column], top, many * unit, $"{words(group.Key)} {many}"));
            tops[group.Key] = top;
            top += (many * unit) + Gap;
        }

        return (knots, tops);
    }

    private static double Take(Dictionary<int, double> tops, int key, double height)
    {
        var top = tops[key];
        tops[key] = top + height;
        return top;
    }

    private static Band Draw(int column, double from, double to, double height, string tone, string words)
    {
        var (x1, x2) = (Columns[column] + Thick, Columns[column + 1]);
        var half = Spot.Of((x1 + x2) / 2);
        string P(double x, double y) => $"{Spot.Of(x)},{Spot.Of(y)}";
        string H(double y) => $"{half},{Spot.Of(y)}";
        return new($"M{P(x1, from)} C{H(from)} {H(to)} {P(x2, to)} L{P(x2, to + height)} C{H(to + height)} {H(from + height)} {P(x1, from + height)} Z", tone, words);
    }
}
