// A file and the shape of a table in it; the table's rows, one after the other, out. A row that cannot be read comes out
// with its fault, and reading goes on behind it; only a file that cannot be read on throws.
using Lizhou.Tabular.Columnar;
using Lizhou.Tabular.Containers;
using Lizhou.Tabular.Csv;
using Lizhou.Tabular.Encodings;
using Lizhou.Tabular.Json;
using Lizhou.Tabular.Spreadsheets;

namespace Lizhou.Tabular;

/// <summary>Streams the rows of one table; memory does not grow with the file. Not safe for use by several threads.</summary>
public sealed class RowReader : IDisposable
{
    private readonly RecordSource source;
    private readonly RowJudge judge;
    private readonly FileShape shape;
    private readonly Queue<Row> ready = new();
    private readonly List<Row> decided = [];
    private long records;
    private bool ended;

    private RowReader(RecordSource source, FileShape shape)
    {
        this.source = source;
        this.shape = shape;
        judge = new RowJudge(shape);
    }

    /// <summary>Notes found under the table; complete when <see cref="Rows"/> has ended.</summary>
    public IReadOnlyList<string> Notes => judge.Notes;

    /// <summary>What was no row so far; complete when <see cref="Rows"/> has ended.</summary>
    public PassedOver Passed => judge.Passed;

    /// <summary>Opens a table.</summary>
    /// <param name="path">The file the shape describes, or another of the same make.</param>
    /// <param name="shape">As found by <see cref="Inspector"/>, perhaps edited.</param>
    /// <param name="columnar">Reads Parquet; null where there is no engine.</param>
    /// <exception cref="ProblemException">The file is missing, broken, encrypted, a bomb, or Parquet without an engine.</exception>
    public static RowReader Open(string path, FileShape shape, IColumnarFiles? columnar = null)
    {
        var opened = OpenSource(path, shape, columnar);
        try
        {
            var reader = new RowReader(opened, shape);
            reader.judge.Skip(opened);
            return reader;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>The rows under the header, in order. Can be enumerated once.</summary>
    /// <exception cref="ProblemException">The file cannot be read on (cut short, a bomb after all).</exception>
    public IEnumerable<Row> Rows()
    {
        while (Next() is { } row)
        {
            yield return row;
        }
    }

    /// <summary>The next row, or null at the end.</summary>
    public Row? Next()
    {
        while (ready.Count == 0 && !ended)
        {
            if (records == shape.MaxRecords || shape.Columns.Count == 0 || !source.Read())
            {
                ended = true;
                judge.End();
                break;
            }

            records++;
            decided.Clear();
            judge.Take(source, decided);
            decided.ForEach(ready.Enqueue);
        }

        return ready.Count > 0 ? ready.Dequeue() : null;
    }

    public void Dispose() => source.Dispose();

    private static RecordSource OpenSource(string path, FileShape shape, IColumnarFiles? columnar) => shape.Format switch
    {
        Format.Csv => new CsvScanner(
            new Utf8Feed(Unpacked.Open(path, shape.Container, shape.Entry), shape.Encoding), shape.Dialect ?? new CsvDialect(), shape.Columns.Count + shape.EmptyTail) { Name = shape.Entry ?? Path.GetFileName(path) },
        Format.Json or Format.NdJson => JsonTables.Open(path, shape),
        Format.Parquet => ColumnarTables.Open(path, shape, columnar),
        _ => Workbooks.Open(path, shape),
    };
}
