// A file of any kind in; its tables, how each is written, how sure that is and what is odd, out.
// Reads a bounded sample only. Refuses bombs, broken, encrypted and foreign files with a coded problem.
using System.Buffers;
using Lizhou.Tabular.Columnar;
using Lizhou.Tabular.Containers;
using Lizhou.Tabular.Csv;
using Lizhou.Tabular.Encodings;
using Lizhou.Tabular.Json;
using Lizhou.Tabular.Spreadsheets;

namespace Lizhou.Tabular;

/// <summary>Tells what lies in a file. Stateless; safe for use by many at once.</summary>
public static class Inspector
{
    internal const int PreviewRows = 50;

    private const int MostTables = 200;

    /// <summary>White space, byte order marks and the zeros of UTF-16.</summary>
    private static readonly SearchValues<byte> Blank = SearchValues.Create(0, (byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0xEF, 0xBB, 0xBF, 0xFE, 0xFF);

    /// <summary>Inspects a file.</summary>
    /// <param name="path">Any local file.</param>
    /// <param name="hints">What is known already; null for nothing.</param>
    /// <param name="columnar">Reads Parquet; null where there is no engine: such a table then carries TAB-016.</param>
    /// <returns>At least one table, or the problem for which the whole file is refused. A table of a container that cannot be read carries its own problem.</returns>
    public static Result<Inspection> Inspect(string path, Hints? hints = null, IColumnarFiles? columnar = null)
    {
        hints ??= new Hints();
        try
        {
            var found = File.Exists(path) ? Open(path, hints, columnar) : Problems.NotFound.With(Path.GetFileName(path));
            return found.Refused ? found : found.Value with { Tables = [.. found.Value.Tables.Select(t => DateOrder.Settle(t, hints.DayFirst))] };
        }
        catch (ProblemException e)
        {
            return e.Problem;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or System.Xml.XmlException)
        {
            return Problems.Unreadable.With(Path.GetFileName(path), Faults.Why(e));
        }
    }

    private static Result<Inspection> Open(string path, Hints hints, IColumnarFiles? columnar)
    {
        var bytes = new FileInfo(path).Length;
        byte[] head;
        using (var file = File.OpenRead(path))
        {
            head = Unpacked.Head(file, 4096);
        }

        switch (Unpacked.MagicOf(head, out var foreign))
        {
            case Magic.Gzip:
                return new Inspection(path, bytes, Container.Gzip, Single(path, new FileShape { Container = Container.Gzip }, hints, columnar));
            case Magic.Zip:
                return Zip(path, bytes, hints, columnar);
            case Magic.Other:
                return Problems.UnknownFormat.With(Path.GetFileName(path), foreign);
            default:
                return new Inspection(path, bytes, Container.None, Single(path, new FileShape(), hints, columnar));
        }
    }

    private static Result<Inspection> Zip(string path, long bytes, Hints hints, IColumnarFiles? columnar)
    {
        var zip = ZipDirectory.Read(path);
        if (Workbooks.FormatOf(zip) is { } format)
        {
            return new Inspection(path, bytes, Container.None, Workbooks.Inspect(path, new FileShape { Format = format }, hints));
        }

        var tables = new List<TableInspection>();
        var skipped = new List<string>();
        foreach (var entry in zip.Entries.Where(e => hints.Entry is null || e.Name == hints.Entry))
        {
            if (Ignorable(entry.Name) || tables.Count >= MostTables)
            {
                skipped.Add(entry.Name);
                continue;
            }

            var shape = new FileShape { Container = Container.Zip, Entry = entry.Name };
            try
            {
                tables.AddRange(Single(path, shape, hints, columnar));
            }
            catch (ProblemException e) when (zip.Entries.Count > 1)
            {
                tables.Add(new TableInspection { Shape = shape, Problem = e.Problem });
            }
        }

        return tables.Count > 0 || hints.Entry is null
            ? new Inspection(path, bytes, Container.Zip, tables) { Skipped = skipped }
            : Problems.NoSuchEntry.With(Path.GetFileName(path), hints.Entry, string.Join(", ", zip.Entries.Take(20).Select(e => e.Name)));
    }

    private static bool Ignorable(string name)
    {
        var file = Path.GetFileName(name);
        return file.StartsWith('.') || name.StartsWith("__MACOSX/", StringComparison.Ordinal) || file is "Thumbs.db" or "desktop.ini"
            || Path.GetExtension(file).ToLowerInvariant() is ".pdf" or ".doc" or ".docx" or ".png" or ".jpg" or ".jpeg" or ".gif" or ".html" or ".htm" or ".md" or ".xml";
    }

    /// <summary>The tables of one unpacked file: a plain one, the inside of a gz, or an entry of a zip.</summary>
    private static IReadOnlyList<TableInspection> Single(string path, FileShape shape, Hints hints, IColumnarFiles? columnar)
    {
        var name = shape.Entry ?? Path.GetFileName(path);
        var sample = Sample.Take(path, shape);
        switch (Unpacked.MagicOf(sample.Head.Span, out var foreign))
        {
            case Magic.Parquet:
                return [ColumnarTables.Inspect(path, shape, columnar)];
            case Magic.Ole:
                return Workbooks.Inspect(path, shape with { Format = Format.Xls }, hints);
            case Magic.Zip when shape.Container == Container.Gzip || shape.Entry is not null:
                return Workbooks.InspectPacked(path, shape, hints);
            case Magic.Zip or Magic.Gzip:
                throw new ProblemException(Problems.NestedTooDeep.With(name));
            case Magic.Other:
                throw new ProblemException(Problems.UnknownFormat.With(name, foreign));
        }

        return Texts(path, name, shape, sample, hints);
    }

    private static IReadOnlyList<TableInspection> Texts(string path, string name, FileShape shape, Sample sample, Hints hints)
    {
        if (hints.Encoding is null && (sample.Head.Span.StartsWith<byte>([0xFF, 0xFE, 0, 0]) || sample.Head.Span.StartsWith<byte>([0, 0, 0xFE, 0xFF])))
        {
            throw new ProblemException(Problems.UnknownEncoding.With("utf-32"));
        }

        var encoding = hints.Encoding is { } told
            ? new EncodingGuess(EncodingNames.Find(told) ?? throw new ProblemException(Problems.UnknownEncoding.With(told)), 1, Guess.Told)
            : EncodingGuess.Of(sample.Head, sample.Windows, sample.Whole);
        shape = shape with { Encoding = encoding.Name };
        var guess = new Guess("encoding", encoding.Confidence, encoding.Why);
        if (CsvInspection.IsBinary(sample, encoding.Name))
        {
            throw new ProblemException(Problems.UnknownFormat.With(name, new Text("二进制内容", "binary content")));
        }

        if (sample.Whole && sample.Head.Span.IndexOfAnyExcept(Blank) < 0)
        {
            return [.. CsvInspection.Of(name, shape, sample, hints, guess).Select(t => t with { Problem = Problems.Empty.With(name) })];
        }

        return JsonTables.Looks(name, sample, shape, hints)
            ? JsonTables.Inspect(path, shape, sample, hints, guess)
            : CsvInspection.Of(name, shape, sample, hints, guess);
    }
}
