using Lizhou.Kernel.Web;

namespace Lizhou.Contracts.Ledger;

/// <summary>An act that was refused.</summary>
/// <param name="Seq">Its number in the ledger.</param>
/// <param name="Name">Who tried, as they were called then.</param>
/// <param name="Unit">They acted for; null for none.</param>
/// <param name="Subject">What they tried it on: a code, a number.</param>
/// <param name="Code">Of the refusal.</param>
/// <param name="Provider">Whose data it is, where that is known.</param>
/// <param name="Receiver">For whom, where that is known.</param>
/// <param name="Resource">Of the catalogue, where that is known.</param>
public sealed record RefusedAct(long Seq, DateTimeOffset At, string Name, Guid? Unit, string Act, string Subject, string Code, Guid? Provider, Guid? Receiver, Guid? Resource);

/// <summary>What was refused, as the evidence has it.</summary>
public interface IRefusals
{
    /// <summary>By code, within a span of time; a code nothing was refused for is not in it.</summary>
    /// <param name="concerning">Only what a unit tried, or what concerns its data; null for all.</param>
    Task<IReadOnlyDictionary<string, long>> Count(IReadOnlyCollection<string> codes, DateTimeOffset from, DateTimeOffset until, Guid? concerning, CancellationToken stop);

    /// <summary>Newest first.</summary>
    Task<Page<RefusedAct>> Of(IReadOnlyCollection<string> codes, DateTimeOffset from, DateTimeOffset until, Guid? concerning, PageAsk page, CancellationToken stop);
}
