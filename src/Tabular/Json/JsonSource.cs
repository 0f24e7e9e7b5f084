// Objects of a JSON array or of NDJSON lines as records: one cell per column, by the columns' dotted names.
using System.Buffers;
using System.Text;
using System.Text.Json;
using Lizhou.Tabular.Encodings;

namespace Lizhou.Tabular.Json;

internal abstract class FlatSource(IReadOnlyList<string> columns) : RecordSource
{
    /// <summary>The next object as dotted names and texts; empty with <see cref="RecordSource.Fault"/> set when it is none.</summary>
    public abstract bool ReadObject(out Dictionary<string, string?> flat);

    public override bool Read()
    {
        if (!ReadObject(out var flat))
        {
            return false;
        }

        Cells.Clear();
        foreach (var column in columns)
        {
            Cells.Add(flat.GetValueOrDefault(column));
        }

        return true;
    }
}

/// <summary>Flattening of one value.</summary>
internal static class Flat
{
    public static bool TryParse(ReadOnlySpan<byte> line, out Dictionary<string, string?> flat, out Text? error)
    {
        flat = new(StringComparer.Ordinal);
        error = null;
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = JsonPull.MostDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind != JsonValueKind.Object || reader.Read())
            {
                error = new Text("应为对象，却是 {0}", "an object is wanted, this is {0}").With(document.RootElement.ValueKind);
                return false;
            }

            Add(flat, "", document.RootElement);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            error = Faults.Why(e);
            return false;
        }
    }

    public static void Add(Dictionary<string, string?> flat, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var part in value.EnumerateObject())
                {
                    Add(flat, name.Length == 0 ? part.Name : name + "." + part.Name, part.Value);
                }

                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                flat[name] = null;
                break;
            case JsonValueKind.String:
                flat[name] = value.GetString();
                break;
            case JsonValueKind.True:
                flat[name] = "true";
                break;
            case JsonValueKind.False:
                flat[name] = "false";
                break;
            default:
                // Numbers as written, arrays as their JSON.
                flat[name] = value.GetRawText();
                break;
        }
    }
}

/// <summary>Objects of the array at a path.</summary>
internal sealed class JsonSource(Utf8Feed feed, string? path, IReadOnlyList<string> columns, string name) : FlatSource(columns)
{
    /// <summary>The path of a document that is itself the one row.</summary>
    public const string Root = Hints.OneRow;

    /// <summary>The path of a document whose members are the rows.</summary>
    public const string Members = "$.*";

    private readonly JsonPull pull = new(feed, name);
    private bool found;
    private bool ended;

    public override bool ReadObject(out Dictionary<string, string?> flat)
    {
        flat = new(StringComparer.Ordinal);
        Fault = null;
        if (path == Root && !ended)
        {
            ended = true;
            pull.Read();
            Line = pull.Line;
            Value(flat, pull.Token == JsonTokenType.StartObject ? "" : "value");
            ended = false;
            End();
            return true;
        }

        if (path == Members && !ended)
        {
            return Member(flat);
        }

        if (ended || (!found && !Find()) || !pull.Read() || pull.Token == JsonTokenType.EndArray)
        {
            End();
            return false;
        }

        Line = pull.Line;
        if (pull.Token == JsonTokenType.StartObject)
        {
            Flatten(flat, "");
            return true;
        }

        if (pull.Token == JsonTokenType.StartArray)
        {
            List(flat);
            return true;
        }

        Value(flat, "value");
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        pull.Dispose();
        base.Dispose(disposing);
    }

    private bool Member(Dictionary<string, string?> flat)
    {
        var more = (found || pull.Read()) && pull.Read() && pull.Token == JsonTokenType.PropertyName;
        found = true;
        if (!more)
        {
            End();
            return false;
        }

        Line = pull.Line;
        flat["key"] = pull.Text;
        pull.Read();
        Value(flat, "value");
        return true;
    }

    /// <summary>A row written as an array: its columns are its places.</summary>
    private void List(Dictionary<string, string?> flat)
    {
        for (var i = 1; pull.Read() && pull.Token != JsonTokenType.EndArray; i++)
        {
            Value(flat, $"column{i}");
        }
    }

    private void Flatten(Dictionary<string, string?> flat, string prefix)
    {
        while (pull.Read() && pull.Token != JsonTokenType.EndObject)
        {
            var member = prefix.Length == 0 ? pull.Text! : prefix + "." + pull.Text;
            pull.Read();
            Value(flat, member);
        }
    }

