// The foundation's story, from a bare machine to a city that was lost and is back, through nothing but doors, pages and commands; on SQLite and on PostgreSQL.
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lizhou.Kernel;
using Lizhou.Tabular;
using Lizhou.Tabular.Writers;
using Lizhou.Tests.Support;
using static Lizhou.Tests.County;

namespace Lizhou.Paths.Tests;

public sealed partial class FoundationTests
{
    private const string Delivery = "机构编号,机构名称,床位数,登记日期\nJ1,模拟一院,120,2026-01-02\nJ2,模拟二院,九十,2026-01-03\nJ3,,30,2026-02-30\nJ4,模拟四院,8,20260104\nJ4,模拟四院,8,20260104\n";

    [Fact]
    public async Task A_bare_machine_becomes_a_city_whose_rows_survive_its_loss()
    {
        await using var city = new Installation();
        var told = await Tell(city);

        (await city.Command("verify")).GetProperty("whole").GetBoolean().ShouldBeTrue();
        var backup = city.Data + "-backup";
        (await city.Command("backup", backup)).GetProperty("files").GetInt64().ShouldBeGreaterThan(0);
        await city.Close();

        await using var again = new Installation();
        (await again.Try("restore", backup, "--keys", Path.Combine(city.Data, "keys"), "--into", again.Data)).Code.ShouldBe(0);
        await Same(again, told);
        (await again.Try("restore", backup, "--keys", Path.Combine(city.Data, "keys"), "--into", again.Data)).Error.ShouldContain("LAK-020");
    }

    [Fact]
    public async Task The_same_on_PostgreSQL_whose_own_tools_keep_the_state()
    {
        var state = Servers.Postgres();
        await using var city = new Installation(state);
        var told = await Tell(city);

        (await city.Command("verify")).GetProperty("whole").GetBoolean().ShouldBeTrue();
        (await city.Try("backup", city.Data + "-backup")).Out.ShouldContain("LAK-024");
        await city.Close();

        await using var again = new Installation(Servers.CopyOf(state));
        CopyFolder(city.Data, again.Data);
        await Same(again, told);
    }

    private static readonly string[] Pages =
        ["/", "/catalog", "/catalog/new", "/catalog/import", "/sources", "/sources/calendar", "/sources/new?way=Database", "/upload", "/batches", "/units", "/systems", "/systems/new", "/people", "/people/new", "/posts/new", "/profile"];

    private sealed record Told(Guid Resource, string Code, string Rows);

