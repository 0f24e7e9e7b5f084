// The rejects of a chunk as JSON lines in the load's folder, so that a wholly bad file needs no memory. Written by several engine threads.
using System.Buffers;
using System.Text.Json;

namespace Lizhou.Lake;

internal sealed class RejectLog(string path) : IDisposable
{
    private readonly Lock writing = new();
    private readonly ArrayBufferWriter<byte> line = new(1 << 12);
    private FileStream? file;

    /// <summary>Writes one reject; <paramref name="cells"/> puts the raw cells into the array it is given.</summary>
    public void Add(int source, long row, Action<Utf8JsonWriter> cells, IEnumerable<(int Column, Cell Cell, string Detail)> faults) => Line(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("f", source);
        json.WriteNumber("r", row);
        json.WriteStartArray("c");
        cells(json);
        json.WriteEndArray();
        json.WriteStartArray("x");
        foreach (var fault in faults)
        {
            json.WriteStartArray();
            json.WriteNumberValue(fault.Column);
            json.WriteNumberValue((int)fault.Cell);
            json.WriteStringValue(fault.Detail);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Writes a reject of an earlier stage with its reasons in full.</summary>
    public void Add(Reject reject) => Line(json => JsonSerializer.Serialize(json, new Foreign(reject)));

    private void Line(Action<Utf8JsonWriter> write)
    {
        lock (writing)
        {
            line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(line))
            {
                write(json);
            }

            file ??= new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
            file.Write(line.WrittenSpan);
            file.WriteByte((byte)'\n');
        }
    }

    /// <summary>Makes it safe on disk; there is no file when there was no reject.</summary>
    public void Close()
    {
        file?.Flush(flushToDisk: true);
        Dispose();
    }

    public void Dispose()
    {
        file?.Dispose();
        file = null;
    }

    public static IEnumerable<Reject> Read(string path, LoadPlan plan)
    {
        if (!File.Exists(path))
        {
            yield break;
        }

        foreach (var text in File.ReadLines(path))
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            if (root.TryGetProperty(nameof(Foreign.Reject), out var foreign))
            {
                yield return foreign.Deserialize<Reject>()!;
                continue;
            }

            string?[] cells = [.. root.GetProperty("c").EnumerateArray().Select(c => c.GetString())];
            CellFault[] faults = [.. root.GetProperty("x").EnumerateArray().Select(f => FaultOf(f, cells, plan))];
            yield return new Reject(root.GetProperty("f").GetInt32(), root.GetProperty("r").GetInt64(), cells, faults);
        }
    }

    private static CellFault FaultOf(JsonElement fault, string?[] cells, LoadPlan plan)
    {
        var (index, code, detail) = (fault[0].GetInt32(), fault[1].GetInt32(), fault[2].GetString() ?? "");
        var column = index < 0 ? null : plan.Columns[index];
        var cell = index < 0 || index >= cells.Length ? null : cells[index];
        return new CellFault(column?.Name, cell, LoadProblems.Of(code, column, detail, cell));
    }

    private sealed record Foreign(Reject Reject);
}
