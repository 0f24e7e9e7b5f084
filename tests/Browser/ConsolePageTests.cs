// The workbench as each of the three administrators and a unit's administrator see it, in both languages, at a desk and on a phone.
using Deque.AxeCore.Playwright;
using Lizhou.Kernel;

namespace Lizhou.Browser.Tests;

public sealed class ConsolePageTests(Window window)
{
    [Theory]
    [InlineData(Roles.SystemAdministrator)]
    [InlineData(Roles.SecurityAdministrator)]
    [InlineData(Roles.AuditAdministrator)]
    [InlineData(Roles.UnitAdministrator)]
    public async Task Console_fits_desk_and_phone_in_both_languages_and_is_accessible(string role)
    {
        var page = await window.Page(role);
        foreach (var (width, language) in new[] { (1440, "zh-CN"), (1440, "en"), (390, "zh-CN"), (390, "en") })
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.GotoAsync($"/?lang={language}");
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(0, $"{role} {width} {language}");
            await Window.Keep(page, $"console-{role}-{width}-{language}");
        }

        PageTests.Told(await page.RunAxe()).ShouldBeEmpty(role);
        await page.Context.CloseAsync();
    }
}
