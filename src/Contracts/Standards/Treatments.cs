using Lizhou.Kernel.Events;

namespace Lizhou.Contracts.Standards;

/// <summary>How an item's values are standardised (标准化处理), as a person approved it.</summary>
/// <param name="Item">Its column is the treated one in the standard layer; the original stands beside it.</param>
/// <param name="Kind">As the engine's <c>lz_standard</c> calls it.</param>
/// <param name="Parameter">As <c>lz_standard</c> takes it: what is looked up in code lists stands in it in full. Empty for none.</param>
public sealed record TreatedItem(Guid Item, string Kind, string Parameter, string Reason, string By, DateTimeOffset At);

/// <summary>The treatments in force. Whoever makes the standard layer asks; one that was taken back is not among them, and the next build has the original again.</summary>
public interface ITreatments
{
    /// <summary>Of a resource, at most one for an item; empty for none.</summary>
    Task<IReadOnlyList<TreatedItem>> Of(Guid resource, CancellationToken stop);
}

/// <summary>A treatment of one of the resource's items was approved or taken back.</summary>
public sealed record TreatmentChanged(Guid Resource) : IFact;
