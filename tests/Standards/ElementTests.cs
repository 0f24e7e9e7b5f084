using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Standards.Elements;
using Lizhou.Standards.Rules;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Standards.Tests.StandardsCounty;
using static Lizhou.Tests.County;

namespace Lizhou.Standards.Tests;

public sealed class ElementTests(StandardsCounty county) : IClassFixture<StandardsCounty>
{
    private IElements Elements => county.Services.GetRequiredService<IElements>();

    [Fact]
    public async Task The_elements_shipped_with_the_program_pass_their_own_checks()
    {
        var lists = Lizhou.Standards.Shipped.LoadShipped.Read<Named>("lists").Select(l => l.Code).ToHashSet();
        var shipped = Lizhou.Standards.Shipped.LoadShipped.Read<Named>("elements").Select(e => e.Code).ToHashSet();
        var all = (await Elements.All(default)).Where(e => shipped.Contains(e.Code)).ToList(); // other tests make theirs beside

        all.Count.ShouldBeGreaterThan(30);
        foreach (var e in all)
        {
            var body = new ElementBody
            {
                Name = e.Name, Synonyms = e.Synonyms, Type = e.Type, Length = e.Length, Precision = e.Precision, Scale = e.Scale, Format = e.Format, CodeList = e.CodeList, Check = e.Check, Level = e.Level,
            };
            ElementChecks.Faults(e.Code, body, lists).ShouldBeEmpty(e.Code);
        }

        all.Single(e => e.Code == "id_number").Check.ShouldBe(CheckCharacter.IdNumber);
    }

    [Theory]
    [InlineData("a format RE2 does not have", "{\"name\":\"x\",\"format\":\"(?=a)\"}")]
    [InlineData("a list that is not there", "{\"name\":\"x\",\"codeList\":\"nowhere\"}")]
    [InlineData("a length of a date", "{\"name\":\"x\",\"type\":\"Date\",\"length\":3}")]
    [InlineData("a check of a number", "{\"name\":\"x\",\"type\":\"Integer\",\"check\":\"IdNumber\"}")]
    [InlineData("no name", "{\"name\":\" \"}")]
    public async Task An_element_that_cannot_be_followed_is_refused(string what, string body) =>
        (await Refusal(await county.Put($"/elements/{county.Fresh("bad_")}", new { body = JsonDocument.Parse(body).RootElement }))).ShouldBe("STD-012", what);

    [Fact]
    public async Task Elements_come_back_from_their_table_as_they_were_and_one_wrong_row_stops_all()
    {
        var file = await county.Engineer.GetByteArrayAsync(new Uri($"{Root}/elements/export?format=xlsx", UriKind.Relative));
        var same = await Json(await county.Send("/elements/import?preview=true", "elements.xlsx", file));
        (same.GetProperty("added").GetInt32(), same.GetProperty("changed").GetInt32()).ShouldBe((0, 0));

        var code = county.Fresh("imported_");
        (await Refusal(await county.Send("/elements/import", "e.csv", Csv("标识,名称,数据类型,长度", $"{code},甲,字符型 C,10", "BAD,乙,字符型 C,")))).ShouldBe("STD-013");
        (await Refusal(await county.Engineer.GetAsync(new Uri($"{Root}/elements/{code}", UriKind.Relative)))).ShouldBe("STD-001");
        (await Json(await county.Send("/elements/import", "e.csv", Csv("标识,名称,数据类型,长度", $"{code},甲,C,10")))).GetProperty("added").GetInt32().ShouldBe(1);
        (await Elements.All(default)).ShouldNotContain(e => e.Code == code, "it is a draft");
        await Json(await county.Post($"/elements/{code}/publish"));
        (await Elements.All(default)).Single(e => e.Code == code).Length.ShouldBe(10);
    }

