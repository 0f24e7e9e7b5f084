// In: the edges of each owner. Out: what a column reaches, forward or back, with the steps it is away. Kept in memory as lists of numbers: two hundred thousand edges are a few megabytes and milliseconds.
// Questions and changes take turns.
namespace Lizhou.Computing.Lineage;

/// <summary>Something reached.</summary>
/// <param name="Steps">Sets it is away, at least.</param>
/// <param name="Direct">Whether values flow all the way; else at some step they only decide about it.</param>
internal readonly record struct Reached(ColumnOf Column, int Steps, bool Direct);

internal sealed class LineageGraph
{
    private readonly Lock turn = new();
    private readonly List<ColumnOf> columns = [];
    private readonly Dictionary<ColumnOf, int> numbers = [];
    private readonly Dictionary<string, List<int>> sets = new(StringComparer.Ordinal);
    private readonly List<List<(int To, bool Direct)>> forward = [];
    private readonly List<List<(int To, bool Direct)>> back = [];
    private readonly Dictionary<string, IReadOnlyList<Edge>> owners = new(StringComparer.Ordinal);

    public int Edges { get; private set; }

    public int Sets => sets.Count;

    /// <summary>The edges of an owner and no older ones.</summary>
    public void Put(string owner, IReadOnlyList<Edge> edges)
    {
        lock (turn)
        {
            foreach (var edge in owners.GetValueOrDefault(owner, []))
            {
                Remove(edge);
            }

            foreach (var edge in edges)
            {
                Add(edge);
            }

            owners[owner] = edges;
        }
    }

    /// <summary>Whether a set, or a column of it, takes part.</summary>
    public bool Has(string set)
    {
        lock (turn)
        {
            return sets.ContainsKey(set);
        }
    }

    /// <summary>Whether a column takes part.</summary>
    public bool Has(ColumnOf column)
    {
        lock (turn)
        {
            return numbers.ContainsKey(column);
        }
    }

    /// <summary>Everything a column (with an empty name: any column of the set) reaches, the nearest first; itself not.</summary>
    /// <param name="ahead">True: what it feeds; false: what feeds it.</param>
    /// <param name="most">Where to end; there may be more then.</param>
    public IReadOnlyList<Reached> From(ColumnOf start, bool ahead, int most = int.MaxValue)
    {
        lock (turn)
        {
            var found = Found(start, ahead, most);
            return [.. found.Where(f => f.Value.Steps > 0 && columns[f.Key].Set != start.Set).Select(f => new Reached(columns[f.Key], f.Value.Steps, f.Value.Direct)).OrderBy(r => r.Steps).ThenByDescending(r => r.Direct)];
        }
    }

    private Dictionary<int, (int Steps, bool Direct)> Found(ColumnOf start, bool ahead, int most)
    {
        var (ways, found) = (ahead ? forward : back, new Dictionary<int, (int Steps, bool Direct)>());
        var queue = new Queue<int>();
        foreach (var number in start.Column.Length == 0 ? sets.GetValueOrDefault(start.Set, []) : numbers.TryGetValue(start, out var one) ? [one] : [])
        {
            found[number] = (0, true);
            queue.Enqueue(number);
        }

        // A column that is read also counts where its whole set is; a set that is fed as a whole, in all its columns.
        if (start.Column.Length > 0 && ahead && numbers.TryGetValue(start with { Column = "" }, out var whole))
        {
            foreach (var (to, _) in ways[whole])
            {
                Meet(to, 1, direct: false);
            }
        }

        while (queue.TryDequeue(out var at) && found.Count <= most)
        {
            var (steps, direct) = found[at];
            foreach (var (to, flows) in ways[at])
            {
                Meet(to, steps + 1, direct && flows);
            }

            if (steps > 0 && ahead && columns[at].Column.Length == 0)
            {
                foreach (var other in sets[columns[at].Set])
                {
                    Meet(other, steps, direct: false);
                }
            }
        }

        return found;

        void Meet(int to, int steps, bool direct)
        {
            // A direct way found later is worth going again: what lies behind is direct too.
            if (!found.TryGetValue(to, out var known) || (direct && !known.Direct))
            {
                found[to] = (known.Steps == 0 ? steps : Math.Min(steps, known.Steps), direct);
                queue.Enqueue(to);
            }
        }
    }

    private void Add(Edge edge)
    {
        var (from, to, direct) = (Number(edge.From), Number(edge.To), Direct(edge));
        forward[from].Add((to, direct));
        back[to].Add((from, direct));
        Edges++;
    }

    private void Remove(Edge edge)
    {
        var (from, to, direct) = (numbers[edge.From], numbers[edge.To], Direct(edge));
        forward[from].Remove((to, direct));
        back[to].Remove((from, direct));
        Edges--;
        Forget(from);
        Forget(to);
    }

    /// <summary>A column no edge names takes no part; its number stays free.</summary>
    private void Forget(int number)
    {
        if (forward[number].Count + back[number].Count > 0 || !numbers.Remove(columns[number]))
        {
            return;
        }

        var list = sets[columns[number].Set];
        list.Remove(number);
        if (list.Count == 0)
        {
            sets.Remove(columns[number].Set);
        }
    }

    private static bool Direct(Edge edge) => edge.Kind <= FlowKind.Aggregation;

    private int Number(ColumnOf column)
    {
        if (numbers.TryGetValue(column, out var known))
        {
            return known;
        }

        numbers[column] = columns.Count;
        columns.Add(column);
        forward.Add([]);
        back.Add([]);
        if (!sets.TryGetValue(column.Set, out var list))
        {
            sets[column.Set] = list = [];
        }

        list.Add(columns.Count - 1);
        return columns.Count - 1;
    }
}
