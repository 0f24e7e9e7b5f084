// Kept rules tell nobody values that the policy masks for them: neither by what is written in rules, nor by counts, rows, exceptions, suggestions, profiles, other tables, or batches of others.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using static Lizhou.Tests.County;

namespace Lizhou.Quality.Tests;

public sealed class KeptSightTests(QualityCity city) : IClassFixture<QualityCity>
{
    private static readonly ItemCard[] Items =
    [
        ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("姓名", column: "name", level: Level.L4), ItemCard.Of("病种", column: "disease", level: Level.L3),
        ItemCard.Of("金额", ItemType.Money, "amount", level: Level.L1),
    ];

    private const string Diseases = """
        rules:
        - name: 病种范围
          kind: CodeList
          columns: [disease]
          dimension: Conformity
          values: [尘肺病, 矽肺病]
          reason: 病种不在范围内
        """;

    [Fact]
    public async Task A_batch_of_another_unit_is_not_profiled_through_a_resource_of_one_s_own()
    {
        var (own, foreign) = (await city.Resource(null, null, Items), await city.Resource("他单位病例", QualityCity.Receiver, Items));
        await city.Collect(own, "编号,姓名,病种,金额\nA1,张三丰,尘肺病,1\n");
        var number = await city.Collect(foreign, "编号,姓名,病种,金额\nF1,欧阳锋,蛇毒症,77\n");
        await Scanned(own, 1);
        await Scanned(foreign, 1);
        var batch = (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/batches/{number}", UriKind.Relative)))).GetProperty("batch").GetProperty("id").GetGuid();
        (await city.ReceiverSteward.GetStringAsync(At(foreign, $"profile?batch={batch}"))).ShouldContain("蛇毒症");
        (await Refusal(await city.Steward.GetAsync(At(own, $"profile?batch={batch}")))).ShouldBe("QUA-407");
    }

    [Fact]
    public async Task A_rule_looks_into_tables_of_the_catalogue_alone_and_of_other_units_into_what_everybody_may_see()
    {
        var (card, own, foreign) = (await city.Resource(null, null, Items), await city.Resource(null, null, Items), await city.Resource("他单位名册", QualityCity.Receiver, Items));
        await city.Collect(own, "编号,姓名,病种,金额\nA1,张三丰,尘肺病,1\n");
        await city.Collect(foreign, "编号,姓名,病种,金额\nF1,欧阳锋,蛇毒症,77\n");
        Task<string> Saved(HttpClient who, string other) => Refused(who, card, $"rules:\n- {{name: 引用, kind: Reference, columns: [code], dimension: Consistency, other: {other}}}\n");
        (await Saved(city.Steward, $"landing.{foreign.Table}.name")).ShouldBe("QUA-415");
        (await Saved(city.Steward, $"landing.{foreign.Table}.disease")).ShouldBe("QUA-415");
        (await Saved(city.Steward, $"landing.{foreign.Table}.code")).ShouldBe("200");
        (await Saved(city.Steward, $"landing.{own.Table}.name")).ShouldBe("QUA-415", "its own unit's, and masked for the steward all the same");
        (await Saved(city.Steward, $"landing.{own.Table}.disease")).ShouldBe("200");
        (await Saved(city.Engineer, $"landing.{own.Table}.disease")).ShouldBe("QUA-415");
        (await Saved(city.Steward, "landing.no_such_table.x")).ShouldBe("QUA-401");
        (await Saved(city.Steward, $"landing.{own.Table}._batch")).ShouldBe("QUA-401", "no item of the catalogue");
    }

    [Fact]
    public async Task Who_does_not_see_an_item_in_clear_neither_writes_nor_reads_rules_by_its_values_and_leaves_those_of_others_in_place()
    {
        var card = await city.Resource(null, null, Items);
        (await Refused(city.Steward, card, Diseases.Replace("disease", "name", StringComparison.Ordinal))).ShouldBe("QUA-414");
        (await Refused(city.Engineer, card, Diseases)).ShouldBe("QUA-414");
        (await Refused(city.Engineer, card, "rules:\n- {name: 查人, kind: Denial, dimension: Accuracy, never: [{column: disease, value: 尘肺病}]}\n")).ShouldBe("QUA-414");
        (await Refused(city.Engineer, card, "rules:\n- {name: 病种不空, kind: NotNull, columns: [disease], dimension: Completeness}\n")).ShouldBe("200", "that a cell is empty is seen in the mask too");

        (await Refused(city.Steward, card, Diseases)).ShouldBe("200");
        var seen = await Json(await city.Engineer.PutAsJsonAsync(At(card, "draft"), new { yaml = "rules:\n- {name: 病种不空, kind: NotNull, columns: [disease], dimension: Completeness}\n" }));
        seen.GetProperty("hidden").GetInt32().ShouldBe(1);
        seen.GetProperty("draft").GetString()!.ShouldNotContain("矽肺病");
        (await Refused(city.Engineer, card, "rules:\n- {name: 病种范围, kind: NotNull, columns: [disease], dimension: Completeness}\n")).ShouldBe("QUA-401", "one of that name stands there unseen");
        var draft = (await Json(await city.Steward.GetAsync(At(card, "")))).GetProperty("draft").GetString()!;
        draft.ShouldContain("矽肺病");
        draft.ShouldContain("病种不空");
        (await city.Steward.PostAsync(At(card, "in-force"), null)).EnsureSuccessStatusCode();

        var batch = await city.Collect(card, "编号,姓名,病种,金额\nA1,张三丰,尘肺病,1\nA2,李四光,蛇毒症,2\nA3,王五,蛇毒症,3\n");
        await Scanned(card, 3);
        async Task<(long Failed, bool Hidden)> Rule(HttpClient who) => (await Json(await who.GetAsync(At(card, "")))).GetProperty("rules").EnumerateArray()
            .Where(r => r.GetProperty("name").GetString() == "病种范围").Select(r => (r.GetProperty("failed").GetInt64(), r.GetProperty("hidden").GetBoolean())).Single();
        (await Rule(city.Steward)).ShouldBe((2, false));
        (await Rule(city.Engineer)).ShouldBe((1, true));
        var rows = $"rows?rule={Uri.EscapeDataString("病种范围")}";
        (await city.Steward.GetStringAsync(At(card, rows))).ShouldContain("A2");
        (await Refusal(await city.Engineer.GetAsync(At(card, rows)))).ShouldBe("QUA-414");
        (await Refusal(await city.Steward.GetAsync(At(card, rows + "&batch=20200101-0001")))).ShouldBe("QUA-303", "never the rows of all batches instead");
        (await city.Steward.GetStringAsync(At(card, $"{rows}&batch={batch}"))).ShouldContain("A3");

        Task<HttpResponseMessage> Except(HttpClient who, string item, string value) =>
            who.PostAsJsonAsync(At(card, "exceptions"), new { rule = "病种范围", item, value, reason = "已核实", until = DateTime.UtcNow.AddDays(9).ToString("yyyy-MM-dd") });
        (await Refusal(await Except(city.Engineer, "病种", "蛇毒症"))).ShouldBe("QUA-414");
        (await Refusal(await Except(city.Engineer, "编号", "A2"))).ShouldBe("QUA-414");
        (await Refusal(await Except(city.Steward, "姓名", "李四光"))).ShouldBe("QUA-414");
        (await Except(city.Steward, "病种", "蛇毒症")).EnsureSuccessStatusCode();
        (await city.Steward.GetStringAsync(At(card, "exceptions"))).ShouldContain("蛇毒症");
        (await city.Engineer.GetStringAsync(At(card, "exceptions"))).ShouldNotContain("蛇毒症");
        foreach (var tab in new[] { "rules", "edit", "suggestions", "profile", "exceptions" })
        {
            var page = await city.Engineer.GetStringAsync(new Uri($"/quality/{card.Id}?tab={tab}", UriKind.Relative));
            page.ShouldNotContain("蛇毒症");
            page.ShouldNotContain("矽肺病");
        }
    }

    [Fact]
    public async Task Which_rows_share_a_value_is_told_only_to_those_who_see_it_for_a_file_of_guesses_would_find_it_out()
    {
        var card = await city.Resource(null, null, Items);
        (await Refused(city.Steward, card, """
            rules:
            - {name: 姓名唯一, kind: Unique, columns: [name], dimension: Accuracy}
            - {name: 病种唯一, kind: Unique, columns: [disease], dimension: Accuracy}
            """)).ShouldBe("200");
        (await city.Steward.PostAsync(At(card, "in-force"), null)).EnsureSuccessStatusCode();
        await city.Collect(card, "编号,姓名,病种,金额\nA1,张三丰,尘肺病,1\nA2,李四光,矽肺病,2\n");
        await city.Collect(card, "编号,姓名,病种,金额\nG1,张三丰,尘肺病,0\nG2,王五,蛇毒症,0\n");
        await Scanned(card, 4);
        string Rows(string rule) => $"rows?rule={Uri.EscapeDataString(rule)}";
        (await Refusal(await city.Steward.GetAsync(At(card, Rows("姓名唯一"))))).ShouldBe("QUA-414", "names are masked for the steward");
        (await Refusal(await city.Steward.GetAsync(At(card, $"rows/export?rule={Uri.EscapeDataString("姓名唯一")}&format=csv")))).ShouldBe("QUA-414");
        (await city.Steward.GetStringAsync(At(card, Rows("病种唯一")))).ShouldContain("尘肺病");
        (await Refusal(await city.Engineer.GetAsync(At(card, Rows("病种唯一"))))).ShouldBe("QUA-414");
        var told = (await Json(await city.Steward.GetAsync(At(card, "")))).GetProperty("rules").EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!, r => (r.GetProperty("failed").GetInt64(), r.GetProperty("rows").GetBoolean()));
        (told["姓名唯一"], told["病种唯一"]).ShouldBe(((2, false), (2, true)), "how many is told, which only where the values are seen");
    }

