// In: rules as YAML, read strictly: an unknown key is an error. Out: rules; and rules as YAML, as people read and change them.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Quality.Files;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Lizhou.Quality.Rules;

/// <summary>A rule as its file writes it.</summary>
internal sealed class RuleLine
{
    public string? Name { get; set; }

    public RuleKind Kind { get; set; }

    public List<string?>? Columns { get; set; } = [];

    public Dimension Dimension { get; set; }

    public Severity Severity { get; set; } = Severity.Ordinary;

    public string? Reason { get; set; }

    public string? ReasonEn { get; set; }

    public string? Pattern { get; set; }

    public List<string?>? Values { get; set; }

    public ValueCheck? Check { get; set; }

    public string? Least { get; set; }

    public string? Most { get; set; }

    public Comparison? Is { get; set; }

    public string? Other { get; set; }

    public string? OtherKey { get; set; }

    public UpdateCycle? Cycle { get; set; }

    public double? Limit { get; set; }

    /// <summary>What may never be true of a row: all its parts together.</summary>
    public List<PartLine?>? Never { get; set; }

    public List<PartLine?>? Whole { get; set; }

    public List<PartLine?>? Parts { get; set; }

    public List<PartLine?>? Of { get; set; }

    public Dictionary<string, string?>? Mend { get; set; }
}

/// <summary>One part of a condition on a row, to be met together with the others: a comparison with a value, one of some values, or an empty cell.</summary>
internal sealed class PartLine
{
    public string? Column { get; set; }

    public Comparison? Is { get; set; }

    public string? Value { get; set; }

    public List<string?>? OneOf { get; set; }

    /// <summary>True: empty; false: filled.</summary>
    public bool? Empty { get; set; }

    /// <summary>Null when it says nothing or two things.</summary>
    [YamlIgnore]
    public Condition? Condition => (Column, Value, OneOf, Empty) switch
    {
        ({ Length: > 0 } column, { } value, null, null) => new Condition.Compare(column, Is ?? Comparison.Equal, value),
        ({ Length: > 0 } column, null, { Count: > 0 } values, null) when !values.Contains(null) => new Condition.OneOf(column, [.. values.OfType<string>()]),
        ({ Length: > 0 } column, null, null, true) => new Condition.Empty(column),
        ({ Length: > 0 } column, null, null, false) => new Condition.Not(new Condition.Empty(column)),
        _ => null,
    };

    public static PartLine? Of(Condition part) => part switch
    {
        Condition.Compare c => new() { Column = c.Column, Is = c.Is, Value = $"{c.Value}" },
        Condition.OneOf c => new() { Column = c.Column, OneOf = [.. c.Values.Select(v => $"{v}")] },
        Condition.Empty c => new() { Column = c.Column, Empty = true },
        Condition.Not { Part: Condition.Empty c } => new() { Column = c.Column, Empty = false },
        _ => null,
    };
}

internal sealed class RuleFile
{
    public const int MostRules = 500;
    private const int MostParts = 50;

    public List<RuleLine?>? Rules { get; set; }

    public static Result<IReadOnlyList<Rule>> Read(string yaml, string name)
    {
        var read = Parse<RuleFile>(yaml);
        if (read.Fault is { } unread)
        {
            return Placed(name, read.At, unread);
        }

        var lines = read.File?.Rules ?? [];
        if (lines.Count is 0 or > MostRules)
        {
            return Problems.BadRuleFile.With(name, lines.Count == 0 ? new Text("没有规则", "it has no rules") : new Text("规则超过 {0} 条", "it has more than {0} rules").With(MostRules));
        }

        var rules = new List<Rule>();
        foreach (var line in lines)
        {
            if (Fault(line) is { } wrong)
            {
                return Placed(name, Lines(yaml).Rules[rules.Count].At, Problems.BadRule.With(line?.Name, wrong).What);
            }

            rules.Add(Rule(line!));
            if ((Clash(rules) ?? CheckRule.Fault(rules[^1])) is { } fault)
            {
                return Placed(name, Lines(yaml).Rules[rules.Count - 1].At, fault.What) with { Todo = fault.Todo };
            }
        }

        return rules;
    }

