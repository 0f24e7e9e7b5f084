// In: cases, one after the other. Out: how many have some marks and lack others. Cases that count alike are kept as one line: its memory grows with the ways a case can go, not with the cases.
using Lizhou.Cases.Ledger;

namespace Lizhou.Cases.Assessing;

internal sealed class Tally
{
    private readonly Dictionary<string, Alike> lines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> asked = new(StringComparer.Ordinal);

    public int Cases { get; private set; }

    public static Tally Of(IEnumerable<CaseFacts> cases)
    {
        var tally = new Tally();
        foreach (var one in cases)
        {
            tally.Add(one);
        }

        return tally;
    }

    public void Add(CaseFacts one)
    {
        Cases++;
        asked.Clear();
        var key = string.Join(' ', one.Marks.Order(StringComparer.Ordinal));
        if (!lines.TryGetValue(key, out var line))
        {
            lines[key] = line = new(one.Marks);
        }

        line.Cases++;
        foreach (var (loop, hours) in one.Hours)
        {
            line.Hours[(int)loop] += hours;
        }
    }

    /// <summary>Cases of a set; see <see cref="CaseSet"/>.</summary>
    public long Many(string set)
    {
        if (!asked.TryGetValue(set, out var many))
        {
            asked[set] = many = lines.Values.Where(l => CaseSet.Holds(set, l.Marks)).Sum(l => l.Cases);
        }

        return many;
    }

    /// <summary>Hours they lay in a loop, together.</summary>
    public double Hours(string set, Loop loop) => lines.Values.Where(l => CaseSet.Holds(set, l.Marks)).Sum(l => l.Hours[(int)loop]);

    private sealed class Alike(IReadOnlySet<string> marks)
    {
        public IReadOnlySet<string> Marks => marks;

        public long Cases { get; set; }

        public double[] Hours { get; } = new double[Enum.GetValues<Loop>().Length];
    }
}
