// `lizhou query "SELECT …"`: the engineer's console from the command line, through the host's API.
using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;

namespace Lizhou.Policy.UserSql;

internal static class QueryCommand
{
    public static Command Make(IHostCalls host)
    {
        var sql = new Argument<string>("sql") { Description = "One SELECT over tables of the catalogue. 一条 SELECT 语句" };
        var purpose = new Option<string>("--purpose") { Description = "What for; stands in the ledger. 用途", DefaultValueFactory = _ => "query" };
        var seconds = new Option<int>("--seconds") { Description = "Time it may take, 1 to 60. 时限（秒）", DefaultValueFactory = _ => 10 };
        seconds.Validators.Add(r => CommandOutput.Range(r, 1, 60));
        var asOf = new Option<string?>("--as-of") { Description = "All tables as they were: a moment such as 2026-11-30T08:00, or the number of a snapshot. 截至" };
        var json = CommandOutput.JsonOption();
        var command = new Command("query", "Run a SELECT under the policy. 在访问策略下查询") { sql, purpose, seconds, asOf, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var answer = await CommandOutput.Answer(
                await client.PostAsJsonAsync("api/v1/sql/", new { sql = parsed.GetValue(sql), purpose = parsed.GetValue(purpose), seconds = parsed.GetValue(seconds), asOf = parsed.GetValue(asOf) }, stop), stop);
            CommandOutput.Print(parsed.GetValue(json), answer, Table(answer));
            return 0;
        }));
        return command;
    }

    private static string Table(JsonNode answer) => string.Join('\n',
        answer["rows"]!.AsArray().Select(r => string.Join('\t', r!.AsArray().Select(c => (string?)c ?? "")))
            .Prepend(string.Join('\t', answer["columns"]!.AsArray().Select(c => (string)c!["name"]!))));
}
