// The table of contents of sources and connectors: their services and routes.
using Lizhou.Collection.Connectors;
using Lizhou.Collection.Connectors.Databases;
using Lizhou.Collection.Connectors.Folders;
using Lizhou.Collection.Connectors.Push;
using Lizhou.Collection.Connectors.Web;
using Lizhou.Collection.Sources.Upload;
using Lizhou.Collection.WorkTime;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Identity;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lizhou.Collection.Sources;

internal static class SourceRooms
{
    public static IEnumerable<MenuEntry> Menu(Text group) =>
    [
        new(group, new("上传数据", "Upload data"), "/upload", Roles.Data, Place: 20),
        new(group, new("数据源", "Sources"), "/sources", Roles.Data, Place: 20),
        new(group, new("采集日历", "Calendar"), "/sources/calendar", Roles.Data, Place: 20),
    ];

    public static void AddSources(this IServiceCollection services)
    {
        services.AddSingleton(s => s.GetRequiredService<IConfiguration>().GetSection("Sources").Get<SourceLimits>()?.Checked() ?? new SourceLimits());
        services.AddScoped<IWorkCalendar, CityCalendar>().AddSingleton<IHostGuard>(s => s.GetRequiredService<HostGuard>());
        services.AddSingleton<Secrets>().AddSingleton<HostGuard>().AddSingleton<SourceFiles>().AddSingleton<PushFolder>().AddSingleton<Uploads>();
        services.AddScoped(s => new SourcesDb(s.GetRequiredService<StateStore>(), s.GetRequiredService<SourceLimits>()));
        services.AddScoped<SaveWorkPlan>().AddScoped<SaveSpecialDay>();
        services.AddScoped<FindSources>().AddScoped<RegisterSource>().AddScoped<SteerSource>().AddScoped<DeliverFile>().AddScoped<Arrivals>().AddScoped<SendUpload>().AddScoped<SourceNames>().AddScoped<SourceTokens>();
        services.AddScoped<IResourceUse, UsesOfResource>();
        services.AddScoped<PullTable>().AddScoped<IPull>(s => s.GetRequiredService<PullTable>()).AddScoped<IPull, PullPages>();
        services.AddJob<RunSource.Body, RunSource>();
        services.AddRunning<KeepPushes>().AddRunning<TakeInbox>();
        services.AddRounds<StartDueSources>(TimeSpan.FromSeconds(5)).AddRounds<GroupPushes>(TimeSpan.FromSeconds(1)).AddRounds<SweepPushes>(TimeSpan.FromHours(1));
    }

    public static void MapSources(this IEndpointRouteBuilder routes)
    {
        var sources = Group(routes, "/api/v1/sources", "sources");
        sources.MapGet("/", FindSources.Handle);
        sources.MapPost("/", RegisterSource.Handle);
        sources.MapGet("/{source}", FindSources.HandleOne);
        sources.MapPut("/{source}", RegisterSource.HandleChange);
        sources.MapPost("/{source}/pause", SteerSource.HandlePause);
        sources.MapPost("/{source}/resume", SteerSource.HandleResume);
        sources.MapPost("/{source}/run", SteerSource.HandleRun);

        var push = Group(routes, "/api/v1/push", "push", byToken: true);
        push.MapPost("/{source}", ReceivePush.Handle).DisableAntiforgery();
        push.MapGet("/{source}/{receipt:guid}", ShowPush.Handle);

        var uploads = Group(routes, "/api/v1/uploads", "uploads", byToken: true);
        uploads.MapPost("/", ResumeUpload.HandleCreate);
        uploads.MapMethods("/{upload:guid}", ["HEAD"], ResumeUpload.HandleHead);
        uploads.MapPatch("/{upload:guid}", ResumeUpload.HandleAppend).DisableAntiforgery();
        uploads.MapPost("/{upload:guid}/complete", ResumeUpload.HandleComplete);
        routes.MapPost("/upload/receive", ReceiveUpload.Handle).DisableAntiforgery().WithMetadata(new ChecksOwnForm())
            .RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer)).ExcludeFromDescription();
        // Signing in again comes back here by a link when the session ended while the form was open.
        routes.MapGet("/upload/receive", () => TypedResults.LocalRedirect("/upload"))
            .RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer)).ExcludeFromDescription();
    }

    public static Task Start(IServiceProvider services, CancellationToken stop)
    {
        services.GetRequiredService<SourceLimits>(); // a wrong setting is told now
        return services.GetRequiredService<Uploads>().Sweep(stop);
    }

    /// <param name="byToken">Whether programs may come with an API token instead of a session.</param>
    private static RouteGroupBuilder Group(IEndpointRouteBuilder routes, string path, string tag, bool byToken = false) =>
        routes.MapGroup(path)
            .RequireAuthorization(p => (byToken ? p.AddAuthenticationSchemes(IApiTokens.Scheme, IApiTokens.Session) : p).RequireRole(Roles.Steward, Roles.Engineer))
            .WithChecks().WithTags(tag);

    /// <summary>A worker that is started with the host and can also be asked to look at once.</summary>
    private static IServiceCollection AddRunning<T>(this IServiceCollection services)
        where T : class, IHostedService =>
        services.AddSingleton<T>().AddHostedService(s => s.GetRequiredService<T>());
}
