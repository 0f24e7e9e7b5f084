// A model as its engineer lives it: written, refused with a place, put right, run, looked at where its columns come from, and undone.
using Deque.AxeCore.Playwright;
using Lizhou.Kernel;
using Microsoft.Playwright;

namespace Lizhou.Browser.Tests;

public sealed class ModelStoryTests(Window window) : IClassFixture<Window>
{
    private const string Name = "story_towns";

    [Fact]
    public async Task An_engineer_writes_a_model_runs_it_follows_its_columns_and_undoes_the_run()
    {
        var (_, code) = await window.Publish("模拟走访记录", "编号", "街镇", "次数");
        await window.Collect(code, "编号,街镇,次数\nA1,望春街道,10\nA2,方岩镇,20\nA3,望春街道,30\n");
        var table = $"r_{code.Replace('/', '_')}";
        var page = await window.Page(Roles.Engineer);

        await Write(page, Text($"SELECT nowhere, count(*) AS visits\nFROM {table} GROUP BY ALL"));
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("COM-005");
        await Assertions.Expect(page.GetByLabel("模型文本")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("nowhere"));
        await Write(page, Text($"SELECT count(*) AS visits, max(length(t::VARCHAR)) AS widest\nFROM {table} AS t"), open: false);
        await page.WaitForURLAsync($"**/models/{Name}");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("widest");

        await page.Locator("details.lz-confirm summary").First.ClickAsync();
        await page.Locator("details.lz-confirm[open] button[type=submit]").ClickAsync();
        await page.WaitForURLAsync("**/model-runs/*");
        var run = new Uri(page.Url).AbsolutePath;
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("已完成", new() { Timeout = 60_000 });
        await page.GotoAsync($"/lineage?set={Name}&back=true");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("模拟走访记录");

        await page.GotoAsync(run);
        await page.Locator("details.lz-confirm summary").First.ClickAsync();
        await page.GetByLabel("原因").FillAsync("模拟：口径有误");
        await page.Locator("details.lz-confirm[open] button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("已撤销", new() { Timeout = 60_000 });
        (await page.RunAxe()).Violations.ShouldBeEmpty();

        foreach (var (width, part, at) in new[] { 1440, 390 }.SelectMany(w => new[] { (w, "model", $"/models/{Name}"), (w, "run", run), (w, "models", "/models"), (w, "lineage", $"/lineage?set={Name}&back=true") }))
        {
            var english = await window.Page(Roles.Engineer, width, "en");
            await english.GotoAsync(at + (at.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "lang=en");
            (await english.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, at);
            await Window.Keep(english, $"story-{part}-en-{width}");
            await english.Context.CloseAsync();
        }
    }

    private static string Text(string sql) => $"---\nname: {Name}\ntitle: 走访统计（模拟）\nlayer: theme\nowner: 模拟市大数据发展管理局\nclass: \"303001\"\n---\n{sql}\n";

    private static async Task Write(IPage page, string text, bool open = true)
    {
        if (open)
        {
            await page.GotoAsync("/models/new");
        }

        await page.GetByLabel("模型文本").FillAsync(text);
        await page.GetByRole(AriaRole.Button, new() { Name = "检查并保存" }).ClickAsync();
    }
}
