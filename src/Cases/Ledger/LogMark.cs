// What the log of another system says of an event that was taken over from it: where it stood, in whose words, and the log's own figures.
namespace Lizhou.Cases.Ledger;

internal sealed record LogMark
{
    /// <summary>Name of the log by its map; on the first event of a case.</summary>
    public string? Source { get; init; }

    /// <summary>The case's number there; on the first event of a case.</summary>
    public string? Case { get; init; }

    /// <summary>Line of the log, 1-based; of XES the line on which the event begins.</summary>
    public long Line { get; init; }

    /// <summary>State or activity in the words of the log; null: it names none.</summary>
    public string? Word { get; init; }

    /// <summary>The log does not name this step: the flow passes it on the way to what the log names. It takes no time and is not counted.</summary>
    public bool Implied { get; init; }

    /// <summary>The flow has no way from the state before to this one.</summary>
    public bool Jump { get; init; }

    // Told where they differ from what was told before; null: as before, or unknown.

    /// <summary>Who had it, in the words of the log.</summary>
    public string? Group { get; init; }

    /// <summary>Class in the words of the log.</summary>
    public string? Class { get; init; }

    /// <summary>Whether the log holds it to be within its limit.</summary>
    public bool? Met { get; init; }

    /// <summary>The limit of the whole case by the log.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>When it ended by the log; only on events that lead to an end or are told of one.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How often it changed hands by the log's own count.</summary>
    public int? Reassigned { get; init; }

    /// <summary>How often it was opened again by the log's own count.</summary>
    public int? Reopened { get; init; }
}