    [Fact]
    public async Task The_table_of_elements_holds_no_draft_of_an_element_that_never_was_in_force_but_for_its_editors()
    {
        var code = county.Fresh("draft_");
        await Json(await county.Put($"/elements/{code}", new { body = new { name = "未发布的数据元", type = "Text" } }));
        using var steward = await county.As(Roles.Steward);
        async Task<string> Export(HttpClient who) => await who.GetStringAsync(new Uri($"{Root}/elements/export?format=csv", UriKind.Relative));

        (await Export(steward)).ShouldNotContain(code);
        (await Export(steward)).ShouldContain("id_number");
        (await Export(county.Engineer)).ShouldContain(code);
        (await Json(await steward.GetAsync(new Uri($"{Root}/elements?q=身份证", UriKind.Relative)))).GetProperty("items").EnumerateArray().Select(e => Text(e.GetProperty("element"), "code")).ShouldContain("id_number");
        (await Json(await steward.GetAsync(new Uri($"{Root}/elements?list=gbt-2261-1&size=1", UriKind.Relative)))).GetProperty("items")[0].GetProperty("element").GetProperty("codeList").GetString().ShouldBe("gbt-2261-1");
    }

    [Fact]
    public async Task Suggestions_tell_their_reason_and_doubt_what_contradicts()
    {
        var items = new[]
        {
            ItemCard.Of("身份证号"), ItemCard.Of("户主姓名"), ItemCard.Of("序号", column: "xb"), ItemCard.Of("生日", ItemType.Integer), ItemCard.Of("某列"), ItemCard.Of("没有含义的列"),
        };
        IReadOnlyList<IReadOnlyList<string>> values = [[], [], [], [], ["11010519491231002X", Id("330784199001011"), Id("330784198512032")], []];

        var found = await Elements.Suggest(items, values, default);

        found[0][0].Element.Code.ShouldBe("id_number");
        found[0][0].Why[0].Zh.ShouldContain("身份证号");
        found[1][0].Element.Code.ShouldBe("person_name");
        found[1][0].Confidence.ShouldBeLessThan(found[0][0].Confidence);
        found[2][0].Element.Code.ShouldBe("sex");
        found[3][0].Element.Code.ShouldBe("birth_date");
        found[3][0].Confidence.ShouldBeLessThan(0.5, "a whole number is no date");
        found[4][0].Element.Code.ShouldBe("id_number", "the values say so");
        found[5].ShouldBeEmpty();
    }

    [Fact]
    public async Task Binding_brings_type_format_codes_check_and_level_to_the_draft_and_the_impact_names_who_loses_codes()
    {
        var list = await county.List(new { code = "1", name = "一" }, new { code = "2", name = "二" });
        var element = county.Fresh("kind_");
        await Json(await county.Put($"/elements/{element}", new { body = new { name = "种类", type = "Text", length = 1, format = "[0-9]", codeList = list, level = "L1" } }));
        await Json(await county.Post($"/elements/{element}/publish"));
        var resource = await Resource(ItemCard.Of("种类", ItemType.Memo, column: "kind", key: true), ItemCard.Of("说明", column: "remark", level: Level.L2));
        var kind = resource.Items[0].Id;

        (await Refusal(await Bind(resource.Id, kind, "no_such_element"))).ShouldBe("CAT-015");
        var bound = await Json(await Bind(resource.Id, kind, element));

        var item = bound.GetProperty("entry").GetProperty("items")[0];
        (Text(item, "type"), item.GetProperty("length").GetInt32(), Text(item, "format"), Text(item, "level"), Text(item, "element")).ShouldBe(("Text", 1, "[0-9]", "L1", element));
        item.GetProperty("codes").EnumerateArray().Select(c => c.GetString()).ShouldBe(["1", "2"]);
        item.GetProperty("key").GetBoolean().ShouldBeTrue("the element says nothing of keys");
        bound.GetProperty("openState").GetString().ShouldBe("Draft");
        (await Elements.Of(ItemCard.Of("x") with { Element = element }, default))!.Name.ShouldBe("种类");

        await Json(await county.Put($"/lists/{list}", new { name = "少一个", codes = new[] { new { code = "1", name = "一" } } }));
        var impact = await county.Get($"/lists/{list}/impact");
        impact.GetProperty("gone").EnumerateArray().Select(c => Text(c, "code")).ShouldBe(["2"]);
        var hit = impact.GetProperty("items").EnumerateArray().Single();
        (hit.GetProperty("bound").GetProperty("resource").GetGuid(), hit.GetProperty("loses")[0].GetString(), hit.GetProperty("bound").GetProperty("draft").GetBoolean()).ShouldBe((resource.Id, "2", true));

        await Json(await county.Post($"/lists/{list}/publish"));
        var row = (await Json(await county.Engineer.GetAsync(new Uri($"/api/v1/resources/{resource.Id}/elements", UriKind.Relative))))[0];
        Text(row.GetProperty("differs"), "zh").ShouldBe("代码集");
    }