    [Fact]
    public async Task Suggestions_by_masked_values_are_counted_and_not_shown_and_an_accepted_one_quotes_no_value_beside_it()
    {
        var card = await city.Resource(null, null, Items);
        await city.Collect(card, "编号,姓名,病种,金额\n" + string.Concat(Enumerable.Range(0, 400).Select(i => $"E{i:D4},甲{i},{(i % 3) switch { 0 => "尘肺病", 1 => "矽肺病", _ => "硅肺病" }},{i}\n")) + "E9999,乙,尘肺病病,1\n");
        await Scanned(card, 401);
        var (steward, engineer) = (await Json(await city.Steward.GetAsync(At(card, "suggestions"))), await Json(await city.Engineer.GetAsync(At(card, "suggestions"))));
        string Rule(JsonElement s) => s.GetProperty("rule").GetString()!;
        bool OfDisease(JsonElement s) => s.GetProperty("columns").EnumerateArray().Any(c => c.GetString() == "disease");
        var seen = steward.GetProperty("items").EnumerateArray().Where(s => OfDisease(s) && s.GetProperty("kind").GetString() is "CodeList" or "Slip").ToList();
        seen.ShouldNotBeEmpty();
        engineer.GetProperty("hidden").GetInt32().ShouldBeGreaterThanOrEqualTo(seen.Count);
        engineer.ToString().ShouldNotContain("肺病");
        (await Refusal(await city.Engineer.PostAsJsonAsync(At(card, "suggestions"), new { rule = Rule(seen[0]), accept = true }))).ShouldBe("QUA-405");
        (await city.Steward.PostAsJsonAsync(At(card, "suggestions"), new { rule = Rule(seen[0]), accept = true })).EnsureSuccessStatusCode();
        (await Json(await city.Steward.GetAsync(At(card, "")))).GetProperty("draft").GetString()!.ShouldNotContain("#");
        (await city.Engineer.GetStringAsync(At(card, ""))).ShouldNotContain("肺病");
        (await city.Engineer.GetStringAsync(At(card, "profile"))).ShouldNotContain("尘肺病");
    }

