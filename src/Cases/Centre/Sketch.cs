// In: the register of nodes. Out: a sketch (示意) of the county: where each town and zone lies to the others, and areas for the villages of each and their grids; no survey of borders.
// Cells around one spot each, cut out of an outline or of the area above; the same on every machine.
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Lizhou.Cases.Nodes;

namespace Lizhou.Cases.Centre;

/// <summary>A point of the sketch: right and down, the whole being <see cref="Sketch.Width"/> by <see cref="Sketch.Height"/>.</summary>
internal readonly record struct Spot(double X, double Y)
{
    public static string Of(double number) => Math.Round(number, 1).ToString(CultureInfo.InvariantCulture);
}

/// <param name="Ring">Its corners in order.</param>
internal sealed record Area(string Code, IReadOnlyList<Spot> Ring)
{
    /// <summary>Its centre of gravity.</summary>
    public Spot Middle { get; } = Centre(Ring);

    /// <summary>Left, top, right and bottom.</summary>
    public (double Left, double Top, double Right, double Bottom) Frame => (Ring.Min(s => s.X), Ring.Min(s => s.Y), Ring.Max(s => s.X), Ring.Max(s => s.Y));

    public string Points => string.Join(' ', Ring.Select(s => $"{Spot.Of(s.X)},{Spot.Of(s.Y)}"));

    /// <summary>By how often a line from the spot to the right crosses the border.</summary>
    public bool Holds(Spot at) =>
        Ring.Zip(Ring.Skip(1).Append(Ring[0])).Count(e => e.First.Y > at.Y != e.Second.Y > at.Y && at.X < ((e.Second.X - e.First.X) * (at.Y - e.First.Y) / (e.Second.Y - e.First.Y)) + e.First.X) % 2 == 1;

    /// <summary>A spot inside, by how far around and how far out it is, from 0 to 1; the middle where a bend of the border is in the way.</summary>
    public Spot At(double around, double @out)
    {
        var (place, share) = ((int)(around * Ring.Count) % Ring.Count, around * Ring.Count % 1);
        var (from, to) = (Ring[place], Ring[(place + 1) % Ring.Count]);
        double Between(double middle, double one, double other) => middle + (Math.Sqrt(@out) * .95 * (one + (share * (other - one)) - middle));
        var spot = new Spot(Between(Middle.X, from.X, to.X), Between(Middle.Y, from.Y, to.Y));
        return Holds(spot) ? spot : Middle;
    }

    private static Spot Centre(IReadOnlyList<Spot> ring)
    {
        var (twice, x, y) = (0d, 0d, 0d);
        foreach (var (one, next) in ring.Zip(ring.Skip(1).Append(ring[0])))
        {
            var cross = (one.X * next.Y) - (next.X * one.Y);
            (twice, x, y) = (twice + cross, x + ((one.X + next.X) * cross), y + ((one.Y + next.Y) * cross));
        }

        return new(x / (3 * twice), y / (3 * twice));
    }
}

internal static class Sketch
{
    public const double Width = 1000;
    public const double Height = 840;
    private const int Corners = 40;

    /// <summary>Times the spots of villages and grids move into the middle of their cells: the cells become alike in size.</summary>
    private const int Rounds = 3;

    /// <summary>Spots tried before one is put in the middle of an area too thin to hold them.</summary>
    private const int MostTried = 20_000;

    /// <summary>Villages and grids are cut when somebody looks there first, and kept as long as the register stays as it is.</summary>
    private static readonly ConditionalWeakTable<NodeBook, ConcurrentDictionary<string, IReadOnlyDictionary<string, Area>>> Cut = [];

    // The frame of the county, CGCS2000, degrees.
    private const double West = 119.86, East = 120.34, South = 28.72, North = 29.12, Beyond = .05;

    private static readonly (string Code, double X, double Y)[] Seeds =
    [
        ("330784001", 430, 395), ("330784002", 290, 430), ("330784003", 335, 550), ("330784105", 630, 600), ("330784106", 420, 700), ("330784107", 650, 730), ("330784108", 690, 345), ("330784109", 830, 455),
        ("330784110", 640, 225), ("330784111", 840, 290), ("330784112", 450, 190), ("330784113", 575, 95), ("330784114", 165, 340), ("330784115", 575, 455), ("330784901", 525, 305), ("330784902", 305, 225),
        ("330784903", 760, 555), ("330784904", 480, 560),
    ];

    /// <summary>Of towns and zones.</summary>
    public static IReadOnlyDictionary<string, Area> Areas { get; } = Cells(Outline(), [.. Seeds.Select(s => new Spot(s.X, s.Y))]).Zip(Seeds, (ring, s) => new Area(s.Code, ring)).ToDictionary(a => a.Code, StringComparer.Ordinal);

    /// <summary>Null: it has none, and none above it has.</summary>
    public static Area? Of(CaseNode node, NodeBook nodes) => Areas.GetValueOrDefault(node.Code) ?? (nodes.Find(node.Parent) is { } above ? Below(above, nodes).GetValueOrDefault(node.Code) : null);