    [Fact]
    public async Task An_element_that_is_unbound_leaves_the_item_as_it_was()
    {
        var resource = await Resource(ItemCard.Of("性别", column: "sex", key: true));
        await Json(await Bind(resource.Id, resource.Items[0].Id, "sex"));
        var freed = (await Json(await Bind(resource.Id, resource.Items[0].Id, null))).GetProperty("entry").GetProperty("items")[0];

        (freed.TryGetProperty("element", out var element) ? element.GetString() : null).ShouldBeNull();
        freed.GetProperty("codes").GetArrayLength().ShouldBe(4);
    }

    [Fact]
    public async Task A_binding_says_what_becomes_of_codes_that_ended_and_only_what_is_certain_has_a_code_of_today()
    {
        var list = await county.List(
            new { code = "A", name = "旧县", until = "2015-01-01" }, new { code = "B", name = "新区" }, new { code = "C", name = "没了", until = "2015-01-01" }, new { code = "D", name = "待定", until = "2015-01-01" });
        await Json(await county.Post($"/lists/{list}/crosswalk", new { code = "A", toCode = "B", on = "2015-01-01", kind = "Upgraded" }));
        await Json(await county.Post($"/lists/{list}/crosswalk", new { code = "C", on = "2015-01-01", kind = "Abolished" }));
        (await county.Services.GetRequiredService<ICodeLists>().Former(list, default)).ShouldBe([new("A", "旧县", "B"), new("C", "没了", null), new("D", "待定", null)]);
        (await county.Services.GetRequiredService<ICodeLists>().Former("no-such-list", default)).ShouldBeNull();
        var element = county.Fresh("division_");
        await Json(await county.Put($"/elements/{element}", new { body = new { name = "区划", type = "Text", codeList = list } }));
        await Json(await county.Post($"/elements/{element}/publish"));
        var resource = await Resource(ItemCard.Of("区划", column: "division", key: true));
        async Task<JsonElement> Bound(object binding) => (await Json(await county.Engineer.PostAsJsonAsync($"/api/v1/resources/{resource.Id}/elements", new { bindings = new[] { binding } }))).GetProperty("entry").GetProperty("items")[0];

        (await Bound(new { item = resource.Items[0].Id, element })).GetProperty("former").GetProperty("resolve").GetBoolean().ShouldBeFalse();
        var resolving = await Bound(new { item = resource.Items[0].Id, element, resolve = true });
        resolving.GetProperty("former").GetProperty("resolve").GetBoolean().ShouldBeTrue();
        resolving.GetProperty("former").GetProperty("codes").EnumerateArray().Select(c => (Text(c, "code"), c.TryGetProperty("now", out var now) ? now.GetString() : null)).ShouldBe([("A", "B"), ("C", null), ("D", null)]);
        resolving.GetProperty("codes").EnumerateArray().Select(c => c.GetString()).ShouldBe(["B"]);
        (await Bound(new { item = resource.Items[0].Id, element = (string?)null })).GetProperty("former").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("甲 = 60%\n乙 = 40 %", null)]
    [InlineData("甲 = 60\n乙 = 30.5", "STD-017")]
    [InlineData("甲 = 60\n乙 = 四十", "STD-016")]
    [InlineData("甲 60", "STD-016")]
    [InlineData("", null)]
    public async Task Weights_of_the_assessment_sum_to_a_hundred_or_are_refused_with_their_place(string parameters, string? code)
    {
        var answer = await county.Put("/rules/assessment", new { text = "考核口径", parameters });

        (code is null ? answer.IsSuccessStatusCode.ToString() : await Refusal(answer)).ShouldBe(code ?? "True");
        if (code == "STD-017")
        {
            (await answer.Content.ReadAsStringAsync()).ShouldContain("90.5");
        }
    }

