using System.CommandLine;
using Lizhou.Computing.Lineage;
using Lizhou.Computing.Lowering;
using Lizhou.Computing.Models;
using Lizhou.Computing.Runs;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Computing;
using Lizhou.Contracts.Quality;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Jobs;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Computing;

/// <summary>数据计算: models in dependency order, runs, lineage.</summary>
public sealed class ComputingModule : Module
{
    private static readonly Text Group = new("数据治理", "Governance");

    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddScoped<ModelShelf>().AddScoped<Survivors>().AddScoped<FindCircle>().AddScoped<CheckModel>().AddScoped<PublishEntry>().AddScoped<KeepLevels>().AddScoped<SaveModel>().AddScoped<IResourceUse, UsesOfModels>().AddScoped<IComputedRows, UsesOfModels>().AddRounds<FollowFolder>(TimeSpan.FromSeconds(3));
        services.AddScoped<RunShelf>().AddScoped<StartRun>().AddScoped<BuildModel>().AddScoped<ChooseSlices>().AddScoped<LeaveOut>().AddScoped<ModelTable>().AddScoped<UndoRun>();
        services.AddJob<RunModels.Body, RunModels>().AddRounds<StartDueModels>(TimeSpan.FromSeconds(5));
        services.AddSingleton<KeptGraph>().AddScoped<ShowImpact>().AddScoped<TraceRow>().AddScoped<TellEvents>().AddScoped<TakeEvent>();
        services.AddScoped<ListModels>().AddScoped<TestModel>();
        services.AddScoped<LoweringShelf>().AddScoped<ILoweredItems>(s => s.GetRequiredService<LoweringShelf>()).AddScoped<LowerLevel>();
    }

    public override void Routes(IEndpointRouteBuilder routes)
    {
        ModelRoutes.Map(routes);
        LoweringRoutes.Map(routes);
    }

    public override void Subscribe(Subscriptions on)
    {
        on.On<ResourcePublished, FollowPublished>(typeof(ResourcePublished));
        on.On<ResourcePublished, FollowTreatments>(typeof(ResourcePublished));
        on.On<TreatmentChanged, FollowTreatments>(typeof(ResourcePublished));
        on.On<BatchLanded, FollowInputs>(typeof(ModelBuilt), typeof(ModelFailed));
        on.On<BatchUndone, FollowInputs>(typeof(ModelBuilt), typeof(ModelFailed));
        on.On<AdmissionChanged, FollowInputs>(typeof(ModelBuilt), typeof(ModelFailed));
        on.On<SourceDecided, FollowInputs>(typeof(ModelBuilt), typeof(ModelFailed));
        on.On<ModelBuilt, FollowInputs>(typeof(ModelBuilt), typeof(ModelFailed));
    }

    public override Task Start(IServiceProvider services, CancellationToken stop)
    {
        // What an earlier run left half done.
        var left = Path.Combine(services.GetRequiredService<Settings>().Work, "models");
        if (Directory.Exists(left))
        {
            Directory.Delete(left, recursive: true);
        }

        return Task.CompletedTask;
    }

    public override IEnumerable<MenuEntry> Menu =>
    [
        new(Group, new("数据模型", "Models"), "/models", Roles.Engineer, Place: 27),
        new(Group, new("模型运行", "Runs"), "/model-runs", Roles.Engineer, Place: 27),
        new(Group, new("降级规则", "Lowered levels"), "/lowerings", Roles.Data, Place: 27),
        new(Group, new("血缘影响", "Lineage"), "/lineage", Roles.Engineer, Place: 27),
    ];

    public override IEnumerable<Command> Commands(IHostCalls host) => [ModelCommands.Make(host)];
}
