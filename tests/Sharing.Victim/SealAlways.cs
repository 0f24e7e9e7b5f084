using Lizhou.Ledger.Sealing;
using Microsoft.Extensions.Hosting;

namespace Lizhou.Sharing.Victim;

/// <summary>Never waits for a batch to be full or old.</summary>
internal sealed class SealAlways(SealBatches seal) : BackgroundService
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await seal.Run(all: true, stoppingToken);
            await Task.Delay(Breath, stoppingToken);
        }
    }
}
