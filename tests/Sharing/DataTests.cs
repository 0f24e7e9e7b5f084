// The data API of a grant: filters, order, pages within one snapshot, formats with masks, conditional requests, and attacks on all of them.
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Tests.Support;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

[Collection(nameof(DataCity))]
public sealed class DataTests(SharedCity city)
{
    [Fact]
    public async Task A_mask_or_an_omission_of_a_column_that_is_not_there_is_refused_and_a_column_is_known_in_any_case()
    {
        var (_, _, resource) = await city.Ready();
        var number = await city.Asked(resource.Id, null, null, 30);
        await Json(await city.Step(city.Engineer, number, "Conform"));
        (await Refusal(await city.Step(city.SourceSteward, number, "Approve", masks: new { nmae = "Full" }))).ShouldBe("SHR-006");
        (await Refusal(await city.SourceSteward.PostAsJsonAsync($"/api/v1/requests/{number}/steps", new { step = "Approve", leave = new[] { "姓名" } }))).ShouldBe("SHR-006");
        (await Refusal(await city.SourceSteward.PostAsJsonAsync($"/api/v1/requests/{number}/steps", new { step = "Approve", leave = new[] { null, "note" } }))).ShouldBe("SHR-006");
        var grant = (await Json(await city.Step(city.SourceSteward, number, "Approve", masks: new { NAME = "Full" }))).GetProperty("grant").GetString()!;
        var page = await Json(await (await city.Program(grant)).GetAsync($"/api/v1/data/{grant}?limit=1"));
        page.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("column").GetString() == "name").GetProperty("mask").GetString().ShouldBe("Full");
    }

    [Fact]
    public async Task Filter_order_and_selection_are_structured()
    {
        var (grant, program, _) = await city.Ready();
        SharedCity.Column(await Json(await program.GetAsync($"/api/v1/data/{grant}?town=eq.望春街道&order=-amount&select=code,amount")), "code").ShouldBe(["A3", "A1"]);
        SharedCity.Column(await Json(await program.GetAsync($"/api/v1/data/{grant}?order=code&select=code,code,CODE&limit=1")), "code").ShouldBe(["A1"], "a column asked for twice comes once");
        SharedCity.Column(await Json(await program.GetAsync($"/api/v1/data/{grant}?amount=ge.20&amount=lt.30")), "code").ShouldBe(["A2"]);
        SharedCity.Column(await Json(await program.GetAsync($"/api/v1/data/{grant}?code=in.(A1,A3)")), "code").ShouldBe(["A1", "A3"]);
        SharedCity.Column(await Json(await program.GetAsync($"/api/v1/data/{grant}?note=is.null")), "code").ShouldBe(["A2"]);
        var where = Uri.EscapeDataString("""{"any":[{"column":"code","is":"Equal","value":"A2"},{"column":"town","is":"Equal","value":"望春街道"}]}""");
        (await Json(await program.GetAsync($"/api/v1/data/{grant}?where={where}&count=true"))).GetProperty("total").GetInt64().ShouldBe(3);
    }

    [Theory]
    [InlineData("town=x' OR 1=1 --", "SHR-031")]
    [InlineData("town=like.%25", "SHR-031")]
    [InlineData("where={\"sql\":\"1=1\"}", "SHR-031")]
    [InlineData("limit=100000", "SHR-031")]
    [InlineData("select=code\" FROM x --", "POL-012")]
    [InlineData("order=(SELECT 1)", "POL-012")]
    [InlineData("_batch=eq.1", "POL-012")]
    [InlineData("1%3D1) OR (1=eq.1", "POL-012")]
    [InlineData("after=bm90IG91cnM", "POL-013")]
    [InlineData("format=exe", "SHR-033")]
    public async Task Injection_is_refused(string query, string code)
    {
        var (grant, program, _) = await city.Ready();
        var answer = await program.GetAsync($"/api/v1/data/{grant}?{query}");
        (await Refusal(answer)).ShouldBe(code);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_value_that_looks_like_SQL_is_only_a_value()
    {
        var (grant, program, _) = await city.Ready();
        SharedCity.Column(await Json(await program.GetAsync($"/api/v1/data/{grant}?town=eq.{Uri.EscapeDataString("x' OR '1'='1")}")), "code").ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_stay_within_one_snapshot_while_rows_arrive()
    {
        var (grant, program, resource) = await city.Ready();
        var first = await Json(await program.GetAsync($"/api/v1/data/{grant}?order=code&limit=2"));
        await city.Collect(resource, "编号,姓名,街镇,金额,备注\nA0,赵六,方岩镇,1.00,\nA9,钱七,方岩镇,9.00,\n");
        var second = await Json(await program.GetAsync($"/api/v1/data/{grant}?order=code&limit=2&after={first.GetProperty("next").GetString()}"));
        SharedCity.Column(first, "code").Concat(SharedCity.Column(second, "code")).ShouldBe(["A1", "A2", "A3"]);
        second.GetProperty("snapshot").GetInt64().ShouldBe(first.GetProperty("snapshot").GetInt64());
        (await Json(await program.GetAsync($"/api/v1/data/{grant}"))).GetProperty("rows").GetArrayLength().ShouldBe(5);

        // The mark belongs to its question and its grant.
        var mark = first.GetProperty("next").GetString()!;
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?order=code&town=eq.x&after={mark}"))).ShouldBe("POL-013");
        var other = await city.Granted(resource.Id);
        using var others = await city.Program(other);
        (await Refusal(await others.GetAsync($"/api/v1/data/{other}?order=code&after={mark}"))).ShouldBe("POL-013");
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?order=code&after={(mark[0] == 'A' ? 'B' : 'A')}{mark[1..]}"))).ShouldBe("POL-013");
    }

    [Theory]
    [InlineData("?limit=500", "Hash")]
    [InlineData("?format=ndjson", "Hash")]
    [InlineData("?format=csv", "Null")]
    [InlineData("/changes?format=ndjson", "Noise")]
    [InlineData("/changes?limit=500", "Null")]
    public async Task Rows_of_a_grant_that_hides_the_key_cannot_be_laid_beside_those_of_another(string door, string mask)
    {
        var resource = await city.Resource(rows: "编号,姓名,街镇,金额,备注\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"A{i:D2},张三,望春街道,{i}.00,n:{i:D2}:x\n")));
        async Task<List<string>> Order(object? masks, string at)
        {
            var grant = await city.Granted(resource.Id, masks);
            using var program = await city.Program(grant);
            var text = await program.GetStringAsync($"/api/v1/data/{grant}{at}");
            // With colons, so that no cursor looks like one of them by chance.
            return [.. System.Text.RegularExpressions.Regex.Matches(text, "n:[0-9][0-9]:x").Select(m => m.Value)];
        }

        var all = Enumerable.Range(0, 60).Select(i => $"n:{i:D2}:x").ToList();
        var (clear, one, other) = (await Order(null, "?limit=500"), await Order(new { code = mask }, door), await Order(new { code = mask }, door));
        clear.ShouldBe(all, "a grant that shows the key keeps the table's order");
        (await Order(new { code = "Partial" }, "?limit=500")).ShouldBe(all);
        one.Order(StringComparer.Ordinal).ShouldBe(all);
        other.Order(StringComparer.Ordinal).ShouldBe(all);
        foreach (var (a, b) in new[] { (one, clear), (other, clear), (one, other) })
        {
            a.Zip(b).Count(p => p.First == p.Second).ShouldBeLessThan(12);
        }
    }

    [Fact]
    public async Task Pages_of_a_grant_that_hides_the_key_bring_each_row_once_and_come_again_in_the_same_order()
    {
        var resource = await city.Resource(rows: "编号,姓名,街镇,金额,备注\n" + string.Concat(Enumerable.Range(0, 25).Select(i => $"B{i:D2},张三,{(i < 20 ? "望春街道" : "方岩镇")},{i}.00,n{i:D2}\n")));
        var grant = await city.Granted(resource.Id, new { code = "Hash" });
        using var program = await city.Program(grant);
        async Task<List<string?>> All(string query)
        {
            var (rows, after) = (new List<string?>(), "");
            while (true)
            {
                var page = await Json(await program.GetAsync($"/api/v1/data/{grant}?limit=7{query}{after}"));
                rows.AddRange(SharedCity.Column(page, "note"));
                if (page.GetProperty("next").GetString() is not { } next)
                {
                    return rows;
                }

                after = $"&after={next}";
            }
        }

        var first = await All("");
        first.Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 25).Select(i => $"n{i:D2}"));
        (await All("")).ShouldBe(first);
        (await All("&town=eq.望春街道")).ShouldBe(first.Where(n => string.CompareOrdinal(n, "n20") < 0));
        (await All("&order=town")).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 25).Select(i => $"n{i:D2}"));
        (await Json(await program.GetAsync($"/api/v1/data/{grant}?limit=1&count=true"))).GetProperty("total").GetInt64().ShouldBe(25);
    }

    [Fact]
    public async Task A_masked_item_stays_masked_in_every_format_and_no_cell_is_a_formula()
    {
        var (grant, program, _) = await city.Ready(masks: new { name = "Partial" }, filter: new { column = "town", @is = "Equal", value = "望春街道" });
        string[] columns = ["code", "name", "town", "amount", "note"];
        foreach (var format in new[] { "json", "csv", "ndjson", "arrow", "parquet", "xlsx" })
        {
            var answer = await program.GetAsync($"/api/v1/data/{grant}?format={format}");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, format);
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            bytes.Length.ShouldBeGreaterThan(50, format);
            var rows = format == "json" ? [.. JsonDocument.Parse(bytes).RootElement.GetProperty("rows").EnumerateArray().Select(r => ReadBack.Line(r, columns)).Order(StringComparer.Ordinal)] : ReadBack.Of(format, bytes, columns);
            rows.Select(r => string.Join('|', r.Split('|').Take(3))).ShouldBe(["A1|张*|望春街道", "A3|王**|望春街道"], customMessage: format);
        }

        (await (await program.GetAsync($"/api/v1/data/{grant}?format=csv")).Content.ReadAsStringAsync()).ShouldContain("'=1+1");
        using var byAccept = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/data/{grant}");
        byAccept.Headers.Accept.ParseAdd("text/csv");
        (await program.SendAsync(byAccept)).Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
    }

    [Fact]
    public async Task What_was_not_asked_for_is_not_there()
    {
        var (grant, program, _) = await city.Ready(items: ["code", "town"]);
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?select=name"))).ShouldBe("POL-012");
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?name=eq.张三"))).ShouldBe("POL-012");
        (await (await program.GetAsync($"/api/v1/data/{grant}")).Content.ReadAsStringAsync()).ShouldNotContain("张");
    }

    [Fact]
    public async Task A_conditional_request_is_answered_whole_once_something_changed()
    {
        var (grant, program, resource) = await city.Ready();
        var first = await program.GetAsync($"/api/v1/data/{grant}");
        foreach (var known in new[] { $"\"other\", {first.Headers.ETag}", $"W/{first.Headers.ETag}", "*" })
        {
            using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/data/{grant}");
            again.Headers.TryAddWithoutValidation("If-None-Match", known);
            (await program.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified, known);
        }

        program.DefaultRequestHeaders.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.ToString());
        (await program.GetAsync($"/api/v1/data/{grant}?format=csv")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await city.Collect(resource, "编号,姓名,街镇,金额,备注\nB1,赵六,方岩镇,1.00,\n");
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("?format=csv&limit=1", "limit")]
    [InlineData("?format=parquet&after=x", "after")]
    [InlineData("/changes?format=ndjson&limit=1", "limit")]
    public async Task A_page_of_a_format_that_has_none_is_refused_and_not_passed_over(string query, string named)
    {
        var (grant, program, _) = await city.Ready();
        var answer = await program.GetAsync($"/api/v1/data/{grant}{query}");
        (await answer.Content.ReadAsStringAsync()).ShouldContain(named);
        (await Refusal(answer)).ShouldBe("SHR-035");
    }

    [Theory]
    [InlineData("limit=0&batch=0192f0c4-0000-7000-8000-000000000000", "limit", "batch")]
    [InlineData("limit=5&batch=x", "batch", "limit")]
    public async Task A_wrong_parameter_is_named_and_not_the_right_one_beside_it(string query, string wrong, string right)
    {
        var (grant, program, _) = await city.Ready();
        var detail = (await (await program.GetAsync($"/api/v1/data/{grant}?{query}")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!;
        detail.ShouldContain(wrong);
        detail.ShouldNotContain(right);
    }
}

/// <summary>One city for all tests of the data API.</summary>
[CollectionDefinition(nameof(DataCity))]
public sealed class DataCity : ICollectionFixture<SharedCity>;
