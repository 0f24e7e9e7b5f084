// In: rows of a push, an object each. Out: the names of their fields, nested ones with dots, as the intake will read them. Refuses what is no object.
using System.Text.Json;
using System.Text.Unicode;
using Lizhou.Collection.Sources;
using Lizhou.Kernel;

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

    /// <exception cref="ProblemException">The row is not one object.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public void Add(ReadOnlySpan<byte> row, long number)
    {
        if (!Utf8.IsValid(row))
        {
            throw Bad(new("第 {0} 条不是 UTF-8 编码", "row {0} is not UTF-8"), number); // one such row would have the rows of all others read in another encoding
        }

        var reader = new Utf8JsonReader(row, Strict);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw Bad(new("第 {0} 条不是对象", "row {0} is no object"), number);
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

    /// <summary>A refusal of a row, in words.</summary>
    public static ProblemException Bad(Text why, params object[] values) => new(SourceProblems.BadBody.With(why.With(values)));

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
