// From a treatment somebody approves to the standard layer that has it, and back; and what a code list's change would reach, told beforehand.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Computing.Tests;

public sealed class StandardLayerTests(Town town) : IClassFixture<Town>
{
    private const string Treatments = "/api/v1/standards/treatments";

    [Fact]
    public async Task A_treatment_is_tried_approved_built_and_taken_back_and_the_original_is_there_all_the_time()
    {
        var (id, code, table) = await town.Publish("标准化", ("编号", "number", "Text", true, "L1"), ("成立日期", "founded", "Text", false, "L1"), ("注册资本", "capital", "Text", false, "L1"), ("人数", "people", "Integer", false, "L1"));
        await town.Collect(code, "编号,成立日期,注册资本,人数\nA1,2021年3月5日,51.8000(万元人民币),1\nA2,44260,13(万美元),2\nA3,长期,\"1,280.50元\",3\nA4,2021-03-06,面议,4\nA5,,500,5\n");
        var items = (await Get($"/api/v1/resources/{id}")).GetProperty("entry").GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("column").GetString()!, i => i.GetProperty("id").GetGuid());
        object Ask(string column, string kind, string? reason = null) => new { resource = id, item = items[column], kind, reason };

        var preview = await Json(await town.Engineer.PostAsJsonAsync($"{Treatments}/preview", Ask("founded", "Date")));
        (Number(preview, "rows"), Number(preview, "looked"), Number(preview, "changed"), Number(preview, "same"), Number(preview, "left"), Number(preview, "empty")).ShouldBe((5, 5, 2, 1, 1, 1));
        preview.GetProperty("examples").EnumerateArray().Select(e => $"{e.GetProperty("before")}>{e.GetProperty("after")}").ShouldBe(["2021年3月5日>2021-03-05", "44260>2021-03-05", "长期>长期"]);
        using (var steward = await town.AsStewardOf(town.Unit))
        {
            Number(await Json(await steward.PostAsJsonAsync($"{Treatments}/preview", Ask("founded", "Date"))), "changed").ShouldBe(2, "whoever answers for the data may try it too");
        }

        (await Refusal(await town.Engineer.PostAsJsonAsync(Treatments, Ask("founded", "Date")))).ShouldBe("STD-024");
        (await Refusal(await town.Engineer.PostAsJsonAsync(Treatments, Ask("people", "Width", "x")))).ShouldBe("STD-022");
        (await Refusal(await town.Engineer.PostAsJsonAsync(Treatments, Ask("founded", "Case", "x")))).ShouldBe("STD-020");

        var first = (await Json(await town.Engineer.PostAsJsonAsync(Treatments, Ask("founded", "Date", "统一日期")))).GetGuid();
        (await Refusal(await town.Engineer.PostAsJsonAsync(Treatments, Ask("founded", "Width", "x")))).ShouldBe("STD-025");
        await Shows(table, "number, founded, founded_original", "A1|2021-03-05|2021年3月5日", "A2|2021-03-05|44260", "A3|长期|长期", "A4|2021-03-06|2021-03-06", "A5||");
        await Json(await town.Engineer.PostAsJsonAsync(Treatments, Ask("capital", "Money", "统一金额")));
        await Shows(table, "number, founded, capital, capital_original", "A1|2021-03-05|518000.00 CNY|51.8000(万元人民币)", "A2|2021-03-05|130000.00 USD|13(万美元)", "A3|长期|1280.50 CNY|1,280.50元", "A4|2021-03-06|面议|面议", "A5||500.00 CNY|500");
        (await town.Query($"SELECT capital_why FROM {await Table(table)} WHERE number = 'A2'"))[0].ShouldContain("USD");

