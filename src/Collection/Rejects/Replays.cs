// What a replay did to the rejected rows of its parent, in the transactions of its commit and of its undo.
using System.Data.Common;
using Lizhou.Collection.Batches;
using Lizhou.Kernel;

namespace Lizhou.Collection.Rejects;

internal static class Replays
{
    /// <summary>Rows whose mended record was not rejected again are mended; the replay remembers which.</summary>
    /// <param name="rejectedAgain">Records of the replay's file that were rejected.</param>
    public static async Task Settle(
        DbConnection connection, DbTransaction transaction, Guid replay, Guid parent, IReadOnlySet<long> rejectedAgain, CancellationToken stop)
    {
        var sent = await Mends(connection, transaction, replay, stop);
        var mended = sent.Where((_, i) => !rejectedAgain.Contains(i + 1)).ToList();
        await Move(connection, transaction, parent, mended, RejectState.Open, RejectState.Mended, stop);
        await connection.Execute(transaction, $"UPDATE batch SET mends = {SeqList.Write(mended)} WHERE id = {replay.ToString()}", stop);
    }

    /// <summary>What an undone replay had mended is open again.</summary>
    public static async Task Reopen(DbConnection connection, DbTransaction transaction, Guid replay, Guid parent, CancellationToken stop) =>
        await Move(connection, transaction, parent, await Mends(connection, transaction, replay, stop), RejectState.Mended, RejectState.Open, stop);

    private static async Task<List<long>> Mends(DbConnection connection, DbTransaction transaction, Guid replay, CancellationToken stop) =>
        SeqList.Read(await connection.Scalar(transaction, $"SELECT mends FROM batch WHERE id = {replay.ToString()}", stop) as byte[]);

    private static async Task Move(
        DbConnection connection, DbTransaction transaction, Guid parent, List<long> seqs, RejectState from, RejectState to, CancellationToken stop)
    {
        var batch = (await BatchRows.Find(connection, transaction, parent, stop))!;
        var states = await RejectStates.Load(connection, transaction, parent, batch.Counts.Rejected, stop);
        await states.Move(connection, transaction, parent, seqs, from, to, stop);
    }
}
