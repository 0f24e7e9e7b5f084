// In: rows of a table. Out: pairs of rows that could both answer a case, and the classes and places that none answers. Pure.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Classes;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;
using Lizhou.Kernel;

namespace Lizhou.Cases.Dispatching;

/// <summary>A class that no row and no responsible unit of its own answers everywhere.</summary>
/// <param name="Places">How many nodes lack an answer.</param>
/// <param name="First">The first of them, at most three.</param>
internal sealed record DispatchGap(string Class, string Name, int Places, IReadOnlyList<string> First);

internal static class CheckTable
{
    private static readonly Grade[] Grades = Enum.GetValues<Grade>();

    /// <summary>Two rows of one priority that some case could fall under: which one answers would be chance. Told at the later one.</summary>
    public static IReadOnlyList<TableFault> Overlaps(IReadOnlyList<DispatchRow> rows, Desk desk) =>
    [
        .. from b in Enumerable.Range(0, rows.Count)
           let first = rows.Take(b).FirstOrDefault(a => Meet(a, rows[b], desk))
           where first is not null
           select new TableFault(rows[b].Line, new Text("与第 {0} 行重叠且优先级相同。", "It overlaps line {0}, with the same priority.").With(first!.Line)),
    ];

    /// <summary>For a class, at which places a unit would be proposed for each case: its own while it is active, else by rows that answer every grade.</summary>
    public static Func<Place, bool> Answered(CaseClass line, IReadOnlyList<DispatchRow> rows, Desk desk)
    {
        if (line.Unit is { } unit && desk.Units.ContainsKey(unit))
        {
            return _ => true;
        }

        var mine = rows.Where(r => line.Code.StartsWith(r.Class, StringComparison.Ordinal) && desk.Units.ContainsKey(r.Lead)).ToList();
        var (named, known) = (mine.Select(r => r.Place).ToHashSet(StringComparer.Ordinal), new Dictionary<string, bool>(StringComparer.Ordinal));
        return place =>
        {
            // Places below the same of the nodes that rows name are answered alike: thousands of grids by a long table at once.
            var lowest = desk.Nodes.Up(place.Node.Code).FirstOrDefault(n => named.Contains(n.Code))?.Code ?? "";
            return known.TryGetValue(lowest, out var told) ? told : known[lowest] = Array.TrueForAll(Grades, g => mine.Exists(r => r.Answers(line.Code, place.Above, g)));
        };
    }

    /// <summary>The classes and where no unit would be proposed.</summary>
    public static IReadOnlyList<DispatchGap> Gaps(IReadOnlyList<DispatchRow> rows, Desk desk)
    {
        var gaps = new List<DispatchGap>();
        foreach (var line in desk.Classes.Values.OrderBy(c => c.Code, StringComparer.Ordinal))
        {
            var answered = Answered(line, rows, desk);
            var open = desk.Nodes.Places.Where(p => !answered(p)).ToList();
            if (open.Count > 0)
            {
                gaps.Add(new(line.Code, $"{line.Family} · {line.Name}", open.Count, [.. open.Take(3).Select(p => desk.Nodes.Name(p.Node.Code))]));
            }
        }

        return gaps;
    }

    private static bool Meet(DispatchRow a, DispatchRow b, Desk desk) =>
        a.Priority == b.Priority
        && (a.Grade is null || b.Grade is null || a.Grade == b.Grade)
        && (a.Class.StartsWith(b.Class, StringComparison.Ordinal) || b.Class.StartsWith(a.Class, StringComparison.Ordinal))
        && (a.Place.Length == 0 || b.Place.Length == 0 || desk.Nodes.Holds(a.Place, b.Place) || desk.Nodes.Holds(b.Place, a.Place));
}
