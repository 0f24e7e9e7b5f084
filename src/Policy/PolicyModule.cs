using System.CommandLine;
using System.Data.Common;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Lizhou.Kernel.Jobs;
using Lizhou.Policy.Disclosure;
using Lizhou.Policy.Rules;
using Lizhou.Policy.UserSql;
using Lizhou.Policy.Views;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lizhou.Policy;

/// <summary>May this actor see this item for this purpose: one decision, at every exit.</summary>
public sealed class PolicyModule : Module
{
    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddSingleton<PolicyKeys>().AddSingleton<ISeals>(s => s.GetRequiredService<PolicyKeys>()).AddSingleton<RuleMark>().AddSingleton<RuleBook>().AddSingleton<GrantSeals>().AddSingleton<IGrantBook, GrantBook>().AddSingleton<CheckSeals>().AddSingleton<IPolicySeals>(s => s.GetRequiredService<CheckSeals>()).AddSingleton<KeptAnswers>();
        services.AddScoped<OpenView>().AddScoped<WriteRows>().AddScoped<SendAnswer>().AddScoped<IRowGate, RowGate>().AddScoped<IChangeGate, ChangeGate>();
        services.AddSingleton<SqlRunning>().AddSingleton<QueryLog>().AddScoped<TellQuery>().AddScoped<SqlDesk>().AddScoped<ReadResult>();
        services.AddSingleton<PersonKey>().AddSingleton<RunBook>().AddSingleton<PeopleTold>().AddRounds<MergePeople>(TimeSpan.FromMinutes(1));
        services.AddScoped<IDisclosures, FindDisclosures>().AddScoped<WithholdDisclosures>();
        services.AddSingleton<IStatements, StatementDesk>().AddSingleton<StartQuery>().AddScoped<TryRules>().AddScoped<IWorkbenchCard, WorkbenchRules>();
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
        foreach (var left in new[] { "answers", "changes", "queries", "statements" }.Select(f => Path.Combine(services.GetRequiredService<Settings>().Work, f)).Where(Directory.Exists))
        {
            Directory.Delete(left, recursive: true);
        }

        if (!WorkerProcess.Isolated)
        {
            services.GetRequiredService<ILogger<PolicyModule>>().LogWarning("bubblewrap (bwrap) is missing or may not work here: queries of users run in a process of their own, bounded, but not walled off from files and network by the system. Install it; see docs/operations.md.");
        }

        await services.GetRequiredService<QueryLog>().CutOff(stop);
        var ledger = services.GetRequiredService<ILedger>();
        await services.GetRequiredService<RuleMark>().Begin(services.GetRequiredService<StateStore>(), ledger, stop);
        await services.GetRequiredService<GrantSeals>().Begin(services.GetRequiredService<StateStore>(), ledger, stop);
        // Other modules begin after this one and tell of theirs themselves.
        foreach (var broken in await services.GetRequiredService<CheckSeals>().Own(stop))
        {
            services.GetRequiredService<ILogger<PolicyModule>>().LogError("The policy was changed past the program, and what was changed gives nothing: {Broken}", broken);
            await ledger.Append(Actor.System, new("policy.broken", broken, Problems.BrokenGrant.Code), stop);
        }
    }

    public override async Task Restored(DbConnection state, Settings settings, CancellationToken stop)
    {
        await GrantSeals.Restored(state, settings, stop);
        await RuleMark.Restored(state, settings, stop);
    }

    public override IAsyncEnumerable<KeptFile> Kept(DbConnection state, CancellationToken stop) => RunBook.All(state, stop);

    public override IEnumerable<MenuEntry> Menu =>
    [
        new(new("数据查询", "Query"), new("SQL 控制台", "SQL console"), RunQuery.Path, Roles.Engineer, Place: 25),
        new(new("监管存证", "Evidence"), new("个人信息披露查询", "Disclosures of a person"), ShowDisclosures.Path, Roles.AuditAdministrator, Place: 80),
        new(new("系统管理", "Administration"), new("访问策略", "Access policy"), ShowRules.Path, Roles.SecurityAdministrator, Place: 90),
    ];

    public override IEnumerable<Command> Commands(IHostCalls host) => [QueryCommand.Make(host)];
}
