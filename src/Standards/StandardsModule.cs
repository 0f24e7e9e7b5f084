using System.CommandLine;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Standards.Elements;
using Lizhou.Standards.Lists;
using Lizhou.Standards.Rules;
using Lizhou.Standards.Shipped;
using Lizhou.Standards.Standardise;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Standards;

/// <summary>数据标准: data elements, code lists with validity and crosswalks, the ten unifications.</summary>
public sealed class StandardsModule : Module
{
    private static readonly Text Group = new("数据治理", "Governance");

    public override IEnumerable<MenuEntry> Menu =>
    [
        new(Group, new("代码集", "Code lists"), "/standards/lists", Roles.Data, 26),
        new(Group, new("数据元", "Data elements"), "/standards/elements", Roles.Data, 26, Also: "/standards/treatments"),
        new(Group, new("十个统一", "Ten unifications"), "/standards/rules", Roles.Data, 26),
    ];

    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddScoped<StandardsDb>();
        services.AddScoped<Register>().AddScoped<Crosswalk>();
        services.AddScoped<Treatments>().AddScoped<TreatItem>().AddScoped<ITreatments>(s => s.GetRequiredService<Treatments>());
        services.AddSingleton<ICodeLists, CodeBook>();
        services.AddSingleton<IElements, ElementBook>();
    }

    public override Task Start(IServiceProvider services, CancellationToken stop) => LoadShipped.Run(services, stop);

    public override void Routes(IEndpointRouteBuilder routes)
    {
        ListRoutes.Map(routes);
        ElementRoutes.Map(routes);
        RuleRoutes.Map(routes);
        TreatmentRoutes.Map(routes);
    }

    public override IEnumerable<Command> Commands(IHostCalls host) => [StandardsCommands.All(host)];
}
