using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Tabular;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Standards.Tests.StandardsCounty;
using static Lizhou.Tests.County;

namespace Lizhou.Standards.Tests;

public abstract class CodeListTests(StandardsCounty county)
{
    private ICodeLists Lists => county.Services.GetRequiredService<ICodeLists>();

    [Fact]
    public async Task Codes_above_one_another_in_a_circle_and_control_characters_are_refused_with_their_line()
    {
        var list = await county.List(new { code = "1", name = "一" });
        async Task<string> Said(params object[] codes)
        {
            var answer = await county.Put($"/lists/{list}", new { name = "圈", codes });
            var told = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            Text(told, "code").ShouldBe("STD-003");
            return Text(told, "detail");
        }

        (await Said(new { code = "x", name = "叉" }, new { code = "a", name = "甲", parent = "b" }, new { code = "b", name = "乙", parent = "a" })).ShouldContain("第 2 行 代码 a：上级代码成环：a → b → a");
        (await Said(new { code = "a\u0007b", name = "甲" })).ShouldContain("控制字符");
        (await county.Get($"/lists/{list}")).GetProperty("draft").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Overlapping_validity_of_one_code_is_refused_with_its_line_and_code_and_nothing_is_written()
    {
        var code = county.Fresh("overlap-");
        object[] codes =
        [
            new { code = "A1", name = "甲", until = "2020-01-01" }, new { code = "B1", name = "乙" }, new { code = "A1", name = "甲二", from = "2019-12-31" },
        ];

        var refused = await county.Put($"/lists/{code}", new { name = "重叠", codes });

        var told = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement;
        Text(told, "code").ShouldBe("STD-003");
        Text(told, "detail").ShouldContain("第 3 行 代码 A1");
        (await Refusal(await county.Engineer.GetAsync(new Uri($"{Root}/lists/{code}", UriKind.Relative)))).ShouldBe("STD-001");
        codes[2] = new { code = "A1", name = "甲二", from = "2020-01-01" };
        await Json(await county.Put($"/lists/{code}", new { name = "不重叠", codes }));
    }

    [Fact]
    public async Task Draft_is_nobodys_business_until_it_is_published_and_the_last_good_version_stays_in_force()
    {
        var list = await county.List(new { code = "1", name = "一" });
        await Json(await county.Put($"/lists/{list}", new { name = "新名", codes = new[] { new { code = "2", name = "二" } } }));

        (await Lists.InForce(list, new(2026, 1, 1), default))!.Select(c => c.Code).ShouldBe(["1"]);
        using var steward = await county.As(Roles.Steward);
        Text(await Json(await steward.GetAsync(new Uri($"{Root}/lists/{list}", UriKind.Relative))), "name").ShouldBe("测试代码集");
        (await Refusal(await steward.GetAsync(new Uri($"{Root}/lists/{list}?version=2", UriKind.Relative)))).ShouldBe("STD-006");
        (await Refusal(await steward.PutAsJsonAsync($"{Root}/lists/{list}", new { name = "我的" }))).ShouldBe("STD-002");

        await Json(await county.Post($"/lists/{list}/publish"));
        (await Lists.InForce(list, new(2026, 1, 1), default))!.Select(c => c.Code).ShouldBe(["2"]);
        (await Lists.Find(list, default))!.Version.ShouldBe(2);
        var changes = (await county.Get($"/lists/{list}/changes?from=1&to=2")).EnumerateArray().Select(c => Text(c, "code")).ToList();
        changes.ShouldBe(["1", "2"]);
        (await Refusal(await county.Post($"/lists/{list}/publish"))).ShouldBe("STD-005");
    }

    [Fact]
    public async Task A_steward_sees_what_is_in_force_whether_or_not_a_draft_stands_beside_it_and_nothing_of_drafts()
    {
        var (plain, drafted, fresh) = (await county.List(new { code = "1", name = "一" }), await county.List(new { code = "1", name = "一" }), county.Fresh("fresh-"));
        await Json(await county.Put($"/lists/{drafted}", new { name = "改名", codes = new[] { new { code = "1", name = "一" }, new { code = "2", name = "二" } } }));
        await Json(await county.Put($"/lists/{fresh}", new { name = "未发布", codes = new[] { new { code = "1", name = "一" } } }));
        await Json(await county.Post($"/lists/{drafted}/crosswalk", new { code = "1", toCode = "2", on = "2020-01-01", kind = "Recoded" }));
        await Json(await county.Post($"/lists/{plain}/crosswalk", new { code = "1", toList = fresh, toCode = "1", on = "2020-01-01", kind = "Recoded" }));
        await Json(await county.Post($"/lists/{plain}/crosswalk", new { code = "1", toList = drafted, toCode = "1", on = "2020-01-01", kind = "Recoded" }));
        using var steward = await county.As(Roles.Steward);
        async Task<JsonElement> Sees(string address) => await Json(await steward.GetAsync(new Uri(Root + address, UriKind.Relative)));

        (await Sees($"/lists/{plain}/codes")).GetProperty("total").GetInt64().ShouldBe(1);
        (await Sees($"/lists/{plain}/versions")).GetArrayLength().ShouldBe(1);
        (await Sees($"/lists/{drafted}")).GetProperty("draft").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Sees($"/lists?q={fresh}")).GetProperty("total").GetInt64().ShouldBe(0);
        (await county.Get($"/lists?q={fresh}")).GetProperty("total").GetInt64().ShouldBe(1);
        (await Sees($"/lists?q={plain}")).GetProperty("items").EnumerateArray().Select(l => Text(l, "code")).ShouldContain(plain);
        (await Sees($"/lists/{drafted}/crosswalk")).GetProperty("total").GetInt64().ShouldBe(0, "only the draft has the new code");
        (await Sees($"/lists/{plain}/crosswalk")).GetProperty("items").EnumerateArray().Select(c => Text(c, "toList")).ShouldBe([drafted]);
        (await county.Get($"/lists/{plain}/crosswalk?q=一&size=1&page=2")).GetProperty("total").GetInt64().ShouldBe(2);
        (await Refusal(await steward.GetAsync(new Uri($"{Root}/lists/{fresh}/crosswalk", UriKind.Relative)))).ShouldBe("STD-001");
    }

