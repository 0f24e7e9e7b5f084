using Lizhou.Kernel.Events;

namespace Lizhou.Contracts.Computing;

/// <summary>A model's table was computed and is what everybody reads from now on.</summary>
/// <param name="Model">The model's id; that of its resource in the catalogue too.</param>
/// <param name="Name">As statements call it.</param>
/// <param name="Layer">standard, base or theme.</param>
/// <param name="Table">Name of its table in the lake.</param>
/// <param name="Rows">Rows it has now.</param>
public sealed record ModelBuilt(Guid Run, Guid Model, string Name, string Layer, string Table, long Snapshot, long Rows) : IFact;

/// <summary>A model could not be computed, or its result did not hold a test; what was there before stays in force.</summary>
/// <param name="Code">Of the refusal.</param>
public sealed record ModelFailed(Guid Run, Guid Model, string Name, string Code) : IFact;
