// Tickets on the real program: a bad batch becomes one, mended rows close it, what comes back opens it, an undone batch ends it; people answer it, the clock tells it, figures add up to the rows.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;
using Lizhou.Quality.Tickets;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Quality.Tests;

public class TicketStoryTests(QualityCity city) : IClassFixture<QualityCity>
{
    private const string Bad = "编号,姓名,金额\nA1,张三丰,1\nA2,,2\nA3,李四光,七\n";

    [Fact]
    public async Task A_bad_batch_becomes_one_ticket_with_a_line_for_each_kind_of_fault_and_mended_rows_close_it()
    {
        var card = await city.Resource();
        var batch = await city.Collect(card, Bad);
        var ticket = (await city.Tickets(card))[0];
        QualityCity.State(ticket).ShouldBe("Open");
        ticket.GetProperty("severity").GetString().ShouldBe("Major");
        var number = QualityCity.Number(ticket);
        var lines = (await city.Detail(number)).GetProperty("lines").EnumerateArray().ToList();
        lines.Select(l => (l.GetProperty("code").GetString(), l.GetProperty("item").GetString(), l.GetProperty("found").GetInt64())).ShouldBe([("LOD-101", "姓名", 1), ("LOD-103", "金额", 1)], ignoreOrder: true);
        (await Admitted(batch)).ShouldBeFalse();

        await city.Replay(batch, $"问题编号,编号,姓名,金额\n{batch}#1,A2,赵六,2\n{batch}#2,A3,李四光,仍错\n");
        await city.Ticket(card, t => t.GetProperty("reopened").GetInt32() == 1 && t.GetProperty("open").GetInt64() == 1);
        await city.Replay(batch, $"问题编号,编号,姓名,金额\n{batch}#2,A3,李四光,7\n");
        var closed = await city.Ticket(card, t => QualityCity.State(t) == "Closed");
        closed.GetProperty("outcome").GetString().ShouldBe("Mended");
        (await Admitted(batch)).ShouldBeTrue("it is admitted once it is mended");
        Steps(await city.Detail(number)).ShouldBe(["Issued", "Mend", "Returned", "Passed", "Finished"]);
    }

    [Fact]
    public async Task A_later_batch_joins_with_the_same_fault_and_makes_a_ticket_of_its_own_with_another()
    {
        var card = await city.Resource();
        await city.Collect(card, "编号,姓名,金额\nB1,,1\n");
        await city.Tickets(card);
        await city.Collect(card, "编号,姓名,金额\nB2,,1\nB3,王五,x\n");
        var tickets = await city.Tickets(card, 2);
        var joined = await city.Detail(QualityCity.Number(tickets[1]));
        joined.GetProperty("lines").GetArrayLength().ShouldBe(2);
        Steps(joined).ShouldBe(["Issued", "Joined"]);
        (await city.Detail(QualityCity.Number(tickets[0]))).GetProperty("lines").EnumerateArray().Single().GetProperty("code").GetString().ShouldBe("LOD-103");
    }

    [Fact]
    public async Task An_undone_batch_closes_its_lines_with_the_reason_and_an_undone_replay_opens_the_ticket_again()
    {
        var card = await city.Resource();
        var batch = await city.Collect(card, "编号,姓名,金额\nC1,张三,1\nC2,,2\n");
        var number = QualityCity.Number((await city.Tickets(card))[0]);
        var replay = await city.Replay(batch, $"问题编号,编号,姓名,金额\n{batch}#1,C2,赵六,2\n");
        await city.Ticket(card, t => QualityCity.State(t) == "Closed");
        await city.Undo(replay, "发错了");
        await city.Ticket(card, t => QualityCity.State(t) == "Open");
        (await Admitted(batch)).ShouldBeFalse();

        await city.Undo(batch, "整批作废");
        var closed = await city.Ticket(card, t => QualityCity.State(t) == "Closed");
        closed.GetProperty("outcome").GetString().ShouldBe("Undone");
        var detail = await city.Detail(number);
        detail.GetProperty("acts").EnumerateArray().ShouldContain(a => a.GetProperty("step").GetString() == "Undone" && a.GetProperty("words").GetString()!.Contains("整批作废"));
        var line = detail.GetProperty("lines").EnumerateArray().Single();
        (line.GetProperty("open").GetInt64(), line.GetProperty("undone").GetInt64()).ShouldBe((0, 1));
    }

