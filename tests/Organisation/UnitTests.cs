using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Organisation.Tests;

/// <summary>One sample county; every test makes units of its own.</summary>
public sealed class SharedCounty : County, IAsyncLifetime
{
    private int serial;

    public HttpClient Engineer { get; private set; } = null!;

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await Open();
        Engineer = await As(Roles.Engineer);
    }

    /// <summary>A fresh code that passes GB 32100: the two checks are computed here from the standard's weights, not by the product.</summary>
    public string Code()
    {
        var number = (10_000_000 + Interlocked.Increment(ref serial)).ToString();
        int[] nine = [3, 7, 9, 10, 5, 8, 4, 2];
        var c9 = 11 - (number.Select((c, i) => (c - '0') * nine[i]).Sum() % 11);
        var body = "11330784" + number + (c9 == 10 ? "X" : c9 == 11 ? "0" : c9.ToString());
        const string alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
        int[] weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
        return body + alphabet[(31 - (body.Select((c, i) => alphabet.IndexOf(c, StringComparison.Ordinal) * weights[i]).Sum() % 31)) % 31];
    }

    public async Task<JsonElement> Unit(string name, Guid? parent = null) =>
        await Json(await Engineer.PostAsJsonAsync("/api/v1/units", new { name, code = Code(), kind = "Department", parent }));
}

public sealed class UnitTests(SharedCounty county) : IClassFixture<SharedCounty>
{
    private const string Units = "/api/v1/units";

    [Theory]
    [InlineData("113307843077566033")]
    [InlineData("11330600MB1573660P")]
    [InlineData("1133100200267413X7")]
    public async Task Real_credit_codes_pass(string code) =>
        (await county.Engineer.PostAsJsonAsync(Units, new { name = "真实代码" + code[^4..], code, kind = "Department" })).StatusCode.ShouldBe(HttpStatusCode.Created);

    [Fact]
    public async Task Code_that_fails_its_check_needs_a_documented_exception()
    {
        const string issuedWrong = "91350203M0001QAY9B";
        (await Refusal(await county.Engineer.PostAsJsonAsync(Units, new { name = "例外企业", code = issuedWrong, kind = "Enterprise" }))).ShouldBe("ORG-003");
        var made = await Json(await county.Engineer.PostAsJsonAsync(Units, new { name = "例外企业", code = issuedWrong, kind = "Enterprise", codeNote = "营业执照原件" }));
        made.GetProperty("codeNote").GetString().ShouldBe("营业执照原件");
    }

    [Fact]
    public async Task Code_belongs_to_one_unit_whatever_its_case()
    {
        var unit = await county.Unit("独占代码局");
        var code = unit.GetProperty("code").GetString()!;
        (await Refusal(await county.Engineer.PostAsJsonAsync(Units, new { name = "重复", code = code.ToLowerInvariant(), kind = "Town" }))).ShouldBe("ORG-002");
    }

    [Fact]
    public async Task Unit_cannot_stand_under_itself_however_deep()
    {
        var top = await county.Unit("环一局");
        var middle = await county.Unit("环二局", top.GetProperty("id").GetGuid());
        var bottom = await county.Unit("环三局", middle.GetProperty("id").GetGuid());
        var ask = new { name = "环一局", code = top.GetProperty("code").GetString(), kind = "Department", parent = bottom.GetProperty("id").GetGuid() };
        (await Refusal(await county.Engineer.PutAsJsonAsync($"{Units}/{top.GetProperty("id").GetGuid()}", ask))).ShouldBe("ORG-004");
    }

    [Fact]
    public async Task Change_on_an_older_state_is_refused()
    {
        var unit = await county.Unit("并发局");
        var (id, code) = (unit.GetProperty("id").GetGuid(), unit.GetProperty("code").GetString());
        (await county.Engineer.PutAsJsonAsync($"{Units}/{id}", new { name = "并发局一", code, kind = "Department", version = 1 })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Refusal(await county.Engineer.PutAsJsonAsync($"{Units}/{id}", new { name = "并发局二", code, kind = "Department", version = 1 }))).ShouldBe("ORG-006");
        (await Json(await county.Engineer.GetAsync(new Uri($"{Units}/{id}", UriKind.Relative)))).GetProperty("name").GetString().ShouldBe("并发局一");
    }

