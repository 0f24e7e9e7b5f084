// What a unit and a single engineer cannot do to their own figures: open the gate by taking rules away, lower what a model derives, mend by sending the same again, look fresh by a date to come, answer for others, report what is not there.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Tests.Support;
using static Lizhou.Tests.County;

namespace Lizhou.Quality.Tests;

public sealed class KeptGuardTests(QualityCity city) : IClassFixture<QualityCity>
{
    private const string Range = "rules:\n- {name: 金额范围, kind: Range, columns: [金额], dimension: Accuracy, severity: Serious, least: 0, most: 1000}\n";

    [Fact]
    public async Task What_a_model_derives_is_not_lowered_by_one_engineer()
    {
        var card = await city.Resource(null, null, ItemCard.Of("编号", column: "no", key: true, required: true, level: Level.L1), ItemCard.Of("联系电话", column: "contact", level: Level.L3), ItemCard.Of("街道", column: "street", level: Level.L1));
        await city.Collect(card, "编号,联系电话,街道\nM1,13800000001,东城街道\n");
        var text = $"---\nname: guard_a\ntitle: 登记（模拟）\nlayer: standard\nowner: 模拟民政局\nclass: \"303001\"\nkey: []\ncolumns:\n  street: {{title: 街道}}\n---\nSELECT no, contact, street FROM {card.Table}";
        var model = (await Json(await city.Engineer.PostAsJsonAsync("/api/v1/models/", new { text }))).GetProperty("id").GetGuid();
        var run = (await Json(await city.Engineer.PostAsJsonAsync("/api/v1/model-runs/", new { models = new[] { "guard_a" } }))).GetProperty("number").GetString();
        await Wait.Until(async () => (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/model-runs/{run}", UriKind.Relative)))).GetProperty("state").GetString() is not ("Waiting" or "Running"));
        var line = (await Levels(model)).Single(l => l.GetProperty("column").GetString() == "street");
        line.GetProperty("suggested").GetString().ShouldBe("L1");
        var ask = new { resource = model, item = line.GetProperty("item").GetGuid(), confirm = true, reason = "街道是公开信息" };
        (await Refusal(await city.Engineer.PostAsJsonAsync("/api/v1/rules/levels", ask))).ShouldBe("QUA-422");
    }

    [Fact]
    public async Task A_unit_makes_rules_stricter_and_only_the_bureau_takes_them_out_or_weakens_them()
    {
        var card = await city.Resource();
        await Keep(card, Range, city.Engineer);
        var batch = await city.Collect(card, "编号,姓名,金额\nA1,张三丰,1\nA2,李四光,2000\nA3,王五,3\n");
        await city.Tickets(card);
        foreach (var weaker in new[] { "rules: []\n", Range.Replace("1000", "9000", StringComparison.Ordinal), Range.Replace("Serious", "Notice", StringComparison.Ordinal), Range.Replace("金额范围", "另一条", StringComparison.Ordinal), "weights: {Completeness: 100}\n" + Range })
        {
            (await Refusal(await Force(card, weaker, city.Steward))).ShouldBe("QUA-423", weaker);
        }

        (await city.Engineer.GetStringAsync(new Uri($"/quality/{card.Id}?tab=edit&lang=zh-CN", UriKind.Relative))).ShouldContain("由主管部门生效");
        await Json(await Force(card, Range.Replace("1000", "500", StringComparison.Ordinal) + "- {name: 姓名必填, kind: NotNull, columns: [name], dimension: Completeness}\n", city.Steward));
        QualityCity.State((await city.Tickets(card))[0]).ShouldBe("Open");
        await Keep(card, "rules: []\n", city.Engineer);
        (await city.Ticket(card, t => QualityCity.State(t) == "Closed")).GetProperty("outcome").GetString().ShouldBe("RuleGone");
        batch.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_rule_that_is_newer_than_the_rows_makes_tickets_of_them_and_does_not_take_back_what_was_admitted()
    {
        var card = await city.Resource();
        var batch = await city.Collect(card, "编号,姓名,金额\nB1,张三丰,1\nB2,李四光,2000\nB3,王五,3000\n");
        await Wait.Until(async () => await Admitted(batch) == true && await Rows(card) == 3);
        await Keep(card, Range, city.Engineer);
        Counts((await city.Tickets(card))[0]).ShouldBe((2, 2, 0));
        (await Admitted(batch)).ShouldBe(true);
        await city.Collect(card, "编号,姓名,金额\nB2,李四光,20\nB3,王五,30\n");
        Counts(await city.Ticket(card, t => QualityCity.State(t) == "Closed")).ShouldBe((2, 0, 2));
    }

    [Fact]
    public async Task Rows_that_come_again_as_wrong_as_before_are_not_mended_and_count_once_in_the_ticket_they_had()
    {
        var card = await city.Resource();
        await Keep(card, Range, city.Engineer);
        await city.Collect(card, "编号,姓名,金额\nC1,张三丰,1\nC2,李四光,2000\nC3,王五,3000\nC4,赵六,4000\n");
        Counts((await city.Tickets(card))[0]).ShouldBe((3, 3, 0));
        var again = await city.Collect(card, "编号,姓名,金额\nC2,李四光二,2000\nC3,王五,30\nC9,孙七,9000\n");
        // C2 still wrong, C3 mended, C4 not sent, C9 wrong and new.
        Counts(await city.Ticket(card, t => t.GetProperty("mended").GetInt64() == 1)).ShouldBe((4, 3, 1));
        await city.Undo(again, "发错了");
        Counts(await city.Ticket(card, t => t.GetProperty("mended").GetInt64() == 0)).Open.ShouldBe(3);
        await city.Collect(card, "编号,姓名,金额\nC2,李四光,20\nC3,王五,30\nC4,赵六,40\n");
        (await city.Ticket(card, t => QualityCity.State(t) == "Closed")).GetProperty("mended").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task A_date_to_come_makes_no_table_fresh()
    {
        var card = await city.Resource(null, null, ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("登记日期", ItemType.Date, "day", level: Level.L1), ItemCard.Of("更新时间", ItemType.Moment, "at", level: Level.L1));
        await Keep(card, "rules:\n- {name: 日期, kind: Freshness, columns: [登记日期], dimension: Timeliness, limit: 30}\n- {name: 时间, kind: Freshness, columns: [更新时间], dimension: Timeliness, limit: 30}\n", city.Engineer);
        await city.Collect(card, "编号,登记日期,更新时间\nD1,2024-01-01,2024-01-01 08:00:00\nD2,2090-01-01,2090-01-01 08:00:00\n");
        await Wait.Until(async () => await Rows(card) == 2);
        foreach (var rule in (await View(card)).GetProperty("rules").EnumerateArray().Where(r => r.GetProperty("kind").GetString() == "Freshness"))
        {
            rule.GetProperty("failed").GetInt64().ShouldBe(1, rule.ToString());
            rule.GetProperty("figure").GetDouble().ShouldBeGreaterThan(300);
        }
    }

    [Theory]
    [InlineData("{name: 新, kind: Freshness, columns: [姓名], dimension: Timeliness, limit: 30}", "不是日期")]
    [InlineData("{name: 号, kind: CheckCharacter, columns: [金额], dimension: Accuracy, check: IdNumber}", "不是字符")]
    [InlineData("{name: 一, kind: Unique, columns: [姓名, name], dimension: Accuracy}", "写了两次")]
    [InlineData("{name: 比, kind: Compare, columns: [姓名, 编号], dimension: Accuracy, is: Above}", "AtLeast")]
    public async Task What_an_item_s_type_cannot_answer_is_refused_when_it_is_saved(string rule, string words)
    {
        var card = await city.Resource();
        var answer = await city.Steward.PutAsJsonAsync(At(card, "draft"), new { yaml = $"rules:\n- {rule}\n" });
        (await Refusal(answer)).ShouldBe("QUA-401");
        (await answer.Content.ReadAsStringAsync()).ShouldContain(words);
    }

    [Fact]
    public async Task A_receiver_reports_rows_it_receives_and_no_others()
    {
        var card = await city.Resource(null, null, ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("街镇", column: "town", level: Level.L1));
        await city.Collect(card, "编号,街镇\nE1,望春街道\n");
        var ask = new { resources = new[] { new { resource = card.Id } }, purpose = "核对", scene = "补贴", basis = "《模拟办法》", until = DateTime.UtcNow.AddDays(30).ToString("yyyy-MM-dd") };
        var grant = (await Json(await city.ReceiverSteward.PostAsJsonAsync("/api/v1/requests", ask)))[0].GetProperty("grant").GetString()!;
        Task<HttpResponseMessage> Report(string key) => city.ReceiverSteward.PostAsJsonAsync("/api/v1/tickets/reports", new { grant, column = "town", key, wrong = "应为方岩镇" });
        (await Refusal(await Report("NOKEY"))).ShouldBe("QUA-114");
        await Json(await Report("E1"));
    }

    [Fact]
    public async Task The_bureau_does_not_answer_a_ticket_in_the_source_unit_s_place()
    {
        var card = await city.Resource();
        await city.Collect(card, "编号,姓名,金额\nF1,,1\n");
        var number = QualityCity.Number((await city.Tickets(card))[0]);
        foreach (var step in new[] { "Explain", "Object", "Mend" })
        {
            (await Refusal(await city.Step(city.Engineer, number, step, "代为说明"))).ShouldBe("QUA-103");
        }

        await Json(await city.Step(city.Steward, number, "Explain", "该对象无姓名"));
    }

    private static (long Found, long Open, long Mended) Counts(JsonElement ticket) => (ticket.GetProperty("found").GetInt64(), ticket.GetProperty("open").GetInt64(), ticket.GetProperty("mended").GetInt64());

    private static Uri At(ResourceCard card, string rest) => new($"/api/v1/rules/{card.Id}/{rest}", UriKind.Relative);

    private async Task<HttpResponseMessage> Force(ResourceCard card, string yaml, HttpClient who)
    {
        await Json(await city.Steward.PutAsJsonAsync(At(card, "draft"), new { yaml }));
        return await who.PostAsync(At(card, "in-force"), null);
    }

    private async Task Keep(ResourceCard card, string yaml, HttpClient who) => await Json(await Force(card, yaml, who));

    private async Task<JsonElement> View(ResourceCard card) => await Json(await city.Steward.GetAsync(new Uri($"/api/v1/rules/of/{card.Code}", UriKind.Relative)));

    private async Task<long?> Rows(ResourceCard card) => (await View(card)).GetProperty("rows") is { ValueKind: JsonValueKind.Number } rows ? rows.GetInt64() : null;

    private async Task<bool?> Admitted(string batch)
    {
        var answer = await city.Engineer.GetAsync(new Uri($"/api/v1/gates/batches/{batch}", UriKind.Relative));
        return answer.IsSuccessStatusCode ? (await Json(answer)).GetProperty("admitted").GetBoolean() : null;
    }

    private async Task<List<JsonElement>> Levels(Guid resource) =>
        [.. (await Json(await city.Engineer.GetAsync(new Uri("/api/v1/rules/levels?size=200", UriKind.Relative)))).GetProperty("items").EnumerateArray().Where(l => l.GetProperty("resource").GetGuid() == resource)];
}
