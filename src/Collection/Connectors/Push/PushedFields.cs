// In: rows of a push, an object each. Out: the names of their fields, nested ones with dots, as the intake will read them. Refuses what is no object or no text.
// Whatever is sent, the names stay small: they are kept with each push and compared with those of all that wait.
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Lizhou.Collection.Sources;
using Lizhou.Kernel;

namespace Lizhou.Collection.Connectors.Push;

internal sealed class PushedFields
{
    private const int Most = 1000; // a resource has a few dozen items; what goes beyond is strange anyhow
    private const int LongestName = 200;
    private const int MostBytes = 64 << 10;

    /// <summary>Stands for the names beyond the limits: no item is called so.</summary>
    private const string More = "…";

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 64 };
    private readonly SortedSet<string> names = new(StringComparer.Ordinal);
    private readonly List<string> path = []; // each with those above it
    private int bytes;

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
                    path.Add(Short(path.Count == 0 ? Text(ref reader, number) : $"{path[^1]}.{Text(ref reader, number)}"));
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
                    if (reader.ValueIsEscaped)
                    {
                        Text(ref reader, number);
                    }

                    Value();
                    break;
            }
        }
    }

    /// <summary>A refusal of a row, in words.</summary>
    public static ProblemException Bad(Text why, params object[] values) => new(SourceProblems.BadBody.With(why.With(values)));

    /// <summary>Half of a surrogate pair, written as an escape: JSON lets it pass, but it is no text.</summary>
    public static ProblemException NoText(long number) => Bad(new("第 {0} 条含半个代理字符（如 \\ud800），不是文字", "row {0} has half of a surrogate pair (such as \\ud800), which is no text"), number);

    private static string Text(ref Utf8JsonReader reader, long number)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw NoText(number);
        }
    }

    /// <summary>A long name as its beginning and the digest of the whole, so that different ones stay different.</summary>
    private static string Short(string name)
    {
        if (name.Length <= LongestName)
        {
            return name;
        }

        var keep = char.IsHighSurrogate(name[LongestName - 1]) ? LongestName - 1 : LongestName;
        return $"{name[..keep]}{More}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16]}";
    }

    private void Value()
    {
        if (bytes < MostBytes && !names.Contains(path[^1]))
        {
            var more = Encoding.UTF8.GetByteCount(JsonSerializer.Serialize(path[^1], SourcesDb.Json)) + 1;
            var fits = names.Count < Most && bytes + more < MostBytes;
            names.Add(fits ? path[^1] : More);
            bytes = fits ? bytes + more : MostBytes;
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
