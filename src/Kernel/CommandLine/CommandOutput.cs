// How every command of ./lizhou prints: words for people, JSON for machines. Exit code 0: fine; 1: refused, told on standard error; 2: wrong call.
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lizhou.Kernel.CommandLine;

/// <summary>The host refused; <paramref name="problem"/> is its problem+json.</summary>
public sealed class RefusedException(JsonNode problem) : Exception($"{problem["title"]} {problem["detail"]} {problem["todo"]}")
{
    public JsonNode Problem { get; } = problem;
}

public static class CommandOutput
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Option<bool> JsonOption() => new("--json") { Description = "For machines. JSON 输出" };

    /// <summary>Makes a number out of its range a wrong call.</summary>
    public static void Range(OptionResult option, int from, int to)
    {
        if (option.GetValueOrDefault<int?>() is { } value && (value < from || value > to))
        {
            option.AddError($"{option.Option.Name}: {from}–{to}");
        }
    }

    /// <summary>Runs a command and turns a refusal into exit code 1.</summary>
    public static async Task<int> Guarded(bool json, Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (RefusedException refusal)
        {
            await (json ? Console.Out : Console.Error).WriteLineAsync(json ? Text(refusal.Problem) : refusal.Message);
            return 1;
        }
        catch (ProblemException refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
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

    /// <summary>Throws when the host refused.</summary>
    public static async Task Refuse(HttpResponseMessage answer, CancellationToken stop)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }

        var text = await answer.Content.ReadAsStringAsync(stop);
        throw new RefusedException(text.StartsWith('{') ? JsonNode.Parse(text)! : new JsonObject { ["title"] = $"HTTP {(int)answer.StatusCode}", ["detail"] = text });
    }

    public static void Print(bool json, JsonNode machine, string person) => Console.WriteLine(json ? Text(machine) : person);

    private static string Text(JsonNode json) => json.ToJsonString(Indented);
}