    private void Value(Dictionary<string, string?> flat, string member)
    {
        switch (pull.Token)
        {
            case JsonTokenType.StartObject:
                Flatten(flat, member);
                break;
            case JsonTokenType.StartArray:
                flat[member] = Raw();
                break;
            case JsonTokenType.True:
                flat[member] = "true";
                break;
            case JsonTokenType.False:
                flat[member] = "false";
                break;
            default:
                flat[member] = pull.Text;
                break;
        }
    }

    /// <summary>An array inside a row, as its JSON text.</summary>
    private string Raw()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var to = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = JsonPull.MostDepth + 1 });
        to.WriteStartArray();
        for (var depth = 1; depth > 0 && pull.Read();)
        {
            switch (pull.Token)
            {
                case JsonTokenType.StartArray:
                    to.WriteStartArray();
                    depth++;
                    break;
                case JsonTokenType.StartObject:
                    to.WriteStartObject();
                    depth++;
                    break;
                case JsonTokenType.EndArray:
                    to.WriteEndArray();
                    depth--;
                    break;
                case JsonTokenType.EndObject:
                    to.WriteEndObject();
                    depth--;
                    break;
                case JsonTokenType.PropertyName:
                    to.WritePropertyName(pull.Text!);
                    break;
                case JsonTokenType.String:
                    to.WriteStringValue(pull.Text);
                    break;
                case JsonTokenType.Number:
                    to.WriteRawValue(pull.Text!);
                    break;
                case JsonTokenType.True or JsonTokenType.False:
                    to.WriteBooleanValue(pull.Token == JsonTokenType.True);
                    break;
                default:
                    to.WriteNullValue();
                    break;
            }
        }

        to.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Moves to the array: the document itself, or the one whose dotted path was asked for.</summary>
    private bool Find()
    {
        found = true;
        var stack = new List<string>();
        while (pull.Read())
        {
            switch (pull.Token)
            {
                case JsonTokenType.PropertyName:
                    stack[^1] = pull.Text!;
                    break;
                case JsonTokenType.StartObject:
                    stack.Add("");
                    break;
                case JsonTokenType.EndObject:
                    stack.RemoveAt(stack.Count - 1);
                    break;
                case JsonTokenType.StartArray when string.Join('.', stack) == (path ?? ""):
                    return true;
            }
        }

        throw new ProblemException(Problems.NoRows);
    }

    /// <summary>What follows the rows is read too: a document with a fault behind them is refused, not half taken.</summary>
    private void End()
    {
        while (!ended && pull.Read())
        {
        }

        ended = true;
    }
}

/// <summary>One object per line; a line that is none is a faulty row.</summary>
internal sealed class NdJsonSource(Utf8Feed feed, IReadOnlyList<string> columns, string name) : FlatSource(columns)
{
    private const int LongestLine = 16 * 1024 * 1024;

    public override bool ReadObject(out Dictionary<string, string?> flat)
    {
        flat = new(StringComparer.Ordinal);
        Fault = null;
        while (NextLine(feed, name, Line, out var bad) is { } line)
        {
            Line++;
            if (line.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
            {
                Blanks++;
                continue;
            }

            if (bad is { } place)
            {
                Fault = Faults.Of(place.Kind == BadKind.PrivateUse ? Problems.PrivateUse : Problems.BadBytes, place.Offset, feed.Encoding);
            }
            else if (!Flat.TryParse(line, out flat, out var error))
            {
                Fault = Faults.Of(Problems.BadRowJson, null, error!);
                flat = new(StringComparer.Ordinal);
            }

            return true;
        }

        return false;
    }

    /// <summary>The next line without its end; null at the end of the text.</summary>
    /// <param name="name">What is read, as a refusal calls it.</param>
    /// <param name="before">Lines before it.</param>
    public static byte[]? NextLine(Utf8Feed feed, string name, long before, out BadBytes? bad)
    {
        bad = null;
        while (true)
        {
            var at = feed.Window.IndexOf((byte)'\n');
            if (at < 0 && !feed.Ended)
            {
                if (feed.Window.Length > LongestLine)
                {
                    throw new ProblemException(Problems.LineTooLong.With(name, LongestLine, before + 1));
                }

                feed.Fill();
                continue;
            }

            if (at < 0 && feed.Window.IsEmpty)
            {
                return null;
            }

            var length = at < 0 ? feed.Window.Length : at;
            bad = feed.BadWithin(length);
            var line = feed.Window[..length].ToArray();
            feed.Consume(at < 0 ? length : at + 1);
            return line;
        }
    }

    protected override void Dispose(bool disposing)
    {
        feed.Dispose();
        base.Dispose(disposing);
    }
}
