// 授权 as this room keeps it: what the policy's book need not know: provider, quota, use, how it is delivered.
using Lizhou.Contracts.Policy;
using Lizhou.Sharing.Requests;

namespace Lizhou.Sharing.Grants;

internal sealed class SharedGrant
{
    public Guid Id { get; init; }

    public string Number { get; init; } = "";

    public Guid Request { get; init; }

    public Guid Resource { get; init; }

    public string ResourceCode { get; init; } = "";

    public string ResourceName { get; init; } = "";

    public Guid Provider { get; init; }

    /// <summary>The receiving unit.</summary>
    public Guid Unit { get; init; }

    public string Purpose { get; init; } = "";

    public DeliveryWay Delivery { get; init; }

    public DateTimeOffset ValidFrom { get; init; }

    public DateTimeOffset ValidUntil { get; set; }

    public GrantState State { get; set; }

    public string? EndedWhy { get; set; }

    public long DailyCalls { get; set; }

    public long DailyRows { get; set; }

    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>Up to where the receiver was told of corrections; null while nothing was taken.</summary>
    public string? Noticed { get; set; }

    public bool Holds(DateTimeOffset now) => State == GrantState.Active && ValidFrom <= now && now < ValidUntil;
}

/// <summary>What was taken under a grant on one day, city time.</summary>
internal sealed class GrantUse
{
    public Guid Granted { get; init; }

    public DateOnly Day { get; init; }

    public long Calls { get; set; }

    public long Rows { get; set; }

    public long Bytes { get; set; }

    public long Refused { get; set; }
}

/// <summary>A sentence to a unit.</summary>
internal sealed class Notice
{
    public Guid Id { get; init; }

    public Guid Unit { get; init; }

    public string Kind { get; init; } = "";

    public string Subject { get; init; } = "";

    public string Path { get; init; } = "";

    public DateTimeOffset At { get; init; }
}