    [Fact]
    public async Task Unit_with_units_or_systems_in_use_cannot_be_closed()
    {
        var unit = await county.Unit("待停用局");
        var id = unit.GetProperty("id").GetGuid();
        var below = (await county.Unit("下属中心", id)).GetProperty("id").GetGuid();
        (await Refusal(await Close(id))).ShouldBe("ORG-005");
        (await Close(below)).EnsureSuccessStatusCode();
        (await Close(id)).EnsureSuccessStatusCode();
        var register = county.Services.GetRequiredService<IUnits>();
        (await register.Find(id, default))!.Active.ShouldBeFalse();
        (await register.All(default)).ShouldNotContain(u => u.Id == id);
    }

    [Fact]
    public async Task Unit_is_closed_only_after_its_people_have_left_and_its_accounts_are_shut()
    {
        var id = (await county.Unit("有人员的局")).GetProperty("id").GetGuid();
        await Json(await county.Engineer.PostAsJsonAsync("/api/v1/people", new { name = "模拟在岗", unit = id }));
        using var steward = await county.AsStewardOf(id);
        var refused = JsonDocument.Parse(await (await county.Engineer.PostAsync(new Uri($"{Units}/{id}/close?lang=zh-CN", UriKind.Relative), null)).Content.ReadAsStringAsync()).RootElement;
        refused.GetProperty("code").GetString().ShouldBe("ORG-017");
        refused.GetProperty("detail").GetString()!.ShouldContain("2 名在岗人员、1 个启用的账号");   // the steward is a listed person too
        refused.GetProperty("link").GetString().ShouldBe($"/people?unit={id}");

        foreach (var listed in (await Json(await county.Engineer.GetAsync(new Uri($"/api/v1/people?unit={id}", UriKind.Relative)))).GetProperty("items").EnumerateArray().ToList())
        {
            (await county.Engineer.PutAsJsonAsync($"/api/v1/people/{listed.GetProperty("id").GetGuid()}", new { name = listed.GetProperty("name").GetString(), unit = id, active = false })).EnsureSuccessStatusCode();
        }

        // Who leaves has no account any more, as soon as that is known.
        (await Wait.For(async () => (await Close(id)).IsSuccessStatusCode, closed => closed)).ShouldBeTrue();
        (await steward.GetAsync(new Uri("/api/v1/session", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Whoever_was_left_in_a_closed_unit_can_be_marked_as_gone_or_moved()
    {
        var (closed, other) = ((await county.Unit("早已停用局")).GetProperty("id").GetGuid(), (await county.Unit("接收局")).GetProperty("id").GetGuid());
        var (first, second) = (await Person("模拟留下"), await Person("模拟调走"));
        await using (var state = await county.Services.GetRequiredService<StateStore>().Open())
        {
            await state.Execute(null, $"UPDATE organisation_unit SET active = 0 WHERE id = {closed.ToString()}", default);
        }

        (await Refusal(await Put(first, closed, active: true))).ShouldBe("ORG-001");
        (await county.Engineer.GetStringAsync(new Uri($"/people/{first}", UriKind.Relative))).ShouldContain($"value=\"{closed}\" selected");
        (await Put(first, closed, active: false)).EnsureSuccessStatusCode();
        (await Put(second, other, active: true)).EnsureSuccessStatusCode();
        (await Refusal(await Put(second, closed, active: true))).ShouldBe("ORG-001");

        async Task<Guid> Person(string name) => (await Json(await county.Engineer.PostAsJsonAsync("/api/v1/people", new { name, unit = closed }))).GetGuid();
        Task<HttpResponseMessage> Put(Guid person, Guid unit, bool active) => county.Engineer.PutAsJsonAsync($"/api/v1/people/{person}", new { name = "模拟人员", unit, active });
    }

    [Fact]
    public async Task Other_modules_get_parents_before_children()
    {
        var top = (await county.Unit("先父局")).GetProperty("id").GetGuid();
        var below = (await county.Unit("后子局", top)).GetProperty("id").GetGuid();
        var all = (await county.Services.GetRequiredService<IUnits>().All(default)).Select(u => u.Id).ToList();
        all.IndexOf(top).ShouldBeLessThan(all.IndexOf(below));
        (await county.Services.GetRequiredService<IUnits>().ByName("后子局", default))!.Parent.ShouldBe(top);
    }

    [Fact]
    public async Task Steward_changes_what_is_their_units_and_nothing_else()
    {
        var (mine, other) = ((await county.Unit("本单位局")).GetProperty("id").GetGuid(), (await county.Unit("他单位局")).GetProperty("id").GetGuid());
        using var steward = await county.AsStewardOf(mine);
        (await steward.PostAsJsonAsync(Units, new { name = "越权局", code = county.Code(), kind = "Department" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await steward.PostAsJsonAsync("/api/v1/systems", new { name = "本单位系统", unit = mine })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await Refusal(await steward.PostAsJsonAsync("/api/v1/systems", new { name = "他单位系统", unit = other }))).ShouldBe("ORG-008");
        (await Refusal(await steward.PostAsJsonAsync("/api/v1/people", new { name = "模拟人员", unit = other }))).ShouldBe("ORG-008");
        (await Refusal(await steward.PostAsJsonAsync("/api/v1/systems", new { name = "本单位系统", unit = mine }))).ShouldBe("ORG-007");
        var system = (await Json(await county.Engineer.PostAsJsonAsync("/api/v1/systems", new { name = "可抢系统", unit = other }))).GetGuid();
        (await Refusal(await steward.PutAsJsonAsync($"/api/v1/systems/{system}", new { name = "可抢系统", unit = mine }))).ShouldBe("ORG-008");
    }

    [Fact]
    public async Task Auditor_reads_and_does_not_write()
    {
        var unit = (await county.Unit("审计只读局")).GetProperty("id").GetGuid();
        using var auditor = await county.As(Roles.AuditAdministrator);
        (await auditor.GetAsync(new Uri($"{Units}?q=审计只读", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await auditor.PostAsJsonAsync("/api/v1/systems", new { name = "x", unit })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await auditor.PostAsync(new Uri($"{Units}/{unit}/close", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Import_with_one_wrong_row_changes_nothing_and_tells_each_line()
    {
        var (good, parent) = (county.Code(), county.Code());
        var table = Csv(["机构名称", "统一社会信用代码", "机构类型", "上级机构代码"], [good_row(good), ["没有代码局", "", "", ""], ["坏代码局", good[..17] + (good[17] == '0' ? '1' : '0'), "镇街", parent], ["怪类型", county.Code(), "衙门", ""]]);
        static string[] good_row(string code) => ["导入甲局", code, "政府部门", ""];
        var preview = await Json(await Send(table, preview: true));
        preview.GetProperty("added").GetInt32().ShouldBe(1);
        var wrong = preview.GetProperty("rows").EnumerateArray().Where(r => r.GetProperty("wrong").GetArrayLength() > 0).ToList();
        wrong.Select(r => r.GetProperty("line").GetInt64()).ShouldBe([3, 4, 5]);
        wrong[1].GetProperty("wrong").GetArrayLength().ShouldBe(2);

        (await Refusal(await Send(table, preview: false))).ShouldBe("ORG-011");
        (await county.Services.GetRequiredService<IUnits>().ByCode(good, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Import_of_one_row_that_puts_a_unit_under_its_own_is_refused()
    {
        var top = await county.Unit("文件环一局");
        var below = await county.Unit("文件环二局", top.GetProperty("id").GetGuid());
        var table = Csv(["机构名称", "统一社会信用代码", "上级机构代码"], [["文件环一局", top.GetProperty("code").GetString()!, below.GetProperty("code").GetString()!]]);
        (await Json(await Send(table, preview: true))).GetProperty("rows")[0].GetProperty("wrong").GetArrayLength().ShouldBe(1);
        (await Refusal(await Send(table, preview: false))).ShouldBe("ORG-011");
    }

    [Fact]
    public async Task Exported_units_come_back_as_they_were_and_a_child_may_stand_before_its_parent()
    {
        var (child, parent) = (county.Code(), county.Code());
        (await Json(await Send(Csv(["机构名称", "统一社会信用代码", "上级机构代码"], [["往返子局", child, parent], ["往返父局", parent, ""]]), preview: false))).GetProperty("added").GetInt32().ShouldBe(2);
        var register = county.Services.GetRequiredService<IUnits>();
        (await register.ByCode(child, default))!.Parent.ShouldBe((await register.ByCode(parent, default))!.Id);

        var sheet = await (await county.Engineer.GetAsync(new Uri($"{Units}/export?q=往返&format=xlsx", UriKind.Relative))).Content.ReadAsByteArrayAsync();
        var again = await Json(await Send(sheet, preview: false, "units.xlsx"));
        (again.GetProperty("added").GetInt32(), again.GetProperty("same").GetInt32()).ShouldBe((0, 2));
        (await register.ByCode(child, default))!.Parent.ShouldBe((await register.ByCode(parent, default))!.Id);
    }

    [Fact]
    public async Task Import_without_the_columns_says_which_is_missing() =>
        (await Refusal(await Send(Csv(["名字", "统一社会信用代码"], [["某局", county.Code()]]), preview: true))).ShouldBe("ORG-010");

    [Fact]
    public async Task Import_of_what_is_no_table_names_the_file_as_it_was_sent() =>
        (await (await Send("%PDF-1.7"u8.ToArray(), preview: true, "单位 扫描.pdf")).Content.ReadAsStringAsync()).ShouldContain("单位 扫描.pdf");

    [Theory]
    [InlineData("/units", "机构管理", "Units")]
    [InlineData("/units?view=tree", "机构管理", "Units")]
    [InlineData("/units/new", "新增机构", "New unit")]
    [InlineData("/units/import", "导入机构", "Import: Units")]
    [InlineData("/people/import", "导入人员", "Import: People")]
    [InlineData("/posts/import", "导入岗位", "Import: Posts")]
    [InlineData("/systems/import", "导入信息系统", "Import: Information systems")]
    [InlineData("/systems", "信息系统", "Information systems")]
    [InlineData("/systems/new", "新增信息系统", "New system")]
    [InlineData("/people", "人员岗位", "People and posts")]
    [InlineData("/people?view=posts", "人员岗位", "People and posts")]
    [InlineData("/people/new", "新增人员", "New person")]
    [InlineData("/posts/new", "新增岗位", "New post")]
    public async Task Page_speaks_both_languages(string path, string zh, string en)
    {
        await county.Unit("页面局" + path.Length + zh);
        var glue = path.Contains('?', StringComparison.Ordinal) ? "&" : "?";
        (await county.Engineer.GetStringAsync(new Uri($"{path}{glue}lang=en", UriKind.Relative))).ShouldContain($"<h1>{en}</h1>");
        (await county.Engineer.GetStringAsync(new Uri($"{path}{glue}lang=zh-CN", UriKind.Relative))).ShouldContain($"<h1>{zh}</h1>");
    }

    private Task<HttpResponseMessage> Close(Guid id) => county.Engineer.PostAsync(new Uri($"{Units}/{id}/close", UriKind.Relative), null);

    private async Task<HttpResponseMessage> Send(byte[] file, bool preview, string name = "units.csv")
    {
        using var form = new MultipartFormDataContent();
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        form.Add(content, "file", name);
        return await county.Engineer.PostAsync(new Uri($"{Units}/import?preview={(preview ? "true" : "false")}", UriKind.Relative), form);
    }

    private static byte[] Csv(string[] header, string[][] rows) =>
        Encoding.UTF8.GetBytes(string.Join("\r\n", rows.Prepend(header).Select(r => string.Join(',', r))) + "\r\n");
}
