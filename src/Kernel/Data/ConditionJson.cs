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
    private static readonly Text Form = new("须为条件，如 {0}，可由 all、any、not 组合", "must be a condition such as {0}, combined by all, any and not");

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
            throw new WrongConditionException(new("条件须为对象，嵌套不超过 12 层，不超过 200 项", "is an object, at most 12 deep, of at most 200 parts"));
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
            _ => throw new WrongConditionException(Form.With("""{"column":"town","is":"Equal","value":"a"}""")),
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
        : throw new WrongConditionException(new Text("须为不超过 {0} 项的列表", "needs a list of at most {0}").With(most));

    private static string Column(JsonElement json) =>
        json.GetProperty("column") is { ValueKind: JsonValueKind.String } name ? name.GetString()! : throw new WrongConditionException(new("column 须为列名", "needs the name of a column in column"));

    private static Comparison Comparison(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && Enum.TryParse<Comparison>(json.GetString(), out var found) && Enum.IsDefined(found) && !char.IsDigit(json.GetString()![0])
            ? found
            : throw new WrongConditionException(new("is 须为 Equal、NotEqual、Less、AtMost、More、AtLeast 之一", "needs one of Equal, NotEqual, Less, AtMost, More, AtLeast in is"));

    private static object Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Number when json.TryGetDecimal(out var number) => number,
        JsonValueKind.Number when double.IsFinite(json.GetDouble()) => json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new WrongConditionException(new("value 须为文本、有限的数字或 true、false", "needs a text, a finite number, true or false for a value")),
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

/// <summary>What is wrong with a condition, in both languages.</summary>
public sealed class WrongConditionException(Text what) : JsonException(what.En) { public Text What => what; }
