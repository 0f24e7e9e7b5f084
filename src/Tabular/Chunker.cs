// Any table in; UTF-8 RFC 4180 files for the engine out, without header: first the record's number, then the columns.
// Read with delimiter , quote " escape " header false. Writing runs ahead of the consumer by a bounded number of chunks.
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Lizhou.Tabular.Containers;
using Lizhou.Tabular.Csv;
using Lizhou.Tabular.Encodings;

namespace Lizhou.Tabular;

/// <summary>How a table is cut into chunks.</summary>
public sealed record ChunkOptions
{
    /// <summary>Size after which a chunk ends, in bytes.</summary>
    public long Bytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Chunks written but not yet taken by the consumer.</summary>
    public int Ahead { get; init; } = 2;

    /// <summary>Index of the first chunk to write: earlier ones are passed over, with the same boundaries as when they were written.</summary>
    public int From { get; init; }

    /// <summary>Whether a faulty row with a certain repair is written as repaired; else it is faulty like the others.</summary>
    public bool Repair { get; init; }

    /// <summary>Reads Parquet; null where there is no engine.</summary>
    public IColumnarFiles? Columnar { get; init; }

    /// <summary>The columns to write, by their index in the shape, in this order; −1 writes an empty cell. Null writes all as they stand.</summary>
    public IReadOnlyList<int>? Columns { get; init; }

    /// <summary>Whether the record of a number is wanted; the others are read and counted but neither written nor faulty. Null wants all.</summary>
    public Func<long, bool>? Wanted { get; init; }
}

/// <summary>One chunk, whole on disk.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Path">The file; the consumer deletes it.</param>
/// <param name="FirstRecord">Number of the first record that was read for it, faulty or not.</param>
/// <param name="Records">Records read for it: <paramref name="Good"/> + faulty ones + <paramref name="Left"/>.</param>
/// <param name="Good">Records written.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Faulty">Records left out, in order, with their faults.</param>
/// <param name="Repaired">Of the good ones, those written as repaired.</param>
/// <param name="Lines">Where the good ones stand in the file.</param>
/// <param name="Passed">Lines passed over while it was written.</param>
/// <param name="Left">Records that were not wanted.</param>
public sealed record Chunk(int Index, string Path, long FirstRecord, long Records, long Good, long Bytes, IReadOnlyList<Row> Faulty, long Repaired, LineMap Lines, PassedOver Passed, long Left = 0);

/// <summary>Cuts tables into chunk files. Deterministic: the same file, shape and options give the same chunks.</summary>
public static class Chunker
{
    /// <summary>Writes a table as chunks.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">The shape of the table in it.</param>
    /// <param name="folder">Where chunk files are made, as <c>NNNNN.csv</c>; existing ones of that name are overwritten.</param>
    /// <param name="options">Null for the usual.</param>
    /// <param name="stop">Ends writing; a chunk begun is left unfinished on disk.</param>
    /// <returns>The chunks in order; at least one, which may be empty.</returns>
    /// <exception cref="ProblemException">The file cannot be read on; chunks given before are whole.</exception>
    public static async IAsyncEnumerable<Chunk> Run(
        string path, FileShape shape, string folder, ChunkOptions? options = null, [EnumeratorCancellation] CancellationToken stop = default)
    {
        options ??= new ChunkOptions();
        Directory.CreateDirectory(folder);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var channel = Channel.CreateBounded<Chunk>(new BoundedChannelOptions(Math.Max(1, options.Ahead)) { SingleReader = true, SingleWriter = true });
        var writing = Task.Run(() => Write(path, shape, folder, options, channel.Writer, leaving.Token), CancellationToken.None);
        try
        {
            await foreach (var chunk in channel.Reader.ReadAllAsync(stop))
            {
                yield return chunk;
            }
        }
        finally
        {
            await leaving.CancelAsync();
            await writing;
        }
    }

    private static async Task Write(string path, FileShape shape, string folder, ChunkOptions options, ChannelWriter<Chunk> channel, CancellationToken stop)
    {
        try
        {
            using var sink = new ChunkSink(folder, options);
            foreach (var chunk in Chunks(path, shape, sink, options.Columnar, stop))
            {
                await channel.WriteAsync(chunk, stop);
            }

            channel.Complete();
        }
        catch (Exception e)
        {
            channel.Complete(e);
        }
    }

    private static IEnumerable<Chunk> Chunks(string path, FileShape shape, ChunkSink sink, IColumnarFiles? columnar, CancellationToken stop)
    {
        if (sink.TakesAll && FastRows.Suits(shape))
        {
            using var rows = FastRows.Open(new Utf8Feed(Unpacked.Open(path, shape.Container, shape.Entry), shape.Encoding), shape, sink);
            while (rows.Work())
            {
                stop.ThrowIfCancellationRequested();
                if (sink.Full)
                {
                    yield return sink.Close(rows.Passed);
                }
            }

            yield return sink.Close(rows.Passed);
            yield break;
        }

        using var reader = RowReader.Open(path, shape, columnar);
        while (reader.Next() is { } row)
        {
            sink.Add(row);
            if (sink.Full)
            {
                stop.ThrowIfCancellationRequested();
                yield return sink.Close(reader.Passed);
            }
        }

        yield return sink.Close(reader.Passed);
    }
}
