// The whole loop, as everybody in it sees it: told on a phone, dispatched, given back, up a loop, consulted, handled by two units, verified, closed, rated by who told it, and scored.
using Lizhou.Kernel;
using Microsoft.Playwright;
using static Lizhou.Browser.Tests.CasesStoryTests;

namespace Lizhou.Browser.Tests;

public sealed class LoopStoryTests(Window window)
{
    [Fact]
    public async Task What_a_citizen_reports_goes_through_every_hand_is_settled_rated_and_scored()
    {
        var (citizen, centre, lead, helper) = (await window.Page(width: 390), await window.Page(Roles.Engineer), await window.Page(width: 390), await window.Page(width: 390));
        await window.Become(lead, "demo-steward-1");
        await window.Become(helper, "demo-steward-2");
        var (health, town) = ("模拟市卫生健康局", "模拟镇");

        // The citizen reports with a photo from a village and gets a number.
        await citizen.GotoAsync("/report");
        await Assertions.Expect(citizen.Locator("lz-reports[data-ready]")).ToBeAttachedAsync();
        await citizen.Locator("#words").FillAsync("模拟：巷口积水发臭，找吴家");
        await citizen.Locator("#photos").SetInputFilesAsync(new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = await citizen.ScreenshotAsync(new() { Type = ScreenshotType.Jpeg }) });
        await citizen.Locator("#place").SelectOptionAsync("330784001001");
        await citizen.GetByRole(AriaRole.Button, new() { Name = "提交" }).ClickAsync();
        await citizen.WaitForURLAsync("**/progress?*");
        var number = await citizen.Locator("#number").InputValueAsync();

        // The centre files it and sends it to a unit, which gives it back; it goes up a loop.
        await centre.GotoAsync($"/cases/{number}");
        await Shows(centre, "微循环");
        await Take(centre, "批转", "0102");
        await Take(centre, "立案");
        await Choose(centre, "派遣", "unit", health);
        await Open(lead, number);
        await Take(lead, "申请回退", fill: "管网不归本单位");
        await centre.ReloadAsync();
        await Take(centre, "批准回退");
        await Take(centre, "升级", fill: "村里无力排水");
        await Shows(centre, "小循环");

        // Two units are called, say what they hold, and the conclusion hands out the work: two departments, so it is the city's.
        await centre.GotoAsync($"/cases/consultation/{number}");
        await Consult(centre, "发起会商", "谁来排水、谁来消杀", ("members", [health, town]));
        foreach (var (member, says) in new[] { (lead, "可以消杀"), (helper, "镇里排水") })
        {
            await Open(member, number);
            await member.GetByRole(AriaRole.Link, new() { Name = "会商室" }).First.ClickAsync();
            await Consult(member, "提交会商意见", says);
        }

        await centre.ReloadAsync();
        await Shows(centre, "镇里排水");
        await Consult(centre, "会商结论", "卫健主办，镇协办", ("lead", [health]), ("assists", [town]));
        await Window.Keep(centre, "loop-consultation");
        await centre.GotoAsync($"/cases/{number}");
        await Shows(centre, "自动升级");
        await Shows(centre, "大循环");

        // The helper first, then the lead; another verifies and closes.
        await Open(helper, number);
        await Take(helper, "协办反馈", fill: "水已排干");
        await Open(lead, number);
        await Take(lead, "反馈", fill: "已消杀");
        await Window.Keep(lead, "loop-handler-phone");
        await centre.ReloadAsync();
        await Take(centre, "核查通过", fill: "已核实");
        await Take(centre, "结案");

        // Who reported it reads what was done and rates it; anybody else sees the outcome alone.
        await citizen.ReloadAsync();
        await Shows(citizen, "正常结案");
        await Shows(citizen, "已消杀");
        await citizen.GetByLabel("满意", new() { Exact = true }).CheckAsync();
        await citizen.GetByRole(AriaRole.Button, new() { Name = "提交评价" }).ClickAsync();
        await Assertions.Expect(citizen.GetByRole(AriaRole.Button, new() { Name = "提交评价" })).ToHaveCountAsync(0);
        await Window.Keep(citizen, "loop-rated-phone");
        var stranger = await window.Page(width: 390);
        await stranger.GotoAsync($"/progress?number={number}");
        await Shows(stranger, "正常结案");
        await Shows(stranger, health);
        var told = await stranger.Locator("main").InnerTextAsync();
        new[] { "积水", "吴家", "消杀", "公众", "专员", "提交评价" }.ShouldAllBe(word => !told.Contains(word));

        // It counts for the unit that led it: from the figure to the case, and to what its reporter said.
        await centre.GotoAsync("/cases/assessment");
        var scored = centre.Locator(".lz-card").Filter(new() { Has = centre.GetByRole(AriaRole.Heading, new() { Name = health, Exact = true }) });
        await scored.Locator("summary").ClickAsync();
        await scored.GetByRole(AriaRole.Row).Filter(new() { HasTextRegex = new("^\\s*结案数") }).GetByRole(AriaRole.Link).First.ClickAsync();
        await Window.Keep(centre, "loop-figure");
        await centre.GetByRole(AriaRole.Link, new() { Name = number, Exact = true }).ClickAsync();
        await Shows(centre, "诉求人评价");
        await Window.Keep(centre, "loop-end");
    }

    private static Task Shows(IPage page, string text) => Assertions.Expect(page.Locator("main")).ToContainTextAsync(text);

    /// <summary>From the list of what waits for them.</summary>
    private static async Task Open(IPage page, string number)
    {
        await page.GotoAsync("/cases?mine=true");
        await page.GetByRole(AriaRole.Link, new() { Name = number, Exact = true }).ClickAsync();
    }

    private static async Task Choose(IPage page, string act, string field, string value)
    {
        var form = page.Locator("details.lz-act").Filter(new() { Has = page.GetByText($"确认：{act}", new() { Exact = true }) });
        await form.Locator("summary").ClickAsync();
        await form.Locator($"select[name={field}]").SelectOptionAsync(new SelectOptionValue { Label = value });
        await form.GetByRole(AriaRole.Button, new() { Name = $"确认：{act}" }).ClickAsync();
        await Shows(page, value);
    }

    private static async Task Consult(IPage page, string step, string words, params (string Field, string[] Labels)[] chosen)
    {
        var form = page.Locator("details.lz-act").Filter(new() { Has = page.GetByText($"确认：{step}", new() { Exact = true }) });
        await form.Locator("summary").ClickAsync();
        await form.Locator("textarea[name=words]").FillAsync(words);
        foreach (var (field, labels) in chosen)
        {
            await form.Locator($"select[name={field}]").SelectOptionAsync(labels.Select(l => new SelectOptionValue { Label = l }));
        }

        await form.GetByRole(AriaRole.Button, new() { Name = $"确认：{step}" }).ClickAsync();
        await Shows(page, words);
    }
}
