using System.Data.Common;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;

namespace Lizhou.Contracts.Ledger;

/// <summary>Rows of before there were seals get theirs once, at the first start that knows of seals. A file beside the keys says it was done, so that who takes a seal out of the database gets no other.</summary>
/// <param name="Settings">Where the keys are.</param>
/// <param name="Note">Name of that file, in the folder of keys.</param>
/// <param name="Script">The schema script that brought the seals, as a pattern of LIKE.</param>
/// <param name="What">What is sealed, the first sentence of the file.</param>
public sealed record SealedOnce(Settings Settings, string Note, string Script, string What)
{
    private string Path => System.IO.Path.Combine(Settings.Keys, Note);

    /// <summary>Whether it was done.</summary>
    public bool Done => File.Exists(Path);

    /// <summary>Seals and writes it down in one commit; then comes the file. A crash between the two does it again, which finds nothing to seal.</summary>
    /// <param name="seal">Seals what has no seal; its answer goes into the ledger, null where there was nothing.</param>
    public async Task Run(StateStore state, ILedger ledger, Func<DbConnection, DbTransaction, Task<Evidence?>> seal, CancellationToken stop)
    {
        await using (var connection = await state.Open(stop))
        await using (var transaction = await connection.BeginTransactionAsync(stop))
        {
            if (await seal(connection, transaction) is { } done)
            {
                await ledger.Append(connection, transaction, Actor.System, done, stop);
            }

            await transaction.CommitAsync(stop);
        }

        OwnerFile.Folder(Settings.Keys);
        OwnerFile.Write(Path, $"{What} Do not delete: without this file the next start seals those that lost their seal.\n");
    }

    /// <summary>After a restore: a state of before there were seals, under keys of after, is sealed at the next start.</summary>
    public async Task Restored(DbConnection restored, CancellationToken stop)
    {
        if (await restored.Scalar(null, $"SELECT 1 FROM schema_script WHERE name LIKE {Script}", stop) is null)
        {
            Forget();
        }
    }

    /// <summary>All without a seal get one at the next <see cref="Run"/>.</summary>
    public void Forget() => File.Delete(Path);
}
