// In: a data folder and perhaps a PostgreSQL state. Out: the real program as a process, spoken to through its front door and its command line. Ended and deleted with the test.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Lizhou.Tests;
using OtpNet;

namespace Lizhou.Paths.Tests;

public sealed partial class Installation(string? state = null) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Lizhou.Host.dll");

    private readonly string folder = Directory.CreateTempSubdirectory("lzp-").FullName;
    private readonly ConcurrentQueue<string> log = new();
    private Process? host;
    private Uri? address;

    /// <summary>All it printed, its log too.</summary>
    public string Said => string.Join('\n', log);

    public string Data => Path.Combine(folder, "data");

    /// <summary>Starts the program and waits until it says that it is open.</summary>
    /// <returns>What it printed until then: of a new city, the set-up code.</returns>
    public async Task<string> Open()
    {
        address = new($"http://127.0.0.1:{FreePort()}");
        string[] words = [Program, "serve", "--data", Data, "--urls", address.ToString(), .. state is null ? Array.Empty<string>() : ["--state", state]];
        host = Process.Start(new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var open = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        host.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        host.OutputDataReceived += (_, line) =>
        {
            log.Enqueue(line.Data ?? "");
            if (line.Data is null || line.Data.StartsWith("丽州 Lizhou", StringComparison.Ordinal))
            {
                open.TrySetResult(Said);
            }
        };
        host.BeginErrorReadLine();
        host.BeginOutputReadLine();
        var said = await open.Task.WaitAsync(Patience);
        return said.Contains("丽州 Lizhou", StringComparison.Ordinal) ? said : throw new InvalidOperationException("The program ended: " + said);
    }

    /// <summary>Ctrl-C.</summary>
    public async Task Close()
    {
        if (host is { HasExited: false })
        {
            using var kill = Process.Start("kill", ["-INT", host.Id.ToString()]);
            using var patience = new CancellationTokenSource(Patience);
            await host.WaitForExitAsync(patience.Token);
        }
    }

    /// <summary>A client nobody has signed in with; keeps cookies, follows redirects as a browser does.</summary>
    public HttpClient Visitor() => new(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = address, Timeout = Patience };

    public async Task<HttpClient> SignedIn(string login, string password)
    {
        var client = Visitor();
        (await client.PostAsJsonAsync("/api/v1/session", new { login, password })).EnsureSuccessStatusCode();
        var who = await County.Json(await client.GetAsync(new Uri("/api/v1/session", UriKind.Relative)));
        client.DefaultRequestHeaders.Add("RequestVerificationToken", who.GetProperty("antiforgery").GetString());
        return client;
    }

    /// <summary>Signed in with the password, then with a new authenticator: an administrator's first day.</summary>
    public async Task<HttpClient> Enrolled(string login, string password)
    {
        var client = await SignedIn(login, password);
        var begun = await County.Json(await client.PostAsync(new Uri("/api/v1/second-factor", UriKind.Relative), null));
        var code = new Totp(Base32Encoding.ToBytes(begun.GetProperty("secret").GetString())).ComputeTotp();
        (await client.PostAsJsonAsync("/api/v1/second-factor/enrol", new { ticket = begun.GetProperty("ticket").GetString(), code })).EnsureSuccessStatusCode();
        var who = await County.Json(await client.GetAsync(new Uri("/api/v1/session", UriKind.Relative)));
        client.DefaultRequestHeaders.Remove("RequestVerificationToken");
        client.DefaultRequestHeaders.Add("RequestVerificationToken", who.GetProperty("antiforgery").GetString());
        return client;
    }

    /// <summary>A page that opens; what the program logged, when it does not.</summary>
    public async Task<string> Page(HttpClient client, string path)
    {
        var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {Said}");
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>What everybody here changes their first password to.</summary>
    public const string OwnPassword = "Quarry-lantern-9-own";

    /// <summary>A new account of a newly listed person, signed in as they do it: with the first password, whose halves two administrators hand over, a password of their own, and again.</summary>
    public async Task<HttpClient> NewAccount(HttpClient keeper, HttpClient other, string login, string name, Guid unit, string role)
    {
        var person = (await County.Json(await keeper.PostAsJsonAsync("/api/v1/people", new { name, unit }))).GetGuid();
        var made = await County.Json(await keeper.PostAsJsonAsync("/api/v1/accounts", new { login, person, roles = new[] { role } }));
        var half = new Uri($"/api/v1/accounts/{made.GetProperty("account").GetProperty("id").GetString()}/second-half", UriKind.Relative);
        var first = made.GetProperty("password").GetString()! + (await County.Json(await other.PostAsync(half, null))).GetString();
        using var newcomer = await SignedIn(login, first);
        (await newcomer.PostAsJsonAsync("/api/v1/password", new { old = first, @new = OwnPassword })).EnsureSuccessStatusCode();
        return await SignedIn(login, OwnPassword);
    }

    /// <summary>The batch once it has ended.</summary>
    public static Task<JsonElement> Ended(HttpClient client, string number) => Wait.For(
        async () => (await County.Json(await client.GetAsync(new Uri($"/api/v1/batches/{number}", UriKind.Relative)))).GetProperty("batch"),
        batch => batch.GetProperty("state").GetString() is not ("Received" or "Loading"));

    /// <summary>Runs a verb of <c>./lizhou</c> on this data folder.</summary>
    public async Task<JsonElement> Command(params string[] words)
    {
        var (code, output, error) = await Try(words);
        code.ShouldBe(0, error + output);
        return JsonDocument.Parse(output).RootElement;
    }

    public async Task<(int Code, string Out, string Error)> Try(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. words, "--json", "--data", Data]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["LC_ALL"] = "C.UTF-8"; // Chinese, wherever the test runs.
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Results of an act upon a subject, as the ledger keeps them.</summary>
    public async Task<List<string>> Evidence(string act, string subject)
    {
        var found = new List<string>();
        using var store = new StateStore(state ?? Path.Combine(Data, "lizhou.db"));
        await using var connection = await store.Open(default);
        await foreach (var result in connection.Rows(null, $"SELECT result FROM ledger_entry WHERE act = {act} AND subject = {subject}", r => r.GetString(0), default))
        {
            found.Add(result);
        }

        return found;
    }

    /// <summary>The field that a form of the page must bring back.</summary>
    public static string Token(string page) => TokenField().Matches(page)[^1].Groups["token"].Value;

    public async ValueTask DisposeAsync()
    {
        if (host is { HasExited: false })
        {
            host.Kill();
            await host.WaitForExitAsync();
        }

        host?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex TokenField();
}
