// The words of the command line for models: model list, show, save, run, test. Everything goes through the HTTP API of the host.
using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;

namespace Lizhou.Computing;

internal static class ModelCommands
{
    private static readonly string[] Going = ["Waiting", "Running"];

    public static Command Make(IHostCalls host)
    {
        var command = new Command("model", "Models: tables computed by SQL. 数据模型");
        command.Subcommands.Add(List(host));
        command.Subcommands.Add(Show(host));
        command.Subcommands.Add(Save(host));
        command.Subcommands.Add(Run(host));
        command.Subcommands.Add(Test(host));
        return command;
    }

    private static Command List(IHostCalls host)
    {
        var json = CommandOutput.JsonOption();
        var command = new Command("list", "List all models and how they stand. 模型列表") { json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var models = await CommandOutput.Answer(await client.GetAsync("api/v1/models/", stop), stop);
            CommandOutput.Print(parsed.GetValue(json), models, string.Join('\n', models.AsArray().Select(m =>
                $"{m!["name"]}\t{m["layer"]}\tv{m["version"]}\t{(string?)m["state"] ?? "—"}\t{m["rows"]}\t{m["title"]}{((string?)m["fault"] is { } fault ? $"\n  {fault}" : "")}")));
            return 0;
        }));
        return command;
    }

    private static Command Show(IHostCalls host)
    {
        var name = new Argument<string>("name") { Description = "Name of the model. 模型名" };
        var json = CommandOutput.JsonOption();
        var command = new Command("show", "Show a model: its columns, where they come from, its text. 查看模型") { name, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var model = await CommandOutput.Answer(await client.GetAsync($"api/v1/models/{Uri.EscapeDataString(parsed.GetValue(name)!)}", stop), stop);
            var columns = model["columns"]!.AsArray().Select(c => $"  {c!["name"]}\t{c["type"]}\t{c["level"]}\t{string.Join(", ", c["from"]!.AsArray().Select(f => (string)f!))}");
            CommandOutput.Print(parsed.GetValue(json), model, $"{model["name"]} v{model["version"]} {model["layer"]}.{model["table"]}\n{string.Join('\n', columns)}\n\n{model["text"]}");
            return 0;
        }));
        return command;
    }

    private static Command Save(IHostCalls host)
    {
        var file = new Argument<FileInfo>("file") { Description = "SQL file with its head. 模型文件" }.AcceptExistingOnly();
        var json = CommandOutput.JsonOption();
        var command = new Command("save", "Check a model's file and put it in force. 保存模型") { file, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var text = await File.ReadAllTextAsync(parsed.GetValue(file)!.FullName, stop);
            var model = await CommandOutput.Answer(await client.PostAsJsonAsync("api/v1/models/", new { text }, stop), stop);
            CommandOutput.Print(parsed.GetValue(json), model, $"{model["name"]} v{model["version"]}");
            return 0;
        }));
        return command;
    }

    private static Command Run(IHostCalls host)
    {
        var names = new Argument<string[]>("names") { Description = "Names of models; none: all. 模型名，不填为全部", Arity = ArgumentArity.ZeroOrMore };
        var (down, full, force) = (Flag("--downstream", "Also all that read them. 连同下游"), Flag("--full", "Whole, not in slices. 整体重算"), Flag("--force", "Even if nothing has changed. 即使没有变化"));
        var from = new Option<string?>("--from") { Description = "Fill again from this value of the incremental column on. 回补起点" };
        var until = new Option<string?>("--until") { Description = "Before this value. 回补终点（不含）" };
        var json = CommandOutput.JsonOption();
        var command = new Command("run", "Compute models and wait for the end. 运行模型") { names, down, full, force, from, until, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var ask = new { models = parsed.GetValue(names) ?? [], downstream = parsed.GetValue(down), full = parsed.GetValue(full), force = parsed.GetValue(force), from = parsed.GetValue(from), until = parsed.GetValue(until) };
            var run = await CommandOutput.Answer(await client.PostAsJsonAsync("api/v1/model-runs/", ask, stop), stop);
            while (Going.Contains((string)run["state"]!))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300), stop);
                run = await CommandOutput.Answer(await client.GetAsync($"api/v1/model-runs/{run["number"]}", stop), stop);
            }

            CommandOutput.Print(parsed.GetValue(json), run, string.Join('\n', run["steps"]!.AsArray().Select(Line).Prepend($"{run["number"]} {run["state"]}")));
            return (string)run["state"]! == "Built" ? 0 : 1;
        }));
        return command;
    }

    private static Command Test(IHostCalls host)
    {
        var name = new Argument<string>("name") { Description = "Name of the model. 模型名" };
        var json = CommandOutput.JsonOption();
        var command = new Command("test", "Run a model's tests over its table as it is. 测试模型") { name, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var tests = (await CommandOutput.Answer(await client.PostAsync($"api/v1/models/{Uri.EscapeDataString(parsed.GetValue(name)!)}/test", null, stop), stop))["tests"]!.AsArray();
            CommandOutput.Print(parsed.GetValue(json), tests, string.Join('\n', tests.Select(t => $"{((long)t!["faults"]! == 0 ? "✓" : "✗")} {t["test"]}\t{t["shown"]}")));
            return tests.All(t => (long)t!["faults"]! == 0) ? 0 : 1;
        }));
        return command;
    }

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    private static string Line(JsonNode? step) =>
        $"  {step!["model"]}\t{step["state"]}\t{(string?)step["mode"] ?? ""}\t{step["rows"]} rows (+{step["added"]} −{step["removed"]})\t{step["ms"]} ms{((long?)step["slicesTouched"] is { } slices ? $", {slices} slices {string.Join(", ", step["slices"]!.AsArray().Select(v => (string?)v))}" : "")}{string.Concat(step["why"]!.AsArray().Select(w => $"\n    {w}"))}{((string?)step["problem"] is { } problem ? $"\n    {step["code"]} {problem}" : "")}";
}
