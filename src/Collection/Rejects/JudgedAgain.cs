// A file that comes again brings the rows that were rejected of it before. They are not to be mended twice: what the new batch accepted is mended in the
// earlier one, what it rejected again is withdrawn there and open here. In the transactions of its commit and of its undo.
using System.Data.Common;
using Lizhou.Collection.Batches;
using Lizhou.Kernel;
using Lizhou.Tabular;

namespace Lizhou.Collection.Rejects;

internal static class JudgedAgain
{
    private sealed record Earlier(Guid Batch, string Number, long Rejected, int Part, FileShape? Shape);

    public static async Task Settle(DbConnection connection, DbTransaction transaction, Loaded loaded, Settings settings, TimeProvider clock, CancellationToken stop)
    {
        var own = loaded.Rejects.Digest is null ? [] : RejectPage.Places(RejectFile.PathOf(settings, loaded.Batch.Id));
        var places = new Dictionary<Guid, ILookup<int, (long Seq, int Part, long Record, long Line)>>();
        var settled = new Dictionary<(Guid Batch, string Number, long Rejected), (List<long> Mended, List<long> Again)>();
        foreach (var part in loaded.New)
        {
            var again = own.Where(p => p.Part == part.Index).Select(p => (p.Line, p.Line > 0 ? 0 : p.Record)).ToHashSet();
            var some = loaded.Some.GetValueOrDefault(part.Index) ?? SomeRecords.All;
            foreach (var earlier in await Before(connection, transaction, loaded.Batch, part, stop))
            {
                var key = (earlier.Batch, earlier.Number, earlier.Rejected);
                var (mended, still) = settled.TryGetValue(key, out var lists) ? lists : settled[key] = ([], []);
                var rejects = places.TryGetValue(earlier.Batch, out var read) ? read
                    : places[earlier.Batch] = RejectPage.Places(RejectFile.PathOf(settings, earlier.Batch)).ToLookup(p => p.Part);
                foreach (var place in rejects[earlier.Part].Where(p => some.Has(p.Record)))
                {
                    (again.Contains((place.Line, place.Line > 0 ? 0 : place.Record)) ? still : mended).Add(place.Seq);
                }
            }
        }

        foreach (var ((batch, number, rejected), (mended, again)) in settled)
        {
            var states = await RejectStates.Load(connection, transaction, batch, rejected, stop);
            var open = mended.Concat(again).Where(s => states[s] == RejectState.Open).Order().ToList();
            if (open.Count > 0)
            {
                await states.Move(connection, transaction, batch, mended, RejectState.Open, RejectState.Mended, stop);
                var withdrawn = await states.Move(connection, transaction, batch, again, RejectState.Open, RejectState.Withdrawn, stop);
                await Note(connection, transaction, loaded.Batch, batch, open, withdrawn, clock, stop);
            }
        }
    }

    /// <summary>What an undone batch had settled is open again.</summary>
    public static async Task Reopen(DbConnection connection, DbTransaction transaction, Guid undone, CancellationToken stop)
    {
        var settled = new List<(Guid Earlier, List<long> Seqs)>();
        await foreach (var row in connection.Rows(
            transaction, $"SELECT earlier, seqs FROM reject_judged_again WHERE batch = {undone.ToString()}",
            r => (Guid.Parse(r.GetString(0)), SeqList.Read((byte[])r.GetValue(1))), stop))
        {
            settled.Add(row);
        }

        foreach (var (earlier, seqs) in settled)
        {
            var batch = (await BatchRows.Find(connection, transaction, earlier, stop))!;
            var states = await RejectStates.Load(connection, transaction, earlier, batch.Counts.Rejected, stop);
            await states.Move(connection, transaction, earlier, seqs, RejectState.Mended, RejectState.Open, stop);
            await states.Move(connection, transaction, earlier, seqs, RejectState.Withdrawn, RejectState.Open, stop);
        }

        await connection.Execute(transaction, $"DELETE FROM reject_judged_again WHERE batch = {undone.ToString()}", stop);
    }

    /// <summary>Parts of earlier batches of the resource that are the same table of the same file and have open rejects.</summary>
    private static async Task<List<Earlier>> Before(DbConnection connection, DbTransaction transaction, Batch batch, Part part, CancellationToken stop)
    {
        var found = new List<Earlier>();
        await foreach (var earlier in connection.Rows(
            transaction,
            $"""
             SELECT b.id, b.number, b.rejected, f.part, f.shape FROM batch_file f JOIN batch b ON b.id = f.batch
             WHERE f.digest = {part.Digest} AND f.same_as IS NULL AND f.rejected > 0 AND b.resource = {batch.Resource.ToString()} AND b.state = 'Landed' AND b.open > 0
                 AND b.reject_digest IS NOT NULL AND b.id <> {batch.Id.ToString()}
             """,
            r => new Earlier(
                Guid.Parse(r.GetString(0)), r.GetString(1), r.GetInt64(2), (int)r.GetInt64(3), r.IsDBNull(4) ? null : FileShape.FromJson(r.GetString(4))), stop))
        {
            if (earlier.Shape is null || (earlier.Shape.Entry == part.Shape.Entry && earlier.Shape.Sheet == part.Shape.Sheet && earlier.Shape.Path == part.Shape.Path))
            {
                found.Add(earlier);
            }
        }

        return found;
    }

    private static async Task Note(
        DbConnection connection, DbTransaction transaction, Batch batch, Guid earlier, List<long> seqs, long withdrawn, TimeProvider clock, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var words = $"同一文件已由批次 {batch.Number} 重新判定。 Judged again by batch {batch.Number} from the same file.";
        await connection.Execute(
            transaction,
            $"INSERT INTO reject_judged_again (batch, earlier, seqs) VALUES ({batch.Id.ToString()}, {earlier.ToString()}, {SeqList.Write(seqs)})", stop);
        if (withdrawn > 0)
        {
            await connection.Execute(
                transaction,
                $"""
                 INSERT INTO reject_explanation (id, batch, at, actor, state, rows, words)
                 VALUES ({Guid.CreateVersion7(now).ToString()}, {earlier.ToString()}, {now.ToStored()}, {Actor.System.Name}, {RejectState.Withdrawn.ToString()}, {withdrawn}, {words})
                 """,
                stop);
        }

        await BatchRows.Note(
            connection, transaction, earlier, Actor.System.Name, BatchAct.Settled, clock,
            new { state = withdrawn > 0 ? RejectState.Withdrawn : RejectState.Mended, rows = (long)seqs.Count, words }, stop);
    }
}
