// The office's own affairs as its people use them: who is in is seen and sent out, units and people come in as tables, a class is registered and used.
using System.Net.Http.Json;
using System.Text;
using Lizhou.Kernel;
using Lizhou.Tabular.Writers;
using Microsoft.Playwright;

namespace Lizhou.Browser.Tests;

public sealed class OfficeUseTests(Window window)
{
    private const string Password = "Changed-by-test-1";

    [Fact]
    public async Task A_session_left_open_elsewhere_is_ended_by_its_owner_without_JavaScript()
    {
        var login = await Clerk();
        var (elsewhere, here) = (await SignIn(login, script: true), await SignIn(login, script: false));
        await here.GotoAsync("/profile");
        var sessions = here.GetByRole(AriaRole.Region, new() { Name = "在线会话" });
        var others = sessions.Locator("tbody tr", new() { HasNotText = "当前会话" });
        for (var left = await others.CountAsync(); left > 0; left--)
        {
            await End(others.First);
            await Assertions.Expect(others).ToHaveCountAsync(left - 1);
        }

        await Assertions.Expect(sessions.Locator("tbody tr", new() { HasText = "当前会话" })).ToHaveCountAsync(1);
        await elsewhere.GotoAsync("/profile");
        elsewhere.Url.ShouldContain("/sign-in?back=");
    }

    [Fact]
    public async Task The_security_administrator_sees_who_is_in_and_sends_somebody_out()
    {
        var login = await Clerk();
        var somebody = await SignIn(login, script: true);
        var page = await window.Page(Roles.SecurityAdministrator);
        await page.GotoAsync("/sessions?size=100");
        var theirs = page.Locator("tbody tr", new() { HasText = login });
        for (var left = await theirs.CountAsync(); left > 0; left--)
        {
            await End(theirs.First);
            await Assertions.Expect(theirs).ToHaveCountAsync(left - 1);
        }

        await somebody.GotoAsync("/units");
        somebody.Url.ShouldContain("/sign-in?back=");
    }

    [Fact]
    public async Task Units_and_people_come_in_as_tables_looked_at_first_and_whole_or_not_at_all()
    {
        var page = await window.Page(Roles.Engineer, script: false);
        var name = $"模拟导入局{Guid.NewGuid().ToString()[..6]}";
        await Send(page, "/units/import", $"机构名称,统一社会信用代码,机构类型,上级机构代码\n{name},11330700MB0000000X,,\n");
        await Assertions.Expect(page.GetByText("有误", new() { Exact = true }).Last).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^导入") })).ToHaveCountAsync(0);

        await Send(page, "/units/import", $"机构名称,统一社会信用代码,简称\n{name},11330700MB0099012K,导入\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "导入 1 条" }).ClickAsync();
        await Assertions.Expect(page.Locator(".lz-notice-good, .lz-problem")).ToContainTextAsync("新增 1 条，修改 0 条。", new() { Timeout = 60_000 });
        await Send(page, "/people/import", $"名称,所属机构代码,工号\n导入甲（模拟）,11330700MB0099012K,D-{name[^6..]}-1\n导入乙（模拟）,11330700MB0099012K,D-{name[^6..]}-2\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "导入 2 条" }).ClickAsync();
        await Assertions.Expect(page.Locator(".lz-notice-good, .lz-problem")).ToContainTextAsync("新增 2 条，修改 0 条。", new() { Timeout = 60_000 });
        await page.GotoAsync("/people?q=" + Uri.EscapeDataString("导入甲"));
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = name })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_catalogue_comes_in_as_a_workbook_looked_at_first()
    {
        var name = $"模拟导入目录{Guid.NewGuid().ToString()[..6]}";
        using var book = new MemoryStream();
        using (var writer = new XlsxWriter(book))
        {
            void Sheet(string title, params string[][] rows)
            {
                writer.BeginSheet(title);
                foreach (var row in rows)
                {
                    writer.Write(row.Select(cell => new SheetCell(cell)));
                }
            }

            Sheet("目录", ["分类码", "名称", "提供方代码", "摘要", "共享类型", "共享方式", "更新周期"], ["303001", name, "113307843077566033", "模拟", "无条件共享", "库表", "每日"]);
            Sheet("信息项", ["资源名称", "信息项名称", "数据类型", "长度", "必填", "主键", "分级"], [name, "编号", "C", "20", "是", "是", "L1"]);
        }

        var page = await window.Page(Roles.Engineer, script: false);
        await page.GotoAsync("/catalog/import");
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "目录.xlsx", MimeType = "application/octet-stream", Buffer = book.ToArray() });
        await page.Locator("main form button[type=submit]").First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = name })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "导入", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".lz-notice-good")).ToContainTextAsync("1", new() { Timeout = 60_000 });
        await page.GotoAsync("/catalog?q=" + Uri.EscapeDataString(name));
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = name })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_class_is_registered_and_begins_the_code_of_an_entry()
    {
        var page = await window.Page(Roles.Engineer, script: false);
        await page.GotoAsync("/catalog/classes");
        await page.GetByLabel("分类码").FillAsync("305097");
        await page.GetByLabel("名称", new() { Exact = true }).FillAsync("模拟新目");
        await page.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        var line = page.Locator("tbody tr", new() { HasText = "305097" });
        await Assertions.Expect(line).ToContainTextAsync("模拟新目");
        await Assertions.Expect(line).ToContainTextAsync("目");

        await page.GetByLabel("分类码").FillAsync("999001");
        await page.GetByLabel("名称", new() { Exact = true }).FillAsync("没有上级");
        await page.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".lz-problem")).ToBeVisibleAsync();

        var (_, code) = await window.PublishIn("305097", $"模拟新目资源{Guid.NewGuid().ToString()[..6]}", "编号");
        code.ShouldStartWith("305097/");
    }

    /// <summary>A new steward of the bureau: the name to sign in by.</summary>
    private async Task<string> Clerk()
    {
        var login = $"clerk-{Guid.NewGuid().ToString()[..6]}";
        var (_, first) = await window.Account(login, "会话专员（模拟）", Roles.Steward, window.Bureau);
        using var newcomer = await window.SignedIn(login, first);
        (await newcomer.PostAsJsonAsync("/api/v1/password", new { old = first, @new = Password })).EnsureSuccessStatusCode();
        return login;
    }

    private async Task<IPage> SignIn(string login, bool script)
    {
        var page = await window.Page(script: script);
        await page.GotoAsync("/sign-in?back=/profile");
        await page.GetByLabel("账号").FillAsync(login);
        await page.GetByLabel("密码").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "登录" }).ClickAsync();
        await page.WaitForURLAsync("**/profile");
        return page;
    }

    private static async Task End(ILocator row)
    {
        await row.Locator("summary", new() { HasText = "结束" }).ClickAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "确认结束" }).ClickAsync();
    }

    private static async Task Send(IPage page, string at, string csv)
    {
        await page.GotoAsync(at);
        await page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = "表.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(csv) });
        await page.GetByRole(AriaRole.Button, new() { Name = "检查", Exact = true }).ClickAsync();
    }
}
