// In: a chunk the engine refused. Out: the same chunk without the records that are malformed, and those in the reject log.
// A record must have its number and as many cells as the plan, closed quotes, valid UTF-8, and no more bytes than the engine takes.
using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Lizhou.Lake;

internal static class ChunkSifter
{
    /// <summary>Bytes of the longest record the engine is asked to take.</summary>
    public const int LongestRecord = 4 << 20;

    private const int Shown = 1000;

    /// <returns>Records refused.</returns>
    public static long Sift(LoadChunk chunk, string clean, int cells, RejectLog log)
    {
        using var from = File.OpenRead(chunk.Path);
        using var to = File.Create(clean);
        long refused = 0, last = 0;
        foreach (var record in Records(from))
        {
            var (fault, number) = Judge(record.Span, cells, last);
            if (fault is null)
            {
                to.Write(record.Span);
                last = number;
                continue;
            }

            refused++;
            last = number;
            var beginning = Encoding.UTF8.GetString(record.Span[..Math.Min(Shown, record.Length)]);
            log.Add(chunk.File, number, _ => { }, [(-1, Cell.BadRecord, $"{fault}:{beginning.TrimEnd('\n', '\r')}")]);
        }

        return refused;
    }

    /// <summary>Records with their line ends; one that is too long comes cut, which makes it be refused.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Records(Stream from)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        var block = new byte[1 << 16];
        var quoted = false;
        for (int read; (read = from.Read(block)) > 0;)
        {
            var start = 0;
            for (var i = 0; i < read; i++)
            {
                if (block[i] == '"')
                {
                    quoted = !quoted;
                }
                else if (block[i] == '\n' && !quoted)
                {
                    Keep(buffer, block.AsSpan(start, i + 1 - start));
                    yield return buffer.WrittenMemory;
                    buffer.ResetWrittenCount();
                    start = i + 1;
                }
            }

            Keep(buffer, block.AsSpan(start, read - start));
        }

        if (buffer.WrittenCount > 0)
        {
            yield return buffer.WrittenMemory;
        }
    }

    private static void Keep(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> bytes)
    {
        if (buffer.WrittenCount <= LongestRecord)
        {
            buffer.Write(bytes);
        }
    }

    private static (string? Fault, long Number) Judge(ReadOnlySpan<byte> record, int cells, long last)
    {
        if (!Utf8Parser.TryParse(record, out long number, out _))
        {
            return ("没有记录号 / no record number", last + 1);
        }

        if (record.Length > LongestRecord - 1024)
        {
            return ($"超过 {LongestRecord >> 20} MiB / longer than {LongestRecord >> 20} MiB", number);
        }

        if (!Utf8.IsValid(record))
        {
            return ("不是有效的 UTF-8 / not valid UTF-8", number);
        }

        return Shape(record, cells) is { } fault ? (fault, number) : (null, number);
    }

    private static string? Shape(ReadOnlySpan<byte> record, int cells)
    {
        record = record.TrimEnd("\r\n"u8);
        var count = 1;
        bool quoted = false, closed = false, fresh = true;
        for (var i = 0; i < record.Length; i++)
        {
            var b = record[i];
            if (quoted)
            {
                if (b == '"' && i + 1 < record.Length && record[i + 1] == '"')
                {
                    i++;
                }
                else if (b == '"')
                {
                    (quoted, closed) = (false, true);
                }
            }
            else if (b == ',')
            {
                (count, closed, fresh) = (count + 1, false, true);
                continue;
            }
            else if (b == '"' && fresh)
            {
                quoted = true;
            }
            else if (b == '"' || closed || b is (byte)'\n' or (byte)'\r')
            {
                return "引号有误 / stray quote or line end";
            }

            fresh = false;
        }

        return quoted ? "引号未闭合 / unclosed quote"
            : count != cells ? $"应有 {cells - 1} 列,实有 {count - 1} 列 / {cells - 1} cells expected, {count - 1} found"
            : null;
    }
}
