// Rules kept for a resource, on the real program: a steward writes them and accepts suggested ones, each batch is scanned by them, the gate and the tickets follow, an exception clears a flag, an undone batch leaves nothing.
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Quality.Tests;

public sealed class KeptTests(QualityCity city) : IClassFixture<QualityCity>
{
    private const string Range = """
        rules:
        - name: 金额范围
          kind: Range
          columns: [金额]
          dimension: Accuracy
          severity: Serious
          least: 0
          most: 1000
          reason: 金额不在 0 到 1000 之间
        """;

    [Fact]
    public async Task What_cannot_be_read_is_refused_with_its_line_and_the_version_in_force_stays()
    {
        var card = await city.Resource();
        (await Refused(card, Range.Replace("Range", "Rangge", StringComparison.Ordinal))).ShouldBe("QUA-401");
        var answer = await city.Steward.PutAsJsonAsync(At(card, "draft"), new { yaml = Range + "\n- name: 第二条\n  kind: NotNull\n  columns: [没有的列]\n" });
        (await answer.Content.ReadAsStringAsync()).ShouldContain("第 10 行");
        (await Refused(card, "rules:\n- {name: 行数, kind: Volume, columns: [], dimension: Completeness, limit: 5}\n")).ShouldBe("QUA-401");
        (await (await city.Steward.PutAsJsonAsync(At(card, "draft"), new { yaml = Range.Replace("kind: Range", "kind: Format\n  pattern: '['", StringComparison.Ordinal) })).Content.ReadAsStringAsync()).ShouldContain("没有闭合");
        (await Refused(card, "weights: {Accuracy: 50, Completeness: 40}\n" + Range)).ShouldBe("QUA-401");
        (await Refused(card, Range.Replace("金额范围", "code required", StringComparison.Ordinal))).ShouldBe("QUA-401");
        (await Refusal(await city.ReceiverSteward.PutAsJsonAsync(At(card, "draft"), new { yaml = Range }))).ShouldBe("QUA-402");
        (await Refusal(await city.Steward.PostAsync(At(card, "in-force"), null))).ShouldBe("QUA-403");

        await Keep(card, Range);
        (await Refused(card, "{")).ShouldBe("QUA-401");
        var view = await View(card);
        view.GetProperty("version").GetInt32().ShouldBe(1);
        view.GetProperty("draft").ValueKind.ShouldBe(JsonValueKind.Null);
        var rules = view.GetProperty("rules").EnumerateArray().Select(r => (r.GetProperty("name").GetString(), r.GetProperty("from").GetString())).ToList();
        rules.ShouldContain(("金额范围", null));
        rules.ShouldContain(("code required", "目录"));

        await Keep(card, Range.Replace("1000", "500", StringComparison.Ordinal));
        (await View(card)).GetProperty("version").GetInt32().ShouldBe(2);
        await Audited("rules.in-force", card.Code, 2);
    }

