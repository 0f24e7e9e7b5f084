using System.CommandLine;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Centre;
using Lizhou.Cases.Assessing;
using Lizhou.Cases.Classes;
using Lizhou.Cases.Consulting;
using Lizhou.Cases.Dispatching;
using Lizhou.Cases.Dispatching.WhatIf;
using Lizhou.Cases.Finding;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Importing;
using Lizhou.Cases.Intake;
using Lizhou.Cases.Intake.Citizen;
using Lizhou.Cases.Intake.Open311;
using Lizhou.Cases.Intake.Systems;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Levels;
using Lizhou.Cases.Measuring;
using Lizhou.Cases.Nodes;
using Lizhou.Cases.Recommending;
using Lizhou.Contracts.Cases;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Cases;

/// <summary>城市事件: the ledger of cases, their flow, the three loops, who is on duty.</summary>
public sealed class CasesModule : Module
{
    private static readonly Text Group = new("事件中心", "Events");

    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddScoped(s => new CasesDb(s.GetRequiredService<StateStore>()));
        services.AddSingleton<DeskBook>().AddSingleton<PersonWords>().AddSingleton<CaseWriter>().AddHostedService(s => s.GetRequiredService<CaseWriter>());
        services.AddScoped<ReportCase>().AddScoped<TakeAct>().AddScoped<ICaseDoor, CaseDoor>().AddScoped<FindCases>().AddScoped<CountPlaces>().AddScoped<DrawMap>().AddScoped<ShowCase>().AddScoped<RebuildCases>().AddSingleton<ImportTurn>().AddScoped<ImportLog>().AddScoped<MeasureCases>();
        services.AddScoped<PublishFlow>().AddScoped<AdoptShipped>().AddScoped<SaveClass>().AddScoped<SaveDuty>().AddScoped<FindGaps>().AddScoped<IWorkbenchCard, WorkbenchCases>();
        services.AddScoped<ChannelKeys>().AddScoped<PostRequest>().AddScoped<FindRequests>().AddScoped<Updates>().AddScoped<TellProgress>().AddScoped<RateCase>().AddSingleton<ReportTurns>();
        services.AddSingleton<CaseNews>().AddScoped<FollowCases>().AddScoped<TakeReport>().AddScoped<FindAlike>().AddScoped<ShowProcess>();
        services.AddScoped<AssessCases>().AddScoped<AppealCount>().AddScoped<PublishScheme>();
        services.AddScoped<PublishTable>().AddScoped<EditDraft>().AddScoped<FindDutyGaps>().AddScoped<TryTable>();
        services.AddSingleton<Recommend>().AddScoped<SettledCases>().AddScoped<StartTraining>().AddScoped<MeasureInForce>().AddJob<TrainRecommender.Body, TrainRecommender>();
        services.AddRounds<TellOverdue>(TimeSpan.FromSeconds(5)).AddRounds<RaiseStanding>(TimeSpan.FromSeconds(5)).AddRounds<ReadOldTexts>(TimeSpan.FromMinutes(1));
        services.AddScoped<TakeConsult>().AddScoped<ShowConsult>().AddRounds<TellAwaited>(TimeSpan.FromSeconds(5));
        services.AddScoped<Peers>().AddScoped<SendForm>().AddScoped<TakeForm>().AddScoped<TakePhoto>().AddScoped<LevelCases>().AddScoped<FileCase>().AddScoped<SaveCrosswalk>().AddScoped<ReadLevels>().AddScoped<LevelDoor>().AddSingleton<LevelGate>();
        services.AddRounds<TellSender>(TimeSpan.FromSeconds(5)).AddRounds<SendForms>(TimeSpan.FromSeconds(5)).AddRounds<SendPhotos>(TimeSpan.FromSeconds(5));
    }

    public override Task Start(IServiceProvider services, CancellationToken stop) => Ship.Run(services.GetRequiredService<StateStore>(), services.GetRequiredService<TimeProvider>(), stop);

    public override IEnumerable<MenuEntry> Menu =>
    [
        new(Group, new("事件中心", "Event centre"), "/cases", Roles.Data, 40),
        new(Group, new("流程画像", "Process picture"), "/cases/process", Roles.Data, 40),
        new(Group, new("事件登记", "Register a case"), "/cases/new", Roles.Data, 40),
        new(Group, new("节点与值班", "Nodes and duty"), "/cases/duty", Roles.Data, 40),
        new(Group, new("事件分类", "Case classes"), "/cases/classes", Roles.Data, 40),
        new(Group, new("接报渠道", "Channels"), "/cases/channels", Roles.Data, 40),
        new(Group, new("事件流程", "Case flow"), "/cases/flow", Roles.Data, 40),
        new(Group, new("综合评价", "Assessment"), "/cases/assessment", Roles.Data, 40),
        new(Group, new("考核方案", "Assessment schemes"), "/cases/assessment/schemes", Roles.Data, 40),
        new(Group, new("考核申诉", "Appeals"), "/cases/appeals", Roles.Data, 40),
        new(Group, new("派单目录", "Dispatch table"), "/cases/dispatch", Roles.Data, 40),
        new(Group, new("派单推演", "Dispatch what-if"), "/cases/dispatch/what-if", Roles.Engineer, 40),
        new(Group, new("智能推荐", "Recommendation"), "/cases/recommendation", Roles.Data, 40),
        new(Group, new("省市县联动", "Upper and lower levels"), "/cases/levels", Roles.Engineer, 40),
    ];

    public override void Routes(IEndpointRouteBuilder routes)
    {
        CaseRoutes.Map(routes);
        ReceiveLog.Map(routes);
        CentreRoutes.Map(routes);
        ReportRoutes.Map(routes);
        AssessRoutes.Map(routes);
        ConsultRoutes.Map(routes);
        DispatchRoutes.Map(routes);
        WhatIfRoutes.Map(routes);
        LevelRoutes.Map(routes);
        RecommendRoutes.Map(routes);
        ReportWorker.Map(routes);
        PlaceAt.Map(routes);
    }

    public override IEnumerable<Command> Commands(IHostCalls host) => [CaseCommands.All(host)];
}
