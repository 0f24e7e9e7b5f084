// A peer that is down, silent, or killed in the middle of a photo: what was to go goes, once, and nobody else waits for it.
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Levels;
using Lizhou.Contracts;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Cases.Tests.LevelPair;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class LevelOutageTests(LevelPair pair) : IClassFixture<LevelPair>
{
    private readonly CaseCity lower = pair.Lower;

    [Fact]
    public async Task What_could_not_go_while_the_peer_was_down_goes_in_order_when_it_is_back()
    {
        var (upper, link) = (pair.Upper, await pair.Link());
        using var me = lower.Door();
        var number = await Photographed(lower);
        await upper.Close();
        var @ref = await Send(lower, link, "Report", "请调水", number, me);
        await Round(lower);
        await Json(await Form(lower, link, "Finish", "已自行解决", @ref, who: me));
        await Round(lower);
        var lines = (await Thread(lower, @ref, me)).GetProperty("lines").EnumerateArray().ToList();
        Text(lines[0], "note")!.ShouldContain("对方拒绝连接");
        lines.Count.ShouldBe(2);
        lines.ShouldAllBe(l => l.GetProperty("state").GetString() == "Waiting" && !l.GetProperty("receipted").GetBoolean());

        await upper.Open();
        using var door = upper.Door();
        await Wait.Until(async () =>
        {
            // On a busy machine an answer may come too late and the form go once more.
            lower.Advance(TimeSpan.FromHours(2));
            await Round(lower);
            return (await Json(await door.GetAsync(new Uri("/api/v1/case-levels/cases", UriKind.Relative)))).EnumerateArray().Any(t => t.GetProperty("ref").GetGuid() == @ref && t.GetProperty("lines").GetArrayLength() == 2);
        });
        (await Thread(upper, @ref, door)).GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("form").GetString()).ShouldBe(["Report", "Finish"]);
    }

    [Fact]
    public void Why_a_line_broke_is_told_in_the_language_of_who_reads_it()
    {
        Exception[] outages =
        [
            new HttpRequestException(null, new SocketException((int)SocketError.ConnectionRefused)), new HttpRequestException(HttpRequestError.NameResolutionError), new HttpRequestException(null, new SocketException((int)SocketError.HostNotFound)),
            new TaskCanceledException(null, new TimeoutException()), new HttpRequestException(HttpRequestError.SecureConnectionError), new IOException(),
        ];
        var before = CultureInfo.CurrentUICulture;
        try
        {
            foreach (var (language, words) in new[] { ("zh-CN", new[] { "拒绝连接", "主机名", "主机名", "超时", "证书", "线路中断" }), ("en", ["refused", "not found", "not found", "Timed out", "certificate", "broke"]) })
            {
                CultureInfo.CurrentUICulture = new(language);
                outages.Select(o => KeptText.Shown(KeptText.Of(LevelCall.Why(o)))!).Zip(words).ShouldAllBe(p => p.First.Contains(p.Second));
            }
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }

        foreach (var theirs in new[] { "CAS-090", "{", "{}", "{\"zh\":null}", "{\"zh\":1,\"en\":2}", "{ a program's own words }" })
        {
            KeptText.Shown(theirs).ShouldBe(theirs, "what the other end said is told as it is");
        }
    }

    [Fact]
    public async Task A_silent_peer_keeps_no_other_waiting_and_a_killed_one_gets_the_rest_of_its_photo()
    {
        using var me = lower.Door();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var mute = (await Json(await me.PostAsJsonAsync("/api/v1/case-levels/peers", new { name = "不答的上级", upper = true, url = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}" }))).GetProperty("peer").GetProperty("id").GetGuid();
        var photo = await Noise(1_400, 5);
        photo.Length.ShouldBeGreaterThan(SendPhotos.PartBytes * (SendPhotos.PartsAtOnce + 1), "it takes more than one round");
        var number = await Photographed(lower, photo);
        var unheard = await Send(lower, new(mute, ""), "Report", "无人应答", number, me);

        var (folder, port) = (Directory.CreateTempSubdirectory("lzl-").FullName, FreePort());
        var host = await Serve(folder, port);
        try
        {
            using var door = CrashTests.Door(folder);
            var made = await Json(await me.PostAsJsonAsync("/api/v1/case-levels/peers", new { name = "上级", upper = true, url = $"http://127.0.0.1:{port}" }));
            var link = new Link(made.GetProperty("peer").GetProperty("id").GetGuid(), made.GetProperty("secret").GetString()!);
            await Json(await door.PostAsJsonAsync("api/v1/case-levels/peers", new { name = "下级市", upper = false, url = lower.Address.ToString(), id = link.Id, secret = link.Secret }));
            await Json(await door.PutAsJsonAsync($"api/v1/case-levels/peers/{link.Id}/codes", new { text = "分类,*,=\n地点,*,=\n" }));
            var @ref = await Send(lower, link, "Report", "请协调", number, me);
            var rounds = Round(lower);
            await Wait.Until(async () => (await Has(@ref)).Have > 0);
            host.Kill();
            await host.WaitForExitAsync();
            silent.Stop();
            await rounds;
            (await Has(@ref)).ShouldSatisfyAllConditions(p => p.State.ShouldBe("Waiting"), p => p.Have.ShouldBeLessThan(photo.Length));

            host = await Serve(folder, port);
            for (var i = 0; i < 20 && (await Has(@ref)).State == "Waiting"; i++)
            {
                lower.Advance(TimeSpan.FromHours(1));
                await Round(lower);
            }

            (await Has(@ref)).ShouldBe(("Taken", photo.Length));
            var told = (await Json(await door.GetAsync("api/v1/case-levels/cases")))[0];
            var detail = await Json(await door.GetAsync($"api/v1/cases/{Text(told, "number")}"));
            var place = Events(detail, "level-in").Select(e => Text(e, "photo")).Where(p => p is not null).ShouldHaveSingleItem();
            (await door.GetByteArrayAsync($"api/v1/cases/{Text(told, "number")}/photos/{place}")).Length.ShouldBeGreaterThan(photo.Length / 2);
            (await Has(unheard)).ShouldBe(("Waiting", 0));
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<(string State, long Have)> Has(Guid of) =>
        (await lower.Services.GetRequiredService<StateStore>().Read($"SELECT state, have FROM level_photo WHERE ref = {of.ToString("D")}", r => (r.GetString(0), r.GetInt64(1)), default)).Single();

    private static async Task<Process> Serve(string folder, int port)
    {
        var host = Process.Start(new ProcessStartInfo("dotnet", [CrashTests.HostDll, "serve", "--data", folder, "--urls", $"http://127.0.0.1:{port}"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        host.OutputDataReceived += (_, _) => { };
        host.ErrorDataReceived += (_, _) => { };
        host.BeginOutputReadLine();
        host.BeginErrorReadLine();
        await Wait.Until(async () =>
        {
            host.HasExited.ShouldBeFalse("the host ended");
            try
            {
                using var http = CrashTests.Door(folder);
                return (await http.GetAsync("api/v1/cases?size=1")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return host;
    }
}