    [Fact]
    public async Task A_batch_with_rows_at_fault_is_held_and_ticketed_and_mended_rows_close_the_ticket_and_admit_it()
    {
        var card = await city.Resource();
        await Keep(card, Range);
        var batch = await city.Collect(card, "编号,姓名,金额\nA1,张三丰,1\nA2,李四光,2000\nA3,王五,3\n");
        var ticket = (await city.Tickets(card))[0];
        (ticket.GetProperty("origin").GetString(), ticket.GetProperty("found").GetInt64()).ShouldBe(("Rule", 1));
        var rule = (await View(card)).GetProperty("rules").EnumerateArray().Single(r => r.GetProperty("name").GetString() == "金额范围");
        (rule.GetProperty("kind").GetString(), rule.GetProperty("dimension").GetString(), rule.GetProperty("severity").GetString()).ShouldBe(("Range", "Accuracy", "Serious"));
        var decision = await Decision(batch, d => !d.GetProperty("admitted").GetBoolean() && d.GetProperty("code").GetString() == "QUA-408");
        decision.GetProperty("what").GetString()!.ShouldContain("81.48%"); // completeness 100 % of weight 20, accuracy 66.67 % of weight 25
        (await Held(card)).ShouldBe([batch], "none of its rows was rejected, and it is held all the same");

        var rows = await Json(await city.Steward.GetAsync(At(card, $"rows?rule={Uri.EscapeDataString("金额范围")}&batch={batch}")));
        var row = rows.GetProperty("rows").EnumerateArray().Single();
        (row.GetProperty("file").GetInt32(), row.GetProperty("line").GetInt64()).ShouldBe((1, 3));
        row.GetProperty("values").EnumerateArray().First().GetString().ShouldBe("A2");

        var other = await city.Collect(card, "编号,姓名,金额\nA9,赵六,9000\n");
        await city.Tickets(card, 2);
        (await Flagged(card, other)).ShouldBe(["A9"]);
        (await Flagged(card, batch)).ShouldBe(["A2"]);

        await city.Collect(card, "编号,姓名,金额\nA2,李四光,20\nA9,赵六,90\n");
        await Wait.Until(async () => (await city.Tickets(card, 2)).All(t => QualityCity.State(t) == "Closed"));
        var closed = (await city.Tickets(card, 2))[0];
        closed.GetProperty("outcome").GetString().ShouldBe("Mended");
        await Decision(batch, d => d.GetProperty("admitted").GetBoolean());
        await Wait.Until(async () => (await View(card)).GetProperty("total").GetDecimal() == 100);
        (await Held(card)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_grave_rule_makes_a_ticket_at_least_as_grave_however_few_rows_break_it()
    {
        var card = await city.Resource();
        await Keep(card, Range);
        await city.Collect(card, "编号,姓名,金额\n" + string.Concat(Enumerable.Range(0, 400).Select(i => $"G{i},张三丰,{(i == 7 ? 5000 : 1)}\n")));
        (await city.Tickets(card))[0].GetProperty("severity").GetString().ShouldBe("Serious");

        var plain = await city.Resource();
        await Keep(plain, Range.Replace("Serious", "Ordinary", StringComparison.Ordinal));
        await city.Collect(plain, "编号,姓名,金额\n" + string.Concat(Enumerable.Range(0, 400).Select(i => $"H{i},张三丰,{(i == 7 ? 5000 : 1)}\n")));
        (await city.Tickets(plain))[0].GetProperty("severity").GetString().ShouldBe("Minor");
    }

    /// <summary>Numbers of the batches whose rows no model reads now.</summary>
    private async Task<List<string>> Held(ResourceCard card)
    {
        using var scope = city.Services.CreateScope();
        return [.. (await scope.ServiceProvider.GetRequiredService<IQualityGate>().Held(card.Id, default)).Select(h => h.Number)];
    }

    [Fact]
    public async Task An_exception_with_a_reason_and_a_last_day_clears_a_flag_until_it_ends()
    {
        var card = await city.Resource();
        await Keep(card, Range);
        await city.Collect(card, "编号,姓名,金额\nB1,张三丰,1\nB2,李四光,5000\n");
        await city.Tickets(card);
        object Ask(string? reason, string until) => new { rule = "金额范围", item = "编号", value = "B2", reason, until };
        (await Refusal(await city.Steward.PostAsJsonAsync(At(card, "exceptions"), Ask(null, "2999-01-01")))).ShouldBe("QUA-406");
        var last = DateTime.UtcNow.AddDays(2).ToString("yyyy-MM-dd");
        await Json(await city.Steward.PostAsJsonAsync(At(card, "exceptions"), Ask("一次性工伤补助，已核实", last)));
        await city.Ticket(card, t => QualityCity.State(t) == "Closed");
        await Audited("rules.excepted", card.Code, 1);

        var listed = (await Json(await city.Steward.GetAsync(At(card, "exceptions")))).EnumerateArray().Single();
        (await city.Steward.DeleteAsync(At(card, $"exceptions/{listed.GetProperty("id").GetGuid()}"))).EnsureSuccessStatusCode();
        await Wait.Until(async () => (await View(card)).GetProperty("total").GetDecimal() < 100);
    }

    [Fact]
    public async Task An_append_reads_the_new_file_alone_and_an_undone_batch_leaves_nothing_behind()
    {
        var card = await city.Resource();
        await Keep(card, Range);
        await city.Collect(card, Rows("C", 60));
        await Scanned(card, 60);
        var second = await city.Collect(card, Rows("D", 70));
        var view = await Scanned(card, 130);
        view.GetProperty("filesRead").GetInt32().ShouldBe(1);
        view.GetProperty("history").EnumerateArray().Count(s => s.GetProperty("batch").ValueKind == JsonValueKind.String).ShouldBe(2);

        await city.Undo(second, "发错了");
        view = await Scanned(card, 60);
        view.GetProperty("filesRead").GetInt32().ShouldBe(0);
        view.GetProperty("history").EnumerateArray().Count(s => s.GetProperty("batch").GetString() == second).ShouldBe(0);
    }

    [Fact]
    public async Task Suggested_rules_are_accepted_one_by_one_with_their_support_and_a_declined_one_does_not_come_again()
    {
        var card = await city.Resource(null, null, ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("区划", column: "division", level: Level.L1), ItemCard.Of("街道", column: "street", level: Level.L1));
        var text = new StringBuilder("编号,区划,街道\n");
        for (var i = 0; i < 400; i++)
        {
            text.Append($"E{i:D4},33078400{i % 9},{(i % 9) switch { 0 => "东城街道", 1 => "西城街道", 2 => "江南街道", _ => $"第{i % 9}镇" }}\n");
        }

        text.Append("E9999,3307840x1,东城街道\n");
        await city.Collect(card, text.ToString());
        await Scanned(card, 401);
        var found = (await Json(await city.Steward.GetAsync(At(card, "suggestions")))).GetProperty("items").EnumerateArray().ToList();
        found.Count.ShouldBeGreaterThan(1);
        found.ShouldAllBe(s => s.GetProperty("support").GetDouble() > 0.9);
        var (first, second) = (found[0].GetProperty("rule").GetString()!, found[1].GetProperty("rule").GetString()!);
        (await city.Steward.PostAsJsonAsync(At(card, "suggestions"), new { rule = first, accept = true })).EnsureSuccessStatusCode();
        (await Refusal(await city.Steward.PostAsJsonAsync(At(card, "suggestions"), new { rule = second, accept = false }))).ShouldBe("QUA-411");
        (await city.Steward.PostAsJsonAsync(At(card, "suggestions"), new { rule = second, accept = false, reason = "偶然" })).EnsureSuccessStatusCode();
        var left = (await Json(await city.Steward.GetAsync(At(card, "suggestions")))).GetProperty("items").EnumerateArray().Select(s => s.GetProperty("rule").GetString()).ToList();
        left.ShouldNotContain(first);
        left.ShouldNotContain(second);
        (await View(card)).GetProperty("draft").GetString()!.ShouldContain(first.Split(' ')[0]);
        (await city.Steward.PostAsync(At(card, "in-force"), null)).EnsureSuccessStatusCode();
        (await View(card)).GetProperty("rules").EnumerateArray().ShouldContain(r => r.GetProperty("name").GetString() == first);
    }

    [Fact]
    public async Task The_profile_counts_every_item_and_shows_values_as_the_policy_does()
    {
        var card = await city.Resource();
        await city.Collect(card, "编号,姓名,金额\nF1,张三丰,1.50\nF2,李四光,20\nF3,张三丰,\n");
        await Scanned(card, 3);
        var profile = (await Json(await city.Steward.GetAsync(At(card, "profile")))).EnumerateArray().ToDictionary(p => p.GetProperty("column").GetString()!);
        (profile["amount"].GetProperty("values").GetInt64(), profile["amount"].GetProperty("nulls").GetInt64()).ShouldBe((2, 1));
        (profile["amount"].GetProperty("least").GetString(), profile["amount"].GetProperty("most").GetString()).ShouldBe(("1.5", "20"));
        profile["name"].GetProperty("distinct").GetInt64().ShouldBe(2);
        JsonSerializer.Serialize(profile["code"]).ShouldContain("F1");
        (await Refusal(await city.ReceiverSteward.GetAsync(At(card, "profile")))).ShouldBe("QUA-402");
        await Audited("profile.read", card.Code, 1);
    }

    [Fact]
    public async Task The_recipe_s_rules_can_be_kept_as_they_stand()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "cookbook", "keep-rules.md"), TestContext.Current.CancellationToken);
        var yaml = page.Split("```yaml\n")[1].Split("```")[0];
        var card = await city.Resource(
            null, null, ItemCard.Of("编号", column: "code", key: true, level: Level.L1), ItemCard.Of("金额", ItemType.Money, "amount", level: Level.L1), ItemCard.Of("统计日期", ItemType.Date, "day", level: Level.L1),
            ItemCard.Of("登记日期", ItemType.Date, "registered", level: Level.L1), ItemCard.Of("注销日期", ItemType.Date, "ended", level: Level.L1), ItemCard.Of("街道", column: "street", level: Level.L1));
        await Keep(card, yaml);
        (await View(card)).GetProperty("rules").GetArrayLength().ShouldBe(4);
    }

    private static string Rows(string prefix, int many) => "编号,姓名,金额\n" + string.Concat(Enumerable.Range(0, many).Select(i => $"{prefix}{i},张三丰,{i}\n"));

    private static Uri At(ResourceCard card, string rest) => new($"/api/v1/rules/{card.Id}/{rest}", UriKind.Relative);

    private async Task Keep(ResourceCard card, string yaml)
    {
        await Json(await city.Steward.PutAsJsonAsync(At(card, "draft"), new { yaml }));
        await Json(await city.Steward.PostAsync(At(card, "in-force"), null));
    }

    private async Task<string> Refused(ResourceCard card, string yaml) => await Refusal(await city.Steward.PutAsJsonAsync(At(card, "draft"), new { yaml }));

    private async Task<JsonElement> View(ResourceCard card) => await Json(await city.Steward.GetAsync(new Uri($"/api/v1/rules/of/{card.Code}", UriKind.Relative)));

    /// <summary>Keys of the rows of a batch that the range flags.</summary>
    private async Task<List<string?>> Flagged(ResourceCard card, string batch) => [.. (await Json(await city.Steward.GetAsync(At(card, $"rows?rule={Uri.EscapeDataString("金额范围")}&batch={batch}"))))
        .GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("values").EnumerateArray().First().GetString())];

    /// <summary>The ledger has the act so often, done.</summary>
    private async Task Audited(string act, string subject, long times)
    {
        await using var connection = await city.Services.GetRequiredService<StateStore>().Open();
        Convert.ToInt64(await connection.Scalar(null, $"SELECT COUNT(*) FROM ledger_entry WHERE act = {act} AND subject = {subject} AND result = 'done'")).ShouldBe(times);
    }

    private Task<JsonElement> Scanned(ResourceCard card, long rows) => Wait.For(() => View(card), v => v.GetProperty("rows") is { ValueKind: JsonValueKind.Number } all && all.GetInt64() == rows);

    private Task<JsonElement> Decision(string batch, Func<JsonElement, bool> isSo) => Wait.For(
        async () =>
        {
            var answer = await city.Engineer.GetAsync(new Uri($"/api/v1/gates/batches/{batch}", UriKind.Relative));
            return answer.IsSuccessStatusCode ? await Json(answer) : default;
        },
        d => d.ValueKind == JsonValueKind.Object && isSo(d));
}
