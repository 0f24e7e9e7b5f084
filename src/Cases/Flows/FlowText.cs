// In: a flow as YAML. Out: the flow, or every fault with its line. Strict: unknown words are faults.
using System.Globalization;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Lizhou.Cases.Flows;

/// <param name="Line">Of the text, 1-based.</param>
/// <param name="Hint">What to do about it.</param>
/// <param name="Warns">It may be published as it is.</param>
internal sealed record FlowFault(int Line, Text What, Text Hint, bool Warns = false);

internal sealed class FlowText
{
    public const int Longest = 100_000;
    private const int MostName = 40;

    private static readonly Text Spell = new("请核对拼写。", "Check how it is spelt.");
    private readonly List<FlowFault> faults = [];

    /// <summary>The flow and nothing wrong, or null and what is wrong.</summary>
    public static (CaseFlow? Flow, IReadOnlyList<FlowFault> Faults) Read(string yaml, int version)
    {
        var told = Parsed(yaml, version);
        return told.Flow is { } flow && CheckFlow.Faults(flow) is { Count: > 0 } wrong ? (null, wrong) : told;
    }

    /// <summary>A version that was published: it stays what it was, whatever is asked of new ones.</summary>
    public static CaseFlow Kept(string yaml, int version) => Parsed(yaml, version).Flow!;

    private static (CaseFlow? Flow, IReadOnlyList<FlowFault> Faults) Parsed(string yaml, int version)
    {
        if (yaml.Length > Longest)
        {
            return (null, [new(1, new Text("流程超过 {0} 字。", "The flow has more than {0} characters.").With(Longest), new("请缩短。", "Make it shorter."))]);
        }

        try
        {
            if (PlainYaml.Hostile(yaml) is { } hostile)
            {
                return (null, [new((int)hostile.Line, new Text("不能使用锚点，嵌套不得超过 {0} 层。", "No anchors, and at most {0} levels.").With(PlainYaml.Deepest), new("请逐项写出。", "Write each part out."))]);
            }

            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
            {
                return (null, [new(1, new("流程是空的。", "The flow is empty."), new("请从现行版本修改。", "Begin with the version in force."))]);
            }

            var text = new FlowText();
            var flow = text.Flow(root, version);
            return text.faults.Count > 0 ? (null, text.faults) : (flow, []);
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException)
        {
            var (at, what) = YamlWords.Of(e, yaml);
            return (null, [new(Math.Max(1, (int)at.Line), new Text("YAML 语法有误：{0}。", "This is not YAML: {0}.").With(what), new("请检查缩进、冒号和括号。", "Check indentation, colons and brackets."))]);
        }
    }

    private CaseFlow Flow(YamlMappingNode root, int version)
    {
        Keys(root, "start", "limit", "at-least", "climb", "states", "acts");
        var states = Map(root, "states").Select(s => State(s.Name, s.Value)).OfType<FlowState>().ToDictionary(s => s.Name, StringComparer.Ordinal);
        var open = states.Values.Where(s => !s.Ended).Select(s => s.Name).ToList();
        var acts = Map(root, "acts").Select(a => Act(a.Name, a.Value, open, states)).OfType<FlowAct>().ToDictionary(a => a.Name, StringComparer.Ordinal);
        var start = Word(root, "start") ?? "";
        if (!states.ContainsKey(start))
        {
            Fault(root, new Text("没有起始状态“{0}”。", "There is no state “{0}” to start in.").With(start), Spell);
        }

        return new(version, start, Limit(root, "limit") ?? new(15, LimitUnit.Workdays), ClimbOf(root), Staged(states), Told(acts)) { HoldsStages = Word(root, "at-least") is { } least && (least == "stages" || Unknown(root, least, false)), LimitLine = Line(Child(root, "limit") ?? root) };
    }

    /// <summary>A flow that tells of no stage is from before there were any: its states have them by the names they were shipped with, and the one whose limit is that of the class is where work is done.</summary>
    private static Dictionary<string, FlowState> Staged(Dictionary<string, FlowState> states) => states.Values.Any(s => s.Stage is not null) ? states
        : states.Values.ToDictionary(s => s.Name, s => s with { Stage = FlowWords.Stages.ContainsKey(s.Name) ? s.Name : s.OfClass ? FlowWords.Handling : null }, StringComparer.Ordinal);

