// `lizhou cases measure`: the figures of cases, as a table for people or as JSON for programs.
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;
using Spectre.Console;

namespace Lizhou.Cases.Measuring;

internal static class MeasureCommand
{
    public static Command Make(IHostCalls host)
    {
        var source = new Option<string?>("--source") { Description = "Name of a log, or a kind of source such as Hotline. 来源" };
        var from = CommandOutput.Day("--from", "First day of reporting, yyyy-MM-dd. 起始日");
        var to = CommandOutput.Day("--to", "Last day of reporting. 截止日");
        var @class = new Option<string?>("--class") { Description = "Code of a class, or its word in the log. 事件分类" };
        var json = CommandOutput.JsonOption();
        var command = new Command("measure", "Counts, throughput, waiting, rework, reassignment and limits of cases. 事件指标") { source, from, to, @class, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            var query = string.Join('&', new (string Name, string? Value)[] { ("source", parsed.GetValue(source)), ("from", CaseWords.Day(parsed.GetValue(from))), ("to", CaseWords.Day(parsed.GetValue(to))), ("class", parsed.GetValue(@class)) }
                .Where(p => p.Value is { Length: > 0 }).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.GetAsync($"api/v1/cases/measures?{query}", stop), stop);
            if (parsed.GetValue(json))
            {
                CommandOutput.Print(json: true, told, "");
                return 0;
            }

            AnsiConsole.Write(Figures(told));
            AnsiConsole.Write(Steps(told));
            return 0;
        }));
        return command;
    }

    private static Table Figures(JsonNode m)
    {
        var table = new Table { Border = TableBorder.Simple }.AddColumns("指标 measure", "数值 value");
        void Row(string name, string value) => table.AddRow(Markup.Escape(name), Markup.Escape(value));
        var (cases, events, spread, limit) = (m["cases"]!, m["events"]!, m["throughput"]!, m["limit"]!);
        Row("事件 cases", $"{N(cases, "all")}  已结 ended {N(cases, "ended")}  未结 open {N(cases, "open")}");
        Row("结案 outcomes", string.Join("  ", cases["outcomes"]!.AsObject().Select(o => $"{o.Key} {o.Value!.GetValue<long>():N0}")));
        Row("流水 events", $"{N(events, "all")}  本系统 here {N(events, "here")}  日志 told {N(events, "told")}  推定 implied {N(events, "implied")}");
        Row("办结时长 throughput", $"中位 median {H(spread, "medianHours")}  p90 {H(spread, "p90Hours")}  平均 mean {H(spread, "meanHours")}");
        Row("返工 rework", $"{N(m["rework"]!, "cases")} 件 cases  {N(m["rework"]!, "times")} 次 times  {P(m["rework"]!, "share")}");
        Row("改派 reassigned", $"{N(m["reassigned"]!, "times")} 次 times  每件 per case {m["reassigned"]!["perCase"]?.GetValue<double>().ToString("0.00", CultureInfo.InvariantCulture) ?? "—"}");
        Row("时限 limit", $"按时 met {N(limit, "met")}  超时 missed {N(limit, "missed")}  {P(limit, "metShare")}  未判 unjudged {N(limit, "unjudged")}");
        foreach (var check in m["checks"]!.AsArray().Where(c => !c!["agrees"]!.GetValue<bool>()))
        {
            Row($"不一致 differs: {check!["what"]}", $"账 ledger {N(check, "counted")}  日志 told {N(check, "told")}  {N(check, "differ")}/{N(check, "cases")} 件 cases");
        }

        return table;
    }

    private static Table Steps(JsonNode m)
    {
        var table = new Table { Border = TableBorder.Simple }.AddColumns("环节 step", "次数 visits", "中位 median", "p90", "占比 share", "在办 open");
        foreach (var step in m["steps"]!.AsArray())
        {
            var waits = step!["waits"]!;
            table.AddRow(Markup.Escape($"{step["name"]}"), N(waits, "count"), H(waits, "medianHours"), H(waits, "p90Hours"), P(step, "share"), N(step, "open"));
        }

        return table;
    }

    private static string N(JsonNode of, string name) => of[name]!.GetValue<long>().ToString("N0", CultureInfo.InvariantCulture);

    private static string H(JsonNode of, string name) => of[name] is { } hours ? hours.GetValue<double>().ToString("0.0 h", CultureInfo.InvariantCulture) : "—";

    private static string P(JsonNode of, string name) => of[name] is { } share ? share.GetValue<double>().ToString("P1", CultureInfo.InvariantCulture) : "—";
}
