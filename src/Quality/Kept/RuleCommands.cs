// The words of the command line for rules: rules show, set, suggest, scan. Everything goes through the HTTP API of the host.
using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Kept;

internal static class RuleCommands
{
    public static Command All(IHostCalls host) => new("rules", "Rules kept for a resource and its scores. 质量规则") { Show(host), Set(host), Suggest(host), Scan(host) };

    private static Command Show(IHostCalls host)
    {
        var (resource, json) = (Resource(), CommandOutput.JsonOption());
        var command = new Command("show", "Show the rules of a resource, what they found and its score. 查看规则与评分") { resource, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var view = await Of(client, parsed.GetValue(resource)!, stop);
            CommandOutput.Print(parsed.GetValue(json), view, Told(view));
            return 0;
        }));
        return command;
    }

    private static Command Set(IHostCalls host)
    {
        var (resource, json) = (Resource(), CommandOutput.JsonOption());
        var file = new Argument<FileInfo>("file") { Description = "Rules as YAML. 规则文件" };
        file.AcceptExistingOnly();
        var draft = new Option<bool>("--draft") { Description = "Save the draft only; do not put it in force. 只存草稿" };
        var command = new Command("set", "Take rules from a file and put them in force. 以文件设定规则并生效") { resource, file, draft, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var at = $"api/v1/rules/{(await Of(client, parsed.GetValue(resource)!, stop))["resource"]}";
            var yaml = await File.ReadAllTextAsync(parsed.GetValue(file)!.FullName, stop);
            var view = await CommandOutput.Answer(await client.PutAsJsonAsync($"{at}/draft", new { yaml }, stop), stop);
            if (!parsed.GetValue(draft))
            {
                view = await CommandOutput.Answer(await client.PostAsync($"{at}/in-force", null, stop), stop);
            }

            CommandOutput.Print(parsed.GetValue(json), view, Told(view));
            return 0;
        }));
        return command;
    }

    private static Command Suggest(IHostCalls host)
    {
        var (resource, json) = (Resource(), CommandOutput.JsonOption());
        var accept = new Option<string?>("--accept") { Description = "Take this suggested rule into the draft. 采纳一条建议" };
        var command = new Command("suggest", "List rules that the data suggest, with their support. 数据建议的规则") { resource, accept, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var at = $"api/v1/rules/{(await Of(client, parsed.GetValue(resource)!, stop))["resource"]}/suggestions";
            if (parsed.GetValue(accept) is { } rule)
            {
                await CommandOutput.Refuse(await client.PostAsJsonAsync(at, new { rule, accept = true }, stop), stop);
            }

            var list = await CommandOutput.Answer(await client.GetAsync(at, stop), stop);
            CommandOutput.Print(parsed.GetValue(json), list, string.Join('\n', list["items"]!.AsArray().Select(s => $"{Percent(s!["support"]!)}  {s["rule"]}  {Called<RuleKind>(s["kind"], Words.Of)}  {s["why"]}").Append($"{list["items"]!.AsArray().Count}")));
            return 0;
        }));
        return command;
    }

    private static Command Scan(IHostCalls host)
    {
        var (resource, json) = (Resource(), CommandOutput.JsonOption());
        var command = new Command("scan", "Have a resource scanned now. 立即扫描") { resource, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var view = await Of(client, parsed.GetValue(resource)!, stop);
            var job = await CommandOutput.Answer(await client.PostAsync($"api/v1/rules/{view["resource"]}/scan", null, stop), stop);
            CommandOutput.Print(parsed.GetValue(json), new JsonObject { ["job"] = job.ToString() }, job.ToString());
            return 0;
        }));
        return command;
    }

    private static Argument<string> Resource() => new("resource") { Description = "Resource code. 资源代码" };

    private static async Task<JsonNode> Of(HttpClient client, string code, CancellationToken stop) => await CommandOutput.Answer(await client.GetAsync($"api/v1/rules/of/{code}", stop), stop);

    private static string Told(JsonNode view) => string.Join('\n',
    [
        $"{view["code"]}  {view["name"]}  {new Text("版本", "version")} {view["version"]}  {new Text("评分", "score")} {view["total"]?.ToString() ?? "—"}  {new Text("行数", "rows")} {view["rows"]?.ToString() ?? "—"}",
        .. view["fault"] is { } fault ? [$"  ! {fault}"] : Array.Empty<string>(),
        .. view["dimensions"]!.AsArray().Select(d => $"  {Called<Dimension>(d!["dimension"], Words.Of)}  {d["score"]}  ({d["weight"]} %)"),
        .. view["rules"]!.AsArray().Select(r => $"  {r!["name"]}  {Called<RuleKind>(r["kind"], Words.Of)}  {Called<Dimension>(r["dimension"], Words.Of)}  {(r["hidden"]!.GetValue<bool>() && r["failed"]?.GetValue<long>() > 0 ? "≥ " : "")}{r["failed"]?.ToString() ?? "—"}/{r["judged"]?.ToString() ?? "—"}  {r["from"]}"),
    ]);

    /// <summary>A name of the interface in the reader's words.</summary>
    private static string Called<T>(JsonNode? name, Func<T, Text> words)
        where T : struct, Enum => Enum.TryParse<T>(name?.ToString(), out var value) && Enum.IsDefined(value) ? words(value).ToString() : name?.ToString() ?? "—";

    private static string Percent(JsonNode share) => share.GetValue<double>().ToString("P2", CultureInfo.InvariantCulture);
}
