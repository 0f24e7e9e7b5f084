// The real city with one thing changed, until it is killed.
//   victim <data> <url> seal     seals what the ledger holds again and again, so that a kill hits a seal in the making
//   victim <data> <url> late     writes the evidence of an answer after the answer: the control that must be caught
using Lizhou.Contracts.Ledger;
using Lizhou.Host;
using Lizhou.Kernel;
using Lizhou.Sharing.Victim;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

await using var city = await City.Build(new Settings(args[0]), args[1], quiet: true, CancellationToken.None, services =>
{
    if (args[2] == "seal")
    {
        services.AddHostedService<SealAlways>();
    }
    else
    {
        services.AddSingleton<ILedger, LateLedger>();
    }
});
await city.StartAsync();
Console.WriteLine("丽州 Lizhou");
await city.WaitForShutdownAsync();
