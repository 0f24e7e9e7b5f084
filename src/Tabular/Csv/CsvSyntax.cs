// A dialect in bytes, with the small questions the scanner asks of it.
using System.Buffers;
using System.Text;

namespace Lizhou.Tabular.Csv;

internal sealed class CsvSyntax
{
    public CsvSyntax(CsvDialect dialect)
    {
        Dialect = dialect;
        Delimiter = Encoding.UTF8.GetBytes(dialect.Delimiter);
        Quote = dialect.Quote is { } quote ? (byte)quote : 0;
        CrEnds = dialect.RecordEnd == "\r";
        Doubles = dialect.Escape != QuoteEscape.None;
        PlainStops = SearchValues.Create([Delimiter[0], (byte)'\n', (byte)'\r']);
        QuotedStops = SearchValues.Create(dialect.Escape == QuoteEscape.Backslash ? [(byte)Quote, (byte)'\\'] : [(byte)Quote]);
        blankIsData = dialect.Delimiter is " " or "\t";
    }

    private readonly bool blankIsData;

    public CsvDialect Dialect { get; }

    public byte[] Delimiter { get; }

    /// <summary>0 when cells are never quoted.</summary>
    public int Quote { get; }

    public bool CrEnds { get; }

    public bool Doubles { get; }

    public SearchValues<byte> PlainStops { get; }

    public SearchValues<byte> QuotedStops { get; }

    public byte LastOfEnd => CrEnds ? (byte)'\r' : (byte)'\n';

    /// <summary>Whether a quoted cell starts here, perhaps after blanks; <paramref name="lead"/> is the way to its first character.</summary>
    public bool StartsQuote(ReadOnlySpan<byte> text, out int lead)
    {
        lead = Blanks(text);
        if (Quote == 0 || lead >= text.Length || text[lead] != Quote)
        {
            return false;
        }

        lead++;
        return true;
    }

    public int Blanks(ReadOnlySpan<byte> text)
    {
        if (blankIsData)
        {
            return 0;
        }

        var count = 0;
        while (count < text.Length && text[count] == ' ' && !text[count..].StartsWith(Delimiter))
        {
            count++;
        }

        return count;
    }

    /// <summary>A delimiter such as <c>", "</c> may lose its blank at the end of a line.</summary>
    public bool TrimmedDelimiterEndsLine(ReadOnlySpan<byte> rest, bool ended, out int length)
    {
        length = 0;
        if (Delimiter.Length < 2 || Delimiter[^1] != ' ')
        {
            return false;
        }

        var bare = Delimiter.AsSpan(0, Delimiter.Length - 1).TrimEnd((byte)' ');
        if (!rest.StartsWith(bare) || (rest.Length > bare.Length && rest[bare.Length] is not ((byte)'\n' or (byte)'\r')) || (rest.Length == bare.Length && !ended))
        {
            return false;
        }

        length = bare.Length;
        return true;
    }

    public string Text(ReadOnlySpan<byte> bytes, bool escaped)
    {
        var text = Encoding.UTF8.GetString(bytes);
        if (!escaped)
        {
            return text;
        }

        var quote = ((char)Quote).ToString();
        return Dialect.Escape == QuoteEscape.Backslash
            ? Unbackslash(text, quote[0])
            : text.Replace(quote + quote, quote, StringComparison.Ordinal);
    }

    /// <summary>Only the quote and the backslash itself are escapes; any other backslash is text.</summary>
    private static string Unbackslash(string text, char quote)
    {
        var made = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && ((text[i] == '\\' && (text[i + 1] == quote || text[i + 1] == '\\')) || (text[i] == quote && text[i + 1] == quote)))
            {
                i++;
            }

            made.Append(text[i]);
        }

        return made.ToString();
    }

    /// <summary>Bytes of the first line, without its end.</summary>
    public int LineLength(ReadOnlySpan<byte> text)
    {
        var at = CrEnds ? text.IndexOfAny((byte)'\r', (byte)'\n') : text.IndexOf((byte)'\n');
        return at < 0 ? WithoutEnd(text).Length : at > 0 && text[at] == '\n' && text[at - 1] == '\r' ? at - 1 : at;
    }

    public ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> record)
    {
        if (record.EndsWith("\n"u8))
        {
            record = record[..^1];
        }

        return record.EndsWith("\r"u8) ? record[..^1] : record;
    }

    /// <summary>Length of a line including the line end that follows in the text.</summary>
    public int WithEnd(ReadOnlySpan<byte> text, int length)
    {
        if (length < text.Length && text[length] == '\r')
        {
            length++;
            return length < text.Length && text[length] == '\n' ? length + 1 : length;
        }

        return length < text.Length && text[length] == '\n' ? length + 1 : length;
    }

    public int CountLines(ReadOnlySpan<byte> record)
    {
        var count = CrEnds ? record.Count((byte)'\r') : record.Count((byte)'\n');
        return record.EndsWith([LastOfEnd]) || (CrEnds && record.EndsWith("\r\n"u8)) ? count : count + 1;
    }
}
