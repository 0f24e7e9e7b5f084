// A ticket to a source unit, what was found, and what happened to it.
using System.Text.Json.Serialization;
using Lizhou.Kernel;

namespace Lizhou.Quality.Tickets;

[JsonConverter(typeof(JsonStringEnumConverter<TicketState>))]
internal enum TicketState
{
    /// <summary>The source unit has it to mend.</summary>
    Open,
    Mending,

    /// <summary>The source unit says why the rows are right; the bureau looks.</summary>
    Explained,

    /// <summary>The source unit says it is no fault; the bureau decides.</summary>
    Objected,

    /// <summary>Looked at again and found good; of a report, its reporter has still to agree.</summary>
    Rechecked,
    Closed,
}

[JsonConverter(typeof(JsonStringEnumConverter<TicketStep>))]
internal enum TicketStep
{
    // Of the program.
    Issued,
    Joined,
    Passed,

    /// <summary>The fault was found again.</summary>
    Returned,
    Finished,
    Reminded,
    Overdue,

    /// <summary>A batch of it was undone; its lines are closed.</summary>
    Undone,

    /// <summary>The rule that flagged it is no longer kept; nobody decided about its rows.</summary>
    RuleGone,

    // Of the source unit.
    Mend,
    Resend,
    Mended,
    Explain,
    Object,

    // Of the bureau.
    Accept,
    Refuse,

    // Of the unit that reported.
    Reported,
    Confirm,
    Again,
}

[JsonConverter(typeof(JsonStringEnumConverter<Origin>))]
internal enum Origin
{
    Batch,

    /// <summary>校核纠错: a receiver of the data found it.</summary>
    Report,

    /// <summary>A rule kept for the resource flags rows of a batch that landed.</summary>
    Rule,
}

[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
internal enum Outcome
{
    Mended,

    /// <summary>The rows are right as they are, or not to be collected.</summary>
    Explained,

    /// <summary>The batches were undone.</summary>
    Undone,

    /// <summary>The rule is no longer kept.</summary>
    RuleGone,
}

[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
internal enum Severity
{
    Minor,
    Serious,
    Major,
}

internal sealed class Ticket
{
    public Guid Id { get; init; }

    public string Number { get; init; } = "";

    public Origin Origin { get; init; }

    public Guid Resource { get; init; }

    public string ResourceCode { get; init; } = "";

    public string ResourceName { get; init; } = "";

    /// <summary>That answers.</summary>
    public Guid Unit { get; init; }

    public Guid? Reporter { get; init; }

    public Severity Severity { get; init; }

    public TicketState State { get; set; }

    public Outcome? Outcome { get; set; }

    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>Of the city.</summary>
    public DateOnly OpenedDay { get; init; }

    public DateTimeOffset StageAt { get; set; }

    public DateTimeOffset DueAt { get; set; }

    public DateTimeOffset RemindAt { get; set; }

    public bool Reminded { get; set; }

    public bool Overdue { get; set; }

    public bool Late { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    public int Reopened { get; set; }

    public Guid? AnsweredBy { get; set; }

    public long Revision { get; set; }

    /// <summary>Whether the source unit's clock runs.</summary>
    public bool Runs => State is TicketState.Open or TicketState.Mending;
}

/// <summary>One kind of fault in one batch, or one report; counts are of rows.</summary>
internal sealed class Finding
{
    public const string Reported = "REPORT";

    public Guid Id { get; init; }

    public Guid Ticket { get; init; }

    public string Code { get; init; } = "";

    public Guid? Item { get; init; }

    public string? ItemName { get; init; }

    public int At { get; init; }

    public string ReasonZh { get; init; } = "";

    public string ReasonEn { get; init; } = "";

    public Guid? Batch { get; init; }

    public string? Number { get; init; }

    public DateOnly Day { get; init; }

    public string? RowKey { get; init; }

    public Guid? KeyItem { get; init; }

    public long Found { get; set; }

    public long Open { get; set; }

    public long Mended { get; set; }

    public long Withdrawn { get; set; }

    public long Explained { get; set; }

    public long Undone { get; set; }

    public Text Reason => new(ReasonZh, ReasonEn);
}

/// <summary>A line of a ticket's history.</summary>
internal sealed class Act
{
    public Guid Id { get; init; }

    public Guid Ticket { get; init; }

    public TicketStep Step { get; init; }

    public string Person { get; init; } = "";

    public Guid? Unit { get; init; }

    public string? Subject { get; init; }

    public string? Words { get; init; }

    public TicketState State { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Of the ticket: the order of steps taken in one moment.</summary>
    public long Revision { get; init; }
}

/// <summary>How soon faults of a severity are to be mended.</summary>
internal sealed class Limit
{
    public Guid Id { get; init; }

    public Severity Severity { get; init; }

    /// <summary>Ten-thousandths of the batch's rows.</summary>
    public int FromShare { get; init; }

    public int Workdays { get; init; }

    public int Remind { get; init; }

    public DateOnly ValidFrom { get; init; }

    public DateOnly? ValidUntil { get; set; }

    public string MadeBy { get; init; } = "";

    public DateTimeOffset MadeAt { get; init; }

    public bool Holds(DateOnly day) => ValidFrom <= day && (ValidUntil is not { } end || day < end);
}
