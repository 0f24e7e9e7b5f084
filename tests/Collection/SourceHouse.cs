// The collection room alone, on a real state database and a real web server, with the rooms around it played: a catalogue that knows
// one resource, and people who say in a header who they are. Gone when the test ends.
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lizhou.Collection.Sources;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Ledger;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lizhou.Collection.Tests;

internal sealed class SourceHouse : IAsyncDisposable
{
    public const string Resource = "330784-01-001/0001";
    public static readonly Guid Unit = Guid.Parse("00000000-0000-0000-0000-0000000000a1");
    public static readonly Guid OtherUnit = Guid.Parse("00000000-0000-0000-0000-0000000000b2");
    private readonly bool ownsData;
    private WebApplication app = null!;

    private SourceHouse(Settings settings, bool ownsData) => (Settings, this.ownsData) = (settings, ownsData);

    public Settings Settings { get; }

    public IServiceProvider Services => app.Services;

    public HttpClient Client { get; private set; } = null!;

    /// <param name="limits">The city's settings; loopback is open to sources unless they say otherwise.</param>
    /// <param name="data">An existing data folder, to start again on; null for a fresh one.</param>
    /// <param name="workers">Whether the background workers run; without them a test asks each to look.</param>
    public static async Task<SourceHouse> Open(SourceLimits? limits = null, string? data = null, TimeProvider? clock = null, bool workers = false)
    {
        var house = new SourceHouse(new Settings(data ?? Directory.CreateTempSubdirectory("lizhou-sources-").FullName), data is null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.UseKestrel();
        if (clock is not null)
        {
            builder.Services.AddSingleton(clock);
        }

        builder.Services.AddKernel(house.Settings);
        new LedgerModule().Services(builder.Services, house.Settings);
        new CollectionModule().Services(builder.Services, house.Settings);
        builder.Services.AddSingleton<ICatalog>(new OneResource());
        builder.Services.AddSingleton(limits ?? new SourceLimits { PrivateHosts = ["127.0.0.1", "::1"] });
        builder.Services.AddDataProtection();
        builder.Services.AddRouting();
        builder.Services.AddAuthentication(IApiTokens.Session)
            .AddScheme<AuthenticationSchemeOptions, ToldPerson>(IApiTokens.Session, null).AddScheme<AuthenticationSchemeOptions, ToldPerson>(IApiTokens.Scheme, null);
        builder.Services.AddAuthorization();
        if (!workers)
        {
            // The writer of pushes is part of answering them; the others wait to be asked.
            foreach (var worker in builder.Services.Where(s => s.ServiceType == typeof(IHostedService)).ToList())
            {
                builder.Services.Remove(worker);
            }

            builder.Services.AddHostedService(s => s.GetRequiredService<Connectors.Push.KeepPushes>());
        }

        house.app = builder.Build();
        var state = house.Services.GetRequiredService<StateStore>();
        foreach (var assembly in new[] { typeof(Module).Assembly, typeof(LedgerModule).Assembly, typeof(CollectionModule).Assembly })
        {
            await SchemaScripts.Apply(state, assembly);
        }

        house.app.UseAuthentication();
        house.app.UseAuthorization();
        house.app.MapSources();
        await house.app.StartAsync();
        house.Client = house.As("steward");
        return house;
    }

    public HttpClient As(string role, Guid? unit = null)
    {
        var address = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Add("X-Role", role);
        client.DefaultRequestHeaders.Add("X-Unit", (unit ?? Unit).ToString());
        return client;
    }

    /// <summary>Registers a source through the API.</summary>
    public async Task<SourceView> Register(string code, WaySettings settings, Func<SourceEntry, SourceEntry>? change = null)
    {
        var entry = new SourceEntry(code, $"模拟{code}", Resource, null, settings);
        var answer = await Client.PostAsJsonAsync("/api/v1/sources", change is null ? entry : change(entry), Json);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<SourceView>(Json))!;
    }

    public JsonSerializerOptions Json => Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;

