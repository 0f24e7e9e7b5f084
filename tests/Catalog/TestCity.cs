// A small city for the catalogue: the real module, kernel and ledger over HTTP, a register of two units, and whoever the test signs in.
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Ledger;
using Lizhou.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lizhou.Catalog.Tests;

public class TestCity : IAsyncLifetime
{
    public static readonly Guid Health = Guid.Parse("019a0000-0000-7000-8000-000000000001");
    public static readonly Guid Housing = Guid.Parse("019a0000-0000-7000-8000-000000000002");
    public static readonly Guid HealthSystem = Guid.Parse("019a0000-0000-7000-8000-000000000011");

    private readonly string folder = Directory.CreateTempSubdirectory("lizhou-catalog").FullName;
    private WebApplication? app;

    /// <summary>A PostgreSQL connection string; null for SQLite.</summary>
    protected virtual string? State => null;

    public IServiceProvider Services => app!.Services;

    public FakeUses Uses { get; } = new();

    /// <summary>A client that acts with a role, for a unit.</summary>
    public HttpClient As(string role, Guid? unit = null)
    {
        var client = new HttpClient { BaseAddress = new Uri(app!.Urls.First()) };
        client.DefaultRequestHeaders.Add("X-Role", role);
        client.DefaultRequestHeaders.Add("X-Unit", unit?.ToString() ?? "");
        return client;
    }

    public HttpClient Engineer => As(Roles.Engineer);

    public HttpClient Steward => As(Roles.Steward, Health);

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var settings = new Settings(folder, State);
        builder.Services.AddKernel(settings);
        Module[] modules = [new LedgerModule(), new CatalogModule()];
        foreach (var module in modules)
        {
            module.Services(builder.Services, settings);
        }

        builder.Services.AddSingleton(new Subscriptions(builder.Services));
        builder.Services.AddSingleton<IUnits, TwoUnits>();
        builder.Services.AddSingleton<IResourceUse>(Uses);
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderSignIn>("test", null);
        builder.Services.AddAuthorization();
        app = builder.Build();
        var state = app.Services.GetRequiredService<StateStore>();
        await SchemaScripts.Apply(state, typeof(Module).Assembly);
        app.UseAuthentication();
        app.UseAuthorization();
        foreach (var module in modules)
        {
            await SchemaScripts.Apply(state, module.Assembly);
            module.Routes(app);
        }

        await app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>An entry that passes every check.</summary>
    public static ResourceEntry Entry(string name = "医疗机构登记信息", Guid? unit = null) => new()
    {
        Class = "303001",
        Name = name,
        Unit = unit ?? Health,
        Summary = "全市医疗机构的登记情况",
        Sharing = SharingKind.Unconditional,
        Ways = [SharingWay.Table],
        Cycle = UpdateCycle.Monthly,
        Items =
        [
            ItemCard.Of("统一社会信用代码", length: 18, key: true, level: Level.L1, check: CheckCharacter.CreditCode),
            ItemCard.Of("机构名称", length: 100, required: true, level: Level.L1, meaning: "登记的全称"),
            ItemCard.Of("床位数", ItemType.Integer, level: Level.L2),
        ],
    };

    /// <summary>Creates, submits, passes and publishes.</summary>
    public async Task<JsonElement> Publish(ResourceEntry entry)
    {
        var made = await Ok(await Engineer.PostAsJsonAsync("/api/v1/resources", entry));
        return await Promote(made.GetProperty("id").GetGuid());
    }

    public async Task<JsonElement> Promote(Guid id)
    {
        await Ok(await Engineer.PostAsJsonAsync($"/api/v1/resources/{id}/submit", new { }));
        await Ok(await Engineer.PostAsJsonAsync($"/api/v1/resources/{id}/review", new { pass = true }));
        return await Ok(await Engineer.PostAsJsonAsync($"/api/v1/resources/{id}/publish", new { opinion = "同意" }));
    }

    public static async Task<JsonElement> Ok(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(body);
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>The code of the refusal.</summary>
    public static async Task<string?> Refusal(HttpResponseMessage response)
    {
        response.IsSuccessStatusCode.ShouldBeFalse();
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString();
    }

    public sealed class FakeUses : IResourceUse
    {
        public HashSet<Guid> Used { get; } = [];

        public Task<IReadOnlyList<Text>> Uses(Guid resource, CancellationToken stop) =>
            Task.FromResult<IReadOnlyList<Text>>(Used.Contains(resource) ? [new("归集任务 甲", "collection task A")] : []);
    }

    private sealed class TwoUnits : IUnits
    {
        private static readonly UnitCard[] Units =
        [
            new(Health, "113307843077566033", "卫生健康局", null, true), new(Housing, "11330600MB1573660P", "住房和城乡建设局", null, true),
        ];

        public Task<UnitCard?> Find(Guid id, CancellationToken stop) => Task.FromResult(Units.FirstOrDefault(u => u.Id == id));

        public Task<UnitCard?> ByCode(string code, CancellationToken stop) => Task.FromResult(Units.FirstOrDefault(u => u.Code == code));

        public Task<UnitCard?> ByName(string name, CancellationToken stop) => Task.FromResult(Units.FirstOrDefault(u => u.Name == name));

        public Task<IReadOnlyList<UnitCard>> All(CancellationToken stop) => Task.FromResult<IReadOnlyList<UnitCard>>(Units);

        public Task<IReadOnlyList<SystemCard>> Systems(Guid? unit, CancellationToken stop) =>
            Task.FromResult<IReadOnlyList<SystemCard>>([new(HealthSystem, Health, "卫生综合管理系统", true)]);
    }

    private sealed class HeaderSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var role = Request.Headers["X-Role"].ToString();
            if (role.Length == 0)
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            var identity = new ClaimsIdentity(
                [
                    new(ClaimTypes.NameIdentifier, Guid.Empty.ToString()), new(ClaimTypes.Name, role), new(ClaimTypes.Role, role),
                    new(Actor.UnitClaim, Request.Headers["X-Unit"].ToString()),
                ],
                "test");
            return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), "test")));
        }
    }
}

/// <summary>The same over PostgreSQL; its tests are skipped where that is not installed.</summary>
public sealed class PostgresCity : TestCity
{
    protected override string? State { get; } = Servers.Postgres();
}
