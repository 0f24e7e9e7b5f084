// In: which rows are asked for, as a form says it, or a condition as a program sends it. Out: the condition, or why it does not fit the items of the resource; and in words, for those who review it.
// It is a tree from the first moment: a value is a value of its item's type, and no text of a user ever becomes part of a statement.
using System.Globalization;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Sharing.Requests;

/// <summary>How a form compares an item with a value.</summary>
internal enum RowTest
{
    Equal = (int)Comparison.Equal,
    NotEqual = (int)Comparison.NotEqual,
    Less = (int)Comparison.Less,
    AtMost = (int)Comparison.AtMost,
    More = (int)Comparison.More,
    AtLeast = (int)Comparison.AtLeast,
    OneOf,
    Empty,
    NotEmpty,
}

internal static class RowFilter
{
    /// <summary>Comparisons a form may make of one resource; all of them must be true of a row.</summary>
    public const int Most = 3;

    private static readonly char[] Separators = [',', '，', '、', ';', '；'];

    /// <summary>One line of the form.</summary>
    /// <param name="Column">Empty: the line says nothing.</param>
    /// <param name="Value">Several are separated by commas; not looked at where the cell's being empty is asked.</param>
    internal sealed record Line(string Column, RowTest Is, string? Value);

    /// <summary>Null for all rows.</summary>
    public static Condition? Of(IEnumerable<Line> lines)
    {
        List<Condition> parts = [.. lines.Where(l => l.Column.Length > 0).Select(Part)];
        return parts.Count switch { 0 => null, 1 => parts[0], _ => new Condition.All(parts) };
    }

    /// <summary>Null when every column is an item of the resource and every value one of its type and codes; else what does not fit.</summary>
    public static string? Fault(Condition? condition, ResourceCard card) => condition switch
    {
        null => null,
        Condition.Compare c => Fault(card, c.Column, [c.Value]),
        Condition.OneOf c => c.Values.Count == 0 ? c.Column : Fault(card, c.Column, c.Values),
        Condition.Empty c => Fault(card, c.Column, []),
        Condition.Not c => Fault(c.Part, card),
        Condition.All c => c.Parts.Select(p => Fault(p, card)).FirstOrDefault(f => f is not null),
        Condition.Any c => c.Parts.Select(p => Fault(p, card)).FirstOrDefault(f => f is not null),
        _ => "filter",
    };

    /// <summary>Whether it looks at what is not given in clear: who may ask as often as they like could find such values out by what comes back.</summary>
    public static bool Probes(Condition? condition, ResourceCard card, IReadOnlyCollection<Guid> given) =>
        (condition?.Columns() ?? []).Select(c => card.Items.FirstOrDefault(i => i.Column.Equals(c, StringComparison.OrdinalIgnoreCase))).Any(i => i is null || i.Applied >= Level.L3 || !given.Contains(i.Id));

    /// <summary>As a sentence, with the items' names.</summary>
    public static Text Shown(Condition? condition, IReadOnlyList<ItemCard> items)
    {
        string Name(string column) => items.FirstOrDefault(i => i.Column.Equals(column, StringComparison.OrdinalIgnoreCase))?.Name ?? column;
        Text Joined(IEnumerable<Condition> parts, Text word) => parts.Select(Inner).Aggregate((left, right) => new($"{left.Zh} {word.Zh} {right.Zh}", $"{left.En} {word.En} {right.En}"));
        Text Inner(Condition part) => part is Condition.All { Parts.Count: > 1 } ? new Text("（{0}）", "({0})").With(Say(part)) : Say(part);
        Text Say(Condition part) => part switch
        {
            Condition.Compare c => Sentence(Name(c.Column), Shown((RowTest)c.Is), Quoted(c.Value)),
            Condition.OneOf c => Sentence(Name(c.Column), Shown(RowTest.OneOf), string.Join("、", c.Values.Select(Quoted))),
            Condition.Empty c => Sentence(Name(c.Column), Shown(RowTest.Empty), ""),
            Condition.Not { Part: Condition.Empty c } => Sentence(Name(c.Column), Shown(RowTest.NotEmpty), ""),
            Condition.Not c => new($"不满足（{Say(c.Part).Zh}）", $"not ({Say(c.Part).En})"),
            Condition.All { Parts.Count: > 0 } c => Joined(c.Parts, new("且", "and")),
            Condition.Any { Parts.Count: > 0 } c => new Text("（{0}）", "({0})").With(Joined(c.Parts, new("或", "or"))),
            Condition.Any => new("无", "none"),
            _ => new("全部", "all"),
        };
        return condition is null ? new("全部", "All") : Say(condition);
    }

    public static Text Shown(RowTest test) => test switch
    {
        RowTest.Equal => new("等于", "is"),
        RowTest.NotEqual => new("不等于", "is not"),
        RowTest.Less => new("小于", "is less than"),
        RowTest.AtMost => new("不大于", "is at most"),
        RowTest.More => new("大于", "is more than"),
        RowTest.AtLeast => new("不小于", "is at least"),
        RowTest.OneOf => new("属于", "is one of"),
        RowTest.Empty => new("为空", "is empty"),
        _ => new("不为空", "is not empty"),
    };

    private static Condition Part(Line line) => line.Is switch
    {
        RowTest.Empty => new Condition.Empty(line.Column),
        RowTest.NotEmpty => new Condition.Not(new Condition.Empty(line.Column)),
        RowTest.OneOf => new Condition.OneOf(line.Column, [.. (line.Value ?? "").Split(Separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]),
        _ => new Condition.Compare(line.Column, (Comparison)line.Is, (line.Value ?? "").Trim()),
    };

    private static string? Fault(ResourceCard card, string column, IEnumerable<object> values)
    {
        var item = card.Items.FirstOrDefault(i => i.Column.Equals(column, StringComparison.OrdinalIgnoreCase));
        return item is null ? column : values.Select(Value).FirstOrDefault(v => !Fits(item, v)) is { } wrong ? $"{item.Name} “{wrong}”" : null;
    }

    private static bool Fits(ItemCard item, string value) => item.Type switch
    {
        _ when value.Length is 0 or > 200 || value.Contains('\0', StringComparison.Ordinal) => false,
        _ when item.Codes is { Count: > 0 } codes => codes.Contains(value),
        ItemType.Integer => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        ItemType.Number or ItemType.Money => decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _),
        ItemType.Double or ItemType.Float => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
        ItemType.Date => DateOnly.TryParseExact(value, "yyyy-MM-dd", out _),
        ItemType.Moment => DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
        ItemType.Logical => value is "true" or "false",
        _ => true,
    };

    // Nothing a value says can read as more of the sentence.
    private static string Quoted(object value) => $"“{Value(value).Replace('“', '"').Replace('”', '"')}”";

    private static string Value(object value) => value is bool truth ? truth ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static Text Sentence(string name, Text test, string value) => new($"{name} {test.Zh} {value}".TrimEnd(), $"{name} {test.En} {value}".TrimEnd());
}
