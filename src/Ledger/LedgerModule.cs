using System.CommandLine;
using System.Data.Common;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
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
        Suite.Named(settings.LedgerSuite); // A wrong one is told before anything is made.
        services.AddSingleton(_ => Suite.Of(settings));
        services.AddSingleton<TipMark>().AddSingleton<Chain>();
        services.AddSingleton<ILedger>(s => s.GetRequiredService<Chain>());
        services.AddSingleton<Signer>().AddSingleton<Stamper>().AddSingleton<Watermark>().AddSingleton<SealBatches>();
        services.AddHostedService(s => s.GetRequiredService<SealBatches>());
        services.AddSingleton<IStatementSigner>(s => s.GetRequiredService<Signer>());
        services.AddSingleton<VerifyLedger>().AddSingleton<Receipts.MakeReceipt>();
        services.AddSingleton<IExchanges, CountExchanges>().AddSingleton<IRefusals, FindRefusals>();
        services.AddRounds<NoteRefusals>(TimeSpan.FromSeconds(10)).AddSingleton<IRefusalNotes>(s => s.GetRequiredService<NoteRefusals>());
        services.AddScoped<IWorkbenchCard, WorkbenchLedger>();
        services.AddSingleton<ILedgerCheck>(s => s.GetRequiredService<VerifyLedger>());
    }

    public override async Task Restored(DbConnection state, Settings settings, CancellationToken stop)
    {
        new Watermark(settings).Raise(await Batch.Newest(state, null, stop));
        new TipMark(settings).Set(await Chain.Last(state, null, stop));
    }

    public override void Routes(IEndpointRouteBuilder routes) => LedgerRoutes.Map(routes);

    public override IEnumerable<MenuEntry> Menu =>
        [new(new("监管存证", "Evidence"), new("存证台账", "Evidence ledger"), "/ledger", LedgerRoutes.Readers, Place: 80)];

    public override IEnumerable<Command> Commands(IHostCalls host) => [LedgerCommands.All(host)];
}
