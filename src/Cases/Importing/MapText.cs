// In: a map as YAML, the flow cases begin with, and what the city has of classes, nodes and units. Out: the map, or every fault with line and column. Strict: unknown keys, states, codes are faults.
using System.Text.RegularExpressions;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Lizhou.Cases.Importing;

/// <param name="Line">Of the text, 1-based, as <paramref name="Column"/>.</param>
internal sealed record MapFault(long Line, long Column, Text What);

internal sealed partial class MapText
{
    public const int Longest = 200_000;
    private const int MostDepth = 16;
    private static readonly string[] Keys =
    [
        "source", "case", "time", "state", "order", "lifecycle", "opened", "ended", "group", "resource", "reporter", "class", "grade", "place", "address", "words", "limit", "counts", "nulls", "known", "encoding", "delimiter", "sheet",
    ];

    private readonly MapYaml yaml = new();

    public static (LogMap? Map, IReadOnlyList<MapFault> Faults) Read(string yaml, Desk desk)
    {
        try
        {
            if (IsTooDeep(yaml))
            {
                return (null, [new(1, 1, new Text("映射嵌套超过 {0} 层。", "The map is nested more than {0} levels deep.").With(MostDepth))]);
            }

            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
            {
                return (null, [new(1, 1, new("映射是空的。", "The map is empty."))]);
            }

            var text = new MapText();
            var map = text.Map(root, desk);
            return text.yaml.Faults.Count > 0 ? (null, [.. text.yaml.Faults.OrderBy(f => f.Line).ThenBy(f => f.Column)]) : (map, []);
        }
        catch (InvalidOperationException)
        {
            // The reader's own way of saying that a bracket is never closed.
            return (null, [new(1, 1, new("YAML 语法有误：括号没有闭合。", "This is not YAML: a bracket is not closed."))]);
        }
        catch (YamlException e)
        {
            return (null, [new(e.Start.Line, e.Start.Column, new Text("YAML 语法有误：{0}", "This is not YAML: {0}").With(e.InnerException?.Message ?? e.Message))]);
        }
    }

    /// <summary>Nodes are read one within the other: a nest of brackets would end the program.</summary>
    private static bool IsTooDeep(string yaml)
    {
        var events = new Parser(new StringReader(yaml));
        for (var depth = 0; events.MoveNext();)
        {
            depth += events.Current!.NestingIncrease;
            if (depth > MostDepth)
            {
                return true;
            }
        }

        return false;
    }

    private LogMap Map(YamlMappingNode root, Desk desk)
    {
        yaml.Only(root, Keys);
        var (time, state, limit, counts, reporter) = (yaml.Part(root, "time", "column", "format", "zone"), yaml.Part(root, "state", "column", "steps"), yaml.Part(root, "limit", "met", "yes", "no", "due"), yaml.Part(root, "counts", "reassigned", "reopened"), yaml.Part(root, "reporter", "name", "phone"));
        var lifecycle = yaml.Part(root, "lifecycle", "column", "take");
        if (lifecycle is not null && yaml.Words(lifecycle, "take").Count == 0)
        {
            yaml.Fault(lifecycle, new("请在 take 中写明取用哪些。", "Say in take which are taken."));
        }

        return new()
        {
            Source = Source(root), Case = yaml.Needed(root, "case"), Time = yaml.Needed(time ?? root, time is null ? "time" : "column"), Formats = Formats(time), Zone = Zone(time),
            State = new(yaml.Needed(state ?? root, state is null ? "state" : "column"), Steps(state ?? root, desk)),
            Order = yaml.Column(root, "order"), Opened = yaml.Column(root, "opened"), Ended = yaml.Column(root, "ended"), Resource = yaml.Column(root, "resource"), Address = yaml.Column(root, "address"), Name = yaml.Column(reporter, "name"), Phone = yaml.Column(reporter, "phone"),
            Lifecycle = lifecycle is null ? null : new(yaml.Needed(lifecycle, "column"), yaml.Words(lifecycle, "take").DistinctBy(w => w.Word).ToDictionary(w => w.Word, _ => true, StringComparer.Ordinal)),
            Group = yaml.Mapped<Guid>(root, "group", "units", (code, out id) => (id = desk.Units.Values.FirstOrDefault(u => u.Code.Equals(code, StringComparison.OrdinalIgnoreCase))?.Id ?? default) != default, new("没有统一社会信用代码为“{0}”的单位。", "No unit has the code “{0}”.")),
            Class = yaml.Mapped<string>(root, "class", "codes", (code, out known) => (known = code) is not null && desk.Known.ContainsKey(code), new("没有事件分类“{0}”。", "There is no class “{0}”.")),
            Grade = yaml.Mapped<Grade>(root, "grade", "grades", (word, out grade) => Enum.TryParse(word, out grade) && Enum.IsDefined(grade) && !char.IsAsciiDigit(word[0]), new("没有级别“{0}”；可用 Ordinary、Larger、Major、Gravest。", "There is no grade “{0}”: Ordinary, Larger, Major, Gravest.")),
            Place = yaml.Mapped<string>(root, "place", "nodes", (code, out known) => (known = code) is not null && desk.Nodes.Find(code) is not null, new("没有节点“{0}”。", "There is no node “{0}”.")),
            Words = [.. yaml.Words(root, "words").Select(w => yaml.At(w.Word))],
            Met = yaml.Column(limit, "met") is { } met ? new(met, Answers(limit!)) : null, Due = yaml.Column(limit, "due"), Reassigned = yaml.Column(counts, "reassigned"), Reopened = yaml.Column(counts, "reopened"),
            Nulls = yaml.Words(root, "nulls").Select(w => w.Word).ToHashSet(StringComparer.Ordinal), KnownByLog = Known(root), Encoding = yaml.Word(root, "encoding"), Delimiter = yaml.Word(root, "delimiter"), Sheet = yaml.Word(root, "sheet"),
            Columns = yaml.Columns,
        };
    }

