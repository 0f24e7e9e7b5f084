using System.Data.Common;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Ledger;

namespace Lizhou.Sharing.Victim;

/// <summary>Says that the evidence is on disk when it is not yet.</summary>
internal sealed class LateLedger(Chain chain) : ILedger
{
    private static readonly TimeSpan Later = TimeSpan.FromMilliseconds(300);

    public Task<long> Append(Actor actor, Evidence evidence, CancellationToken stop)
    {
        _ = Task.Run(
            async () =>
            {
                await Task.Delay(Later, CancellationToken.None);
                await chain.Append(actor, evidence, CancellationToken.None);
            },
            CancellationToken.None);
        return Task.FromResult(0L);
    }

    public Task<long> Append(DbConnection connection, DbTransaction transaction, Actor actor, Evidence evidence, CancellationToken stop) =>
        chain.Append(connection, transaction, actor, evidence, stop);
}