    /// <summary>A text as a file of rules; or where and why it is none. Nothing of it is built before it is known to be plain.</summary>
    internal static (T? File, Mark At, Text? Fault) Parse<T>(string yaml)
        where T : class
    {
        try
        {
            return PlainYaml.Hostile(yaml) is { } hostile
                ? (null, hostile, new Text("不能使用锚点，嵌套不得超过 {0} 层", "no anchors, and at most {0} levels").With(PlainYaml.Deepest))
                : (new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).Build().Deserialize<T?>(yaml), Mark.Empty, null);
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException)
        {
            var (at, what) = YamlWords.Of(e, yaml);
            return (null, at, what);
        }
    }

    /// <summary>Why the last of these rules cannot stand: another has its name, or no value would keep it.</summary>
    private static Problem? Clash(List<Rule> rules) =>
        rules.SkipLast(1).Any(r => string.Equals(r.Name, rules[^1].Name, StringComparison.OrdinalIgnoreCase)) ? Problems.SameRule.With(rules[^1].Name)
        : rules[^1] is { Kind: RuleKind.Range, Least: { } least, Most: { } most } && !JudgeTable.Compared(least, Comparison.AtMost, most) ? Problems.CrossedBounds.With(rules[^1].Name, least, most)
        : null;

    /// <summary>What of a rule's lines cannot be taken; null when all can.</summary>
    internal static Text? Fault(RuleLine? line)
    {
        if (line is null)
        {
            return new("是空的", "it is empty");
        }

        List<List<PartLine?>> conditions = [.. new[] { line.Never, line.Whole, line.Parts, line.Of }.OfType<List<PartLine?>>()];
        return line.Columns is null || line.Columns.Contains(null) || line.Values?.Contains(null) == true || line.Mend?.ContainsValue(null) == true ? new("有空的列或取值", "a column or a value of it is empty")
            : conditions.Exists(c => c.Count > MostParts) ? new Text("一个条件超过 {0} 个部分", "a condition has more than {0} parts").With(MostParts)
            : conditions.Exists(c => c.Count > 0 && All(c) is null) ? new("条件里有一部分读不懂", "a part of a condition says nothing, or two things")
            : null;
    }

    /// <summary>Where the weights and each rule begin in a text that is plain YAML.</summary>
    internal static (Mark Weights, IReadOnlyList<(string? Name, Mark At)> Rules) Lines(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var root = stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode as YamlMappingNode;
        return (Child(root, "weights")?.Start ?? Mark.Empty, Child(root, "rules") is YamlSequenceNode all ? [.. all.Select(r => ((Child(r as YamlMappingNode, "name") as YamlScalarNode)?.Value, r.Start))] : []);
    }

    private static YamlNode? Child(YamlMappingNode? of, string key) => of?.Children.TryGetValue(new YamlScalarNode(key), out var found) == true ? found : null;

    private static Problem Placed(string name, Mark at, Text what) =>
        Problems.BadRuleFile.With(name, new Text($"{at.Line}:{at.Column} {what.Zh}", $"{at.Line}:{at.Column} {what.En}"));

    /// <param name="notes">A comment before each rule; null for none.</param>
    public static string Write(IEnumerable<(Rule Rule, string? Note)> rules)
    {
        var serializer = new SerializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance)
            .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull).WithQuotingNecessaryStrings().DisableAliases().Build();
        var text = new System.Text.StringBuilder("rules:\n");
        foreach (var (rule, note) in rules)
        {
            text.Append(note is null ? "" : $"# {note.ReplaceLineEndings(" ")}\n");
            text.Append(serializer.Serialize(new List<RuleLine> { Line(rule) }).ReplaceLineEndings("\n"));
        }

        return text.ToString();
    }

    /// <summary>The rule of lines without fault.</summary>
    internal static Rule Rule(RuleLine line) => new(line.Name ?? "", line.Kind, [.. line.Columns!.OfType<string>()], line.Dimension, line.Severity, new Text(line.Reason ?? line.Name ?? "", line.ReasonEn ?? line.Reason ?? line.Name ?? ""))
    {
        Pattern = line.Pattern, Values = [.. (line.Values ?? []).OfType<string>()], Check = line.Check ?? ValueCheck.None, Least = line.Least, Most = line.Most,
        Is = line.Is ?? Comparison.Equal, Other = line.Other, OtherKey = line.OtherKey, Cycle = line.Cycle, Never = All(line.Never), Whole = All(line.Whole), Parts = All(line.Parts), Of = All(line.Of),
        Limit = line.Limit ?? 0, Mend = (line.Mend ?? []).ToDictionary(m => m.Key, m => m.Value ?? "", StringComparer.Ordinal),
    };

    /// <summary>Null when a part of it cannot be understood: the rule is not complete then.</summary>
    private static Condition.All? All(List<PartLine?>? lines) =>
        lines is { Count: > 0 } parts && parts.ConvertAll(p => p?.Condition) is var all && !all.Contains(null) ? new Condition.All([.. all.OfType<Condition>()]) : null;

    /// <summary>As lines; null where a condition made otherwise than by a file cannot be written so.</summary>
    private static List<PartLine?>? Parted(Condition? condition)
    {
        var parts = condition is Condition.All all ? all.Parts : condition is { } one ? [one] : [];
        var lines = parts.Select(PartLine.Of).ToList();
        return lines.Count == 0 || lines.Contains(null) ? null : lines;
    }

    private static RuleLine Line(Rule rule) => new()
    {
        Name = rule.Name, Kind = rule.Kind, Columns = [.. rule.Columns], Dimension = rule.Dimension, Severity = rule.Severity, Reason = rule.Reason.Zh, ReasonEn = rule.Reason.En,
        Pattern = rule.Pattern, Values = rule.Values.Count == 0 ? null : [.. rule.Values], Check = rule.Check == ValueCheck.None ? null : rule.Check, Least = rule.Least, Most = rule.Most,
        Is = rule.Kind == RuleKind.Compare ? rule.Is : null, Other = rule.Other, OtherKey = rule.OtherKey, Cycle = rule.Cycle, Never = Parted(rule.Never), Whole = Parted(rule.Whole), Parts = Parted(rule.Parts),
        Of = Parted(rule.Of), Limit = rule.Limit > 0 ? rule.Limit : null, Mend = rule.Mend.Count == 0 ? null : rule.Mend.ToDictionary(m => m.Key, string? (m) => m.Value, StringComparer.Ordinal),
    };
}
