// The catalogue as people use it: an entry is written in its four steps, reviewed twice and published; then it is searched, narrowed and paged through.
using Lizhou.Kernel;
using Microsoft.Playwright;

namespace Lizhou.Browser.Tests;

public sealed class CatalogueUseTests(Window window)
{
    [Fact]
    public async Task An_entry_is_written_in_four_steps_reviewed_and_published()
    {
        var name = $"模拟燃气用户{Guid.NewGuid().ToString()[..6]}";
        var page = await window.Page(Roles.Engineer);
        await page.GotoAsync("/catalog/new");
        await page.GetByLabel("名称", new() { Exact = false }).First.FillAsync(name);
        await page.Locator("#unit").SelectOptionAsync(window.Bureau.ToString());
        await page.Locator("#class").FillAsync("303001");
        await page.Locator("#summary").FillAsync("模拟：全市燃气用户");
        await Press(page, "下一步");
        await page.Locator("#more").FillAsync("用户编号\n户名\n用气地址");
        await Press(page, "应用并增行");
        await page.Locator("[name=key-0]").CheckAsync();
        await Press(page, "下一步");
        await page.Locator("#condition").FillAsync("用于民生保障");
        await page.Locator("[name=ways][value=Api]").CheckAsync();
        await Press(page, "下一步");
        await Press(page, "保存并提交");
        await page.WaitForURLAsync("**/catalog/*-*");
        var id = new Uri(page.Url).AbsolutePath;

        await page.GotoAsync(id + "/review");
        await Press(page, "部门审核通过");
        await page.GotoAsync(id + "/review");
        await Press(page, "发布");
        await page.GotoAsync(id);
        await Assertions.Expect(page.Locator("main").GetByText("已发布", new() { Exact = true }).First).ToBeVisibleAsync();

        await page.GotoAsync("/catalog");
        await page.Locator("#q").FillAsync(name);
        await Press(page, "查询");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = name })).ToBeVisibleAsync();
        await page.Locator("#sharing").SelectOptionAsync("Conditional"); // a facet offers only what was found
        await Press(page, "查询");
        page.Url.ShouldContain("sharing=Conditional");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = name })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_long_list_is_paged_and_the_address_keeps_the_filter()
    {
        for (var i = 0; i < 21; i++)
        {
            await window.Publish($"模拟翻页资源{i:00}", "编号", "名称");
        }

        var page = await window.Page(Roles.Engineer);
        await page.GotoAsync("/catalog?q=" + Uri.EscapeDataString("翻页资源"));
        await Assertions.Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(21); // with the head
        await page.GetByRole(AriaRole.Link, new() { Name = "下一页" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#q")).ToHaveValueAsync("翻页资源");
    }

    [Fact]
    public async Task Basket_is_filled_from_the_list_with_the_keyboard_and_without_a_script_and_asked_for_in_one_form()
    {
        var mark = Guid.NewGuid().ToString()[..6];
        foreach (var n in new[] { 1, 2 })
        {
            await window.Publish($"模拟入篮资源{n}{mark}", "编号", "名称");
        }

        var page = await window.Page(Roles.Steward, script: false);
        await page.GotoAsync("/catalog?q=" + Uri.EscapeDataString("入篮资源"));
        var basket = page.GetByRole(AriaRole.Link, new() { NameRegex = new("^申请篮") });
        var before = int.Parse((await basket.InnerTextAsync())[3..], null);
        await page.GetByRole(AriaRole.Button, new() { Name = $"将“模拟入篮资源1{mark}”加入申请篮" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = $"将“模拟入篮资源1{mark}”移出申请篮" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#q")).ToHaveValueAsync("入篮资源");

        await page.GetByRole(AriaRole.Link, new() { Name = $"模拟入篮资源2{mark}" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("有条件共享。 填写用途和依据");
        await page.GetByRole(AriaRole.Button, new() { Name = "加入申请篮" }).ClickAsync();
        await Assertions.Expect(basket).ToHaveTextAsync($"申请篮{before + 2}");
        await basket.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"模拟入篮资源1{mark}" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"将“模拟入篮资源2{mark}”移出申请篮" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"模拟入篮资源2{mark}" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = $"将“模拟入篮资源1{mark}”移出申请篮" }).ClickAsync();
    }

    private static Task Press(IPage page, string name) => page.Locator("main").GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).First.ClickAsync();
}
