// The real host as a process on a data folder of its own, spoken to through its local door (an engineer), and killed without notice when a test wants that.
using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Lizhou.Tests.Support;

namespace Lizhou.Collection.Tests;

public sealed class RunningCity : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private Process? host;
    private int entries;

    /// <summary>The data folder: a fresh one that goes with the city.</summary>
    public string Data { get; init; } = Directory.CreateTempSubdirectory("lzc-").FullName;

    /// <summary>Settings the host is started with, as environment variables.</summary>
    public Dictionary<string, string> Environment { get; init; } = [];

    public HttpClient Http { get; private set; } = null!;

    /// <summary>A department that resources belong to.</summary>
    public Guid Unit { get; private set; }

    public static string HostDll { get; } = Path.Combine(
        Repository.Root, "src", "Host", "bin", AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}") ? "Release" : "Debug", "net10.0", "Lizhou.Host.dll");

    public async ValueTask InitializeAsync()
    {
        await Start();
        var made = await Json(await Http.PostAsJsonAsync("api/v1/units", new { name = "卫生健康局", code = "113307843077566033", kind = "Department" }));
        Unit = made.GetProperty("id").GetGuid();
    }

    public async Task Start()
    {
        var start = new ProcessStartInfo("dotnet", [HostDll, "serve", "--data", Data, "--urls", ""]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        host = Process.Start(start)!;
        host.OutputDataReceived += (_, _) => { };
        host.ErrorDataReceived += (_, _) => { };
        host.BeginOutputReadLine();
        host.BeginErrorReadLine();
        var socket = Path.Combine(Data, "lizhou.sock");
        Http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                var door = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await door.ConnectAsync(new UnixDomainSocketEndPoint(socket), stop);
                return new NetworkStream(door, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://lizhou.local/"), Timeout = Patience };
        await Wait.Until(async () =>
        {
            host.HasExited.ShouldBeFalse("the host ended");
            try
            {
                return (await Http.GetAsync("api/v1/batches?size=1")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    /// <summary>The most memory the host has held, bytes.</summary>
    /// <param name="fresh">Whether it is counted from now on.</param>
    public long Memory(bool fresh = false)
    {
        if (fresh)
        {
            File.WriteAllText($"/proc/{host!.Id}/clear_refs", "5");
        }

        return PeakOf(host!.Id);
    }

    /// <summary>The most memory a process has held, bytes; 0 when it has ended.</summary>
    public static long PeakOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture) << 10;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        host!.Kill();
        await host.WaitForExitAsync();
        Http.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        Directory.Delete(Data, recursive: true);
    }

    /// <summary>A published resource with these items.</summary>
    /// <returns>Its code.</returns>
    public Task<string> Publish(params object[] items) => Publish($"测试资源{Interlocked.Increment(ref entries)}", items);

    public async Task<string> Publish(string name, params object[] items)
    {
        var made = await Json(await Http.PostAsJsonAsync("api/v1/resources", new
        {
            @class = "303001", name, unit = Unit, summary = "测试", sharing = "Unconditional", ways = new[] { "Table" }, cycle = "Daily", items,
        }));
        return await Promote(made.GetProperty("id").GetGuid());
    }

    public async Task<string> Promote(Guid id)
    {
        await Json(await Http.PostAsJsonAsync($"api/v1/resources/{id}/submit", new { }));
        await Json(await Http.PostAsJsonAsync($"api/v1/resources/{id}/review", new { pass = true }));
        return (await Json(await Http.PostAsJsonAsync($"api/v1/resources/{id}/publish", new { opinion = "同意" }))).GetProperty("code").GetString()!;
    }

    public static object Item(
        string name, string type = "Text", bool key = false, bool required = false, int? length = 200, string check = "None", string level = "L1", int? precision = null, int? scale = null) =>
        new { name, type, key, required, length = type is "Text" or "Memo" ? length : null, check, level, precision, scale };

    /// <summary>Sends files and waits for the batch to end.</summary>
    public async Task<JsonElement> Collect(string resource, IEnumerable<(string Name, byte[] Bytes)> files, params (string Name, string Value)[] fields) =>
        await Ended(await Json(await Send(resource, files, fields)));

    public Task<JsonElement> Collect(string resource, string csv, params (string Name, string Value)[] fields) =>
        Collect(resource, [("数据.csv", System.Text.Encoding.UTF8.GetBytes(csv))], fields);

    public async Task<HttpResponseMessage> Send(string resource, IEnumerable<(string Name, byte[] Bytes)> files, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new StringContent(resource), "resource" } };
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        foreach (var (name, bytes) in files)
        {
            form.Add(new ByteArrayContent(bytes), "files", name);
        }

        return await Http.PostAsync("api/v1/batches", form);
    }

    /// <summary>Sends mended rows of a batch.</summary>
    public Task<HttpResponseMessage> Replay(string number, string csv) => Replay(number, System.Text.Encoding.UTF8.GetBytes(csv), "mended.csv");

    public async Task<HttpResponseMessage> Replay(string number, byte[] file, string name)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "file", name } };
        return await Http.PostAsync($"api/v1/batches/{number}/replay", form);
    }

    public async Task Undo(string number) => await Json(await Http.PostAsJsonAsync($"api/v1/batches/{number}/undo", new { confirm = number, reason = "测试" }));

    /// <summary>Rejected rows that are open, mended, withdrawn, explained.</summary>
    public async Task<(long Open, long Mended, long Withdrawn, long Explained)> Rejects(string number)
    {
        var rejects = (await Json(await Http.GetAsync($"api/v1/batches/{number}"))).GetProperty("batch").GetProperty("rejects");
        long Of(string state) => rejects.GetProperty(state).GetInt64();
        return (Of("open"), Of("mended"), Of("withdrawn"), Of("explained"));
    }

    /// <summary>The batch once it has ended.</summary>
    public async Task<JsonElement> Ended(JsonElement batch)
    {
        var now = batch;
        await Wait.Until(async () =>
        {
            now = (await Json(await Http.GetAsync($"api/v1/batches/{batch.GetProperty("number")}"))).GetProperty("batch");
            return now.GetProperty("state").GetString() is not ("Received" or "Loading");
        });
        return now;
    }

    /// <summary>Runs a command of <c>./lizhou</c> on this data folder, in a Chinese terminal.</summary>
    public Task<(int Code, string Out, string Error)> Command(params string[] words) => CommandIn("zh_CN.UTF-8", words);

    public async Task<(int Code, string Out, string Error)> CommandIn(string locale, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [HostDll, .. words, "--data", Data]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["LC_ALL"] = locale;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    public static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(body);
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>The code of a refusal.</summary>
    public static async Task<string?> Refusal(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeFalse(body);
        return JsonDocument.Parse(body).RootElement.GetProperty("code").GetString();
    }

    /// <summary>read, accepted, rejected, duplicate, filtered.</summary>
    public static (long, long, long, long, long) Counts(JsonElement batch)
    {
        var counts = batch.GetProperty("counts");
        long Of(string name) => counts.GetProperty(name).GetInt64();
        Of("read").ShouldBe(Of("accepted") + Of("rejected") + Of("duplicate") + Of("filtered"));
        return (Of("read"), Of("accepted"), Of("rejected"), Of("duplicate"), Of("filtered"));
    }
}
