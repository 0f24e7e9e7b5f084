// The standards as an engineer uses them: editions are imported, what changed is seen, an old code is followed and its way confirmed; an item is bound, and a draft tells whom it concerns.
using System.Net.Http.Json;
using Lizhou.Kernel;
using Microsoft.Playwright;

namespace Lizhou.Browser.Tests;

public sealed class StandardsStoryTests(Window window)
{
    [Fact]
    public async Task Editions_are_imported_their_changes_seen_and_an_old_code_is_followed_to_todays()
    {
        var list = "story-" + Guid.NewGuid().ToString()[..6];
        var page = await window.Page(Roles.Engineer);
        await page.GotoAsync("/standards/lists/new");
        await page.Locator("#code").FillAsync(list);
        await page.Locator("#name").FillAsync("模拟区划");
        await Press(page, "保存为草稿");
        await page.GotoAsync($"/standards/lists/{list}/import");
        await page.Locator("#zip").SetInputFilesAsync(new FilePayload
        {
            Name = "editions.zip", MimeType = "application/zip",
            Buffer = Examples.Zipped(("200212", """{"330100":"杭州市","330183":"富阳市"}"""), ("201512", """{"330100":"杭州市","330111":"富阳区"}""")),
        });
        await page.Locator("form:has(#zip)").GetByRole(AriaRole.Button, new() { Name = "检查" }).ClickAsync();
        await Window.Keep(page, "standards-editions");
        await Press(page, "导入 2 个版次");
        await page.WaitForURLAsync($"**/standards/lists/{list}");
        await Sure(page, "发布");

        await page.GotoAsync($"/standards/lists/{list}?tab=changes");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("富阳区");
        await page.GotoAsync($"/standards/lists/{list}?tab=resolve");
        await page.Locator("#value").FillAsync("330183");
        await page.Locator("#at").FillAsync("1990-05-01");
        await Press(page, "查今天的代码");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("待确认");
        await page.GotoAsync($"/standards/lists/{list}?tab=crosswalk");
        await Press(page, "确认所选");
        await page.GotoAsync($"/standards/lists/{list}?tab=resolve&value=330183");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("人工确认");
        await Window.Keep(page, "standards-resolved");
    }

    [Fact]
    public async Task Items_are_bound_in_bulk_and_a_draft_of_their_list_tells_which_codes_they_lose()
    {
        var tail = Guid.NewGuid().ToString()[..6];
        var (list, element) = ("story-" + tail, "story_" + tail);
        using var door = window.Door();
        var codes = new[] { new { code = "1", name = "一类" }, new { code = "2", name = "二类" } };
        await Window.Json(await door.PutAsJsonAsync($"/api/v1/standards/lists/{list}", new { name = "模拟类别", codes }));
        await Window.Json(await door.PostAsync($"/api/v1/standards/lists/{list}/publish", null));
        await Window.Json(await door.PutAsJsonAsync($"/api/v1/standards/elements/{element}", new { body = new { name = "模拟类别" + tail, type = "Text", length = 1, codeList = list } }));
        await Window.Json(await door.PostAsync($"/api/v1/standards/elements/{element}/publish", null));
        var (id, _) = await window.Publish("模拟绑定资源" + tail, "编号", "模拟类别" + tail, "性别", "说不清的列");

        var page = await window.Page(Roles.Engineer);
        await page.GotoAsync($"/catalog/{id}/elements");
        await Window.Keep(page, "standards-suggested");
        await Assertions.Expect(page.GetByLabel("性别", new() { Exact = true })).ToBeCheckedAsync();
        await Assertions.Expect(page.GetByLabel("说不清的列", new() { Exact = true })).Not.ToBeCheckedAsync();
        await Press(page, "绑定所选信息项");
        await Assertions.Expect(page.Locator("main").GetByText("已绑定", new() { Exact = true })).ToHaveCountAsync(3); // two items and the counter
        await Window.Keep(page, "standards-bound");

        await Window.Json(await door.PutAsJsonAsync($"/api/v1/standards/lists/{list}", new { name = "模拟类别", codes = codes[..1] }));
        await page.GotoAsync($"/standards/lists/{list}");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("消失：2 二类");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "模拟绑定资源" + tail })).ToBeVisibleAsync();
        await Window.Keep(page, "standards-impact");
    }

    private static Task Press(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    /// <summary>Presses a button that asks first, and confirms.</summary>
    private static async Task Sure(IPage page, string button)
    {
        await Press(page, button);
        await Press(page, "确认" + button);
    }
}
