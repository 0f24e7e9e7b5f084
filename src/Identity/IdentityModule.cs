using System.Data.Common;
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Identity.Applications;
using Lizhou.Identity.Certificates;
using Lizhou.Identity.Outside;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Jobs;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lizhou.Identity;

/// <summary>Who may come in: accounts, sessions, roles, tokens.</summary>
public sealed class IdentityModule : Module
{
    internal const string Keepers = Roles.SystemAdministrator + "," + Roles.SecurityAdministrator + "," + Roles.UnitAdministrator;
    internal const string Watchers = Roles.SystemAdministrator + "," + Roles.SecurityAdministrator + "," + Roles.AuditAdministrator;
    internal const string Readers = Keepers + "," + Roles.AuditAdministrator;

    private static readonly Text Home = new("工作台", "Workbench");
    private static readonly Text Group = new("系统管理", "Administration");

    public override IEnumerable<MenuEntry> Menu =>
    [
        new(Home, new("个人中心", "Profile"), "/profile", Place: 0, Also: "/change-password"),
        new(Group, new("账号管理", "Accounts"), "/accounts", Readers, 90),
        new(Group, new("账号激活", "Activation"), "/accounts/activation", Readers, 90),
        new(Group, new("在线会话", "Sessions"), "/sessions", Roles.SecurityAdministrator, 90),
        new(Group, new("登录记录", "Sign-ins"), "/sign-ins", Watchers, 90),
    ];

    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddSingleton(SessionLimits.Of(settings));
        services.AddSingleton<Sessions>();
        services.AddSingleton<FailedTokens>().AddSingleton<FailedVisits>();
        services.AddSingleton<ApiTokens>();
        services.AddSingleton<IApiTokens>(s => s.GetRequiredService<ApiTokens>());
        services.AddSingleton<AccountSeals>().AddSingleton<IAccountSeals>(s => s.GetRequiredService<AccountSeals>());
        services.AddScoped<IdentityDb>();
        services.AddScoped<SignIn>();
        services.AddScoped<SetUpCity>();
        services.AddScoped<DemoPeople>();
        services.AddScoped<Keeping>().AddScoped<CountActivation>().AddScoped<IWorkbenchCard, WorkbenchAccounts>().AddScoped<IUnitAccounts, UnitAccounts>().AddScoped<IPersonAccounts, PersonAccounts>();
        services.AddSingleton<IEvidenceNames, NameAccounts>();
        services.AddScoped<SaveAccount>();
        services.AddScoped<TakeSecondHalf>();
        services.AddScoped<DisableAccount>().AddScoped<EmptyAccount>();
        services.AddScoped<ChangePassword>();
        services.AddScoped<SignInHistory>();
        services.AddScoped<LabelAccount>().AddScoped<IProcessLabels, LabelProcess>();
        services.AddScoped<SecondFactor>();
        services.AddSingleton<CertificateTrust>().AddSingleton<ClientCertificates>().AddScoped<KeepCertificates>();
        services.AddScoped<ListSessions>();
        services.AddSingleton<Locks>();
        services.AddTokenServer(settings);
        services.AddOutsideDoor(settings);
        services.AddJob<DisableUnused.Day, DisableUnused>();
        services.Configure<RateLimiterOptions>(Throttle.Configure);
        services.AddLogging(log => log.AddFilter(typeof(SessionScheme).FullName, LogLevel.Warning)); // Being asked to sign in is no news.
        services.AddAuthentication(SessionScheme.Name)
            .AddScheme<AuthenticationSchemeOptions, SessionScheme>(SessionScheme.Name, null)
            .AddScheme<AuthenticationSchemeOptions, TokenScheme>(IApiTokens.Scheme, null);
    }

    public override void Routes(IEndpointRouteBuilder routes)
    {
        var halfway = new HalfwayInAttribute();
        var session = routes.MapGroup("/api/v1/session").WithTags("Identity").WithChecks();
        session.MapPost("/", SignIn.Handle).AllowAnonymous().RequireRateLimiting(Throttle.Door);
        session.MapPost("/code", EnterCode.Prove).RequireAuthorization().WithMetadata(halfway).RequireRateLimiting(Throttle.Door);
        session.MapPost("/certificate", KeepCertificates.HandleProve).RequireAuthorization().WithMetadata(halfway).RequireRateLimiting(Throttle.Door);
        session.MapGet("/", SignIn.Who).RequireAuthorization().WithMetadata(halfway);
        session.MapDelete("/", SignOut.Handle).RequireAuthorization().WithMetadata(halfway);
        routes.MapPost("/api/v1/setup", SetUpCity.Handle).AllowAnonymous().RequireRateLimiting(Throttle.SetUp).WithTags("Identity");
        routes.MapPost("/api/v1/password", ChangePassword.HandleOwn).RequireAuthorization().WithMetadata(halfway).WithTags("Identity");
        routes.MapPost(TokenServer.TokenPath, GiveToken.Handle).AllowAnonymous().RequireRateLimiting(Throttle.Door).WithTags("Identity").WithName("FetchToken");
        routes.MapGet(OutsideDoor.Start, OutsideDoor.Handle).AllowAnonymous().ExcludeFromDescription();
        session.MapGet("/outside", KeepLinks.HandleOwn).RequireAuthorization();
        routes.MapPost("/sign-out", SignOut.FromPage).RequireAuthorization().WithMetadata(halfway).ExcludeFromDescription();

        var accounts = routes.MapGroup("/api/v1/accounts").WithTags("Identity").WithChecks();
        accounts.MapGet("/", ListAccounts.Handle).RequireAuthorization(p => p.RequireRole(Readers.Split(',')));
        var activation = accounts.MapGroup("/activation").RequireAuthorization(p => p.RequireRole(Readers.Split(',')));
        activation.MapGet("/", CountActivation.Handle);
        activation.MapGet("/lines", CountActivation.HandleLines);
        activation.MapGet("/export", CountActivation.HandleExport);
        var keep = accounts.MapGroup("").RequireAuthorization(p => p.RequireRole(Keepers.Split(',')));
        keep.MapPost("/", SaveAccount.HandleAdd);
        keep.MapPut("/{id:guid}", SaveAccount.HandleChange);
        keep.MapPost("/{id:guid}/disable", DisableAccount.Disable);
        keep.MapPost("/{id:guid}/enable", DisableAccount.Enable);
        accounts.MapPost("/{id:guid}/second-half", TakeSecondHalf.Handle).RequireAuthorization(p => p.RequireRole(TakeSecondHalf.Takers.Split(',')));
        accounts.MapPut("/{id:guid}/label", LabelAccount.Handle).RequireAuthorization(p => p.RequireRole(Roles.SecurityAdministrator));
        accounts.MapDelete("/{id:guid}/outside/{subject}", KeepLinks.HandleUnmap).RequireAuthorization(p => p.RequireRole(Roles.SecurityAdministrator));
        accounts.MapPost("/{id:guid}/second-factor/reset", EnterCode.Reset).RequireAuthorization(p => p.RequireRole(Roles.SecurityAdministrator));
        var factor = routes.MapGroup("/api/v1/second-factor").WithTags("Identity").WithChecks().RequireAuthorization().WithMetadata(halfway);
        factor.MapPost("", EnterCode.Begin);
        factor.MapPost("/enrol", EnterCode.Enrol).RequireRateLimiting(Throttle.Door);
        var certificates = routes.MapGroup("/api/v1/second-factor/certificates").WithTags("Identity").RequireAuthorization().WithMetadata(halfway);
        certificates.MapGet("/", KeepCertificates.HandleList);
        certificates.MapPost("/", KeepCertificates.HandleAdd);
        certificates.MapDelete("/{id:guid}", KeepCertificates.HandleRemove);
        var sessions = routes.MapGroup("/api/v1/sessions").WithTags("Identity").RequireAuthorization();
        sessions.MapGet("/", ListSessions.All).RequireAuthorization(p => p.RequireRole(Roles.SecurityAdministrator));
        sessions.MapGet("/own", ListSessions.Own);
        sessions.MapDelete("/{id}", ListSessions.HandleEnd);
        keep.MapPost("/{id:guid}/reset", ChangePassword.HandleReset);
        routes.MapGet("/api/v1/sign-ins", SignInHistory.Handle).RequireAuthorization(p => p.RequireRole(Watchers.Split(','))).WithTags("Identity");
    }

    public override Task Restored(DbConnection state, Settings settings, CancellationToken stop) => AccountSeals.Restored(state, settings, stop);

    public override void Subscribe(Subscriptions on) => on.On<PersonChanged, LetGo>();

    public override async Task Start(IServiceProvider services, CancellationToken stop)
    {
        var seals = services.GetRequiredService<AccountSeals>();
        await seals.Begin(stop);
        foreach (var broken in await seals.Broken(stop))
        {
            services.GetRequiredService<ILogger<IdentityModule>>().LogError("An account was changed past the program: {Login} does not fit its seal and counts no more.", broken);
            await services.GetRequiredService<ILedger>().Append(Actor.System, new("account.broken", broken, Problems.BrokenAccount.Code), stop);
        }

        await using var scope = services.CreateAsyncScope();
        var clock = scope.ServiceProvider.GetRequiredService<TimeProvider>();
        await DisableUnused.Plan(scope.ServiceProvider.GetRequiredService<JobQueue>(), clock.Today(), clock.GetUtcNow(), stop);
        if (scope.ServiceProvider.GetRequiredService<Settings>().Demo)
        {
            await scope.ServiceProvider.GetRequiredService<DemoPeople>().Ensure(stop);
            return;
        }

        var setUp = scope.ServiceProvider.GetRequiredService<SetUpCity>();
        if (!scope.ServiceProvider.GetRequiredService<Settings>().Alone && !await setUp.HasAccounts(stop))
        {
            var code = await setUp.NewCode(stop);
            Console.WriteLine(new Text($"初始化码（30 分钟内有效，仅一次）：{code}  请在本机浏览器打开 /setup", $"Setup code (30 minutes, once): {code}  Open /setup in a browser on this machine."));
        }
    }
}
