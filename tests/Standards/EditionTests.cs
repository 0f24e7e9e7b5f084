using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Standards.Lists;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Standards.Tests.StandardsCounty;
using static Lizhou.Tests.County;

namespace Lizhou.Standards.Tests;

public sealed class EditionTests(StandardsCounty county) : IClassFixture<StandardsCounty>
{
    private static readonly DateOnly First = new(2002, 12, 31);
    private static readonly DateOnly Second = new(2014, 10, 31);

    [Fact]
    public void Editions_give_each_code_the_days_it_means_what_it_means()
    {
        var derived = Editions.Derive(
            [],
            [
                Edition(First, ("330000", "浙江省"), ("330100", "杭州市"), ("330183", "富阳市"), ("330184", "临安市"), ("330110", "余杭县")),
                Edition(Second, ("330000", "浙江省"), ("330100", "杭州市"), ("330111", "富阳区"), ("330184", "临安市"), ("330110", "余杭区")),
            ]);

        derived.Rows.ShouldBe([
            new("330000", "浙江省"), new("330100", "杭州市", Parent: "330000"), new("330110", "余杭县", Parent: "330100", Until: Second), new("330110", "余杭区", Parent: "330100", From: Second),
            new("330111", "富阳区", Parent: "330100", From: Second), new("330183", "富阳市", Parent: "330100", Until: Second), new("330184", "临安市", Parent: "330100"),
        ]);
        (derived.Renamed, derived.Ended, derived.Came).ShouldBe((1, 1, 1));
        derived.Candidates.Single().ShouldBe(new("330183", "330111", Second, CodeChangeKind.Upgraded, derived.Candidates[0].Reason));
    }

    [Fact]
    public void Counties_of_a_prefecture_that_got_another_code_are_proposed_under_the_one_that_took_its_place()
    {
        var derived = Editions.Derive(
            [new("142300", "吕梁地区"), new("142322", "文水县", Parent: "142300"), new("142302", "离石市", Parent: "142300")],
            [Edition(Second, ("141100", "吕梁市"), ("141121", "文水县"), ("141102", "离石区"), ("141199", "文水新县"))]);

        derived.Candidates.Select(c => (c.Code, c.ToCode, c.Kind)).ShouldBe(
            [("142300", "141100", CodeChangeKind.Upgraded), ("142322", "141121", CodeChangeKind.Recoded), ("142302", "141102", CodeChangeKind.Upgraded)], ignoreOrder: true);
    }

    [Fact]
    public void A_county_that_became_a_district_elsewhere_or_a_moved_one_is_proposed_where_it_is_the_only_one_of_its_name()
    {
        var third = new DateOnly(2016, 7, 31);
        var derived = Editions.Derive(
            [],
            [
                Edition(First, ("110000", "北京市"), ("110228", "密云县"), ("341521", "寿县"), ("500381", "江津市"), ("140202", "城区"), ("130185", "鹿泉市"), ("130999", "双名县")),
                Edition(Second, ("110000", "北京市"), ("110118", "密云区"), ("340422", "寿县"), ("140302", "城区"), ("130998", "双名市"), ("130997", "双名区")),
                Edition(third, ("110000", "北京市"), ("110118", "密云区"), ("340422", "寿县"), ("140302", "城区"), ("130998", "双名市"), ("130997", "双名区"), ("500116", "江津区")),
            ]);

        var proposed = derived.Candidates.Where(c => c.Code != "130999").ToList();
        proposed.Select(c => (c.Code, c.ToCode, c.On)).ShouldBe([("110228", "110118", Second), ("341521", "340422", Second), ("500381", "500116", third)], ignoreOrder: true);
        proposed.Single(c => c.Code == "110228").Reason.Zh.ShouldContain("把握");
        proposed.Single(c => c.Code == "500381").Reason.Zh.ShouldContain("晚一期");
        derived.Candidates.Count(c => c.Code == "130999").ShouldBe(2, "two of the name under one prefecture are both told");
    }

    [Fact]
    public void A_later_edition_goes_on_from_the_lines_there_are()
    {
        var all = new[] { Edition(First, ("1", "甲"), ("2", "乙")), Edition(Second, ("1", "甲"), ("3", "丙")), Edition(new(2016, 7, 31), ("1", "甲甲"), ("3", "丙")) };

        Editions.Derive(Editions.Derive([], all[..2]).Rows, all[2..]).Rows.ShouldBe(Editions.Derive([], all).Rows);
    }

