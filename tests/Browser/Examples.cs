// In: a county with its engineer and simulated people. Out: one of everything a page can show – a published resource with rows and rejects, a request, a grant, a source, an upload –
// and for each page with a parameter the address that shows it. A page that is not in the table is refused by its test.
using System.IO.Compression;
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
/// <param name="Ticket">About the rejected rows of the batch.</param>
/// <param name="Conflict">An item that two units publish.</param>
/// <param name="Run">A run of the model <c>sample_model</c>.</param>
/// <param name="Case">One that waits to be handled.</param>
/// <param name="Item">An item of the resource that holds texts.</param>
public sealed record Examples(
    Guid Unit, Guid System, Guid Post, Guid Person, Guid Account, Guid Resource, string Code, string Batch, string Waiting, string Granted, string Grant, string Delivery, string Upload, Guid Application, string Ticket, string Conflict, string Run, string Case, Guid Item)
{
    public const string Source = "sample-push";

    /// <summary>A code list with an edition in force, a draft beside it, and candidates in its crosswalk.</summary>
    public const string Divisions = "sample-divisions";

    public const string Model = "sample_model";

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
        ["/catalog/{Id:guid}/elements"] = e => [$"/catalog/{e.Resource}/elements"],
        ["/standards/lists/{Code}"] = _ => [.. new[] { "codes", "resolve&value=330183&at=1990-05-01", "changes", "crosswalk", "versions" }.Select(tab => $"/standards/lists/{Divisions}?tab={tab}"), "/standards/lists/gbt-3304"],
        ["/standards/lists/{Code}/edit"] = _ => ["/standards/lists/gbt-3304/edit"],
        ["/standards/lists/{Code}/import"] = _ => ["/standards/lists/gbt-3304/import"],
        ["/standards/elements/{Code}"] = _ => ["/standards/elements/sex"],
        ["/standards/elements/{Code}/edit"] = _ => ["/standards/elements/sex/edit"],
        ["/standards/treatments/{Resource:guid}/{Item:guid}"] = e => [$"/standards/treatments/{e.Resource}/{e.Item}", $"/standards/treatments/{e.Resource}/{e.Item}?kind=Spaces"],
        ["/standards/rules/{Code}"] = _ => ["/standards/rules/naming", "/standards/rules/assessment"],
        ["/catalog/{Id:guid}/review"] = e => [$"/catalog/{e.Resource}/review"],
        ["/sources/new"] = _ => [.. new[] { "Upload", "Database", "Api" }.Select(way => $"/sources/new?way={way}")],
        ["/sources/{Code}"] = _ => [$"/sources/{Source}"],
        ["/sources/{Code}/edit"] = _ => [$"/sources/{Source}/edit"],
        ["/calendar"] = _ => ["/calendar?year=2026&from=2026-02-13T16:00&amount=4&unit=WorkHours"],
        ["/sources/calendar"] = _ => ["/sources/calendar?month=2026-10"],
        ["/upload/{Id:guid}"] = e => [e.Upload],
        ["/batches/{Number}"] = e => [$"/batches/{e.Batch}"],
        ["/batches/{Number}/rejects"] = e => [$"/batches/{e.Batch}/rejects"],
        ["/tickets"] = _ => ["/tickets", "/tickets?side=ForMe"],
        ["/tickets/{Number}"] = e => [$"/tickets/{e.Ticket}"],
        ["/tickets/figures"] = _ => ["/tickets/figures", "/tickets/figures?by=Resource", "/tickets/figures?by=Month"],
        ["/tickets/report"] = e => ["/tickets/report", $"/tickets/report?grant={e.Grant}"],
        ["/quality"] = _ => ["/quality", "/quality?kept=true"],
        ["/quality/{Id:guid}"] = e => [.. new[] { "rules", "edit", "suggestions", "scores", "profile", "exceptions" }.Select(tab => $"/quality/{e.Resource}?tab={tab}")],
        ["/quality/{Id:guid}/rows"] = e => [$"/quality/{e.Resource}/rows"],
        ["/conflicts/{Number}"] = e => [$"/conflicts/{e.Conflict}"],
        ["/models/{Name}"] = _ => [.. new[] { "", "?tab=text", "?tab=tests", "?tab=runs", "?tab=versions" }.Select(tab => $"/models/{Model}{tab}")],
        ["/models/{Name}/row"] = _ => [$"/models/{Model}/row", $"/models/{Model}/row?people=3"],
        ["/models/new"] = _ => ["/models/new", $"/models/new?name={Model}"],
        ["/model-runs/{Number}"] = e => [$"/model-runs/{e.Run}"],
        ["/lineage"] = e => ["/lineage", $"/lineage?set={e.Code}&column=id", $"/lineage?set={Model}&back=true"],
        ["/corrections/new"] = e => ["/corrections/new", $"/corrections/new?kind=person&entry={e.Person}"],
        ["/requests/new"] = e => ["/requests/new", $"/requests/new?resource={e.Resource}"],
        ["/requests/{Number}"] = e => [$"/requests/{e.Waiting}", $"/requests/{e.Granted}"],
        ["/grants/{Number}"] = e => [$"/grants/{e.Grant}"],
        ["/grants/{Number}/deliver"] = e => [$"/grants/{e.Grant}/deliver"],
        ["/applications/{Id:guid}"] = e => [$"/applications/{e.Application}"],
        ["/deliveries/{Number}"] = e => [$"/deliveries/{e.Delivery}"],
        ["/cases"] = _ => ["/cases", "/cases?mine=true", "/cases?state=void", "/cases?node=330784001", "/cases?node=330784001001", "/cases?node=330784001001001"],
        ["/cases/assessment"] = _ => ["/cases/assessment", "/cases/assessment?by=Area&metric=filed-many&top=true", "/cases/assessment?by=Post", "/cases/assessment?from=1999-01-01&to=1999-01-31"],
        ["/cases/dispatch"] = _ => ["/cases/dispatch", "/cases/dispatch?from=1999-01-01&to=1999-01-31"],
        ["/cases/assessment/schemes"] = _ => ["/cases/assessment/schemes", "/cases/assessment/schemes?version=0"],
        ["/cases/{Number}"] = e => [$"/cases/{e.Case}"],
        ["/cases/consultation/{Number}"] = e => [$"/cases/consultation/{e.Case}"],
        ["/cases/classes"] = _ => ["/cases/classes?code=0102"],
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
        async Task<string> Asked(string purpose) => (await Window.Json(await asker.PostAsJsonAsync("/api/v1/requests", new
        {
            resources = new[] { new { resource } }, purpose, scene = "补贴发放", basis = "《模拟办法》第五条", until = DateTime.UtcNow.AddDays(90).ToString("yyyy-MM-dd"), delivery = "File",
        })))[0].GetProperty("number").GetString()!;
        var (granted, waiting) = (await Asked("核对补贴资格"), await Asked("复核补贴资格"));
        await Window.Json(await door.PostAsJsonAsync($"/api/v1/requests/{granted}/steps", new { step = "Conform" }));
        var grant = (await Window.Json(await giver.PostAsJsonAsync($"/api/v1/requests/{granted}/steps", new { step = "Approve" }))).GetProperty("grant").GetString()!;

        var delivery = (await Window.Json(await asker.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "每日交付", file = new { format = "Csv" } }))).GetProperty("number").GetString()!;

        var application = (await Window.Json(await asker.PostAsJsonAsync("/api/v1/applications", new { name = "模拟核验程序" }))).GetProperty("card").GetProperty("id").GetGuid();
        await Window.Json(await asker.PutAsync($"/api/v1/applications/{application}/grants/{grant}", null));

        await Standards(door);
        using var keeper = await window.As(Roles.SystemAdministrator);
        var accounts = (await Window.Json(await keeper.GetAsync(new Uri("/api/v1/accounts", UriKind.Relative)))).GetProperty("items");
        var account = accounts.EnumerateArray().First(a => a.GetProperty("login").GetString()!.StartsWith("steward", StringComparison.Ordinal)).GetProperty("id").GetGuid();
        return new(unit, system, post, person, account, resource, code, batch, waiting, granted, grant, delivery, await Uploaded(window, code), application, await First(door, $"tickets?resource={resource}"), await Several(window, door, unit), await Computed(door, code), await Reported(door, unit), await Second(door, resource));
    }

    /// <summary>The second item of a resource.</summary>
    private static async Task<Guid> Second(HttpClient door, Guid resource) =>
        (await Window.Json(await door.GetAsync($"/api/v1/resources/{resource}"))).GetProperty("entry").GetProperty("items")[1].GetProperty("id").GetGuid();

    /// <summary>The number of the newest in a list, once there is one.</summary>
    private static async Task<string> First(HttpClient door, string list) => (await Wait.For(
        async () => (await Window.Json(await door.GetAsync($"/api/v1/{list}"))).GetProperty("items").EnumerateArray().ToList(), found => found.Count > 0))[0].GetProperty("number").GetString()!;

    /// <summary>An item that the bureau and another unit publish.</summary>
    private static async Task<string> Several(Window window, HttpClient door, Guid unit)
    {
        await window.Publish("模拟户籍地址", "模拟证件号", "模拟居住地址");
        var entry = new
        {
            @class = "303001", name = "模拟参保地址", unit, summary = "模拟", sharing = "Unconditional", ways = new[] { "Api" }, cycle = "Daily",
            items = new[] { "模拟证件号", "模拟居住地址" }.Select((item, i) => new { name = item, type = "Text", length = 200, key = i == 0, required = i == 0, check = "None", level = "L1" }),
        };
        var at = $"/api/v1/resources/{(await Window.Json(await door.PostAsJsonAsync("/api/v1/resources", entry))).GetProperty("id").GetGuid()}";
        await Window.Json(await door.PostAsJsonAsync($"{at}/submit", new { }));
        await Window.Json(await door.PostAsJsonAsync($"{at}/review", new { pass = true }));
        await Window.Json(await door.PostAsJsonAsync($"{at}/publish", new { opinion = "同意" }));
        return await First(door, $"conflicts?q={Uri.EscapeDataString("模拟居住地址")}");
    }

    /// <summary>A case that was told by telephone and dispatched to the unit.</summary>
    private static async Task<string> Reported(HttpClient door, Guid unit)
    {
        var number = (await Window.Json(await door.PostAsJsonAsync("/api/v1/cases", new { words = "模拟：路边有一堆垃圾", place = "330784001", @class = "0102", address = "模拟路 1 号", name = "模拟来电人", phone = "13800000000" }))).GetProperty("number").GetString()!;
        foreach (var (act, fields) in new (string, object)[] { ("accept", new { @class = "0102" }), ("file", new { }), ("dispatch", new { unit }), ("supervise", new { reason = "模拟督办" }) })
        {
            await Window.Json(await door.PostAsJsonAsync($"/api/v1/cases/{number}/acts", new { act, fields }));
        }

        return number;
    }

    /// <summary>A model over the resource, and the number of its run.</summary>
    private static async Task<string> Computed(HttpClient door, string code)
    {
        var text = $"---\nname: {Model}\ntitle: 模拟对象统计\nlayer: standard\nowner: 模拟市大数据发展管理局\nclass: \"303001\"\nkey: [people]\ntests:\n  - expression: people > 0\n---\nSELECT count(*) AS people FROM \"{code}\"\n";
        await Window.Json(await door.PostAsJsonAsync("/api/v1/models/", new { text }));
        var number = (await Window.Json(await door.PostAsJsonAsync("/api/v1/model-runs/", new { models = new[] { Model } }))).GetProperty("number").GetString()!;
        await Wait.Until(async () => (await Window.Json(await door.GetAsync($"/api/v1/model-runs/{number}"))).GetProperty("state").GetString() is not ("Waiting" or "Running"));
        return number;
    }

    private static async Task Standards(HttpClient door)
    {
        var list = $"/api/v1/standards/lists/{Divisions}";
        await Window.Json(await door.PutAsJsonAsync(list, new { name = "模拟行政区划", nameEn = "Sample divisions", source = "模拟" }));
        async Task Edition(byte[] zip)
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(zip), "file", "editions.zip" } };
            await Window.Json(await door.PostAsync($"{list}/editions", form));
        }

        await Edition(Zipped(("200212", """{"330000":"浙江省","330100":"杭州市","330183":"富阳市","330110":"余杭县"}"""), ("201512", """{"330000":"浙江省","330100":"杭州市","330111":"富阳区","330110":"余杭区"}""")));
        await Window.Json(await door.PostAsync($"{list}/publish", null));
        await Edition(Zipped(("201607", """{"330000":"浙江省","330100":"杭州市","330111":"富阳区"}""")));
    }

    /// <summary>Dated editions of a list as the zip that is imported.</summary>
    internal static byte[] Zipped(params (string Month, string Codes)[] editions)
    {
        using var zipped = new MemoryStream();
        using (var zip = new ZipArchive(zipped, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (month, codes) in editions)
            {
                using var entry = zip.CreateEntry(month + ".json").Open();
                entry.Write(Encoding.UTF8.GetBytes(codes));
            }
        }

        return zipped.ToArray();
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