    /// <summary>Everything up to the last good row: what a steward then sees of the resource.</summary>
    private static async Task<Told> Tell(Installation city)
    {
        // The one-time code on the console makes three administrators, once.
        var said = await city.Open();
        var code = SetUpCode().Match(said).Value;
        using var visitor = city.Visitor();
        var claim = new { code, system = Person("sys", 1), security = Person("sec", 2), audit = Person("aud", 3) };
        (await visitor.PostAsJsonAsync("/api/v1/setup", claim)).EnsureSuccessStatusCode();
        (await visitor.PostAsJsonAsync("/api/v1/setup", claim)).IsSuccessStatusCode.ShouldBeFalse();

        // An administrator with the password alone may do nothing; with an authenticator too: units, people, accounts.
        using var half = await city.SignedIn("sys", FirstPassword(1));
        (await half.PostAsJsonAsync("/api/v1/units", new { name = "模拟卫生健康局" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var keeper = await city.Enrolled("sys", FirstPassword(1));
        var health = await Made(keeper, "/api/v1/units", new { name = "模拟卫生健康局", code = "11330600MB1573660P", kind = "Department" });
        var other = await Made(keeper, "/api/v1/units", new { name = "模拟民政局", code = "113307843077566033", kind = "Department" });
        await Json(await keeper.PostAsJsonAsync("/api/v1/people", new { name = "周专员（模拟）", unit = health }));
        using var security = await city.Enrolled("sec", FirstPassword(2));
        using var engineer = await city.NewAccount(keeper, security, "engineer", "工程师（模拟）", other, Roles.Engineer);
        using var steward = await city.NewAccount(keeper, security, "steward", "专员（模拟）", health, Roles.Steward);
        using var neighbour = await city.NewAccount(keeper, security, "neighbour", "邻居（模拟）", other, Roles.Steward);

        // Whom nobody labelled sees nothing above L2; the security administrator labels who works with more.
        foreach (var account in (await Json(await security.GetAsync(At("/api/v1/accounts")))).GetProperty("items").EnumerateArray().Where(a => a.GetProperty("login").GetString() is "engineer" or "steward" or "neighbour"))
        {
            (await security.PutAsJsonAsync($"/api/v1/accounts/{account.GetProperty("id").GetString()}/label", new { level = 4 })).EnsureSuccessStatusCode();
        }

        // No catalogue entry, no load.
        (await Refusal(await Send(steward, "303001/000001", Delivery))).ShouldBe("COL-001");
        (await city.Evidence("collection.refused", "303001/000001")).ShouldContain("COL-001");

        var (id, resource) = await Publish(steward, engineer);
        var batch = await Upload(city, steward, resource);
        Counts(batch).ShouldBe((5, 2, 2, 1, 0));
        var number = batch.GetProperty("number").GetString()!;
        (await neighbour.GetAsync(At($"/api/v1/batches/{number}"))).IsSuccessStatusCode.ShouldBeFalse();

        // What was rejected is downloaded, mended and sent back.
        var sheet = Mend(await steward.GetByteArrayAsync(At($"/api/v1/batches/{number}/rejects.xlsx")));
        using var form = new MultipartFormDataContent { { new ByteArrayContent(sheet), "files", "整改.xlsx" } };
        var replay = await Json(await steward.PostAsync(At($"/api/v1/batches/{number}/replay"), form));
        Counts(await Installation.Ended(steward, replay.GetProperty("number").GetString()!)).ShouldBe((2, 2, 0, 0, 0));

        var board = (await Json(await steward.GetAsync(At("/api/v1/collection/board")))).GetProperty("total");
        board.GetProperty("rows").GetInt64().ShouldBe(4);
        board.GetProperty("settled").GetInt64().ShouldBe(2);
        (await city.Page(steward, "/collection/board")).ShouldContain("模拟卫生健康局");

        // A wrong delivery is taken back, and what it replaced is as before.
        var before = await Rows(steward, id);
        before.ShouldContain("模拟三院");
        var wrong = await Json(await Send(steward, resource, "机构编号,机构名称,床位数,登记日期\nJ1,发错了,1,2026-01-02\nJ9,发错了,1,2026-01-02\n"));
        var wrongNumber = wrong.GetProperty("number").GetString()!;
        Counts(await Installation.Ended(steward, wrongNumber)).ShouldBe((2, 2, 0, 0, 0));
        (await Rows(steward, id)).ShouldContain("发错了");
        await Json(await steward.PostAsJsonAsync($"/api/v1/batches/{wrongNumber}/undo", new { confirm = wrongNumber, reason = "发错了" }));
        (await Rows(steward, id)).ShouldBe(before);
        foreach (var page in Pages.Concat([$"/catalog/{id}", $"/catalog/{id}/edit", $"/catalog/{id}?tab=versions", $"/batches/{number}", $"/batches/{number}/rejects", $"/units/{health}"]))
        {
            await city.Page(steward, page);
        }

        await city.Page(engineer, $"/catalog/{id}/review");
        await city.Page(engineer, "/collection/board");
        await city.Page(keeper, "/accounts");
        await city.Page(keeper, "/sign-ins");
        return new(id, resource, before);
    }

    private static async Task Same(Installation again, Told told)
    {
        SetUpCode().IsMatch(await again.Open()).ShouldBeFalse("the restored city asks to be set up");
        (await again.Command("verify")).GetProperty("whole").GetBoolean().ShouldBeTrue();
        using var steward = await again.SignedIn("steward", Installation.OwnPassword);
        (await Rows(steward, told.Resource)).ShouldBe(told.Rows);
        var more = await Json(await Send(steward, told.Code, "机构编号,机构名称,床位数,登记日期\nJ5,模拟五院,5,2026-01-05\n"));
        Counts(await Installation.Ended(steward, more.GetProperty("number").GetString()!)).ShouldBe((1, 1, 0, 0, 0));
    }

    /// <summary>A catalogue workbook, seen first, then written, and the entry led to publication by two people.</summary>
    private static async Task<(Guid Id, string Code)> Publish(HttpClient steward, HttpClient engineer)
    {
        var book = Book(
            ("目录", [["分类码", "名称", "提供方代码", "摘要", "共享类型", "共享方式", "更新周期"], ["303001", "医疗机构登记", "11330600MB1573660P", "辖区医疗机构（模拟）", "无条件共享", "库表", "每日"]]),
            ("信息项", [["资源名称", "信息项名称", "数据类型", "长度", "必填", "主键", "分级"], ["医疗机构登记", "机构编号", "C", "20", "是", "是", "L1"], ["医疗机构登记", "机构名称", "C", "100", "是", "否", "L1"],
                ["医疗机构登记", "床位数", "整型", "", "否", "否", "L1"], ["医疗机构登记", "登记日期", "日期型", "", "否", "否", "L1"]]));
        var seen = await Json(await steward.PostAsync(At("/api/v1/resources/import"), new ByteArrayContent(book)));
        seen.GetProperty("done").GetBoolean().ShouldBeFalse();
        var done = await Json(await steward.PostAsync(At("/api/v1/resources/import?write=true"), new ByteArrayContent(book)));
        var id = done.GetProperty("lines")[0].GetProperty("id").GetGuid();
        await Json(await steward.PostAsJsonAsync($"/api/v1/resources/{id}/submit", new { }));
        await Json(await steward.PostAsJsonAsync($"/api/v1/resources/{id}/review", new { pass = true }));
        (await steward.PostAsJsonAsync($"/api/v1/resources/{id}/publish", new { opinion = "同意" })).IsSuccessStatusCode.ShouldBeFalse("a department publishes on its own");
        var published = await Json(await engineer.PostAsJsonAsync($"/api/v1/resources/{id}/publish", new { opinion = "同意" }));
        return (id, published.GetProperty("code").GetString()!);
    }

    /// <summary>Through the wizard, as a browser without JavaScript: file, preview, confirmation, batch.</summary>
    private static async Task<JsonElement> Upload(Installation city, HttpClient steward, string resource)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(Installation.Token(await city.Page(steward, "/upload"))), "__RequestVerificationToken" },
            { new StringContent(resource), "resource" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(Delivery)), "file", "医疗机构.csv" },
        };
        var preview = await steward.PostAsync(At("/upload/receive"), form);
        var page = await preview.Content.ReadAsStringAsync();
        page.ShouldContain("<mark title=\"不是数值\">九十</mark>");
        var sent = await steward.PostAsync(preview.RequestMessage!.RequestUri, new FormUrlEncodedContent(
            [new("__RequestVerificationToken", Installation.Token(page)), new("_handler", "send"), new("send", "1"), new("drift", "Refuse")]));
        var at = sent.RequestMessage!.RequestUri!.AbsolutePath;
        at.ShouldStartWith("/batches/");
        return await Installation.Ended(steward, at["/batches/".Length..]);
    }

    private static async Task<HttpResponseMessage> Send(HttpClient client, string resource, string csv)
    {
        using var form = new MultipartFormDataContent { { new StringContent(resource), "resource" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "files", "数据.csv" } };
        return await client.PostAsync(At("/api/v1/batches"), form);
    }

    /// <summary>The downloaded sheet with good values where the bad ones were.</summary>
    private static byte[] Mend(byte[] sheet)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, sheet);
            var shape = Inspector.Inspect(path).Value.Tables[0].Shape;
            using var reader = RowReader.Open(path, shape);
            var rows = reader.Rows().Select(r => r.Cells.Select(c => c switch { "九十" => "90", "2026-02-30" => "2026-02-28", _ => c }).ToArray()).ToList();
            rows.Single(r => r[2] == "J3")[3] = "模拟三院";
            return Book(("问题数据", [[.. shape.Columns.Select(c => c.Name)], .. rows]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Book(params (string Sheet, string?[][] Rows)[] sheets)
    {
        using var file = new MemoryStream();
        using (var writer = new XlsxWriter(file))
        {
            foreach (var (sheet, rows) in sheets)
            {
                writer.BeginSheet(sheet);
                foreach (var row in rows)
                {
                    writer.Write(row.Select(c => new SheetCell(c)));
                }
            }
        }

        return file.ToArray();
    }

    /// <summary>The rows as the resource's page shows them, in the order of their keys.</summary>
    private static async Task<string> Rows(HttpClient client, Guid resource)
    {
        var page = await client.GetStringAsync(At($"/catalog/{resource}?tab=sample"));
        var rows = TableRow().Matches(Body().Match(page).Value).Select(r => Tag().Replace(r.Value, " ").Trim()).Order(StringComparer.Ordinal);
        return string.Join('\n', rows);
    }

    private static async Task<Guid> Made(HttpClient client, string at, object what) => (await Json(await client.PostAsJsonAsync(at, what))).GetProperty("id").GetGuid();

    /// <summary>read, accepted, rejected, duplicate, filtered; they add up.</summary>
    private static (long, long, long, long, long) Counts(JsonElement batch)
    {
        batch.GetProperty("state").GetString().ShouldBe("Landed", batch.ToString());
        long Of(string name) => batch.GetProperty("counts").GetProperty(name).GetInt64();
        Of("read").ShouldBe(Of("accepted") + Of("rejected") + Of("duplicate") + Of("filtered"));
        return (Of("read"), Of("accepted"), Of("rejected"), Of("duplicate"), Of("filtered"));
    }

    private static object Person(string login, int i) => new { login, name = login, password = FirstPassword(i) };

    private static string FirstPassword(int i) => $"Loom-{i}-quarry-lantern";

    private static Uri At(string path) => new(path, UriKind.Relative);

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".sock", StringComparison.Ordinal)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    [GeneratedRegex("[0-9A-F]{4}(-[0-9A-F]{4}){7}")]
    private static partial Regex SetUpCode();

    [GeneratedRegex("<tbody.*?</tbody>", RegexOptions.Singleline)]
    private static partial Regex Body();

    [GeneratedRegex("<tr.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex TableRow();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}
