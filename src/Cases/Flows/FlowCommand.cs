// `lizhou cases flow`: the versions of the flow and whether the program brings a newer one, with the differences; and that one put in force over the version it was compared with.
using System.CommandLine;
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;

namespace Lizhou.Cases.Flows;

internal static class FlowCommand
{
    private const string Path = "api/v1/case-flows";

    public static Command Make(IHostCalls host) => new("flow", "The flow of cases and its versions. 事件流程") { Show(host), Adopt(host) };

    private static Command Show(IHostCalls host)
    {
        var json = CommandOutput.JsonOption();
        var command = new Command("show", "List the versions, newest first, and what a newer shipped flow would change. 列出流程版本及随程序提供的新流程") { json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var versions = (await CommandOutput.Answer(await client.GetAsync(Path, stop), stop)).AsArray();
            var offer = await CommandOutput.Answer(await client.GetAsync($"{Path}/shipped", stop), stop);
            List<string> lines = [.. versions.Select(v => $"{v!["version"]}  {v["note"]}  {v["madeBy"]}")];
            if (offer["newer"]!.GetValue<bool>())
            {
                lines.Add($"随程序提供的流程比现行版本 {offer["inForce"]} 新，差异如下（* 为本市修改）。The program brings a flow newer than version {offer["inForce"]}; it differs so (* made by the city):");
                lines.AddRange(offer["differences"]!.AsArray().Select(d => $"  {(d!["own"]!.GetValue<bool>() ? "*" : " ")} {d["part"]} {d["what"]}: {d["ours"]?.ToString() ?? "—"} → {d["shipped"]?.ToString() ?? "—"}"));
                lines.Add($"./lizhou cases flow adopt --over {offer["inForce"]}");
            }

            CommandOutput.Print(parsed.GetValue(json), offer, string.Join('\n', lines));
            return 0;
        }));
        return command;
    }

    private static Command Adopt(IHostCalls host)
    {
        var json = CommandOutput.JsonOption();
        var over = new Option<int>("--over") { Description = "Version in force that it was compared with. 已比对的现行版本", Required = true };
        over.Validators.Add(r => CommandOutput.Range(r, 1, int.MaxValue));
        var command = new Command("adopt", "Publish the shipped flow as the next version; cases under way keep theirs. 发布随程序提供的流程") { over, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.PostAsJsonAsync($"{Path}/shipped", new { inForce = parsed.GetValue(over) }, stop), stop);
            CommandOutput.Print(parsed.GetValue(json), told, $"版本 version {told["version"]} 已生效 in force");
            return 0;
        }));
        return command;
    }
}
