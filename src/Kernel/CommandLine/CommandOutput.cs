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
    private static readonly Problem NoPlace = new(
        "KRN-002", 400, new("不能写文件“{0}”：文件夹不存在，或没有权限。", "“{0}” cannot be written: its folder does not exist, or may not be written."),
        new("请先建立文件夹，或换一个位置。", "Make the folder first, or choose another place."));

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Option<bool> JsonOption() => new("--json") { Description = "For machines. JSON 输出" };

    /// <summary>Makes a number out of its range, and what is no number, a wrong call. An option that was given none would throw if it were asked for its value.</summary>
    /// <param name="value">Where it is not the option's own, as the length of a text.</param>
    public static void Range(OptionResult option, int from, int to, Func<OptionResult, int?>? value = null)
    {
        if ((value is not null ? value(option) : option.Tokens is not [var given, ..] ? null : int.TryParse(given.Value, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : (long?)long.MinValue) is { } told && (told < from || told > to))
        {
            option.AddError($"{option.Option.Name}: {from}–{to}{(value is null ? "，整数 a whole number" : "")}");
        }
    }

    /// <summary>Writes a good answer to a file and says which; what was there stays when the host refuses.</summary>
    public static async Task<int> Save(HttpClient client, string address, FileInfo file, bool json, CancellationToken stop)
    {
        using var answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, stop);
        await Refuse(answer, stop);
        try
        {
            await using var to = file.Create();
            await answer.Content.CopyToAsync(to, stop);
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(NoPlace.With(file.FullName), closed);
        }

        Print(json, new JsonObject { ["file"] = file.FullName }, file.FullName);
        return 0;
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
        catch (Exception refusal) when (refusal is ProblemException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
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
