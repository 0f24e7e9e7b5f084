// In: {"column": "a", "is": "AtLeast", "value": 3} · {"column": "a", "oneOf": [1, 2]} · {"column": "a", "empty": true} · {"all": […]} · {"any": […]} · {"not": {…}}.
// Out: the condition, and back. Refuses anything else: unknown or doubled members, objects where a value belongs, more than 200 parts, nesting over 12.
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lizhou.Kernel.Data;

internal sealed class ConditionJson : JsonConverter<Condition>
{
    private const int Deepest = 12;
    private const int MostParts = 200;
    private const int MostValues = 1000;

    public override Condition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var parts = 0;
        return Part(json.RootElement, 1, ref parts);
    }

    public override void Write(Utf8JsonWriter writer, Condition value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        switch (value)
        {
            case Condition.Compare c:
                writer.WriteString("column", c.Column);
                writer.WriteString("is", c.Is.ToString());
                writer.WritePropertyName("value");
                Scalar(writer, c.Value, options);
                break;
            case Condition.OneOf c:
                writer.WriteString("column", c.Column);
                writer.WriteStartArray("oneOf");
                c.Values.ToList().ForEach(v => Scalar(writer, v, options));
                writer.WriteEndArray();
                break;
            case Condition.Empty c:
                writer.WriteString("column", c.Column);
                writer.WriteBoolean("empty", true);
                break;
            case Condition.All c:
                Parts(writer, "all", c.Parts, options);
                break;
            case Condition.Any c:
                Parts(writer, "any", c.Parts, options);
                break;
            case Condition.Not c:
                writer.WritePropertyName("not");
                Write(writer, c.Part, options);
                break;
        }

        writer.WriteEndObject();
    }

    private static Condition Part(JsonElement json, int depth, ref int parts)
    {
        if (json.ValueKind != JsonValueKind.Object || depth > Deepest || ++parts > MostParts)
        {
            throw new JsonException("A condition is an object, at most 12 deep, with at most 200 parts.");
        }

        var members = json.EnumerateObject().ToList();
        var names = string.Join(",", members.Select(m => m.Name).Order(StringComparer.Ordinal));
        return names switch
        {
            "column,is,value" => new Condition.Compare(Column(json), Comparison(json.GetProperty("is")), Value(json.GetProperty("value"))),
            "column,oneOf" => new Condition.OneOf(Column(json), [.. Array(json.GetProperty("oneOf"), MostValues).Select(Value)]),
            "column,empty" when json.GetProperty("empty").ValueKind == JsonValueKind.True => new Condition.Empty(Column(json)),
            "all" => new Condition.All(Parts(json.GetProperty("all"), depth, ref parts)),
            "any" => new Condition.Any(Parts(json.GetProperty("any"), depth, ref parts)),
            "not" => new Condition.Not(Part(json.GetProperty("not"), depth + 1, ref parts)),
            _ => throw new JsonException("Not a condition."),
        };
    }

    private static List<Condition> Parts(JsonElement json, int depth, ref int parts)
    {
        var made = new List<Condition>();
        foreach (var part in Array(json, MostParts))
        {
            made.Add(Part(part, depth + 1, ref parts));
        }

        return made;
    }

    private static JsonElement.ArrayEnumerator Array(JsonElement json, int most) => json.ValueKind == JsonValueKind.Array && json.GetArrayLength() <= most
        ? json.EnumerateArray()
        : throw new JsonException($"An array of at most {most} belongs here.");

    private static string Column(JsonElement json) =>
        json.GetProperty("column") is { ValueKind: JsonValueKind.String } name ? name.GetString()! : throw new JsonException("A column is named by a text.");

    private static Comparison Comparison(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && Enum.TryParse<Comparison>(json.GetString(), out var found) && Enum.IsDefined(found) && !char.IsDigit(json.GetString()![0])
            ? found
            : throw new JsonException("One of Equal, NotEqual, Less, AtMost, More, AtLeast belongs here.");

    private static object Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Number => json.TryGetDecimal(out var number) ? number : json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new JsonException("A text, a number or a truth value belongs here."),
    };

    private void Parts(Utf8JsonWriter writer, string name, IReadOnlyList<Condition> parts, JsonSerializerOptions options)
    {
        writer.WriteStartArray(name);
        foreach (var part in parts)
        {
            Write(writer, part, options);
        }

        writer.WriteEndArray();
    }

    private static void Scalar(Utf8JsonWriter writer, object value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, value.GetType(), options);
}
