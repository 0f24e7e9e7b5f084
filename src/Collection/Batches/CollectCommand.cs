// `lizhou collect FILE… --resource CODE`: sends files to the host, waits for the batch and prints its five counts.
using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Lizhou.Contracts;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;

namespace Lizhou.Collection.Batches;

internal static class CollectCommand
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    public static Command Make(IHostCalls host)
    {
        var files = new Argument<FileSystemInfo[]>("files") { Description = "Files, or folders whose files are one batch. 文件或文件夹", Arity = ArgumentArity.OneOrMore };
        files.AcceptExistingOnly();
        var resource = new Option<string>("--resource") { Description = "Code of a published resource, or its name where only one has it. 信息资源代码或名称", Required = true };
        var sheet = new Option<string?>("--sheet") { Description = "Sheet of a workbook. 工作表" };
        var entry = new Option<string?>("--entry") { Description = "File in a zip. 压缩包内文件" };
        var encoding = new Option<string?>("--encoding") { Description = "utf-8, gb18030, big5 … 编码" };
        var delimiter = new Option<string?>("--delimiter") { Description = "Between cells. 分隔符" };
        var dates = new Option<string?>("--dates") { Description = "day or month: which comes first in dates such as 05/06/2026. 日期先日还是先月" };
        dates.AcceptOnlyFromAmong("day", "month");
        var drift = new Option<string?>("--drift") { Description = "Refuse, Add or Ignore columns that differ. 列变化策略" };
        var key = new Option<string?>("--key") { Description = "The same key again gives the same batch. 幂等键" };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait for the batch. 不等待" };
        var json = CommandOutput.JsonOption();
        var command = new Command("collect", "Bring files into a resource. 归集文件") { files, resource, sheet, entry, encoding, delimiter, dates, drift, key, noWait, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            var fields = new (string Name, string? Value)[]
            {
                ("resource", parsed.GetValue(resource)), ("sheet", parsed.GetValue(sheet)), ("entry", parsed.GetValue(entry)), ("encoding", parsed.GetValue(encoding)),
                ("delimiter", parsed.GetValue(delimiter)), ("dates", parsed.GetValue(dates)), ("drift", parsed.GetValue(drift)),
            };
            using var client = await host.Client(stop);
            var batch = await Send(client, fields, parsed.GetValue(key), [.. parsed.GetValue(files)!.SelectMany(Expand)], stop);
            if (!parsed.GetValue(noWait))
            {
                batch = await CommandProgress.Run(parsed.GetValue(json), $"{batch["number"]}", show => Watch(client, batch, show, stop));
            }

            BatchOutput.Print(parsed.GetValue(json), batch);
            return $"{batch["state"]}" is nameof(BatchState.Refused) or nameof(BatchState.Cancelled) ? 1 : 0;
        }));
        return command;
    }

    private static IEnumerable<FileInfo> Expand(FileSystemInfo named) => named switch
    {
        DirectoryInfo folder => folder.EnumerateFiles().Where(f => !f.Name.StartsWith('.')).OrderBy(f => f.Name, StringComparer.Ordinal),
        _ => [new FileInfo(named.FullName)],
    };

    private static async Task<JsonNode> Send(HttpClient client, (string Name, string? Value)[] fields, string? key, List<FileInfo> files, CancellationToken stop)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields.Where(f => f.Value is not null))
        {
            form.Add(new StringContent(value!), name);
        }

        foreach (var file in files)
        {
            form.Add(new StreamContent(file.OpenRead()), "files", file.Name);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/batches") { Content = form };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await CommandOutput.Answer(await client.SendAsync(request, stop), stop);
    }

    private static async Task<JsonNode> Watch(HttpClient client, JsonNode batch, Action<long, long, string> show, CancellationToken stop)
    {
        while (true)
        {
            var now = (await CommandOutput.Answer(await Ask(client, $"{batch["number"]}", stop), stop))["batch"]!;
            if ($"{now["state"]}" is not (nameof(BatchState.Received) or nameof(BatchState.Loading)))
            {
                return now;
            }

            if (now["progress"] is { } progress)
            {
                show(progress["done"]!.GetValue<long>(), progress["total"]!.GetValue<long>(), $"{progress["phase"]} {progress["rows"]:N0}");
            }

            await Task.Delay(Glance, TimeProvider.System, stop);
        }
    }

    private static async Task<HttpResponseMessage> Ask(HttpClient client, string number, CancellationToken stop)
    {
        try
        {
            return await client.GetAsync($"api/v1/batches/{number}", stop);
        }
        catch (HttpRequestException)
        {
            // Received is kept: the batch goes on by itself when the host runs again.
            throw new RefusedException(new JsonObject
            {
                ["title"] = $"{number}",
                ["detail"] = "主机没有应答。文件已接收，主机恢复后自动继续。The host does not answer. The files are kept; the batch goes on when it runs again.",
                ["todo"] = $"./lizhou batches --text {number}",
            });
        }
    }
}
