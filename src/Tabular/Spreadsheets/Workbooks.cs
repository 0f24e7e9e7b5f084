// A workbook of any kind in; one table per sheet out. Formulas are never run: what a cell was last shown as is its value.
using System.Buffers.Binary;
using System.Text;
using System.Xml;
using Lizhou.Tabular.Containers;

namespace Lizhou.Tabular.Spreadsheets;

/// <summary>An opened workbook.</summary>
internal interface IWorkbook : IDisposable
{
    IReadOnlyList<string> Sheets { get; }

    /// <summary>Rows of a sheet that hold anything, with their row numbers.</summary>
    RecordSource Rows(int sheet);
}

internal static class Workbooks
{
    public const int MostColumns = 16_384;

    private const int SampleRows = 3000;
    private const int SampleCells = 400_000;
    private const int MostSheets = 100;

    /// <summary>Empty columns that no table has within it.</summary>
    private const int EmptyColumns = 100;

    private static readonly Encoding Utf16 = new UnicodeEncoding(bigEndian: false, byteOrderMark: false);

    /// <summary>XML without DTDs, entities or outside references.</summary>
    public static XmlReader Xml(Stream stream) => XmlReader.Create(stream, new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
    });

    /// <summary>Which workbook a zip is; null for a plain zip.</summary>
    public static Format? FormatOf(ZipDirectory zip) =>
        zip.Find("xl/workbook.xml") is not null ? Format.Xlsx
        : zip.Find("xl/workbook.bin") is not null ? Format.Xlsb
        : zip.Find("content.xml") is not null && zip.Find("mimetype") is not null ? Format.Ods
        : null;

    /// <summary>A workbook inside a zip or gz.</summary>
    public static IReadOnlyList<TableInspection> InspectPacked(string path, FileShape shape, Hints hints)
    {
        using var copy = LocalCopy.Of(path, shape);
        var format = FormatOf(ZipDirectory.Read(copy.Path))
            ?? throw new ProblemException(Problems.NestedTooDeep.With(shape.Entry ?? Path.GetFileName(path)));
        return Inspect(copy.Path, shape with { Format = format }, hints);
    }

    /// <param name="path">The file, or where the workbook inside it was copied to.</param>
    public static IReadOnlyList<TableInspection> Inspect(string path, FileShape shape, Hints hints)
    {
        using var copy = shape.Container != Container.None && shape.Format == Format.Xls ? LocalCopy.Of(path, shape) : null;
        using var book = OpenBook(copy?.Path ?? path, shape.Format);
        var name = shape.Entry ?? Path.GetFileName(path);
        if (hints.Sheet is not null && !book.Sheets.Contains(hints.Sheet))
        {
            throw new ProblemException(Problems.NoSuchSheet.With(name, hints.Sheet, string.Join(", ", book.Sheets)));
        }

        var tables = new List<TableInspection>();
        for (var i = 0; i < book.Sheets.Count && tables.Count < MostSheets; i++)
        {
            if (hints.Sheet is null || hints.Sheet == book.Sheets[i])
            {
                tables.Add(Sheet(book, i, shape with { Sheet = book.Sheets[i] }, hints));
            }
        }

        // Empty sheets beside filled ones are what every new workbook is born with.
        var filled = tables.FindAll(t => t.Shape.Columns.Count > 0);
        return filled.Count > 0 ? filled : tables;
    }

    public static RecordSource Open(string path, FileShape shape)
    {
        var copy = shape.Container == Container.None ? null : LocalCopy.Of(path, shape);
        IWorkbook? book = null;
        try
        {
            book = OpenBook(copy?.Path ?? path, shape.Format);
            var sheet = shape.Sheet is null ? 0 : Enumerable.Range(0, book.Sheets.Count).FirstOrDefault(i => book.Sheets[i] == shape.Sheet, -1);
            return sheet >= 0 && sheet < book.Sheets.Count
                ? new OwnedSheet(book.Rows(sheet), book, copy)
                : throw new ProblemException(Problems.NoSuchSheet.With(Path.GetFileName(path), shape.Sheet, string.Join(", ", book.Sheets)));
        }
        catch
        {
            book?.Dispose();
            copy?.Dispose();
            throw;
        }
    }

    private static IWorkbook OpenBook(string path, Format format)
    {
        var name = Path.GetFileName(path);
        if (!File.Exists(path))
        {
            throw new ProblemException(Problems.NotFound.With(name));
        }

        try
        {
            return format switch
            {
                Format.Xlsx => new XlsxBook(path),
                Format.Xlsb => new XlsbBook(path),
                Format.Ods => new OdsBook(path),
                _ => OpenOle(path, name),
            };
        }
        catch (XmlException e)
        {
            throw new ProblemException(Faults.Broken(name, e, Problems.Unreadable), e);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new ProblemException(Problems.Unreadable.With(name, Faults.Why(e)), e);
        }
    }

    private static BinaryBook OpenOle(string path, string name) =>
        IsEncryptedPackage(path) ? throw new ProblemException(Problems.Encrypted.With(name)) : new BinaryBook(path, name);

    /// <summary>A password-protected XLSX is an OLE file whose directory names the stream EncryptedPackage.</summary>
    private static bool IsEncryptedPackage(string path)
    {
        using var file = File.OpenRead(path);
        var head = Unpacked.Head(file, 512);
        if (head.Length < 512)
        {
            return false;
        }

        var sector = 1 << Math.Clamp((int)BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(30)), 9, 12);
        file.Position = Math.Clamp((BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(48)) + 1L) * sector, 0, file.Length);
        var directory = Unpacked.Head(file, 4096);
        return directory.AsSpan().IndexOf(Utf16.GetBytes("EncryptedPackage")) >= 0;
    }

    private static TableInspection Sheet(IWorkbook book, int index, FileShape shape, Hints hints)
    {
        var records = new List<SampleRecord>();
        var cells = 0;
        var more = true;
        using (var rows = book.Rows(index))
        {
            while (records.Count < SampleRows && cells < SampleCells && (more = rows.Read()))
            {
                records.Add(new(rows.Line, [.. rows.Cells], rows.Fault));
                cells += rows.Cells.Count;
            }
        }

        var width = Reach(records, out var apart);
        var padded = records.ConvertAll(r => r with { Cells = r.Cells.Length > width ? r.Cells[..width] : [.. r.Cells, .. new string?[width - r.Cells.Length]] });
        var guess = TableGuess.Of(padded, shape with { ShortRows = true }, hints, 0, (_, _) => null);
        if (apart is not null)
        {
            guess.Oddities.Insert(0, apart);
        }

        return Table(guess, padded, complete: !more);
    }

    /// <summary>How wide the table is: what stands behind many empty columns, as a key hit in the last one, is not of it.</summary>
    private static int Reach(List<SampleRecord> records, out Oddity? apart)
    {
        apart = null;
        var width = records.Count == 0 ? 0 : records.Max(r => r.Cells.Length);
        var firsts = new int[width]; // the first record that fills each column, from 1
        foreach (var (i, record) in records.Index())
        {
            for (var c = 0; c < record.Cells.Length; c++)
            {
                firsts[c] = firsts[c] == 0 && !string.IsNullOrWhiteSpace(record.Cells[c]) ? i + 1 : firsts[c];
            }
        }

        var last = Array.FindIndex(firsts, f => f > 0);
        for (var next = last; next >= 0; next = Array.FindIndex(firsts, next + 1, f => f > 0))
        {
            if (next - last > EmptyColumns)
            {
                apart = new("TAB-O08", records[firsts[next] - 1].Line, new Text("第 {0} 列与前面的表隔着 {1} 个空列，不算这个表的列。", "Column {0} stands behind {1} empty ones and is not taken for one of this table.").With(next + 1, next - last - 1));
                return last + 1;
            }

            last = next;
            if (next + 1 >= width)
            {
                break;
            }
        }

        return width;
    }

    internal static TableInspection Table(TableGuess guess, List<SampleRecord> records, bool complete)
    {
        var shape = guess.Shape with { ShortRows = true, EmptyTail = 0 };
        var judge = new RowJudge(shape);
        var rows = new List<Row>();
        var end = guess.NextTable < 0 ? records.Count : guess.NextTable;
        using var replay = new Csv.SampleSource(records, shape.PreambleRows + shape.HeaderRows + (shape.UnitRow ? 1 : 0), end);
        foreach (var (i, record) in records.Take(shape.PreambleRows + shape.HeaderRows + (shape.UnitRow ? 1 : 0)).Index())
        {
            judge.Skipped(record.Cells, i >= shape.PreambleRows);
        }

        while (shape.Columns.Count > 0 && replay.Read())
        {
            judge.Take(replay, rows);
        }

        if (complete)
        {
            judge.End();
        }

        return new TableInspection
        {
            Shape = shape,
            Guesses = guess.Guesses,
            Oddities = [.. guess.Oddities, .. rows.Where(r => r.Fault is not null).Take(100).Select(r => new Oddity(r.Fault!.Code, r.Line, r.Fault.Reason))],
            Preview = [.. rows.Take(Inspector.PreviewRows)],
            Rows = complete || guess.NextTable >= 0 ? rows.Count : null,
            Preamble = [.. records.Take(shape.PreambleRows).Select(r => string.Join(' ', r.Cells.Where(c => !string.IsNullOrWhiteSpace(c))))],
            Notes = judge.Notes,
        };
    }

    private sealed class OwnedSheet(RecordSource rows, IWorkbook book, LocalCopy? copy) : RecordSource
    {
        public override bool Read()
        {
            if (!rows.Read())
            {
                return false;
            }

            (Line, Fault, Blanks) = (rows.Line, rows.Fault, rows.Blanks);
            Cells.Clear();
            Cells.AddRange(rows.Cells);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            rows.Dispose();
            book.Dispose();
            copy?.Dispose();
            base.Dispose(disposing);
        }
    }
}
