// What a connector that goes and fetches must be able to do.
using Lizhou.Collection.Sources;
using Lizhou.Tabular;

namespace Lizhou.Collection.Connectors;

/// <summary>Fetches the rows of a source that are new since its watermark.</summary>
internal interface IPull
{
    Way Way { get; }

    /// <summary>Writes the rows into a file; bounded memory; changes nothing at the source.</summary>
    /// <exception cref="Lizhou.Kernel.ProblemException">The source cannot be reached, broke off or answered nonsense: nothing was taken in.</exception>
    Task<Haul> Fetch(Source source, string path, Func<long, Task> show, CancellationToken stop);
}

/// <summary>What a pull brought. The one who asked disposes of the file.</summary>
/// <param name="File">Null when nothing is new.</param>
/// <param name="Shape">How the file is to be read; null to find out.</param>
/// <param name="Next">Where the next pull goes on; stored with the batch, not before.</param>
internal sealed record Haul(RowFile? File, FileShape? Shape, Watermark? Next)
{
    public static Haul Nothing(Watermark? next) => new(null, null, next);
}