    [Fact]
    public async Task Who_sees_some_rows_alone_is_told_no_value_of_all_of_them()
    {
        var card = await city.Resource(null, null, Items);
        await city.Collect(card, "编号,姓名,病种,金额\nA1,张三丰,尘肺病,1\nA2,李四光,蛇毒症,2\n");
        await Scanned(card, 2);
        (await city.Steward.GetStringAsync(At(card, "profile"))).ShouldContain("蛇毒症");
        using var security = await city.As(Roles.SecurityAdministrator);
        var at = new Uri("/api/v1/policy/", UriKind.Relative);
        async Task<string> Policy(Func<string, string> change)
        {
            var last = (await Json(await security.GetAsync(at))).EnumerateArray().MaxBy(v => v.GetProperty("number").GetInt64());
            var before = last.GetProperty("rules").GetString()!;
            change(before).ShouldNotBe(before);
            await Json(await security.PostAsJsonAsync(at, new { rules = change(before), seen = last.GetProperty("number").GetInt64(), note = "试行" }));
            return before;
        }

        const string OwnUnit = "\"ownUnit\": true,";
        var usual = await Policy(rules => rules.Replace(OwnUnit, $$"""{{OwnUnit}} "rows": {"column": "code", "is": "Equal", "value": "A1"},""", StringComparison.Ordinal));
        try
        {
            (await city.Steward.GetStringAsync(At(card, "profile"))).ShouldNotContain("尘肺病");
            (await Refused(city.Steward, card, Diseases)).ShouldBe("QUA-414");
        }
        finally
        {
            await Policy(_ => usual);
        }
    }

