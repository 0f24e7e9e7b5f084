// A value that fails a rule and is right all the same: flagged first, then let in by a documented exception; rejected rows mended on their page; flagged rows told by batch, file and line.
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lizhou.Contracts.Catalog;
using Lizhou.Tests.Support;
using static Lizhou.Tests.County;

namespace Lizhou.Quality.Tests;

public sealed class ExceptionAtDoorTests(QualityCity city) : IClassFixture<QualityCity>
{
    /// <summary>Really issued, and its check character is not the computed one.</summary>
    private const string Odd = "91350203M0001QAY9B";

    private Task<ResourceCard> Firms() => city.Resource(null, null, ItemCard.Of("代码", column: "uscc", key: true, required: true, level: Level.L1, check: CheckCharacter.CreditCode), ItemCard.Of("名称", column: "name", required: true, level: Level.L1));

    [Fact]
    public async Task A_failed_check_character_rejects_the_row_and_a_documented_exception_lets_it_in()
    {
        var card = await Firms();
        var batch = await city.Collect(card, $"代码,名称\n113307843077566033,模拟办公室\n{Odd},模拟公司\n");
        var row = await Rejected(batch);
        row.GetProperty("faults")[0].GetProperty("code").GetString().ShouldBe("LOD-112");
        var where = row.GetProperty("faults")[0].GetProperty("exception").GetString()!;
        where.ShouldStartWith($"/quality/{card.Id}?tab=exceptions");
        var page = await Page(city.Steward, $"/batches/{batch}/rejects");
        page.ShouldContain("登记例外");
        var filled = await Page(city.Steward, where);
        filled.ShouldContain(Odd);
        filled.ShouldMatch("<option[^>]*value=\"uscc check\"[^>]*selected");

        await Json(await city.Steward.PostAsJsonAsync(At(card, "exceptions"), Ask("uscc check", "uscc", Odd)));
        var replay = await city.Replay(batch, $"问题编号,代码,名称\n{batch}#1,{Odd},模拟公司\n");
        var detail = await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/batches/{replay}", UriKind.Relative)));
        detail.GetProperty("batch").GetProperty("counts").GetProperty("accepted").GetInt64().ShouldBe(1);
        detail.GetProperty("profile").EnumerateArray().Select(p => p.GetProperty("excepted").GetInt64()).ShouldBe([1, 0]);
        (await Page(city.Steward, $"/batches/{replay}")).ShouldContain("1 个按已登记的例外入库");

        // The exception is of this value: another that fails is rejected as before.
        var other = await city.Collect(card, "代码,名称\n91350203M0001QAY9C,另一公司\n");
        (await Rejected(other)).GetProperty("faults")[0].GetProperty("code").GetString().ShouldBe("LOD-112");
    }

    [Fact]
    public async Task An_exception_by_the_key_lets_one_row_in_and_ends_with_its_end()
    {
        var card = await city.Resource(null, null, ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("类别", column: "kind", level: Level.L1, codes: ["1", "2"]));
        await Json(await city.Steward.PostAsJsonAsync(At(card, "exceptions"), Ask("kind code list", "code", "A1")));
        var batch = await city.Collect(card, "编号,类别\nA1,9\nA2,9\n");
        (await Rejected(batch)).GetProperty("cells")[0].GetString().ShouldBe("A2");

        var id = (await Json(await city.Steward.GetAsync(At(card, "exceptions")))).EnumerateArray().Single().GetProperty("id").GetGuid();
        (await city.Steward.DeleteAsync(At(card, $"exceptions/{id}"))).EnsureSuccessStatusCode();
        (await Rejected(await city.Collect(card, "编号,类别\nA1,8\n"))).GetProperty("cells")[0].GetString().ShouldBe("A1");
    }

    [Fact]
    public async Task An_exception_to_a_rule_that_wants_a_value_is_refused_for_a_value()
    {
        var card = await Firms();
        (await Refusal(await city.Steward.PostAsJsonAsync(At(card, "exceptions"), Ask("name required", "name", "模拟公司")))).ShouldBe("QUA-406");
        (await Refusal(await city.Steward.PostAsJsonAsync(At(card, "exceptions"), Ask("name required", "name", "")))).ShouldBe("QUA-406");
    }

    [Fact]
    public async Task Rejected_rows_are_mended_on_their_page_and_masked_cells_come_through_as_they_were()
    {
        var card = await city.Resource();
        var batch = await city.Collect(card, "编号,姓名,金额\nA1,张三丰,1\nA2,李四光,十二\nA3,王五六,一百\nA4,赵六七,七\n");
        var path = $"/batches/{batch}/rejects?mend=on&state=Open";
        var page = await Page(city.Engineer, path);
        page.ShouldContain("aria-invalid=\"true\"");
        page.ShouldNotContain("李四光");
        page.ShouldNotContain("name=\"c-0-1\"", Case.Sensitive, "a name the engineer does not see in clear is no field");

        using var form = new FormUrlEncodedContent(
        [
            new("_handler", "mend"), new("__RequestVerificationToken", Token(page)), new("w-0-0", "A2"), new("c-0-0", "A2"), new("w-0-2", "十二"), new("c-0-2", "12"),
            new("c-0-1", "假名"), new("w-1-2", "一百"), new("c-1-2", "还是错"), new("w-2-2", "七"), new("c-2-2", "七"),
        ]);
        var sent = await city.Engineer.PostAsync(new Uri(path, UriKind.Relative), form);
        sent.StatusCode.ShouldBe(HttpStatusCode.Found);
        var replay = sent.Headers.Location!.ToString().Split('/')[^1];
        await Wait.Until(async () => (await Batch(replay)).GetProperty("state").GetString() == "Landed");
        var counts = (await Batch(replay)).GetProperty("counts");
        (counts.GetProperty("read").GetInt64(), counts.GetProperty("accepted").GetInt64(), counts.GetProperty("rejected").GetInt64()).ShouldBe((2, 1, 1), "the row without a change is not sent");
        var tally = (await Batch(batch)).GetProperty("rejects");
        (tally.GetProperty("open").GetInt64(), tally.GetProperty("mended").GetInt64()).ShouldBe((2, 1));
        var left = await Rejected(replay);
        left.GetProperty("faults")[0].GetProperty("item").GetString().ShouldBe("金额");

        // Only what is open can be sent again.
        using var again = new FormUrlEncodedContent([new("_handler", "mend"), new("__RequestVerificationToken", Token(page)), new("s-0", "on")]);
        (await (await city.Engineer.PostAsync(new Uri(path, UriKind.Relative), again)).Content.ReadAsStringAsync()).ShouldContain("COL-017");
    }

