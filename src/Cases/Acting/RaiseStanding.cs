// In: the clock. Out: cases that have stood too long in their loop are one loop up, with the reason; many at once.
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;

namespace Lizhou.Cases.Acting;

internal sealed class RaiseStanding(StateStore state, CaseWriter writer, DeskBook desks, TimeProvider clock) : IRounds
{
    private const int AtOnce = 500;

    public async Task<int> Look(CancellationToken stop)
    {
        var raised = 0;
        for (var more = true; more;)
        {
            var (desk, now) = (await desks.Now(stop), clock.GetUtcNow());
            var due = await state.Read($"SELECT number FROM case_file WHERE stay_until < {now.ToStored()} ORDER BY stay_until LIMIT {AtOnce}", r => r.GetString(0), stop);
            var done = await Task.WhenAll(due.Select(number => writer.Run<bool>((session, all) => Raise(session, number, desk, now, all), stop, number)));
            raised += done.Count(d => !d.Refused && d.Value);
            more = due.Count == AtOnce && done.Any(d => !d.Refused && d.Value);
        }

        return raised;
    }

    private static async Task<Result<bool>> Raise(CaseSession session, string number, Desk desk, DateTimeOffset now, CancellationToken stop)
    {
        if (await session.Whole(number, stop) is not { } whole || Stays.Climbs(whole, desk.FlowOf(whole.File), desk, now) is not { } decided)
        {
            return false;
        }

        return await session.Write(whole, decided.After, decided.Events, Actor.System, new("case.climbed", number, Evidence.Done, new { decided.After.File.Loop }), stop) is null;
    }
}
