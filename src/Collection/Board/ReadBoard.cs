// In: a period and a unit. Out: the collection board: figures with their definitions, units by days, and what is orphaned on either side.
// Set-based over batches and resources: one index scan each, whatever their number.
using System.Data.Common;
using System.Security.Claims;
using Lizhou.Collection.Batches;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Collection.Board;

/// <summary>What was collected in a period.</summary>
/// <param name="From">First day, city time.</param>
/// <param name="To">Last day.</param>
/// <param name="AsOf">When it was read.</param>
internal sealed record BoardView(DateOnly From, DateOnly To, DateTimeOffset AsOf, BoardLine Total, IReadOnlyList<BoardLine> Units, IReadOnlyList<BoardDay> Days);

/// <summary>The figures of one unit, or of all.</summary>
/// <param name="Unit">Null for the total.</param>
/// <param name="Published">Published resources.</param>
/// <param name="WithData">Of them, those with a table that holds rows.</param>
/// <param name="Rows">归集量: rows in the landing layer now; a re-loaded row counts once.</param>
/// <param name="Batches">Batches landed in the period.</param>
/// <param name="Read">Rows read in the period.</param>
/// <param name="Accepted">Rows that landed in the period.</param>
/// <param name="Rejected">Rows rejected in the period.</param>
/// <param name="Filtered">Rows left out by the contract in the period.</param>
/// <param name="Settled">Of the rejected rows of the period, those mended, withdrawn or explained by now.</param>
/// <param name="Due">Published resources whose update cycle has run at least once.</param>
/// <param name="Timely">Of them, those that landed a batch within their cycle.</param>
internal sealed record BoardLine(
    Guid? Unit, long Published, long WithData, long Rows, long Batches, long Read, long Accepted, long Rejected, long Filtered, long Settled, long Due, long Timely)
{
    /// <summary>拒收率: rejected ÷ (read − filtered); null when nothing was read.</summary>
    public double? RejectRate => Read > Filtered ? (double)Rejected / (Read - Filtered) : null;

    /// <summary>整改率: settled ÷ rejected.</summary>
    public double? SettledRate => Rejected > 0 ? (double)Settled / Rejected : null;

    /// <summary>及时更新率: timely ÷ due.</summary>
    public double? TimelyRate => Due > 0 ? (double)Timely / Due : null;
}

/// <summary>Rows a unit landed on a day.</summary>
internal sealed record BoardDay(Guid Unit, DateOnly Day, long Batches, long Accepted, long Rejected);

internal sealed class ReadBoard(StateStore state, TimeProvider clock)
{
    private const int MostDays = 92;

    internal static async Task<Ok<BoardView>> Handle(DateOnly? from, DateOnly? to, Guid? unit, ReadBoard board, ClaimsPrincipal who, CancellationToken stop) =>
        TypedResults.Ok(await board.Read(from, to, unit, Actor.From(who)!, stop));

    /// <summary>The last fortnight unless told; at most 92 days. A steward reads their own unit.</summary>
    public async Task<BoardView> Read(DateOnly? from, DateOnly? to, Guid? unit, Actor actor, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var last = to ?? clock.Today();
        var first = from is { } told && told <= last ? told : Earlier(last, 13);
        first = first < Earlier(last, MostDays - 1) ? Earlier(last, MostDays - 1) : first;
        var only = actor.Has(Roles.Engineer) ? unit : actor.Unit ?? Guid.Empty;

        await using var connection = await state.Open(stop);
        var lines = new Dictionary<Guid, BoardLine>();
        await Resources(connection, lines, now, stop);
        await Stock(connection, lines, stop);
        await Period(connection, lines, first, last, stop);
        var units = lines.Values.Where(l => only is null || l.Unit == only).OrderByDescending(l => l.Rows).ThenByDescending(l => l.Published).ToList();
        var days = await Days(connection, first, last, only, stop);
        return new(first, last, now, Sum(units), units, days);
    }

    /// <summary>Some days before, but never before the calendar's first.</summary>
    private static DateOnly Earlier(DateOnly day, int days) => DateOnly.FromDayNumber(Math.Max(0, day.DayNumber - days));

    /// <summary>How long data of a cycle counts as fresh; null: never due.</summary>
    internal static TimeSpan? Fresh(UpdateCycle cycle) => cycle switch
    {
        UpdateCycle.Realtime or UpdateCycle.Daily => TimeSpan.FromDays(1),
        UpdateCycle.Weekly => TimeSpan.FromDays(7),
        UpdateCycle.Monthly => TimeSpan.FromDays(31),
        UpdateCycle.Quarterly => TimeSpan.FromDays(92),
        UpdateCycle.HalfYearly => TimeSpan.FromDays(184),
        UpdateCycle.Yearly => TimeSpan.FromDays(366),
        _ => null,
    };

