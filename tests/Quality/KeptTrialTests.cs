// Kept rules as a stranger meets them: what cannot work is refused before the first row comes, what fails all the same is named, tickets follow an undone batch and a rule taken out and put back, nothing is counted twice.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Tests.Support;
using static Lizhou.Tests.County;

namespace Lizhou.Quality.Tests;

public sealed class KeptTrialTests(QualityCity city) : IClassFixture<QualityCity>
{
    private const string Range = "rules:\n- {name: 金额范围, kind: Range, columns: [金额], dimension: Accuracy, severity: Serious, least: 0, most: 1000, reason: 金额不在 0 到 1000 之间}\n";
    private const string Other = "rules:\n- {name: 编号格式, kind: Format, columns: [编号], dimension: Conformity, pattern: '.*'}\n";

    [Fact]
    public async Task Bounds_that_are_not_of_the_item_s_type_or_cross_are_refused_before_the_first_row_and_what_was_in_force_stays()
    {
        var card = await city.Resource(null, null, ItemCard.Of("编号", column: "code", key: true, level: Level.L1), ItemCard.Of("金额", ItemType.Money, "amount", level: Level.L1), ItemCard.Of("日期", ItemType.Date, "day", level: Level.L1));
        await Keep(card, Range);
        await Refused(card, Range.Replace("least: 0", "least: abc", StringComparison.Ordinal), "第 2 行", "列的类型");
        await Refused(card, Range.Replace("least: 0, most: 1000", "least: 9, most: 1", StringComparison.Ordinal), "第 2 行", "大于上限");
        await Refused(card, "rules:\n- {name: 日期范围, kind: Range, columns: [日期], dimension: Accuracy, least: 2026-12-31, most: 2026-01-01}\n", "第 2 行", "大于上限");
        await Keep(card, "rules:\n- {name: 日期范围, kind: Range, columns: [日期], dimension: Accuracy, least: 2026-01-01, most: 2026-12-31}\n");
        (await View(card)).GetProperty("version").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task The_gate_names_the_rule_a_scan_stumbles_over_and_decides_once_it_is_taken_out()
    {
        var card = await city.Resource(null, null, ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("限额", column: "limit_of", level: Level.L1), ItemCard.Of("金额", ItemType.Money, "amount", level: Level.L1));
        await Keep(card, "rules:\n- {name: 金额与限额, kind: Compare, columns: [金额, 限额], dimension: Accuracy, is: Less}\n");
        var batch = await city.Collect(card, "编号,限额,金额\nA1,一百元,1\n");
        var held = await Decision(batch, d => d.GetProperty("code").GetString() == "QUA-420");
        held.GetProperty("what").GetString()!.ShouldContain("金额与限额");
        held.GetProperty("todo").GetString()!.ShouldNotContain("稍候");
        await Keep(card, Range);
        await Decision(batch, d => d.GetProperty("admitted").GetBoolean());
    }

    [Fact]
    public async Task A_rule_that_cannot_run_does_not_show_the_figures_of_an_earlier_one_of_its_name_and_its_fault_is_told_in_words()
    {
        var card = await city.Resource(null, null, ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("成立日期", ItemType.Date, "founded", level: Level.L1), ItemCard.Of("金额", ItemType.Money, "amount", level: Level.L1));
        await Keep(card, "rules:\n- {name: 甲, kind: NotNull, columns: [金额], dimension: Completeness}\n");
        await city.Collect(card, "编号,成立日期,金额\nA1,2026-01-01,1\n");
        await Wait.Until(async () => Rule(await View(card)).GetProperty("judged").ValueKind == JsonValueKind.Number);
        await Keep(card, "rules:\n- {name: 甲, kind: Compare, columns: [成立日期, 金额], dimension: Accuracy, is: Less}\n");
        await Wait.Until(async () => (await View(card)).GetProperty("fault").ValueKind == JsonValueKind.String);
        var view = await View(card);
        view.GetProperty("fault").GetString()!.ShouldSatisfyAllConditions(f => f.ShouldContain("列的类型不能这样比较"), f => f.ShouldNotContain("Binder"));
        Rule(view).GetProperty("failed").ValueKind.ShouldBe(JsonValueKind.Null);

        static JsonElement Rule(JsonElement view) => view.GetProperty("rules").EnumerateArray().Single(r => r.GetProperty("name").GetString() == "甲");
    }

    [Fact]
    public async Task An_undone_batch_that_mended_flagged_rows_opens_their_ticket_again_with_the_rows_to_mend()
    {
        var card = await city.Resource();
        await Keep(card, Range);
        var batch = await city.Collect(card, "编号,姓名,金额\nB1,张三丰,1\nB2,李四光,2000\nB3,王五,3000\n");
        await city.Tickets(card);
        var mending = await city.Collect(card, "编号,姓名,金额\nB2,李四光,20\nB3,王五,30\n");
        await city.Ticket(card, t => QualityCity.State(t) == "Closed");
        await Decision(batch, d => d.GetProperty("admitted").GetBoolean());
        await city.Undo(mending, "发错了");
        var ticket = await city.Ticket(card, t => QualityCity.State(t) == "Open");
        Counts(ticket).ShouldBe((2, 2, 0));
        ticket.GetProperty("outcome").ValueKind.ShouldBe(JsonValueKind.Null);
        await Decision(batch, d => !d.GetProperty("admitted").GetBoolean());
    }

    [Fact]
    public async Task A_rule_taken_out_closes_its_ticket_as_such_and_put_back_opens_it_with_the_rows_there_are()
    {
        var card = await city.Resource();
        await Keep(card, Range);
        await city.Collect(card, "编号,姓名,金额\nC1,张三丰,1\nC2,李四光,2000\nC3,王五,3000\n");
        await city.Tickets(card);
        await Keep(card, Other);
        var closed = await city.Ticket(card, t => QualityCity.State(t) == "Closed");
        closed.GetProperty("outcome").GetString().ShouldBe("RuleGone");
        var acts = (await city.Detail(QualityCity.Number(closed))).GetProperty("acts").EnumerateArray().ToList();
        acts[^1].GetProperty("words").GetString()!.ShouldContain("不再有这条规则");
        await Keep(card, Range);
        Counts(await city.Ticket(card, t => QualityCity.State(t) == "Open")).ShouldBe((2, 2, 0));
    }

    [Fact]
    public async Task The_same_report_again_counts_once_while_it_is_open_and_another_row_counts()
    {
        var card = await city.Resource(null, null, ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("街镇", column: "town", level: Level.L1));
        await city.Collect(card, "编号,街镇\nD1,望春街道\nD2,望春街道\n");
        var ask = new { resources = new[] { new { resource = card.Id } }, purpose = "核对", scene = "补贴", basis = "《模拟办法》", until = DateTime.UtcNow.AddDays(30).ToString("yyyy-MM-dd") };
        var grant = (await Json(await city.ReceiverSteward.PostAsJsonAsync("/api/v1/requests", ask)))[0].GetProperty("grant").GetString()!;
        Task Report(string key) => Sent(new { grant, column = "town", key, wrong = "应为方岩镇" });
        await Report("D1");
        await Report("D1");
        Counts((await city.Tickets(card))[0]).ShouldBe((1, 1, 0));
        await Report("D2");
        Counts((await city.Tickets(card))[0]).ShouldBe((2, 2, 0));

        async Task Sent(object report) => await Json(await city.ReceiverSteward.PostAsJsonAsync("/api/v1/tickets/reports", report));
    }

    [Fact]
    public async Task The_same_exception_is_not_entered_twice_while_it_holds()
    {
        var card = await city.Resource();
        await Keep(card, Range);
        var ask = new { rule = "金额范围", item = "编号", value = "E1", reason = "一次性补助，已核实", until = DateTime.UtcNow.AddDays(2).ToString("yyyy-MM-dd") };
        var first = await Json(await city.Steward.PostAsJsonAsync(At(card, "exceptions"), ask));
        (await Refusal(await city.Steward.PostAsJsonAsync(At(card, "exceptions"), ask))).ShouldBe("QUA-406");
        (await city.Steward.DeleteAsync(At(card, $"exceptions/{first.GetGuid()}"))).EnsureSuccessStatusCode();
        await Json(await city.Steward.PostAsJsonAsync(At(card, "exceptions"), ask));
    }

    [Fact]
    public async Task Rows_at_fault_together_are_listed_with_their_ticket_and_as_a_file_and_a_rule_on_the_table_says_that_it_has_none()
    {
        var card = await city.Resource(null, null, ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("区划", column: "division", level: Level.L1), ItemCard.Of("街道", column: "street", level: Level.L1));
        await Keep(card, "rules:\n- {name: 区划定街道, kind: Depends, columns: [区划, 街道], dimension: Consistency}\n- {name: 行数不骤减, kind: Volume, dimension: Timeliness, limit: 0.5}\n");
        var batch = await city.Collect(card, "编号,区划,街道\nF1,330784001,东城街道\nF2,330784001,东城街道\nF3,330784001,西城街道\nF4,330784002,江南街道\n");
        Counts((await city.Tickets(card))[0]).ShouldBe((1, 1, 0));
        foreach (var at in new[] { $"rows?rule={Uri.EscapeDataString("区划定街道")}", $"rows?rule={Uri.EscapeDataString("区划定街道")}&batch={batch}" })
        {
            var row = (await Json(await city.Steward.GetAsync(At(card, at)))).GetProperty("rows").EnumerateArray().Single();
            (row.GetProperty("line").GetInt64(), row.GetProperty("values").EnumerateArray().First().GetString()).ShouldBe((4, "F3"));   // the third record, below the header
        }

        (await city.Steward.GetStringAsync(At(card, $"rows/export?rule={Uri.EscapeDataString("区划定街道")}&format=csv"))).ShouldContain("西城街道");
        (await city.Steward.GetStringAsync(new Uri($"/quality/{card.Id}/rows?rule={Uri.EscapeDataString("区划定街道")}", UriKind.Relative))).ShouldContain("西城街道");
        (await Refusal(await city.Steward.GetAsync(At(card, $"rows?rule={Uri.EscapeDataString("行数不骤减")}")))).ShouldBe("QUA-421");
        await city.Collect(card, "编号,区划,街道\nF3,330784001,东城街道\n");
        await city.Ticket(card, t => QualityCity.State(t) == "Closed");
    }

    [Fact]
    public async Task What_is_wrong_in_a_file_of_rules_is_said_in_the_reader_s_words_with_its_line()
    {
        var card = await city.Resource();
        await Refused(card, Range.Replace("least: 0", "limit: x.nan", StringComparison.Ordinal), "第 2 行", "x.nan", "数字");
        await Refused(card, Range.Replace("kind: Range", "kind: Formatx", StringComparison.Ordinal), "第 2 行", "Formatx", "没有这种取值");
        await Refused(card, Range.Replace("least: 0", "lest: 0", StringComparison.Ordinal), "第 2 行", "lest", "这个键");
        await Refused(card, "weights: {Accuracy: -10, Completeness: 110}\n" + Range, "第 1 行", "准确性", "-10");
        await Refused(card, "rules: [", "第");
    }

    [Fact]
    public async Task Pages_name_kinds_and_rules_of_the_catalogue_in_Chinese_and_a_ticket_names_both_items_of_a_comparison()
    {
        var card = await city.Resource(null, null, ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("登记日期", ItemType.Date, "begun", level: Level.L1), ItemCard.Of("注销日期", ItemType.Date, "ended", level: Level.L1));
        await Keep(card, "rules:\n- {name: 先登记后注销, kind: Compare, columns: [注销日期, 登记日期], dimension: Consistency, is: AtLeast}\n");
        await city.Collect(card, "编号,登记日期,注销日期\nG1,2026-02-01,2026-01-01\n");
        (await city.Detail(QualityCity.Number((await city.Tickets(card))[0]))).GetProperty("lines").EnumerateArray().Single().GetProperty("item").GetString().ShouldBe("注销日期、登记日期");
        var page = await city.Steward.GetStringAsync(new Uri($"/quality/{card.Id}", UriKind.Relative));
        page.ShouldContain("两项比较");
        page.ShouldContain("编号·必填");
        page.ShouldNotContain("code required");
        page.ShouldNotContain(">Compare<");
    }

    [Fact]
    public async Task The_page_of_a_batch_that_is_held_back_says_so_and_leads_to_its_ticket_and_the_gate()
    {
        var card = await city.Resource();
        var batch = await city.Collect(card, "编号,姓名,金额\nH1,张三,1\nH2,,2\n");
        var number = QualityCity.Number((await city.Tickets(card))[0]);
        await Decision(batch, d => !d.GetProperty("admitted").GetBoolean());
        var page = await city.Steward.GetStringAsync(new Uri($"/batches/{batch}", UriKind.Relative));
        foreach (var said in new[] { "未准入", "质量未达标", "填写新批次号", $"/tickets/{number}", "/gates" })
        {
            page.ShouldContain(said);
        }

        await city.Replay(batch, $"问题编号,编号,姓名,金额\n{batch}#1,H2,李四,2\n");
        await Decision(batch, d => d.GetProperty("admitted").GetBoolean());
        (await city.Steward.GetStringAsync(new Uri($"/batches/{batch}", UriKind.Relative))).ShouldContain("已准入");
    }

    private static (long Found, long Open, long Mended) Counts(JsonElement ticket) => (ticket.GetProperty("found").GetInt64(), ticket.GetProperty("open").GetInt64(), ticket.GetProperty("mended").GetInt64());

    private static Uri At(ResourceCard card, string rest) => new($"/api/v1/rules/{card.Id}/{rest}", UriKind.Relative);

    private async Task Keep(ResourceCard card, string yaml)
    {
        await Json(await city.Steward.PutAsJsonAsync(At(card, "draft"), new { yaml }));
        await Json(await city.Engineer.PostAsync(At(card, "in-force"), null));
    }

    /// <summary>The draft is refused with its place and in these words.</summary>
    private async Task Refused(ResourceCard card, string yaml, params string[] words)
    {
        var answer = await city.Steward.PutAsJsonAsync(At(card, "draft"), new { yaml });
        (await Refusal(answer)).ShouldBe("QUA-401");
        var told = await answer.Content.ReadAsStringAsync();
        words.ShouldAllBe(word => told.Contains(word, StringComparison.Ordinal), told);
    }

    private async Task<JsonElement> View(ResourceCard card) => await Json(await city.Steward.GetAsync(new Uri($"/api/v1/rules/of/{card.Code}", UriKind.Relative)));

    private Task<JsonElement> Decision(string batch, Func<JsonElement, bool> isSo) => Wait.For(
        async () =>
        {
            var answer = await city.Engineer.GetAsync(new Uri($"/api/v1/gates/batches/{batch}", UriKind.Relative));
            return answer.IsSuccessStatusCode ? await Json(answer) : default;
        },
        d => d.ValueKind == JsonValueKind.Object && isSo(d));
}
