using Lizhou.Kernel;

namespace Lizhou.Collection;

/// <summary>归集: sources, batches, landing, rejects.</summary>
public sealed class CollectionModule : Module;
