// The event centre as it stands open on a desk: a case reported elsewhere appears in its list and on its map without anybody loading the page again; map and list point at each other.
using System.Net.Http.Json;
using Lizhou.Kernel;
using Microsoft.Playwright;
using static Lizhou.Tests.County;

namespace Lizhou.Browser.Tests;

public sealed class CentreLiveTests(Window window)
{
    [Fact]
    public async Task A_case_reported_elsewhere_appears_in_the_open_page_and_is_chosen_on_the_map()
    {
        var page = await window.Page(Roles.Engineer);
        await page.GotoAsync("/cases?node=330784110");
        await Assertions.Expect(page.Locator("lz-live[data-heard]")).ToBeAttachedAsync();
        await page.EvaluateAsync("window.stays = true");
        using var bureau = await window.As(Roles.Engineer);
        var number = (await Json(await bureau.PostAsJsonAsync("/api/v1/cases", new { words = "模拟：路灯不亮", place = "330784110", @class = "0110" }))).GetProperty("number").GetString()!;
        var row = page.Locator($"li[data-pair='{number}']");
        await Assertions.Expect(row).ToBeVisibleAsync();
        await page.Locator($"a.lz-map-dot[data-pair='{number}']").ClickAsync();
        await Assertions.Expect(row).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("lz-paired"));
        (await page.EvaluateAsync<bool>("window.stays === true")).ShouldBeTrue();
        await Window.Keep(page, "centre-live");
        await page.GotoAsync("/cases/process");
        await Assertions.Expect(page.Locator("lz-live[data-heard]")).ToBeAttachedAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "在办事件分布" })).ToContainTextAsync("待受理");
        await page.GotoAsync("/cases?node=330784110&state=");
        await Assertions.Expect(page.Locator("lz-live[data-heard]")).ToBeAttachedAsync();

        await Json(await bureau.PostAsJsonAsync($"/api/v1/cases/{number}/acts", new { act = "reject", fields = new { reason = "模拟：不属于本市" } }));
        await Assertions.Expect(row).ToContainTextAsync("不予受理");
        await Assertions.Expect(page.Locator($"a.lz-map-dot[data-pair='{number}']")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task From_the_county_one_goes_down_to_a_town_a_village_and_a_grid_and_up_again_by_keyboard_and_without_scripts()
    {
        using var bureau = await window.As(Roles.Engineer);
        List<string> numbers = [];
        foreach (var i in Enumerable.Range(1, 10))
        {
            var place = i < 10 ? "330784111001001" : "330784111001";
            numbers.Add((await Json(await bureau.PostAsJsonAsync("/api/v1/cases", new { words = $"模拟：第 {i} 盏路灯不亮", place, @class = "0110" }))).GetProperty("number").GetString()!);
        }

        var page = await window.Page(Roles.Engineer, script: false);
        await page.GotoAsync("/cases");
        async Task Choose(ILocator link, string node)
        {
            await link.FocusAsync();
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"[?&]node={node}(&|$)"));
        }

        await Choose(page.Locator("a.lz-map-area[aria-label='西溪镇']"), "330784111");
        await Assertions.Expect(page.Locator("a.lz-map-area.lz-map-chosen")).ToHaveCountAsync(25);
        await Window.Keep(page, "centre-town");
        var villages = page.Locator("a.lz-map-dot[href*='node=330784111001']");
        await Assertions.Expect(villages).ToHaveCountAsync(1);
        await Choose(villages, "330784111001");
        var grids = page.Locator("a.lz-map-area.lz-map-chosen");
        (await grids.CountAsync()).ShouldBeInRange(2, 5);
        await Assertions.Expect(page.Locator($"a.lz-map-dot[data-pair='{numbers[9]}']")).ToHaveCountAsync(1);
        await Window.Keep(page, "centre-village");
        await Choose(page.Locator("a.lz-map-dot[href*='node=330784111001001']"), "330784111001001");
        await Assertions.Expect(page.Locator("a.lz-map-dot[data-pair]")).ToHaveCountAsync(9);
        await Assertions.Expect(page.Locator("#cases > li")).ToHaveCountAsync(9);
        await Window.Keep(page, "centre-grid");

        await page.Locator("a[href^='/cases/new?place=']").First.ClickAsync();
        await Assertions.Expect(page.Locator("#place")).ToHaveValueAsync("330784111001");
        await Assertions.Expect(page.Locator("#place-grid")).ToHaveValueAsync("001");
        await page.GoBackAsync();
        await page.GetByTestId("map-path").GetByRole(AriaRole.Link, new() { Name = "西溪镇" }).ClickAsync();
        await Assertions.Expect(page.Locator("a.lz-map-area.lz-map-chosen")).ToHaveCountAsync(25);
        await page.GetByTestId("map-path").GetByRole(AriaRole.Link, new() { Name = "全市" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("map-path")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task On_a_phone_map_and_list_take_turns()
    {
        var phone = await window.Page(Roles.Engineer, width: 390);
        await phone.GotoAsync("/cases");
        await Assertions.Expect(phone.Locator(".lz-centre-map")).ToBeHiddenAsync();
        await phone.GetByText("地图", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(phone.Locator(".lz-centre-map")).ToBeVisibleAsync();
        await Assertions.Expect(phone.Locator(".lz-centre-list")).ToBeHiddenAsync();
        await Window.Keep(phone, "centre-map-phone");
    }
}
