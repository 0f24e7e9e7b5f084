// The words of the command line for cases: cases list, show, rebuild, import, measure, assess, dispatch, gaps, recommend, flow. Everything goes through the HTTP API of the host.
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Lizhou.Cases.Assessing;
using Lizhou.Cases.Dispatching;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Importing;
using Lizhou.Cases.Measuring;
using Lizhou.Cases.Nodes;
using Lizhou.Cases.Recommending;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;

namespace Lizhou.Cases;

internal static class CaseCommands
{
    public static Command All(IHostCalls host) => new("cases", "Cases of the city. 城市事件") { List(host), Show(host), Rebuild(host), ImportCommand.Make(host), MeasureCommand.Make(host), AssessCommand.Make(host), DispatchCommand.Make(host), GapsCommand.Make(host), RecommendCommand.Make(host), FlowCommand.Make(host) };

    private static Command List(IHostCalls host)
    {
        var state = new Option<string?>("--state") { Description = "State of the flow, e.g. handling. 状态" };
        var find = new Option<string?>("--find") { Description = "Beginning of a number, or words of the report and the address. 事件号开头，或描述、地址中的文字" };
        var size = new Option<int>("--size") { Description = "How many. 条数", DefaultValueFactory = _ => 20 };
        size.Validators.Add(r => CommandOutput.Range(r, 1, 200));
        var json = CommandOutput.JsonOption();
        var command = new Command("list", "List the newest cases. 列出事件") { find, state, size, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var page = await CommandOutput.Answer(await client.GetAsync($"api/v1/cases?size={parsed.GetValue(size)}&state={Uri.EscapeDataString(parsed.GetValue(state) ?? "")}&q={Uri.EscapeDataString(parsed.GetValue(find) ?? "")}", stop), stop);
            CommandOutput.Print(parsed.GetValue(json), page, string.Join('\n', page["items"]!.AsArray().Select(c => Line(c!)).Append($"{page["total"]}{(page["totalIsExact"]!.GetValue<bool>() ? "" : "+")}")));
            return 0;
        }));
        return command;
    }

    private static Command Show(IHostCalls host)
    {
        var number = new Argument<string>("case") { Description = "Number of the case. 事件号" };
        var json = CommandOutput.JsonOption();
        var command = new Command("show", "Show a case and what happened to it. 查看事件") { number, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.GetAsync($"api/v1/cases/{Uri.EscapeDataString(parsed.GetValue(number)!)}", stop), stop);
            CommandOutput.Print(parsed.GetValue(json), told, string.Join('\n', told["events"]!.AsArray().Select(e => $"  {Moment(e!["at"]!)}  {e["actName"]}  {e["stateName"]}  {e["name"]}  {e["reason"]}").Prepend(Line(told["case"]!))));
            return 0;
        }));
        return command;
    }

    private static Command Rebuild(IHostCalls host)
    {
        var json = CommandOutput.JsonOption();
        var command = new Command("rebuild", "Tell every case again from its events; says which rows were otherwise. 由事件流水重算全部事件") { json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.PostAsync("api/v1/cases/rebuild", null, stop), stop);
            CommandOutput.Print(parsed.GetValue(json), told, $"事件 cases {told["cases"]}  流水 events {told["events"]}  不一致 different {told["different"]}");
            return told["different"]!.GetValue<long>() == 0 ? 0 : 1;
        }));
        return command;
    }

    private static string Line(JsonNode c) => $"{c["number"]}  {c["stateName"]}  {c["className"]}  {c["unit"]}  {c["nodeName"]}  {c["words"]}";

    private static string Moment(JsonNode at) => DateTimeOffset.Parse(at.ToString(), CultureInfo.InvariantCulture).Shown();
}
