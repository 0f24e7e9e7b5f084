// One thing that happened to a case, with all that was decided at it: from events alone everything else can be told again, whatever flow, calendar or limits hold by then.
using Lizhou.Cases.Dispatching;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Cases.Ledger;

/// <summary>What was filled in and what the program decided then.</summary>
internal sealed record EventDetail
{
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<string> Effects { get; init; } = [];

    /// <summary>Of a report.</summary>
    public Reported? Report { get; init; }

    public string? Class { get; init; }

    public Grade? Grade { get; init; }

    public Guid? Lead { get; init; }

    public IReadOnlyList<Guid>? Assists { get; init; }

    /// <summary>What the dispatch table said when it was assigned; null: nothing.</summary>
    public Proposal? Proposed { get; init; }

    public Guid? Parent { get; init; }

    /// <summary>The reason in English where the program gave it, in Chinese in <see cref="CaseEvent.Reason"/>; null: somebody's words, in their language.</summary>
    public string? ReasonEn { get; init; }

    /// <summary>What the lead asked for, where that is limited: it counts against the unit. Null: nothing, or it is from before asks were counted.</summary>
    public AskKind? Asks { get; init; }

    public DateTimeOffset? ReplyDue { get; init; }

    /// <summary>Unit that goes on seeing the case wherever it goes: who sent it up; null: none.</summary>
    public Guid? Sees { get; init; }

    /// <summary>How long it may stand in its loop from then on; null: as before.</summary>
    public StaySet? Stay { get; init; }

    public Outcome? Outcome { get; init; }

    public bool Ended { get; init; }

    /// <summary>The stage's clock after it; null: there is none.</summary>
    public ClockSet? Stage { get; init; }

    public ClockSet? Whole { get; init; }

    /// <summary>Of a consultation; null for all else.</summary>
    public Consulting.ConsultDetail? Consult { get; init; }

    /// <summary>Place among the case's photos of one that came with it from another level; null: none.</summary>
    public long? Photo { get; init; }

    /// <summary>SHA-256 of the photos that came with an act, as they are kept, in their order: 64 small hexadecimal digits each; null: none. See <see cref="Acting.ActPhotos"/>.</summary>
    public IReadOnlyList<string>? Photos { get; init; }

    /// <summary>Of what was taken over from another system; null for all that happened here.</summary>
    public LogMark? Log { get; init; }
}

/// <summary>What a case is reported with.</summary>
/// <param name="Media">Address of a picture at the sender's; it is never fetched from here.</param>
/// <param name="Photos">How many are kept here.</param>
/// <param name="Claimed">When it was seen by the word of the sender, too long ago to begin the case; null: it began then.</param>
internal sealed record Reported(string Number, string Place, CaseSource Source, string Words, string Address, double? X, double? Y, bool HasReporter, string? Media = null, int Photos = 0, DateTimeOffset? Claimed = null);

/// <summary>What became of a clock at an event.</summary>
/// <param name="Change">Started anew, went on, stood, was resumed or extended, got a longer limit, or ended.</param>
/// <param name="Extra">See <see cref="CaseClock.Extra"/>.</param>
/// <param name="Office">See <see cref="CaseClock.Office"/>.</param>
internal sealed record ClockSet(ClockChange Change, TimeLimit? Limit, TimeSpan Extra, DateTimeOffset? Due, DateTimeOffset? Warn, TimeSpan? Left, TimeSpan Office = default);

/// <param name="Until">Null: no limit runs.</param>
internal sealed record StaySet(DateTimeOffset? Until);

internal enum ClockChange
{
    Goes,
    Started,
    Stood,
    Resumed,
    Extended,
    Ended,

    /// <summary>Of the whole case: its limit became longer, for it has to hold a longer handling.</summary>
    Lengthened,
}

internal sealed record CaseEvent
{
    public Guid CaseId { get; init; }

    /// <summary>1 is the report.</summary>
    public long Seq { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>When it was told here.</summary>
    public DateTimeOffset KnownAt { get; init; }

    public Guid Actor { get; init; }

    public string Name { get; init; } = "";

    public Guid? Unit { get; init; }

    /// <summary>On whose behalf, as <see cref="PersonWords"/> keeps it; null for nobody's.</summary>
    public string? Behalf { get; init; }

    public string Act { get; init; } = "";

    public string OldState { get; init; } = "";

    public string State { get; init; } = "";

    /// <summary>That owns the case after it.</summary>
    public string Node { get; init; } = "";

    public Loop Loop { get; init; }

    public string? Reason { get; init; }

    /// <summary>The reason in the language of who reads it, where it is known in both.</summary>
    public string? Why => Reason is null ? null : new Text(Reason, Detail.ReasonEn ?? Reason).ToString();

    public int Flow { get; init; }

    public EventDetail Detail { get; init; } = new();
}
