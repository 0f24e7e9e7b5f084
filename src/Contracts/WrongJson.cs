// In: the fault of a JSON text and the type it was read as. Out: the field and what belongs there, in the words of the interface: no name of a type of the program.
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Lizhou.Kernel.Web;

namespace Lizhou.Contracts;

public static partial class WrongJson
{
    private static readonly Text NotUnderstood = new("无法理解此处的值", "what stands here is not understood");

    /// <summary>Field and fault in one sentence.</summary>
    public static Text Told(JsonException wrong, Type asked, JsonSerializerOptions options) =>
        Of(wrong, asked, options) is var fault && fault.Field.Length == 0 ? fault.What : new Text("{0} {1}", "{0} {1}").With(fault.Field, fault.What);

    /// <param name="asked">What the text was read as, with these options.</param>
    /// <returns>The field as the sender wrote it, e.g. <c>rules[0].levels</c>; empty for the whole.</returns>
    public static Fault Of(JsonException wrong, Type asked, JsonSerializerOptions options)
    {
        if (wrong is WrongConditionException { What: var what })
        {
            return new(wrong.Path is { Length: > 1 } at ? at[1..].TrimStart('.') : "", what);
        }

        var path = wrong.Path is { Length: > 1 } told ? told[1..].TrimStart('.') : "";
        if (wrong.InnerException is JsonException)
        {
            return new(path, new Text("不符合 JSON 语法（第 {0} 行第 {1} 字节）", "is no valid JSON (line {0}, byte {1})").With(wrong.LineNumber + 1, wrong.BytePositionInLine + 1));
        }

        var steps = Step().Matches(path).Select(s => s.Groups.Cast<Group>().Skip(1).First(g => g.Success).Value).ToList();
        if (Unmapped().Match(wrong.Message) is { Success: true } unmapped)
        {
            var name = unmapped.Groups[1].Value;
            var holder = steps.Count > 0 && steps[^1] == name ? steps[..^1] : steps;
            return new(holder.Count == steps.Count && path.Length > 0 ? $"{path}.{name}" : path.Length > 0 ? path : name, At(holder, asked, options) is (var held, null) ? Unknown(held, options) : NotUnderstood);
        }

        // A reader of our own has said it in words already.
        if (wrong.InnerException is null && !wrong.Message.Contains(" Path: ", StringComparison.Ordinal) && !wrong.Message.Contains(" type '", StringComparison.Ordinal))
        {
            return new(path, new(wrong.Message, wrong.Message));
        }

        var (type, fault) = At(steps, asked, options);
        return new(path, fault ?? Wanted(type, wrong.Message, options));
    }

    /// <summary>The type at the end of the path, or what is wrong on the way there.</summary>
    private static (Type Type, Text? What) At(IReadOnlyList<string> steps, Type asked, JsonSerializerOptions options)
    {
        var at = asked;
        foreach (var step in steps)
        {
            var info = options.GetTypeInfo(Nullable.GetUnderlyingType(at) ?? at);
            if (info.Kind == JsonTypeInfoKind.None || info.PolymorphismOptions is not null)
            {
                return (at, NotUnderstood);
            }

            if (info is { Kind: JsonTypeInfoKind.Dictionary, KeyType: { IsEnum: true } keys } && !Enum.TryParse(keys, step, ignoreCase: true, out _))
            {
                return (at, OneOf(Enum.GetNames(keys)));
            }

            if ((info.Kind == JsonTypeInfoKind.Object ? info.Properties.FirstOrDefault(p => p.Name.Equals(step, StringComparison.OrdinalIgnoreCase))?.PropertyType : info.ElementType) is not { } next)
            {
                return (at, NotUnderstood);
            }

            at = next;
        }

        return (at, null);
    }

    private static Text Wanted(Type type, string message, JsonSerializerOptions options)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum)
        {
            return OneOf(Enum.GetValues(plain).Cast<object>().Select(v => JsonSerializer.Serialize(v, plain, options).Trim('"')));
        }

        var info = options.GetTypeInfo(plain);
        var missing = info.Kind == JsonTypeInfoKind.Object ? info.Properties.Where(p => p.IsRequired && message.Contains($"'{p.Name}'", StringComparison.Ordinal)).Select(p => p.Name).ToList() : [];
        return missing.Count > 0 ? new Text("缺少 {0}", "lacks {0}").With(string.Join(", ", missing))
            : info.Kind == JsonTypeInfoKind.Enumerable ? new("须为列表", "must be a list")
            : info.Kind != JsonTypeInfoKind.None ? new("须为对象", "must be an object")
            : plain == typeof(string) ? new("须为文本", "must be a text")
            : plain == typeof(bool) ? new("须为 true 或 false", "must be true or false")
            : plain == typeof(int) || plain == typeof(long) || plain == typeof(short) || plain == typeof(byte) ? new("须为整数", "must be a whole number that fits")
            : plain == typeof(decimal) ? new("须为数字，整数部分不超过 28 位", "must be a number of at most 28 digits before its point")
            : plain == typeof(double) || plain == typeof(float) ? new("须为数字", "must be a number")
            : plain == typeof(Guid) ? new("须为编号（UUID）", "must be an id (UUID)")
            : plain == typeof(DateOnly) ? new("须为日期，如 2026-01-31", "must be a day like 2026-01-31")
            : plain == typeof(DateTimeOffset) || plain == typeof(DateTime) ? new("须为时间，如 2026-01-31T08:00:00+08:00", "must be a moment like 2026-01-31T08:00:00+08:00")
            : NotUnderstood;
    }

    private static Text Unknown(Type type, JsonSerializerOptions options) =>
        new Text("不认识；可用 {0}", "is not known; there are {0}").With(string.Join(", ", options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type).Properties.Select(p => p.Name)));

    private static Text OneOf(IEnumerable<string> values) => new Text("须为其中之一：{0}", "must be one of {0}").With(string.Join(", ", values));

    [GeneratedRegex(@"\['(.*?)'\]|\[(\d+)\]|([^.\[\]]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Step();

    // The library says so in its message alone.
    [GeneratedRegex("^The JSON property '(.*?)' could not be mapped", RegexOptions.NonBacktracking)]
    private static partial Regex Unmapped();
}
