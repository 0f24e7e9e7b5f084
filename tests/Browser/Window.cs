// A real browser on the real program: one Chromium and one sample county for all tests of the class, a fresh context for each.
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;
using Microsoft.Playwright;

namespace Lizhou.Browser.Tests;

public sealed class Window : County, IAsyncLifetime
{
    private static readonly string Chrome = Environment.GetEnvironmentVariable("CHROME") ?? "/usr/bin/chromium";

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>The id of the sample's one bureau.</summary>
    public Guid Bureau { get; private set; }

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await Open();
        using var door = Door();
        var bureau = await Json(await door.PostAsJsonAsync("/api/v1/units", new { name = "模拟市大数据发展管理局", code = "113307843077566033", kind = "Department" }));
        Bureau = bureau.GetProperty("id").GetGuid();
        await door.PostAsJsonAsync("/api/v1/units", new { name = "模拟市卫生健康局", code = "11330600MB1573660P", kind = "Department", parent = Bureau });
        await door.PostAsJsonAsync("/api/v1/units", new { name = "模拟镇", code = "1133100200267413X7", kind = "Town", parent = Bureau });
        await door.PostAsJsonAsync("/api/v1/systems", new { name = "全民健康信息平台（模拟）", unit = Bureau, purpose = "健康档案归集" });
        await door.PostAsJsonAsync("/api/v1/posts", new { name = "数据专员", unit = Bureau, duty = "数据归集与整改" });
        await door.PostAsJsonAsync("/api/v1/people", new { name = "周专员（模拟）", unit = Bureau, phone = "0579-00000000" });
        if (File.Exists(Chrome))
        {
            playwright = await Playwright.CreateAsync();
            browser = await playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = Chrome,
                Args = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
            });
        }
    }

    /// <summary>A page of a fresh browser, <paramref name="width"/> wide; signed in when a role is given.</summary>
    public async Task<IPage> Page(string? role = null, int width = 1440, string language = "zh-CN", bool script = true)
    {
        Servers.SkipWhen(browser is null, $"No Chromium at {Chrome} (apt-get install chromium).");
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = Address.ToString(),
            Locale = language,
            TimezoneId = "Asia/Shanghai",
            ViewportSize = new() { Width = width, Height = width > 600 ? 900 : 844 },
            JavaScriptEnabled = script,
        });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        if (role is not null)
        {
            await page.GotoAsync("/demo");
            await page.GetByRole(AriaRole.Button, new() { NameRegex = new(Names[role]) }).First.ClickAsync();
            await page.WaitForURLAsync(Address.ToString(), new() { WaitUntil = WaitUntilState.Commit });
        }

        return page;
    }

    /// <summary>A picture of the page for people, in artifacts/screens beside the repository's files.</summary>
    public static async Task Keep(IPage page, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root(), "artifacts", "screens"));
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder.FullName, name + ".png"), FullPage = true });
    }

    public new async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        await base.DisposeAsync();
    }

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        [Roles.Steward] = "专员",
        [Roles.Engineer] = "工程师",
        [Roles.SystemAdministrator] = "系统管理员",
        [Roles.SecurityAdministrator] = "安全管理员",
        [Roles.AuditAdministrator] = "审计管理员",
    };

    internal static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Lizhou.slnx")))
        {
            at = Path.GetDirectoryName(at) ?? throw new DirectoryNotFoundException("Lizhou.slnx");
        }

        return at;
    }
}
