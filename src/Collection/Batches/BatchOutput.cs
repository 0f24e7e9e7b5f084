// How a batch is printed: its number, resource and state, and its five counts as the sum they are; a refused one with its reason on standard error.
using System.Text.Json.Nodes;
using Lizhou.Kernel.CommandLine;

namespace Lizhou.Collection.Batches;

internal static class BatchOutput
{
    /// <summary>Prints it for people, or as JSON.</summary>
    public static void Print(bool json, JsonNode batch)
    {
        var counts = batch["counts"]!;
        CommandOutput.Print(json, batch, $"""
            {batch["number"]}  {batch["resource"]} {batch["resourceName"]}  {batch["state"]}
            读取 read {counts["read"]} = 入库 accepted {counts["accepted"]} + 问题 rejected {counts["rejected"]} + 重复 duplicate {counts["duplicate"]} + 过滤 filtered {counts["filtered"]}
            """);
        if (!json && batch["problem"] is { } problem)
        {
            Console.Error.WriteLine($"{problem["code"]} {problem["what"]} {problem["todo"]}");
        }
    }
}
