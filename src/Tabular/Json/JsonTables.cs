// JSON and NDJSON in; the array of objects inside as a table, nested objects flattened with dots, out.
using System.Text.Json;
using Lizhou.Tabular.Containers;
using Lizhou.Tabular.Encodings;

namespace Lizhou.Tabular.Json;

internal static class JsonTables
{
    private const int SampleRows = 2000;

    /// <summary>Whether a text is JSON: by its name, or because it begins like it.</summary>
    public static bool Looks(string name, Sample sample, FileShape shape, Hints hints)
    {
        if (hints.Delimiter is not null)
        {
            return false;
        }

        if (hints.Path is not null || Path.GetExtension(name).ToLowerInvariant() is ".json" or ".geojson" or ".ndjson" or ".jsonl")
        {
            return true;
        }

        using var feed = new Utf8Feed(new MemoryStream(sample.Head.ToArray(), writable: false), shape.Encoding);
        var text = feed.Fill() ? feed.Window.TrimStart(" \t\r\n"u8) : [];
        return text.Length > 0 && text[0] switch
        {
            (byte)'{' => text[1..].TrimStart(" \t\r\n"u8) is [(byte)'"' or (byte)'}', ..],
            (byte)'[' => text[1..].TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[' or (byte)']', ..],
            _ => false,
        };
    }

    public static IReadOnlyList<TableInspection> Inspect(string path, FileShape shape, Sample sample, Hints hints, Guess encoding)
    {
        if (IsLines(sample, shape))
        {
            return [Table(path, shape with { Format = Format.NdJson }, sample, encoding, new("format", 0.95, new("每行一个 JSON 对象。", "One JSON object per line.")))];
        }

        var found = hints.Path ?? FindPath(path, shape);
        var where = found.Length == 0 ? new Text("文件是一个数组，每个元素一行。", "The document is an array, one row per element.")
            : found == JsonSource.Root ? new("文件是单个对象或值，按一行读取。", "The document is one object or value, read as one row.")
            : found == JsonSource.Members ? new("文件是一个对象，每个成员一行：key 与 value。", "The document is one object, read as a row per member: key and value.")
            : new Text("表在 {0}。", "The table is at {0}.").With(found);
        return [Table(path, shape with { Format = Format.Json, Path = found.Length == 0 ? null : found }, sample, encoding, new("format", hints.Path is null ? 0.9 : 1, where))];
    }

    public static RecordSource Open(string path, FileShape shape)
    {
        var feed = new Utf8Feed(Unpacked.Open(path, shape.Container, shape.Entry), shape.Encoding);
        var names = shape.Columns.Select(c => c.Name).ToList();
        var name = shape.Entry ?? Path.GetFileName(path);
        return shape.Format == Format.NdJson ? new NdJsonSource(feed, names, name) : new JsonSource(feed, shape.Path, names, name);
    }

    /// <summary>Two lines that are each a whole object.</summary>
    private static bool IsLines(Sample sample, FileShape shape)
    {
        using var feed = new Utf8Feed(new MemoryStream(sample.Head.ToArray(), writable: false), shape.Encoding);
        var whole = 0;
        var lines = 0;
        while (lines < 5 && NdJsonSource.NextLine(feed, shape.Entry ?? "", lines, out _) is { } line)
        {
            if (line.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
            {
                continue;
            }

            lines++;
            whole += line.AsSpan().TrimStart(" \t"u8) is [(byte)'{', ..] && Flat.TryParse(line, out _, out _) ? 1 : 0;
        }

        return lines > 1 && whole > 0 && whole * 2 >= lines;
    }

    /// <summary>Where the first array of objects lies; else the document itself when it is an array, else <see cref="JsonSource.Root"/>.</summary>
    private static string FindPath(string path, FileShape shape)
    {
        using var pull = new JsonPull(new Utf8Feed(Unpacked.Open(path, shape.Container, shape.Entry), shape.Encoding), shape.Entry ?? Path.GetFileName(path));
        var stack = new List<string>();
        var first = JsonTokenType.None;
        var plain = 0;
        while (pull.Read())
        {
            plain += stack.Count == 1 && first == JsonTokenType.StartObject && pull.Token is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null ? 1 : 0;
            first = first == JsonTokenType.None ? pull.Token : first;
            switch (pull.Token)
            {
                case JsonTokenType.PropertyName:
                    stack[^1] = pull.Text!;
                    break;
                case JsonTokenType.StartObject when stack.Count > 0 && stack[^1] == Array:
                    return string.Join('.', stack[..^1]);
                case JsonTokenType.StartObject:
                    plain = stack.Count > 0 ? int.MinValue / 2 : 0;
                    stack.Add("");
                    break;
                case JsonTokenType.StartArray when first == JsonTokenType.StartArray && stack.Count == 1:
                    return "";
                case JsonTokenType.StartArray:
                    stack.Add(Array);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    stack.RemoveAt(stack.Count - 1);
                    break;
            }
        }

        return first == JsonTokenType.StartArray ? "" : plain >= ManyMembers ? JsonSource.Members : JsonSource.Root;
    }

    /// <summary>A lone object with so many plain members is a list of keys and values, not one wide row.</summary>
    private const int ManyMembers = 50;

    private const string Array = "\u0000[]";

    private static TableInspection Table(string path, FileShape shape, Sample sample, params Guess[] guesses)
    {
        var columns = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var sampled = new List<(Dictionary<string, string?> Cells, long Line, RowFault? Fault)>();
        using var source = (FlatSource)Open(path, shape);
        var more = true;
        while ((sampled.Count < SampleRows || sample.Whole) && (more = source.ReadObject(out var flat)))
        {
            foreach (var name in flat.Keys.Where(seen.Add))
            {
                columns.Add(name);
            }

            sampled.Add((flat, source.Line, source.Fault));
        }

        var profiles = columns.ConvertAll(_ => new Types.ColumnProfile());
        foreach (var (cells, _, fault) in sampled.Where(s => s.Fault is null))
        {
            for (var i = 0; i < columns.Count; i++)
            {
                profiles[i].Add(cells.GetValueOrDefault(columns[i]));
            }
        }

        var shapes = columns.Select((name, i) => (name, kind: profiles[i].Decide(), profile: profiles[i]))
            .Select(c => new ColumnShape(c.name, c.kind.Type, c.kind.Format, null, c.profile.Empty > 0, c.profile.Pattern)).ToList();
        var rows = sampled.Select((s, i) => new Row(i + 1, s.Line, columns.ConvertAll(c => s.Cells.GetValueOrDefault(c)), s.Fault)).ToList();
        return new TableInspection
        {
            Shape = shape with { Columns = shapes, Footer = false },
            Guesses = guesses,
            Preview = [.. rows.Take(Inspector.PreviewRows)],
            Rows = more ? null : rows.Count,
            Oddities = [.. rows.Where(r => r.Fault is not null).Take(100).Select(r => new Oddity(r.Fault!.Code, r.Line, r.Fault.Reason))],
        };
    }
}
