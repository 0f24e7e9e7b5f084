// How the commands of this module print: words for people, JSON for machines; a refusal ends with exit code 1.
using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lizhou.Collection.Batches;

/// <summary>The host refused, or the batch was; already printed when <paramref name="problem"/> is null.</summary>
internal sealed class RefusedException(JsonNode? problem) : Exception($"{problem?["title"]} {problem?["detail"]} {problem?["todo"]}")
{
    public JsonNode? Problem { get; } = problem;
}

internal static class Output
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static bool IsTerminal => !Console.IsOutputRedirected;

    public static Option<bool> JsonOption() => new("--json") { Description = "For machines. JSON 输出" };

    /// <summary>Runs a command and turns a refusal into exit code 1.</summary>
    public static async Task<int> Guarded(bool json, Func<Task> command)
    {
        try
        {
            await command();
            return 0;
        }
        catch (RefusedException refusal)
        {
            if (refusal.Problem is { } problem)
            {
                if (json)
                {
                    Print(problem);
                }
                else
                {
                    await Console.Error.WriteLineAsync(refusal.Message);
                }
            }

            return 1;
        }
        catch (HttpRequestException lost)
        {
            await Console.Error.WriteLineAsync(lost.Message);
            return 1;
        }
    }

    /// <summary>The JSON of an answer that is no refusal.</summary>
    public static async Task<JsonNode> Answer(HttpResponseMessage answer, CancellationToken stop)
    {
        using (answer)
        {
            await Refuse(answer, stop);
            return (await answer.Content.ReadFromJsonAsync<JsonNode>(stop))!;
        }
    }

    public static async Task Refuse(HttpResponseMessage answer, CancellationToken stop)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }

        var text = await answer.Content.ReadAsStringAsync(stop);
        throw new RefusedException(text.StartsWith('{') ? JsonNode.Parse(text) : new JsonObject { ["title"] = $"HTTP {(int)answer.StatusCode}", ["detail"] = text });
    }

    public static void Print(JsonNode json) => Console.WriteLine(json.ToJsonString(Indented));

    public static void Print(bool json, JsonNode machine, string person)
    {
        if (json)
        {
            Print(machine);
        }
        else
        {
            Console.WriteLine(person);
        }
    }

    /// <summary>A batch with its five counts as the sum they are.</summary>
    public static void PrintBatch(bool json, JsonNode batch)
    {
        var counts = batch["counts"]!;
        Print(json, batch, $"""
            {batch["number"]}  {batch["resource"]} {batch["resourceName"]}  {batch["state"]}
            读取 read {counts["read"]} = 入库 accepted {counts["accepted"]} + 问题 rejected {counts["rejected"]} + 重复 duplicate {counts["duplicate"]} + 过滤 filtered {counts["filtered"]}
            """);
        if (!json && batch["problem"] is { } problem)
        {
            Console.Error.WriteLine($"{problem["code"]} {problem["what"]} {problem["todo"]}");
        }
    }
}
