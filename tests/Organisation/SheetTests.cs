using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Kernel;
using static Lizhou.Tests.County;

namespace Lizhou.Organisation.Tests;

public sealed class SheetTests(SharedCounty county) : IClassFixture<SharedCounty>
{
    [Fact]
    public async Task What_the_preview_shows_is_what_happens_and_a_second_time_nothing_does()
    {
        var (unit, code) = await Unit("导表局");
        (await Json(await Send("posts", Csv("名称,所属机构代码,职责", $"数据管理岗,{code},归集")))).GetProperty("added").GetInt32().ShouldBe(1);
        var table = Csv("名称,所属机构代码,工号,岗位,办公电话,状态", $"模拟甲,{code},D001,数据管理岗,0579-1,启用", $"模拟乙,{code},,,,");
        var preview = await Json(await Send("people", table, preview: true));
        (preview.GetProperty("done").GetBoolean(), preview.GetProperty("added").GetInt32()).ShouldBe((false, 2));
        (await People(unit)).ShouldBeEmpty();

        (await Json(await Send("people", table))).GetProperty("added").GetInt32().ShouldBe(2);
        var first = (await People(unit)).Single(p => p.GetProperty("name").GetString() == "模拟甲");
        (first.GetProperty("post").GetString(), first.GetProperty("number").GetString()).ShouldBe(("数据管理岗", "D001"));
        (await Json(await Send("people", table))).GetProperty("same").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task A_last_row_of_one_cell_is_told_as_left_out()
    {
        var (unit, code) = await Unit("短行局");
        var table = Csv("名称,所属机构代码,工号,岗位,办公电话,状态", $"模拟甲,{code},,,0579-1,启用", "模拟乙");
        var preview = await Json(await Send("people", table, preview: true));
        (preview.GetProperty("added").GetInt32(), preview.GetProperty("leftOut").EnumerateArray().Single().GetString()).ShouldBe((1, "模拟乙"));
        (await Json(await Send("people", table))).GetProperty("leftOut").GetArrayLength().ShouldBe(1);
        (await People(unit)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Changed_cells_are_named_with_what_stood_there_and_columns_the_file_lacks_stay()
    {
        var (unit, code) = await Unit("改表局");
        (await Json(await Send("systems", Csv("名称,所属机构代码,用途,承建单位,上线日期", $"审批系统,{code},审批,甲公司,2024-05-01")))).GetProperty("added").GetInt32().ShouldBe(1);
        var table = Csv("名称,所属机构代码,承建单位", $"审批系统,{code},乙公司");
        var row = (await Json(await Send("systems", table, preview: true))).GetProperty("rows")[0];
        var change = row.GetProperty("changes").EnumerateArray().Single();
        (change.GetProperty("column").GetProperty("zh").GetString(), change.GetProperty("before").GetString(), change.GetProperty("after").GetString()).ShouldBe(("承建单位", "甲公司", "乙公司"));
        (await Json(await Send("systems", table))).GetProperty("changed").GetInt32().ShouldBe(1);
        var system = (await Json(await county.Engineer.GetAsync(new Uri($"/api/v1/systems?unit={unit}", UriKind.Relative)))).GetProperty("items")[0];
        (system.GetProperty("purpose").GetString(), system.GetProperty("since").GetString(), system.GetProperty("vendor").GetString()).ShouldBe(("审批", "2024-05-01", "乙公司"));
    }

    [Theory]
    [InlineData("systems", "名称,所属机构代码,上线日期,状态", "系统一,{0},去年,启用|系统二,999,,启用|,{0},,启用|系统三,{0},,半开|系统四,{0},,启用|系统四,{0},,启用", "2,3,4,5,6,7")]
    [InlineData("posts", "名称,所属机构代码,职责", "岗位一,{0},对|岗位二,,错", "3")]
    [InlineData("people", "名称,所属机构代码,工号,岗位", "人一,{0},,没有的岗|人二,{0},N1,|人三,{0},N1,", "2,3,4")]
    public async Task Every_wrong_row_is_told_by_its_line_and_nothing_is_written(string noun, string header, string rows, string wrong)
    {
        var (unit, code) = await Unit("错表局" + noun);
        var table = Csv([header, .. string.Format(null, rows, code).Split('|')]);
        var preview = await Json(await Send(noun, table, preview: true));
        string.Join(',', preview.GetProperty("rows").EnumerateArray().Where(r => r.GetProperty("wrong").GetArrayLength() > 0).Select(r => r.GetProperty("line").GetInt64())).ShouldBe(wrong);
        (await Refusal(await Send(noun, table))).ShouldBe("ORG-011");
        (await Json(await county.Engineer.GetAsync(new Uri($"/api/v1/{noun}?unit={unit}", UriKind.Relative)))).GetProperty("total").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Steward_imports_for_their_own_unit_alone()
    {
        var ((mine, code), (other, foreign)) = (await Unit("自导局"), await Unit("他导局"));
        using var steward = await county.AsStewardOf(mine);
        (await Refusal(await Send("people", Csv("名称,所属机构代码", $"甲,{code}", $"乙,{foreign}"), client: steward))).ShouldBe("ORG-011");
        (await People(other)).ShouldBeEmpty();
        (await Json(await Send("people", Csv("名称,所属机构代码", $"甲,{code}"), client: steward))).GetProperty("added").GetInt32().ShouldBe(1);
        (await Send("units", Csv("机构名称,统一社会信用代码", $"越权,{county.Code()}"), client: steward)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await steward.GetAsync(new Uri("/units/import", UriKind.Relative))).StatusCode.ShouldNotBe(HttpStatusCode.OK);
        using var auditor = await county.As(Roles.AuditAdministrator);
        (await Send("people", Csv("名称,所属机构代码", $"丙,{code}"), client: auditor)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("systems")]
    [InlineData("posts")]
    [InlineData("people")]
    public async Task Exported_table_comes_back_as_it_was_in_both_languages_and_its_formulas_are_text(string noun)
    {
        var (unit, code) = await Unit("往返表局" + noun);
        (await Json(await Send(noun, Csv("名称,所属机构代码", $"=1+1,{code}", $"普通,{code}")))).GetProperty("added").GetInt32().ShouldBe(2);
        foreach (var language in new[] { "zh-CN", "en" })
        {
            var uri = new Uri($"/api/v1/{noun}/export?unit={unit}&format=xlsx&lang={language}", UriKind.Relative);
            var back = await Json(await Send(noun, await county.Engineer.GetByteArrayAsync(uri), name: "back.xlsx"));
            (back.GetProperty("added").GetInt32(), back.GetProperty("changed").GetInt32(), back.GetProperty("same").GetInt32()).ShouldBe((0, 0, 2), language);
        }

        (await county.Engineer.GetStringAsync(new Uri($"/api/v1/{noun}/export?unit={unit}&format=csv", UriKind.Relative))).ShouldNotContain(",=1+1");
        (await county.Engineer.GetByteArrayAsync(new Uri($"/api/v1/{noun}/template", UriKind.Relative))).Length.ShouldBeGreaterThan(500);
    }

    [Fact]
    public async Task Staff_number_finds_the_person_who_moved()
    {
        var ((from, code), (to, next)) = (await Unit("调出局"), await Unit("调入局"));
        (await Json(await Send("people", Csv("名称,所属机构代码,工号", $"调动,{code},M7")))).GetProperty("added").GetInt32().ShouldBe(1);
        (await Json(await Send("people", Csv("名称,所属机构代码,工号", $"调动,{next},M7")))).GetProperty("changed").GetInt32().ShouldBe(1);
        (await People(from)).ShouldBeEmpty();
        (await People(to)).Count.ShouldBe(1);
        (await Refusal(await county.Engineer.PostAsJsonAsync("/api/v1/people", new { name = "同号", unit = from, number = "M7" }))).ShouldBe("ORG-013");
    }

    private async Task<(Guid Id, string Code)> Unit(string name)
    {
        var made = await county.Unit(name);
        return (made.GetProperty("id").GetGuid(), made.GetProperty("code").GetString()!);
    }

    private async Task<List<JsonElement>> People(Guid unit) =>
        [.. (await Json(await county.Engineer.GetAsync(new Uri($"/api/v1/people?unit={unit}", UriKind.Relative)))).GetProperty("items").EnumerateArray()];

    private async Task<HttpResponseMessage> Send(string noun, byte[] file, bool preview = false, string name = "table.csv", HttpClient? client = null)
    {
        using var form = new MultipartFormDataContent();
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        form.Add(content, "file", name);
        return await (client ?? county.Engineer).PostAsync(new Uri($"/api/v1/{noun}/import?preview={(preview ? "true" : "false")}", UriKind.Relative), form);
    }

    private static byte[] Csv(params string[] lines) => Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n");
}