    [Fact]
    public async Task A_format_that_is_none_is_told_in_the_citys_words()
    {
        var answer = await county.Put($"/elements/{county.Fresh("bad_")}", new { body = JsonDocument.Parse("{\"name\":\"x\",\"format\":\"[a-z\"}").RootElement });
        (await answer.Content.ReadAsStringAsync()).ShouldSatisfyAllConditions(t => t.ShouldContain("没有闭合"), t => t.ShouldNotContain("Unterminated"));
    }

    [Theory]
    [InlineData("naming", "", "column")]
    [InlineData("levels", "L1 = 不敏感", "L2、L3、L4")]
    public async Task A_rule_keeps_the_parameters_that_others_go_by(string rule, string parameters, string missing)
    {
        var answer = await county.Put($"/rules/{rule}", new { text = "规则", parameters });
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        problem.GetProperty("code").GetString().ShouldBe("STD-029");
        problem.GetProperty("detail").GetString()!.ShouldContain(missing);
        (await Refusal(await county.Put($"/rules/{rule}", new { text = " ", parameters }))).ShouldBe("STD-028");
    }

    [Fact]
    public async Task The_naming_rule_in_force_is_what_columns_are_held_against()
    {
        (await Refusal(await county.Put("/rules/naming", new { text = "命名", parameters = "# 说明\ncolumn = [a-z" }))).ShouldBe("STD-016");
        (await Elements.Naming(default))("UPPER").ShouldNotBeNull();
        (await Elements.Naming(default))("sex").ShouldBeNull();
        await Json(await county.Put("/rules/naming", new { text = "命名", parameters = "column = c_[a-z]+" }));
        (await Elements.Naming(default))("sex").ShouldBeNull("a draft is not in force");
        await Json(await county.Post("/rules/naming/publish"));
        (await Elements.Naming(default))("sex")!.Value.Zh.ShouldContain("c_[a-z]+");
        (await county.Get("/rules")).GetArrayLength().ShouldBe(10);
        (await Refusal(await county.Put("/rules/eleventh", new { text = "第十一" }))).ShouldBe("STD-001");
    }

    [Fact]
    public void Parameters_of_identifiers_name_a_check_the_program_has() =>
        Parameters.Fault(RuleBody.Identifiers, "公民身份号码 = IdNumber\n车牌 = Plate")!.What.Zh.ShouldContain("第 2 行");

    /// <summary>Seventeen digits with the character GB 11643 gives them, computed here and not by the product.</summary>
    private static string Id(string fifteen)
    {
        var body = fifteen.PadRight(17, '1');
        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            sum += (body[i] - '0') * ((1 << (17 - i)) % 11);
        }

        var check = (12 - (sum % 11)) % 11;
        return body + (check == 10 ? "X" : check.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private Task<HttpResponseMessage> Bind(Guid resource, Guid item, string? element) =>
        county.Engineer.PostAsJsonAsync($"/api/v1/resources/{resource}/elements", new { bindings = new[] { new { item, element } } });

    private async Task<ResourceCard> Resource(params ItemCard[] items)
    {
        using var scope = county.Services.CreateScope();
        var entry = new ResourceEntry { Class = "303001", Name = county.Fresh("资源"), Unit = county.Unit, Summary = "模拟", Sharing = SharingKind.Unconditional, Ways = [SharingWay.Api], Items = items };
        return (await scope.ServiceProvider.GetRequiredService<ICatalogBulk>().Publish([entry], Actor.System, default)).Value[0];
    }

    private sealed record Named(string Code);
}
