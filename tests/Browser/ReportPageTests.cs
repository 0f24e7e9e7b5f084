// The citizen's page with scripts: the photo's position is offered and never replaces the one that was taken; too many reports wait their minute and go by themselves. And the form of the counter: Enter registers.
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Playwright;

namespace Lizhou.Browser.Tests;

public sealed class ReportPageTests(Window window)
{
    [Fact]
    public async Task The_position_of_a_photo_is_shown_and_gives_way_to_the_one_that_is_taken_until_it_is_chosen_again()
    {
        var phone = await window.Page(width: 390);
        await phone.Context.GrantPermissionsAsync(["geolocation"]);
        await phone.Context.SetGeolocationAsync(new() { Longitude = 120.05f, Latitude = 28.88f });
        await phone.GotoAsync("/report");
        await phone.Locator("#photos").SetInputFilesAsync(new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = Exif.Written(await phone.ScreenshotAsync(new() { Type = ScreenshotType.Jpeg }), orientation: 1) });
        await Assertions.Expect(phone.Locator("[data-seen]")).ToContainTextAsync("120.03333, 28.90000");
        await Assertions.Expect(phone.Locator("[data-seen]")).ToContainTextAsync("街道");
        await Assertions.Expect(phone.Locator("#Position")).ToBeCheckedAsync();

        await phone.Locator("[data-locate]").ClickAsync();
        await Assertions.Expect(phone.Locator("[data-located]")).ToContainTextAsync("已定位");
        await Assertions.Expect(phone.Locator("#Position")).Not.ToBeCheckedAsync();
        await Assertions.Expect(phone.Locator("input[name=X]")).ToHaveValueAsync("120.050000");
        await Window.Keep(phone, "report-position-phone");

        await phone.Locator("#Position").CheckAsync();
        await Assertions.Expect(phone.Locator("input[name=X]")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task What_is_sent_too_often_waits_as_long_as_the_city_asks_and_goes_by_itself()
    {
        var page = await window.Page(width: 390);
        var turned = 0;
        await page.RouteAsync("**/report", async route =>
        {
            if (route.Request.Method == "POST" && Interlocked.Increment(ref turned) == 1)
            {
                await route.FulfillAsync(new() { Status = 429, Headers = [new("Retry-After", "3")], Body = "" });
                return;
            }

            await route.ContinueAsync();
        });
        await page.GotoAsync("/report");
        await Assertions.Expect(page.Locator("lz-reports[data-kept]")).ToBeAttachedAsync();
        await page.Locator("#words").FillAsync("模拟：路边又有一堆垃圾");
        await page.GetByRole(AriaRole.Button, new() { Name = "提交", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("一分钟内提交过多")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("现在没有网络")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".lz-waiting a[data-number]")).ToBeVisibleAsync(new() { Timeout = 15_000 });
        turned.ShouldBe(2, "it does not try before its time");
    }

    [Fact]
    public async Task An_empty_file_is_told_by_its_name_before_anything_is_sent()
    {
        var page = await window.Page(width: 390);
        await page.GotoAsync("/report");
        await Assertions.Expect(page.Locator("lz-reports[data-ready]")).ToBeAttachedAsync();
        await page.Locator("#words").FillAsync("模拟：路边有一堆垃圾");
        await page.Locator("#photos").SetInputFilesAsync(new FilePayload { Name = "nothing.jpg", MimeType = "image/jpeg", Buffer = [] });
        await page.GetByRole(AriaRole.Button, new() { Name = "提交", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-refusal]")).ToContainTextAsync("nothing.jpg");
    }

    [Fact]
    public async Task Enter_in_a_field_of_the_register_form_registers_the_case()
    {
        var page = await window.Page(Roles.Engineer, script: false);
        await page.GotoAsync("/cases/new");
        await page.Locator("#words").FillAsync("模拟：路边有一堆垃圾，请清理");
        await page.Locator("#address").FillAsync("解放路 3 号");
        await page.Locator("#address").PressAsync("Enter");
        await page.WaitForURLAsync("**/cases/SJ*");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("解放路 3 号");
    }
}
