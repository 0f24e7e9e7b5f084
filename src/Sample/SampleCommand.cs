// `lizhou sample --size demo|county|full [--seed N]`: grows the sample county in the data folder and shows how far it is.
using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lizhou.Contracts;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;

namespace Lizhou.Sample;

internal static class SampleCommand
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);

    public static Command Make(IHostCalls host)
    {
        var size = new Option<string>("--size") { Description = "demo (1,081 resources), county (22,261 tables, 43 million rows) or full (685 million rows). 规模", DefaultValueFactory = _ => "demo" };
        size.AcceptOnlyFromAmong("demo", "county", "full");
        var seed = new Option<ulong?>("--seed") { Description = "Another seed, another county. 随机种子" };
        var json = new Option<bool>("--json") { Description = "For machines. 机器可读" };
        var command = new Command("sample", "Grow the sample county (模拟). 生成示例县") { size, seed, json };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = await host.Client(stop);
            using var asked = await client.PostAsJsonAsync("api/v1/sample", new StartSample.Request(parsed.GetValue(size)!, parsed.GetValue(seed)), stop);
            var answer = (await asked.Content.ReadFromJsonAsync<JsonNode>(stop))!;
            if (!asked.IsSuccessStatusCode)
            {
                await Console.Error.WriteLineAsync(parsed.GetValue(json) ? answer.ToJsonString() : $"{answer["code"]} {answer["detail"]} {answer["todo"]}");
                return 1;
            }

            var ended = await CommandProgress.Run(parsed.GetValue(json), "sample", show => Poll(client, $"{answer["id"]}", show, stop));
            Console.WriteLine(parsed.GetValue(json) ? ended.ToJsonString() : $"{ended["state"]} {ended["note"]}");
            return Is(ended, Kernel.Jobs.JobState.Done) ? 0 : 1;
        });
        return command;
    }

    private static async Task<JsonNode> Poll(HttpClient client, string job, Action<long, long, string> show, CancellationToken stop)
    {
        while (true)
        {
            var view = (await client.GetFromJsonAsync<JsonNode>($"api/v1/sample/{job}", stop))!;
            show(view["done"]!.GetValue<long>(), view["total"]!.GetValue<long>(), $"{view["note"]}");
            if (Is(view, Kernel.Jobs.JobState.Done) || Is(view, Kernel.Jobs.JobState.Parked) || Is(view, Kernel.Jobs.JobState.Cancelled))
            {
                return view;
            }

            await Task.Delay(Glance, TimeProvider.System, stop);
        }
    }

    // The state travels as its name or, without a converter, as its number.
    private static bool Is(JsonNode view, Kernel.Jobs.JobState state) => $"{view["state"]}" is var told && (told == state.ToString() || told == $"{(int)state}");
}
