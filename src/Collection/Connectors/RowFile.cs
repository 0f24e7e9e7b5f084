// In: rows of a pull, one after the other. Out: one file in the work folder that the intake reads like any other. Refuses more than the limits.
// CSV in one fixed form for columns that are all text (no value is empty, empty text is quoted), NDJSON for records of unknown shape.
using System.Buffers;
using System.Text;
using Lizhou.Collection.Sources;
using Lizhou.Kernel;
using Lizhou.Tabular;

namespace Lizhou.Collection.Connectors;

internal sealed class RowFile : IAsyncDisposable
{
    private const int FlushAt = 1 << 18;
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");
    /// <summary>Records of other systems as they are, without turning characters into escapes.</summary>
    public static readonly System.Text.Json.JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> buffer = new(FlushAt + (64 << 10));
    private readonly FileStream file;
    private readonly SourceLimits limits;

    public RowFile(string path, SourceLimits limits)
    {
        this.limits = limits;
        Path = path;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
    }

    public string Path { get; }

    public long Rows { get; private set; }

    public long Bytes => file.Length + buffer.WrittenCount;

    /// <summary>The contract of a file written with <see cref="Write(IReadOnlyList{string?}, CancellationToken)"/>.</summary>
    public static FileShape ShapeOf(IEnumerable<string> columns) => new()
    {
        Format = Format.Csv,
        Encoding = EncodingNames.Utf8,
        Dialect = new CsvDialect(),
        HeaderRows = 1,
        Footer = false,
        QuotedEmptyIsText = true,
        Columns = [.. columns.Select(c => new ColumnShape(c))],
    };

    public void Header(IReadOnlyList<string> columns) => Line(columns);

    public async ValueTask Write(IReadOnlyList<string?> cells, CancellationToken stop)
    {
        Line(cells);
        await Counted(stop);
    }

    /// <summary>One record as a JSON object on its own line.</summary>
    public async ValueTask Write(ReadOnlyMemory<byte> record, CancellationToken stop)
    {
        buffer.Write(record.Span);
        buffer.Write("\n"u8);
        await Counted(stop);
    }

    /// <summary>Writes what is left and returns the file from its start.</summary>
    public async Task<Stream> Finish(CancellationToken stop)
    {
        await Flush(stop);
        file.Position = 0;
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        File.Delete(Path);
    }

    private void Line(IReadOnlyList<string?> cells)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            if (i > 0)
            {
                buffer.Write(","u8);
            }

            // A lone column without a value would be a blank line, which readers pass over.
            Cell(cells[i], cells.Count == 1);
        }

        buffer.Write("\n"u8);
    }

    private void Cell(string? cell, bool alone)
    {
        if (cell is null && !alone)
        {
            return;
        }

        if (cell is { Length: > 0 } && cell.AsSpan().IndexOfAny(Special) < 0 && cell[0] != ' ' && cell[^1] != ' ')
        {
            Encoding.UTF8.GetBytes(cell, buffer);
            return;
        }

        buffer.Write("\""u8);
        Encoding.UTF8.GetBytes((cell ?? "").Replace("\"", "\"\"", StringComparison.Ordinal), buffer);
        buffer.Write("\""u8);
    }

    private async ValueTask Counted(CancellationToken stop)
    {
        if (++Rows > limits.PullRows)
        {
            throw new ProblemException(SourceProblems.TooMuch.With($"{limits.PullRows} rows"));
        }

        if (buffer.WrittenCount >= FlushAt)
        {
            await Flush(stop);
            if (file.Length > limits.PullBytes)
            {
                throw new ProblemException(SourceProblems.TooMuch.With($"{limits.PullBytes} bytes"));
            }
        }
    }

    private async Task Flush(CancellationToken stop)
    {
        await file.WriteAsync(buffer.WrittenMemory, stop);
        buffer.ResetWrittenCount();
    }
}
