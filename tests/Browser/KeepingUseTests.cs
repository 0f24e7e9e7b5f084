// The house's own keeping as its people use it: the auditor finds an entry and takes its receipt, the engineer starts an upkeep task, the administrator lets somebody in and out again.
using System.Net;
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Playwright;

namespace Lizhou.Browser.Tests;

public sealed class KeepingUseTests(Window window)
{
    [Fact]
    public async Task The_auditor_finds_an_entry_and_takes_its_receipt()
    {
        var page = await window.Page(Roles.AuditAdministrator);
        await page.GotoAsync("/ledger");
        await page.GetByLabel("行为").FillAsync("unit.");
        await page.GetByRole(AriaRole.Button, new() { Name = "查询", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { NameRegex = new("^单位 · .* unit\\.") }).First).ToBeVisibleAsync();
        await page.Locator("tbody tr").Last.GetByRole(AriaRole.Link).ClickAsync();
        var receipt = page.GetByRole(AriaRole.Link, new() { Name = "下载回执" });
        await Wait.Until(async () => await receipt.CountAsync() > 0 || await page.ReloadAsync() is null, TimeSpan.FromMinutes(2)); // sealed within a minute
        (await page.RunAndWaitForDownloadAsync(() => receipt.ClickAsync())).SuggestedFilename.ShouldEndWith(".zip");
    }

    [Fact]
    public async Task An_upkeep_task_is_started_by_hand_and_the_page_shows_its_end()
    {
        var page = await window.Page(Roles.Engineer);
        await page.GotoAsync("/keeping/lake");
        await page.GetByRole(AriaRole.Button, new() { Name = "立即执行" }).First.ClickAsync();
        await Assertions.Expect(page.Locator("lz-live tbody tr").First.Locator(".lz-tag-good")).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task The_administrator_lets_somebody_in_and_out_again()
    {
        var login = $"clerk-{Guid.NewGuid().ToString()[..6]}";
        using var keeper = await window.As(Roles.SystemAdministrator);
        var person = (await Window.Json(await keeper.PostAsJsonAsync("/api/v1/people", new { name = "新专员（模拟）", unit = window.Bureau }))).GetGuid();
        var page = await window.Page(Roles.SystemAdministrator);
        await page.GotoAsync("/accounts/new");
        await page.Locator("#login").FillAsync(login);
        await page.Locator("#person").SelectOptionAsync(person.ToString());
        await page.GetByLabel("数据专员").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        var half = await page.Locator(".lz-notice-good code").InnerTextAsync();
        var account = (await Window.Json(await keeper.GetAsync(new Uri($"/api/v1/accounts?q={login}", UriKind.Relative)))).GetProperty("items")[0].GetProperty("id").GetGuid();
        var password = half + await window.SecondHalf(account);

        async Task<HttpStatusCode> SignIn()
        {
            using var visitor = window.Visitor();
            return (await visitor.PostAsJsonAsync("/api/v1/session", new { login, password })).StatusCode;
        }

        (await SignIn()).ShouldBe(HttpStatusCode.OK);
        await page.GotoAsync($"/accounts?q={login}");
        await page.Locator("tbody summary", new() { HasText = "停用" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "确认停用" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "已停用" })).ToBeVisibleAsync();
        (await SignIn()).ShouldNotBe(HttpStatusCode.OK);
    }
}
