// A real browser on the real program: one Chromium and one small county for all tests that do not turn its clock, a fresh context for each.
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;
using Microsoft.Playwright;

namespace Lizhou.Browser.Tests;

public sealed class Window : County, IAsyncLifetime
{
    private static readonly string Chrome = Environment.GetEnvironmentVariable("CHROME") ?? "/usr/bin/chromium";

    /// <summary>What the browser does without. The last list given is the one that counts, so it begins with Playwright's own.</summary>
    private static readonly string[] Without =
    [
        "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "DialMediaRouteProvider", "GlobalMediaControls", "HttpsUpgrades", "LensOverlay", "MediaRouter", "PaintHolding",
        "ThirdPartyStoragePartitioning", "BlockOriginHeaderModificationOnRedirect", "AvoidCorsURLLoaderRestartOnRedirect", "Translate", "AutoDeElevate", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
        // For each window a process that draws the suggestions of its address bar, and one more kept ready for a page to come: a third of all the time, and nobody sees either.
        "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess",
    ];

    private readonly SemaphoreSlim oneAtATime = new(1);
    private readonly Dictionary<string, string> signedIn = new(StringComparer.Ordinal);
    private readonly Lazy<Task<Examples>> examples;
    private IPlaywright? playwright;
    private IBrowser? browser;

    public Window() => examples = new(() => Browser.Tests.Examples.Of(this));

    /// <summary>Something of every kind a page can show; made when first asked for.</summary>
    public Task<Examples> Examples => examples.Value;

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
                Args = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-features=" + string.Join(',', Without)],
            });
        }
    }

    /// <summary>A page of a fresh browser, <paramref name="width"/> wide; signed in when a role is given.</summary>
    /// <param name="at">Another county than this one; null: this one.</param>
    public async Task<IPage> Page(string? role = null, int width = 1440, string language = "zh-CN", bool script = true, Uri? at = null)
    {
        Servers.SkipWhen(browser is null, $"No Chromium at {Chrome} (apt-get install chromium).");
        var session = role is null ? null : await SignIn(role);
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = (at ?? Address).ToString(),
            StorageState = session,
            Locale = language,
            TimezoneId = "Asia/Shanghai",
            ViewportSize = new() { Width = width, Height = width > 600 ? 900 : 844 },
            JavaScriptEnabled = script,
        });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        if (role is not null)
        {
            await page.GotoAsync("/");
        }

        return page;
    }

    /// <summary>Signs in by the page of simulated people, once for each role: a person has only so many sessions.</summary>
    private async Task<string> SignIn(string role)
    {
        await oneAtATime.WaitAsync();
        try
        {
            if (!signedIn.TryGetValue(role, out var session))
            {
                await using var context = await browser!.NewContextAsync(new() { BaseURL = Address.ToString() });
                var page = await context.NewPageAsync();
                await Become(page, Names[role]);
                signedIn[role] = session = await context.StorageStateAsync();
            }

            return session;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>A session of the page's own as the first simulated person whose name has <paramref name="name"/> in it.</summary>
    public async Task Become(IPage page, string name)
    {
        await page.GotoAsync("/demo");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new(name) }).First.ClickAsync();
        // Not WaitForURL: where the page is there already, it waits for a commit that has been.
        await Assertions.Expect(page).ToHaveURLAsync(Address.ToString(), new() { Timeout = 60_000 });
    }

    /// <summary>Publishes a resource of the bureau, its first item the key: id and code.</summary>
    public Task<(Guid Id, string Code)> Publish(string name, params string[] items) => PublishIn("303001", name, items);

    /// <inheritdoc cref="Publish"/>
    /// <param name="class">Where it stands in the class registry.</param>
    public Task<(Guid Id, string Code)> PublishIn(string @class, string name, params string[] items) => PublishOf(Bureau, @class, name, items);

    /// <inheritdoc cref="Publish"/>
    /// <param name="unit">Whose it is, instead of the bureau's.</param>
    public async Task<(Guid Id, string Code)> PublishOf(Guid unit, string @class, string name, params string[] items)
    {
        using var door = Door();
        var made = await Json(await door.PostAsJsonAsync("/api/v1/resources", new
        {
            @class, name, unit, summary = "模拟", sharing = "Conditional", condition = "用于业务办理", ways = new[] { "Api" }, cycle = "Daily",
            items = items.Select((item, i) => new { name = item, type = "Text", length = 200, key = i == 0, required = i == 0, check = "None", level = "L1" }),
        }));
        var (id, at) = (made.GetProperty("id").GetGuid(), $"/api/v1/resources/{made.GetProperty("id").GetGuid()}");
        await Json(await door.PostAsJsonAsync($"{at}/submit", new { }));
        await Json(await door.PostAsJsonAsync($"{at}/review", new { pass = true }));
        return (id, (await Json(await door.PostAsJsonAsync($"{at}/publish", new { opinion = "同意" }))).GetProperty("code").GetString()!);
    }

    /// <summary>Collects rows and waits for the batch to end: its number.</summary>
    public async Task<string> Collect(string resource, string csv)
    {
        using var door = Door();
        using var form = new MultipartFormDataContent { { new StringContent(resource), "resource" }, { new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(csv)), "files", "模拟.csv" } };
        var number = (await Json(await door.PostAsync("/api/v1/batches", form))).GetProperty("number").GetString()!;
        await Wait.Until(async () =>
            (await Json(await door.GetAsync($"/api/v1/batches/{number}"))).GetProperty("batch").GetProperty("state").GetString() is not ("Received" or "Loading"));
        return number;
    }

    /// <summary>A picture of the page for people, in artifacts/screens beside the repository's files.</summary>
    public static async Task Keep(IPage page, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screens"));
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
        [Roles.UnitAdministrator] = "单位管理员",
        [Roles.SystemAdministrator] = "系统管理员",
        [Roles.SecurityAdministrator] = "安全管理员",
        [Roles.AuditAdministrator] = "审计管理员",
    };
}
