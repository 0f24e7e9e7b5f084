// A batch as it stands: what came, for which resource, how far it is, and its five counts.
using System.Text.Json;
using System.Text.Json.Serialization;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Collection.Batches;

/// <summary>Received → Loading → Landed, Refused or Cancelled; Landed → Undone. Refused and Cancelled may be tried again.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BatchState>))]
internal enum BatchState
{
    Received,
    Loading,
    Landed,
    Refused,
    Cancelled,
    Undone,
}

[JsonConverter(typeof(JsonStringEnumConverter<BatchKind>))]
internal enum BatchKind
{
    Load,

    /// <summary>Mended rows of an earlier batch.</summary>
    Replay,
}

/// <summary>What to do when the columns of a file are not the items of the resource. A required item that is missing always refuses.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftPolicy>))]
internal enum DriftPolicy
{
    /// <summary>The batch is refused.</summary>
    Refuse,

    /// <summary>What is known is loaded; columns the catalogue does not know are proposed to it.</summary>
    Add,

    /// <summary>What is known is loaded; the rest stays in the original.</summary>
    Ignore,
}

/// <summary>A batch as lists and pages show it.</summary>
/// <param name="Rejects">What became of the rejected rows.</param>
/// <param name="Net">Rows the table grew by; an upsert replaces some.</param>
internal sealed record Batch(
    Guid Id, string Number, BatchKind Kind, Guid? Parent, Guid Resource, string Code, string Name, int Version, string Table, Guid Unit, Guid? Source, string? SourceName,
    Guid Operator, string OperatorName, DriftPolicy Drift, BatchState State, Problem? Problem, Guid? Job, DateTimeOffset ReceivedAt, DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt, long? Snapshot, BatchCounts Counts, long Net, long Bytes, RejectCounts Rejects, string? RejectDigest)
{
    /// <summary>Whether nothing more happens to it by itself.</summary>
    public bool Ended => State is not (BatchState.Received or BatchState.Loading);
}

/// <summary>Rejected rows by what became of them; their sum is the batch's rejected count.</summary>
internal sealed record RejectCounts(long Open, long Mended, long Withdrawn, long Explained);

/// <summary>One table in one file of a batch.</summary>
/// <param name="File">Number of the file as sent; one file may hold several tables.</param>
/// <param name="SameAs">Number of the batch that had already brought this content; null when it is new.</param>
/// <param name="Read">Rows read from it.</param>
/// <param name="Rejected">Of them, rejected.</param>
internal sealed record BatchFile(
    int Part, int File, string Name, string Digest, long Bytes, FileHints Hints, string? Shape, IReadOnlyList<FileGuess> Guesses, ColumnMatch? Columns, string? Content,
    string? SameAs, long Read, long Rejected);

/// <summary>What was guessed about a file, and why.</summary>
internal sealed record FileGuess(string Subject, double Confidence, Text Why);

/// <summary>How JSON is kept in the state database.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T To<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)!;
}
