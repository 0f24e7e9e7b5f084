// A consultation as the events of its case tell it: who was called, what was laid before them, what each said, what was concluded. Pure.
using System.Text.Json.Serialization;
using Lizhou.Cases.Ledger;

namespace Lizhou.Cases.Consulting;

[JsonConverter(typeof(JsonStringEnumConverter<ConsultStep>))]
internal enum ConsultStep
{
    // Zero is left out of the events' JSON.
    None,
    Call,
    Material,
    Opinion,

    /// <summary>Told by the program: an answer is past its limit.</summary>
    Late,
    Conclude,

    /// <summary>Ended without a conclusion.</summary>
    Drop,
}

/// <summary>What a unit has to do by a conclusion, and until when.</summary>
internal sealed record ConsultTask(Guid Unit, DateTimeOffset Due);

/// <summary>What an event says of a consultation.</summary>
internal sealed record ConsultDetail
{
    public ConsultStep Step { get; init; }

    /// <summary>Units called.</summary>
    public IReadOnlyList<Guid>? Members { get; init; }

    /// <summary>Of the opinions.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Whose opinion it is, or who is late.</summary>
    public Guid? Member { get; init; }

    /// <summary>Address of a material that lies elsewhere; it is never fetched from here.</summary>
    public string? Link { get; init; }

    /// <summary>Whether the material is a photo, kept under the event's seq.</summary>
    public bool Photo { get; init; }

    /// <summary>The lead first; empty: concluded in words alone.</summary>
    public IReadOnlyList<ConsultTask>? Tasks { get; init; }

    /// <summary>会商纪要.</summary>
    public string? Minutes { get; init; }

    /// <summary>提前结论理由: why it was concluded before all had spoken and before the limit; null: it was not.</summary>
    public string? Early { get; init; }
}

/// <param name="Seq">Of the event that called it.</param>
/// <param name="Said">All that happened in it, in order.</param>
internal sealed record Consultation(long Seq, CaseEvent Called, IReadOnlyList<CaseEvent> Said)
{
    public IReadOnlyList<Guid> Members => Called.Detail.Consult!.Members!;

    public DateTimeOffset Due => Called.Detail.Consult!.Due!.Value;

    public CaseEvent? End => Said.FirstOrDefault(e => e.Detail.Consult!.Step is ConsultStep.Conclude or ConsultStep.Drop);

    public CaseEvent? OpinionOf(Guid unit) => Said.LastOrDefault(e => e.Detail.Consult is { Step: ConsultStep.Opinion } told && told.Member == unit);

    /// <summary>How many have said nothing, while they still may in time.</summary>
    public int Awaited(DateTimeOffset now) => now > Due ? 0 : Members.Count(m => OpinionOf(m) is null);

    /// <summary>Every one there was on a case, in order.</summary>
    public static IReadOnlyList<Consultation> Of(IEnumerable<CaseEvent> events)
    {
        List<Consultation> all = [];
        foreach (var e in events.Where(e => e.Detail.Consult is not null))
        {
            if (e.Detail.Consult!.Step == ConsultStep.Call)
            {
                all.Add(new(e.Seq, e, []));
            }
            else if (all.Count > 0)
            {
                all[^1] = all[^1] with { Said = [.. all[^1].Said, e] };
            }
        }

        return all;
    }
}
