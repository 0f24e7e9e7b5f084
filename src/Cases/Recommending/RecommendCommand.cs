// `lizhou cases recommend`: train a model and wait for it, measure the one in force on newer cases, show those there are.
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;

namespace Lizhou.Cases.Recommending;

internal static class RecommendCommand
{
    private const string Path = "api/v1/cases/recommendation";
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    public static Command Make(IHostCalls host) => new("recommend", "Classes and units recommended from the words of a report. 智能推荐") { Train(host), Measure(host), Show(host) };

    private static Command Train(IHostCalls host)
    {
        var json = CommandOutput.JsonOption();
        var command = new Command("train", "Learn from the settled cases and measure; ends with 1 where it was refused. 训练") { json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var asked = await CommandOutput.Answer(await client.PostAsync($"{Path}/models", null, stop), stop);
            while (true)
            {
                var told = await CommandOutput.Answer(await client.GetAsync($"{Path}/models", stop), stop);
                var mine = told["trained"]!.AsArray().Single(t => t!["version"]!.GetValue<int>() == asked["version"]!.GetValue<int>())!;
                if (mine["job"] is null || mine["job"]!.ToString() == "Parked")
                {
                    CommandOutput.Print(parsed.GetValue(json), mine, Line(mine));
                    return mine["about"] is null ? 1 : 0;
                }

                await Task.Delay(Beat, stop);
            }
        }));
        return command;
    }

    private static Command Measure(IHostCalls host)
    {
        var json = CommandOutput.JsonOption();
        var command = new Command("measure", "How the model in force does on cases newer than those it learned from. 评测") { json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.GetAsync($"{Path}/measures", stop), stop);
            CommandOutput.Print(parsed.GetValue(json), told, string.Join('\n', told["scores"]!.AsArray().Select(s => Score(s!)).Prepend($"版本 version {told["version"]}")));
            return 0;
        }));
        return command;
    }

    private static Command Show(IHostCalls host)
    {
        var json = CommandOutput.JsonOption();
        var command = new Command("show", "List trainings, newest first, and which model is in force. 列出模型") { json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.GetAsync($"{Path}/models", stop), stop);
            CommandOutput.Print(parsed.GetValue(json), told, string.Join('\n', told["trained"]!.AsArray().Select(t => Line(t!)).Prepend($"有效版本 in force: {told["inForce"]?.ToString() ?? "—"}").Concat(told["wrong"]!.AsArray().Select(w => $"{w!["code"]} {w["what"]}"))));
            return 0;
        }));
        return command;
    }

    private static string Line(JsonNode t) => t["about"] is { } about
        ? $"{t["version"]}  {about["cases"]} 件学习 learned, {about["first"]} – {about["last"]}\n" + string.Join('\n', about["scores"]!.AsArray().Select(s => "   " + Score(s!)))
        : $"{t["version"]}  {t["refused"] ?? t["job"] ?? "—"} {t["note"]}";

    private static string Score(JsonNode s)
    {
        var cases = s["cases"]!.GetValue<int>();
        string Of(string name) => cases == 0 ? "—" : (100m * s[name]!.GetValue<int>() / cases).ToString("0.0", CultureInfo.InvariantCulture) + " %";
        return $"{s["what"]}: 首选 first {Of("first")}，前三 three {Of("three")}；最常见 most frequent {Of("baseFirst")} / {Of("baseThree")}；{cases} 件 cases";
    }
}