    [Theory]
    [InlineData("codes-x.csv", true)]
    [InlineData("codes-../other-x.csv", false)]
    [InlineData("codes-/../other-x.csv", false)]
    [InlineData("other-x.csv", false)]
    [InlineData("codes-none.csv", false)]
    [InlineData(null, false)]
    public void A_kept_upload_is_found_by_its_bare_name_alone(string? name, bool found)
    {
        var settings = county.Services.GetRequiredService<Settings>();
        Directory.CreateDirectory(Path.Combine(settings.Work, "codes-"));
        File.WriteAllText(Path.Combine(settings.Work, "codes-x.csv"), "x");
        File.WriteAllText(Path.Combine(settings.Work, "other-x.csv"), "x");

        (KeptUpload.Find("codes", name, settings) is not null).ShouldBe(found);
    }

    [Fact]
    public async Task A_discarded_draft_leaves_the_version_in_force_and_its_number_is_not_given_again()
    {
        var list = await county.List(new { code = "1", name = "一" });
        await Json(await county.Put($"/lists/{list}", new { name = "测试代码集", codes = Array.Empty<object>() }));
        await Json(await county.Post($"/lists/{list}/discard"));

        (await Lists.InForce(list, new(2026, 1, 1), default))!.Count.ShouldBe(1);
        (await Json(await county.Put($"/lists/{list}", new { name = "测试代码集" }))).GetProperty("draft").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task A_draft_is_written_over_under_its_number_and_keeps_its_codes_when_none_are_sent()
    {
        var list = await county.List(new { code = "1", name = "一" });
        await Json(await county.Put($"/lists/{list}", new { name = "初稿", codes = new[] { new { code = "1", name = "甲" }, new { code = "2", name = "乙" } } }));
        await Json(await county.Put($"/lists/{list}", new { name = "二稿", codes = new[] { new { code = "2", name = "丙" } } }));
        var stand = await Json(await county.Put($"/lists/{list}", new { name = "定稿" }));

        stand.GetProperty("draft").GetInt32().ShouldBe(2);
        (await county.Get($"/lists/{list}/codes?version=2")).GetProperty("items").EnumerateArray().Select(c => Text(c, "name")).ShouldBe(["丙"]);
        await Json(await county.Post($"/lists/{list}/publish"));
        (await Lists.Find(list, default))!.Name.ShouldBe("定稿");
    }

    [Fact]
    public async Task A_stale_edit_is_refused()
    {
        var list = await county.List(new { code = "1", name = "一" });
        var seen = (await county.Get($"/lists/{list}")).GetProperty("revision").GetInt32();
        await Json(await county.Put($"/lists/{list}", new { name = "甲的", revision = seen }));

        (await Refusal(await county.Put($"/lists/{list}", new { name = "乙的", revision = seen }))).ShouldBe("STD-004");
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("xlsx")]
    [InlineData("json")]
    public async Task What_is_exported_is_imported_again_as_it_was(string format)
    {
        var list = await county.List(
            new { code = "01", name = "甲", nameEn = "A", until = "2020-01-01" }, new { code = "01", name = "=甲二", from = "2020-01-01", note = "更名" }, new { code = "0102", name = "乙", parent = "01" });
        var file = await county.Engineer.GetByteArrayAsync(new Uri($"{Root}/lists/{list}/export?format={format}", UriKind.Relative));

        var outcome = await Json(await county.Send($"/lists/{list}/import?preview=true", $"codes.{format}", file));

        (outcome.GetProperty("lines").GetInt32(), outcome.GetProperty("changes").GetArrayLength(), outcome.GetProperty("faults").GetArrayLength()).ShouldBe((3, 0, 0));
    }

    [Fact]
    public async Task One_wrong_line_and_nothing_of_the_file_is_written_and_every_wrong_line_is_told()
    {
        var list = await county.List(new { code = "1", name = "一" });
        var file = Csv("代码,名称,上级代码,生效日期", "1,一,,", "2,,,", "3,三,9,", "4,四,,去年");

        var preview = await Json(await county.Send($"/lists/{list}/import?preview=true", "codes.csv", file));
        preview.GetProperty("faults").EnumerateArray().Select(f => (f.GetProperty("line").GetInt64(), Text(f, "code"))).ShouldBe([(3, "2"), (4, "3"), (5, "4")]);
        (await Refusal(await county.Send($"/lists/{list}/import", "codes.csv", file))).ShouldBe("STD-003");
        (await county.Get($"/lists/{list}")).GetProperty("draft").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Refusal(await county.Send($"/lists/{list}/import", "codes.csv", Csv("编号,名称", "1,一")))).ShouldBe("STD-008");

        var done = await Json(await county.Send($"/lists/{list}/import", "codes.csv", Csv("代码,名称", "2,二", "03,三")));
        done.GetProperty("changes").EnumerateArray().Select(c => Text(c, "code")).ShouldBe(["03", "1", "2"]);
        (await county.Get($"/lists/{list}/codes?version=2")).GetProperty("items").EnumerateArray().Select(c => Text(c, "code")).ShouldBe(["2", "03"]);
    }