    [Fact]
    public void An_old_code_is_followed_to_todays_and_no_step_is_surer_than_what_it_rests_on()
    {
        CodeRow[] rows =
        [
            new("A", "旧县", Until: First), new("B", "旧市", From: First, Until: Second), new("B", "新市", From: Second), new("C", "没了县", Until: Second), new("D", "分县", Until: First),
            new("E", "东", From: First), new("F", "西", From: First),
        ];
        Way[] ways = [new("A", "B", First, CodeChangeKind.Upgraded, Confirmed: false), new("D", "E", First, CodeChangeKind.Split, true), new("D", "F", First, CodeChangeKind.Split, true)];
        CodeResolution Of(string code, DateOnly? at = null, params Way[] more) => new Resolve(rows, [.. ways, .. more], new(2026, 1, 1)).Of(code, at);

        Of("B", new(2005, 1, 1)).Targets.ShouldBe([new("B", "新市", Certainty.Listed)]);
        Of("B", new(2005, 1, 1)).Name.ShouldBe("旧市");
        Of("A").Targets.ShouldBe([new("B", "新市", Certainty.Proposed)]);
        Of("A").Path.Select(s => (s.From, s.To, s.Certainty)).ShouldBe([("A", "B", Certainty.Proposed), ("B", "B", Certainty.Listed)]);
        Of("A", null, new Way("A", "E", First, CodeChangeKind.Merged, true)).Targets.ShouldBe([new("E", "东", Certainty.Confirmed)], "a candidate stands back behind what is confirmed");
        Of("D").Targets.Select(t => t.Code).ShouldBe(["E", "F"]);
        Of("C").Targets.ShouldBeEmpty();
        Of("C").Path.Single().Certainty.ShouldBe(Certainty.Unknown);
        Of("A", new(2010, 1, 1)).Exact.ShouldBeFalse();
        Of("Z").Name.ShouldBeNull();
    }

    [Fact]
    public async Task Nineteen_editions_tell_what_a_code_meant_then_and_what_a_former_division_is_today()
    {
        var zip = Zip([.. Directory.GetFiles(Shared.Path("china/gb2260"), "*.json").Select(f => (Path.GetFileNameWithoutExtension(f), JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(f))!))]);
        var preview = await Json(await county.Send("/lists/gbt-2260/editions?preview=true", "gb2260.zip", zip));
        var done = await Json(await county.Send("/lists/gbt-2260/editions", "gb2260.zip", zip));
        done.GetProperty("lines").GetInt32().ShouldBe(preview.GetProperty("lines").GetInt32());
        done.GetProperty("editions").GetArrayLength().ShouldBe(19);
        await Json(await county.Post("/lists/gbt-2260/publish"));

        var then = await county.Get("/lists/gbt-2260/codes?on=2005-07-01&q=330402");
        then.GetProperty("items").EnumerateArray().Select(c => Text(c, "name")).ShouldBe(["秀城区"]);
        (await county.Get("/lists/gbt-2260/codes?on=2016-08-01")).GetProperty("total").GetInt64().ShouldBe(3508);
        (await county.Get("/lists/gbt-2260/codes?on=2003-01-01")).GetProperty("total").GetInt64().ShouldBe(3510);

        async Task<CodeResolution> Of(string code, DateOnly? at) => (await county.Services.GetRequiredService<ICodeLists>().Resolve("gbt-2260", code, at, default))!;
        (await Of("330183", new(1990, 5, 1))).Targets.ShouldBe([new("330111", "富阳区", Certainty.Proposed)]);
        (await Of("330784", new(1990, 5, 1))).Targets.ShouldBe([new("330784", "永康市", Certainty.Listed)]);
        (await Of("110103", null)).Targets.ShouldBeEmpty("the editions do not say that 崇文区 went into 东城区");

        var proposed = (await county.Get("/lists/gbt-2260/crosswalk?state=Proposed&q=330183")).GetProperty("items")[0];
        await Json(await county.Post("/lists/gbt-2260/crosswalk/settle", new { ids = new[] { proposed.GetProperty("id").GetGuid() }, confirm = true }));
        (await Of("330183", new(1990, 5, 1))).Targets.Single().Certainty.ShouldBe(Certainty.Confirmed);
        (await Refusal(await county.Post("/lists/gbt-2260/crosswalk/settle", new { ids = new[] { proposed.GetProperty("id").GetGuid() }, confirm = false }))).ShouldBe("STD-015");