    /// <summary>The same of acts.</summary>
    private static Dictionary<string, FlowAct> Told(Dictionary<string, FlowAct> acts) => acts.Values.Any(a => FlowWords.Implied.Values.Any(a.Has)) ? acts
        : acts.Values.ToDictionary(a => a.Name, a => FlowWords.Implied.TryGetValue(a.Name, out var effect) ? a with { Effects = [.. a.Effects, effect] } : a, StringComparer.Ordinal);

    private Climb ClimbOf(YamlMappingNode root)
    {
        if (Child(root, "climb") is not YamlMappingNode climb)
        {
            return new(0, 0, 0, null, new Dictionary<Loop, TimeLimit>());
        }

        Keys(climb, "reworks", "refusals", "units", "grade", "micro", "small");
        int Of(string key) => Word(climb, key) is not { } word ? 0 : int.TryParse(word, CultureInfo.InvariantCulture, out var many) && many >= 0 ? many : Bad();
        Grade? grade = Word(climb, "grade") is not { } told ? null : Enum.TryParse<Grade>(told, out var known) && Enum.GetNames<Grade>().Contains(told) ? known : Unknown<Grade?>(climb, told, null);
        var stay = new[] { Loop.Micro, Loop.Small }.Select(l => (Loop: l, Limit: Limit(climb, l == Loop.Micro ? "micro" : "small"))).Where(s => s.Limit is not null).ToDictionary(s => s.Loop, s => s.Limit!);
        return new(Of("reworks"), Of("refusals"), Of("units"), grade, stay);

        int Bad()
        {
            Fault(climb, new("升级条件应为非负整数。", "What sends a case up is a whole number."), Spell);
            return 0;
        }
    }

    private FlowState? State(string name, YamlNode node)
    {
        if (node is not YamlMappingNode map)
        {
            Fault(node, new Text("状态“{0}”没有内容。", "The state “{0}” says nothing.").With(name), Spell);
            return null;
        }

        Keys(map, "zh", "en", "limit", "clock", "waits", "ended", "stage");
        var clock = Word(map, "clock") switch { null => StageClock.Anew, "keep" => StageClock.Keep, "stand" => StageClock.Stand, { } word => Unknown(map, word, StageClock.Anew) };
        var ofClass = Word(map, "limit") == "class";
        var stage = Word(map, "stage") is not { } told || FlowWords.Stages.ContainsKey(told) ? Word(map, "stage") : Unknown<string?>(map, told, null);
        return new(name, Title(map, name), ofClass ? null : Limit(map, "limit"), ofClass, clock, Known(map, "waits", FlowWords.Roles.ContainsKey), Word(map, "ended") == "yes", stage, Line(node));
    }

    private FlowAct? Act(string name, YamlNode node, IReadOnlyList<string> open, Dictionary<string, FlowState> states)
    {
        if (node is not YamlMappingNode map)
        {
            Fault(node, new Text("动作“{0}”没有内容。", "The act “{0}” says nothing.").With(name), Spell);
            return null;
        }

        Keys(map, "zh", "en", "from", "to", "by", "guards", "fields", "effects");
        var from = Word(map, "from") == "open" ? open : Known(map, "from", states.ContainsKey);
        var to = Word(map, "to");
        if (to is null || (to != "same" && !states.ContainsKey(to)))
        {
            Fault(map, new Text("动作“{0}”通向不存在的状态“{1}”。", "The act “{0}” leads to “{1}”, which is no state.").With(name, to), Spell);
        }

        var fields = Map(map, "fields").Select(f => new FlowField(f.Name, (f.Value as YamlScalarNode)?.Value == "required")).ToList();
        foreach (var field in fields.Where(f => !FlowWords.Fields.ContainsKey(f.Name)))
        {
            Unknown(map, field.Name, 0);
        }

        if (Child(map, "fields") is YamlMappingNode filled && Word(filled, FlowWords.Photos) is { } asked && asked is not ("required" or "optional"))
        {
            Fault(filled, new Text("照片应为 required（必须）或 optional（可选），不是“{0}”。", "Photos are required or optional, not “{0}”.").With(asked), new("写作 photos: required 或 photos: optional。", "Write photos: required or photos: optional."));
        }

        return new(
            name, Title(map, name), from, to == "same" ? null : to, Known(map, "by", FlowWords.Roles.ContainsKey), Known(map, "guards", FlowWords.Guards.ContainsKey), fields,
            Known(map, "effects", FlowWords.Effects.Contains), Line(node));
    }

