// Figures of docs/benchmarks.md for reading files: bytes a second into chunks, UTF-8 beside GB18030, five pairs.
using Lizhou.Tabular;
using Lizhou.Tabular.Bench;

switch (args)
{
    case ["chunk", .. var rest]:
        await ChunkBench.Run(rest.Length > 0 ? int.Parse(rest[0]) : 400);
        return 0;
    case ["inspect", ..]:
        return await InspectCommand.Create().Parse(args[1..]).InvokeAsync();
    default:
        Console.Error.WriteLine("usage: chunk [MB] | inspect FILE…");
        return 2;
}
