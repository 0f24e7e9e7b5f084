using System.CommandLine;
using Lizhou.Contracts.Organisation;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Policy.Disclosure;
using Lizhou.Policy.Rules;
using Lizhou.Policy.UserSql;
using Lizhou.Policy.Views;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Policy;

/// <summary>May this actor see this item for this purpose: one decision, at every exit.</summary>
public sealed class PolicyModule : Module
{
    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddSingleton<PolicyKeys>().AddSingleton<RuleBook>().AddSingleton<IGrantBook, GrantBook>().AddSingleton<KeptAnswers>();
        services.AddScoped<OpenView>().AddScoped<WriteRows>().AddScoped<IRowGate, RowGate>().AddScoped<IChangeGate, ChangeGate>();
        services.AddSingleton<SqlRunning>().AddSingleton<QueryLog>().AddScoped<TellQuery>().AddScoped<SqlDesk>().AddScoped<ReadResult>();
        services.AddSingleton<PersonKey>().AddSingleton<PeopleTold>().AddRounds<MergePeople>(TimeSpan.FromMinutes(1));
        services.AddScoped<IDisclosures, FindDisclosures>().AddScoped<WithholdDisclosures>();
        services.AddSingleton<StartQuery>().AddScoped<TryRules>().AddScoped<IWorkbenchCard, WorkbenchRules>();
    }

    public override void Routes(IEndpointRouteBuilder routes)
    {
        SqlRoutes.Map(routes);
        RuleRoutes.Map(routes);
        DisclosureRoutes.Map(routes);
    }

    public override async Task Start(IServiceProvider services, CancellationToken stop)
    {
        // What an earlier run left half done.
        foreach (var left in new[] { "answers", "changes", "queries" }.Select(f => Path.Combine(services.GetRequiredService<Settings>().Work, f)).Where(Directory.Exists))
        {
            Directory.Delete(left, recursive: true);
        }

        await services.GetRequiredService<QueryLog>().CutOff(stop);
    }

    public override IEnumerable<MenuEntry> Menu =>
    [
        new(new("数据查询", "Query"), new("SQL 控制台", "SQL console"), RunQuery.Path, Roles.Engineer, Place: 25),
        new(new("监管存证", "Evidence"), new("个人信息披露查询", "Disclosures of a person"), ShowDisclosures.Path, Roles.AuditAdministrator, Place: 80),
        new(new("系统管理", "Administration"), new("访问策略", "Access policy"), ShowRules.Path, Roles.SecurityAdministrator, Place: 90),
    ];

    public override IEnumerable<Command> Commands(IHostCalls host) => [QueryCommand.Make(host)];
}
