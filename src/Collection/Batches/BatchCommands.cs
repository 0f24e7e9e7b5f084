// The words of the command line for batches: collect, batches, rejects, undo. Everything goes through the HTTP API of the host.
// Exit code 0: fine; 1: refused (the problem is printed); 2: wrong call.
using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;
using Spectre.Console;

namespace Lizhou.Collection.Batches;

internal static class BatchCommands
{
    public static IEnumerable<Command> All(IHostCalls host)
    {
        yield return CollectCommand.Make(host);
        yield return List(host);
        yield return Rejects(host);
        yield return Undo(host);
    }

    private static Command List(IHostCalls host)
    {
        var text = new Option<string?>("--text") { Description = "Part of a number, code or name. 批次号、资源编码或名称" };
        var state = new Option<string?>("--state") { Description = "Received, Loading, Landed, Refused, Cancelled or Undone. 状态" };
        state.AcceptOnlyFromAmong(Enum.GetNames<BatchState>());
        var size = new Option<int>("--size") { Description = "How many. 条数", DefaultValueFactory = _ => 20 };
        size.Validators.Add(r => CommandOutput.Range(r, 1, 200));
        var json = CommandOutput.JsonOption();
        var command = new Command("batches", "List the newest batches. 归集批次") { text, state, size, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            var query = $"size={parsed.GetValue(size)}&text={Uri.EscapeDataString(parsed.GetValue(text) ?? "")}"
                + (parsed.GetValue(state) is { } told ? $"&state={Uri.EscapeDataString(told)}" : "");
            using var client = await host.Client(stop);
            var page = await CommandOutput.Answer(await client.GetAsync($"api/v1/batches?{query}", stop), stop);
            if (parsed.GetValue(json))
            {
                CommandOutput.Print(json: true, page, "");
                return 0;
            }

            // Two columns of words and one of figures: eight would not fit the 80 characters of a terminal.
            var table = new Table { Border = TableBorder.Simple }.AddColumns("批次 batch", "资源 resource", "行数 rows");
            foreach (var batch in page["items"]!.AsArray())
            {
                table.AddRow([.. Lines(batch!).Select(Markup.Escape)]);
            }

            AnsiConsole.Write(table);
            return 0;
        }));
        return command;
    }

    /// <summary>A batch in three cells. Read = accepted + rejected + duplicate + filtered; what is nought is left out.</summary>
    private static string[] Lines(JsonNode batch)
    {
        var counts = batch["counts"]!;
        var parts = new (string Name, string Words)[] { ("accepted", "入库 accepted"), ("rejected", "问题 rejected"), ("duplicate", "重复 duplicate"), ("filtered", "过滤 filtered") }
            .Where(c => counts[c.Name]!.GetValue<long>() != 0).Select(c => $"{c.Words} {counts[c.Name]!.GetValue<long>():N0}");
        return
        [
            $"{batch["number"]}\n{batch["state"]}\n{batch["receivedAt"]!.GetValue<DateTimeOffset>().Shown()}",
            $"{batch["resourceName"]}\n{batch["resource"]}",
            string.Join('\n', parts.Prepend($"读取 read {counts["read"]!.GetValue<long>():N0}")),
        ];
    }

    private static Command Rejects(IHostCalls host)
    {
        var batch = new Argument<string>("batch") { Description = "Number of the batch. 批次号" };
        var output = new Option<FileInfo?>("--out") { Description = "Write them to this spreadsheet. 下载为电子表格" };
        var size = new Option<int>("--size") { Description = "How many to print. 条数", DefaultValueFactory = _ => 20 };
        size.Validators.Add(r => CommandOutput.Range(r, 1, 200));
        var json = CommandOutput.JsonOption();
        var command = new Command("rejects", "Show or download the rejected rows of a batch. 问题数据") { batch, output, size, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var path = $"api/v1/batches/{Uri.EscapeDataString(parsed.GetValue(batch)!)}/rejects";
            if (parsed.GetValue(output) is { } file)
            {
                return file.Extension.Equals(".xlsx", StringComparison.OrdinalIgnoreCase)
                    ? await CommandOutput.Save(client, $"{path}.xlsx", file, parsed.GetValue(json), stop)
                    : throw new ProblemException(Problems.NotWorkbook.With(file.Name, Path.ChangeExtension(file.Name, ".xlsx")));
            }

            var page = await CommandOutput.Answer(await client.GetAsync($"{path}?size={parsed.GetValue(size)}", stop), stop);
            if (parsed.GetValue(json))
            {
                CommandOutput.Print(json: true, page, "");
                return 0;
            }

            foreach (var row in page["items"]!.AsArray())
            {
                foreach (var fault in row!["faults"]!.AsArray())
                {
                    Console.WriteLine($"{row["number"]}  {row["file"]}:{row["line"]}  {fault!["item"]}  “{fault["value"]}”  {fault["code"]}  {fault["reason"]}  {fault["hint"]}");
                }
            }

            Console.WriteLine($"{page["total"]}");
            return 0;
        }));
        return command;
    }

    private static Command Undo(IHostCalls host)
    {
        var batch = new Argument<string>("batch") { Description = "Number of the batch. 批次号" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask. 不再确认" };
        var reason = new Option<string?>("--reason") { Description = "Why. 原因" };
        var json = CommandOutput.JsonOption();
        var command = new Command("undo", "Take a landed batch back. 撤销批次") { batch, yes, reason, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            var number = parsed.GetValue(batch)!;
            var sure = parsed.GetValue(yes) || (!Console.IsOutputRedirected && await AnsiConsole.ConfirmAsync($"撤销批次 {number}？ Undo batch {number}?", defaultValue: false, stop));
            using var client = await host.Client(stop);
            var answer = await client.PostAsJsonAsync(
                $"api/v1/batches/{Uri.EscapeDataString(number)}/undo", new { confirm = sure ? number : null, reason = parsed.GetValue(reason) }, stop);
            BatchOutput.Print(parsed.GetValue(json), await CommandOutput.Answer(answer, stop));
            return 0;
        }));
        return command;
    }
}
