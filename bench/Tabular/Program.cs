// Figures of docs/benchmarks.md for reading files: bytes a second into chunks, UTF-8 beside GB18030, five pairs.
using Lizhou.Tabular.Bench;

switch (args)
{
    case ["chunk", .. var rest]:
        await ChunkBench.Run(rest.Length > 0 ? int.Parse(rest[0]) : 400);
        return 0;
    default:
        Console.Error.WriteLine("usage: chunk [MB]");
        return 2;
}
