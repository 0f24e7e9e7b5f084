// What a worker is told before anything of a user is read.
namespace Lizhou.Worker;

/// <param name="Memory">MiB the engine may hold.</param>
/// <param name="Files">The only files it may read.</param>
/// <param name="Out">The only file it may write, but for <paramref name="Keys"/>.</param>
/// <param name="MostBytes">The most it may write.</param>
/// <param name="Seconds">Processor seconds it may use.</param>
/// <param name="Keys">Where rows stand with the keys of the persons they are about; null when nobody is followed.</param>
internal sealed record Setup(int Memory, int Threads, IReadOnlyList<string> Files, string Out, long MostBytes, int Seconds, string? Keys = null);
