// How every command of ./lizhou prints: words for people, JSON for machines. Exit code 0: fine; 1: refused, told on standard error; 2: wrong call.
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
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

    /// <summary>A day, yyyy-MM-dd; what is none is told in words.</summary>
    public static Option<DateOnly?> Day(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = told =>
        {
            if (told.Tokens is [{ Value: var word }] && DateOnly.TryParseExact(word, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                return day;
            }

            told.AddError(new Text("{0} 应为日期，例如 2026-03-01，不是“{1}”。", "{0} is a day such as 2026-03-01, not “{1}”.").With(name, string.Join(' ', told.Tokens.Select(t => t.Value))).ToString());
            return null;
        },
    };

    /// <summary>Makes a number out of its range a wrong call.</summary>
    /// <param name="value">Where it is not the option's own, as the length of a text.</param>
    public static void Range(OptionResult option, int from, int to, Func<OptionResult, int?>? value = null)
    {
        if ((value is not null || IsNumber(option, t => int.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _), $"整数 whole number, {from}–{to}"))
            && (value ?? (o => o.GetValueOrDefault<int?>()))(option) is { } told && (told < from || told > to))
        {
            option.AddError($"{option.Option.Name}: {from}–{to}");
        }
    }

    /// <summary>The same, of a number with decimals.</summary>
    public static void Range(OptionResult option, double from, double to)
    {
        if (IsNumber(option, t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out _), string.Create(CultureInfo.InvariantCulture, $"数 number, {from}–{to}"))
            && option.GetValueOrDefault<double?>() is { } told && !(told >= from && told <= to))
        {
            option.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Option.Name}: {from}–{to}"));
        }
    }

    /// <summary>Whether what was given can be read; if not, that is a wrong call. Asking such an option for its value would throw.</summary>
    private static bool IsNumber(OptionResult option, Func<string, bool> reads, string wanted)
    {
        if (option.Tokens is not [var given, ..] || reads(given.Value))
        {
            return option.Tokens.Count > 0 || option.Implicit;
        }

        option.AddError($"{option.Option.Name}: “{given.Value}” → {wanted}");
        return false;
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