    [Fact]
    public async Task Codes_are_searched_by_code_and_name_as_of_a_day_and_in_pages()
    {
        var list = await county.List(new { code = "110", name = "旧市", until = "2010-06-30" }, new { code = "110", name = "新市", from = "2010-06-30" }, new { code = "120", name = "别处" });

        async Task<List<string>> Names(string query) => [.. (await county.Get($"/lists/{list}/codes?{query}")).GetProperty("items").EnumerateArray().Select(c => Text(c, "name"))];
        (await Names("on=2010-06-29&q=11")).ShouldBe(["旧市"]);
        (await Names("on=2010-06-30&q=市")).ShouldBe(["新市"]);
        (await Names("size=1&page=3")).ShouldBe(["别处"]);
    }

    [Fact]
    public async Task The_lists_shipped_with_the_program_are_in_force_each_with_its_source()
    {
        (await Lists.InForce("gbt-3304", new(2026, 1, 1), default))!.Count.ShouldBe(56);
        (await Lists.InForce("gbt-2261-1", new(2026, 1, 1), default))!.Select(c => c.Code).ShouldBe(["0", "1", "2", "9"]);
        (await Lists.Find("gbt-2261-2", default))!.Source.ShouldBe("GB/T 2261.2-2003");
        (await Lists.Find("gbt-2260", default)).ShouldBeNull("the divisions wait for their editions");
        (await Lists.Find("no-such-list", default)).ShouldBeNull();
    }