    /// <summary>Runs a source now and returns its run as it ended.</summary>
    public async Task<SourceRun> Run(string code, CancellationToken stop = default)
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SourcesDb>();
        var source = db.Sources.Single(s => s.Code == code);
        await ActivatorUtilities.CreateInstance<RunSource>(scope.ServiceProvider).Run(
            new(source.Id, RunCause.Hand), new Kernel.Jobs.JobRun(Guid.Empty, (_, _, _) => Task.CompletedTask), stop);
        return db.Runs.Where(r => r.Source == source.Id).OrderByDescending(r => r.Id).First();
    }

    public async Task<Source> Source(string code)
    {
        await using var db = new SourcesDb(Services.GetRequiredService<StateStore>());
        return db.Sources.Single(s => s.Code == code);
    }

    public async Task<T> Scalar<T>(FormattableString sql)
    {
        await using var connection = await Services.GetRequiredService<StateStore>().Open();
        return (T)Convert.ChangeType(await connection.Scalar(null, sql), typeof(T))!;
    }

    /// <summary>The one file of a batch, as it was kept.</summary>
    public async Task<string> FileOf(Guid batch) => await File.ReadAllTextAsync(await PathOf(batch));

    public async Task<string> PathOf(Guid batch) =>
        Services.GetRequiredService<Batches.Originals>().PathOf(await Scalar<string>($"SELECT digest FROM batch_file WHERE batch = {batch.ToString()}"));

    /// <summary>Ends the program but leaves its data.</summary>
    public async Task Stop()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        if (ownsData)
        {
            Directory.Delete(Settings.Data, recursive: true);
        }
    }

    private sealed class OneResource : ICatalog
    {
        private static readonly ResourceCard Card = new(
            Guid.Parse("00000000-0000-0000-0000-00000000c001"), Resource, "模拟户籍人口", Unit, null, "sim_people", 1, ResourceState.Published, SharingKind.Conditional, UpdateCycle.Daily,
            [
                Item(1, "编号", "id", ItemType.Integer, key: true), Item(2, "姓名", "name", ItemType.Text), Item(3, "金额", "amount", ItemType.Number),
                Item(4, "更新时间", "changed_at", ItemType.Moment),
            ]);

        public Task<ResourceCard?> Published(string code, CancellationToken stop) => Task.FromResult(code == Resource ? Card : null);

        public Task<ResourceCard?> Published(Guid id, CancellationToken stop) => Task.FromResult(id == Card.Id ? Card : null);

        public Task<IReadOnlyList<ResourceCard>> Published(IReadOnlyCollection<Guid> ids, CancellationToken stop) => Task.FromResult<IReadOnlyList<ResourceCard>>(ids.Contains(Card.Id) ? [Card] : []);

        public Task<IReadOnlyList<ResourceCard>> Named(string name, CancellationToken stop) => Task.FromResult<IReadOnlyList<ResourceCard>>(name == Card.Name ? [Card] : []);

        public Task<ResourceCard?> ByTable(string table, CancellationToken stop) => Task.FromResult(table == Card.Table ? Card : null);

        public Task<IReadOnlyList<ResourceCard>> OfUnit(Guid? unit, int skip, int take, CancellationToken stop) =>
            Task.FromResult<IReadOnlyList<ResourceCard>>(skip == 0 && (unit is null || unit == Unit) ? [Card] : []);

        public Task<IReadOnlyList<ResourceCard>> All(CancellationToken stop) => OfUnit(null, 0, int.MaxValue, stop);

        public Task<long> CountPublished(Guid? unit, CancellationToken stop) => Task.FromResult(1L);

        private static ItemCard Item(int number, string name, string column, ItemType type, bool key = false) => new(
            Guid.Parse($"00000000-0000-0000-0000-0000000000{number:00}"), name, column, type, null, 38, type == ItemType.Number ? 10 : null, key, key, Level.L2,
            CheckCharacter.None, null, null, null);
    }

    private sealed class ToldPerson(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["X-Role"].ToString() is not { Length: > 0 } role)
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            var who = new ClaimsPrincipal(new ClaimsIdentity(
                [new(ClaimTypes.NameIdentifier, "00000000-0000-0000-0000-0000000000e1"), new(ClaimTypes.Name, role), new(ClaimTypes.Role, role), new(Actor.UnitClaim, Request.Headers["X-Unit"].ToString())],
                "told"));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(who, Scheme.Name)));
        }
    }
}
