// The ledger as people reach it: search, export, receipt, check, by API, page and command line.
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;

namespace Lizhou.Host.Tests;

public sealed class LedgerDoorTests
{
    [Fact]
    public async Task The_auditor_finds_an_act_takes_its_receipt_and_OpenSSL_confirms_it()
    {
        Servers.SkipWhen(!File.Exists("/usr/bin/openssl"), "OpenSSL is not installed (apt-get install openssl).");
        await using var city = await WholeCity.Open();
        await city.Collect((await city.Publish()).Code, "编号,姓名,金额\n1,模拟,1\n");
        using var auditor = await city.As(Roles.AuditAdministrator);
        var found = await County.Json(await auditor.GetAsync(new Uri("/api/v1/ledger/entries?act=unit.", UriKind.Relative)));
        found.GetProperty("total").GetInt64().ShouldBeGreaterThan(0);
        var seq = found.GetProperty("items")[0].GetProperty("seq").GetInt64();
        var receipt = new Uri($"/api/v1/ledger/entries/{seq}/receipt", UriKind.Relative);
        (await County.Refusal(await auditor.GetAsync(receipt))).ShouldBe("LDG-002"); // not sealed yet

        city.Advance(TimeSpan.FromMinutes(2));
        await Wait.For(() => city.Get("api/v1/ledger/state"), s => s.GetProperty("sealed").GetInt64() >= seq);
        var folder = Directory.CreateTempSubdirectory("lizhou-receipt-").FullName;
        await using (var zip = new MemoryStream(await auditor.GetByteArrayAsync(receipt)))
        {
            await ZipFile.ExtractToDirectoryAsync(zip, folder);
        }

        OpenSsl(folder).ShouldBe(0);
        var entry = Path.Combine(folder, "entry.json");
        var bytes = await File.ReadAllBytesAsync(entry);
        bytes[^3] ^= 1;
        await File.WriteAllBytesAsync(entry, bytes);
        OpenSsl(folder).ShouldNotBe(0);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_steward_sees_what_concerns_their_unit_and_no_receipt_of_anything_else()
    {
        await using var city = await WholeCity.Open();
        using var steward = await city.AsStewardOf(city.Unit);
        using var auditor = await city.As(Roles.AuditAdministrator);
        var all = await County.Json(await auditor.GetAsync(new Uri("/api/v1/ledger/entries", UriKind.Relative)));
        var own = await County.Json(await steward.GetAsync(new Uri("/api/v1/ledger/entries", UriKind.Relative)));
        own.GetProperty("total").GetInt64().ShouldBeLessThan(all.GetProperty("total").GetInt64());
        var me = (await County.Json(await steward.GetAsync(new Uri("/api/v1/session", UriKind.Relative)))).GetProperty("id").GetString();
        foreach (var entry in own.GetProperty("items").EnumerateArray())
        {
            new[] { "actor", "provider", "receiver" }.Select(f => entry.GetProperty(f).ToString()).ShouldContain(v => v == me || v == city.Unit.ToString());
        }

        var foreign = all.GetProperty("items").EnumerateArray().First(e => e.GetProperty("actor").GetString() == Guid.Empty.ToString()).GetProperty("seq");
        (await steward.GetAsync(new Uri($"/api/v1/ledger/entries/{foreign}/receipt", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await steward.GetAsync(new Uri($"/ledger/{foreign}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await steward.PostAsync(new Uri("/api/v1/ledger/verify", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_pages_speak_both_languages_and_the_export_is_itself_evidence()
    {
        await using var city = await WholeCity.Open();
        using var auditor = await city.As(Roles.AuditAdministrator);
        (await WholeCity.Page(auditor, "/ledger")).ShouldContain("存证台账");
        (await WholeCity.Page(auditor, "/ledger?act=unit.&lang=en")).ShouldContain("Evidence ledger");
        (await WholeCity.Page(auditor, "/ledger/1?lang=zh-CN")).ShouldContain("操作信息");
        var csv = await auditor.GetStringAsync(new Uri("/api/v1/ledger/export?format=csv", UriKind.Relative));
        csv.ShouldContain("unit.");
        (await city.Evidence("ledger.exported")).ShouldBe(1);
        var report = await County.Json(await city.Post("api/v1/ledger/verify", new { }));
        report.GetProperty("faults").GetArrayLength().ShouldBe(0);
        report.GetProperty("entries").GetInt64().ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_lost_memory_of_the_seals_is_told_until_its_loss_is_answered_for()
    {
        await using var city = await WholeCity.Open();
        await Sealed(city);
        await city.Collect((await city.Publish()).Code, "编号,姓名,金额\n1,模拟,1\n");
        await Sealed(city);
        (await County.Refusal(await city.Post("api/v1/ledger/remember", new { reason = "无事" }))).ShouldBe("LDG-004");
        File.Delete(Path.Combine(city.Data, "ledger", "watermark"));
        File.Delete(Path.Combine(city.Data, "keys", "ledger", "watermark"));

        (await Faults(city)).ShouldBe(["Memory", "Memory"]);
        (await County.Refusal(await city.Post("api/v1/ledger/remember", new { reason = " " }))).ShouldBe("KRN-001");
        (await city.Post("api/v1/ledger/remember", new { reason = "清理磁盘时误删" })).EnsureSuccessStatusCode();
        (await Faults(city)).ShouldBeEmpty();
        (await city.Evidence("ledger.remembered")).ShouldBe(1);
    }

    [Theory]
    [InlineData("entries?from=yesterday", "from"), InlineData("entries?to=2026-13-40", "to"), InlineData("entries?unit=x", "unit"), InlineData("export?format=pdf", "format")]
    public async Task A_filter_that_means_nothing_is_refused_with_its_field(string query, string field)
    {
        await using var city = await WholeCity.Open();
        using var auditor = await city.As(Roles.AuditAdministrator);
        var answer = await auditor.GetAsync(new Uri($"/api/v1/ledger/{query}", UriKind.Relative));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var faults = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("faults");
        faults.EnumerateArray().ShouldHaveSingleItem().GetProperty("field").GetString().ShouldBe(field);
        (await city.Evidence("ledger.exported")).ShouldBe(0);
        if (field == "from")
        {
            (await WholeCity.Page(auditor, "/ledger?from=yesterday")).ShouldContain("from: 应为日期");
            var few = await County.Json(await auditor.GetAsync(new Uri("/api/v1/ledger/entries?size=-1&from=&unit=", UriKind.Relative)));
            (few.GetProperty("size").GetInt32(), few.GetProperty("items").GetArrayLength()).ShouldBe((1, 1), "sizes are brought into range, as of every list");
            (await County.Json(await auditor.GetAsync(new Uri("/api/v1/ledger/entries?size=999999999", UriKind.Relative)))).GetProperty("size").GetInt32().ShouldBe(200);
        }
    }

    [Fact]
    public async Task A_ground_of_a_delay_that_is_none_is_refused_with_those_there_are()
    {
        await using var city = await WholeCity.Open();
        using var auditor = await city.As(Roles.AuditAdministrator);
        using var body = new StringContent("""{"ground":"curiosity","basis":"x","until":"2030-01-01"}""", System.Text.Encoding.UTF8, "application/json");
        var answer = await auditor.PutAsync(new Uri("/api/v1/disclosures/delays/SQ-1", UriKind.Relative), body);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var said = await answer.Content.ReadAsStringAsync();
        new[] { "criminal-investigation", "state-security", "supervision", "tax-inspection", "emergency" }.ShouldAllBe(ground => said.Contains(ground));
    }

    private static async Task Sealed(WholeCity city)
    {
        var before = (await city.Get("api/v1/ledger/state")).GetProperty("entries").GetInt64();
        city.Advance(TimeSpan.FromMinutes(2));
        await Wait.For(() => city.Get("api/v1/ledger/state"), s => s.GetProperty("sealed").GetInt64() >= before);
    }

    private static async Task<string[]> Faults(WholeCity city) =>
        [.. (await County.Json(await city.Post("api/v1/ledger/verify", new { }))).GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("kind").GetString()!)];

    private static int OpenSsl(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", [Path.Combine(folder, "verify.sh"), folder]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit(TimeSpan.FromSeconds(60)).ShouldBeTrue();
        TestContext.Current.SendDiagnosticMessage(string.Concat(said.Result));
        return process.ExitCode;
    }
}