        await Json(await county.Post("/lists/gbt-2260/crosswalk", new { code = "110103", toCode = "110101", on = "2010-10-31", kind = "Merged", reason = "国务院批复" }));
        (await Of("110103", null)).Targets.ShouldBe([new("110101", "东城区", Certainty.Confirmed)]);
        (await Refusal(await county.Send("/lists/gbt-2260/editions", "old.zip", Zip(("201607", new() { ["330000"] = "浙江省" }))))).ShouldBe("STD-011");
    }

    [Theory]
    [InlineData("edition", "STD-010")]
    [InlineData("202613", "STD-010")]
    [InlineData("999912", "STD-010")]
    [InlineData("194812", "STD-010")]
    [InlineData("000001", "STD-010")]
    public async Task A_zip_that_is_not_of_editions_is_refused_and_nothing_is_written(string month, string code)
    {
        var list = await county.List(new { code = "1", name = "一" });

        (await Refusal(await county.Send($"/lists/{list}/editions", "x.zip", Zip((month, new() { ["1"] = "一" }))))).ShouldBe(code);
        (await Refusal(await county.Send($"/lists/{list}/editions", "x.zip", Csv("no zip")))).ShouldBe("STD-010");
        (await county.Get($"/lists/{list}")).GetProperty("draft").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("{\"1\":null}", "代码“1”没有名称")]
    [InlineData("{\"1\":7}", "代码“1”没有名称")]
    [InlineData("{\"1\":\"一\",\" 1\":\"二\"}", "代码 1 出现两次")]
    [InlineData("{\"1\":\"一\",\"1\":\"二\"}", "代码 1 出现两次")]
    [InlineData("{\" \":\"一\"}", "没有名称")]
    [InlineData("[]", "应为 {\"代码\":\"名称\"}")]
    [InlineData("null", "应为")]
    [InlineData("{}", "没有代码")]
    [InlineData("{\"1\":", "第 1 行")]
    public async Task An_edition_that_cannot_be_read_is_refused_with_its_file_and_what_is_wrong(string text, string said)
    {
        var list = await county.List(new { code = "1", name = "一" });
        using var zipped = new MemoryStream();
        using (var zip = new ZipArchive(zipped, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("201607.json").Open();
            entry.Write(Encoding.UTF8.GetBytes(text));
        }

        var answer = await county.Send($"/lists/{list}/editions", "x.zip", zipped.ToArray());

        var told = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Text(told, "code").ShouldBe("STD-010");
        Text(told, "detail").ShouldContain("201607.json");
        Text(told, "detail").ShouldContain(said);
    }

    [Fact]
    public void More_than_an_archive_may_hold_is_refused_before_it_is_unpacked()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Zip([.. Enumerable.Range(0, 201).Select(i => ($"{1990 + (i / 12)}{(i % 12) + 1:00}", new Dictionary<string, string> { ["1"] = "一" }))]));

            ImportEditions.Read(path, new(2026, 1, 1)).Problem!.What.Zh.ShouldContain("最多 200 个版次");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task The_crosswalk_takes_only_codes_the_lists_have_and_says_what_nothing_replaced()
    {
        var (one, two) = (await county.List(new { code = "1", name = "一" }), await county.List(new { code = "A", name = "甲" }));

        (await Refusal(await county.Post($"/lists/{one}/crosswalk", new { code = "9", toCode = "1", on = "2020-01-01", kind = "Renamed" }))).ShouldBe("STD-014");
        (await Refusal(await county.Post($"/lists/{one}/crosswalk", new { code = "1", on = "2020-01-01", kind = "Merged" }))).ShouldBe("KRN-001");
        await Json(await county.Post($"/lists/{one}/crosswalk", new { code = "1", toList = two, toCode = "A", on = "2020-01-01", kind = "Recoded" }));
        (await Refusal(await county.Post($"/lists/{one}/crosswalk", new { code = "1", toList = two, toCode = "A", on = "2020-01-01", kind = "Recoded" }))).ShouldBe("STD-019");
        Text((await county.Get($"/lists/{one}/crosswalk")).GetProperty("items")[0], "toName").ShouldBe("甲");
    }

    private static Edition Edition(DateOnly day, params (string Code, string Name)[] codes) => new(day, codes.ToDictionary(c => c.Code, c => c.Name));
}