    [Fact]
    public async Task A_long_cell_shows_its_beginning_and_the_whole_on_demand()
    {
        var card = await city.Resource();
        var batch = await city.Collect(card, $"编号,姓名,金额\nA1,张三丰,{new string('九', 300)}\n");
        (await Page(city.Engineer, $"/batches/{batch}/rejects")).ShouldMatch($"<details class=\"lz-clip\"><summary>九{{80}}…</summary>九{{300}}</details>");
    }

    [Fact]
    public async Task A_flagged_row_is_told_by_its_batch_file_and_line()
    {
        var card = await city.Resource();
        await Json(await city.Steward.PutAsJsonAsync(At(card, "draft"), new { yaml = "rules:\n- {name: 金额范围, kind: Range, columns: [金额], dimension: Accuracy, severity: Serious, least: 0, most: 1000, reason: 金额过大}\n" }));
        await Json(await city.Steward.PostAsync(At(card, "in-force"), null));
        var batch = await city.Collect(card, "编号,姓名,金额\nA1,张三丰,1\n\nA2,李四光,5000\n");
        await Wait.Until(async () => (await Json(await city.Steward.GetAsync(At(card, "")))).GetProperty("rows").ValueKind == JsonValueKind.Number);

        var row = (await Json(await city.Steward.GetAsync(At(card, "rows?rule=金额范围")))).GetProperty("rows").EnumerateArray().Single();
        (row.GetProperty("number").GetString(), row.GetProperty("fileName").GetString(), row.GetProperty("record").GetInt64(), row.GetProperty("line").GetInt64()).ShouldBe((batch, "补贴.csv", 2, 4));
        (await city.Steward.GetStringAsync(At(card, "rows/export?rule=金额范围&format=csv"))).ShouldContain($"{batch},补贴.csv,2,4,");
        var page = await Page(city.Steward, $"/quality/{card.Id}/rows?rule=金额范围");
        page.ShouldContain(batch);
        page.ShouldContain("第 4 行");
    }

    [Fact]
    public async Task Five_hundred_flagged_rows_are_listed_and_exported_with_why_and_how_many_there_are()
    {
        var card = await city.Resource();
        await Json(await city.Steward.PutAsJsonAsync(At(card, "draft"), new { yaml = "rules:\n- {name: 金额范围, kind: Range, columns: [金额], dimension: Accuracy, severity: Serious, least: 0, most: 1000, reason: 金额过大}\n" }));
        await Json(await city.Steward.PostAsync(At(card, "in-force"), null));
        await city.Collect(card, "编号,姓名,金额\n" + string.Concat(Enumerable.Range(0, 520).Select(i => $"A{i},张三丰,5000\n")));
        await Wait.Until(async () => (await Json(await city.Steward.GetAsync(At(card, "")))).GetProperty("rows").ValueKind == JsonValueKind.Number);

        var listed = await Json(await city.Steward.GetAsync(At(card, "rows?rule=金额范围")));
        (listed.GetProperty("rows").GetArrayLength(), listed.GetProperty("total").GetInt64()).ShouldBe((500, 520));
        var lines = (await city.Steward.GetStringAsync(At(card, "rows/export?rule=金额范围&format=csv&lang=zh-CN"))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Count(l => l.Contains("金额过大", StringComparison.Ordinal)).ShouldBe(500);
        lines[^1].ShouldContain("520");
        (await Refusal(await city.Steward.GetAsync(At(card, "rows?rule=没有这条")))).ShouldBe("QUA-460");
        (await Page(city.Steward, $"/quality/{card.Id}")).ShouldContain("<td>金额</td>", customMessage: "items by their names, not by their columns");
        (await Page(city.Steward, $"/quality/{card.Id}/rows?rule=金额范围")).ShouldContain("列出 500 行，共有问题行 520 行");
    }

    private static object Ask(string rule, string item, string value) => new { rule, item, value, reason = "登记机关已核实，确为所发代码", until = DateTime.UtcNow.AddDays(30).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) };

    private static string Token(string page) => Regex.Match(page, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;

    private static async Task<string> Page(HttpClient who, string path) => WebUtility.HtmlDecode(await who.GetStringAsync(new Uri(path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "lang=zh-CN", UriKind.Relative)));

    private static Uri At(ResourceCard card, string path) => new($"/api/v1/rules/{card.Id}{(path.Length > 0 ? "/" : "")}{path}", UriKind.Relative);

    private async Task<JsonElement> Batch(string number) => (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/batches/{number}", UriKind.Relative)))).GetProperty("batch");

    /// <summary>The only rejected row of a batch.</summary>
    private async Task<JsonElement> Rejected(string batch) => (await Json(await city.Steward.GetAsync(new Uri($"/api/v1/batches/{batch}/rejects", UriKind.Relative)))).GetProperty("items").EnumerateArray().Single();
}
