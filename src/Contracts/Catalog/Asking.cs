using Lizhou.Kernel;

namespace Lizhou.Contracts.Catalog;

/// <summary>A resource as a list of the catalogue knows it.</summary>
/// <param name="Published">Whether a version is in force.</param>
/// <param name="LegalBasis">What forbids sharing; null unless it is forbidden, and where a list does not know it.</param>
public sealed record ResourceBrief(Guid Id, string Name, Guid Unit, SharingKind Sharing, Level Level, bool Published, string? LegalBasis = null);

/// <summary>How somebody stands to a resource: what they may do about it and, where they may not, why and what else to do.</summary>
/// <param name="MayAsk">Whether their unit may ask for it.</param>
/// <param name="InBasket">Whether they mean to ask for it together with others.</param>
/// <param name="Why">How it stands, in a sentence; shown also where they may ask.</param>
/// <param name="Todo">What to do.</param>
/// <param name="Path">Where: the grant, the request; null for nowhere.</param>
/// <param name="Label">That their security label hides some of it, and whom to ask; null when it does not.</param>
public sealed record Standing(bool MayAsk, bool InBasket, Text Why, Text Todo, string? Path = null, Text? Label = null);

/// <summary>Told on the pages of the catalogue; whoever hands data out implements it.</summary>
public interface IStandings
{
    /// <summary>For every resource of the list.</summary>
    Task<IReadOnlyDictionary<Guid, Standing>> Of(IReadOnlyCollection<ResourceBrief> resources, Actor actor, CancellationToken stop);

    /// <summary>How much lies in the actor's basket; null for one who may not ask for data.</summary>
    Task<int?> InBasket(Actor actor, CancellationToken stop);
}
