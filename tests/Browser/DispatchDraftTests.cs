// The dispatch table as the bureau writes it, with scripts off: a draft is begun with no row, a row added by form and keyboard, refused where it cannot be read, moved, removed and taken back; another person publishes it.
using System.Net.Http.Json;
using Lizhou.Kernel;
using Microsoft.Playwright;
using static Lizhou.Tests.County;

namespace Lizhou.Browser.Tests;

public sealed class DispatchDraftTests(Window window)
{
    [Fact]
    public async Task A_draft_of_the_dispatch_table_is_written_row_by_row_with_scripts_off()
    {
        var page = await window.Page(Roles.Engineer, script: false);
        await page.GotoAsync("/cases/dispatch");
        await page.GetByLabel("修改理由").First.FillAsync("逐行编辑");
        await page.GetByLabel("以哪一版的各行起草").SelectOptionAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "另起草稿" }).ClickAsync();
        await page.WaitForURLAsync("**/cases/dispatch?version=*");
        var main = page.Locator("main");
        await Assertions.Expect(main).ToContainTextAsync("草稿还没有任何行。");

        await Add(page, "暴露垃圾", amount: "2");
        await Assertions.Expect(Line(page, 2)).ToContainTextAsync("0102");
        await Assertions.Expect(Line(page, 2)).ToContainTextAsync("2 工作时");
        await Add(page, "99");
        await Assertions.Expect(main).ToContainTextAsync("没有以“99”开头的事件分类。");
        (await page.Locator("#row-class").InputValueAsync()).ShouldBe("99", "what was filled in stays");

        await Add(page, "01");
        await Assertions.Expect(Line(page, 3)).ToContainTextAsync("与第 2 行重叠且优先级相同。");
        await Window.Keep(page, "dispatch-draft");
        await page.GetByRole(AriaRole.Button, new() { Name = "第 3 行上移" }).PressAsync("Enter");
        await Assertions.Expect(Line(page, 3)).ToContainTextAsync("0102");
        await page.GetByRole(AriaRole.Link, new() { Name = "修改第 3 行" }).ClickAsync();
        await page.Locator("#row-priority").FillAsync("5");
        await page.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        await Assertions.Expect(Line(page, 3)).Not.ToContainTextAsync("重叠");
        await page.GetByRole(AriaRole.Button, new() { Name = "删除第 2 行" }).ClickAsync();
        await Assertions.Expect(page.Locator("#line-3")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "撤回上一次修改" }).ClickAsync();
        await Assertions.Expect(page.Locator("#line-3")).ToHaveCountAsync(1);
        var version = page.Url.Split("version=")[1].Split('&', '#')[0];
        await page.GetByRole(AriaRole.Link, new() { Name = "用过去的事件推演" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"what-if\\?version={version}"));

        using var engineer = await window.As(Roles.Engineer);
        var draft = await Json(await engineer.GetAsync(new Uri($"/api/v1/case-dispatch/{version}", UriKind.Relative)));
        draft.GetProperty("rows").GetArrayLength().ShouldBe(2);
        draft.GetProperty("faults").GetArrayLength().ShouldBe(0);

        var narrow = await window.Page(Roles.Engineer, width: 390, language: "en");
        await narrow.GotoAsync($"/cases/dispatch?version={version}&lang=en");
        await Window.Keep(narrow, "dispatch-draft-phone");
        (await narrow.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue();
    }

    private static ILocator Line(IPage page, int line) => page.Locator("tr", new() { Has = page.Locator($"#line-{line}") });

    private static async Task Add(IPage page, string @class, string amount = "")
    {
        await page.Locator("#row-class").FillAsync(@class);
        await page.Locator("#row-lead").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await page.Locator("#row-amount").FillAsync(amount);
        await page.GetByRole(AriaRole.Button, new() { Name = "添加", Exact = true }).ClickAsync();
    }
}
