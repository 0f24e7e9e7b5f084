// Rows of another database or of a program into chunks for the load. In: a reader's rows, streamed. Out: chunk files of bounded size, each whole on disk.
// Values go as text, so they pass the same gate as a file's cells; a row is numbered by its place in the reader.
using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Lizhou.Lake;

/// <summary>Turns rows into chunk files.</summary>
public static class RowChunks
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    /// <summary>Streams a reader's rows into chunks that the load deletes when it has staged them.</summary>
    /// <param name="reader">Open; its columns stand in the plan's order. Not disposed.</param>
    /// <param name="folder">Where chunk files are made; inside the engine's folders.</param>
    /// <param name="file">Number of the source within the batch.</param>
    /// <param name="bytes">Size after which a chunk ends.</param>
    public static async IAsyncEnumerable<LoadChunk> Of(
        DbDataReader reader, string folder, int file = 0, long bytes = 64L << 20, [EnumeratorCancellation] CancellationToken stop = default)
    {
        Directory.CreateDirectory(folder);
        long row = 0;
        var more = await reader.ReadAsync(stop);
        for (var sequence = 0; more; sequence++)
        {
            var path = Path.Combine(folder, $"rows_{file:D4}_{sequence:D6}.csv");
            await using (var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16))
            {
                await using var text = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16);
                for (; more && stream.Position < bytes; more = await reader.ReadAsync(stop))
                {
                    text.Write(++row);
                    for (var i = 0; i < reader.FieldCount; i++)
                    {
                        text.Write(',');
                        Write(text, await reader.IsDBNullAsync(i, stop) ? null : reader.GetValue(i));
                    }

                    text.Write('\n');
                }
            }

            yield return new LoadChunk(sequence, file, path) { Owned = true };
        }
    }

    private static void Write(StreamWriter text, object? value)
    {
        var cell = value switch
        {
            null => "",
            string plain => plain,
            DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
            DateTimeOffset moment => moment.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFzzz", CultureInfo.InvariantCulture),
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            byte[] bytes => Convert.ToHexStringLower(bytes),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
        if (!cell.AsSpan().ContainsAny(Special))
        {
            text.Write(cell);
            return;
        }

        text.Write('"');
        text.Write(cell.Replace("\"", "\"\"", StringComparison.Ordinal));
        text.Write('"');
    }
}
