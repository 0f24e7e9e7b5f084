using Lizhou.Ledger.Sealing;
using Microsoft.Extensions.Hosting;

namespace Lizhou.Sharing.Victim;

/// <summary>Never waits for a batch to be full or old.</summary>
internal sealed class SealAlways(SealBatches seal) : BackgroundService
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var breath = new PeriodicTimer(Breath);
        do
        {
            await seal.Run(all: true, stoppingToken);
        }
        while (await breath.WaitForNextTickAsync(stoppingToken));
    }
}
