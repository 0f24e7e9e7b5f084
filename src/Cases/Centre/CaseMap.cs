// In: how many cases a filter found at each place, those of places with few, and the place it names. Out: that place cut into what lies below it, and where each case is drawn: at its coordinates where they lie in the area of its place, else beside the others of that area; many of one area as one circle with their number.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Finding;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;

namespace Lizhou.Cases.Centre;

/// <param name="Number">Of one case; null for several.</param>
/// <param name="Area">Code of the area they lie in; null: outside of all.</param>
/// <param name="Worst">The light that stands worst among them; null: no clock runs.</param>
/// <param name="Red">How many are past their limit.</param>
internal sealed record Dot(Spot At, string? Number, string? Area, int Many, int Red, Light? Worst, string Words)
{
    public string Tone => Worst is { } light ? CaseWords.Tone(light) : "plain";

    public double Size => Number is null ? 14 + (3 * Math.Log2(Many)) : 9;
}

/// <param name="Areas">What may be chosen; of a chosen place those right below it, and its neighbours as far as they are in the picture.</param>
/// <param name="Height">Of the picture, its width being <see cref="Sketch.Width"/>.</param>
/// <param name="Path">The chosen place and those above it that are drawn, from above; empty: the whole county.</param>
internal sealed record CaseMap(IReadOnlyList<Area> Areas, IReadOnlyList<Dot> Dots, double Height, IReadOnlyList<CaseNode> Path)
{
    /// <summary>Cases of one area that are drawn each for itself, at most.</summary>
    private const int MostSingle = 8;

    /// <summary>The same of the place that is chosen: what there is of it is wanted.</summary>
    private const int MostChosen = 60;

    /// <summary>A character of a name, in the measure of the sketch.</summary>
    public const double Letter = 19;
    private static readonly Spot Elsewhere = new(70, 770);

    public string? Chosen => Path.Count > 0 ? Path[^1].Code : null;

    /// <summary>Places whose cases are drawn one by one, so few are they in their area.</summary>
    public static IReadOnlyList<string> Few(IReadOnlyList<PlaceCount> counts, Desk desk, string? node)
    {
        var cut = Cut.Of(desk.Nodes, node);
        return [.. counts.GroupBy(c => cut.AreaOf(c.Place)).Where(g => cut.Single(g.Key, g)).SelectMany(g => g.Select(c => c.Place))];
    }

    /// <param name="counts">Of all cases.</param>
    /// <param name="files">Those of the places that are <see cref="Few"/>.</param>
    /// <param name="node">The filter's; its area is shown alone and larger, cut into those below it.</param>
    public static CaseMap Of(IReadOnlyList<PlaceCount> counts, IReadOnlyList<CaseFile> files, Desk desk, string? node, DateTimeOffset now)
    {
        var cut = Cut.Of(desk.Nodes, node);
        var read = files.OrderBy(f => f.Number, StringComparer.Ordinal).ToLookup(f => cut.AreaOf(f.Place));
        var dots = counts.GroupBy(c => cut.AreaOf(c.Place)).SelectMany(g => cut.Single(g.Key, g) ? Singles([.. read[g.Key]], g.Key, cut, now) : [Circle([.. g], g.Key, cut)]);
        // What is cut into others lies below them and is not to be seen; what is chosen has its border on top.
        var seen = cut.Areas.Values.Where(a => Seen(a, cut.Height) && !(cut.Holds(a.Code) && desk.Nodes.Below[a.Code].Any(n => cut.Areas.ContainsKey(n.Code))));
        return new([.. seen.OrderBy(a => cut.Path.Count > 0 && desk.Nodes.Holds(cut.Path[^1].Code, a.Code))], [.. dots], cut.Height, cut.Path);
    }

