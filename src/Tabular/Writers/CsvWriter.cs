// Rows in, RFC 4180 in UTF-8 out: comma, double quotes where needed, CRLF or LF between records.
using System.Buffers;
using System.Text;
using Lizhou.Kernel;

namespace Lizhou.Tabular.Writers;

/// <summary>How CSV is written.</summary>
public sealed record CsvOptions
{
    /// <summary><c>\r\n</c> as the RFC says, or <c>\n</c>.</summary>
    public string RecordEnd { get; init; } = "\r\n";

    /// <summary>Whether cells that a spreadsheet would run are made harmless (<see cref="Formula"/>).</summary>
    public bool Safe { get; init; }

    /// <summary>Whether the file begins with a byte order mark, for spreadsheets that would else take it for GBK.</summary>
    public bool Mark { get; init; }
}

/// <summary>Writes records to a stream; the stream stays open. Not safe for use by several threads.</summary>
public sealed class CsvWriter : IDisposable
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    private readonly StreamWriter to;
    private readonly CsvOptions options;

    public CsvWriter(Stream stream, CsvOptions? options = null)
    {
        this.options = options ?? new CsvOptions();
        to = new StreamWriter(stream, new UTF8Encoding(this.options.Mark), 64 * 1024, leaveOpen: true);
    }

    /// <summary>Writes one record. Null is an empty cell, the empty text a quoted empty one.</summary>
    public void Write(IEnumerable<string?> cells)
    {
        var first = true;
        foreach (var cell in cells)
        {
            if (!first)
            {
                to.Write(',');
            }

            Cell(cell, first);
            first = false;
        }

        to.Write(options.RecordEnd);
    }

    public void Flush() => to.Flush();

    public void Dispose() => to.Dispose();

    private void Cell(string? cell, bool first)
    {
        if (cell is null)
        {
            return;
        }

        var text = options.Safe ? Formula.Neutralise(cell) : cell;
        if (text.Length > 0 && !text.AsSpan().ContainsAny(NeedsQuotes) && text[0] != ' ' && text[^1] != ' ' && !(first && text[0] == '\uFEFF'))
        {
            to.Write(text);
            return;
        }

        to.Write('"');
        to.Write(text.Replace("\"", "\"\"", StringComparison.Ordinal));
        to.Write('"');
    }
}
