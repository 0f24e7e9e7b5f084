// `lizhou cases dispatch what-if`: who would have got the cases of a period by another table or duty list, as a table for people or as JSON for programs.
using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;
using Spectre.Console;

namespace Lizhou.Cases.Dispatching.WhatIf;

internal static class WhatIfCommand
{
    public static Command Make(IHostCalls host)
    {
        var from = CommandOutput.Day("--from", "First day of reporting, yyyy-MM-dd. 起始日");
        var to = CommandOutput.Day("--to", "Last day of reporting. 截止日");
        var version = new Option<int?>("--table-version") { Description = "A version or draft; the one in force. 目录版本" };
        version.Validators.Add(r => CommandOutput.Range(r, 1, int.MaxValue));
        var table = new Option<FileInfo>("--table") { Description = "A table as CSV instead. 派单目录文件" }.AcceptExistingOnly();
        var duties = new Option<FileInfo>("--duties") { Description = "Another duty list as CSV; alone, the table stays. 值班表文件" }.AcceptExistingOnly();
        var json = CommandOutput.JsonOption();
        var command = new Command("what-if", "Try another dispatch table or duty list on a past period. 派单推演") { from, to, version, table, duties, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            async Task<string?> Text(Option<FileInfo> of) => parsed.GetValue(of) is { } file ? await DispatchCommand.Read(file, stop) : null;
            using var client = await host.Client(stop);
            var ask = new WhatIfAsk(parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(version), await Text(table), await Text(duties));
            var told = await CommandOutput.Answer(await client.PostAsJsonAsync("api/v1/cases/dispatch/what-if", ask, stop), stop);
            if (parsed.GetValue(json))
            {
                CommandOutput.Print(json: true, told, "");
                return 0;
            }

            AnsiConsole.WriteLine($"{told["from"]} – {told["to"]}  事件 cases {told["cases"]}  改派 moved {told["moved"]}  时限不同 other limit {told["otherLimit"]}  无答案 unanswered {told["unanswered"]}  自动 by itself {told["auto"]}  未派遣 not dispatched {told["undispatched"]}");
            AnsiConsole.Write(Units(told));
            return 0;
        }));
        return command;
    }

    public static string Query(DateOnly? from, DateOnly? to, int? version) => string.Join('&', new (string Name, string? Value)[] { ("from", CaseWords.Day(from)), ("to", CaseWords.Day(to)), ("version", version?.ToString(CultureInfo.InvariantCulture)) }
        .Where(p => p.Value is { Length: > 0 }).Select(p => $"{p.Name}={p.Value}"));

    private static Table Units(JsonNode told)
    {
        var table = new Table { Border = TableBorder.Simple }.AddColumns("单位 unit", "事件 cases", "超时 past limit", "p50 h", "p90 h");
        foreach (var unit in told["units"]!.AsArray().Append(told["all"]))
        {
            string Both(string name) => $"{Shown(unit!["now"]![name])} → {Shown(unit["then"]![name])}";
            table.AddRow(Markup.Escape(unit!["unit"] is null ? "合计 all" : $"{unit["name"]}"), Both("cases"), Both("breaches"), Both("p50Hours"), Both("p90Hours"));
        }

        return table;
    }

    private static string Shown(JsonNode? figure) => figure?.GetValue<double>().ToString("0.#", CultureInfo.InvariantCulture) ?? "—";
}
