// A table of a file in memory, column by column, every different value once. Value 0 of each column is the empty cell.
using Lizhou.Tabular;

namespace Lizhou.Quality.Files;

/// <summary>One column: its different values, how often each occurs, and which of them stands in each row.</summary>
internal sealed class GridColumn(string name)
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal) { [""] = 0 };

    private List<int>?[]? rows;
    private int counted;

    public string Name => name;

    public List<string> Values { get; } = [""];

    public List<int> Counts { get; } = [0];

    /// <summary>By row: the number of the value.</summary>
    public List<int> Cells { get; } = [];

    /// <summary>Rows with a value.</summary>
    public int Filled => Cells.Count - Counts[0];

    /// <summary>Different values, the empty one not counted.</summary>
    public int Distinct => Values.Count - 1;

    public string this[int row] => Values[Cells[row]];

    /// <summary>The rows in which a value stands; found once for all values, so that asking for one does not look at every row.</summary>
    public IReadOnlyList<int> RowsOf(int number)
    {
        if (rows is null || counted != Cells.Count)
        {
            (rows, counted) = (new List<int>?[Values.Count], Cells.Count);
            for (var r = 0; r < Cells.Count; r++)
            {
                (rows[Cells[r]] ??= []).Add(r);
            }
        }

        return number < 0 ? [] : rows[number] ?? [];
    }

    public void Add(string? cell)
    {
        var value = string.IsNullOrWhiteSpace(cell) ? "" : cell;
        if (!numbers.TryGetValue(value, out var number))
        {
            number = Values.Count;
            numbers[value] = number;
            Values.Add(value);
            Counts.Add(0);
        }

        Counts[number]++;
        Cells.Add(number);
    }

    /// <summary>The number of a value; −1 when it does not occur.</summary>
    public int Find(string value) => numbers.GetValueOrDefault(value, -1);

    /// <summary>Values that occur, without the empty one: number, text, count.</summary>
    public IEnumerable<(int Number, string Text, int Count)> All() => Enumerable.Range(1, Values.Count - 1).Select(i => (i, Values[i], Counts[i]));
}

/// <summary>The rows of one table.</summary>
internal sealed class Grid(IEnumerable<string> names)
{
    public const int MostFaults = 1_000;

    public IReadOnlyList<GridColumn> Columns { get; } = [.. names.Select(n => new GridColumn(n))];

    /// <summary>By row: its line in the file.</summary>
    public List<long> Lines { get; } = [];

    /// <summary>Rows the reader could not take as they stand: the line and why. The first <see cref="MostFaults"/> of them; <see cref="Faulty"/> counts all.</summary>
    public List<(long Line, RowFault Fault)> Faults { get; } = [];

    public long Faulty { get; private set; }

    public int Rows => Lines.Count;

    public void Add(long line, RowFault fault)
    {
        Faulty++;
        if (Faults.Count < MostFaults)
        {
            Faults.Add((line, fault));
        }
    }

    public void Add(long line, IReadOnlyList<string?> cells)
    {
        Lines.Add(line);
        for (var i = 0; i < Columns.Count; i++)
        {
            Columns[i].Add(i < cells.Count ? cells[i] : null);
        }
    }

    /// <summary>The place of a column; −1 when there is none of that name.</summary>
    public int Find(string name)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>A cell that breaks a rule.</summary>
/// <param name="Proposed">What it should be; empty: no value; null: that cannot be told.</param>
internal readonly record struct Flag(int Row, int Column, string? Proposed);
