// What a module keeps beside the lake, as the state names it: verify and restore read every byte of it.
namespace Lizhou.Kernel.Data;

/// <param name="Path">In the data folder.</param>
/// <param name="Digest">SHA-256 of its bytes, hexadecimal, lower case.</param>
/// <param name="Needed">Whether it must be there; what a stream left behind need not be.</param>
public sealed record KeptFile(string Path, string Digest, bool Needed);
