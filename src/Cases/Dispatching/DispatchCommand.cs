// `lizhou cases dispatch`: check, draft, publish and show the dispatch table, tell where nobody is on duty, and try another on a past period. Check ends with 1 when something is wrong with it.
using System.CommandLine;
using System.Net.Http.Json;
using Lizhou.Cases.Dispatching.WhatIf;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;
using Lizhou.Tabular.Encodings;

namespace Lizhou.Cases.Dispatching;

internal static class DispatchCommand
{
    public static Command Make(IHostCalls host) => new("dispatch", "The dispatch table: who a case goes to. 派单目录") { Check(host), Draft(host), Publish(host), Show(host), Gaps(host), WhatIfCommand.Make(host) };

    private static Command Check(IHostCalls host)
    {
        var (file, json) = (Table(), CommandOutput.JsonOption());
        var command = new Command("check", "Tell faults, overlaps and gaps of a table; keep nothing. 检查派单目录") { file, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.PostAsJsonAsync("api/v1/case-dispatch/check", new { text = await Read(parsed.GetValue(file)!, stop) }, stop), stop);
            var (faults, gaps) = (told["faults"]!.AsArray(), told["gaps"]!.AsArray());
            string[] lines = [.. faults.Select(f => $"行 line {f!["line"]}  {f["what"]}"), .. gaps.Select(g => $"缺口 gap  {g!["class"]} {g["name"]}  {g["places"]} 处 places"), $"{told["rows"]} 行 rows，{faults.Count} 错 faults，{gaps.Count} 缺口 gaps"];
            CommandOutput.Print(parsed.GetValue(json), told, string.Join('\n', lines));
            return faults.Count > 0 ? 1 : 0;
        }));
        return command;
    }

    private static Command Draft(IHostCalls host)
    {
        var (file, json) = (Table(), CommandOutput.JsonOption());
        var note = new Option<string>("--note") { Description = "Why. 修改理由", Required = true };
        var command = new Command("draft", "Make a draft of a table; another person publishes it. 上传派单目录草稿") { file, note, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.PostAsJsonAsync("api/v1/case-dispatch", new { text = await Read(parsed.GetValue(file)!, stop), note = parsed.GetValue(note) }, stop), stop);
            CommandOutput.Print(parsed.GetValue(json), told, $"草稿 draft {told["version"]}，{told["rows"]} 行 rows");
            return 0;
        }));
        return command;
    }

    private static Command Publish(IHostCalls host)
    {
        var json = CommandOutput.JsonOption();
        var version = new Argument<int>("version") { Description = "Of the draft. 版本号" };
        var command = new Command("publish", "Put a draft of somebody else in force. 发布派单目录") { version, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.PostAsync($"api/v1/case-dispatch/{parsed.GetValue(version)}/publish", null, stop), stop);
            CommandOutput.Print(parsed.GetValue(json), told, $"版本 version {told["version"]} 已生效 in force");
            return 0;
        }));
        return command;
    }

    private static Command Show(IHostCalls host)
    {
        var json = CommandOutput.JsonOption();
        var command = new Command("show", "List the versions of the table, newest first. 列出派单目录版本") { json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.GetAsync("api/v1/case-dispatch", stop), stop);
            CommandOutput.Print(parsed.GetValue(json), told, string.Join('\n', told.AsArray().Select(v => $"{v!["version"]}  {v["rows"]} 行 rows  {v["publishedBy"]?.ToString() ?? "草稿 draft"}  {v["note"]}")));
            return 0;
        }));
        return command;
    }

    private static Command Gaps(IHostCalls host)
    {
        var from = CommandOutput.Day("--from", "First day, yyyy-MM-dd; today. 起始日");
        var to = CommandOutput.Day("--to", "Last day. 截止日");
        var version = new Option<int?>("--table-version") { Description = "Of the table; the one in force. 目录版本" };
        version.Validators.Add(r => CommandOutput.Range(r, 1, int.MaxValue));
        var json = CommandOutput.JsonOption();
        var command = new Command("gaps", "Classes and places whose lead node has nobody on duty in a period. 值班缺口") { from, to, version, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.GetAsync($"api/v1/cases/dispatch/gaps?{WhatIfCommand.Query(parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(version))}", stop), stop);
            string[] lines = [.. told.AsArray().Select(g => $"{g!["dutyName"]}  {g["first"]} – {g["last"]}（{g["days"]} 天 days）  {g["classes"]!.AsArray().Count} 类 classes × {g["places"]!.AsArray().Count} 处 places：{string.Join(' ', g["places"]!.AsArray().Take(3))}"), $"{told.AsArray().Count} 处值班缺口 duty gaps"];
            CommandOutput.Print(parsed.GetValue(json), told, string.Join('\n', lines));
            return 0;
        }));
        return command;
    }

    /// <summary>In whatever encoding the spreadsheet wrote.</summary>
    internal static async Task<string> Read(FileInfo file, CancellationToken stop) => WholeText.Read(await File.ReadAllBytesAsync(file.FullName, stop));

    private static Argument<FileInfo> Table()
    {
        var file = new Argument<FileInfo>("table") { Description = "CSV in UTF-8 or GBK, with the columns of an exported one. 派单目录" };
        file.AcceptExistingOnly();
        return file;
    }
}
