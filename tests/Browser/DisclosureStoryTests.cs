// 个人信息披露查询 as the officer who answers a citizen lives it: rows went out under grants, one of them of a matter that must not be told yet; the number of the id card finds who received what for what.
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Deque.AxeCore.Playwright;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Lizhou.Tests.County;

namespace Lizhou.Browser.Tests;

public sealed class DisclosureStoryTests(Window window) : IClassFixture<Window>
{
    private const string Zhang = "11010519491231002X";
    private const string Resource = "残疾人基本信息（模拟）";
    private const string Open = "核对两项补贴资格";
    private const string Secret = "核查一起案件的线索";
    private const int Calls = 22;

    [Fact]
    public async Task An_officer_finds_by_the_number_who_received_rows_about_a_person_and_what_a_law_delays_is_not_told()
    {
        var (open, secret) = await Granted();
        for (var call = 0; call < Calls; call++)
        {
            await Call(open);
        }

        var page = await window.Page(Roles.AuditAdministrator);
        await page.GotoAsync("/disclosures");
        await page.GetByLabel("授权", new() { Exact = false }).FillAsync(secret.Grant);
        await page.GetByLabel("法定事由").SelectOptionAsync("criminal-investigation");
        await page.GetByLabel("法律条款").FillAsync("《模拟法》第一条");
        await page.GetByLabel("告知起始日").FillAsync(window.Services.GetRequiredService<TimeProvider>().Today().AddDays(30).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await page.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Assertions.Expect(page.Locator(".lz-notice-good")).ToBeVisibleAsync();
        await Call(secret);

        // Everything, for the office: the newest first, the delayed one marked with its ground.
        await Look(page, asPerson: false);
        await Assertions.Expect(page.Locator(".lz-listbar-total")).ToContainTextAsync($"{Calls + 1}");
        var row = page.GetByRole(AriaRole.Row).Nth(1);
        await Assertions.Expect(row).ToContainTextAsync(Secret);
        await Assertions.Expect(row).ToContainTextAsync("刑事侦查");
        await Window.Keep(page, "disclosures-found");
        await page.GetByRole(AriaRole.Button, new() { Name = "下一页" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("第 2 / 2 页");
        await Assertions.Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(1 + Calls + 1 - 20);
        page.Url.ShouldNotContain(Zhang);

        // What may be told to the person: with purpose, unit and time; of the delayed one, nothing.
        await Look(page, asPerson: true);
        await Assertions.Expect(page.Locator(".lz-listbar-total")).ToContainTextAsync($"{Calls}");
        row = page.GetByRole(AriaRole.Row).Nth(1);
        foreach (var shown in new[] { Open, "模拟市卫生健康局", "模拟市大数据发展管理局", Resource, open.Grant, window.Services.GetRequiredService<TimeProvider>().Today().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) })
        {
            await Assertions.Expect(row).ToContainTextAsync(shown);
        }

        (await page.Locator("table").InnerTextAsync()).ShouldNotContain(Secret);
        await page.GetByRole(AriaRole.Link).Filter(new() { HasTextRegex = new("^[0-9]+$") }).First.ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync(Open);
        await Pictures();
    }

    private async Task Pictures()
    {
        foreach (var width in new[] { 1440, 390 })
        {
            var page = await window.Page(Roles.AuditAdministrator, width);
            foreach (var language in new[] { "zh-CN", "en" })
            {
                await page.GotoAsync($"/disclosures?lang={language}");
                await Look(page, asPerson: false);
                await page.Locator("table").WaitForAsync();
                await Window.Keep(page, $"disclosures-{width}-{language}");
                (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(0, $"{width} {language} is too wide");
                (await page.RunAxe()).Violations.Select(v => $"{v.Id}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}").ShouldBeEmpty($"{width} {language}");
            }

            await page.Context.CloseAsync();
        }
    }

    private static async Task Look(IPage page, bool asPerson)
    {
        if (asPerson)
        {
            await page.GotoAsync("/disclosures");
            await page.GetByLabel("只看今日可告知本人的记录").CheckAsync();
        }

        await page.Locator("#number").FillAsync(Zhang);
        await page.Locator("form button.lz-button-primary").First.ClickAsync();
        await page.Locator(".lz-listbar-total").WaitForAsync();
    }

    private async Task Call((string Grant, string Key) grant)
    {
        using var program = window.Visitor();
        program.DefaultRequestHeaders.Authorization = new("Bearer", grant.Key);
        (await Json(await program.GetAsync(new Uri($"/api/v1/data/{grant.Grant}", UriKind.Relative)))).GetProperty("rows").GetArrayLength().ShouldBe(2);
    }

    /// <summary>Two grants of the bureau's resource to the health office, each with a key.</summary>
    private async Task<((string Grant, string Key) Open, (string Grant, string Key) Secret)> Granted()
    {
        using var scope = window.Services.CreateScope();
        var entry = new ResourceEntry
        {
            Class = "303001", Name = Resource, Unit = window.Bureau, Summary = "模拟", Format = ResourceFormat.Database, Sharing = SharingKind.Conditional, Condition = "用于民生保障", Ways = [SharingWay.Api],
            Items = [ItemCard.Of("身份号码", column: "id_number", key: true, required: true, level: Level.L4, check: CheckCharacter.IdNumber), ItemCard.Of("姓名", column: "name", level: Level.L3), ItemCard.Of("街镇", column: "town", level: Level.L1)],
        };
        var card = (await scope.ServiceProvider.GetRequiredService<ICatalogBulk>().Publish([entry], Actor.System, default)).Value[0];
        using var content = new MemoryStream(Encoding.UTF8.GetBytes($"身份号码,姓名,街镇\n{Zhang},张三,望春街道\n330784199001011231,李四,方岩镇\n"));
        (await scope.ServiceProvider.GetRequiredService<IIntake>().Collect(card.Code, "a.csv", content, "story", keep: false, Actor.System, default)).Problem.ShouldBeNull();
        using var asker = await window.AsStewardOf((await scope.ServiceProvider.GetRequiredService<IUnits>().ByName("模拟市卫生健康局", default))!.Id);
        using var giver = await window.AsStewardOf(window.Bureau);
        using var engineer = await window.As(Roles.Engineer);
        async Task<(string, string)> For(string purpose)
        {
            var number = (await Json(await asker.PostAsJsonAsync("/api/v1/requests", new
            {
                resources = new[] { new { resource = card.Id } }, purpose, scene = "补贴发放", basis = "《模拟办法》第五条", until = window.Services.GetRequiredService<TimeProvider>().Today().AddDays(60).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            })))[0].GetProperty("number").GetString()!;
            await Json(await engineer.PostAsJsonAsync($"/api/v1/requests/{number}/steps", new { step = "Conform" }));
            var grant = (await Json(await giver.PostAsJsonAsync($"/api/v1/requests/{number}/steps", new { step = "Approve" }))).GetProperty("grant").GetString()!;
            var key = (await Json(await asker.PostAsJsonAsync($"/api/v1/grants/{grant}/keys", new { name = "补贴发放程序" }))).GetProperty("secret").GetString()!;
            await window.Label(grant, 4);
            return (grant, key);
        }

        return (await For(Open), await For(Secret));
    }
}
