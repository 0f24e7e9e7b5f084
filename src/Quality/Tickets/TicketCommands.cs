// The words of the command line for tickets: ticket list, show, answer. Everything goes through the HTTP API of the host.
using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;

namespace Lizhou.Quality.Tickets;

internal static class TicketCommands
{
    public static Command All(IHostCalls host) => new("ticket", "Tickets about rejected rows. 质量工单") { List(host), Show(host), Answer(host) };

    private static Command List(IHostCalls host)
    {
        var text = new Option<string?>("--text") { Description = "Part of a number, resource or code. 工单号、资源名称或代码" };
        var state = new Option<string?>("--state") { Description = "Open, Mending, Explained, Objected, Rechecked or Closed. 状态" };
        state.AcceptOnlyFromAmong(Enum.GetNames<TicketState>());
        var late = new Option<bool>("--late") { Description = "Only those overdue, now or once. 只列超期" };
        var size = new Option<int>("--size") { Description = "How many. 条数", DefaultValueFactory = _ => 20 };
        size.Validators.Add(r => CommandOutput.Range(r, 1, 200));
        var json = CommandOutput.JsonOption();
        var command = new Command("list", "List the newest tickets. 列出工单") { text, state, late, size, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            var query = $"size={parsed.GetValue(size)}&q={Uri.EscapeDataString(parsed.GetValue(text) ?? "")}"
                + (parsed.GetValue(state) is { } told ? $"&state={told}" : "") + (parsed.GetValue(late) ? "&late=Ever" : "");
            using var client = await host.Client(stop);
            var page = await CommandOutput.Answer(await client.GetAsync($"api/v1/tickets?{query}", stop), stop);
            CommandOutput.Print(parsed.GetValue(json), page, string.Join('\n', page["items"]!.AsArray().Select(t => Line(t!)).Append($"{page["total"]}")));
            return 0;
        }));
        return command;
    }

    private static Command Show(IHostCalls host)
    {
        var number = Number();
        var json = CommandOutput.JsonOption();
        var command = new Command("show", "Show a ticket, its lines and history. 查看工单") { number, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var ticket = await CommandOutput.Answer(await client.GetAsync($"api/v1/tickets/{Uri.EscapeDataString(parsed.GetValue(number)!)}", stop), stop);
            CommandOutput.Print(parsed.GetValue(json), ticket, Told(ticket));
            return 0;
        }));
        return command;
    }

    private static Command Answer(IHostCalls host)
    {
        var number = Number();
        var step = new Argument<string>("step") { Description = "Mend, Resend, Mended, Explain, Object, Accept, Refuse, Confirm or Again. 步骤" };
        step.AcceptOnlyFromAmong([.. Flow.OfPeople.Select(s => s.ToString())]);
        var words = new Option<string?>("--words") { Description = "The explanation or reason. 说明或理由" };
        var batch = new Option<string?>("--batch") { Description = "With Resend: the batch that brought the rows again. 重新报送的批次号" };
        var json = CommandOutput.JsonOption();
        var command = new Command("answer", "Take a step on a ticket. 办理工单") { number, step, words, batch, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var answer = await client.PostAsJsonAsync(
                $"api/v1/tickets/{Uri.EscapeDataString(parsed.GetValue(number)!)}/steps", new { step = parsed.GetValue(step), words = parsed.GetValue(words), batch = parsed.GetValue(batch) }, stop);
            var ticket = await CommandOutput.Answer(answer, stop);
            CommandOutput.Print(parsed.GetValue(json), ticket, Told(ticket));
            return 0;
        }));
        return command;
    }

    private static Argument<string> Number() => new("ticket") { Description = "Number of the ticket. 工单号" };

    private static string Line(JsonNode t) =>
        $"{t["number"]}  {State(t)}  {t["resourceName"]}  {t["unit"]}  {t["open"]}/{t["found"]}  {Moment(t["dueAt"]!)}{(t["overdue"]!.GetValue<bool>() ? "  超期 overdue" : "")}";

    private static string Told(JsonNode ticket) => string.Join('\n',
    [
        Line(ticket["ticket"]!),
        .. ticket["lines"]!.AsArray().Select(l => $"  {l!["batch"]}  {l["item"]?.ToString() ?? "—"}  {l["reason"]} ({l["code"]})  {l["open"]}/{l["found"]}"),
        .. ticket["acts"]!.AsArray().Select(a => $"  {Moment(a!["at"]!)}  {TicketWords.Of(Enum.Parse<TicketStep>(a["step"]!.ToString()))}  {a["person"]}  {a["subject"]}  {a["words"]}"),
    ]);

    private static Text State(JsonNode ticket) => TicketWords.Of(Enum.Parse<TicketState>(ticket["state"]!.ToString()));

    private static string Moment(JsonNode at) => DateTimeOffset.Parse(at.ToString(), CultureInfo.InvariantCulture).Shown();
}
