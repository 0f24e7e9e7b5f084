// In: a statement that changes one thing, and what is to be told of it. Out: both in one transaction; or neither, where the statement found nothing to change.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Identity;

internal static class Noted
{
    public static async Task<bool> Change(this StateStore state, ILedger ledger, FormattableString sql, Actor by, Evidence told, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (await connection.Execute(transaction, sql, stop) == 0)
        {
            return false;
        }

        await ledger.Append(connection, transaction, by, told, stop);
        await transaction.CommitAsync(stop);
        return true;
    }
}
