// 交付: a grant, a target, a time and a state; and the attempts that were made.
using System.Text.Json.Serialization;

namespace Lizhou.Sharing.Deliveries;

[JsonConverter(typeof(JsonStringEnumConverter<DeliveryState>))]
internal enum DeliveryState
{
    Active,
    Paused,

    /// <summary>Failed too often in a row; waits for somebody to send again.</summary>
    Dead,

    /// <summary>Its grant does not carry any more.</summary>
    Ended,
}

[JsonConverter(typeof(JsonStringEnumConverter<RunCause>))]
internal enum RunCause
{
    Schedule,
    Change,
    Retry,
    Hand,
}

[JsonConverter(typeof(JsonStringEnumConverter<RunResult>))]
internal enum RunResult
{
    Running,
    Delivered,

    /// <summary>Nothing changed since the last one.</summary>
    Nothing,

    Failed,

    /// <summary>By the policy, the quota or the host guard.</summary>
    Refused,

    /// <summary>The program ended meanwhile.</summary>
    Interrupted,
}

internal sealed class Delivery
{
    public Guid Id { get; init; }

    public string Number { get; init; } = "";

    public Guid Granted { get; init; }

    /// <summary>That receives.</summary>
    public Guid Unit { get; init; }

    public Guid Provider { get; init; }

    public string Name { get; init; } = "";

    public Target Target { get; init; } = new();

    /// <summary>Protected; null for none.</summary>
    public string? Secret { get; set; }

    /// <summary>Five fields, city time; null: not by the clock.</summary>
    public string? Cron { get; init; }

    public bool WorkdaysOnly { get; init; }

    public bool OnChange { get; init; }

    public DeliveryState State { get; set; }

    public long? Reached { get; set; }

    public string? Cursor { get; set; }

    public DateTimeOffset? NextAt { get; set; }

    /// <summary>When data last changed.</summary>
    public DateTimeOffset? WantedAt { get; set; }

    public int Failures { get; set; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Note { get; set; }

    public DateTimeOffset? LastRunAt { get; set; }

    public DateTimeOffset MadeAt { get; init; }

    public string MadeBy { get; init; } = "";

    /// <summary>Up to which level it may take data, 1 to 4; null: nobody labelled it.</summary>
    public int? Label { get; set; }

    public long Revision { get; set; }
}

/// <summary>One attempt.</summary>
internal sealed class Run
{
    public Guid Id { get; init; }

    public Guid Delivery { get; init; }

    public Guid Granted { get; init; }

    public RunCause Cause { get; init; }

    public RunResult Result { get; set; }

    /// <summary>Null where everything was handed over.</summary>
    public long? FromSnapshot { get; set; }

    public long? ToSnapshot { get; set; }

    public long Inserted { get; set; }

    public long Changed { get; set; }

    public long Withdrawn { get; set; }

    public long Bytes { get; set; }

    public string? Digest { get; set; }

    public long? Evidence { get; set; }

    public string? Note { get; set; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The file's name for the receiver; null for none, or when it is gone.</summary>
    public string? File { get; set; }

    public DateTimeOffset? KeepUntil { get; set; }

    public string? Cursor { get; set; }

    public long Taken { get; set; }

    public long Rows => Inserted + Changed + Withdrawn;
}
