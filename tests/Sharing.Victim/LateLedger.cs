using System.Data.Common;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Ledger;

namespace Lizhou.Sharing.Victim;

/// <summary>Says that the evidence is on disk when it is not yet: an entry is written when the next one comes.</summary>
internal sealed class LateLedger(Chain chain) : ILedger
{
    private Func<Task>? held;

    public Task<long> Append(Actor actor, Evidence evidence, CancellationToken stop)
    {
        if (Interlocked.Exchange(ref held, () => chain.Append(actor, evidence, CancellationToken.None)) is { } before)
        {
            _ = Task.Run(before, CancellationToken.None);
        }

        return Task.FromResult(0L);
    }

    public Task<long> Append(DbConnection connection, DbTransaction transaction, Actor actor, Evidence evidence, CancellationToken stop) =>
        chain.Append(connection, transaction, actor, evidence, stop);

    public Task Append(DbConnection connection, DbTransaction transaction, IReadOnlyList<(Actor Actor, Evidence Evidence)> acts, CancellationToken stop) => chain.Append(connection, transaction, acts, stop);
}
