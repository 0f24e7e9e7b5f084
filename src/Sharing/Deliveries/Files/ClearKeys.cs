// At the start. In: deliveries that were made before private keys were refused. Out: of a receiver's certificate its block alone, and an entry of the ledger for each that held a key: it was
// in the database in clear, and in backups of that time it still is.
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Sharing.Deliveries.Files;

internal sealed class ClearKeys(StateStore state, ILedger ledger)
{
    public async Task Run(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var held = await connection.Rows(
            transaction, $"SELECT id, number, target FROM sharing_delivery WHERE target LIKE {$"%{Enveloped.Key}%"}", r => (Id: r.GetString(0), Number: r.GetString(1), Target: r.GetString(2)), stop).ToListAsync(stop);
        foreach (var (id, number, target) in held)
        {
            var kept = JsonSerializer.Serialize(JsonSerializer.Deserialize<Target>(target)!.Kept());
            await connection.Execute(transaction, $"UPDATE sharing_delivery SET target = {kept} WHERE id = {id}", stop);
            await ledger.Append(connection, transaction, Actor.System, new("delivery.key-removed", number, Evidence.Done), stop);
        }

        await transaction.CommitAsync(stop);
    }
}