    [Fact]
    public async Task Rows_sent_again_as_wrong_as_before_win_no_time_and_a_fact_told_twice_says_nothing_new()
    {
        var card = await city.Resource();
        var batch = await city.Collect(card, "编号,姓名,金额\nH1,张三,1\nH2,,2\n");
        var ticket = (await city.Tickets(card))[0];
        var due = ticket.GetProperty("dueAt").GetDateTimeOffset();
        await city.Replay(batch, $"问题编号,编号,姓名,金额\n{batch}#1,H2,,2\n");
        var again = await city.Ticket(card, t => t.GetProperty("reopened").GetInt32() == 1);
        again.GetProperty("dueAt").GetDateTimeOffset().ShouldBe(due);

        var steps = Steps(await city.Detail(QualityCity.Number(ticket)));
        using (var scope = city.Services.CreateScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<Lizhou.Kernel.StateStore>();
            await using var connection = await db.Open(default);
            await connection.Execute(null, $"UPDATE outbox SET done_at = NULL WHERE type LIKE '%BatchLanded' AND body LIKE {"%" + card.Id + "%"}", default);
            await Wait.Until(async () => Convert.ToInt64(await connection.Scalar(null, $"SELECT COUNT(*) FROM outbox WHERE done_at IS NULL AND parked IS NULL", default), null) == 0);
        }

        Steps(await city.Detail(QualityCity.Number(ticket))).ShouldBe(steps);
        (await city.Tickets(card)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_ticket_that_was_closed_and_comes_back_has_its_whole_time_again()
    {
        var card = await city.Resource();
        var batch = await city.Collect(card, "编号,姓名,金额\nI1,张三,1\nI2,,2\n");
        var due = (await city.Tickets(card))[0].GetProperty("dueAt").GetDateTimeOffset();
        var replay = await city.Replay(batch, $"问题编号,编号,姓名,金额\n{batch}#1,I2,李四,2\n");
        await city.Ticket(card, t => QualityCity.State(t) == "Closed");
        await city.Undo(replay, "发错了");
        var open = await city.Ticket(card, t => QualityCity.State(t) == "Open");
        open.GetProperty("dueAt").GetDateTimeOffset().ShouldBeGreaterThanOrEqualTo(due);
        open.GetProperty("overdue").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task The_source_explains_the_bureau_refuses_then_accepts_and_the_rows_end_as_explained()
    {
        var card = await city.Resource();
        var batch = await city.Collect(card, "编号,姓名,金额\nD1,,1\nD2,李四,2\n");
        var number = QualityCity.Number((await city.Tickets(card))[0]);
        (await Refusal(await city.Step(city.ReceiverSteward, number, "Explain", "不是我的"))).ShouldBe("QUA-101", "a foreign ticket is told like none");
        await Json(await city.Step(city.Steward, number, "Object", "姓名可以为空"));
        (await Refusal(await city.Step(city.Steward, number, "Accept", "同意"))).ShouldBe("QUA-104");
        await Json(await city.Step(city.Engineer, number, "Refuse", "目录规定必填"));
        await Json(await city.Step(city.Steward, number, "Explain", "该对象无姓名"));
        (await Refusal(await city.Step(city.Engineer, number, "Accept"))).ShouldBe("QUA-107");
        await Json(await city.Step(city.Engineer, number, "Accept", "情况属实"));
        (await city.Ticket(card, t => QualityCity.State(t) == "Closed")).GetProperty("outcome").GetString().ShouldBe("Explained");
        (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/batches/{batch}", UriKind.Relative)))).GetProperty("batch").GetProperty("rejects").GetProperty("explained").GetInt64().ShouldBe(1);
        Steps(await city.Detail(number)).ShouldContain("Accept");
    }

    [Fact]
    public async Task Corrected_rows_that_came_in_another_batch_mend_the_ticket_and_a_faulty_batch_does_not()
    {
        var card = await city.Resource();
        await city.Collect(card, "编号,姓名,金额\nE1,,1\n");
        var number = QualityCity.Number((await city.Tickets(card))[0]);
        (await Refusal(await city.Step(city.Steward, number, "Resend", batch: "20200101-000001"))).ShouldBe("QUA-109");
        var good = await city.Collect(card, "编号,姓名,金额\nE1,张三,1\n");
        await Json(await city.Step(city.Steward, number, "Resend", batch: good));
        (await city.Ticket(card, t => QualityCity.State(t) == "Closed")).GetProperty("outcome").GetString().ShouldBe("Mended");
    }

    [Fact]
    public async Task What_a_receiver_found_wrong_is_mended_by_the_source_and_confirmed_by_the_receiver_and_the_key_is_masked()
    {
        var card = await city.Resource(null, null, ItemCard.Of("公民身份号码", column: "idno", key: true, required: true, level: Level.L4), ItemCard.Of("街镇", column: "town", level: Level.L1));
        await city.Collect(card, "公民身份号码,街镇\n33078419900101001X,望春街道\n");
        var ask = new { resources = new[] { new { resource = card.Id } }, purpose = "核对", scene = "补贴", basis = "《模拟办法》", until = DateTime.UtcNow.AddDays(30).ToString("yyyy-MM-dd") };
        var grant = (await Json(await city.ReceiverSteward.PostAsJsonAsync("/api/v1/requests", ask)))[0].GetProperty("grant").GetString()!;
        object Report(string number) => new { grant = number, column = "town", key = "33078419900101001X", wrong = "应为方岩镇" };
        (await Refusal(await city.Steward.PostAsJsonAsync("/api/v1/tickets/reports", Report(grant)))).ShouldBe("QUA-110", "the source unit does not receive it");
        (await Refusal(await city.ReceiverSteward.PostAsJsonAsync("/api/v1/tickets/reports", Report("SQ-2000-00001")))).ShouldBe("QUA-110");
        var made = await Json(await city.ReceiverSteward.PostAsJsonAsync("/api/v1/tickets/reports", Report(grant)));
        var number = QualityCity.Number(made.GetProperty("ticket"));

        var page = await (await city.Engineer.GetAsync(new Uri($"/tickets/{number}", UriKind.Relative))).Content.ReadAsStringAsync();
        page.ShouldContain("应为方岩镇");
        page.ShouldNotContain("33078419900101001X");

        (await Refusal(await city.Step(city.ReceiverSteward, number, "Mended", "已改"))).ShouldBe("QUA-103");
        await Json(await city.Step(city.Steward, number, "Mended", "已改"));
        await Json(await city.Step(city.ReceiverSteward, number, "Again", "还是错的"));
        await Json(await city.Step(city.Steward, number, "Mended", "再改"));
        await Json(await city.Step(city.ReceiverSteward, number, "Confirm", "无误"));
        var closed = (await city.Detail(number)).GetProperty("ticket");
        (QualityCity.State(closed), closed.GetProperty("mended").GetInt64(), closed.GetProperty("reopened").GetInt32()).ShouldBe(("Closed", 1, 1));
        (await city.ReceiverSteward.PostAsJsonAsync("/api/v1/tickets/reports", new { grant, column = "town", key = "330784199001010028", wrong = "应为方岩镇" })).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, "no answer tells whether there is a row of a number that the receiver does not see");
    }

    [Fact]
    public async Task Figures_add_up_to_the_lines_and_the_lines_to_the_rows()
    {
        var card = await city.Resource();
        var batch = await city.Collect(card, Bad);
        await city.Tickets(card);
        await city.Replay(batch, $"问题编号,编号,姓名,金额\n{batch}#1,A2,赵六,2\n");
        await city.Ticket(card, t => t.GetProperty("mended").GetInt64() == 1);
        foreach (var by in new[] { "Unit", "Resource", "Month" })
        {
            var figures = await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/tickets/figures?by={by}", UriKind.Relative)));
            foreach (var sum in figures.GetProperty("lines").EnumerateArray().Append(figures.GetProperty("sum")))
            {
                long Of(string name) => sum.GetProperty(name).GetInt64();
                Of("found").ShouldBe(Of("open") + Of("mended") + Of("settled") + Of("undone"));
            }
        }

        var lines = (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/tickets/figures/lines?resource={card.Id}", UriKind.Relative)))).GetProperty("items").EnumerateArray().ToList();
        lines.Sum(l => l.GetProperty("found").GetInt64()).ShouldBe(2);
        foreach (var line in lines)
        {
            var rows = line.GetProperty("rows").GetString()!.Replace("/batches/", "/api/v1/batches/", StringComparison.Ordinal);
            (await Json(await city.Engineer.GetAsync(new Uri(rows + "&state=Open", UriKind.Relative)))).GetProperty("total").GetInt64().ShouldBe(line.GetProperty("open").GetInt64());
            (await Json(await city.Engineer.GetAsync(new Uri(rows, UriKind.Relative)))).GetProperty("total").GetInt64().ShouldBe(line.GetProperty("found").GetInt64());
        }
    }

    [Fact]
    public async Task The_export_is_the_list_and_safe_in_a_spreadsheet_and_a_foreign_unit_gets_nothing()
    {
        var card = await city.Resource("=1+1 补贴");
        await city.Collect(card, "编号,姓名,金额\nF1,,1\n");
        var number = QualityCity.Number((await city.Tickets(card))[0]);
        var csv = await city.Steward.GetStringAsync(new Uri($"/api/v1/tickets/export?format=csv&resource={card.Id}", UriKind.Relative));
        csv.ShouldContain(number);
        csv.ShouldContain("'=1+1");
        (await city.ReceiverSteward.GetStringAsync(new Uri($"/api/v1/tickets/export?format=csv&resource={card.Id}", UriKind.Relative))).ShouldNotContain(number);
    }

    [Fact]
    public async Task A_limit_is_set_by_the_bureau_alone_from_today_on()
    {
        object Ask(int workdays, string? from = null) => new { severity = "Minor", fromShare = 0, workdays, remind = 1, from };
        (await city.Steward.PutAsJsonAsync("/api/v1/tickets/limits", Ask(9))).IsSuccessStatusCode.ShouldBeFalse();
        (await Refusal(await city.Engineer.PutAsJsonAsync("/api/v1/tickets/limits", Ask(9, "2020-01-01")))).ShouldBe("QUA-112");
        (await city.Engineer.PutAsJsonAsync("/api/v1/tickets/limits", Ask(9))).EnsureSuccessStatusCode();
        var lines = (await Json(await city.Engineer.GetAsync(new Uri("/api/v1/tickets/limits", UriKind.Relative)))).EnumerateArray().Where(l => l.GetProperty("severity").GetString() == "Minor").ToList();
        lines.Count(l => l.GetProperty("validUntil").ValueKind == JsonValueKind.Null).ShouldBe(1);
    }

    private static List<string> Steps(JsonElement detail) => [.. detail.GetProperty("acts").EnumerateArray().Select(a => a.GetProperty("step").GetString()!)];

    private async Task<bool> Admitted(string batch)
    {
        using var scope = city.Services.CreateScope();
        var id = scope.ServiceProvider.GetRequiredService<TicketsDb>().Batches.Single(b => b.Number == batch).Batch;
        return await scope.ServiceProvider.GetRequiredService<IQualityGate>().Passed(id, default);
    }
}

/// <summary>The same promises with the state on PostgreSQL.</summary>
public sealed class PostgresCity : QualityCity
{
    public PostgresCity()
    {
        var state = Servers.Postgres();
        Change = usual => usual with { State = state };
    }
}

public sealed class TicketsOnPostgresTests(PostgresCity city) : IClassFixture<PostgresCity>
{
    [Fact]
    public async Task A_bad_batch_is_ticketed_mended_counted_and_closed_on_PostgreSQL_too()
    {
        var card = await city.Resource();
        var batch = await city.Collect(card, "编号,姓名,金额\nA1,张三,1\nA2,,2\n");
        await city.Tickets(card);
        await city.Replay(batch, $"问题编号,编号,姓名,金额\n{batch}#1,A2,赵六,2\n");
        await city.Ticket(card, t => QualityCity.State(t) == "Closed");
        var sum = (await Json(await city.Engineer.GetAsync(new Uri("/api/v1/tickets/figures?by=Month", UriKind.Relative)))).GetProperty("sum");
        (sum.GetProperty("found").GetInt64(), sum.GetProperty("mended").GetInt64(), sum.GetProperty("tickets").GetInt64()).ShouldBe((1, 1, 1));
        (await city.Engineer.GetStringAsync(new Uri("/tickets/figures?by=Resource", UriKind.Relative))).ShouldContain(card.Name);
    }
}

public sealed class TicketClockTests(QualityCity city) : IClassFixture<QualityCity>
{
    [Fact]
    public async Task A_ticket_is_reminded_of_told_overdue_once_and_stands_on_the_workbench()
    {
        var card = await city.Resource();
        await city.Collect(card, "编号,姓名,金额\nG1,,1\n");
        var number = QualityCity.Number((await city.Tickets(card))[0]);
        city.Advance(TimeSpan.FromDays(30));
        using (var scope = city.Services.CreateScope())
        {
            var rounds = scope.ServiceProvider.GetRequiredService<TellOverdue>();
            await rounds.Look(default);
            (await rounds.Look(default)).ShouldBe(0);
        }

        var again = await city.As(Roles.Engineer);
        var detail = await Json(await again.GetAsync(new Uri($"/api/v1/tickets/{number}", UriKind.Relative)));
        detail.GetProperty("ticket").GetProperty("overdue").GetBoolean().ShouldBeTrue();
        detail.GetProperty("acts").EnumerateArray().Count(a => a.GetProperty("step").GetString() == "Overdue").ShouldBe(1);
        var figures = await Json(await again.GetAsync(new Uri($"/api/v1/tickets/figures?from={DateTime.UtcNow.AddDays(-2):yyyy-MM-dd}", UriKind.Relative)));
        figures.GetProperty("sum").GetProperty("overdue").GetInt64().ShouldBe(1);
        (await again.GetStringAsync(new Uri("/", UriKind.Relative))).ShouldContain("超期工单");
    }
}
