// In: a period and a unit. Out: the figures of the board for other modules, with the entries that are behind their update cycle.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Collection.Board;

internal sealed class TellBoard(StateStore state, ReadBoard board, FindOrphans orphans, TimeProvider clock) : ICollected
{
    private const int Most = 200;

    public async Task<Collected> Read(DateOnly from, DateOnly to, Guid? unit, Actor actor, CancellationToken stop)
    {
        var (view, lost) = (await board.Read(from, to, unit, actor, stop), await orphans.Find(actor, stop));
        return new(
            view.From, view.To, [.. view.Units.Select(u => new CollectedUnit(u.Unit!.Value, u.Rows, u.Read, u.Accepted, u.Rejected, u.Filtered, u.Due, u.Timely))],
            [.. view.Days.Select(d => new CollectedDay(d.Unit, d.Day, d.Accepted, d.Rejected))], await Behind(actor.Has(Roles.Engineer) ? unit : actor.Unit ?? Guid.Empty, stop), lost.TablesTotal, lost.EntriesTotal);
    }

    private async Task<List<BehindEntry>> Behind(Guid? unit, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var (now, only, found) = (clock.GetUtcNow(), unit?.ToString(), new List<BehindEntry>());
        foreach (var cycle in Enum.GetValues<UpdateCycle>())
        {
            if (ReadBoard.Fresh(cycle) is not { } fresh)
            {
                continue;
            }

            var since = (now - fresh).ToStored();
            await foreach (var entry in connection.Rows(
                null,
                $"""
                 SELECT resource, code, name, unit, last_at FROM landing_resource
                 WHERE published = 1 AND cycle = {cycle.ToString()} AND since < {since} AND (last_at IS NULL OR last_at < {since}) AND unit = COALESCE({only}, unit)
                 ORDER BY COALESCE(last_at, ''), code LIMIT {Most}
                 """,
                r => new BehindEntry(Guid.Parse(r.GetString(0)), r.GetString(1), r.GetString(2), Guid.Parse(r.GetString(3)), cycle, r.IsDBNull(4) ? null : Clock.FromStored(r.GetString(4))), stop))
            {
                found.Add(entry);
            }
        }

        return [.. found.OrderBy(e => e.LastAt ?? DateTimeOffset.MinValue).Take(Most)];
    }
}
