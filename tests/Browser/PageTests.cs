using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Lizhou.Kernel;
using Microsoft.Playwright;

namespace Lizhou.Browser.Tests;

public sealed class PageTests(Window window)
{
    [Fact]
    public async Task Password_opens_the_door_and_a_wrong_one_says_what_to_do()
    {
        var line = (await File.ReadAllLinesAsync(Path.Combine(window.Data, "keys", "demo-people.txt"))).First(l => l.StartsWith("demo-engineer", StringComparison.Ordinal)).Split('\t');
        var page = await window.Page();
        await page.GotoAsync("/units?q=镇");
        await page.GetByLabel("账号").FillAsync(line[0]);
        await page.GetByLabel("密码").FillAsync("not-it-1A");
        await page.GetByRole(AriaRole.Button, new() { Name = "登录" }).ClickAsync();
        await Assertions.Expect(page.GetByText("账号或密码不正确。")).ToBeVisibleAsync();
        await page.GetByLabel("账号").FillAsync(line[0]);
        await page.GetByLabel("密码").FillAsync(line[1]);
        await page.GetByRole(AriaRole.Button, new() { Name = "登录" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "模拟镇" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task One_click_makes_a_steward_and_signing_out_leads_back_to_the_door()
    {
        var page = await window.Page();
        await window.Become(page, "专员");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("专员（模拟）");
        await Assertions.Expect(page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("示例县");
        await page.Locator(".lz-user > summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "退出登录" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "登录" })).ToBeVisibleAsync();
        await page.GotoAsync("/units");
        page.Url.ShouldContain("/sign-in?back=");
    }

    [Fact]
    public async Task Forbidden_page_says_so_with_its_status()
    {
        var page = await window.Page(Roles.Steward);
        var answer = await page.GotoAsync("/accounts");
        answer!.Status.ShouldBe(403);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "您无权访问此页面" })).ToBeVisibleAsync();
        (await page.GotoAsync("/no-such-page"))!.Status.ShouldBe(404);
    }

    [Fact]
    public async Task Unit_is_made_found_and_closed_without_JavaScript()
    {
        var page = await window.Page(Roles.Engineer, script: false);
        await page.GotoAsync("/units/new");
        await page.GetByLabel("机构全称").FillAsync("无脚本测试局（模拟）");
        await page.GetByLabel("统一社会信用代码").FillAsync("11332500MB1601924J");
        await page.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "无脚本测试局（模拟）" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "停用", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("确定停用“无脚本测试局（模拟）”")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "确认停用" }).ClickAsync();
        await page.GotoAsync("/units?state=closed&q=无脚本");
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "已停用" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Phone_menu_opens_without_JavaScript()
    {
        var page = await window.Page(Roles.Engineer, width: 390, script: false);
        await page.Locator(".lz-phone > summary").ClickAsync();
        await page.Locator(".lz-phone nav").GetByRole(AriaRole.Link, new() { Name = "信息系统" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "信息系统" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Drawer_is_modal_closes_with_Escape_and_gives_the_focus_back()
    {
        var page = await window.Page();
        await page.GotoAsync("/ui-kit");
        await page.Locator("lz-drawer[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        var opener = page.GetByRole(AriaRole.Button, new() { Name = "直接打开" });
        await opener.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "抽屉" })).ToBeVisibleAsync();
        Told(await page.RunAxe()).ShouldBeEmpty();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Assertions.Expect(opener).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Chart_is_drawn_and_has_the_same_figures_as_a_table()
    {
        var page = await window.Page();
        await page.GotoAsync("/ui-kit");
        await page.Locator("lz-chart[data-ready]").WaitForAsync();
        (await page.EvaluateAsync<int[]>("window.__lz.charts['kit-chart'].getOption().series[0].data")).ShouldBe([320, 332, 301, 334, 390]);
        await page.GetByText("以表格查看").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "332" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Page_of_a_list_is_light()
    {
        using var engineer = await window.As(Roles.Engineer);
        (await engineer.GetByteArrayAsync(new Uri("/units", UriKind.Relative))).Length.ShouldBeLessThan(30_000);
        (await engineer.GetByteArrayAsync(new Uri("/_content/Lizhou.Ui/lizhou.css", UriKind.Relative))).Length.ShouldBeInRange(10_000, 60_000);
    }

    internal static IEnumerable<string> Told(AxeResult result) =>
        result.Violations.Select(v => $"{v.Id}: {v.Help} — {string.Join(" | ", v.Nodes.Take(3).Select(n => n.Html))}");
}
