// The story of sharing as people live it, in a county of its own, since its clock is turned on: a clerk finds a resource, asks, two people agree, a program takes masked rows, the grant ends and the call is told why;
// then OpenSSL says the receipt of what was taken is good, and a byte changed in the ledger is found.
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Lizhou.Tests.County;

namespace Lizhou.Browser.Tests;

public sealed class SharingStoryTests(Window window) : IClassFixture<Window>
{
    private const string Name = "医保参保人员信息（模拟）";

    [Fact]
    public async Task A_clerk_finds_asks_two_agree_a_program_reads_masked_rows_the_grant_ends_and_the_evidence_stands_by_itself()
    {
        await Publish();
        var clerk = await As("周专员");
        await clerk.GotoAsync("/catalog?q=" + Uri.EscapeDataString("参保"));
        await clerk.GetByRole(AriaRole.Link, new() { Name = Name }).First.ClickAsync();
        await clerk.GetByRole(AriaRole.Link, new() { Name = "申请共享" }).ClickAsync();
        await Assertions.Expect(clerk.Locator("input[name=Item]:checked")).ToHaveCountAsync(0);
        await clerk.GetByLabel(new System.Text.RegularExpressions.Regex("全部 [0-9]+ 项")).CheckAsync();
        await clerk.GetByLabel("用途").FillAsync("核对低保对象参保情况");
        await clerk.GetByLabel("应用场景").FillAsync("低保复核");
        await clerk.GetByLabel("申请依据").FillAsync("《模拟办法》第五条");
        await clerk.GetByText("只申请部分数据行").ClickAsync();
        await clerk.GetByLabel("第 1 个条件的信息项").SelectOptionAsync(new SelectOptionValue { Label = "街镇" });
        await clerk.GetByLabel("第 1 个条件的值").FillAsync("望春街道");
        await clerk.GetByRole(AriaRole.Button, new() { Name = "提交申请" }).ClickAsync();
        await clerk.WaitForURLAsync("**/requests/QQ-*");
        await Window.Keep(clerk, "sharing-request");
        var number = clerk.Url.Split('/')[^1];

        await Assertions.Expect(clerk.Locator("main")).ToContainTextAsync("街镇 等于 “望春街道”");

        await Take(await As("李工程师"), number, "审查通过", "sharing-review");
        await Take(await As("陈专员"), number, "同意共享", "sharing-decision");

        await clerk.GotoAsync($"/requests/{number}");
        await clerk.GetByRole(AriaRole.Link, new() { NameRegex = new("授权 SQ-") }).ClickAsync();
        await clerk.GetByLabel("程序名称").FillAsync("低保复核程序");
        await clerk.GetByRole(AriaRole.Button, new() { Name = "生成密钥" }).ClickAsync();
        var key = await clerk.Locator(".lz-notice-good code").InnerTextAsync();
        await Window.Keep(clerk, "sharing-grant");
        var grant = clerk.Url.Split('/')[^1].Split('?')[0];

        using var program = window.Visitor();
        program.DefaultRequestHeaders.Authorization = new("Bearer", key);
        // The name is L3, and nobody has said that this program may take that.
        var unlabelled = await program.GetAsync(new Uri($"/api/v1/data/{grant}", UriKind.Relative));
        unlabelled.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await unlabelled.Content.ReadAsStringAsync()).ShouldContain("POL-034");
        await window.Label(grant, 3);
        var page = await Json(await program.GetAsync(new Uri($"/api/v1/data/{grant}", UriKind.Relative)));
        string[] columns = [.. page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("column").GetString()!)];
        var rows = page.GetProperty("rows").EnumerateArray().Select(r => ReadBack.Line(r, columns)).ToList();
        rows.ShouldHaveSingleItem("only the rows that were asked for").ShouldContain("欧**");
        rows[0].ShouldNotContain("欧阳模");
        foreach (var format in new[] { "csv", "ndjson", "arrow", "parquet", "xlsx" })
        {
            var answer = await program.GetAsync(new Uri($"/api/v1/data/{grant}?format={format}", UriKind.Relative));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, format);
            ReadBack.Of(format, await answer.Content.ReadAsByteArrayAsync(), columns).ShouldBe(rows, customMessage: format);
        }

        window.Advance(TimeSpan.FromDays(400));
        var refused = await program.GetAsync(new Uri($"/api/v1/data/{grant}", UriKind.Relative));
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("POL-007");

        using var engineer = await window.As(Roles.Engineer);
        var id = (await Json(await engineer.GetAsync(new Uri($"/api/v1/grants/{grant}", UriKind.Relative)))).GetProperty("id").GetString();
        using var audit = await window.As(Roles.AuditAdministrator);
        var entries = (await Json(await audit.GetAsync(new Uri($"/api/v1/ledger/entries?act=rows.&grant={id}", UriKind.Relative)))).GetProperty("items").EnumerateArray().ToList();
        var taken = entries.First(e => e.GetProperty("result").GetString() == "done").GetProperty("seq").GetInt64();
        await Receipt(audit, taken);
        (await Verified(audit)).ShouldBeEmpty();
        await Flip(taken);
        (await Verified(audit)).ShouldContain(taken);
    }

    /// <summary>The receipt is good by OpenSSL alone: the script uses nothing else.</summary>
    private static async Task Receipt(HttpClient who, long entry)
    {
        var folder = Directory.CreateTempSubdirectory("lizhou-story-").FullName;
        try
        {
            var answer = await Wait.For(() => who.GetAsync(new Uri($"/api/v1/ledger/entries/{entry}/receipt", UriKind.Relative)), a => a.IsSuccessStatusCode);
            using (var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync()))
            {
                zip.ExtractToDirectory(folder);
            }

            using var check = Process.Start(new ProcessStartInfo("sh", [Path.Combine(Repository.Root, "src", "Ledger", "Receipts", "verify.sh"), folder]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var said = await check.StandardOutput.ReadToEndAsync();
            await check.WaitForExitAsync();
            check.ExitCode.ShouldBe(0, said);
            said.ShouldContain($"GOOD 通过: entry {entry} ");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The entries the ledger's own check finds fault with.</summary>
    private static async Task<IReadOnlyList<long>> Verified(HttpClient who) =>
        [.. (await Json(await who.PostAsJsonAsync("/api/v1/ledger/verify", new { }))).GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("entry").GetInt64())];

    /// <summary>What one could do who has the database's file: the guards taken off, one character of an entry changed.</summary>
    private async Task Flip(long entry)
    {
        await using var connection = await window.Services.GetRequiredService<StateStore>().Open();
        await connection.Execute(null, $"DROP TRIGGER IF EXISTS ledger_entry_kept_update");
        (await connection.Execute(null, $"UPDATE ledger_entry SET purpose = '拟' || substr(purpose, 2) WHERE seq = {entry}")).ShouldBe(1);
    }

    private static async Task Take(IPage page, string number, string step, string picture)
    {
        await page.GotoAsync($"/requests/{number}");
        await Window.Keep(page, picture);
        await page.GetByRole(AriaRole.Button, new() { Name = step, Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = step, Exact = true })).ToHaveCountAsync(0);
    }

    private async Task<IPage> As(string name)
    {
        var page = await window.Page();
        await window.Become(page, name);
        return page;
    }

    private async Task Publish()
    {
        using var scope = window.Services.CreateScope();
        var unit = (await scope.ServiceProvider.GetRequiredService<IUnits>().ByName("模拟市卫生健康局", default))!.Id;
        var entry = new ResourceEntry
        {
            Class = "303001", Name = Name, Unit = unit, Summary = "模拟", Format = ResourceFormat.Database, Sharing = SharingKind.Conditional, Condition = "用于民生保障", Ways = [SharingWay.Api],
            Items = [ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("姓名", column: "name", level: Level.L3), ItemCard.Of("街镇", column: "town", level: Level.L1)],
        };
        var card = (await scope.ServiceProvider.GetRequiredService<ICatalogBulk>().Publish([entry], Actor.System, default)).Value[0];
        using var content = new MemoryStream(Encoding.UTF8.GetBytes("编号,姓名,街镇\nA1,欧阳模,望春街道\nA2,李四,方岩镇\n"));
        (await scope.ServiceProvider.GetRequiredService<IIntake>().Collect(card.Code, "a.csv", content, "story", keep: false, Actor.System, default)).Problem.ShouldBeNull();
    }
}
