// A case as people live it: a call is registered at the counter, accepted, filed and dispatched at the centre, reported handled on a phone, failed, redone, verified and closed; then the same pages wide and narrow.
using System.Net.Http.Json;
using Lizhou.Kernel;
using Microsoft.Playwright;
using static Lizhou.Tests.County;

namespace Lizhou.Browser.Tests;

public sealed class CasesStoryTests(Window window)
{
    [Fact]
    public async Task A_call_becomes_a_case_that_is_handled_on_a_phone_failed_redone_verified_and_closed()
    {
        using var steward = await window.As(Roles.Steward);
        var unit = (await Json(await steward.GetAsync(new Uri("/api/v1/session", UriKind.Relative)))).GetProperty("unit").GetGuid();
        var page = await window.Page(Roles.Engineer);
        await page.GotoAsync("/cases/new");
        await Window.Keep(page, "case-new");
        await page.GetByLabel("情况描述", new() { Exact = false }).FillAsync("模拟：路边有一堆垃圾");
        await page.GetByLabel("事件分类").SelectOptionAsync("0102");
        await page.GetByLabel("地点").SelectOptionAsync("330784001");
        await page.GetByRole(AriaRole.Button, new() { Name = "登记" }).ClickAsync();
        await page.WaitForURLAsync("**/cases/SJ*");
        var number = page.Url.Split('/')[^1];

        await Take(page, "批转", "0102");
        await Take(page, "立案");
        await Take(page, "派遣", unit.ToString());
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("4 工作时");
        await Window.Keep(page, "case-handling");

        var phone = await window.Page(width: 390);
        await window.Become(phone, "专员");
        await phone.GotoAsync("/cases?mine=true");
        await Window.Keep(phone, "case-mine-phone");
        await phone.GetByRole(AriaRole.Link, new() { Name = number, Exact = true }).ClickAsync();
        await Take(phone, "反馈", fill: "已清理");
        await Assertions.Expect(phone.Locator("main")).ToContainTextAsync("待核查");
        await Window.Keep(phone, "case-phone");

        await page.ReloadAsync();
        await Take(page, "核查不通过", fill: "仍有残留");
        await phone.ReloadAsync();
        await Take(phone, "反馈", fill: "再次清理");
        await page.ReloadAsync();
        await Take(page, "核查通过", fill: "已核实");
        await Take(page, "结案");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("正常结案");
        await Window.Keep(page, "case-closed");
    }

