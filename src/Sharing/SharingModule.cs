using System.Data.Common;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Computing;
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Jobs;
using Lizhou.Sharing.Applications;
using Lizhou.Sharing.Data;
using Lizhou.Sharing.Deliveries;
using Lizhou.Sharing.Deliveries.Files;
using Lizhou.Sharing.Deliveries.Hooks;
using Lizhou.Sharing.Deliveries.Tables;
using Lizhou.Sharing.Grants;
using Lizhou.Sharing.Processes;
using Lizhou.Sharing.Requests;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Sharing;

/// <summary>共享交换: requests, grants, delivery.</summary>
public sealed class SharingModule : Module
{
    private static readonly Text Group = new("共享交换", "Sharing");

    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddScoped(s => new SharingDb(s.GetRequiredService<StateStore>(), s.GetRequiredService<SharedSeals>()));
        services.AddScoped<MakeRequests>().AddScoped<AskedBefore>().AddScoped<TakeStep>().AddScoped<SetLimit>().AddScoped<FindRequests>().AddScoped<Basket>().AddScoped<IStandings, Standings>();
        services.AddScoped<GiveGrant>().AddScoped<HoldToGranted>().AddScoped<FindGrants>().AddScoped<EndGrant>().AddScoped<RenewGrant>().AddScoped<GrantKeys>().AddSingleton<IGrantNumbers, NumberGrants>().AddSingleton<IEvidenceNames, NumberGrants>().AddScoped<SetQuota>().AddScoped<CountCost>().AddScoped<ReviewTime>();
        services.AddSingleton<SharedSeals>().AddSingleton<CheckShared>().AddSingleton<ISealedRows>(s => s.GetRequiredService<CheckShared>());
        services.AddSingleton<TurnAway>().AddScoped<KeepApplications>().AddScoped<IScopes, GrantScopes>().AddScoped<LabelProcesses>();
        services.AddScoped<MakeDelivery>().AddScoped<SteerDelivery>().AddScoped<FindDeliveries>().AddScoped<IDeliver, MakeFile>().AddScoped<IDeliver, SendHook>().AddScoped<IDeliver, PushTable>().AddScoped<FetchFile>().AddScoped<CountExchange>().AddSingleton<FileShelf>().AddSingleton<ClearKeys>();
        services.AddSingleton<Secrets>().AddSingleton(s => s.GetRequiredService<IConfiguration>().GetSection("Sharing").Get<SharingLimits>() ?? new SharingLimits());
        services.AddScoped<ReadChanged>().AddJob<NoticeCorrections.Body, NoticeCorrections>();
        services.AddJob<RunDelivery.Body, RunDelivery>().AddRounds<StartDueDeliveries>(TimeSpan.FromSeconds(5)).AddRounds<SweepFiles>(TimeSpan.FromHours(1)).AddRounds<NoticeExpiry>(TimeSpan.FromHours(1)).AddRounds<Quota>(TimeSpan.FromSeconds(1));
        services.AddScoped<IResourceUse, UsesOfResource>().AddScoped<IWorkbenchCard, WorkbenchSharing>().AddScoped<ReadGranted>().AddScoped<XRoadCall>();
    }

    public override void Subscribe(Subscriptions on)
    {
        on.On<BatchLanded, FollowLanded>();
        on.On<BatchLanded, NoticeCorrections>();
        on.On<BatchUndone, FollowUndone>();
        on.On<BatchUndone, NoticeCorrections>();
        on.On<ModelBuilt, FollowLanded>();
        on.On<ModelBuilt, NoticeCorrections>();
    }

    public override async Task Start(IServiceProvider services, CancellationToken stop)
    {
        // What an earlier run left half done.
        if (Path.Combine(services.GetRequiredService<Settings>().Work, "deliveries") is var left && Directory.Exists(left))
        {
            Directory.Delete(left, recursive: true);
        }

        await services.GetRequiredService<ClearKeys>().Run(stop);
        await services.GetRequiredService<CheckShared>().Begin(stop);
        foreach (var broken in await services.GetRequiredService<CheckShared>().Broken(stop))
        {
            await services.GetRequiredService<ILedger>().Append(Actor.System, new("policy.broken", broken, Problems.BrokenGrant.Code), stop);
        }

        await services.GetRequiredService<Quota>().CatchUp(stop);
    }

    public override Task Restored(DbConnection state, Settings settings, CancellationToken stop) => CheckShared.Restored(state, settings, stop);

    public override IEnumerable<MenuEntry> Menu =>
    [
        new(Group, new("共享申请", "Requests"), "/requests", Roles.Data, 30),
        new(Group, new("授权与密钥", "Grants and keys"), "/grants", Roles.Data, 30),
        new(Group, new("应用", "Applications"), "/applications", Roles.Steward, 30),
        new(Group, new("交付监控", "Deliveries"), "/deliveries", Roles.Data, 30),
        new(Group, new("交换统计", "Exchange figures"), "/exchange", Roles.Data + "," + Roles.AuditAdministrator, 30),
        new(new("系统管理", "Administration"), new("程序安全标记", "Labels of programs"), "/processes", Roles.SecurityAdministrator, 90),
    ];

    public override void Routes(IEndpointRouteBuilder routes) => SharingRoutes.Map(routes);
}
