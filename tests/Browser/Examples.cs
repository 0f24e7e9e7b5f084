// In: a county with its engineer and simulated people. Out: one of everything a page can show – a published resource with rows and rejects, a request, a grant, a source, an upload –
// and for each page with a parameter the address that shows it. A page that is not in the table is refused by its test.
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Playwright;

namespace Lizhou.Browser.Tests;

/// <param name="Resource">A published resource of the bureau, with rows.</param>
/// <param name="Code">Its code.</param>
/// <param name="Batch">A batch of it with rejected rows.</param>
/// <param name="Waiting">A request the bureau has not looked at.</param>
/// <param name="Granted">A request that was agreed to.</param>
/// <param name="Grant">What came of it; the first steward's unit holds it, the bureau gives.</param>
/// <param name="Delivery">A delivery under it.</param>
/// <param name="Upload">The preview of a file.</param>
/// <param name="Application">A program of the first steward's unit that may use the grant.</param>
public sealed record Examples(
    Guid Unit, Guid System, Guid Post, Guid Person, Guid Account, Guid Resource, string Code, string Batch, string Waiting, string Granted, string Grant, string Delivery, string Upload, Guid Application)
{
    public const string Source = "sample-push";

    /// <summary>Pages that need a value, or have more than one face; every other page is its own address.</summary>
    private static readonly Dictionary<string, Func<Examples, string[]>> Table = new(StringComparer.Ordinal)
    {
        ["/units"] = _ => ["/units", "/units?view=tree", "/units?q=nothing-is-called-this"],
        ["/units/{Id:guid}"] = e => [$"/units/{e.Unit}"],
        ["/units/{Id:guid}/edit"] = e => [$"/units/{e.Unit}/edit"],
        ["/systems/{Id:guid}"] = e => [$"/systems/{e.System}"],
        ["/people"] = _ => ["/people", "/people?view=posts"],
        ["/people/{Id:guid}"] = e => [$"/people/{e.Person}"],
        ["/posts/{Id:guid}"] = e => [$"/posts/{e.Post}"],
        ["/accounts/{Id:guid}"] = e => [$"/accounts/{e.Account}"],
        ["/catalog/{Id:guid}"] = e => [.. new[] { "items", "about", "sample", "contract", "versions", "collection" }.Select(tab => $"/catalog/{e.Resource}?tab={tab}")],
        ["/catalog/{Id:guid}/edit"] = e => [$"/catalog/{e.Resource}/edit"],
        ["/catalog/{Id:guid}/review"] = e => [$"/catalog/{e.Resource}/review"],
        ["/sources/new"] = _ => [.. new[] { "Upload", "Database", "Api" }.Select(way => $"/sources/new?way={way}")],
        ["/sources/{Code}"] = _ => [$"/sources/{Source}"],
        ["/sources/{Code}/edit"] = _ => [$"/sources/{Source}/edit"],
        ["/sources/calendar"] = _ => ["/sources/calendar?month=2026-10"],
        ["/upload/{Id:guid}"] = e => [e.Upload],
        ["/batches/{Number}"] = e => [$"/batches/{e.Batch}"],
        ["/batches/{Number}/rejects"] = e => [$"/batches/{e.Batch}/rejects"],
        ["/corrections/new"] = e => ["/corrections/new", $"/corrections/new?kind=person&entry={e.Person}"],
        ["/requests/new"] = e => ["/requests/new", $"/requests/new?resource={e.Resource}"],
        ["/requests/{Number}"] = e => [$"/requests/{e.Waiting}", $"/requests/{e.Granted}"],
        ["/grants/{Number}"] = e => [$"/grants/{e.Grant}"],
        ["/grants/{Number}/deliver"] = e => [$"/grants/{e.Grant}/deliver"],
        ["/applications/{Id:guid}"] = e => [$"/applications/{e.Application}"],
        ["/deliveries/{Number}"] = e => [$"/deliveries/{e.Delivery}"],
        ["/ledger/{Seq:long}"] = _ => ["/ledger/1"],
        ["/error/{Status:int}"] = _ => ["/error/403", "/error/500"],
    };

    /// <summary>The addresses that show a page.</summary>
    /// <param name="route">As the page declares it.</param>
    public string[] Of(string route) =>
        Table.TryGetValue(route, out var addresses) ? addresses(this)
        : route.Contains('{', StringComparison.Ordinal) ? throw new InvalidOperationException($"{route} has no example: add one to {nameof(Examples)}.")
        : [route];

    internal static async Task<Examples> Of(Window window)
    {
        using var door = window.Door();
        async Task<Guid> Made(string to, object body) =>
            await Window.Json(await door.PostAsJsonAsync($"/api/v1/{to}", body)) is var made && made.ValueKind == JsonValueKind.Object ? made.GetProperty("id").GetGuid() : made.GetGuid();
        var unit = await Made("units", new { name = "模拟市统计局", code = "11339901MA00011814", kind = "Department", parent = window.Bureau });
        var (system, post) = (await Made("systems", new { name = "统计直报（模拟）", unit }), await Made("posts", new { name = "统计员", unit }));
        var person = await Made("people", new { name = "钱统计（模拟）", unit, post });
        var (resource, code) = await window.Publish("模拟低保对象信息", "编号", "姓名", "金额");
        var batch = await window.Collect(code, "编号,姓名,金额\nA1,张三,10\nA2,李四,20\n,王五,30\nA4,赵六,40\n");
        await Window.Json(await door.PostAsJsonAsync("/api/v1/sources", new { code = Source, name = "模拟推送", resource = code, settings = new { way = "push" } }));

        using var asker = await window.As(Roles.Steward);
        using var giver = await window.AsStewardOf(window.Bureau);
        async Task<string> Asked() => (await Window.Json(await asker.PostAsJsonAsync("/api/v1/requests", new
        {
            resources = new[] { new { resource } }, purpose = "核对补贴资格", scene = "补贴发放", basis = "《模拟办法》第五条", until = DateTime.UtcNow.AddDays(90).ToString("yyyy-MM-dd"),
        })))[0].GetProperty("number").GetString()!;
        var (granted, waiting) = (await Asked(), await Asked());
        await Window.Json(await door.PostAsJsonAsync($"/api/v1/requests/{granted}/steps", new { step = "Conform" }));
        var grant = (await Window.Json(await giver.PostAsJsonAsync($"/api/v1/requests/{granted}/steps", new { step = "Approve" }))).GetProperty("grant").GetString()!;

        var delivery = (await Window.Json(await asker.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "每日交付", file = new { format = "Csv" } }))).GetProperty("number").GetString()!;

        var application = (await Window.Json(await asker.PostAsJsonAsync("/api/v1/applications", new { name = "模拟核验程序" }))).GetProperty("card").GetProperty("id").GetGuid();
        await Window.Json(await asker.PutAsync($"/api/v1/applications/{application}/grants/{grant}", null));

        using var keeper = await window.As(Roles.SystemAdministrator);
        var accounts = (await Window.Json(await keeper.GetAsync(new Uri("/api/v1/accounts", UriKind.Relative)))).GetProperty("items");
        var account = accounts.EnumerateArray().First(a => a.GetProperty("login").GetString()!.StartsWith("steward", StringComparison.Ordinal)).GetProperty("id").GetGuid();
        return new(unit, system, post, person, account, resource, code, batch, waiting, granted, grant, delivery, await Uploaded(window, code), application);
    }

    private static async Task<string> Uploaded(Window window, string resource)
    {
        var page = await window.Page(Roles.Engineer);
        await page.GotoAsync("/upload");
        await page.GetByLabel("信息资源").FillAsync(resource);
        await page.GetByLabel("文件", new() { Exact = false }).SetInputFilesAsync(new FilePayload { Name = "模拟.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("编号,姓名,金额\nB1,张三,10\n") });
        await page.GetByRole(AriaRole.Button, new() { Name = "上传并预览" }).ClickAsync();
        await page.WaitForURLAsync("**/upload/**");
        await page.Context.CloseAsync();
        return new Uri(page.Url).PathAndQuery;
    }
}
