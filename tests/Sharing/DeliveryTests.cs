// Deliveries and their files: made, fetched in ranges, encrypted, signed, kept for a time; who may see and steer them; what ends them.
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Sharing.Data;
using Lizhou.Sharing.Deliveries;
using Lizhou.Sharing.Deliveries.Files;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

public sealed class DeliveryTests(SharedCity city) : DeliveryPromises(city), IClassFixture<SharedCity>;

public sealed class DeliveryTestsOnPostgreSql(PostgresCity city) : DeliveryPromises(city), IClassFixture<PostgresCity>;

public abstract class DeliveryPromises(SharedCity city)
{
    private async Task<(string Grant, HttpClient Program, ResourceCard Resource)> Ready(object? masks = null)
    {
        var resource = await city.Resource();
        var grant = await city.Granted(resource.Id, masks, way: "File");
        return (grant, await city.Program(grant), resource);
    }

    [Fact]
    public async Task A_file_is_fetched_whole_or_in_ranges_and_is_what_its_signed_manifest_says()
    {
        var (grant, program, _) = await Ready(masks: new { name = "Partial" });
        var number = await city.Delivery(grant, new { file = new { format = "Csv" } });
        var run = await city.Run(number);
        run.GetProperty("result").GetString().ShouldBe("Delivered");
        var path = $"/api/v1/data/{grant}/files/{run.GetProperty("id").GetString()}";

        var whole = await program.GetAsync(path);
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        Encoding.UTF8.GetString(bytes).ShouldContain("张*");
        whole.Headers.ETag!.Tag.ShouldBe($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"");
        using var rest = new HttpRequestMessage(HttpMethod.Get, path);
        rest.Headers.Range = new(10, null);
        rest.Headers.TryAddWithoutValidation("If-Range", whole.Headers.ETag.ToString());
        var part = await program.SendAsync(rest);
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        bytes[..10].Concat(await part.Content.ReadAsByteArrayAsync()).ShouldBe(bytes);

        var folder = Directory.CreateTempSubdirectory("lizhou-file-").FullName;
        var manifest = await program.GetByteArrayAsync(path + "/manifest");
        JsonDocument.Parse(manifest).RootElement.GetProperty("sha256").GetString().ShouldBe(run.GetProperty("digest").GetString());
        JsonDocument.Parse(manifest).RootElement.GetProperty("changes").ValueKind.ShouldBe(JsonValueKind.Null, "a grant for files has no feed");
        await File.WriteAllBytesAsync(Path.Combine(folder, "manifest.json"), manifest);
        await File.WriteAllBytesAsync(Path.Combine(folder, "manifest.cms"), await program.GetByteArrayAsync(path + "/signature"));
        OpenSsl(folder, "pkcs7 -inform DER -in manifest.cms -print_certs -out signer.pem").ShouldBe(0);
        const string Verify = "cms -verify -binary -inform DER -in manifest.cms -content manifest.json -CAfile signer.pem -partial_chain -purpose any -no_check_time -out /dev/null";
        OpenSsl(folder, Verify).ShouldBe(0);
        manifest[^5]++;
        await File.WriteAllBytesAsync(Path.Combine(folder, "manifest.json"), manifest);
        OpenSsl(folder, Verify).ShouldNotBe(0);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_file_for_one_receiver_opens_with_their_key_and_openssl_alone()
    {
        var (grant, program, _) = await Ready();
        var folder = Directory.CreateTempSubdirectory("lizhou-file-").FullName;
        OpenSsl(folder, "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 30 -subj /CN=receiver").ShouldBe(0);
        var number = await city.Delivery(grant, new { file = new { format = "NdJson", certificate = await File.ReadAllTextAsync(Path.Combine(folder, "cert.pem")) } });
        var run = await city.Run(number);
        var bytes = await program.GetByteArrayAsync($"/api/v1/data/{grant}/files/{run.GetProperty("id").GetString()}");
        Encoding.UTF8.GetString(bytes).ShouldNotContain("A1");
        await File.WriteAllBytesAsync(Path.Combine(folder, "file.p7m"), bytes);
        OpenSsl(folder, "cms -decrypt -binary -inform DER -in file.p7m -inkey key.pem -recip cert.pem -out file.ndjson").ShouldBe(0);
        (await File.ReadAllLinesAsync(Path.Combine(folder, "file.ndjson"))).Length.ShouldBe(3);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_private_key_beside_the_certificate_is_refused_and_one_kept_before_is_taken_out_at_the_start()
    {
        var (grant, _, _) = await Ready();
        using var key = RSA.Create(2048);
        var certificate = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=receiver", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30)).ExportCertificatePem();
        foreach (var secret in new[] { key.ExportPkcs8PrivateKeyPem(), key.ExportRSAPrivateKeyPem() })
        {
            var refused = await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "x", file = new { format = "Csv", certificate = certificate + "\n" + secret } });
            (await refused.Content.ReadAsStringAsync()).ShouldContain("私钥");
            (await Refusal(refused)).ShouldBe("SHR-006");
        }

        var number = await city.Delivery(grant, new { file = new { format = "Csv", certificate = "CN=receiver\n" + certificate } });
        await city.Run(number);
        var state = city.Services.GetRequiredService<StateStore>();
        async Task<string> Kept() => JsonSerializer.Deserialize<Target>((await state.Read($"SELECT target FROM sharing_delivery WHERE number = {number}", r => r.GetString(0), default)).Single())!.File!.Certificate!;
        (await Kept()).ShouldBe(certificate);

        var before = JsonSerializer.Serialize(new Target(new FileTarget(Contracts.Policy.RowFormat.Csv, 7, key.ExportPkcs8PrivateKeyPem() + "\n" + certificate)));
        await using (var connection = await state.Open(default))
        {
            await connection.Execute(null, $"UPDATE sharing_delivery SET target = {before} WHERE number = {number}", default);
        }

        await city.Services.GetRequiredService<ClearKeys>().Run(default);
        (await Kept()).ShouldBe(certificate);
        (await Json(await city.Engineer.GetAsync("/api/v1/ledger/entries?act=delivery.key-removed"))).GetProperty("items").EnumerateArray().ShouldContain(e => e.GetProperty("subject").GetString() == number);
    }

