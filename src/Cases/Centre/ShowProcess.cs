// In: who looks. Out: where the open cases they may see are and where they stick; how cases of the last thirty days went from loop to loop to their end; and how many lay in which state at each hour of a day, told from the ledger of events.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Finding;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Centre;

/// <param name="ByLoop">Open cases in it: micro, small, large.</param>
/// <param name="Oldest">Number of the one that is in it longest.</param>
/// <param name="OldestFor">How long that is.</param>
/// <param name="Median">Of the time the open ones have been in it; natural time.</param>
/// <param name="Over">Past the limit of the stage.</param>
internal sealed record StageRow(string State, string Name, int Many, IReadOnlyList<int> ByLoop, string Oldest, TimeSpan OldestFor, TimeSpan Median, int Over);

/// <param name="From">Loop of the place it was reported from.</param>
/// <param name="Loop">It is in now or ended in.</param>
/// <param name="End">Null: open.</param>
internal sealed record LoopFlow(Loop From, Loop Loop, Outcome? End, int Many);

/// <param name="Whole">False: there are more than were looked at.</param>
internal sealed record ProcessPicture(IReadOnlyList<StageRow> Stages, IReadOnlyList<LoopFlow> Flows, bool Whole);

/// <param name="At">Full hours of the day; those to come are not in it.</param>
/// <param name="Many">By state, in the order of <see cref="DayReplay.States"/>.</param>
internal sealed record ReplayHour(DateTimeOffset At, IReadOnlyList<int> Many);

/// <param name="States">Those any case lay in, open ones before ended ones.</param>
internal sealed record DayReplay(DateOnly Day, IReadOnlyList<string> States, IReadOnlyList<string> Names, IReadOnlyList<ReplayHour> Hours, bool Whole);

internal sealed class ShowProcess(CasesDb db, FindCases find, DeskBook desks, TimeProvider clock)
{
    /// <summary>The newest that are looked at.</summary>
    public const int MostLookedAt = 5_000;

    /// <summary>Of cases whose ways are shown; and reported before a day that is played again.</summary>
    public const int Days = 30;

    /// <summary>Whether a day is one on which cases can lie.</summary>
    public static bool Sensible(DateOnly day) => day.Year is >= 1990 and <= 2200;

    public async Task<ProcessPicture> Now(Actor actor, CancellationToken stop)
    {
        var (desk, now) = (await desks.Now(stop), clock.GetUtcNow());
        var open = await (await find.Of(new(Ended: false), actor, stop)).OrderByDescending(f => f.Number).Take(MostLookedAt).ToListAsync(stop);
        var recent = await (await find.Of(new(From: clock.Today().AddDays(-Days)), actor, stop)).OrderByDescending(f => f.Number).Take(MostLookedAt).ToListAsync(stop);
        var order = desk.Flow.States.Keys.Select((name, i) => (name, i)).ToDictionary(s => s.name, s => s.i, StringComparer.Ordinal);
        return new(
            [.. open.GroupBy(f => f.State).OrderBy(g => order.GetValueOrDefault(g.Key, int.MaxValue)).Select(g => Row([.. g.OrderBy(f => f.StageAt)], desk, now))],
            [.. recent.GroupBy(f => (From: desk.Nodes.Find(f.Place)?.Loop ?? Loop.Large, f.Loop, End: f.Ended ? f.Outcome : null)).Select(g => new LoopFlow(g.Key.From, g.Key.Loop, g.Key.End, g.Count())).OrderBy(f => f.From).ThenBy(f => f.Loop).ThenBy(f => f.End)],
            open.Count < MostLookedAt && recent.Count < MostLookedAt);
    }

    /// <summary>Of the cases reported on the day or in the thirty days before it.</summary>
    public async Task<DayReplay> Replay(DateOnly day, Actor actor, CancellationToken stop)
    {
        var (desk, now, start) = (await desks.Now(stop), clock.GetUtcNow(), day.Midnight());
        var files = (await find.Of(new(From: day.AddDays(-Days), To: day), actor, stop)).OrderByDescending(f => f.Number).Take(MostLookedAt).Select(f => f.Id);
        var events = await db.Events.AsNoTracking().Where(e => files.Contains(e.CaseId)).Select(e => new { e.CaseId, e.Seq, e.At, e.State }).ToListAsync(stop);
        var whole = events.Select(e => e.CaseId).Distinct().Count() < MostLookedAt;
        var byCase = events.GroupBy(e => e.CaseId).Select(g => g.OrderBy(e => e.Seq).Select(e => (e.At, e.State)).ToList()).ToList();
        var marks = Enumerable.Range(0, 25).Select(h => start.AddHours(h)).Where(at => at <= now).ToList();
        var counted = marks.ConvertAll(at => byCase.Select(c => c.LastOrDefault(e => e.At <= at).State).OfType<string>().CountBy(s => s).ToDictionary(StringComparer.Ordinal));
        var order = desk.Flow.States.Values.Select((s, i) => (s.Name, Place: s.Ended ? 1_000 + i : i)).ToDictionary(s => s.Name, s => s.Place, StringComparer.Ordinal);
        List<string> states = [.. counted.SelectMany(c => c.Keys).Distinct().OrderBy(s => order.GetValueOrDefault(s, 500))];
        return new(day, states, states.ConvertAll(s => desk.Flow.TitleOf(s).ToString()), [.. marks.Zip(counted, (at, c) => new ReplayHour(at, states.ConvertAll(s => c.GetValueOrDefault(s))))], whole);
    }

    private static StageRow Row(IReadOnlyList<CaseFile> files, Desk desk, DateTimeOffset now)
    {
        var waits = files.Select(f => now - f.StageAt).Order().ToList();
        var median = waits.Count % 2 == 1 ? waits[waits.Count / 2] : (waits[(waits.Count / 2) - 1] + waits[waits.Count / 2]) / 2;
        return new(
            files[0].State, desk.FlowOf(files[0]).TitleOf(files[0].State).ToString(), files.Count, [.. Enum.GetValues<Loop>().Select(l => files.Count(f => f.Loop == l))], files[0].Number, waits[^1], median,
            files.Count(f => f.LightAt(now) == Light.Red));
    }
}
