// What the head of a model's file says, read strictly: an unknown word is a fault, with its place.
using System.Text.RegularExpressions;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Lizhou.Computing.Models;

/// <summary>The head of a model's file.</summary>
internal sealed partial record FrontMatter
{
    public const int MostSeconds = 3600;
    public const int MostMemory = 8192;
    public const string OnChange = "on-change";

    public static readonly IReadOnlyList<string> Layers = ["standard", "base", "theme"];

    /// <summary>What statements call it.</summary>
    public string Name { get; init; } = "";

    /// <summary>What people call it; the name of its resource.</summary>
    public string Title { get; init; } = "";

    public string Layer { get; init; } = "";

    /// <summary>Name or credit code of the unit that answers for it.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Its class in the catalogue.</summary>
    public string Class { get; init; } = "";

    public string Summary { get; init; } = "";

    /// <summary>Columns that tell its rows apart.</summary>
    public List<string> Key { get; init; } = [];

    /// <summary>The column by whose values it is computed in slices; null: always whole.</summary>
    public string? Incremental { get; init; }

    /// <summary>Of several inputs the values that survive; such a model has no statement of its own. Null: it has one.</summary>
    public SurviveSays? Survive { get; init; }

    /// <summary>Five cron fields in the city's time, or <see cref="OnChange"/>; null: by hand alone.</summary>
    public string? Schedule { get; init; }

    /// <summary>How old its last build may be, e.g. <c>36h</c>, <c>7d</c>; null: no matter.</summary>
    public string? Freshness { get; init; }

    /// <summary>Seconds it may take.</summary>
    public int Seconds { get; init; } = 600;

    /// <summary>MiB it may hold.</summary>
    public int Memory { get; init; } = 1024;

    public Dictionary<string, ColumnSays> Columns { get; init; } = [];

    public List<TestSays> Tests { get; init; } = [];

    [YamlIgnore]
    public TimeSpan? MayBeOld => Freshness is { } text && Span().Match(text) is { Success: true } span
        ? TimeSpan.FromHours(int.Parse(span.Groups[1].ValueSpan, System.Globalization.NumberStyles.None, null) * (span.Groups[2].Value == "d" ? 24 : 1)) : null;

    /// <summary>What must hold of its result: what it says, and what its key means.</summary>
    [YamlIgnore]
    public IReadOnlyList<StatementCheck> Checks => [.. Key.Count > 0 ? [new(CheckKind.NotNull, Key, []), new(CheckKind.Unique, Key, [])] : Array.Empty<StatementCheck>(), .. Tests.Select(t => t.Check)];

    public static FrontMatter Read(string yaml) =>
        new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<FrontMatter?>(yaml) ?? new();

    /// <summary>The first thing wrong with it, and the word it is about; null when nothing is.</summary>
    public (string Word, Text What)? Fault() =>
        !PlainName().IsMatch(Name) ? ("name", new("name 应为小写字母开头的字母、数字、下划线，最多 63 位", "name: a lower-case letter, then letters, digits, underscores, at most 63"))
        : TableName().IsMatch(Name) ? ("name", new("name 不能像信息资源的表名（r_ 加数字）", "name: not like the table of a resource (r_ and a digit)"))
        : Title.Length is 0 or > 200 ? ("title", new("title 应有 1 至 200 字", "title: 1 to 200 characters"))
        : !Layers.Contains(Layer) ? ("layer", new("layer 应为 standard、base 或 theme", "layer: standard, base or theme"))
        : Owner.Length == 0 ? ("owner", new("owner 应为责任单位的名称或统一社会信用代码", "owner: name or credit code of the unit that answers for it"))
        : Class.Length == 0 ? ("class", new("class 应为目录分类码", "class: a class of the catalogue"))
        : Seconds is < 1 or > MostSeconds ? ("seconds", new Text("seconds 应为 1 至 {0}", "seconds: 1 to {0}").With(MostSeconds))
        : Memory is < 64 or > MostMemory ? ("memory", new Text("memory 应为 64 至 {0}（MiB）", "memory: 64 to {0} MiB").With(MostMemory))
        : Freshness is not null && MayBeOld is null ? ("freshness", new("freshness 的写法如 36h、7d", "freshness: like 36h or 7d"))
        : Schedule is { } when && when != OnChange && !Cronos.CronExpression.TryParse(when, out _) ? ("schedule", new("schedule 应为五段 cron 表达式或 on-change", "schedule: five cron fields, or on-change"))
        : Schedule is { } never && never != OnChange && Cronos.CronExpression.Parse(never).GetNextOccurrence(DateTimeOffset.UnixEpoch, Clock.City) is null ? ("schedule", new("schedule 永远不会到来，例如 2 月 31 日", "schedule: never comes, like 31 February"))
        : Survive?.Fault() is { } lost ? ("survive", lost)
        : Incremental is not null && Key.Count == 0 ? ("key", new("增量模型须写明 key", "an incremental model names its key"))
        : Tests.Any(t => t.Names.Any(n => n.Length is 0 or > 63) || t is { NotNull.Count: 0 } or { Unique.Count: 0 } or { AcceptedValues: { Column.Length: 0 } or { Values.Count: 0 } })
            ? ("tests", new("tests 中每条应写明列名和取值", "tests: each names its columns, and its values"))
        : Tests.FirstOrDefault(t => !t.IsOne) is not null ? ("tests", new("每条 tests 应为 not_null、unique、accepted_values、expression 之一", "each of tests: one of not_null, unique, accepted_values, expression"))
        : null;

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,62}\z", RegexOptions.NonBacktracking)]
    private static partial Regex PlainName();

    /// <summary>What the catalogue calls the tables of resources: a model of that name would stand before one of them.</summary>
    [GeneratedRegex(@"\Ar_[0-9]", RegexOptions.NonBacktracking)]
    private static partial Regex TableName();

    [GeneratedRegex(@"\A([1-9][0-9]{0,3})([hd])\z", RegexOptions.NonBacktracking)]
    private static partial Regex Span();
}

/// <summary>What is said of a column of the result.</summary>
/// <param name="Title">Its name in the catalogue.</param>
/// <param name="Level">Raises what its sources make of it; never lowers it.</param>
internal sealed record ColumnSays
{
    public string? Title { get; init; }

    public string? Meaning { get; init; }

    public Level? Level { get; init; }
}

/// <summary>One thing that must hold.</summary>
internal sealed record TestSays
{
    public List<string>? NotNull { get; init; }

    public List<string>? Unique { get; init; }

    public AcceptedSays? AcceptedValues { get; init; }

    public string? Expression { get; init; }

    /// <summary>The columns it names.</summary>
    [YamlIgnore]
    public IEnumerable<string> Names => [.. NotNull ?? [], .. Unique ?? [], .. AcceptedValues is { } accepted ? [accepted.Column] : Array.Empty<string>()];

    [YamlIgnore]
    public bool IsOne => new object?[] { NotNull, Unique, AcceptedValues, Expression }.Count(t => t is not null) == 1;

    [YamlIgnore]
    public StatementCheck Check => NotNull is not null ? new(CheckKind.NotNull, NotNull, [])
        : Unique is not null ? new(CheckKind.Unique, Unique, [])
        : AcceptedValues is not null ? new(CheckKind.AcceptedValues, [AcceptedValues.Column], AcceptedValues.Values)
        : new(CheckKind.Expression, [], [], Expression);
}

internal sealed record AcceptedSays
{
    public string Column { get; init; } = "";

    public List<string> Values { get; init; } = [];
}
