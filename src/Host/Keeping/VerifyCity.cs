// In: a city. Out: every file of the lake and beside it, catalog row, grant, account and ledger entry that is not what was written. Changes nothing.
using System.CommandLine;
using System.Text.Json.Nodes;
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;
using Lizhou.Lake;
using Lizhou.Lake.Maintenance;

namespace Lizhou.Host.Keeping;

internal static class VerifyCity
{
    /// <param name="BrokenAt">First ledger entry that does not fit the chain; null when it is whole.</param>
    internal sealed record Answer(long Files, long Bytes, long CatalogRows, IReadOnlyList<Damage> Damage, long? BrokenAt)
    {
        public bool Whole => Damage.Count == 0 && BrokenAt is null;
    }

    public static async Task<Answer> Handle(Warehouse lake, ILedgerCheck ledger, IPolicySeals policy, IAccountSeals accounts, StateStore state, Settings settings, CancellationToken stop)
    {
        var verified = await lake.Verify(stop);
        await using var connection = await state.Open(stop);
        var kept = await VerifyKept.Run(connection, settings.Data, stop);
        var seals = (await policy.Broken(stop)).Select(b => new Damage($"policy {b}", "可能被绕过系统直接改动 changed past the program"));
        seals = seals.Concat((await accounts.Broken(stop)).Select(b => new Damage($"account {b}", "可能被绕过系统直接改动 changed past the program")));
        return new(verified.Files + kept.Files, verified.Bytes + kept.Bytes, verified.Rows, [.. verified.Found, .. kept.Found, .. seals], (await ledger.Run(stop)).BrokenAt);
    }

    public static Command Command(IHostCalls host)
    {
        var json = CommandOutput.JsonOption();
        var command = new Command("verify", "Check every file, catalog row and ledger entry. 校验数据湖与台账") { json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var answer = await CommandOutput.Answer(await client.PostAsync("api/v1/keeping/verify", null, stop), stop);
            CommandOutput.Print(parsed.GetValue(json), answer, Words(answer));
            return answer["whole"]!.GetValue<bool>() ? 0 : 1;
        }));
        return command;
    }

    private static string Words(JsonNode answer)
    {
        var lines = new List<string>
        {
            $"文件 files {answer["files"]}, {answer["bytes"]:N0} 字节 bytes; 目录行 catalog rows {answer["catalogRows"]}",
        };
        lines.AddRange(answer["damage"]!.AsArray().Select(d => $"损坏 damaged: {d!["where"]}  {d["what"]}"));
        lines.Add(answer["brokenAt"] is { } entry ? $"台账自第 {entry} 条起有问题，详见 lizhou ledger verify; the ledger is not whole from entry {entry} on, see lizhou ledger verify" : "台账完整 the ledger is whole");
        return string.Join(Environment.NewLine, lines);
    }
}
