// In: the clock. Out: whose opinion or task is past its limit is told so, once, as an event of the case.
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;

namespace Lizhou.Cases.Consulting;

internal sealed class TellAwaited(StateStore state, CaseWriter writer, TimeProvider clock) : IRounds
{
    private const int AtOnce = 100;
    private static readonly Text Opinion = new("会商意见逾期未提交", "The opinion is past its limit");
    private static readonly Text Work = new("会商任务逾期未办结", "The task by the conclusion is past its limit");

    public async Task<int> Look(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var due = await state.Read(
            $"SELECT number, opened, unit FROM case_awaited WHERE due_at < {now.ToStored()} ORDER BY due_at LIMIT {AtOnce}", r => (Number: r.GetString(0), Opened: r.GetInt64(1), Unit: r.GetString(2)), stop);
        var told = 0;
        foreach (var (number, opened, unit) in due)
        {
            var done = await writer.Run<bool>((session, all) => Tell(session, number, opened, Guid.Parse(unit), now, all), stop, number);
            told += !done.Refused && done.Value ? 1 : 0;
        }

        return told;
    }

    private static async Task<Result<bool>> Tell(CaseSession session, string number, long opened, Guid unit, DateTimeOffset now, CancellationToken stop)
    {
        var whole = await session.Whole(number, stop);
        var (asked, works) = (whole?.File.Consulting == opened, whole?.Legs.Any(l => l.Opened == opened && l.Unit == unit && l.Runs) == true);
        if (asked || works)
        {
            var decided = DecideConsult.Late(whole!, unit, asked ? Opinion : Work, now);
            if (await session.Write(whole!, decided.After, decided.Events, Actor.System, new("case.consult-late", number, Evidence.Done, new { unit }), stop) is { } late)
            {
                return late;
            }
        }

        session.Put($"DELETE FROM case_awaited WHERE number = {number} AND opened = {opened} AND unit = {unit.ToString("D")}");
        return asked || works;
    }
}
