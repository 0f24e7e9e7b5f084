// 申诉: how a case is counted is doubted, and what was decided on that.
using System.Text.Json.Serialization;
using Lizhou.Kernel;

namespace Lizhou.Cases.Assessing;

/// <summary>How the case is to be counted from the decision on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AppealAsks>))]
internal enum AppealAsks
{
    /// <summary>Nowhere.</summary>
    Exclude,

    /// <summary>As closed and handled in time.</summary>
    InTime,
    NoRework,
    NoShirk,
    NotMissed,
}

internal sealed record Appeal
{
    public Guid Id { get; init; }

    public Guid CaseId { get; init; }

    public string Number { get; init; } = "";

    public AppealAsks Asks { get; init; }

    public string Reason { get; init; } = "";

    public Guid? Unit { get; init; }

    /// <summary>Who appealed.</summary>
    public Guid Actor { get; init; }

    public string Name { get; init; } = "";

    public DateTimeOffset MadeAt { get; init; }

    public static Text Word(AppealAsks asks) => asks switch
    {
        AppealAsks.Exclude => new("不计入考核", "leave it out"),
        AppealAsks.InTime => new("计为按期", "count it as in time"),
        AppealAsks.NoRework => new("不计返工", "count no rework"),
        AppealAsks.NoShirk => new("不计推诿", "count no shirking"),
        _ => new("不计漏报", "count it as not missed"),
    };

    /// <summary>The case as it counts once the appeal is accepted; null: nowhere.</summary>
    public static CaseFacts? Counted(CaseFacts facts, AppealAsks asks) => asks switch
    {
        AppealAsks.Exclude => null,
        AppealAsks.InTime => facts with { Marks = facts.Marks.Contains("closed") ? facts.Marks.Append("in-time").Append("handled-in-time").ToHashSet(StringComparer.Ordinal) : facts.Marks },
        AppealAsks.NoRework => facts with { Marks = facts.Marks.Except(["reworked", "reworked-twice", "reworked-often"]).ToHashSet(StringComparer.Ordinal) },
        AppealAsks.NoShirk => facts with { Marks = facts.Marks.Except(["shirked"]).ToHashSet(StringComparer.Ordinal) },
        _ => facts with { Marks = facts.Marks.Except(["missed"]).ToHashSet(StringComparer.Ordinal) },
    };
}

internal sealed record AppealDecision
{
    /// <summary>Id of the appeal.</summary>
    public Guid Appeal { get; init; }

    public bool Accepted { get; init; }

    public string Words { get; init; } = "";

    public Guid Actor { get; init; }

    public string Name { get; init; } = "";

    /// <summary>From when on the case is counted so.</summary>
    public DateTimeOffset MadeAt { get; init; }
}

/// <summary>A version of the schemes.</summary>
internal sealed record SchemeVersion
{
    public int Version { get; init; }

    public string Text { get; init; } = "";

    public string Note { get; init; } = "";

    public string MadeBy { get; init; } = "";

    /// <summary>Id of who made it; null: before another had to publish.</summary>
    public Guid? Maker { get; init; }

    public DateTimeOffset MadeAt { get; init; }

    /// <summary>Null: a draft.</summary>
    public string? PublishedBy { get; init; }

    public DateTimeOffset? PublishedAt { get; init; }
}
