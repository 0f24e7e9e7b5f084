// In: the body of a push: an array of objects, an object a line, or CSV with a header. Out: the same rows as an object a line, in memory
// while they are few and in a file beyond that. Refuses what is no object, deep JSON, packed bombs and more than the limit: all or nothing.
using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Collection.Sources;
using Lizhou.Kernel;
using Lizhou.Tabular;

namespace Lizhou.Collection.Connectors.Push;

internal sealed class PushedRows(string folder, SourceLimits limits) : IAsyncDisposable
{
    private const int LongestRow = 1 << 20;
    private static readonly JsonSerializerOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> buffer = new(4096);
    private readonly PushedFields fields = new();
    private FileStream? file;
    private bool kept;

    public long Rows { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Null when the rows are in a file.</summary>
    public byte[]? Body => file is null ? buffer.WrittenSpan.ToArray() : null;

    /// <summary>The file's path; null when the rows are in memory.</summary>
    public string? File => file?.Name;

    /// <summary>Names of all fields of the rows.</summary>
    public string Fields => fields.ToString();

    public string Digest => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>Reads a whole body.</summary>
    /// <exception cref="ProblemException">Some part of it is wrong; nothing of it counts.</exception>
    public async Task Read(Stream body, string mediaType, FileShape? contract, CancellationToken stop)
    {
        try
        {
            await (mediaType switch
            {
                "application/json" => Array(body, stop),
                "application/x-ndjson" or "application/ndjson" or "application/jsonl" => Lines(body, stop),
                "text/csv" => Csv(body, contract, stop),
                _ => throw new ProblemException(SourceProblems.UnknownType.With(mediaType)),
            });
        }
        catch (JsonException)
        {
            throw PushedFields.Bad(new("从第 {0} 条起不符合 JSON 语法，或有重复的字段、嵌套过深", "from row {0} on it is no JSON, names a field twice or nests too deep"), Rows + 1);
        }
        catch (InvalidDataException)
        {
            throw PushedFields.Bad(new("压缩内容已损坏", "the packed content is damaged"));
        }

        if (Rows == 0)
        {
            throw PushedFields.Bad(new("没有一条数据", "there is no row"));
        }

        if (file is not null)
        {
            await Spill(stop);
            file.Flush(flushToDisk: true);
        }
    }

    /// <summary>The file stays when the push was acknowledged.</summary>
    public void Keep() => kept = true;

    public async ValueTask DisposeAsync()
    {
        hash.Dispose();
        if (file is not null)
        {
            await file.DisposeAsync();
            if (!kept)
            {
                System.IO.File.Delete(file.Name);
            }
        }
    }

    private async Task Array(Stream body, CancellationToken stop)
    {
        var line = new ArrayBufferWriter<byte>(1024);
        await using var writer = new Utf8JsonWriter(line, RowFile.Plain);
        await foreach (var row in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(body, Strict, stop))
        {
            if (row.ValueKind != JsonValueKind.Object)
            {
                throw PushedFields.Bad(new("第 {0} 条不是对象", "row {0} is no object"), Rows + 1);
            }

            line.ResetWrittenCount();
            writer.Reset();
            try
            {
                row.WriteTo(writer);
            }
            catch (InvalidOperationException)
            {
                throw PushedFields.NoText(Rows + 1);
            }

            await writer.FlushAsync(stop);
            await Add(line.WrittenMemory, stop);
        }
    }

    private async Task Lines(Stream body, CancellationToken stop)
    {
        var pipe = PipeReader.Create(body);
        while (true)
        {
            var read = await pipe.ReadAsync(stop);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                await Line(rest.Slice(0, end), stop);
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (rest.Length > LongestRow)
            {
                throw PushedFields.Bad(new("第 {0} 条超过 {1} 字节", "row {0} is more than {1} bytes"), Rows + 1, LongestRow);
            }

            if (read.IsCompleted)
            {
                await Line(rest, stop);
                return;
            }

            pipe.AdvanceTo(rest.Start, rest.End);
        }
    }

    private async Task Line(ReadOnlySequence<byte> line, CancellationToken stop)
    {
        var row = line.ToArray().AsMemory().Trim(" \t\r"u8);
        if (row.Length > 0)
        {
            await Add(row, stop);
        }
    }

    private async Task Csv(Stream body, FileShape? contract, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            await using (var copy = System.IO.File.Create(path))
            {
                await body.CopyToAsync(copy, stop);
            }

            var shape = contract is { Format: Format.Csv } ? contract : Inspect(path);
            using var rows = RowReader.Open(path, shape);
            while (rows.Next() is { } row)
            {
                if (row.Fault is { } fault)
                {
                    throw PushedFields.Bad(new("第 {0} 行：{1}", "line {0}: {1}"), row.Line, fault.Reason);
                }

                await Add(shape.Columns.Zip(row.Cells).ToDictionary(c => c.First.Name, c => c.Second), stop);
            }
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    private static FileShape Inspect(string path)
    {
        var inspected = Inspector.Inspect(path);
        return inspected is { Refused: false, Value.Tables: [{ Problem: null } table, ..] } && table.Shape.Format == Format.Csv
            ? table.Shape
            : throw PushedFields.Bad(new("不是带表头的 CSV", "it is no CSV with a header"));
    }

    private Task Add(Dictionary<string, string?> row, CancellationToken stop) => Add(JsonSerializer.SerializeToUtf8Bytes(row, SourcesDb.Json), stop).AsTask();

    private async ValueTask Add(ReadOnlyMemory<byte> row, CancellationToken stop)
    {
        if (row.Length > LongestRow)
        {
            throw PushedFields.Bad(new("第 {0} 条超过 {1} 字节", "row {0} is more than {1} bytes"), Rows + 1, LongestRow);
        }

        fields.Add(row.Span, Rows + 1);
        hash.AppendData(row.Span);
        hash.AppendData("\n"u8);
        buffer.Write(row.Span);
        buffer.Write("\n"u8);
        Rows++;
        Bytes += row.Length + 1;
        if (buffer.WrittenCount > limits.SmallPushBytes)
        {
            await Spill(stop);
        }
    }

    private async Task Spill(CancellationToken stop)
    {
        if (file is null)
        {
            Directory.CreateDirectory(folder);
            file = new FileStream(Path.Combine(folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        }

        await file.WriteAsync(buffer.WrittenMemory, stop);
        buffer.ResetWrittenCount();
    }
}
