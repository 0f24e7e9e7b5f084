// `lizhou standards lists | codes | resolve | import | editions | publish | export`: through the host's API. Exit code 1: refused.
using System.CommandLine;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;

namespace Lizhou.Standards;

internal static class StandardsCommands
{
    private const string Root = "api/v1/standards/lists";

    public static Command All(IHostCalls host) => new("standards", "Code lists and their editions. 数据标准")
    {
        Lists(host), Codes(host), Resolve(host), Import(host, "import", "Import codes from xlsx, csv or json into a draft. 导入代码", folders: false),
        Import(host, "editions", "Import dated editions (a folder or zip of 201607.json …) into a draft. 导入版次", folders: true), Publish(host), Export(host),
    };

    private static Argument<string> List() => new("list") { Description = "Its identifier, e.g. gbt-2260. 代码集标识" };

    private static Command Lists(IHostCalls host)
    {
        var json = CommandOutput.JsonOption();
        var command = new Command("lists", "All code lists. 代码集列表") { json };
        command.SetAction((parsed, stop) => Ask(host, parsed.GetValue(json), $"{Root}?size=200", page => string.Join(Environment.NewLine, page["items"]!.AsArray().Select(l =>
            $"{l!["code"],-16} {l["name"]}  v{l["inForce"]?.ToString() ?? "–"}  {l["codes"]}  {l["source"]}")), stop));
        return command;
    }

    private static Command Codes(IHostCalls host)
    {
        var (list, json) = (List(), CommandOutput.JsonOption());
        var on = CommandOutput.Day("--on", "Codes in force on this day. 生效日");
        var find = new Option<string>("--find") { Description = "Part of a code or name. 查找", DefaultValueFactory = _ => "" };
        var command = new Command("codes", "Codes of a list. 代码") { list, on, find, json };
        command.SetAction((parsed, stop) => Ask(
            host, parsed.GetValue(json), $"{Root}/{Uri.EscapeDataString(parsed.GetValue(list)!)}/codes?size=200{Day("on", parsed.GetValue(on))}&q={Uri.EscapeDataString(parsed.GetValue(find)!)}",
            page => string.Join(Environment.NewLine, [.. page["items"]!.AsArray().Select(c => $"{c!["code"],-12} {c["name"]}  {c["from"]?.ToString() ?? "…"} – {c["until"]?.ToString() ?? "…"}"), $"{page["total"]}"]), stop));
        return command;
    }

    private static Command Resolve(IHostCalls host)
    {
        var (list, json) = (List(), CommandOutput.JsonOption());
        var code = new Argument<string>("code") { Description = "The old code. 原代码" };
        var at = CommandOutput.Day("--at", "The day it was written down. 使用日期");
        var command = new Command("resolve", "What an old code is today, and how sure that is. 旧代码对应今天的代码") { list, code, at, json };
        command.SetAction((parsed, stop) => Ask(
            host, parsed.GetValue(json), $"{Root}/{Uri.EscapeDataString(parsed.GetValue(list)!)}/resolve?value={Uri.EscapeDataString(parsed.GetValue(code)!)}{Day("at", parsed.GetValue(at))}",
            found => string.Join(Environment.NewLine,
            [
                $"{found["code"]} {found["name"]?.ToString() ?? "?"}",
                .. found["path"]!.AsArray().Select(s => $"  {s!["on"]}  {s["from"]} {s["fromName"]} → {s["to"]?.ToString() ?? "?"} {s["toName"]}  {s["kind"]}  {s["certainty"]}"),
                .. found["targets"]!.AsArray().Select(t => $"= {t!["code"]} {t["name"]}  {t["certainty"]}"),
            ]), stop));
        return command;
    }

