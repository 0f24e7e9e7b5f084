// 授权 as this room keeps it: what the policy's book need not know: provider, quota, use, how it is delivered.
using System.Data.Common;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
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

    /// <summary>How often rows are handed over; null for a grant given before way and frequency were held to: it is bound to neither.</summary>
    public Frequency? Frequency { get; init; }

    /// <summary>When the data API last handed over all that was asked for; null for never, and under a grant that may be used at any time.</summary>
    public DateTimeOffset? TakenAt { get; init; }

    public DateTimeOffset ValidFrom { get; init; }

    public DateTimeOffset ValidUntil { get; set; }

    /// <summary>The last day it holds, city time: it ends with that day.</summary>
    public DateOnly LastDay => DateOnly.FromDateTime(ValidUntil.AddTicks(-1).InCity().DateTime);

    public GrantState State { get; set; }

    public string? EndedWhy { get; set; }

    /// <summary>The unit whose steward ended it; null for the bureau.</summary>
    public Guid? EndedBy { get; set; }

    public long DailyCalls { get; set; }

    public long DailyRows { get; set; }

    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>Up to where the receiver was told of corrections; null while nothing was taken.</summary>
    public string? Noticed { get; set; }

    /// <summary>Over all that decides (<see cref="SharedSeals"/>); null until it is sealed.</summary>
    public string? Seal { get; set; }

    public bool Holds(DateTimeOffset now) => State == GrantState.Active && ValidFrom <= now && now < ValidUntil;

    /// <summary>As every call of a program needs it, without the cost of a context.</summary>
    public static async Task<SharedGrant?> Find(StateStore state, string number, CancellationToken stop) => (await state.Read(
        $"""
         SELECT id, number, request, resource, resource_code, resource_name, provider, unit, purpose, delivery, valid_from, valid_until, state, ended_why, daily_calls, daily_rows, used_at, noticed, frequency, ended_by, seal
         FROM sharing_grant WHERE number = {number}
         """,
        Read,
        stop)).FirstOrDefault();

    /// <summary>The columns of <see cref="Find"/>, in their order.</summary>
    /// <exception cref="FormatException">A value is none.</exception>
    /// <exception cref="ArgumentException">A value is none.</exception>
    public static SharedGrant Read(DbDataReader r) => new()
    {
        Id = Guid.Parse(r.GetString(0)),
        Number = r.GetString(1),
        Request = Guid.Parse(r.GetString(2)),
        Resource = Guid.Parse(r.GetString(3)),
        ResourceCode = r.GetString(4),
        ResourceName = r.GetString(5),
        Provider = Guid.Parse(r.GetString(6)),
        Unit = Guid.Parse(r.GetString(7)),
        Purpose = r.GetString(8),
        Delivery = Enum.Parse<DeliveryWay>(r.GetString(9)),
        ValidFrom = Clock.FromStored(r.GetString(10)),
        ValidUntil = Clock.FromStored(r.GetString(11)),
        State = Enum.Parse<GrantState>(r.GetString(12)),
        EndedWhy = r.IsDBNull(13) ? null : r.GetString(13),
        DailyCalls = r.GetInt64(14),
        DailyRows = r.GetInt64(15),
        UsedAt = r.IsDBNull(16) ? null : Clock.FromStored(r.GetString(16)),
        Noticed = r.IsDBNull(17) ? null : r.GetString(17),
        Frequency = r.IsDBNull(18) ? null : Enum.Parse<Frequency>(r.GetString(18)),
        EndedBy = r.IsDBNull(19) ? null : Guid.Parse(r.GetString(19)),
        Seal = r.IsDBNull(20) ? null : r.GetString(20),
    };
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

    /// <summary>Processor time, microseconds.</summary>
    public long Processor { get; set; }
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
