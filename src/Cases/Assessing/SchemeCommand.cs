// `lizhou cases assess schemes`: check, draft, publish and show the schemes of the assessment. Check ends with 1 when something is wrong with them.
using System.CommandLine;
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;

namespace Lizhou.Cases.Assessing;

internal static class SchemeCommand
{
    private const string Path = "api/v1/cases/assessment/schemes";

    public static Command Make(IHostCalls host) => new("schemes", "What units, areas and posts are scored by. 考核方案") { Check(host), Draft(host), Publish(host), Show(host) };

    private static Command Check(IHostCalls host)
    {
        var (file, json) = (Schemes(), CommandOutput.JsonOption());
        var command = new Command("check", "Tell what is wrong with schemes; keep nothing. 检查考核方案") { file, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.PostAsJsonAsync($"{Path}/check", new { text = await File.ReadAllTextAsync(parsed.GetValue(file)!.FullName, stop) }, stop), stop);
            var faults = told.AsArray();
            CommandOutput.Print(parsed.GetValue(json), told, faults.Count == 0 ? "方案完整 nothing is wrong" : string.Join('\n', faults.Select(f => $"行 line {f!["line"]}  {f["what"]}  {f["hint"]}")));
            return faults.Count > 0 ? 1 : 0;
        }));
        return command;
    }

    private static Command Draft(IHostCalls host)
    {
        var (file, json) = (Schemes(), CommandOutput.JsonOption());
        var note = new Option<string>("--note") { Description = "Why. 修改理由", Required = true };
        var command = new Command("draft", "Make a draft of schemes; another person publishes it. 保存考核方案草稿") { file, note, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.PostAsJsonAsync(Path, new { text = await File.ReadAllTextAsync(parsed.GetValue(file)!.FullName, stop), note = parsed.GetValue(note) }, stop), stop);
            CommandOutput.Print(parsed.GetValue(json), told, $"草稿 draft {told["version"]}");
            return 0;
        }));
        return command;
    }

    private static Command Publish(IHostCalls host)
    {
        var json = CommandOutput.JsonOption();
        var version = new Argument<int>("version") { Description = "Of the draft. 版本号" };
        var command = new Command("publish", "Put a draft of somebody else in force. 发布考核方案") { version, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.PostAsync($"{Path}/{parsed.GetValue(version)}/publish", null, stop), stop);
            CommandOutput.Print(parsed.GetValue(json), told, $"版本 version {told["version"]} 已生效 in force");
            return 0;
        }));
        return command;
    }

    private static Command Show(IHostCalls host)
    {
        var json = CommandOutput.JsonOption();
        var command = new Command("show", "List the versions of the schemes, newest first. 列出考核方案版本") { json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.GetAsync(Path, stop), stop);
            CommandOutput.Print(parsed.GetValue(json), told, string.Join('\n', told.AsArray().Select(v => $"{v!["version"]}  {v["publishedBy"]?.ToString() ?? "草稿 draft"}  {v["note"]}")));
            return 0;
        }));
        return command;
    }

    private static Argument<FileInfo> Schemes()
    {
        var file = new Argument<FileInfo>("schemes") { Description = "YAML in UTF-8, as the page gives it. 考核方案" };
        file.AcceptExistingOnly();
        return file;
    }
}