    [Fact]
    public async Task An_item_has_one_treatment_at_a_time_and_those_taken_back_stay_as_its_history()
    {
        using var scope = county.Services.CreateScope();
        var entry = new ResourceEntry
        {
            Class = "303001", Name = county.Fresh("标准化"), Unit = county.Unit, Summary = "模拟", Sharing = SharingKind.Unconditional, Ways = [SharingWay.Api],
            Items = [ItemCard.Of("日期", column: "day", key: true), ItemCard.Of("人数", ItemType.Integer, column: "people")],
        };
        var resource = (await scope.ServiceProvider.GetRequiredService<ICatalogBulk>().Publish([entry], Actor.System, default)).Value[0];
        var item = resource.Items[0].Id;
        Task<HttpResponseMessage> Approve(string kind) => county.Post("/treatments", new { resource = resource.Id, item, kind, reason = "统一" });

        foreach (var (kind, parameter) in new[] { ("Width", "x"), ("Name", "x"), ("Codes", new string('长', 101)) })
        {
            (await Refusal(await county.Post("/treatments", new { resource = resource.Id, item, kind, parameter, reason = "统一" }))).ShouldBe("STD-020", kind);
        }

        var first = (await Json(await Approve("Date"))).GetGuid();
        (await Refusal(await Approve("Width"))).ShouldBe("STD-025");
        using var door = county.Door();
        var other = (await Json(await door.PostAsJsonAsync("/api/v1/units", new { name = "模拟另一局", code = "11330600MB1573660P", kind = "Department" }))).GetProperty("id").GetGuid();
        using var steward = await county.AsStewardOf(other);
        (await Refusal(await steward.PostAsJsonAsync($"{Root}/treatments", new { resource = resource.Id, item, kind = "Date", reason = "统一" }))).ShouldBe("STD-021", "another unit's data");
        (await Refusal(await county.Post($"/treatments/{first}/take-back", new { reason = " " }))).ShouldBe("STD-024");
        await Json(await county.Post($"/treatments/{first}/take-back", new { reason = "源头已改" }));
        await Json(await Approve("Width"));
        (await Refusal(await county.Post("/treatments", new { resource = resource.Id, item = resource.Items[1].Id, kind = "Width", reason = "统一" }))).ShouldBe("STD-022");
        (await Refusal(await county.Post("/treatments", new { resource = resource.Id, item = Guid.NewGuid(), kind = "Width", reason = "统一" }))).ShouldBe("STD-027");

        (await county.Get($"/treatments/{resource.Id}/{item}")).EnumerateArray().Select(t => (Text(t, "kind"), t.GetProperty("endedWhy").GetString())).ShouldBe([("Width", null), ("Date", "源头已改")]);
        var treated = (await scope.ServiceProvider.GetRequiredService<ITreatments>().Of(resource.Id, default)).Single();
        (treated.Item, treated.Kind, treated.Reason).ShouldBe((item, "Width", "统一"));
    }

    [Fact]
    public async Task Every_act_on_a_list_stands_in_the_ledger()
    {
        var list = await county.List(new { code = "1", name = "一" });
        using var steward = await county.As(Roles.Steward);
        (await Refusal(await steward.PostAsync(new Uri($"{Root}/lists/{list}/publish", UriKind.Relative), null))).ShouldBe("STD-002");

        var acts = await county.Services.GetRequiredService<StateStore>().Read(
            $"SELECT act, result FROM ledger_entry WHERE subject = {list} ORDER BY seq", r => (r.GetString(0), r.GetString(1)), default);

        acts.ShouldBe([("code-list.drafted", "done"), ("code-list.published", "done"), ("code-list.refused", "STD-002")]);
    }
}

public sealed class SqliteCodeListTests(StandardsCounty county) : CodeListTests(county), IClassFixture<StandardsCounty>;

public sealed class PostgresCodeListTests(PostgresStandards county) : CodeListTests(county), IClassFixture<PostgresStandards>;
