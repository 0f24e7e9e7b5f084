// In: the clock. Out: cases whose stage is past its limit are told so, once for each stage, as events of their own; many at once.
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;

namespace Lizhou.Cases.Acting;

internal sealed class TellOverdue(StateStore state, CaseWriter writer, TimeProvider clock) : IRounds
{
    private const int AtOnce = 500;
    private static readonly Text Past = new("超过时限", "Past its limit");

    public async Task<int> Look(CancellationToken stop)
    {
        var told = 0;
        for (var more = true; more;)
        {
            var now = clock.GetUtcNow();
            var due = await state.Read($"SELECT number FROM case_file WHERE late = 0 AND due_at IS NOT NULL AND due_at < {now.ToStored()} ORDER BY due_at LIMIT {AtOnce}", r => r.GetString(0), stop);
            var done = await Task.WhenAll(due.Select(number => writer.Run<bool>((session, all) => Tell(session, number, now, all), stop, number)));
            told += done.Count(d => !d.Refused && d.Value);
            more = due.Count == AtOnce && done.Any(d => !d.Refused && d.Value);
        }

        return told;
    }

    private static async Task<Result<bool>> Tell(CaseSession session, string number, DateTimeOffset now, CancellationToken stop)
    {
        if (await session.Whole(number, stop) is not { File: { Late: false, DueAt: { } due } } whole || due >= now)
        {
            return false;
        }

        var decided = Decide.Told(whole, "overdue", Past, now);
        return await session.Write(whole, decided.After, decided.Events, Actor.System, new("case.overdue", number, Evidence.Done, new { due }), stop) is null;
    }
}