    [Theory]
    [InlineData("{\"format\":\"Csv\",\"keepDays\":0}")]
    [InlineData("{\"format\":\"Csv\",\"keepDays\":1000}")]
    [InlineData("{\"format\":\"Csv\",\"certificate\":\"../../keys/policy\"}")]
    [InlineData("{\"format\":\"Csv\",\"certificate\":\"-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\"}")]
    public async Task A_target_that_cannot_be_is_refused(string file)
    {
        var (grant, _, _) = await Ready();
        (await Refusal(await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "x", file = JsonDocument.Parse(file).RootElement }))).ShouldBe("SHR-006");
    }

    [Fact]
    public async Task A_host_without_an_address_is_told_in_words()
    {
        var grant = await city.Granted((await city.Resource()).Id, way: "Push");
        var table = new { kind = "PostgreSql", host = "no-such-host.invalid", port = 5432, database = "d", user = "u", table = "t" };
        var refused = await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "x", table, password = "x" });
        (await refused.Content.ReadAsStringAsync()).ShouldContain("域名解析不到地址");
    }

    [Fact]
    public async Task A_time_that_never_comes_is_refused()
    {
        var (grant, _, _) = await Ready();
        var refused = await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "x", cron = "0 0 31 2 *", file = new { format = "Csv" } });
        (await refused.Content.ReadAsStringAsync()).ShouldContain("两年内没有到期的时刻");
        (await Refusal(refused)).ShouldBe("SHR-006");
    }

    [Fact]
    public async Task Whose_data_it_is_sees_a_delivery_only_who_receives_steers_it_and_a_stranger_finds_none()
    {
        var (grant, program, resource) = await Ready();
        (await Refusal(await city.SourceSteward.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "x", file = new { format = "Csv" } }))).ShouldBe("SHR-020");
        var number = await city.Delivery(grant, new { file = new { format = "Csv" } });
        var run = (await city.Run(number)).GetProperty("id").GetString();
        (await city.SourceSteward.GetAsync($"/api/v1/deliveries/{number}/runs")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Refusal(await city.SourceSteward.PostAsJsonAsync($"/api/v1/deliveries/{number}/steps", new { step = "Pause" }))).ShouldBe("SHR-010");
        (await Refusal(await city.StrangerSteward.GetAsync($"/api/v1/deliveries/{number}"))).ShouldBe("SHR-042");
        (await Refusal(await city.StrangerSteward.GetAsync($"/api/v1/deliveries/{number}/runs"))).ShouldBe("SHR-042");
        (await Refusal(await city.StrangerSteward.PostAsJsonAsync($"/api/v1/deliveries/{number}/steps", new { step = "Send" }))).ShouldBe("SHR-042");
        (await Json(await city.StrangerSteward.GetAsync("/api/v1/deliveries"))).GetProperty("total").GetInt64().ShouldBe(0);
        (await Refusal(await city.StrangerSteward.GetAsync($"/api/v1/data/{grant}/files/{run}"))).ShouldBe("SHR-020");

        // The file belongs to its grant, and no part of the address is a path.
        var other = await city.Granted(resource.Id);
        using var others = await city.Program(other);
        (await Refusal(await others.GetAsync($"/api/v1/data/{other}/files/{run}"))).ShouldBe("SHR-040");
        (await Refusal(await others.GetAsync($"/api/v1/data/{grant}/files/{run}"))).ShouldBe("SHR-030");
        (await program.GetAsync($"/api/v1/data/{grant}/files/..%2f..%2flizhou.db")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await program.GetAsync($"/api/v1/data/{grant}/files/{run}/..%2f..%2f..%2fkeys%2fpolicy")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_file_is_not_handed_out_once_its_grant_ended_and_the_delivery_ends_with_it()
    {
        var (grant, program, _) = await Ready();
        var number = await city.Delivery(grant, new { file = new { format = "Parquet" }, cron = "0 3 * * *" });
        var byHand = await city.Delivery(grant, new { file = new { format = "Csv" } });
        await city.Run(byHand);
        var run = (await city.Run(number)).GetProperty("id").GetString();
        async Task<string> Page() => await city.AskerSteward.GetStringAsync(new Uri($"/grants/{grant}", UriKind.Relative));
        (await Page()).ShouldContain($"/files/{run}\"");
        (await program.GetAsync($"/api/v1/data/{grant}/files")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await program.GetAsync($"/api/v1/data/{grant}/corrections")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await program.GetAsync($"/api/v1/data/{grant}/files/{run}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Json(await city.SourceSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/revoke", new { reason = "用途已结束" }));
        (await city.State(number), await city.State(byHand)).ShouldBe(("Ended", "Ended"));
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}/files/{run}"))).ShouldBe("SHR-041");
        foreach (var told in new[] { "files", "corrections" })
        {
            (await Refusal(await program.GetAsync($"/api/v1/data/{grant}/{told}"))).ShouldBe("POL-006", told);
        }

        (await Page()).ShouldNotContain($"/api/v1/data/{grant}");
        (await Refusal(await city.AskerSteward.PostAsJsonAsync($"/api/v1/deliveries/{number}/steps", new { step = "Send" }))).ShouldBe("SHR-043");
        await city.RunNow(number, RunCause.Schedule);
        (await Json(await city.AskerSteward.GetAsync($"/api/v1/deliveries/{number}"))).GetProperty("state").GetString().ShouldBe("Ended");

        // Nor does it lie about.
        var folder = Path.Combine(city.Data, "deliveries", $"{Guid.Parse(run!):N}");
        Directory.Exists(folder).ShouldBeTrue();
        await city.Services.GetRequiredService<SweepFiles>().Look(default);
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task A_delivery_that_follows_changes_runs_when_a_batch_lands_and_not_without()
    {
        var (grant, _, resource) = await Ready();
        var number = await city.Delivery(grant, new { file = new { format = "Csv" }, onChange = true });
        await city.Run(number);
        await city.RunNow(number, RunCause.Schedule);
        (await city.Runs(number))[0].GetProperty("result").GetString().ShouldBe("Nothing");
        await city.Collect(resource, "编号,姓名,街镇,金额,备注\nC1,赵六,方岩镇,1.00,\n");
        var run = await Wait.For(async () => (await city.Runs(number))[0], r => r.GetProperty("result").GetString() == "Delivered" && r.GetProperty("inserted").GetInt64() == 4);
        run.GetProperty("cause").GetString().ShouldBe("Change");
    }

    [Fact]
    public async Task A_file_counts_as_taken_once_however_often_it_is_fetched()
    {
        var (grant, program, _) = await Ready();
        var number = await city.Delivery(grant, new { file = new { format = "Csv" } });
        var run = (await city.Run(number)).GetProperty("id").GetString();
        await program.GetAsync($"/api/v1/data/{grant}/files/{run}");
        await program.GetAsync($"/api/v1/data/{grant}/files/{run}");
        using var scope = city.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<SharingDb>();
        var granted = db.Grants.Single(g => g.Number == grant).Id;
        await scope.ServiceProvider.GetRequiredService<Quota>().Look(default);
        db.Uses.Single(u => u.Granted == granted).Rows.ShouldBe(3);
        (await Json(await program.GetAsync($"/api/v1/data/{grant}/files")))[0].GetProperty("taken").GetInt64().ShouldBe(2);
    }

    private static int OpenSsl(string folder, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        process.WaitForExit(TimeSpan.FromSeconds(60)).ShouldBeTrue();
        return process.ExitCode;
    }
}

