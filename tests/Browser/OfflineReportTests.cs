// A report made where there is no line: kept in the browser, sent when the line is back, once, whoever fails on the way; refused ones are told and mended; a worker's are theirs alone.
using Lizhou.Kernel;
using Lizhou.Tests;
using Microsoft.Playwright;
using static Lizhou.Tests.County;

namespace Lizhou.Browser.Tests;

/// <summary>A county that may be closed and opened again.</summary>
public sealed class OwnCounty : County, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await Open();
}

public sealed class OfflineReportTests(Window window, OwnCounty county) : IClassFixture<OwnCounty>
{
    [Fact]
    public async Task A_report_made_without_a_line_waits_and_becomes_one_case_when_the_line_is_back_however_many_tabs_are_open()
    {
        using var line = new Line(county.Address);
        var phone = await Opened(line);
        var tab = await phone.Context.NewPageAsync();
        await tab.GotoAsync("/report");

        await Cut(phone, line, true);
        await phone.GotoAsync("/report");
        await Assertions.Expect(phone.GetByText("现在没有网络")).ToBeVisibleAsync();
        await Fill(phone, "模拟：桥头护栏缺了一段", await phone.ScreenshotAsync(new() { Type = ScreenshotType.Jpeg }));
        await phone.Locator("#place").SelectOptionAsync("330784002");
        await Send(phone);
        await Assertions.Expect(phone.GetByText("待补报")).ToBeVisibleAsync();
        await Assertions.Expect(phone.Locator(".lz-waiting")).ToContainTextAsync("桥头护栏");
        await Window.Keep(phone, "report-waits-phone");
        await phone.ReloadAsync();
        await Assertions.Expect(phone.GetByText("待补报")).ToBeVisibleAsync();

        await Cut(phone, line, false);
        var number = await phone.Locator(".lz-waiting a[data-number]").InnerTextAsync();
        await Window.Keep(phone, "report-sent-phone");
        (await Numbers("模拟：桥头护栏缺了一段")).ShouldBe([number]);
        using var door = county.Door();
        (await Json(await door.GetAsync($"/api/v1/cases/{number}"))).GetProperty("events")[0].GetProperty("photos").GetInt32().ShouldBe(1);
        await phone.GetByRole(AriaRole.Link, new() { Name = number }).ClickAsync();
        await Assertions.Expect(phone.Locator("main")).ToContainTextAsync("待受理");
    }

    [Fact]
    public async Task A_city_that_ends_after_it_took_a_report_and_before_it_answered_has_one_case_and_not_two()
    {
        using var line = new Line(county.Address);
        var phone = await Opened(line);
        await Fill(phone, "模拟：窨井盖松动", await phone.ScreenshotAsync(new() { Type = ScreenshotType.Jpeg }));
        line.Loses = new();
        await Send(phone);
        await line.Loses.Task.WaitAsync(TimeSpan.FromSeconds(30));
        line.IsCut = true;
        (await Numbers("模拟：窨井盖松动")).Count.ShouldBe(1, "it has arrived");
        await county.Close();
        await Assertions.Expect(phone.GetByText("待补报")).ToBeVisibleAsync();

        await county.Open();
        (line.To, line.Loses, line.IsCut) = (county.Address, null, false);
        await phone.ReloadAsync();
        await Assertions.Expect(phone.Locator(".lz-waiting a[data-number]")).ToBeVisibleAsync();
        (await Numbers("模拟：窨井盖松动")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_refused_after_all_is_told_and_mended_and_what_a_worker_made_is_neither_shown_nor_sent_for_anybody_else()
    {
        using var line = new Line(county.Address);
        var phone = await Opened(line);
        await SignIn(phone);
        await phone.GotoAsync("/report");
        await Assertions.Expect(phone.Locator("lz-reports[data-kept]")).ToBeAttachedAsync();
        await Cut(phone, line, true);
        await phone.ReloadAsync();
        await Assertions.Expect(phone.Locator("#phone")).ToBeHiddenAsync();
        await Fill(phone, "模拟：巡查见占道堆物", "not a photo"u8.ToArray());
        await Send(phone);
        await Assertions.Expect(phone.GetByText("待补报")).ToBeVisibleAsync();

        await phone.Context.ClearCookiesAsync();
        await Cut(phone, line, false);
        await Assertions.Expect(phone.GetByText("请重新登录以补报")).ToBeVisibleAsync();
        await phone.GotoAsync("/report");
        await Assertions.Expect(phone.Locator("lz-reports[data-kept]")).ToBeAttachedAsync();
        await Assertions.Expect(phone.Locator(".lz-waiting")).ToBeHiddenAsync();
        (await Numbers("模拟：巡查见占道堆物")).ShouldBeEmpty();

        await SignIn(phone);
        await phone.GotoAsync("/report");
        await Assertions.Expect(phone.Locator(".lz-waiting")).ToContainTextAsync("第 1 张照片不可用");
        await Window.Keep(phone, "report-refused-phone");
        await phone.GetByRole(AriaRole.Button, new() { Name = "改正" }).ClickAsync();
        (await phone.Locator("#words").InputValueAsync()).ShouldBe("模拟：巡查见占道堆物");
        await phone.Locator("#photos").SetInputFilesAsync(new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = await phone.ScreenshotAsync(new() { Type = ScreenshotType.Jpeg }) });
        await Send(phone);
        await phone.WaitForURLAsync("**/cases/SJ*");
        await Assertions.Expect(phone.Locator("main")).ToContainTextAsync("信息采集");
        (await Numbers("模拟：巡查见占道堆物")).Count.ShouldBe(1);

        await phone.Locator(".lz-user summary").ClickAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "退出" }).ClickAsync();
        await phone.WaitForURLAsync("**/sign-in*");
        await Cut(phone, line, true);
        await phone.GotoAsync("/report");
        await Assertions.Expect(phone.Locator("#phone")).ToBeVisibleAsync();
        await Assertions.Expect(phone.Locator(".lz-waiting")).Not.ToContainTextAsync("SJ");
    }

    /// <summary>The form, once the browser could open it without a line.</summary>
    private async Task<IPage> Opened(Line line)
    {
        var phone = await window.Page(width: 390, at: line.Address);
        await phone.GotoAsync("/report");
        await Assertions.Expect(phone.Locator("lz-reports[data-kept]")).ToBeAttachedAsync();
        return phone;
    }

    private static async Task SignIn(IPage phone)
    {
        await phone.GotoAsync("/demo");
        await phone.GetByRole(AriaRole.Button, new() { NameRegex = new("工程师") }).First.ClickAsync();
        await phone.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/");
    }

    /// <summary>For the browser, and for the worker behind its pages.</summary>
    private static async Task Cut(IPage phone, Line line, bool cut)
    {
        line.IsCut = cut;
        await phone.Context.SetOfflineAsync(cut);
    }

    private static async Task Fill(IPage phone, string words, byte[] photo)
    {
        await phone.Locator("#words").FillAsync(words);
        await phone.Locator("#photos").SetInputFilesAsync(new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = photo });
    }

    private static Task Send(IPage phone) => phone.GetByRole(AriaRole.Button, new() { Name = "提交", Exact = true }).ClickAsync();

    /// <summary>What is known of the reports that say so.</summary>
    private async Task<List<string>> Numbers(string words)
    {
        using var door = county.Door();
        return [.. (await Json(await door.GetAsync("/api/v1/cases"))).GetProperty("items").EnumerateArray().Where(c => c.GetProperty("words").GetString() == words).Select(c => c.GetProperty("number").GetString()!)];
    }
}
