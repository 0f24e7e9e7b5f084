// In: nothing. Out: cases from before they were found by words are, from the newest on, a few hundred in a commit that live acts share; a start goes on where the last one ended.
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Ledger;

internal sealed class ReadOldTexts(CaseWriter writer) : IRounds
{
    private const int AtOnce = 500;
    private bool done;

    public async Task<int> Look(CancellationToken stop)
    {
        var read = 0;
        while (!done)
        {
            var more = (await writer.Run(Some, stop)).Value;
            (read, done) = (read + more, more == 0);
        }

        return read;
    }

    private static async Task<Result<int>> Some(CaseSession session, CancellationToken stop)
    {
        await session.Flush(stop);
        if (await session.Scalar($"SELECT below FROM case_text_due", stop) is not string below)
        {
            return 0;
        }

        var files = await session.Db.Files.AsNoTracking().Where(f => string.Compare(f.Number, below) < 0 && !session.Db.Texts.Any(t => t.Number == f.Number))
            .OrderByDescending(f => f.Number).Take(AtOnce).Select(f => new { f.Number, f.Words, f.Address }).ToListAsync(stop);
        foreach (var file in files.AsEnumerable().Reverse()) // In the order of the index, or each would be a piece of it.
        {
            session.PutAll(CaseText.Of(file.Number, file.Words, file.Address).Insert(session.Kind));
        }

        if (files.Count == 0)
        {
            session.Put($"DELETE FROM case_text_due");
        }
        else
        {
            session.Put($"UPDATE case_text_due SET below = {files[^1].Number}");
        }

        return files.Count;
    }
}
