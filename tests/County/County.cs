// In: nothing. Out: the real program on a free loopback port with a folder of its own, and clients that are signed in. Gone with the test.
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Host;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lizhou.Tests;

/// <summary>One small city. With <paramref name="demo"/> it has the simulated people; without, it waits to be set up.</summary>
public class County(bool demo) : IAsyncDisposable
{
    /// <summary>The password that stewards choose here.</summary>
    protected const string Chosen = "Changed-by-test-1";

    private readonly string folder = Directory.CreateTempSubdirectory("lizhou-county-").FullName;
    private readonly MovableClock clock = new();
    private WebApplication? app;

    public County()
        : this(demo: true)
    {
    }

    /// <summary>Whether a demo city grows its sample in the background, and lives its days after it: that keeps a core busy for a minute, so only whoever looks at the sample wants it.</summary>
    public bool Grows { get; init; }

    /// <summary>Addresses to listen on, whose ports the system chooses.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>Settings that differ from the usual ones.</summary>
    public Func<Settings, Settings> Change { get; init; } = usual => usual;

    public IServiceProvider Services => app!.Services;

    public Uri Address { get; private set; } = null!;

    /// <summary>The https address; null when there is none.</summary>
    public Uri? Sealed { get; private set; }

    public string Data => folder;

    public static async Task<County> Start(bool demo = true)
    {
        var county = new County(demo);
        await county.Open();
        return county;
    }

    /// <summary>Lets time pass, for leases, locks and sessions; nobody waits.</summary>
    public void Advance(TimeSpan span) => clock.Ahead += span;

