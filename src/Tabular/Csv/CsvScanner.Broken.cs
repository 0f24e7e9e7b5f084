// Where a record that cannot be read ends: an unclosed quote costs its own lines, an endless line itself, and never what stands below.
using System.Text;

namespace Lizhou.Tabular.Csv;

internal sealed partial class CsvScanner
{
    /// <summary>Lines that are looked at for the end of a broken record.</summary>
    private const int MostLines = 1000;

    /// <summary>A quote that is never closed swallows the lines below it, up to the next quote. Where the first of those begins that is a
    /// record by itself (as many cells as there should be, quotes only around cells); 0 when none is: then the record is what it seems.</summary>
    private int NextFit(ReadOnlySpan<byte> record)
    {
        var kept = spans.ToArray();
        var at = 0;
        for (var line = 0; line < MostLines; line++)
        {
            at = syntax.WithEnd(feed.Window, at + syntax.LineLength(feed.Window[at..]));
            if (at >= record.Length)
            {
                break;
            }

            var rest = feed.Window[at..];
            if (Scan(rest, feed.Ended, out var length) == ScanEnd.Whole && spans.Count == Expected && Clean(rest[..length]))
            {
                return at;
            }
        }

        spans.Clear();
        spans.AddRange(kept);
        return 0;
    }

    private bool Clean(ReadOnlySpan<byte> record)
    {
        foreach (var span in spans)
        {
            if (!span.Quoted && record.Slice(span.Start, span.Length).Contains((byte)syntax.Quote))
            {
                return false;
            }
        }

        return true;
    }

    private void SkipLongLine()
    {
        Fault = Faults.Of(Problems.LongRecord, feed.Position, RecordLimit);
        spans.Clear();
        lineLength = 0;
        Cells.Add(Encoding.UTF8.GetString(feed.Window[..200]));
        while (true)
        {
            var at = feed.Window.IndexOf(syntax.LastOfEnd);
            if (at >= 0)
            {
                feed.Consume(at + 1);
                break;
            }

            feed.Consume(feed.Window.Length);
            if (!feed.Fill())
            {
                break;
            }
        }

        nextLine++;
    }
}
