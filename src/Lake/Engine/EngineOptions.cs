// What the engine may use: folders, memory, threads, readers. Nothing else of the machine.
namespace Lizhou.Lake;

/// <summary>Limits of the embedded query engine. They are fixed when it starts and cannot be changed by any statement.</summary>
/// <param name="Folders">The only folders the engine may read and write (the lake's data and staging); created when missing.</param>
/// <param name="Temp">Where it spills what does not fit into memory; created when missing, inside the lake.</param>
public sealed record EngineOptions(IReadOnlyList<string> Folders, string Temp)
{
    /// <summary>Bytes the engine may hold before it spills; a quarter of the machine's memory, 512 MiB at least.</summary>
    public long MemoryLimit { get; init; } = Math.Max(512L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>Worker threads of the engine.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Readers admitted at once; the others queue. More than twice the cores starves writers (64 readers: 3.5 k rows/s).</summary>
    public int Readers { get; init; } = Environment.ProcessorCount * 2;

    /// <summary>Writers admitted at once, beside the readers.</summary>
    public int Writers { get; init; } = Environment.ProcessorCount;
}