    private string Source(YamlMappingNode root)
    {
        var source = yaml.Word(root, "source") ?? "";
        if (!SourceForm().IsMatch(source))
        {
            yaml.Fault(MapYaml.Child(root, "source") ?? root, new("source 是日志的名称：1 至 40 个小写字母、数字或连字符。", "source names the log: 1 to 40 lower-case letters, digits or hyphens."));
        }

        return source;
    }

    private IReadOnlyList<string> Formats(YamlMappingNode? time)
    {
        List<string> formats = [];
        foreach (var (word, at) in time is null ? [] : yaml.Words(time, "format"))
        {
            if (word == "iso")
            {
                formats.AddRange(LogMap.Iso);
            }
            else if (!word.Contains("yy", StringComparison.Ordinal) || !word.Contains('M') || !word.Contains('d'))
            {
                yaml.Fault(at, new Text("“{0}”不是时间格式；写作 iso，或如 d/M/yyyy H:mm。", "“{0}” is no format of times: write iso, or like d/M/yyyy H:mm.").With(word));
            }
            else
            {
                formats.Add(word);
            }
        }

        return formats.Count > 0 ? formats : LogMap.Iso;
    }

    private TimeZoneInfo Zone(YamlMappingNode? time)
    {
        var word = time is null ? null : yaml.Word(time, "zone");
        if (word is null)
        {
            if (time is not null)
            {
                yaml.Fault(time, new("请写明 zone，如 Asia/Shanghai 或 +08:00。", "Say the zone, like Asia/Shanghai or +08:00."));
            }

            return Clock.City;
        }

        if (OffsetForm().IsMatch(word) && TimeSpan.TryParse(word[1..], System.Globalization.CultureInfo.InvariantCulture, out var offset) && offset <= TimeSpan.FromHours(14))
        {
            return TimeZoneInfo.CreateCustomTimeZone(word, word[0] == '-' ? -offset : offset, word, word);
        }

        if (word != Clock.City.Id && TimeZoneInfo.TryFindSystemTimeZoneById(word, out var zone))
        {
            return zone;
        }

        if (word != Clock.City.Id)
        {
            yaml.Fault(MapYaml.Child(time!, "zone")!, new Text("没有时区“{0}”。", "There is no time zone “{0}”.").With(word));
        }

        return Clock.City;
    }

    private Dictionary<string, string> Steps(YamlMappingNode state, Desk desk)
    {
        var steps = yaml.Pairs<string>(state, "steps", (word, out known) => (known = word) == LogMap.Same || desk.Flow.States.ContainsKey(word), new Text("流程没有状态“{0}”；可用：{1}", "The flow has no state “{0}”; it has: {1}").With("{0}", string.Join(", ", desk.Flow.States.Keys.Append(LogMap.Same))));
        if (steps is null or { Count: 0 })
        {
            yaml.Fault(state, new("请在 steps 中写明日志的状态各是流程的哪个状态。", "Say in steps which states of the flow those of the log are."));
        }

        return steps ?? [];
    }

    private Dictionary<string, bool> Answers(YamlMappingNode limit)
    {
        Dictionary<string, bool> answers = new(StringComparer.Ordinal);
        foreach (var (key, met) in new[] { ("yes", true), ("no", false) })
        {
            foreach (var (word, at) in yaml.Words(limit, key))
            {
                if (!answers.TryAdd(word, met))
                {
                    yaml.Fault(at, new Text("“{0}”写了两次。", "“{0}” stands twice.").With(word));
                }
            }
        }

        if (answers.Values.Distinct().Count() < 2)
        {
            yaml.Fault(limit, new("请用 yes 和 no 写明哪些词表示未超时、哪些表示超时。", "Say by yes and no which words mean in time and which late."));
        }

        return answers;
    }

    private bool Known(YamlMappingNode root)
    {
        var word = yaml.Word(root, "known");
        if (word is not (null or "import" or "log"))
        {
            yaml.Fault(MapYaml.Child(root, "known")!, new Text("known 为 import 或 log，不是“{0}”。", "known is import or log, not “{0}”.").With(word));
        }

        return word == "log";
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$", RegexOptions.None, 1000)]
    private static partial Regex SourceForm();

    [GeneratedRegex("^[+-][0-9]{2}:[0-9]{2}$", RegexOptions.None, 1000)]
    private static partial Regex OffsetForm();
}
