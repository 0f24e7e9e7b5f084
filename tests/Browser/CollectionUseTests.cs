// Collection as people use it: rejects are downloaded, mended and sent again while the page follows the batch; a source gets a schedule and stands in the calendar.
using System.Text;
using Lizhou.Kernel;
using Microsoft.Playwright;

namespace Lizhou.Browser.Tests;

public sealed class CollectionUseTests(Window window)
{
    [Fact]
    public async Task Rejects_are_downloaded_mended_sent_again_and_the_page_follows_the_batch()
    {
        var (_, code) = await window.Publish($"模拟补贴{Guid.NewGuid().ToString()[..6]}", "编号", "姓名");
        var number = await window.Collect(code, "编号,姓名\nM1,张三\n,李四\n");
        var page = await window.Page(Roles.Engineer);
        await page.GotoAsync($"/batches/{number}");
        await Assertions.Expect(page.GetByTestId("sum")).ToContainTextAsync("1 问题");
        await page.GetByRole(AriaRole.Link, new() { Name = "问题数据" }).First.ClickAsync();
        var sheet = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "下载问题数据表" }).ClickAsync());
        sheet.SuggestedFilename.ShouldEndWith(".xlsx");

        var reject = await page.GetByRole(AriaRole.Cell).First.InnerTextAsync();
        reject.ShouldStartWith(number + "#");
        await page.Locator("#sheet").SetInputFilesAsync(new FilePayload { Name = "已整改.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes($"问题编号,编号,姓名\n{reject},M2,李四\n") });
        await page.GetByRole(AriaRole.Button, new() { Name = "报送" }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/batches/", StringComparison.Ordinal) && !url.Contains(number, StringComparison.Ordinal));
        await Assertions.Expect(page.Locator("lz-live").GetByText("已入库", new() { Exact = true }).First).ToBeVisibleAsync(new() { Timeout = 60_000 });

        await page.GotoAsync($"/batches/{number}/rejects?state=Mended");
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = reject })).ToBeVisibleAsync();
        await page.GotoAsync("/collection/board");
        await page.Locator("lz-chart[data-ready]").WaitForAsync();
    }

    [Fact]
    public async Task A_source_is_made_with_a_schedule_and_stands_in_the_calendar()
    {
        var (_, code) = await window.Publish($"模拟日报{Guid.NewGuid().ToString()[..6]}", "编号", "名称");
        var page = await window.Page(Roles.Engineer);
        await page.GotoAsync("/sources");
        await page.Locator("summary", new() { HasText = "新增数据源" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "接口采集" }).ClickAsync();
        await page.Locator("#code").FillAsync("daily-report");
        await page.Locator("#name").FillAsync("模拟日报接口");
        await page.Locator("#resource").FillAsync(code);
        await page.Locator("#url").FillAsync("https://203.0.113.7/rows");
        await page.Locator("#cron").FillAsync("30 2 * * *");
        await page.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "模拟日报接口", Level = 1 })).ToBeVisibleAsync();
        await page.GotoAsync("/sources/calendar");
        await Assertions.Expect(page.Locator("main").GetByText("02:30").First).ToBeVisibleAsync();
    }
}
