// How a log of another system is read: which of its columns say what, and which of its words are which of ours. Made by MapText alone.
using System.Globalization;
using Lizhou.Cases.Ledger;

namespace Lizhou.Cases.Importing;

/// <summary>A column whose words are known: those that are not are told with their counts.</summary>
/// <param name="Column">Place in <see cref="LogMap.Columns"/>.</param>
/// <param name="Known">Word of the log → ours; null: its words are taken as they are.</param>
internal sealed record MappedColumn<T>(int Column, IReadOnlyDictionary<string, T>? Known);

internal sealed record LogMap
{
    /// <summary>ISO 8601 in the forms logs use; with an offset, that counts instead of the zone.</summary>
    public static readonly IReadOnlyList<string> Iso =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd"];

    /// <summary>A step that changes no state.</summary>
    public const string Same = "same";

    /// <summary>Name of the log: with the case's number there it says which case is which.</summary>
    public string Source { get; init; } = "";

    /// <summary>Every column that is used, once.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Columns without which nothing can be read, by place.</summary>
    public IReadOnlyList<int> Needed => [Case, Time, State.Column];

    public int Case { get; init; }

    public int Time { get; init; }

    /// <summary>Word of the log → state of the flow, or <see cref="Same"/>.</summary>
    public MappedColumn<string> State { get; init; } = new(0, null);

    /// <summary>.NET formats, tried in order.</summary>
    public IReadOnlyList<string> Formats { get; init; } = Iso;

    /// <summary>Of times without an offset.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Whole numbers that order events of one moment; null: their place in the log does.</summary>
    public int? Order { get; init; }

    /// <summary>Only rows whose word is known here are taken; null: all.</summary>
    public MappedColumn<bool>? Lifecycle { get; init; }

    /// <summary>When the case was reported; null, or no value: at its first event.</summary>
    public int? Opened { get; init; }

    /// <summary>When the case ended; believed on rows of an end alone: logs that were enriched later tell it on all of them.</summary>
    public int? Ended { get; init; }

    /// <summary>Word of the log → id of a unit.</summary>
    public MappedColumn<Guid>? Group { get; init; }

    /// <summary>Who did it.</summary>
    public int? Resource { get; init; }

    /// <summary>The reporter's name and telephone: personal data, kept as those of cases told here.</summary>
    public int? Name { get; init; }

    public int? Phone { get; init; }

    public MappedColumn<string>? Class { get; init; }

    public MappedColumn<Grade>? Grade { get; init; }

    /// <summary>Word of the log → code of a node; the others are the city's centre.</summary>
    public MappedColumn<string>? Place { get; init; }

    public int? Address { get; init; }

    /// <summary>What it is about, joined.</summary>
    public IReadOnlyList<int> Words { get; init; } = [];

    public MappedColumn<bool>? Met { get; init; }

    public int? Due { get; init; }

    public int? Reassigned { get; init; }

    public int? Reopened { get; init; }

    /// <summary>Words that mean no value, besides none at all.</summary>
    public IReadOnlySet<string> Nulls { get; init; } = new HashSet<string>();

    /// <summary>Whether an event was known when it happened, as the log says; else when it was imported.</summary>
    public bool KnownByLog { get; init; }

    public string? Encoding { get; init; }

    public string? Delimiter { get; init; }

    public string? Sheet { get; init; }

    public string? Value(IReadOnlyList<string?> cells, int? column) => column is { } at && cells[at]?.Trim() is { Length: > 0 } text && !Nulls.Contains(text) ? text : null;

    /// <summary>Null when it is none in these formats.</summary>
    public DateTimeOffset? Moment(string text)
    {
        if (!DateTime.TryParseExact(text, [.. Formats], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var told) || told.Year is < 2 or > 9998)
        {
            return null;
        }

        return told.Kind == DateTimeKind.Utc ? new(told) : new DateTimeOffset(told, Zone.GetUtcOffset(told)).ToUniversalTime();
    }
}