    /// <summary>A client nobody has signed in with; keeps cookies, follows no redirects.</summary>
    public HttpClient Visitor() =>
        new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = Address };

    /// <summary>Through the socket in the data folder: the operator of this machine, an engineer.</summary>
    public HttpClient Door() =>
        new(new SocketsHttpHandler { ConnectCallback = (_, stop) => LocalDoor.Connect(LocalDoor.PathFor(folder), stop) }) { BaseAddress = new("http://lizhou.local/") };

    /// <summary>A simulated person with a role of <see cref="Roles"/>, signed in; for a steward, of the first unit (make one before).</summary>
    public async Task<HttpClient> As(string role)
    {
        if (role == Roles.Steward)
        {
            (await Visitor().GetAsync(new Uri("/demo", UriKind.Relative))).EnsureSuccessStatusCode();
        }

        var line = (await File.ReadAllLinesAsync(Path.Combine(folder, "keys", "demo-people.txt"))).Select(l => l.Split('\t')).First(l => l[3] == role);
        return await SignedIn(line[0], line[1]);
    }

    /// <summary>A new steward of a unit, with a password of their own and a label for every level, signed in.</summary>
    public async Task<HttpClient> AsStewardOf(Guid unit) => await SignedIn(await MakeSteward(unit), Chosen);

    /// <summary>Makes such a steward, whose password is <see cref="Chosen"/>: their login.</summary>
    protected async Task<string> MakeSteward(Guid unit)
    {
        var login = $"steward-{unit.ToString()[^8..]}-{Guid.NewGuid().ToString()[..4]}";
        var (account, first) = await Account(login, "测试专员", Roles.Steward, unit);
        using var newcomer = await SignedIn(login, first);
        (await newcomer.PostAsJsonAsync("/api/v1/password", new { old = first, @new = Chosen })).EnsureSuccessStatusCode();
        using var security = await As(Roles.SecurityAdministrator);
        (await security.PutAsJsonAsync($"/api/v1/accounts/{account}/label", new { level = 4 })).EnsureSuccessStatusCode();
        return login;
    }

    /// <summary>A new account of a newly listed person: the system administrator makes it, the audit administrator takes the second half of its first password.</summary>
    /// <param name="unit">Null: the first there is, or one made for it.</param>
    public async Task<(Guid Id, string Password)> Account(string login, string name, string role, Guid? unit = null)
    {
        using var keeper = await As(Roles.SystemAdministrator);
        unit ??= (await Json(await keeper.GetAsync(new Uri("/api/v1/units", UriKind.Relative)))).GetProperty("items").EnumerateArray().Select(u => (Guid?)u.GetProperty("id").GetGuid()).FirstOrDefault()
            ?? (await Json(await keeper.PostAsJsonAsync("/api/v1/units", new { name = "模拟测试局", code = "113307843077566033", kind = "Department" }))).GetProperty("id").GetGuid();
        var person = (await Json(await keeper.PostAsJsonAsync("/api/v1/people", new { name, unit }))).GetGuid();
        var made = await Json(await keeper.PostAsJsonAsync("/api/v1/accounts", new { login, person, roles = new[] { role } }));
        var id = made.GetProperty("account").GetProperty("id").GetGuid();
        return (id, made.GetProperty("password").GetString()! + await SecondHalf(id));
    }

    /// <summary>Of the first password of an account that one of the three administrators made.</summary>
    public async Task<string> SecondHalf(Guid account)
    {
        using var audit = await As(Roles.AuditAdministrator);
        return (await Json(await audit.PostAsync(new Uri($"/api/v1/accounts/{account}/second-half", UriKind.Relative), null))).GetString()!;
    }

    /// <summary>Labels every key, application and delivery under a grant.</summary>
    /// <param name="level">Up to which level they may take data, 1 to 4.</param>
    public async Task Label(string grant, int level)
    {
        using var security = await As(Roles.SecurityAdministrator);
        foreach (var program in (await Json(await security.GetAsync(new Uri($"/api/v1/processes/?q={grant}&size=200", UriKind.Relative)))).GetProperty("items").EnumerateArray())
        {
            (await security.PutAsJsonAsync($"/api/v1/processes/{program.GetProperty("kind").GetString()}/{program.GetProperty("id").GetString()}/label", new { level })).EnsureSuccessStatusCode();
        }
    }

    public async Task<HttpClient> SignedIn(string login, string password)
    {
        var client = Visitor();
        (await client.PostAsJsonAsync("/api/v1/session", new { login, password })).EnsureSuccessStatusCode();
        var who = await Json(await client.GetAsync(new Uri("/api/v1/session", UriKind.Relative)));
        client.DefaultRequestHeaders.Add("RequestVerificationToken", who.GetProperty("antiforgery").GetString());
        return client;
    }

    /// <summary>The body of a good answer; throws with the body of a bad one.</summary>
    public static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{(int)answer.StatusCode}: {text}");
    }

    /// <summary>The code of a refusal, e.g. <c>IDN-001</c>; the status alone where there is none.</summary>
    public static async Task<string> Refusal(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return text.StartsWith('{') && JsonDocument.Parse(text).RootElement.TryGetProperty("code", out var code) ? code.GetString()! : ((int)answer.StatusCode).ToString();
    }

    public async Task Open()
    {
        app = await City.Build(Change(new Settings(folder, Demo: demo)), Urls, quiet: true, CancellationToken.None, services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
            if (!Grows && services.First(s => s.ImplementationInstance is JobKind { Name: var name } && name.Contains("GrowSample", StringComparison.Ordinal)) is { } grow)
            {
                services.Remove(grow);
                services.AddSingleton((JobKind)grow.ImplementationInstance! with { Run = (_, _, _, _) => Task.CompletedTask });
            }
        });
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = new(addresses.First(a => a.StartsWith("http://127", StringComparison.Ordinal)));
        Sealed = addresses.FirstOrDefault(a => a.StartsWith("https://127", StringComparison.Ordinal)) is { } sealedAt ? new(sealedAt) : null;
    }

    /// <summary>Ends the program in an orderly way and keeps its folder: another may run on it.</summary>
    public async Task Close()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
            app = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Close();
        Directory.Delete(folder, recursive: true);
    }

    private sealed class MovableClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + Ahead;

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);
    }
}
