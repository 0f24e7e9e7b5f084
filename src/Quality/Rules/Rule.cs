// A rule as people keep it: what kind, of which columns, how bad it is when broken, and the reason in words.
using System.Text.Json.Serialization;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Lake;

namespace Lizhou.Quality.Rules;

/// <summary>The six dimensions of GB/T 36344.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Dimension>))]
internal enum Dimension
{
    /// <summary>规范性</summary>
    Conformity,

    /// <summary>完整性</summary>
    Completeness,

    /// <summary>准确性</summary>
    Accuracy,

    /// <summary>一致性</summary>
    Consistency,

    /// <summary>时效性</summary>
    Timeliness,

    /// <summary>可访问性</summary>
    Accessibility,
}

[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
internal enum Severity
{
    /// <summary>提示</summary>
    Notice,

    /// <summary>一般</summary>
    Ordinary,

    /// <summary>严重</summary>
    Serious,
}

[JsonConverter(typeof(JsonStringEnumConverter<RuleKind>))]
internal enum RuleKind
{
    /// <summary>One column is not empty.</summary>
    NotNull,

    /// <summary>The whole value matches <see cref="Rule.Pattern"/> (RE2).</summary>
    Format,

    /// <summary>The value is one of <see cref="Rule.Values"/>.</summary>
    CodeList,

    /// <summary>The value passes <see cref="Rule.Check"/>.</summary>
    CheckCharacter,

    /// <summary>The value lies from <see cref="Rule.Least"/> to <see cref="Rule.Most"/>, both included; numbers, dates and moments.</summary>
    Range,

    /// <summary>First column against second as <see cref="Rule.Is"/> says.</summary>
    Compare,

    /// <summary>A date or moment is not after the scan.</summary>
    NotFuture,

    /// <summary>The columns together are unique.</summary>
    Unique,

    /// <summary>The columns but the last determine the last.</summary>
    Depends,

    /// <summary>First column an id number, second a date of birth.</summary>
    BirthOfId,

    /// <summary>First column an id number, second a sex; <see cref="Rule.Values"/>: the value for male, the value for female.</summary>
    SexOfId,

    /// <summary>The value is there in <see cref="Rule.Other"/>.</summary>
    Reference,

    /// <summary><see cref="Rule.Never"/> is true of no row.</summary>
    Denial,

    /// <summary>The newest value of the column, a date or moment, is at most <see cref="Rule.Limit"/> days old, or as old as <see cref="Rule.Cycle"/> allows.</summary>
    Freshness,

    /// <summary>The table has lost at most the share <see cref="Rule.Limit"/> of its rows since the last scan.</summary>
    Volume,

    /// <summary>The values of the column are distributed as at the last scan: the population stability index is at most <see cref="Rule.Limit"/>.</summary>
    Drift,

    /// <summary>The values on the left of <see cref="Rule.Mend"/> are slips for those on the right; the same value on both sides: what it should be cannot be told.</summary>
    Slip,

    /// <summary>First column a key, second a fact: where <see cref="Rule.Other"/> has the key, it says the same. Two sources agree.</summary>
    Agrees,

    /// <summary>The first column does not end with a value that belongs in the second, where the second is empty.</summary>
    Glued,

    /// <summary>The middle columns name a thing and who reports it, the last a fact; whoever reports it, it is the same. The owner (a reporter whose name the thing's begins with) is right, else the trusted majority.</summary>
    Reports,

    /// <summary>In each group of the columns but the last, the last adds up: <see cref="Rule.Parts"/> to <see cref="Rule.Whole"/>. At fault are groups.</summary>
    AddsUp,

    /// <summary>In each group of the columns but the last two, the last never falls in the order of the one before it; of the rows <see cref="Rule.Of"/> is true of.</summary>
    NeverFalls,
}

/// <summary>A rule.</summary>
/// <param name="Name">Short, unique within a table.</param>
/// <param name="Columns">As the kind asks for them.</param>
/// <param name="Reason">What is wrong with a row that breaks it, in a clerk's words.</param>
internal sealed record Rule(string Name, RuleKind Kind, IReadOnlyList<string> Columns, Dimension Dimension, Severity Severity, Text Reason)
{
    /// <summary>Every column it looks at, those of its conditions too.</summary>
    public IEnumerable<string> Touched => Columns.Concat(new[] { Never, Whole, Parts, Of }.OfType<Condition>().SelectMany(c => c.Columns())).Distinct(StringComparer.OrdinalIgnoreCase);

    public string? Pattern { get; init; }

    public IReadOnlyList<string> Values { get; init; } = [];

    public ValueCheck Check { get; init; }

    /// <summary>Null: no bound on this side.</summary>
    public string? Least { get; init; }

    public string? Most { get; init; }

    public Comparison Is { get; init; }

    /// <summary><c>layer.table.column</c>.</summary>
    public string? Other { get; init; }

    /// <summary>Of the table of <see cref="Other"/>: the column with the key; null: it is called as it is here.</summary>
    public string? OtherKey { get; init; }

    /// <summary>更新周期; null: <see cref="Limit"/> says it.</summary>
    public UpdateCycle? Cycle { get; init; }

    public Condition? Never { get; init; }

    /// <summary>Rows that stand for the whole.</summary>
    public Condition? Whole { get; init; }

    /// <summary>Rows that stand for its parts.</summary>
    public Condition? Parts { get; init; }

    /// <summary>Rows it is about; null for all.</summary>
    public Condition? Of { get; init; }

    public double Limit { get; init; }

    public IReadOnlyDictionary<string, string> Mend { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
