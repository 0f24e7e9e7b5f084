// In: a statement that changes one thing, what it ends, and what is to be told of it. Out: all in one transaction; or nothing, where the statement found nothing to change.
using System.Data.Common;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Identity;

internal static class Noted
{
    public static async Task<bool> Change(
        this StateStore state, ILedger ledger, FormattableString sql, Actor by, Evidence told, CancellationToken stop, Func<DbConnection, DbTransaction, Task>? within = null)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (await connection.Execute(transaction, sql, stop) == 0)
        {
            return false;
        }

        if (within is not null)
        {
            await within(connection, transaction);
        }

        await ledger.Append(connection, transaction, by, told, stop);
        await transaction.CommitAsync(stop);
        return true;
    }
}