/// <summary>Time moves here, so nobody else shares this city.</summary>
public sealed class KeptTests
{
    [Fact]
    public async Task A_file_is_gone_when_its_days_are_over_and_so_is_what_a_crash_left()
    {
        await using var city = new SharedCity();
        await city.InitializeAsync();
        var grant = await city.Granted((await city.Resource()).Id, way: "File");
        using var program = await city.Program(grant);
        var number = await city.Delivery(grant, new { file = new { format = "Csv", keepDays = 2 } });
        var run = Guid.Parse((await city.Run(number)).GetProperty("id").GetString()!);
        var left = Directory.CreateDirectory(Path.Combine(city.Data, "deliveries", $"{Guid.NewGuid():N}")).FullName;
        city.Advance(TimeSpan.FromDays(3));
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}/files/{run}"))).ShouldBe("SHR-040");
        await city.Services.GetRequiredService<SweepFiles>().Look(default);
        Directory.Exists(Path.Combine(city.Data, "deliveries", $"{run:N}")).ShouldBeFalse();
        Directory.Exists(left).ShouldBeFalse();
    }
}

/// <summary>What follows from how an attempt ended.</summary>
public sealed class DeliveryStepsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Fact]
    public void Pauses_grow_and_end_in_giving_up()
    {
        var (state, failures, total) = (DeliveryState.Active, 0, TimeSpan.Zero);
        while (state == DeliveryState.Active)
        {
            var next = DeliverySteps.After(state, failures, RunResult.Failed, granted: true, Now, scheduled: null);
            next.Due.HasValue.ShouldBe(next.State == DeliveryState.Active);
            total += next.Due is { } due ? due - Now : TimeSpan.Zero;
            (state, failures) = (next.State, next.Failures);
        }

        (state, failures).ShouldBe((DeliveryState.Dead, DeliverySteps.MostFailures));
        total.TotalHours.ShouldBeInRange(8, 48);
    }

    [Fact]
    public void Success_by_hand_brings_a_dead_one_back_and_a_paused_one_stays_paused()
    {
        DeliverySteps.After(DeliveryState.Dead, 12, RunResult.Delivered, true, Now, Now.AddDays(1)).ShouldBe(new Next(DeliveryState.Active, 0, Now.AddDays(1)));
        DeliverySteps.After(DeliveryState.Paused, 0, RunResult.Delivered, true, Now, null).State.ShouldBe(DeliveryState.Paused);
        DeliverySteps.After(DeliveryState.Active, 0, RunResult.Refused, granted: false, Now, null).State.ShouldBe(DeliveryState.Ended);
        DeliverySteps.After(DeliveryState.Active, 3, RunResult.Interrupted, true, Now, null).ShouldBe(new Next(DeliveryState.Active, 3, Now));
        DeliverySteps.After(DeliveryState.Active, 3, RunResult.Refused, true, Now, null, Now.AddHours(2)).ShouldBe(new Next(DeliveryState.Active, 3, Now.AddHours(2)));
    }
}
