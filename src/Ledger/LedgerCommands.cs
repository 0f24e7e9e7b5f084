// `lizhou ledger verify | export | receipt | remember`: through the host's API. Exit code 1: refused, or the ledger is not whole.
using System.CommandLine;
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;
using Lizhou.Ledger.Sealing;

namespace Lizhou.Ledger;

internal static class LedgerCommands
{
    public static Command All(IHostCalls host) => new("ledger", "The evidence ledger. 存证台账") { Verify(host), Export(host), Receipt(host), Remember(host) };

    private static Command Verify(IHostCalls host)
    {
        var json = CommandOutput.JsonOption();
        var command = new Command("verify", "Check every entry, seal, signature and time stamp. 校验台账") { json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var report = await CommandOutput.Answer(await client.PostAsync("api/v1/ledger/verify", null, stop), stop);
            var faults = report["faults"]!.AsArray();
            List<string> lines = [$"记录 entries {report["entries"]}, 批次 batches {report["batches"]}, 已封存 sealed {report["sealed"]}", .. faults.Select(f => $"{f!["kind"]}  {f["what"]!["zh"]}  {f["what"]!["en"]}")];
            lines.Add(faults.Count == 0 ? "台账完整 the ledger is whole" : "台账不完整 the ledger is not whole");
            CommandOutput.Print(parsed.GetValue(json), report, string.Join(Environment.NewLine, lines));
            return faults.Count == 0 ? 0 : 1;
        }));
        return command;
    }

    private static Command Export(IHostCalls host)
    {
        var into = new Option<FileInfo>("--out") { Description = "A .csv or .xlsx file. 导出到", Required = true };
        into.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<FileInfo>()?.Extension.ToLowerInvariant() is not (".csv" or ".xlsx"))
            {
                r.AddError("--out: .csv / .xlsx");
            }
        });
        var query = new Option<string>("--filter") { Description = "As in the page's address, e.g. act=rows.&from=2026-11-01. 查询条件", DefaultValueFactory = _ => "" };
        var json = CommandOutput.JsonOption();
        var command = new Command("export", "Export entries. 导出台账") { into, query, json };
        command.SetAction((parsed, stop) =>
        {
            var file = parsed.GetValue(into)!;
            var format = file.Extension.Equals(".xlsx", StringComparison.OrdinalIgnoreCase) ? "xlsx" : "csv";
            return Save(host, $"api/v1/ledger/export?format={format}&{parsed.GetValue(query)}", file, parsed.GetValue(json), stop);
        });
        return command;
    }

    private static Command Receipt(IHostCalls host)
    {
        var seq = new Argument<long>("entry") { Description = "Its number. 记录编号" };
        var into = new Option<FileInfo>("--out") { Description = "The zip to write. 回执文件", Required = true };
        var json = CommandOutput.JsonOption();
        var command = new Command("receipt", "A receipt that anybody can check with OpenSSL. 取存证回执") { seq, into, json };
        command.SetAction((parsed, stop) => Save(host, $"api/v1/ledger/entries/{parsed.GetValue(seq)}/receipt", parsed.GetValue(into)!, parsed.GetValue(json), stop));
        return command;
    }

    private static Command Remember(IHostCalls host)
    {
        var reason = new Option<string>("--reason") { Description = "Why it was lost or set back; stands in the ledger. 原因", Required = true };
        var json = CommandOutput.JsonOption();
        var command = new Command("remember", "After a loss was looked into: remember the seals that are there. 重新记取水位") { reason, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var was = await CommandOutput.Answer(await client.PostAsJsonAsync("api/v1/ledger/remember", new RememberSeals.Request(parsed.GetValue(reason)), stop), stop);
            CommandOutput.Print(parsed.GetValue(json), was, string.Join(Environment.NewLine, was.AsArray().Select(f => $"{f!["what"]!["zh"]}  {f["what"]!["en"]}")));
            return 0;
        }));
        return command;
    }

    private static Task<int> Save(IHostCalls host, string address, FileInfo file, bool json, CancellationToken stop) => CommandOutput.Guarded(json, async () =>
    {
        using var client = await host.Client(stop);
        return await CommandOutput.Save(client, address, file, json, stop);
    });
}
