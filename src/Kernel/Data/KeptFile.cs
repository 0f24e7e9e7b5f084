// What a module keeps beside the lake, as the state names it: verify and restore read every byte of it.
namespace Lizhou.Kernel.Data;

/// <param name="Path">In the data folder.</param>
/// <param name="Digest">SHA-256 of its bytes, hexadecimal, lower case.</param>
/// <param name="Needed">Whether it must be there; what a stream left behind need not be.</param>
/// <param name="Of">What it belongs to, for people; null where the path says it.</param>
public sealed record KeptFile(string Path, string Digest, bool Needed, Text? Of = null);