    [Fact]
    public async Task Anybody_reports_on_a_phone_with_scripts_off_with_a_photo_and_follows_it_by_its_number()
    {
        var phone = await window.Page(width: 390, script: false);
        await phone.GotoAsync("/report");
        await Window.Keep(phone, "report-phone");
        await phone.Locator("#words").FillAsync("模拟：人行道板松动");
        await phone.Locator("#class").SelectOptionAsync("0110");
        await phone.Locator("#place").SelectOptionAsync("330784002");
        await phone.Locator("#name").FillAsync("钱女士");
        await phone.Locator("#photos").SetInputFilesAsync(new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = "<svg><script>alert(1)</script></svg>"u8.ToArray() });
        await phone.GetByRole(AriaRole.Button, new() { Name = "提交" }).ClickAsync();
        await Assertions.Expect(phone.Locator("main")).ToContainTextAsync("第 1 张照片不可用");
        await phone.Locator("#photos").SetInputFilesAsync(new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = await phone.ScreenshotAsync(new() { Type = ScreenshotType.Jpeg }) });
        await phone.GetByRole(AriaRole.Button, new() { Name = "提交" }).ClickAsync();
        await phone.WaitForURLAsync("**/progress?*");
        await Window.Keep(phone, "progress-phone");
        var told = await phone.Locator("main").InnerTextAsync();
        told.ShouldContain("待受理");
        told.ShouldContain("道路破损");
        told.ShouldNotContain("松动");
        told.ShouldNotContain("钱");
        var number = await phone.Locator("#number").InputValueAsync();

        var page = await window.Page(Roles.Engineer);
        await page.GotoAsync($"/cases/{number}");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("人行道板松动");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("钱**");
        (await page.GetByAltText("照片 1").EvaluateAsync<int>("i => i.decode().then(() => i.naturalWidth)")).ShouldBe(390);
        var stranger = await window.Page(width: 390);
        (await stranger.APIRequest.GetAsync($"/api/v1/cases/{number}/photos/1", new() { MaxRedirects = 0 })).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Who_handles_it_tells_so_on_a_phone_with_scripts_off_with_a_photo_of_the_place_after_the_work()
    {
        using var steward = await window.As(Roles.Steward);
        var unit = (await Json(await steward.GetAsync(new Uri("/api/v1/session", UriKind.Relative)))).GetProperty("unit").GetGuid();
        using var door = window.Door();
        var number = (await Json(await door.PostAsJsonAsync("/api/v1/cases", new { words = "模拟：绿地有一堆枯枝", place = "330784001", @class = "0102" }))).GetProperty("number").GetString()!;
        foreach (var (act, fields) in new (string, object)[] { ("accept", new { @class = "0102" }), ("file", new { }), ("dispatch", new { unit }) })
        {
            await Json(await door.PostAsJsonAsync($"/api/v1/cases/{number}/acts", new { act, fields }));
        }

        var phone = await window.Page(width: 390, script: false);
        await window.Become(phone, "专员");
        await phone.GotoAsync($"/cases/{number}");
        var form = phone.Locator("#act-feedback");
        await form.Locator("summary").ClickAsync();
        await form.Locator("textarea").FillAsync("已清理，现场见照片");
        await form.Locator("#feedback-photos-album").SetInputFilesAsync(new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = "<svg><script>alert(1)</script></svg>"u8.ToArray() });
        await Window.Keep(phone, "case-feedback-phone");
        await form.GetByRole(AriaRole.Button, new() { Name = "确认：反馈" }).Last.ClickAsync();
        await Assertions.Expect(phone.Locator("main")).ToContainTextAsync("第 1 张照片不可用");
        await Assertions.Expect(form.Locator("textarea")).ToHaveValueAsync("已清理，现场见照片");
        await form.Locator("#feedback-photos").SetInputFilesAsync(new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = await phone.ScreenshotAsync(new() { Type = ScreenshotType.Jpeg }) });
        await form.GetByRole(AriaRole.Button, new() { Name = "确认：反馈" }).Last.ClickAsync();
        await Assertions.Expect(phone.Locator("main")).ToContainTextAsync("待核查");
        await Window.Keep(phone, "case-feedback-done-phone");

        var page = await window.Page(Roles.Engineer);
        await page.GotoAsync($"/cases/{number}");
        (await page.GetByAltText("照片 1").EvaluateAsync<int>("i => i.decode().then(() => i.naturalWidth)")).ShouldBe(390);
        await page.GotoAsync($"/progress?number={number}");
        (await page.Locator("main img[src*='/photos/']").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_dispatch_table_that_is_only_tried_is_exported_with_what_it_would_have_done()
    {
        var page = await window.Page(Roles.Engineer);
        await page.GotoAsync("/cases/dispatch/what-if");
        var table = "事件分类,地点,级别,主办单位,协办单位,时限,优先级,自动,流程版本\n0102,,,模拟镇,,,,,\n";
        await page.Locator("#table").SetInputFilesAsync(new FilePayload { Name = "试.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(table) });
        await page.GetByRole(AriaRole.Button, new() { Name = "推演", Exact = true }).ClickAsync();
        var cases = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "导出 CSV" }).ClickAsync());
        (await File.ReadAllTextAsync(await cases.PathAsync())).ShouldContain("主办（推演）");
        var itself = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "导出派单目录" }).ClickAsync());
        (await File.ReadAllTextAsync(await itself.PathAsync())).ReplaceLineEndings("\n").TrimStart('\uFEFF').ShouldBe(table);
    }

    [Theory]
    [InlineData(1440, "zh-CN")]
    [InlineData(1440, "en")]
    [InlineData(390, "zh-CN")]
    public async Task The_pages_of_cases_and_of_the_work_calendar_stay_within_the_window(int width, string language)
    {
        var examples = await window.Examples;
        var page = await window.Page(Roles.Engineer, width, language);
        foreach (var (address, name) in new[] { ("/cases", "list"), ($"/cases/{examples.Case}", "case"), ("/cases/new", "new"), ("/cases/process", "process"), ("/cases/duty", "duty"), ("/cases/classes?code=0102", "classes"), ("/cases/flow", "flow"), ("/cases/assessment/schemes", "schemes"), ("/cases/assessment?by=Kind", "kinds"), ("/cases/recommendation", "recommendation"), ("/cases/channels", "channels"), ("/report", "report"), ("/progress", "progress"), ("/calendar?from=2026-02-13T16:00&amount=4&unit=WorkHours", "calendar") })
        {
            await page.GotoAsync($"{address}{(address.Contains('?') ? '&' : '?')}lang={language}");
            await Window.Keep(page, $"cases-{name}-{width}-{language}");
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBeLessThanOrEqualTo(0, address);
            (await page.EvaluateAsync<bool>("[...document.querySelectorAll('.lz-groups a')].every(a => a.getBoundingClientRect().right <= document.querySelector('.lz-top-end').getBoundingClientRect().left + 1 || a.offsetParent === null)")).ShouldBeTrue(address);
        }
    }

    /// <summary>Unfolds an act, chooses or fills in, and confirms.</summary>
    internal static async Task Take(IPage page, string act, string? value = null, string? fill = null)
    {
        var form = page.Locator("details.lz-act").Filter(new() { Has = page.GetByText($"确认：{act}", new() { Exact = true }) });
        await form.Locator("summary").ClickAsync();
        if (value is not null)
        {
            await form.Locator("select").First.SelectOptionAsync(value);
        }

        if (fill is not null)
        {
            await form.Locator("textarea").First.FillAsync(fill);
        }

        var before = await page.Locator(".lz-list").Last.Locator("li").CountAsync();
        await form.GetByRole(AriaRole.Button, new() { Name = $"确认：{act}" }).Last.ClickAsync();
        await Assertions.Expect(page.Locator(".lz-list").Last.Locator("li")).ToHaveCountAsync(before + 1);
    }
}