    [Fact]
    public async Task Rules_that_are_no_plain_text_or_compare_with_what_a_column_cannot_hold_are_refused_with_their_line()
    {
        var card = await city.Resource(null, null, Items);
        await city.Collect(card, "编号,姓名,病种,金额\nA1,张三丰,尘肺病,1\n");
        string[] wrong =
        [
            "rules: [~]", "rules:\n- {name: a, kind: NotNull, columns: ~, dimension: Accuracy}", "rules:\n- {name: a, kind: NotNull, columns: [~], dimension: Accuracy}", "rules:\n- {name: ~, kind: NotNull, columns: [code], dimension: Accuracy}",
            "rules:\n- {name: a, kind: Denial, dimension: Accuracy, never: [~]}", "rules:\n- {name: a, kind: Denial, dimension: Accuracy, never: [{column: ~, value: x}]}", "rules:\n- {name: a, kind: CodeList, columns: [code], dimension: Accuracy, values: [~]}",
            "rules:\n- {name: a, kind: NeverFalls, columns: [code, code, amount], dimension: Accuracy, of: [~]}", "rules: {a: b}", "rules: x", "[]", "weights: [~]\nrules: []", "x: &a [1]\nrules: [*a]",
            "rules: &a\n- &b {name: a, kind: NotNull, columns: [code], dimension: Accuracy}\n- *b\n", $"rules: {new string('[', 30)}{new string(']', 30)}",
            "rules:\n" + string.Concat(Enumerable.Range(0, 501).Select(i => $"- {{name: r{i}, kind: NotNull, columns: [code], dimension: Accuracy}}\n")),
            $"rules:\n- {{name: a, kind: Denial, dimension: Accuracy, never: [{string.Join(',', Enumerable.Repeat("{column: code, value: x}", 51))}]}}",
            "rules:\n- {name: a, kind: Range, columns: [amount], dimension: Accuracy, least: 一百}", "rules:\n- {name: a, kind: Denial, dimension: Accuracy, never: [{column: amount, value: 很多}]}",
        ];
        foreach (var yaml in wrong)
        {
            (await Refused(city.Steward, card, yaml)).ShouldBe("QUA-401", yaml[..Math.Min(120, yaml.Length)]);
        }

        (await Refused(city.Steward, card, "rules:\n- {name: 金额上限, kind: Range, columns: [amount], dimension: Accuracy, most: 100}")).ShouldBe("200");
        (await city.Steward.PostAsync(At(card, "in-force"), null)).EnsureSuccessStatusCode();
        (await Refusal(await city.Steward.PostAsJsonAsync(At(card, "exceptions"), new { rule = "金额上限", item = "金额", value = "一万", reason = "已核实", until = DateTime.UtcNow.AddDays(9).ToString("yyyy-MM-dd") }))).ShouldBe("QUA-406");
    }

    [Fact]
    public async Task A_rule_over_rows_together_that_the_engine_cannot_run_is_told_on_the_resource_s_page()
    {
        var card = await city.Resource(null, null, Items);
        (await Refused(city.Steward, card, "rules:\n- {name: 名单合计, kind: AddsUp, columns: [code, disease], dimension: Consistency, whole: [{column: code, value: A1}], parts: [{column: code, value: A2}]}")).ShouldBe("200");
        (await city.Steward.PostAsync(At(card, "in-force"), null)).EnsureSuccessStatusCode();
        await city.Collect(card, "编号,姓名,病种,金额\nA1,张三丰,尘肺病,1\nA2,李四光,蛇毒症,2\n");
        var view = await Wait.For(async () => await Json(await city.Steward.GetAsync(At(card, ""))), v => v.GetProperty("fault").ValueKind == JsonValueKind.String);
        view.GetProperty("fault").GetString()!.ShouldContain("规则“名单合计”无法执行");
        view.GetProperty("fault").GetString()!.ShouldNotContain("蛇毒症");
    }

    private static Uri At(ResourceCard card, string rest) => new($"/api/v1/rules/{card.Id}{(rest.Length == 0 ? "" : "/")}{rest}", UriKind.Relative);

    /// <summary>The code of the refusal of a draft; 200 when it was saved.</summary>
    private static async Task<string> Refused(HttpClient who, ResourceCard card, string yaml)
    {
        var answer = await who.PutAsJsonAsync(At(card, "draft"), new { yaml });
        return answer.IsSuccessStatusCode ? "200" : await Refusal(answer);
    }

    private Task<JsonElement> Scanned(ResourceCard card, long rows) =>
        Wait.For(async () => await Json(await city.Engineer.GetAsync(At(card, ""))), v => v.GetProperty("rows") is { ValueKind: JsonValueKind.Number } all && all.GetInt64() == rows && v.GetProperty("scannedAt").ValueKind == JsonValueKind.String);
}
