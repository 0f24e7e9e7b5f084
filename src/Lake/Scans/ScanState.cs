// What one pass found in a file, or in all of them together.
using System.Globalization;

namespace Lizhou.Lake;

/// <summary>The mergeable result of a scan: of one file, or of several added up.</summary>
public sealed class ScanState
{
    /// <summary>Rows that are kept as a sample.</summary>
    public const int SampleSize = 2048;

    /// <summary>Failing rows that are named for each test.</summary>
    public const int Named = 500;

    private const byte Version = 1;

    internal ScanState(int tests, IReadOnlyList<ScanKind> kinds)
    {
        Failed = new long[tests];
        Witnesses = [.. Enumerable.Range(0, tests).Select(_ => new List<long>())];
        Columns = [.. kinds.Select(k => new ColumnState(k))];
    }

    public long Rows { get; internal set; }

    /// <summary>For each test how many rows fail it.</summary>
    public long[] Failed { get; }

    /// <summary>For each test the row ids (see <c>_row_id</c> of the policy's readings) of up to five hundred failing rows.</summary>
    public IReadOnlyList<List<long>> Witnesses { get; }

    /// <summary>One per column of the table, in order; none when no profile was asked for.</summary>
    public IReadOnlyList<ColumnState> Columns { get; }

    /// <summary>Rows drawn evenly (2,048 or all): values as text, NULL as null. Quantiles and patterns come from it; ranks are right within 2 % or so.</summary>
    public IEnumerable<string?[]> Sample => Drawn.Select(d => d.Cells);

    internal List<(ulong Draw, string?[] Cells)> Drawn { get; private set; } = [];

    /// <summary>Adds the findings of another file. Both must come from the same plan over the same columns.</summary>
    public void Add(ScanState other)
    {
        Rows += other.Rows;
        for (var i = 0; i < Failed.Length; i++)
        {
            Failed[i] += other.Failed[i];
            Witnesses[i].AddRange(other.Witnesses[i].Take(Named - Witnesses[i].Count));
        }

        for (var i = 0; i < Columns.Count; i++)
        {
            Columns[i].Add(other.Columns[i]);
        }

        Drawn = [.. Drawn.Concat(other.Drawn).OrderBy(d => d.Draw).Take(SampleSize)];
    }

    /// <summary>The same findings, to add others to.</summary>
    public ScanState Copy() => FromBytes(ToBytes())!;

    /// <summary>The value below which a share of a column's values lies: of numbers by size, of dates and moments by time, of texts by their characters. What is no number (NaN) lies above all. Null without values.</summary>
    /// <param name="share">0 to 1.</param>
    public string? Quantile(int column, double share)
    {
        var values = Sample.Select(cells => cells[column]).OfType<string>();
        List<string> sorted = Columns[column].Kind == ScanKind.Text ? [.. values.Order(StringComparer.Ordinal)] : [.. values.OrderBy(Order).ThenBy(v => v, StringComparer.Ordinal)];
        return sorted.Count == 0 ? null : sorted[Math.Clamp((int)(share * sorted.Count), 0, sorted.Count - 1)];
    }

    /// <summary>The commonest values with their counts: exact while there are few different ones, else scaled up from the sample.</summary>
    public IReadOnlyList<(string Value, long Count)> Top(int column, int most)
    {
        if (Columns[column].Tops is { } exact)
        {
            return exact.Top(most);
        }

        var scale = Drawn.Count == 0 ? 0 : Rows / (double)Drawn.Count;
        return [.. Sample.Select(cells => cells[column]).OfType<string>().CountBy(v => v, StringComparer.Ordinal)
            .OrderByDescending(v => v.Value).Take(most).Select(v => (v.Key, (long)Math.Round(v.Value * scale)))];
    }

    /// <summary>The commonest forms of a column's values, see <see cref="ValueForm"/>, with their share of the sample's values.</summary>
    public IReadOnlyList<(string Form, double Share)> Forms(int column, int most)
    {
        var values = Sample.Select(cells => cells[column]).OfType<string>().ToList();
        return [.. values.CountBy(ValueForm.Of, StringComparer.Ordinal).OrderByDescending(f => f.Value).Take(most).Select(f => (f.Key, f.Value / (double)values.Count))];
    }

    /// <summary>For keeping beside the file; read by <see cref="FromBytes"/>.</summary>
    public byte[] ToBytes()
    {
        using var buffer = new MemoryStream();
        using var to = new BinaryWriter(buffer);
        to.Write(Version);
        to.Write(Failed.Length);
        to.Write(Columns.Count);
        to.Write(Rows);
        for (var i = 0; i < Failed.Length; i++)
        {
            to.Write(Failed[i]);
            to.Write(Witnesses[i].Count);
            Witnesses[i].ForEach(to.Write);
        }

        foreach (var column in Columns)
        {
            column.Write(to);
        }

        to.Write(Drawn.Count);
        foreach (var (draw, cells) in Drawn)
        {
            to.Write(draw);
            foreach (var cell in cells)
            {
                to.Write(cell is not null);
                to.Write(cell ?? "");
            }
        }

        to.Flush();
        return buffer.ToArray();
    }

    /// <summary>Null when the bytes are of another version and the file must be scanned again.</summary>
    public static ScanState? FromBytes(byte[] bytes)
    {
        using var from = new BinaryReader(new MemoryStream(bytes));
        if (from.ReadByte() != Version)
        {
            return null;
        }

        int tests = from.ReadInt32(), columns = from.ReadInt32();
        var rows = from.ReadInt64();
        var found = new List<(long Failed, List<long> Rows)>();
        for (var i = 0; i < tests; i++)
        {
            found.Add((from.ReadInt64(), [.. Enumerable.Range(0, from.ReadInt32()).Select(_ => from.ReadInt64())]));
        }

        var read = Enumerable.Range(0, columns).Select(_ => ColumnState.Read(from)).ToList();
        return new ScanState(found, read)
        {
            Rows = rows,
            Drawn = [.. Enumerable.Range(0, from.ReadInt32()).Select(_ => (from.ReadUInt64(), Cells(from, columns)))],
        };
    }

    private ScanState(List<(long Failed, List<long> Rows)> found, List<ColumnState> columns) =>
        (Failed, Witnesses, Columns) = ([.. found.Select(f => f.Failed)], [.. found.Select(f => f.Rows)], columns);

    private static string?[] Cells(BinaryReader from, int columns)
    {
        var cells = new string?[columns];
        for (var i = 0; i < columns; i++)
        {
            var there = from.ReadBoolean();
            var text = from.ReadString();
            cells[i] = there ? text : null;
        }

        return cells;
    }

    /// <summary>Dates and moments of a column are written in one form, so their texts are in the order of time.</summary>
    private static double Order(string text) =>
        !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment.Ticks : 0
            : double.IsNaN(number) ? double.PositiveInfinity : number;
}
