// `lizhou cases import LOG --map MAP.yaml`: sends the log to the host and shows how far it is; then what became of every row.
// Exit code 0: read to its end (rows that were put aside are told); 1: refused; 2: wrong call.
using System.CommandLine;
using System.Text.Json.Nodes;
using Lizhou.Contracts;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;

namespace Lizhou.Cases.Importing;

internal static class ImportCommand
{
    public static Command Make(IHostCalls host)
    {
        var log = new Argument<FileInfo>("log") { Description = "Event log of another system: CSV, workbook or XES, also .gz. 外部系统的事件日志" };
        log.AcceptExistingOnly();
        var map = new Option<FileInfo>("--map") { Description = "How it is read, as YAML: see docs/cookbook/move-cases.md. 映射文件", Required = true };
        map.AcceptExistingOnly();
        var check = new Option<bool>("--check") { Description = "Read and tell; write nothing. 只检查不写入" };
        var json = CommandOutput.JsonOption();
        var command = new Command("import", "Take the event log of another system into the cases; the same log again makes nothing new. 导入外部系统的事件日志") { log, map, check, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            var (file, asJson) = (parsed.GetValue(log)!, parsed.GetValue(json));
            using var form = new MultipartFormDataContent
            {
                { new StringContent(await File.ReadAllTextAsync(parsed.GetValue(map)!.FullName, stop)), "map" },
                { new StringContent(parsed.GetValue(check) ? "true" : "false"), "check" },
                { new StreamContent(file.OpenRead()), "log", file.Name },
            };
            using var client = await host.Client(stop);
            var told = await CommandProgress.Run(asJson, file.Name, show => Follow(client, form, show, stop));
            CommandOutput.Print(asJson, told, Told(told));
            return 0;
        }));
        return command;
    }

    private static async Task<JsonNode> Follow(HttpClient client, HttpContent form, Action<long, long, string> show, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/cases/imports") { Content = form };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        await CommandOutput.Refuse(answer, stop);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(stop));
        while (await lines.ReadLineAsync(stop) is { } text)
        {
            var line = JsonNode.Parse(text)!;
            if (line["done"] is { } done)
            {
                return done;
            }

            if (line["refused"] is { } refused)
            {
                throw new RefusedException(refused.DeepClone());
            }

            var at = line["progress"]!;
            show(at["done"]!.GetValue<long>(), at["cases"]!.GetValue<long>(), $"{at["rows"]!.GetValue<long>():N0} 行 rows");
        }

        throw new HttpRequestException("主机中途停止；请重新运行，已导入的不会重复。 The host stopped on the way; run it again: what is imported already is not doubled.");
    }

    private static string Told(JsonNode r)
    {
        var (rows, cases, events) = (r["rows"]!, r["cases"]!, r["events"]!);
        return string.Join('\n',
        [
            $"{r["source"]}  {r["log"]}  流程版本 flow {r["flow"]}{(r["checked"]!.GetValue<bool>() ? "  只检查，未写入 checked, nothing written" : "")}  {r["seconds"]} s",
            $"行 rows      {N(rows, "read")} = 采用 taken {N(rows, "taken")} + 重复 duplicate {N(rows, "duplicate")} + 略过 passed {N(rows, "passed")} + 问题 rejected {N(rows, "rejected")}；空行、附注 no rows {N(rows, "noRows")}",
            .. r["rejects"]!.AsArray().Select(x => $"  ! {x!["reason"]}  {N(x, "rows")}  行号 lines {string.Join(", ", x["lines"]!.AsArray().Select(l => l!.ToString()))}"),
            $"事件 cases   {N(cases, "found")} = 新增 written {N(cases, "written")} + 续写 continued {N(cases, "continued")} + 已有 already {N(cases, "already")} + 不同 changed {N(cases, "changed")}；未结 open {N(cases, "open")}",
            .. cases["changedCases"]!.AsArray().Count > 0 ? [$"  ! {string.Join(", ", cases["changedCases"]!.AsArray().Select(c => c!.ToString()))}"] : Array.Empty<string>(),
            $"流水 events  {N(events, "written")} = 日志所记 told {N(events, "told")} + 推定 implied {N(events, "implied")}；流程外 jumps {N(events, "jumps")}；乱序 out of order {N(events, "outOfOrder")}",
            .. r["unknown"]!.AsObject().SelectMany(kind => kind.Value!.AsObject().Select(word => $"  ? {kind.Key}  “{word.Key}”  {word.Value!.GetValue<long>():N0}")),
        ]);
    }

    private static string N(JsonNode of, string name) => of[name]!.GetValue<long>().ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
}