    /// <summary>The county as it is cut up where a place is chosen: its areas, the chosen place and those above it, and where a spot of the sketch is drawn.</summary>
    private sealed record Cut(NodeBook Nodes, IReadOnlyDictionary<string, Area> Areas, IReadOnlyList<CaseNode> Path, double Height, Func<Spot, Spot> On)
    {
        public static Cut Of(NodeBook nodes, string? node)
        {
            var path = node is null ? [] : nodes.Up(node).Reverse().Where(n => Sketch.Of(n, nodes) is not null).ToList();
            var frame = path.Count == 0 ? (X: 0d, Y: 0d, Sketch.Width, Sketch.Height) : Around(Sketch.Of(path[^1], nodes)!);
            Spot On(Spot at) => new((at.X - frame.X) * Sketch.Width / frame.Width, (at.Y - frame.Y) * Sketch.Width / frame.Width);
            var areas = Sketch.Areas.Values.Where(a => nodes.Find(a.Code) is not null).Concat(path.SelectMany(n => Sketch.Below(n, nodes).Values)).Select(a => new Area(a.Code, [.. a.Ring.Select(On)]));
            return new(nodes, areas.ToDictionary(a => a.Code, StringComparer.Ordinal), path, frame.Height * Sketch.Width / frame.Width, On);
        }

        /// <summary>Of the smallest area a place lies in; null: it lies in none.</summary>
        public string? AreaOf(string place) => Nodes.Up(place).Select(n => n.Code).FirstOrDefault(Areas.ContainsKey);

        public bool Holds(string? code) => code is null ? Path.Count > 0 : Path.Any(n => n.Code == code);

        public bool Single(string? area, IEnumerable<PlaceCount> counts) => counts.Sum(c => c.Many) <= (Holds(area) ? MostChosen : MostSingle);
    }

    private static Dot Circle(IReadOnlyList<PlaceCount> counts, string? area, Cut cut)
    {
        var middle = area is null ? Elsewhere : cut.Areas[area].Middle;
        var (red, yellow) = (counts.Sum(c => c.Red), counts.Sum(c => c.Yellow));
        return new(new(middle.X, middle.Y + 22), null, area, counts.Sum(c => c.Many), red, red > 0 ? Light.Red : yellow > 0 ? Light.Yellow : counts.Any(c => c.Running > 0) ? Light.Green : null, "");
    }

    private static IEnumerable<Dot> Singles(IReadOnlyList<CaseFile> files, string? code, Cut cut, DateTimeOffset now)
    {
        var area = code is null ? null : cut.Areas[code];
        return files.Select((f, i) => new Dot(
            f.X is { } x && f.Y is { } y && cut.On(Sketch.At(x, y)) is var at && area?.Holds(at) == true ? at : Beside(area?.Middle ?? Elsewhere, i), f.Number, code, 1, f.LightAt(now) == Light.Red ? 1 : 0, f.LightAt(now), f.Words));
    }

    /// <summary>Below the name of the area, as seeds of a sunflower lie: no two on one spot.</summary>
    private static Spot Beside(Spot middle, int place)
    {
        var (far, turn) = (13 * Math.Sqrt(place + .5), place * 2.399963);
        return new(middle.X + (far * Math.Cos(turn)), middle.Y + 24 + (far * Math.Sin(turn)));
    }

    /// <summary>Where the name of an area is written so that none of it is cut off; null: no room is left for it in what is seen of the area.</summary>
    public Spot? LabelAt(Area area, string name)
    {
        var half = (name.Length * Letter / 2) + 4;
        var at = new Spot(Math.Clamp(area.Middle.X, half, Sketch.Width - half), Math.Clamp(area.Middle.Y - 22, Letter, Math.Max(Letter, Height - Letter)));
        return at.X == area.Middle.X && at.Y == area.Middle.Y - 22 || area.Holds(at) ? at : null;
    }

    private static bool Seen(Area area, double height) => area.Frame is var (left, top, right, bottom) && left < Sketch.Width && right > 0 && top < height && bottom > 0;

    /// <summary>An area with some of what is around it; no higher than the whole sketch is to its width.</summary>
    private static (double X, double Y, double Width, double Height) Around(Area area)
    {
        var (left, top, right, bottom) = area.Frame;
        var (margin, middle) = (Math.Max(right - left, bottom - top) * .06, (left + right) / 2);
        var height = bottom - top + (2 * margin);
        var width = Math.Max(right - left + (2 * margin), height * Sketch.Width / Sketch.Height);
        return (middle - (width / 2), top - margin, width, height);
    }
}
