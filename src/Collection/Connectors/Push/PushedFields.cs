// In: rows of a push, an object each. Out: the names of their fields, nested ones with dots, as the intake will read them. Refuses what is no object.
using System.Text.Json;
using System.Text.Unicode;
using Lizhou.Collection.Sources;

namespace Lizhou.Collection.Connectors.Push;

internal sealed class PushedFields
{
    private const int Most = 1000; // a resource has a few dozen items; what goes beyond is strange anyhow

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 64 };
    private readonly SortedSet<string> names = new(StringComparer.Ordinal);
    private readonly List<string> path = [];

    /// <summary>The names as one text, equal for equal names.</summary>
    public override string ToString() => JsonSerializer.Serialize(names, SourcesDb.Json);

    public static List<string> Read(string fields) => JsonSerializer.Deserialize<List<string>>(fields, SourcesDb.Json)!;

    /// <exception cref="JsonException">The row is not one object.</exception>
    public void Add(ReadOnlySpan<byte> row, long number)
    {
        if (!Utf8.IsValid(row))
        {
            throw new JsonException($"{number}: ≠ UTF-8"); // one such row would have the rows of all others read in another encoding
        }

        var reader = new Utf8JsonReader(row, Strict);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"{number}: {reader.TokenType} ≠ StartObject");
        }

        path.Clear();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    path.Add(reader.GetString()!);
                    break;
                case JsonTokenType.StartObject:
                    break;
                case JsonTokenType.StartArray:
                    reader.Skip();
                    Value();
                    break;
                case JsonTokenType.EndObject:
                    Leave();
                    break;
                default:
                    Value();
                    break;
            }
        }
    }

    private void Value()
    {
        if (names.Count < Most)
        {
            names.Add(path.Count == 1 ? path[0] : string.Join('.', path));
        }

        Leave();
    }

    private void Leave()
    {
        if (path.Count > 0)
        {
            path.RemoveAt(path.Count - 1);
        }
    }
}