    private Text Title(YamlMappingNode map, string name)
    {
        var (zh, en) = (Word(map, "zh"), Word(map, "en"));
        if (zh is null || en is null)
        {
            Fault(map, new Text("“{0}”缺少中文或英文名称。", "“{0}” lacks its Chinese or English name.").With(name), new("请填写 zh 和 en。", "Give zh and en."));
        }

        return new(zh ?? name, en ?? name);
    }

    private TimeLimit? Limit(YamlMappingNode map, string key)
    {
        if (Word(map, key) is not { } word)
        {
            return null;
        }

        LimitUnit? unit = word.Split(' ') is [_, var told] ? told switch { "minutes" => LimitUnit.Minutes, "hours" => LimitUnit.Hours, "work-hours" => LimitUnit.WorkHours, "workdays" => LimitUnit.Workdays, _ => null } : null;
        if (unit is { } known && int.TryParse(word.Split(' ')[0], CultureInfo.InvariantCulture, out var amount) && amount is >= 1 and <= 1_000)
        {
            return new(amount, known);
        }

        Fault(map, new Text("“{0}”不是时限。", "“{0}” is no limit.").With(word), new("写作 30 minutes、2 hours、4 work-hours 或 1 workdays。", "Write 30 minutes, 2 hours, 4 work-hours or 1 workdays."));
        return null;
    }

    private List<string> Known(YamlMappingNode map, string key, Func<string, bool> known)
    {
        if (Child(map, key) is not { } child)
        {
            return [];
        }

        if (child is not YamlSequenceNode list)
        {
            Fault(child, new Text("“{0}”应为列表。", "“{0}” is a list.").With(key), new("写作 [一, 二]。", "Write [one, two]."));
            return [];
        }

        var words = list.Children.Select(Name).ToList();
        foreach (var word in words.Where(w => !known(w)))
        {
            Unknown(map, word, 0);
        }

        return words;
    }

    private void Keys(YamlMappingNode map, params string[] known)
    {
        foreach (var key in map.Children.Keys.Where(k => !known.Contains(Name(k))))
        {
            Unknown(key, Name(key), 0);
        }
    }

    private T Unknown<T>(YamlNode at, string word, T instead)
    {
        Fault(at, new Text("不认识“{0}”。", "“{0}” is unknown.").With(word), Spell);
        return instead;
    }

    private void Fault(YamlNode at, Text what, Text hint) => faults.Add(new(Line(at), what, hint));

    private static int Line(YamlNode node) => (int)node.Start.Line;

    private static string Name(YamlNode key) => (key as YamlScalarNode)?.Value ?? "";

    private static YamlNode? Child(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static string? Word(YamlMappingNode map, string key) => (Child(map, key) as YamlScalarNode)?.Value;

    /// <summary>What a map holds, by name: a key that is itself a list or a map names nothing, and two keys that are written differently may be one name.</summary>
    private List<(string Name, YamlNode Value)> Map(YamlMappingNode map, string key)
    {
        List<(string, YamlNode)> named = [];
        HashSet<string> taken = new(StringComparer.Ordinal);
        if (Child(map, key) is not YamlMappingNode child)
        {
            return named;
        }

        foreach (var (at, value) in child.Children)
        {
            if (Name(at) is { Length: > 0 and <= MostName } name && taken.Add(name))
            {
                named.Add((name, value));
            }
            else
            {
                Fault(at, new Text("“{0}”中的名称为空、过长或重复。", "A name in “{0}” is empty, too long, or there twice.").With(key), Spell);
            }
        }

        return named;
    }
}
