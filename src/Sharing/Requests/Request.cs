// 共享申请: what one unit asks of one resource, for what, and where the request stands.
using System.Text.Json.Serialization;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Sharing.Requests;

[JsonConverter(typeof(JsonStringEnumConverter<RequestState>))]
internal enum RequestState
{
    /// <summary>主管部门符合性审查</summary>
    Review,

    /// <summary>数源单位审核</summary>
    Decision,

    /// <summary>主管部门协调, after a dispute</summary>
    Mediation,

    Granted,
    Refused,
    Withdrawn,
}

[JsonConverter(typeof(JsonStringEnumConverter<RequestStep>))]
internal enum RequestStep
{
    Submit,

    /// <summary>The bureau finds it in order.</summary>
    Conform,

    /// <summary>The source unit agrees, or the bureau does as the mediator.</summary>
    Approve,
    Refuse,
    Withdraw,
    Dispute,
}

/// <summary>使用频次</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Frequency>))]
internal enum Frequency
{
    Once,
    Daily,
    Weekly,
    Monthly,
    Realtime,
}

/// <summary>交付方式</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryWay>))]
internal enum DeliveryWay
{
    Api,
    File,
    Push,
    Subscription,
}

/// <summary>One request for one resource.</summary>
internal sealed class Request
{
    public Guid Id { get; init; }

    public string Number { get; init; } = "";

    /// <summary>The number of all that was asked for together.</summary>
    public string Together { get; init; } = "";

    public Guid Resource { get; init; }

    public string ResourceCode { get; init; } = "";

    public string ResourceName { get; init; } = "";

    public SharingKind Sharing { get; init; }

    /// <summary>The source unit.</summary>
    public Guid Provider { get; init; }

    /// <summary>The unit that asks.</summary>
    public Guid Unit { get; init; }

    public Guid Person { get; init; }

    public string PersonName { get; init; } = "";

    public string Purpose { get; init; } = "";

    public string Scene { get; init; } = "";

    public string Basis { get; init; } = "";

    public IReadOnlyList<Guid> Items { get; init; } = [];

    public Condition? Filter { get; init; }

    /// <summary>Inclusive, city time.</summary>
    public DateOnly LastDay { get; init; }

    public Frequency Frequency { get; init; }

    public DeliveryWay Delivery { get; init; }

    public Guid? Renews { get; init; }

    /// <summary>Why people decide what is otherwise granted at once; null for no such reason.</summary>
    public Text? Why { get; init; }

    public RequestState State { get; set; }

    public DateTimeOffset MadeAt { get; init; }

    public DateTimeOffset StageAt { get; set; }

    /// <summary>When the present stage should end; null where no clock runs.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Who found it in order, or not; they do not decide on it afterwards.</summary>
    public Guid? Reviewer { get; set; }

    public bool Disputed { get; set; }

    /// <summary>The last opinion, e.g. the reason of a refusal.</summary>
    public string? Answer { get; set; }

    public string? GrantNumber { get; set; }

    public long Revision { get; set; }
}

/// <summary>One step that was taken.</summary>
internal sealed class Act
{
    public Guid Id { get; init; }

    public Guid Request { get; init; }

    public RequestStep Step { get; init; }

    public string Person { get; init; } = "";

    public Guid? Unit { get; init; }

    public string? Opinion { get; init; }

    public RequestState State { get; init; }

    public DateTimeOffset At { get; init; }
}

internal sealed class BasketLine
{
    public Guid Person { get; init; }

    public Guid Resource { get; init; }

    public DateTimeOffset At { get; init; }
}

/// <summary>How long a step of a request may take, from a day on.</summary>
internal sealed class Limit
{
    public RequestState Stage { get; init; }

    /// <summary>First day, city time.</summary>
    public DateOnly ValidFrom { get; init; }

    /// <summary>First day it no longer holds; null: open.</summary>
    public DateOnly? ValidUntil { get; set; }

    public int Workdays { get; set; }

    /// <summary>Empty for the limits a new city begins with.</summary>
    public string Reason { get; set; } = "";

    public string MadeBy { get; set; } = "";

    public DateTimeOffset MadeAt { get; set; }

    public bool Holds(DateOnly day) => ValidFrom <= day && (ValidUntil is null || day < ValidUntil);
}