        await Json(await town.Engineer.PostAsJsonAsync($"{Treatments}/{first}/take-back", new { reason = "源头已改" }));
        await Shows(table, "number, founded, capital", "A1|2021年3月5日|518000.00 CNY", "A2|44260|130000.00 USD", "A3|长期|1280.50 CNY", "A4|2021-03-06|面议", "A5||500.00 CNY");
        (await town.Query($"SELECT founded FROM {table} WHERE number = 'A1'")).ShouldBe(["2021年3月5日"], "the landing layer is as it came");
        (await Refusal(await town.Engineer.PostAsJsonAsync($"{Treatments}/{first}/take-back", new { reason = "再一次" }))).ShouldBe("STD-026");
        (await Get($"{Treatments}/{id}/{items["founded"]}"))[0].GetProperty("endedWhy").GetString().ShouldBe("源头已改");
        var acts = await town.Services.GetRequiredService<StateStore>().Read(
            $"SELECT act FROM ledger_entry WHERE act LIKE 'treatment.%' AND subject LIKE {code + "%"} ORDER BY seq", r => r.GetString(0), default);
        acts.ShouldBe(["treatment.approved", "treatment.approved", "treatment.taken-back"]);
    }

    [Fact]
    public async Task Former_codes_land_as_todays_where_the_binding_says_so_and_the_change_of_a_list_tells_rows_and_users_beforehand()
    {
        await Json(await town.Engineer.PutAsJsonAsync("/api/v1/standards/lists/places", new { name = "区划", codes = new object[] { new { code = "A", name = "旧县", until = "2015-01-01" }, new { code = "B", name = "新区" }, new { code = "C", name = "丙" } } }));
        await Json(await town.Engineer.PostAsJsonAsync("/api/v1/standards/lists/places/publish", new { }));
        await Json(await town.Engineer.PostAsJsonAsync("/api/v1/standards/lists/places/crosswalk", new { code = "A", toCode = "B", on = "2015-01-01", kind = "Upgraded" }));
        await Json(await town.Engineer.PutAsJsonAsync("/api/v1/standards/elements/place", new { body = new { name = "所属区划", type = "Text", codeList = "places" } }));
        await Json(await town.Engineer.PostAsJsonAsync("/api/v1/standards/elements/place/publish", new { }));
        var (id, code, table) = await town.Publish("人员区划", ("编号", "number", "Text", true, "L1"), ("区划", "place", "Text", false, "L1"));
        var item = (await Get($"/api/v1/resources/{id}")).GetProperty("entry").GetProperty("items")[1].GetProperty("id").GetGuid();
        await Json(await town.Engineer.PostAsJsonAsync($"/api/v1/resources/{id}/elements", new { bindings = new[] { new { item, element = "place", resolve = true } } }));
        foreach (var (step, body) in new (string, object)[] { ("submit", new { }), ("review", new { pass = true }), ("publish", new { opinion = "同意" }) })
        {
            await Json(await town.Engineer.PostAsJsonAsync($"/api/v1/resources/{id}/{step}", body));
        }

        await town.Collect(code, "编号,区划\n1,A\n2,B\n3,C\n4,X\n");
        (await town.Query($"SELECT number, place FROM {table} ORDER BY number")).ShouldBe(["1|B", "2|B", "3|C"]);
        await town.Save(Town.Text("of_places", $"SELECT place, count(*) AS people FROM {table} GROUP BY place"));

        await Json(await town.Engineer.PutAsJsonAsync("/api/v1/standards/lists/places", new { name = "区划", codes = new object[] { new { code = "A", name = "旧县", until = "2015-01-01" }, new { code = "C", name = "丙" } } }));
        (await Get("/api/v1/standards/lists/places/impact")).GetProperty("resources")[0].GetProperty("rows").ValueKind.ShouldBe(JsonValueKind.Null, "rows are counted where it is asked for");
        var reached = (await Get("/api/v1/standards/lists/places/impact?rows=true")).GetProperty("resources")[0];
        (reached.GetProperty("resource").GetGuid(), reached.GetProperty("rows").GetInt64()).ShouldBe((id, 2));
        reached.GetProperty("uses").ToString().ShouldContain("of_places");
    }

    [Fact]
    public async Task A_crosswalk_that_learns_what_became_of_a_code_is_in_the_standard_layer_with_the_next_build()
    {
        await Json(await town.Engineer.PutAsJsonAsync("/api/v1/standards/lists/kinds", new { name = "种类", codes = new object[] { new { code = "A", name = "旧", until = "2015-01-01" }, new { code = "B", name = "新" } } }));
        await Json(await town.Engineer.PostAsJsonAsync("/api/v1/standards/lists/kinds/publish", new { }));
        var (id, code, table) = await town.Publish("对照", ("编号", "number", "Text", true, "L1"), ("种类", "kind", "Text", false, "L1"));
        await town.Collect(code, "编号,种类\n1,A\n2,B\n3,X\n");
        var item = (await Get($"/api/v1/resources/{id}")).GetProperty("entry").GetProperty("items")[1].GetProperty("id").GetGuid();
        (await Refusal(await town.Engineer.PostAsJsonAsync(Treatments, new { resource = id, item, kind = "Codes", parameter = "no-such-list", reason = "x" }))).ShouldBe("STD-020");

        await Json(await town.Engineer.PostAsJsonAsync(Treatments, new { resource = id, item, kind = "Codes", parameter = "kinds", reason = "现行代码" }));
        await Shows(table, "number, kind, kind_original", "1|A|A", "2|B|B", "3|X|X");
        await Json(await town.Engineer.PostAsJsonAsync("/api/v1/standards/lists/kinds/crosswalk", new { code = "A", toCode = "B", on = "2015-01-01", kind = "Upgraded" }));
        await Shows(table, "number, kind, kind_original", "1|B|A", "2|B|B", "3|X|X");
    }

    private static long Number(JsonElement of, string name) => of.GetProperty(name).GetInt64();

    private async Task<JsonElement> Get(string address) => await Json(await town.Engineer.GetAsync(new Uri(address, UriKind.Relative)));

    private async Task<string> Table(string landing) => (await Get($"/api/v1/models/std_{landing}")).GetProperty("table").GetString()!;

    /// <summary>Waits until the standard layer of a resource shows these rows, by its first column.</summary>
    private Task Shows(string landing, string columns, params string[] rows) => Wait.For(
        async () =>
        {
            var model = await town.Engineer.GetAsync(new Uri($"/api/v1/models/std_{landing}", UriKind.Relative));
            if (!model.IsSuccessStatusCode)
            {
                return await model.Content.ReadAsStringAsync();
            }

            var sql = $"SELECT {columns} FROM {(await Json(model)).GetProperty("table").GetString()} ORDER BY 1";
            var answer = await town.Engineer.PostAsJsonAsync("/api/v1/sql/", new { sql, purpose = "query", seconds = 30 });
            return !answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync()
                : string.Join('\n', (await Json(answer)).GetProperty("rows").EnumerateArray().Select(r => string.Join('|', r.EnumerateArray().Select(c => c.ToString()))));
        },
        shown => shown == string.Join('\n', rows));
}
