// An item that several units publish, and which of them counts.
using System.Text.Json.Serialization;
using Lizhou.Kernel;

namespace Lizhou.Quality.Conflicts;

[JsonConverter(typeof(JsonStringEnumConverter<ConflictState>))]
internal enum ConflictState
{
    Found,
    Decided,
    Objected,

    /// <summary>One unit alone publishes it now.</summary>
    Ended,
}

[JsonConverter(typeof(JsonStringEnumConverter<ConflictStep>))]
internal enum ConflictStep
{
    // Of the program.
    Found,
    Ended,

    // Of the bureau.
    Decide,

    // Of a unit that publishes it.
    Dissent,
}

internal sealed class Conflict
{
    public Guid Id { get; init; }

    public string Number { get; init; } = "";

    public string Concept { get; init; } = "";

    public string Name { get; set; } = "";

    public string Subject { get; init; } = "";

    public ConflictState State { get; set; }

    public Guid? Resource { get; set; }

    public Guid? Item { get; set; }

    public string? Reason { get; set; }

    public string? DecidedBy { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    public DateTimeOffset FoundAt { get; init; }

    public long Revision { get; set; }
}

internal sealed class ConflictSource
{
    public Guid Conflict { get; init; }

    public Guid Resource { get; init; }

    public Guid Item { get; init; }

    public Guid Unit { get; set; }

    public string ResourceName { get; set; } = "";

    public string ItemName { get; set; } = "";
}

internal sealed class ConflictAct
{
    public Guid Id { get; init; }

    public Guid Conflict { get; init; }

    public ConflictStep Step { get; init; }

    public string Person { get; init; } = "";

    public Guid? Unit { get; init; }

    public string? Words { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Of the conflict.</summary>
    public long Revision { get; init; }
}

internal sealed class OneSource
{
    public Guid Id { get; init; }

    public long Items { get; init; }

    /// <summary>Published by one unit alone.</summary>
    public long Alone { get; init; }

    public DateTimeOffset At { get; init; }
}

internal static class ConflictWords
{
    public static Text Of(ConflictState state) => state switch
    {
        ConflictState.Found => new("待裁定", "to be decided"),
        ConflictState.Decided => new("已裁定", "decided"),
        ConflictState.Objected => new("有异议，待复核", "objected to"),
        _ => new("已消除", "ended"),
    };

    public static string Tone(ConflictState state) => state switch { ConflictState.Found => "warn", ConflictState.Objected => "bad", ConflictState.Decided => "good", _ => "plain" };

    public static Text Of(ConflictStep step) => step switch
    {
        ConflictStep.Found => new("发现多源", "Several sources found"),
        ConflictStep.Ended => new("只剩一个来源", "One source left"),
        ConflictStep.Decide => new("裁定权威来源", "Authority decided"),
        _ => new("提出异议", "Objected"),
    };
}