    /// <summary>Areas of the nodes right below one, by code; none where it has none itself.</summary>
    public static IReadOnlyDictionary<string, Area> Below(CaseNode node, NodeBook nodes) => Cut.GetOrCreateValue(nodes).GetOrAdd(node.Code, _ =>
        Of(node, nodes) is { } area ? Within(area, [.. nodes.Below[node.Code].Select(n => n.Code)]).ToDictionary(a => a.Code, StringComparer.Ordinal) : new Dictionary<string, Area>(StringComparer.Ordinal));

    /// <summary>The lowest node whose area holds a position.</summary>
    /// <param name="x">Longitude, CGCS2000, degrees.</param>
    /// <param name="y">Latitude.</param>
    /// <returns>Null: it lies outside of all of them.</returns>
    public static CaseNode? Find(double x, double y, NodeBook nodes)
    {
        var (spot, areas, found) = (At(x, y), Areas, (CaseNode?)null);
        while (areas.Values.FirstOrDefault(a => a.Holds(spot)) is { } area && nodes.Find(area.Code) is { } node)
        {
            (found, areas) = (node, Below(node, nodes));
        }

        return found;
    }

    public static Spot At(double x, double y) => new((x - West) / (East - West) * Width, (North - y) / (North - South) * Height);

    /// <summary>Whether a position, CGCS2000 in degrees, can be one of the county: within its frame, or some kilometres beyond.</summary>
    public static bool Holds(double x, double y) => x is > West - Beyond and < East + Beyond && y is > South - Beyond and < North + Beyond;

    /// <summary>The way back from <see cref="At"/>: longitude and latitude, to some metres.</summary>
    public static (double X, double Y) Degrees(Spot at) => (Math.Round(West + (at.X / Width * (East - West)), 5), Math.Round(North - (at.Y / Height * (North - South)), 5));

    private static IEnumerable<Area> Within(Area area, IReadOnlyList<string> codes)
    {
        var spots = Spread(area, codes.Count);
        for (var round = 0; round < Rounds; round++)
        {
            spots = [.. Cells(area.Ring, spots).Select((ring, i) => new Area(codes[i], ring).Middle is var middle && area.Holds(middle) ? middle : spots[i])];
        }

        return Cells(area.Ring, spots).Zip(codes, (ring, code) => new Area(code, ring));
    }

    /// <summary>Spots inside of an area, spread evenly by Halton's sequence of bases 2 and 3.</summary>
    private static List<Spot> Spread(Area area, int many)
    {
        var (left, top, right, bottom) = area.Frame;
        List<Spot> spots = [];
        for (var tried = 1; spots.Count < many; tried++)
        {
            var spot = new Spot(left + (Halton(tried, 2) * (right - left)), top + (Halton(tried, 3) * (bottom - top)));
            if (tried > MostTried || area.Holds(spot))
            {
                spots.Add(tried > MostTried ? area.Middle : spot);
            }
        }

        return spots;
    }

    private static double Halton(int place, int @base)
    {
        var (sum, share) = (0d, 1d);
        for (var left = place; left > 0; left /= @base)
        {
            share /= @base;
            sum += share * (left % @base);
        }

        return sum;
    }

    /// <summary>What of a ring is nearest to each spot.</summary>
    private static IEnumerable<IReadOnlyList<Spot>> Cells(IReadOnlyList<Spot> ring, IReadOnlyList<Spot> spots) =>
        spots.Select((spot, i) => spots.Where((_, other) => other != i).Aggregate(ring, (left, other) => Nearer(left, spot, other)));

    private static IReadOnlyList<Spot> Outline() =>
    [
        .. Enumerable.Range(0, Corners).Select(i =>
        {
            var turn = 2 * Math.PI * i / Corners;
            var far = 1 + (.05 * Math.Sin(3 * turn)) + (.03 * Math.Sin((7 * turn) + 1));
            return new Spot(510 + (445 * far * Math.Cos(turn)), 420 + (375 * far * Math.Sin(turn)));
        }),
    ];

    /// <summary>What of a ring is nearer to one spot than to another: it is cut by the line between them.</summary>
    private static List<Spot> Nearer(IReadOnlyList<Spot> ring, Spot one, Spot other)
    {
        double Past(Spot s) => ((s.X - ((one.X + other.X) / 2)) * (other.X - one.X)) + ((s.Y - ((one.Y + other.Y) / 2)) * (other.Y - one.Y));
        List<Spot> kept = [];
        for (var i = 0; i < ring.Count; i++)
        {
            var (from, to) = (ring[i], ring[(i + 1) % ring.Count]);
            var (before, after) = (Past(from), Past(to));
            if (before <= 0)
            {
                kept.Add(from);
            }

            if (before < 0 != after < 0 && before != 0 && after != 0)
            {
                var share = before / (before - after);
                kept.Add(new(from.X + (share * (to.X - from.X)), from.Y + (share * (to.Y - from.Y))));
            }
        }

        return kept;
    }
}
