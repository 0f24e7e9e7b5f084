// In: an inspected file and a folder or nothing. Out: its clean tables, a file each and whole or not there; without a folder one of them on standard output.
// Refuses to write over a source or to write two tables into one file, before anything is written.
using Lizhou.Tabular.Writers;

namespace Lizhou.Tabular;

/// <param name="Path">Where it goes; null for standard output.</param>
internal sealed record CleanTarget(string Source, TableInspection Table, string? Path);

/// <param name="LeftOut">Faulty rows without a repair.</param>
internal sealed record CleanRows(long Written = 0, long LeftOut = 0, long Repaired = 0)
{
    public static CleanRows operator +(CleanRows one, CleanRows other) => new(one.Written + other.Written, one.LeftOut + other.LeftOut, one.Repaired + other.Repaired);
}

internal static class WriteClean
{
    /// <summary>The tables that can be written. The clean table of an empty file is empty; it is written, and said.</summary>
    public static List<TableInspection> Readable(Inspection found) => [.. found.Tables.Where(t => t.Problem is null || t.Problem.Code == Problems.Empty.Code)];

    /// <param name="table">Which one, from 1; null for all that the target can take.</param>
    public static Result<List<CleanTarget>> Plan(Inspection found, string? folder, int? table)
    {
        var readable = Readable(found);
        if (readable.Count == 0 && found.Tables.FirstOrDefault(t => t.Problem is not null)?.Problem is { } refused)
        {
            return refused;
        }

        if (table > readable.Count)
        {
            return Problems.NoSuchTable.With(Path.GetFileName(found.Path), table, readable.Count);
        }

        if (folder is null)
        {
            return new List<CleanTarget> { new(found.Path, readable[(table ?? 1) - 1], null) };
        }

        return table is null && readable.Count > 1
            ? readable.Index().Select(t => new CleanTarget(found.Path, t.Item, Path.Combine(folder, NameOf(found.Path, t.Item.Shape, t.Index)))).ToList()
            : [new(found.Path, readable[(table ?? 1) - 1], Path.Combine(folder, NameOf(found.Path)))];
    }

    /// <summary>Why these cannot all be written; null when they can.</summary>
    public static Problem? Clash(IReadOnlyList<string> sources, IEnumerable<CleanTarget> targets)
    {
        var originals = sources.Select(RealPath.Of).ToHashSet(StringComparer.Ordinal);
        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase); // disks exist for which x.csv and X.csv are one file
        foreach (var target in targets.Where(t => t.Path is not null))
        {
            var real = RealPath.Of(target.Path!);
            if (originals.Contains(real))
            {
                return Problems.OverSource.With(target.Path);
            }

            if (!taken.TryAdd(real, target.Source))
            {
                return Problems.OneTarget.With(taken[real], target.Source, target.Path);
            }
        }

        return null;
    }

    /// <summary>Writes beside the target and takes its name when all is there: whatever fails leaves nothing half, and another name of an old target keeps its bytes.</summary>
    public static CleanRows Write(CleanTarget target, bool repair, IColumnarFiles? columnar)
    {
        if (target.Path is not { } path)
        {
            using var output = Console.OpenStandardOutput();
            return Rows(target, output, repair, columnar);
        }

        var part = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetRandomFileName()}.part");
        try
        {
            CleanRows rows;
            using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write))
            {
                rows = Rows(target, file, repair, columnar);
            }

            File.Move(part, path, overwrite: true);
            return rows;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static CleanRows Rows(CleanTarget target, Stream to, bool repair, IColumnarFiles? columnar)
    {
        var shape = target.Table.Shape;
        using var csv = new CsvWriter(to);
        using var reader = RowReader.Open(target.Source, shape, columnar);
        if (shape.HeaderRows > 0 || shape.Format != Format.Csv)
        {
            csv.Write(shape.Columns.Select(c => c.Name));
        }

        long written = 0, left = 0, repaired = 0;
        while (reader.Next() is { } row)
        {
            var cells = row.Fault is null ? row.Cells : repair ? row.Fault.Repair : null;
            if (cells is null)
            {
                left++;
                continue;
            }

            repaired += row.Fault is null ? 0 : 1;
            written++;
            csv.Write(cells);
        }

        return new(written, left, repaired);
    }

    /// <summary>A source's own name; .csv is put behind other kinds of names, so that two sources never share one.</summary>
    private static string NameOf(string file) => IsCsv(file) ? Path.GetFileName(file) : Path.GetFileName(file) + ".csv";

    /// <summary>Of one table among several: the source's name and the table's; in a plain file, where tables have none, the first is the file's own and the others count on.</summary>
    private static string NameOf(string file, FileShape shape, int at)
    {
        string?[] parts = [shape.Entry is null ? null : IsCsv(shape.Entry) ? Path.ChangeExtension(shape.Entry, null) : shape.Entry, shape.Sheet, shape.Path];
        var name = string.Join('.', parts.Where(p => !string.IsNullOrEmpty(p)));
        if (name.Length == 0)
        {
            return at == 0 ? NameOf(file) : $"{(IsCsv(file) ? Path.GetFileNameWithoutExtension(file) : Path.GetFileName(file))}.{at + 1}.csv";
        }

        return $"{Path.GetFileName(file)}.{string.Concat(name.Select(c => c is '/' or '\\' or ':' or '<' or '>' or '|' or '*' or '?' or '"' || char.IsControl(c) ? '_' : c))}.csv";
    }

    private static bool IsCsv(string file) => Path.GetExtension(file).Equals(".csv", StringComparison.OrdinalIgnoreCase);
}
