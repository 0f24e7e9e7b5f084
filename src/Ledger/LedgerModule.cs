using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Ledger;

/// <summary>Append-only evidence of every act.</summary>
public sealed class LedgerModule : Module
{
    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddSingleton<Chain>();
        services.AddSingleton<ILedger>(s => s.GetRequiredService<Chain>());
    }
}
