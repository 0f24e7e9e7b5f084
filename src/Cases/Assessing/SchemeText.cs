// In: schemes as YAML. Out: them, or the first thing wrong with place and hint. Strict: unknown words are faults, and weights that do not add up to exactly 100 % are.
using System.Globalization;
using Lizhou.Cases.Flows;
using Lizhou.Kernel;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Lizhou.Cases.Assessing;

internal static class SchemeText
{
    public const int Longest = 100_000;

    /// <summary>Every subject there is has its own; areas of class 2 have another.</summary>
    public static readonly string[] Names = ["unit", "area", "area-2", "patrol", "acceptor", "chief", "dispatcher"];
    private static readonly Text Spell = new("请核对拼写。", "Check how it is spelt.");

    private sealed class Wrong(YamlNode at, Text what, Text hint) : Exception(what.ToString())
    {
        public FlowFault Fault => new((int)at.Start.Line, what, hint);
    }

    public static (IReadOnlyDictionary<string, Scheme>? Schemes, FlowFault? Fault) Read(string yaml)
    {
        try
        {
            if (yaml.Length > Longest || PlainYaml.Hostile(yaml) is not null)
            {
                return (null, new(1, new("方案过长，或使用了锚点。", "It is too long, or has anchors."), new("请逐项写出，不超过 10 万字。", "Write each part out, in at most 100,000 characters.")));
            }

            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            return stream.Documents is not [{ RootNode: YamlMappingNode root }] ? (null, new(1, new("方案是空的。", "It is empty."), new("请从现行版本修改。", "Begin with the version in force."))) : (All(root), null);
        }
        catch (Wrong wrong)
        {
            return (null, wrong.Fault);
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException)
        {
            var (at, what) = YamlWords.Of(e, yaml);
            return (null, new(Math.Max(1, (int)at.Line), new Text("YAML 语法有误：{0}。", "This is not YAML: {0}.").With(what), new("请检查缩进、冒号和括号。", "Check indentation, colons and brackets.")));
        }
    }

    private static Dictionary<string, Scheme> All(YamlMappingNode root)
    {
        Keys(root, Names);
        var all = Names.Select(name => root.Children.TryGetValue(name, out var node) && node is YamlMappingNode map ? One(name, map)
            : throw new Wrong(root, new Text("缺少方案“{0}”。", "The scheme “{0}” lacks.").With(name), new("请补上，或从现行版本修改。", "Add it, or begin with the version in force.")));
        return all.ToDictionary(s => s.Name, StringComparer.Ordinal);
    }

    private static Scheme One(string name, YamlMappingNode map)
    {
        Keys(map, [.. name == "area-2" ? ["areas"] : Array.Empty<string>(), "zh", "en", "parts"]);
        var parts = (map.Children.TryGetValue("parts", out var list) && list is YamlSequenceNode many ? many.Children : []).Select(p => Part(p as YamlMappingNode ?? throw Unknown(p, $"{p}"))).ToList();
        var sum = parts.Sum(p => p.Weight);
        return sum == 100 ? new(name, Title(map), parts) { Areas = Areas(map) }
            : throw new Wrong(map, new Text("方案“{0}”的权重合计 {1} %，不是 100 %。", "The weights of “{0}” add up to {1} %, not 100 %.").With(name, sum), new("请调整各项 weight，使合计恰为 100 %。", "Change the weights so that they add up to exactly 100 %."));
    }

    private static HashSet<string> Areas(YamlMappingNode map) =>
        (map.Children.TryGetValue("areas", out var list) ? (list as YamlSequenceNode)?.Children ?? throw Unknown(list, $"{list}") : []).Select(a => $"{a}" is var area && (area is "Town" or "Zone" || (area.Length == 9 && area.All(char.IsAsciiDigit))) ? area : throw Unknown(a, $"{a}")).ToHashSet(StringComparer.Ordinal);

    private static SchemePart Part(YamlMappingNode map)
    {
        Keys(map, "zh", "en", "weight", "rule", "metric", "terms", "of", "falls", "steps");
        var rule = Word(map, "rule");
        var needs = rule switch { "rate" or "inverse" or "relative" => "metric", "steps" => "metric steps", "full" => "terms", "fall" => "of falls", "hand" => "", _ => throw Unknown(map, rule) };
        foreach (var key in needs.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            _ = Child(map, key);
        }

        return new(
            Title(map), Number(map, "weight", most: 100), rule, map.Children.ContainsKey("metric") ? Metric(map) : null,
            [.. Items(map, "terms").Select(t => new Term(Metric(t), Number(t, "full", 1_000), Number(t, "per", 100)))],
            map.Children.ContainsKey("of") ? Set(Child(map, "of"), Word(map, "of")) : null,
            Pairs(map, "falls").ToDictionary(p => Set(p.Key, $"{p.Key}"), p => Amount(p.Value, 100), StringComparer.Ordinal),
            [.. Pairs(map, "steps").Select(p => (Amount(p.Key, 1_000_000), Amount(p.Value, 100))).OrderBy(s => s.Item1)]);
    }

    private static string Metric(YamlMappingNode map) => Word(map, "metric") is var name && Metrics.Named.ContainsKey(name) ? name : throw Unknown(Child(map, "metric"), name);

    private static string Set(YamlNode at, string set) => CaseSet.Known(set) ? set : throw Unknown(at, set);

    private static decimal Number(YamlMappingNode map, string key, decimal most) => Amount(Child(map, key), most);

    private static decimal Amount(YamlNode node, decimal most) =>
        decimal.TryParse($"{node}".TrimEnd('%', ' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount <= most ? amount
            : throw new Wrong(node, new Text("“{0}”不是 0 到 {1} 之间的数。", "“{0}” is no number from 0 to {1}.").With(node, most), Spell);

    private static Text Title(YamlMappingNode map) => new(Word(map, "zh"), Word(map, "en"));

    private static string Word(YamlMappingNode map, string key) => Child(map, key) is YamlScalarNode { Value: { Length: > 0 and <= 200 } word } ? word : throw Unknown(Child(map, key), $"{Child(map, key)}");

    private static YamlNode Child(YamlMappingNode map, string key) => map.Children.TryGetValue(key, out var node) ? node
        : throw new Wrong(map, new Text("缺少“{0}”。", "“{0}” lacks.").With(key), new Text("请补上 {0}。", "Add {0}.").With(key));

    private static IEnumerable<YamlMappingNode> Items(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(key, out var node) ? (node as YamlSequenceNode)?.Children.Select(c => c as YamlMappingNode ?? throw Unknown(c, $"{c}")) ?? throw Unknown(node, $"{node}") : [];

    private static IEnumerable<KeyValuePair<YamlNode, YamlNode>> Pairs(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(key, out var node) ? (node as YamlMappingNode)?.Children ?? throw Unknown(node, $"{node}") : [];

    private static void Keys(YamlMappingNode map, params string[] known)
    {
        if (map.Children.Keys.FirstOrDefault(k => !known.Contains($"{k}")) is { } other)
        {
            throw Unknown(other, $"{other}");
        }
    }

    private static Wrong Unknown(YamlNode at, string word) => new(at, new Text("不认识“{0}”。", "“{0}” is unknown.").With(word), Spell);
}
