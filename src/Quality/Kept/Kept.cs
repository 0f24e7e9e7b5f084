// What is kept of a resource's rules, and what scans by them found.
using System.Text.Json.Serialization;
using Lizhou.Kernel;

namespace Lizhou.Quality.Kept;

[JsonConverter(typeof(JsonStringEnumConverter<SetState>))]
internal enum SetState
{
    Draft,
    InForce,
    Replaced,
}

/// <summary>A version of a resource's rules.</summary>
internal sealed class RuleSet
{
    public Guid Id { get; init; }

    public Guid Resource { get; init; }

    public int Version { get; init; }

    public SetState State { get; set; }

    public string Yaml { get; set; } = "";

    public string MadeBy { get; set; } = "";

    public DateTimeOffset MadeAt { get; set; }

    public string? InForceBy { get; set; }

    public DateTimeOffset? InForceAt { get; set; }

    public long Revision { get; set; }
}

/// <summary>A documented exception (例外): rows with this value are not flagged by this rule.</summary>
internal sealed class Waiver
{
    public Guid Id { get; init; }

    public Guid Resource { get; init; }

    public string Rule { get; init; } = "";

    /// <summary>Column name.</summary>
    public string Item { get; init; } = "";

    public string Value { get; init; } = "";

    public string Reason { get; init; } = "";

    /// <summary>First day of the city on which it no longer holds.</summary>
    public DateOnly Until { get; init; }

    public string MadeBy { get; init; } = "";

    public DateTimeOffset MadeAt { get; init; }

    public string? EndedBy { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public bool Holds(DateOnly day) => EndedAt is null && day < Until;
}

internal sealed class Declined
{
    public Guid Id { get; init; }

    public Guid Resource { get; init; }

    public string Rule { get; init; } = "";

    public string Reason { get; init; } = "";

    public string MadeBy { get; init; } = "";

    public DateTimeOffset MadeAt { get; init; }
}

/// <summary>What the last scan of a resource found.</summary>
internal sealed class Scanned
{
    public Guid Resource { get; init; }

    /// <summary>Of the rules in force; 0 while none are kept.</summary>
    public int Version { get; set; }

    public long Snapshot { get; set; }

    public long RowCount { get; set; }

    public int FilesRead { get; set; }

    /// <summary>Hundredths of a point, 0 to 10,000; null when no rule judged a row.</summary>
    public int? Total { get; set; }

    public string Dimensions { get; set; } = "[]";

    public string Rules { get; set; } = "[]";

    public string Columns { get; set; } = "[]";

    public byte[] State { get; set; } = [];

    public string? FaultZh { get; set; }

    public string? FaultEn { get; set; }

    public DateTimeOffset ScannedAt { get; set; }

    public long Revision { get; set; }

    public Text? Fault => FaultZh is null ? null : new Text(FaultZh, FaultEn ?? FaultZh);
}

internal sealed class FileScan
{
    public Guid Resource { get; init; }

    public string File { get; init; } = "";

    public string Digest { get; init; } = "";

    /// <summary>Null when it holds rows of several batches, or of none.</summary>
    public Guid? Batch { get; init; }

    public long RowCount { get; init; }

    public byte[] State { get; init; } = [];
}

internal sealed class BatchScan
{
    public Guid Batch { get; init; }

    /// <summary>The load whose rows it brought again; itself for a load.</summary>
    public Guid Root { get; init; }

    public Guid Resource { get; init; }

    public DateTimeOffset LandedAt { get; init; }

    public DateTimeOffset? ScannedAt { get; set; }

    public bool Undone { get; set; }
}

/// <summary>A score as it was found.</summary>
internal sealed class ScoreLine
{
    public Guid Id { get; init; }

    public Guid Resource { get; init; }

    /// <summary>Null: the whole resource.</summary>
    public Guid? Batch { get; init; }

    public int Version { get; init; }

    public long Snapshot { get; init; }

    public long RowCount { get; init; }

    public int? Total { get; init; }

    public string Dimensions { get; init; } = "[]";

    public string Rules { get; init; } = "[]";

    public DateTimeOffset ScoredAt { get; init; }
}

/// <summary>The fingerprint of a column: hashes of values, no value.</summary>
internal sealed class PrintLine
{
    public Guid Resource { get; init; }

    /// <summary>Column name.</summary>
    public string Item { get; init; } = "";

    /// <summary>About how many different values.</summary>
    public long ValuesApart { get; init; }

    /// <summary>Whether it says whom or what a row is about: a key, or checked like one.</summary>
    public bool Subject { get; init; }

    /// <summary>Up to 128 of 8 bytes, ascending, sealed.</summary>
    public byte[] Hashes { get; init; } = [];

    /// <summary>Checks that nearly all values pass, with commas between.</summary>
    public string Looks { get; init; } = "";
}
