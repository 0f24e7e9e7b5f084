// kill -9 at random moments of a load of reports and acts: what was acknowledged is there, once; what was sent again under its key made nothing new; and the rows say what the events say.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Tests.Support;
using Microsoft.Data.Sqlite;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class CrashTests
{
    private const int Kills = 4;

    internal static readonly string HostDll = Path.Combine(
        Repository.Root, "src", "Host", "bin", AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}") ? "Release" : "Debug", "net10.0", "Lizhou.Host.dll");

    [Fact]
    public async Task No_acknowledged_report_is_lost_and_none_is_doubled()
    {
        var folder = Directory.CreateTempSubdirectory("lzk-").FullName;
        var acknowledged = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var (moments, sent, done) = (new Random(20261129), 0, false);
        try
        {
            var host = await Start(folder);
            using var http = Door(folder);
            var load = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                while (!Volatile.Read(ref done))
                {
                    var key = $"k{Interlocked.Increment(ref sent)}";
                    while (!acknowledged.ContainsKey(key) && await Report(http, key) is var number)
                    {
                        if (number is not null)
                        {
                            acknowledged[key] = number;
                            await Act(http, number);
                        }
                    }
                }
            })).ToList();
            for (var kill = 0; kill < Kills; kill++)
            {
                var enough = acknowledged.Count + moments.Next(1, 40);
                await Wait.Until(() => acknowledged.Count >= enough);
                host.Kill();
                await host.WaitForExitAsync();
                host = await Start(folder);
            }

            var last = acknowledged.Count;
            await Wait.Until(() => acknowledged.Count > last);
            Volatile.Write(ref done, true);
            await Task.WhenAll(load);

            acknowledged.Count.ShouldBeGreaterThan(20);
            acknowledged.Values.Distinct().Count().ShouldBe(acknowledged.Count, "a number for each");
            var rebuilt = await Json(await http.PostAsync("api/v1/cases/rebuild", null));
            rebuilt.GetProperty("different").GetInt64().ShouldBe(0, rebuilt.ToString());
            rebuilt.GetProperty("cases").GetInt64().ShouldBe(acknowledged.Count, "each sent until it was acknowledged: so many cases, and no more");
            foreach (var (key, number) in acknowledged)
            {
                (await Report(http, key)).ShouldBe(number, "the same key, the same case");
            }

            host.Kill();
            await host.WaitForExitAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_photo_is_kept_with_its_act_or_not_at_all()
    {
        var folder = Directory.CreateTempSubdirectory("lzk-").FullName;
        var jpeg = await LevelPair.Noise(400, 21);
        var (moments, sent, taken, done) = (new Random(20261130), 0, 0, false);
        try
        {
            var host = await Start(folder);
            using var http = Door(folder);
            var load = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                while (!Volatile.Read(ref done))
                {
                    if (await Report(http, $"p{Interlocked.Increment(ref sent)}") is { } number && await Handled(http, number, jpeg))
                    {
                        Interlocked.Increment(ref taken);
                    }
                }
            })).ToList();
            for (var kill = 0; kill < Kills; kill++)
            {
                var enough = Volatile.Read(ref taken) + moments.Next(1, 25);
                await Wait.Until(() => Volatile.Read(ref taken) >= enough);
                host.Kill();
                await host.WaitForExitAsync();
                host = await Start(folder);
            }

            Volatile.Write(ref done, true);
            await Task.WhenAll(load);
            (await Json(await http.PostAsync("api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);
            host.Kill();
            await host.WaitForExitAsync();

            var (named, kept) = await Photos(folder);
            named.Count.ShouldBeGreaterThanOrEqualTo(2 * taken, "two with each act that was acknowledged");
            kept.ShouldBe(named, ignoreOrder: true);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Case, place and digest of each photo that an event names, and of each that is kept.</summary>
    private static async Task<(List<(string, long, string)> Named, List<(string, long, string)> Kept)> Photos(string folder)
    {
        await using var state = new SqliteConnection($"Data Source={Path.Combine(folder, "lizhou.db")}");
        await state.OpenAsync();
        async Task<List<T>> Read<T>(string sql, Func<SqliteDataReader, T> row)
        {
            await using var command = state.CreateCommand();
            command.CommandText = sql;
            await using var reader = await command.ExecuteReaderAsync();
            List<T> rows = [];
            while (await reader.ReadAsync())
            {
                rows.Add(row(reader));
            }

            return rows;
        }

        var events = await Read(
            "SELECT case_id, seq, detail FROM case_event WHERE act = 'self-handle'",
            r => (Case: r.GetString(0), Seq: r.GetInt64(1), Digests: JsonDocument.Parse(r.GetString(2)).RootElement.GetProperty("photos").EnumerateArray().Select(d => d.GetString()!).ToList()));
        return (
            [.. events.SelectMany(e => e.Digests.Select((digest, i) => (e.Case, Acting.ActPhotos.Place(e.Seq, i), digest)))],
            await Read("SELECT case_id, place, body FROM case_photo", r => (r.GetString(0), r.GetInt64(1), Convert.ToHexStringLower(SHA256.HashData(r.GetFieldValue<byte[]>(2))))));
    }

    /// <summary>Handled on the spot, with two photos; whether that was acknowledged.</summary>
    private static async Task<bool> Handled(HttpClient http, string number, byte[] jpeg)
    {
        using var form = new MultipartFormDataContent { { new StringContent("self-handle"), "act" }, { new StringContent("0102"), "class" }, { new StringContent("已清理"), "result" } };
        form.Add(new ByteArrayContent(jpeg), "photos", "a.jpg");
        form.Add(new ByteArrayContent(jpeg), "photos", "b.jpg");
        try
        {
            (await http.PostAsync($"api/v1/cases/{number}/acts", form)).EnsureSuccessStatusCode();
            return true;
        }
        catch (Exception lost) when (lost is HttpRequestException { StatusCode: null } or IOException or TaskCanceledException)
        {
            await Wait.Until(() => Up(http));
            return false;
        }
    }

    /// <summary>The number, or null where no answer came.</summary>
    private static async Task<string?> Report(HttpClient http, string key)
    {
        try
        {
            var answer = await http.PostAsJsonAsync("api/v1/cases", new { words = "路边有一堆垃圾", place = "330784001", @class = "0102", key });
            return (await Json(answer)).GetProperty("number").GetString();
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or TaskCanceledException)
        {
            await Wait.Until(() => Up(http));
            return null;
        }
    }

    private static async Task<bool> Up(HttpClient http)
    {
        try
        {
            return (await http.GetAsync("sign-in")).IsSuccessStatusCode;
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or TaskCanceledException)
        {
            return false;
        }
    }

    private static async Task Act(HttpClient http, string number)
    {
        try
        {
            (await http.PostAsJsonAsync($"api/v1/cases/{number}/acts", new { act = "accept", fields = new { @class = "0102" } })).EnsureSuccessStatusCode();
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or TaskCanceledException)
        {
            // Unknown: it is there whole or not at all, which the rebuild tells.
        }
    }

    internal static HttpClient Door(string folder) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, stop) =>
        {
            var door = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await door.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(folder, "lizhou.sock")), stop);
            return new NetworkStream(door, ownsSocket: true);
        },
    })
    { BaseAddress = new("http://lizhou.local/") };

    internal static async Task<Process> Start(string folder)
    {
        var host = Process.Start(new ProcessStartInfo("dotnet", [HostDll, "serve", "--data", folder, "--urls", ""]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        host.OutputDataReceived += (_, _) => { };
        host.ErrorDataReceived += (_, _) => { };
        host.BeginOutputReadLine();
        host.BeginErrorReadLine();
        await Wait.Until(async () =>
        {
            host.HasExited.ShouldBeFalse("the host ended");
            try
            {
                using var http = Door(folder);
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
