// The engineer's console and the security administrator's policy as people use them.
using System.Text;
using Deque.AxeCore.Playwright;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Lizhou.Browser.Tests;

public sealed class PolicyPageTests(Window window) : IClassFixture<Window>
{
    private const string Name = "窗口办件信息（模拟）";

    [Theory]
    [InlineData("/sql", Roles.Engineer)]
    [InlineData("/policy", Roles.SecurityAdministrator)]
    [InlineData("/policy/edit", Roles.SecurityAdministrator)]
    public async Task Page_is_accessible_quiet_and_fits_desk_and_phone_in_both_languages(string path, string role)
    {
        foreach (var width in new[] { 1440, 390 })
        {
            var page = await window.Page(role, width);
            List<string> complaints = [];
            page.Console += (_, message) => complaints.AddRange(message.Type is "error" ? [message.Text] : []);
            page.PageError += (_, error) => complaints.Add(error);
            foreach (var language in new[] { "zh-CN", "en" })
            {
                await page.GotoAsync($"{path}?lang={language}");
                await page.Locator("html[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
                await Window.Keep(page, $"{path.Replace('/', '-')}-{width}-{language}");
                complaints.ShouldBeEmpty($"{path} {width} {language}");
                (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(0, $"{path} {width} {language} is too wide");
                (await page.RunAxe()).Violations.Select(v => $"{v.Id}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}").ShouldBeEmpty($"{path} {width} {language}");
            }

            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task An_engineer_runs_a_statement_with_the_keyboard_sees_masked_values_and_takes_them_as_a_file()
    {
        var table = await Publish();
        var page = await window.Page(Roles.Engineer);
        await page.GotoAsync("/sql?table=" + Uri.EscapeDataString(Name));
        await page.GetByRole(AriaRole.Button, new() { Name = "插入表名" }).WaitForAsync();
        await page.GetByLabel("查询语句").FillAsync("SELECT name, count(*) AS n FROM ");
        await page.GetByRole(AriaRole.Button, new() { Name = "插入表名" }).ClickAsync();
        await page.GetByLabel("用途").FillAsync("核对");
        await page.GetByLabel("查询语句").PressAsync("End");
        await page.Keyboard.TypeAsync(" GROUP BY name ORDER BY name");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.WaitForURLAsync("**/sql?id=*");
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "欧**" })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        (await page.GetByLabel("查询语句").InputValueAsync()).ShouldContain($"FROM {table} GROUP BY");

        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "导出 csv" }).ClickAsync());
        var text = await File.ReadAllTextAsync(await file.PathAsync());
        text.ShouldContain("欧**");
        text.ShouldNotContain("欧阳模");
        (await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "导出 xlsx" }).ClickAsync())).SuggestedFilename.ShouldEndWith(".xlsx");
    }

    [Fact]
    public async Task A_statement_that_is_no_select_is_refused_on_the_page_without_JavaScript()
    {
        var page = await window.Page(Roles.Engineer, script: false);
        await page.GotoAsync("/sql");
        await page.GetByLabel("查询语句").FillAsync("DROP TABLE people");
        await page.GetByLabel("用途").FillAsync("试试");
        await page.GetByRole(AriaRole.Button, new() { Name = "执行", Exact = true }).ClickAsync();
        await Wait.Until(async () =>
        {
            // In the panel and in the history; a statement that takes long is looked at again, which without JavaScript is done by hand.
            var told = await page.GetByText("POL-02").CountAsync() == 2;
            await (told ? Task.CompletedTask : page.GotoAsync(page.Url));
            return told;
        });
        (await page.GetByLabel("查询语句").InputValueAsync()).ShouldBe("DROP TABLE people");
    }

    [Fact]
    public async Task The_security_administrator_tries_publishes_compares_and_goes_back_without_JavaScript()
    {
        await Publish();
        var page = await window.Page(Roles.SecurityAdministrator, script: false);
        await page.GotoAsync("/policy/edit");
        await page.GetByLabel("脱敏方式").Nth(1).SelectOptionAsync("Full");
        await page.GetByRole(AriaRole.Button, new() { Name = "试算" }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "试算结果" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "部分遮盖 → 全部遮盖" }).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "发布", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("请写明理由。")).ToBeVisibleAsync();
        await page.GetByLabel("变更理由").FillAsync("加强脱敏");
        await page.GetByRole(AriaRole.Button, new() { Name = "发布", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "第 1 版" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "对比" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new("engineer mask") })).ToBeVisibleAsync();
        await Window.Keep(page, "policy-compare");
        await page.GetByRole(AriaRole.Button, new() { Name = "恢复为第 0 版" }).ClickAsync();
        await page.GetByLabel("理由").FillAsync("试过了");
        await page.GetByRole(AriaRole.Button, new() { Name = "确认恢复为第 0 版" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "第 2 版" })).ToBeVisibleAsync();
    }

    private async Task<string> Publish()
    {
        using var scope = window.Services.CreateScope();
        var catalog = scope.ServiceProvider.GetRequiredService<ICatalog>();
        if ((await catalog.OfUnit(window.Bureau, 0, 100, default)).FirstOrDefault(c => c.Name == Name) is { } there)
        {
            return there.Table;
        }

        var entry = new ResourceEntry
        {
            Class = "303001", Name = Name, Unit = window.Bureau, Summary = "模拟", Format = ResourceFormat.Database, Sharing = SharingKind.Unconditional, Ways = [SharingWay.Api],
            Items = [ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("姓名", column: "name", level: Level.L3)],
        };
        var card = (await scope.ServiceProvider.GetRequiredService<ICatalogBulk>().Publish([entry], Actor.System, default)).Value[0];
        using var content = new MemoryStream(Encoding.UTF8.GetBytes("编号,姓名\nA1,欧阳模\nA2,李四\n"));
        (await scope.ServiceProvider.GetRequiredService<IIntake>().Collect(card.Code, "a.csv", content, "policy pages", keep: false, Actor.System, default)).Problem.ShouldBeNull();
        return card.Table;
    }
}
