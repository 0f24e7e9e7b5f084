// Where data of a resource comes from: which unit and system send it, by which way, under which contract, when, and how it fares.
using System.Text.Json.Serialization;
using Lizhou.Collection.Batches;
using Lizhou.Tabular;

namespace Lizhou.Collection.Sources;

/// <summary>How the data reaches us.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Way>))]
internal enum Way
{
    /// <summary>A person sends files in the browser.</summary>
    Upload,

    /// <summary>Files appear in the source's inbox folder.</summary>
    Folder,

    /// <summary>The department's system posts rows.</summary>
    Push,

    /// <summary>We read a table or view of the department's database.</summary>
    Database,

    /// <summary>We read the pages of the department's web interface.</summary>
    Api,
}

[JsonConverter(typeof(JsonStringEnumConverter<SourceState>))]
internal enum SourceState
{
    Active,
    Paused,
}

/// <summary>数据源 / 归集任务</summary>
internal sealed class Source
{
    public Guid Id { get; init; }

    /// <summary>In addresses and folder names: lower-case Latin letters, digits and hyphens.</summary>
    public string Code { get; set; } = "";

    public string Name { get; set; } = "";

    public Guid Unit { get; set; }

    public Guid? System { get; set; }

    /// <summary>Code of the resource it fills.</summary>
    public string Resource { get; set; } = "";

    public Way Way { get; set; }

    public WaySettings Settings { get; set; } = new UploadSettings();

    /// <summary>Protected; opened only by a connector at the moment it connects.</summary>
    public string? Secret { get; set; }

    /// <summary>The file contract; null while none is agreed: each file is then inspected on its own.</summary>
    public FileShape? Shape { get; set; }

    /// <summary>Column of the file → column of the resource; an empty one leaves the column out on purpose.</summary>
    public IReadOnlyDictionary<string, string> Mapping { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public DriftPolicy Drift { get; set; }

    public Schedule? Schedule { get; set; }

    public SourceState State { get; set; }

    public Watermark? Watermark { get; set; }

    public DateTimeOffset? NextAt { get; set; }

    public DateTimeOffset? LastRunAt { get; set; }

    public DateTimeOffset? LastDataAt { get; set; }

    /// <summary>Why the last run failed; null when it did not.</summary>
    public string? LastNote { get; set; }

    /// <summary>Failed runs in a row.</summary>
    public int Failures { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Whether we go and fetch, by schedule or by hand.</summary>
    public bool Pulls => Way is Way.Database or Way.Api;
}

/// <summary>How far a pull has come.</summary>
/// <param name="Value">The greatest key, time mark or page value taken, as the source writes it; null at the start.</param>
/// <param name="ETag">Of the last answer, for a conditional request.</param>
/// <param name="LastModified">Of the last answer, for a conditional request.</param>
internal sealed record Watermark(string? Value = null, string? ETag = null, string? LastModified = null);

[JsonConverter(typeof(JsonStringEnumConverter<RunCause>))]
internal enum RunCause
{
    Schedule,
    Hand,
    Arrival,
}

[JsonConverter(typeof(JsonStringEnumConverter<RunResult>))]
internal enum RunResult
{
    Running,

    /// <summary>Handed to the intake as a batch.</summary>
    Delivered,

    /// <summary>There was nothing new.</summary>
    Nothing,

    Refused,
    Failed,

    /// <summary>The program stopped in the middle; nothing of it is visible.</summary>
    Interrupted,
}

/// <summary>One attempt to bring something in.</summary>
internal sealed class SourceRun
{
    public Guid Id { get; init; }

    public Guid Source { get; init; }

    public RunCause Cause { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    public RunResult Result { get; set; }

    public Guid? Batch { get; set; }

    public long RowCount { get; set; }

    public long Bytes { get; set; }

    public string? Note { get; set; }
}
