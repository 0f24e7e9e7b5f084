// A case as its events tell it: the file, its legs and its clocks. Made by Project alone.
using System.Text.Json.Serialization;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Cases.Ledger;

/// <summary>微循环 · 小循环 · 大循环.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Loop>))]
internal enum Loop
{
    Micro,
    Small,
    Large,
}

/// <summary>级别.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Grade>))]
internal enum Grade
{
    Ordinary,
    Larger,
    Major,
    Gravest,
}

/// <summary>事件来源.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CaseSource>))]
internal enum CaseSource
{
    /// <summary>信息采集: found on patrol.</summary>
    Patrol,

    /// <summary>公众举报、热线.</summary>
    Hotline,

    /// <summary>网络上报.</summary>
    Web,

    /// <summary>领导交办.</summary>
    Leader,

    /// <summary>督查检查.</summary>
    Inspection,

    /// <summary>媒体监督.</summary>
    Media,

    /// <summary>视频: seen by a person on a camera's picture.</summary>
    Video,
    Sensor,

    /// <summary>上级交办.</summary>
    Upper,

    /// <summary>下级上报.</summary>
    Lower,

    /// <summary>From the log of another system.</summary>
    Log,

    /// <summary>考评发现: found while work was assessed.</summary>
    Assessment,

    /// <summary>智能识别: told by a program that looks at pictures or signals.</summary>
    Recognition,
}

/// <summary>正常、超时、差错、特殊结案.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
internal enum Outcome
{
    Normal,
    Late,
    Faulty,
    Special,

    // Ended without being handled.
    Rejected,
    Merged,
    Void,
}

[JsonConverter(typeof(JsonStringEnumConverter<LegEnd>))]
internal enum LegEnd
{
    Handled,
    Assisted,

    /// <summary>Taken away: returned, dispatched anew, or the case ended.</summary>
    Released,

    /// <summary>Given back by an assisting unit, with a reason: who dispatches has to find another way.</summary>
    Returned,

    /// <summary>The same, once who dispatches has found one: other units assist, or none.</summary>
    Settled,
}

/// <summary>What a lead unit may ask who dispatches for: 延期、挂账、回退.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AskKind>))]
internal enum AskKind
{
    Delay,
    Hold,
    Return,
}

internal sealed record CaseFile
{
    public Guid Id { get; init; }

    public string Number { get; init; } = "";

    /// <summary>Seq of the last event.</summary>
    public long Revision { get; init; }

    public int Flow { get; init; }

    public string State { get; init; } = "";

    public bool Ended { get; init; }

    public Loop Loop { get; init; }

    public string Node { get; init; } = "";

    public string Place { get; init; } = "";

    public Guid? Unit { get; init; }

    /// <summary>The lead unit as lists show it: of an ended case the last it had; null: none.</summary>
    public Guid? Led { get; init; }

    public string? Class { get; init; }

    public Grade Grade { get; init; }

    public CaseSource Source { get; init; }

    public string Words { get; init; } = "";

    public string Address { get; init; } = "";

    public double? X { get; init; }

    public double? Y { get; init; }

    public bool HasReporter { get; init; }

    public DateTimeOffset ReportedAt { get; init; }

    /// <summary>Who registered it.</summary>
    public Guid ReportedBy { get; init; }

    public DateTimeOffset StageAt { get; init; }