    private static Command Import(IHostCalls host, string name, string description, bool folders)
    {
        var (list, json) = (List(), CommandOutput.JsonOption());
        var path = new Argument<string>("path") { Description = folders ? "A folder or a zip. 文件夹或 zip" : "A file. 文件" };
        var preview = new Option<bool>("--preview") { Description = "Only tell what it would do. 仅预览" };
        var command = new Command(name, description) { list, path, preview, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            var from = parsed.GetValue(path)!;
            if (!File.Exists(from) && !(folders && Directory.Exists(from)))
            {
                await Console.Error.WriteLineAsync($"{from}: not there 不存在");
                return 2;
            }

            using var client = await host.Client(stop);
            using var content = new StreamContent(await Bytes(from, stop));
            using var form = new MultipartFormDataContent { { content, "file", Path.GetFileName(from.TrimEnd(Path.DirectorySeparatorChar)) + (Directory.Exists(from) ? ".zip" : "") } };
            var done = await CommandOutput.Answer(await client.PostAsync($"{Root}/{Uri.EscapeDataString(parsed.GetValue(list)!)}/{name}?preview={parsed.GetValue(preview)}", form, stop), stop);
            CommandOutput.Print(parsed.GetValue(json), done, Told(done));
            return done["faults"] is JsonArray { Count: > 0 } ? 1 : 0;
        }));
        return command;
    }

    private static string Told(JsonNode done) => string.Join(Environment.NewLine,
    [
        $"行 lines {done["lines"]}", .. done["changes"] is JsonArray changes ? [$"变化 changes {changes.Count}"] : Array.Empty<string>(),
        .. done["editions"] is JsonArray editions ? [$"版次 editions {editions.Count}, 更名 renamed {done["renamed"]}, 撤销 ended {done["ended"]}, 新增 came {done["came"]}, 候选 candidates {done["candidates"]}"] : Array.Empty<string>(),
        .. done["faults"] is JsonArray faults ? faults.Select(f => $"{f!["line"]}  {f["code"]}  {f["what"]!["zh"]}  {f["what"]!["en"]}") : [],
    ]);

    private static Command Publish(IHostCalls host)
    {
        var (list, json) = (List(), CommandOutput.JsonOption());
        var command = new Command("publish", "Put the draft of a list in force. 发布草稿") { list, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var done = await CommandOutput.Answer(await client.PostAsync($"{Root}/{Uri.EscapeDataString(parsed.GetValue(list)!)}/publish", null, stop), stop);
            CommandOutput.Print(parsed.GetValue(json), done, $"{done["code"]} {done["name"]} v{done["inForce"]}");
            return 0;
        }));
        return command;
    }

    private static Command Export(IHostCalls host)
    {
        var (list, json) = (List(), CommandOutput.JsonOption());
        var into = new Option<FileInfo>("--out") { Description = "A .csv, .xlsx or .json file. 导出到", Required = true };
        var on = CommandOutput.Day("--on", "Codes in force on this day. 生效日");
        into.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<FileInfo>()?.Extension.ToLowerInvariant() is not (".csv" or ".xlsx" or ".json"))
            {
                r.AddError("--out: .csv / .xlsx / .json");
            }
        });
        var command = new Command("export", "Export a list. 导出代码集") { list, into, on, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            var file = parsed.GetValue(into)!;
            using var client = await host.Client(stop);
            return await CommandOutput.Save(
                client, $"{Root}/{Uri.EscapeDataString(parsed.GetValue(list)!)}/export?format={file.Extension[1..].ToLowerInvariant()}{Day("on", parsed.GetValue(on))}", file, parsed.GetValue(json), stop);
        }));
        return command;
    }

    private static string Day(string name, DateOnly? day) => day is { } said ? $"&{name}={said:yyyy-MM-dd}" : "";

    private static Task<int> Ask(IHostCalls host, bool json, string address, Func<JsonNode, string> person, CancellationToken stop) => CommandOutput.Guarded(json, async () =>
    {
        using var client = await host.Client(stop);
        var answer = await CommandOutput.Answer(await client.GetAsync(address, stop), stop);
        CommandOutput.Print(json, answer, person(answer));
        return 0;
    });

    /// <summary>The file as it is; of a folder a zip of its json files.</summary>
    private static async Task<Stream> Bytes(string from, CancellationToken stop)
    {
        if (File.Exists(from))
        {
            return File.OpenRead(from);
        }

        var zipped = new MemoryStream();
        await using (var zip = new ZipArchive(zipped, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in Directory.EnumerateFiles(from, "*.json").Order(StringComparer.Ordinal))
            {
                await zip.CreateEntryFromFileAsync(file, Path.GetFileName(file), stop);
            }
        }

        zipped.Position = 0;
        return zipped;
    }
}
