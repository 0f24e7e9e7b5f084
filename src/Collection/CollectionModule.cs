using System.CommandLine;
using System.Data.Common;
using System.Text.Json.Serialization;
using Lizhou.Collection.Batches;
using Lizhou.Collection.Board;
using Lizhou.Collection.Landing;
using Lizhou.Collection.Rejects;
using Lizhou.Collection.Sources;
using Lizhou.Collection.WorkTime;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Collection;

/// <summary>归集: sources, batches, landing, rejects.</summary>
public sealed class CollectionModule : Module
{
    private static readonly Text Group = new("数据归集", "Collection");

    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddSingleton<Originals>();
        services.AddScoped<IIntake, CollectStream>();
        services.AddScoped<IWorkbenchCard, WorkbenchBatches>();
        services.AddScoped<IntakeBatch>().AddScoped<ShowBatch>().AddScoped<SteerBatch>().AddScoped<UndoBatch>();
        services.AddScoped<CommitBatch>().AddScoped<LandingTable>().AddScoped<SettleRejects>().AddScoped<ReadRejects>().AddScoped<DownloadRejects>().AddScoped<ReplayRejects>().AddScoped<IRejects, TellRejects>().AddScoped<IRowPlaces, TellPlaces>().AddScoped<ReadBoard>().AddScoped<FindOrphans>().AddScoped<ICollected, TellBoard>();
        services.AddJob<LoadBatch.Body, LoadBatch>();
        services.AddSources();
        // Days of a plan, by name as all that is chosen from a list; a number is read as before.
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter<DayOfWeek>()));
    }

    public override IAsyncEnumerable<KeptFile> Kept(DbConnection state, CancellationToken stop) => KeptFiles.All(state, stop);

    public override void Routes(IEndpointRouteBuilder routes)
    {
        var batches = routes.MapGroup("/api/v1/batches").RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer)).WithChecks().WithTags("batches");
        batches.MapPost("/", ReceiveFiles.Handle).DisableAntiforgery();
        batches.MapGet("/", FindBatches.Handle);
        routes.MapGet("/api/v1/batches.xlsx", ExportBatches.Handle).RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer)).WithTags("batches");
        batches.MapGet("/{batch}", ShowBatch.Handle);
        batches.MapPost("/{batch}/cancel", SteerBatch.HandleCancel);
        batches.MapPost("/{batch}/retry", SteerBatch.HandleRetry);
        batches.MapPost("/{batch}/undo", UndoBatch.Handle);
        batches.MapGet("/{batch}/rejects", ReadRejects.Handle);
        batches.MapGet("/{batch}/rejects.xlsx", DownloadRejects.Handle);
        batches.MapPost("/{batch}/replay", ReplayRejects.Handle).DisableAntiforgery();
        batches.MapPost("/{batch}/rejects/settle", SettleRejects.Handle);

        var board = routes.MapGroup("/api/v1/collection").RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer)).WithTags("collection board");
        board.MapGet("/board", ReadBoard.Handle);
        board.MapGet("/orphans", FindOrphans.Handle);
        routes.MapSources();
        CalendarRoutes.Map(routes);
    }

    public override void Subscribe(Subscriptions on)
    {
        on.On<ResourcePublished, FollowPublished>();
        on.On<ResourceRetired, FollowRetired>();
    }

    public override IEnumerable<MenuEntry> Menu =>
    [
        new(Group, new("归集看板", "Collection board"), "/collection/board", Roles.Data, Place: 20),
        new(Group, new("归集批次", "Batches"), "/batches", Roles.Data, Place: 20),
        .. SourceRooms.Menu(Group),
        new(new("组织机构", "Organisation"), new("工作日历", "Work calendar"), "/calendar", Roles.Data, Place: 80),
    ];

    public override Task Start(IServiceProvider services, CancellationToken stop)
    {
        services.GetRequiredService<Originals>().Sweep();
        return SourceRooms.Start(services, stop);
    }

    public override IEnumerable<Command> Commands(IHostCalls host) => BatchCommands.All(host);
}