    /// <summary>Of the last event.</summary>
    public DateTimeOffset LastAt { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? WarnAt { get; init; }

    public DateTimeOffset? WholeDue { get; init; }

    public bool Late { get; init; }

    public IReadOnlyList<Guid> Handlers { get; init; } = [];

    public int AskedHours { get; init; }

    public int Reworks { get; init; }

    public int Returns { get; init; }

    public int Shirks { get; init; }

    public int Delays { get; init; }

    public int Holds { get; init; }

    public bool Supervised { get; init; }

    public DateTimeOffset? ReplyDue { get; init; }

    public bool? Satisfied { get; init; }

    /// <summary>回访: somebody asked the reporter since it was closed, who was satisfied.</summary>
    public bool Visited { get; init; }

    public Outcome? Outcome { get; init; }

    public Guid? Parent { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Since when it is in its loop; of one that was taken up again, since then.</summary>
    public DateTimeOffset LoopAt { get; init; }

    /// <summary>After it the case goes one loop up by itself; null: no limit runs.</summary>
    public DateTimeOffset? StayUntil { get; init; }

    /// <summary>Seq of the event that called the consultation that is open; 0: none.</summary>
    public long Consulting { get; init; }

    /// <summary>Units ever called to a consultation of it, or that sent it up a loop: they see the case.</summary>
    public IReadOnlyList<Guid> Consulted { get; init; } = [];

    /// <summary>Units of the consultation that is open.</summary>
    public IReadOnlyList<Guid> Members { get; init; } = [];

    public Light? LightAt(DateTimeOffset now) => DueAt is not { } due ? null : now > due ? Light.Red : now >= WarnAt ? Light.Yellow : Light.Green;
}

/// <summary>Green to 80 % of the time, yellow to its end, red after.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Light>))]
internal enum Light
{
    Green,
    Yellow,
    Red,
}

/// <summary>One unit's assignment in one loop.</summary>
internal sealed record CaseLeg
{
    public Guid CaseId { get; init; }

    /// <summary>Seq of the event that made it.</summary>
    public long Opened { get; init; }

    /// <summary>0: lead; 1 …: assisting, whose parent the lead is.</summary>
    public int Place { get; init; }

    public Guid Unit { get; init; }

    public Loop Loop { get; init; }

    public string Node { get; init; } = "";

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public LegEnd? Outcome { get; init; }

    public string? Words { get; init; }

    /// <summary>How often the lead asked for an extension while the leg ran, whatever came of it; those asked for before asks were counted are not in it.</summary>
    public int AskedDelays { get; init; }

    /// <summary>The same of a hold.</summary>
    public int AskedHolds { get; init; }

    /// <summary>The same of a return.</summary>
    public int AskedReturns { get; init; }

    public int Asked(AskKind kind) => kind switch { AskKind.Delay => AskedDelays, AskKind.Hold => AskedHolds, _ => AskedReturns };

    public bool IsLead => Place == 0;

    public bool Runs => EndedAt is null;
}

/// <summary>A unit a case was ever assigned to, or the person who registered it: they find it in their list.</summary>
internal sealed record CasePart(Guid Who, string Number);

/// <summary>A unit whose opinion or task of a consultation is awaited, and is not late yet.</summary>
internal sealed record CaseAwaited(string Number, long Opened, Guid Unit, DateTimeOffset DueAt);

/// <summary>时限 of a stage or of the whole case.</summary>
internal sealed record CaseClock
{
    public Guid CaseId { get; init; }

    /// <summary>Seq of the event that started it.</summary>
    public long Opened { get; init; }

    public bool Whole { get; init; }

    public string State { get; init; } = "";

    public DateTimeOffset StartedAt { get; init; }

    public int Amount { get; init; }

    public LimitUnit Measure { get; init; }

    /// <summary>Running time granted later, in what the limit is counted in; of a limit in natural time only what was granted before extensions were office hours whatever they extend.</summary>
    public TimeSpan Extra { get; init; }

    /// <summary>Office hours granted later to a limit in natural time: they follow where it ends.</summary>
    public TimeSpan Office { get; init; }

    /// <summary>Null while it stands.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? WarnAt { get; init; }

    /// <summary>Running time left of one that stands; never below zero.</summary>
    public TimeSpan? LeftOver { get; init; }

    public IReadOnlyList<ClockPause> Pauses { get; init; } = [];

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether it ended in time; null while it runs or stands.</summary>
    public bool? Met { get; init; }

    public TimeLimit Limit => new(Amount, Measure);

    public bool Runs => EndedAt is null;
}

/// <summary>A case whole.</summary>
internal sealed record CaseWhole(CaseFile File, IReadOnlyList<CaseLeg> Legs, IReadOnlyList<CaseClock> Clocks)
{
    public static readonly CaseWhole None = new(new(), [], []);

    public CaseClock? Stage => Clocks.LastOrDefault(c => !c.Whole && c.Runs);

    public CaseClock? WholeClock => Clocks.LastOrDefault(c => c.Whole && c.Runs);

    /// <summary>The lead unit's leg under way; null outside of handling.</summary>
    public CaseLeg? Lead => Legs.LastOrDefault(l => l.IsLead && l.Runs);

    public IEnumerable<CaseLeg> Assists => Legs.Where(l => !l.IsLead && l.Runs);
}
