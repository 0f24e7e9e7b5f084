using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Ledger.Sealing;
using Lizhou.Ledger.Verifying;
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
        services.AddSingleton<VerifyLedger>().AddSingleton<Receipts.MakeReceipt>();
        services.AddSingleton<ILedgerCheck>(s => s.GetRequiredService<VerifyLedger>());
    }
}
