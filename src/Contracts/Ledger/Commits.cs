using System.Data.Common;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Lizhou.Contracts.Ledger;

/// <summary>No change without its evidence, and no evidence without its change.</summary>
public static class Commits
{
    /// <summary>Writes a module's changes and their evidence in one transaction: the one begun already, which ends with it, or one of its own.</summary>
    /// <param name="stale">What to answer where somebody else was faster.</param>
    /// <param name="within">More for the same transaction, after the changes; null for nothing.</param>
    /// <returns>Null, or <paramref name="stale"/>: what was read has changed since, the number is taken, or what it hangs on is gone; nothing was written.</returns>
    public static async Task<Problem?> Commit(
        this ModuleDb db, ILedger ledger, IEnumerable<(Actor Actor, Evidence Evidence)> evidence, Problem stale, CancellationToken stop, Func<DbConnection, DbTransaction, Task>? within = null)
    {
        try
        {
            await using var transaction = db.Database.CurrentTransaction ?? await db.Database.BeginTransactionAsync(stop);
            await db.SaveChangesAsync(stop);
            var (connection, current) = (db.Database.GetDbConnection(), transaction.GetDbTransaction());
            if (within is not null)
            {
                await within(connection, current);
            }

            await ledger.Append(connection, current, [.. evidence], stop);

            await transaction.CommitAsync(stop);
            return null;
        }
        catch (DbUpdateException failure) when (failure is DbUpdateConcurrencyException || IsOvertaken(failure.InnerException))
        {
            return stale;
        }
    }

    /// <summary>A key that is taken, or one it refers to that is gone; every other fault of what was written is ours, and told as one.</summary>
    private static bool IsOvertaken(Exception? cause) => cause is SqliteException { SqliteExtendedErrorCode: 2067 or 1555 or 787 } or DbException { SqlState: "23505" or "23503" };
}