    private static async Task Resources(DbConnection connection, Dictionary<Guid, BoardLine> lines, DateTimeOffset now, CancellationToken stop)
    {
        foreach (var cycle in Enum.GetValues<UpdateCycle>())
        {
            // A cycle that never ends is due for nobody: no moment lies before the empty text.
            var since = Fresh(cycle) is { } fresh ? (now - fresh).ToStored() : "";
            await foreach (var (unit, published, with, due, timely) in connection.Rows(
                null,
                $"""
                 SELECT unit, COUNT(*), SUM(CASE WHEN last_at IS NOT NULL THEN 1 ELSE 0 END),
                     SUM(CASE WHEN {since} <> '' AND (since < {since} OR last_at >= {since}) THEN 1 ELSE 0 END),
                     SUM(CASE WHEN {since} <> '' AND last_at >= {since} THEN 1 ELSE 0 END)
                 FROM landing_resource WHERE published = 1 AND cycle = {cycle.ToString()} GROUP BY unit
                 """,
                r => (Guid.Parse(r.GetString(0)), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4)), stop))
            {
                var line = Line(lines, unit);
                lines[unit] = line with
                {
                    Published = line.Published + published, WithData = line.WithData + with, Due = line.Due + due, Timely = line.Timely + timely,
                };
            }
        }
    }

    private static async Task Stock(DbConnection connection, Dictionary<Guid, BoardLine> lines, CancellationToken stop)
    {
        await foreach (var (unit, rows) in connection.Rows(
            null, $"SELECT unit, SUM(net) FROM batch WHERE state = 'Landed' GROUP BY unit", r => (Guid.Parse(r.GetString(0)), Convert.ToInt64(r.GetValue(1))), stop))
        {
            lines[unit] = Line(lines, unit) with { Rows = rows };
        }
    }

    private static async Task Period(DbConnection connection, Dictionary<Guid, BoardLine> lines, DateOnly first, DateOnly last, CancellationToken stop)
    {
        await foreach (var (unit, n) in connection.Rows(
            null,
            $"""
             SELECT unit, COUNT(*), SUM(rows_read), SUM(accepted), SUM(rejected), SUM(filtered), SUM(mended + withdrawn + explained)
             FROM batch WHERE state = 'Landed' AND day BETWEEN {Stored(first)} AND {Stored(last)} GROUP BY unit
             """,
            r => (Guid.Parse(r.GetString(0)), Enumerable.Range(1, 6).Select(i => Convert.ToInt64(r.GetValue(i))).ToArray()), stop))
        {
            lines[unit] = Line(lines, unit) with { Batches = n[0], Read = n[1], Accepted = n[2], Rejected = n[3], Filtered = n[4], Settled = n[5] };
        }
    }

    private static async Task<List<BoardDay>> Days(DbConnection connection, DateOnly first, DateOnly last, Guid? only, CancellationToken stop)
    {
        var days = new List<BoardDay>();
        await foreach (var day in connection.Rows(
            null,
            $"""
             SELECT unit, day, COUNT(*), SUM(accepted), SUM(rejected) FROM batch
             WHERE state = 'Landed' AND day BETWEEN {Stored(first)} AND {Stored(last)} GROUP BY unit, day ORDER BY day
             """,
            r => new BoardDay(
                Guid.Parse(r.GetString(0)), DateOnly.ParseExact(r.GetString(1), "yyyy-MM-dd"), r.GetInt64(2), Convert.ToInt64(r.GetValue(3)), Convert.ToInt64(r.GetValue(4))),
            stop))
        {
            if (only is null || day.Unit == only)
            {
                days.Add(day);
            }
        }

        return days;
    }

    private static BoardLine Line(Dictionary<Guid, BoardLine> lines, Guid unit) => lines.GetValueOrDefault(unit) ?? new(unit, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private static BoardLine Sum(List<BoardLine> units) => new(
        null, units.Sum(u => u.Published), units.Sum(u => u.WithData), units.Sum(u => u.Rows), units.Sum(u => u.Batches), units.Sum(u => u.Read),
        units.Sum(u => u.Accepted), units.Sum(u => u.Rejected), units.Sum(u => u.Filtered), units.Sum(u => u.Settled), units.Sum(u => u.Due), units.Sum(u => u.Timely));

    private static string Stored(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
