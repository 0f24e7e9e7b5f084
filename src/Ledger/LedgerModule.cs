using System.CommandLine;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Ledger.Sealing;
using Lizhou.Ledger.Verifying;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Ledger;

/// <summary>Append-only evidence of every act, sealed so that anybody can check it.</summary>
public sealed class LedgerModule : Module
{
    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddSingleton(_ => Suite.Of(settings));
        services.AddSingleton<Chain>();
        services.AddSingleton<ILedger>(s => s.GetRequiredService<Chain>());
        services.AddSingleton<Signer>().AddSingleton<Stamper>().AddSingleton<Watermark>().AddSingleton<SealBatches>();
        services.AddHostedService(s => s.GetRequiredService<SealBatches>());
        services.AddSingleton<IStatementSigner>(s => s.GetRequiredService<Signer>());
        services.AddSingleton<VerifyLedger>().AddSingleton<Receipts.MakeReceipt>();
        services.AddSingleton<IExchanges, CountExchanges>();
        services.AddScoped<IWorkbenchCard, WorkbenchLedger>();
        services.AddSingleton<ILedgerCheck>(s => s.GetRequiredService<VerifyLedger>());
    }

    public override void Routes(IEndpointRouteBuilder routes) => LedgerRoutes.Map(routes);

    public override IEnumerable<MenuEntry> Menu =>
        [new(new("监管存证", "Evidence"), new("存证台账", "Evidence ledger"), "/ledger", LedgerRoutes.Readers, Place: 80)];

    public override IEnumerable<Command> Commands(IHostCalls host) => [LedgerCommands.All(host)];
}
