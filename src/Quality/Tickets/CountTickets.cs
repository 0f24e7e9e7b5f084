// In: months, a unit, and by what. Out: 发现, 整改, 整改率, 超期 by unit, resource or month, as Metric defines them, and the lines behind every figure.
// A steward counts the own unit. found = open + mended + settled + undone, in every line and every sum.
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Quality.Tickets;

[JsonConverter(typeof(JsonStringEnumConverter<FigureBy>))]
internal enum FigureBy
{
    Unit,
    Resource,
    Month,
}

[JsonConverter(typeof(JsonStringEnumConverter<LineState>))]
internal enum LineState
{
    Open,
    Mended,
    Settled,
    Undone,
}

/// <param name="Key">Of the unit, the resource, or the month.</param>
internal sealed record FigureLine(string Key, string Name, long Found, long Open, long Mended, long Settled, long Undone, long Tickets, long Overdue)
{
    /// <summary>0 to 1; null when nothing needed mending.</summary>
    public decimal? Rate => Metric.Ratio(Mended, Found - Settled - Undone);
}

internal sealed record FigureView(DateOnly From, DateOnly To, FigureBy By, DateTimeOffset AsOf, FigureLine Sum, IReadOnlyList<FigureLine> Lines);

/// <summary>A line behind the figures: one kind of fault in one batch, or one report.</summary>
internal sealed record BehindLine(string Ticket, string Unit, string Resource, string Code, string? Item, int At, Text Reason, string? Batch, DateOnly Day, long Found, long Open, long Mended, long Settled, long Undone)
{
    /// <summary>The rows themselves.</summary>
    public string Rows => Code == Finding.Reported ? $"/tickets/{Ticket}" : $"/batches/{Batch}/rejects?code={Code}&item={At}";
}

internal sealed record FigureFilter(DateOnly? From = null, DateOnly? To = null, Guid? Unit = null, Guid? Resource = null, FigureBy By = FigureBy.Unit);

internal sealed class CountTickets(StateStore state, IUnits units, TimeProvider clock)
{
    private const string Finds = "FROM quality_finding f JOIN quality_ticket t ON t.id = f.ticket WHERE f.day BETWEEN {0} AND {1} AND t.unit = COALESCE({2}, t.unit) AND t.resource = COALESCE({3}, t.resource)";

    public async Task<FigureView> Run(FigureFilter filter, Actor actor, CancellationToken stop)
    {
        var (period, now) = (Period.Of(filter.From, filter.To, clock), clock.GetUtcNow());
        var names = filter.By == FigureBy.Unit ? (await units.All(stop)).ToDictionary(u => u.Id.ToString(), u => u.Name) : null;
        await using var connection = await state.Open(stop);
        var (key, name, opened, called) = filter.By switch
        {
            FigureBy.Unit => ("unit", "MAX(unit)", "unit", "MAX(unit)"),
            FigureBy.Resource => ("resource", "MAX(resource_name)", "resource", "MAX(resource_name)"),
            _ => ("substr(day, 1, 7)", "MAX(substr(day, 1, 7))", "substr(opened_day, 1, 7)", "MAX(substr(opened_day, 1, 7))"),
        };
        var lines = new Dictionary<string, FigureLine>(StringComparer.Ordinal);
        var found = FormattableStringFactory.Create(
            $"SELECT {key}, {name}, SUM(f.found), SUM(f.open), SUM(f.mended), SUM(f.withdrawn + f.explained), SUM(f.undone) {Finds} GROUP BY {key}", Values(filter, period, actor));
        await foreach (var line in connection.Rows(null, found, r => new FigureLine(r.GetString(0), r.GetString(1), N(r, 2), N(r, 3), N(r, 4), N(r, 5), N(r, 6), 0, 0), stop))
        {
            lines[line.Key] = line;
        }

        // The day a ticket was issued, in the city, is kept as such: a moment in UTC belongs to another day for a third of it.
        var issued = FormattableStringFactory.Create(
            $"SELECT {opened}, {called}, COUNT(*), SUM(CASE WHEN t.late = 1 OR (t.state IN ('Open', 'Mending') AND t.due_at < {{4}}) THEN 1 ELSE 0 END) FROM quality_ticket t "
            + $"WHERE t.opened_day BETWEEN {{0}} AND {{1}} AND t.unit = COALESCE({{2}}, t.unit) AND t.resource = COALESCE({{3}}, t.resource) GROUP BY {opened}",
            [.. Values(filter, period, actor), now.ToStored()]);
        await foreach (var (at, title, tickets, overdue) in connection.Rows(null, issued, r => (r.GetString(0), r.GetString(1), N(r, 2), N(r, 3)), stop))
        {
            lines[at] = (lines.GetValueOrDefault(at) ?? new(at, title, 0, 0, 0, 0, 0, 0, 0)) with { Tickets = tickets, Overdue = overdue };
        }

        var shown = lines.Values.Select(l => l with { Name = names is null ? l.Name : names.GetValueOrDefault(l.Key, "—") }).OrderByDescending(l => l.Open).ThenByDescending(l => l.Found).ThenBy(l => l.Name, StringComparer.Ordinal).ToList();
        return new(period.First, period.Last, filter.By, now, Sum(shown), shown);
    }

    /// <summary>Newest first.</summary>
    public async Task<Page<BehindLine>> Behind(FigureFilter filter, LineState? only, PageAsk page, Actor actor, CancellationToken stop)
    {
        var names = (await units.All(stop)).ToDictionary(u => u.Id.ToString(), u => u.Name);
        var (period, held) = (Period.Of(filter.From, filter.To, clock), only switch
        {
            LineState.Open => " AND f.open > 0",
            LineState.Mended => " AND f.mended > 0",
            LineState.Settled => " AND f.withdrawn + f.explained > 0",
            LineState.Undone => " AND f.undone > 0",
            _ => "",
        });
        await using var connection = await state.Open(stop);
        var total = Convert.ToInt64(await connection.Scalar(null, FormattableStringFactory.Create($"SELECT COUNT(*) {Finds}{held}", Values(filter, period, actor)), stop), CultureInfo.InvariantCulture);
        var rows = FormattableStringFactory.Create(
            $"SELECT t.number, t.unit, t.resource_name, f.code, f.item_name, f.at, f.reason_zh, f.reason_en, f.number, f.day, f.found, f.open, f.mended, f.withdrawn + f.explained, f.undone {Finds}{held} ORDER BY f.day DESC, f.id DESC LIMIT {{4}} OFFSET {{5}}",
            [.. Values(filter, period, actor), page.Rows, page.Skip]);
        var found = await connection.Rows(
            null, rows,
            r => new BehindLine(
                r.GetString(0), names.GetValueOrDefault(r.GetString(1), "—"), r.GetString(2), r.GetString(3), r.IsDBNull(4) ? null : r.GetString(4), (int)r.GetInt64(5), new(r.GetString(6), r.GetString(7)),
                r.IsDBNull(8) ? null : r.GetString(8), DateOnly.ParseExact(r.GetString(9), "yyyy-MM-dd", CultureInfo.InvariantCulture), N(r, 10), N(r, 11), N(r, 12), N(r, 13), N(r, 14)), stop).ToListAsync(stop);
        return new(found, page.Number, page.Rows, total);
    }

    public static FigureLine Sum(IReadOnlyCollection<FigureLine> lines) => new(
        "", "", lines.Sum(l => l.Found), lines.Sum(l => l.Open), lines.Sum(l => l.Mended), lines.Sum(l => l.Settled), lines.Sum(l => l.Undone), lines.Sum(l => l.Tickets), lines.Sum(l => l.Overdue));

    private static object?[] Values(FigureFilter filter, Period period, Actor actor) =>
        [Stored(period.First), Stored(period.Last), (actor.Has(Roles.Engineer) ? filter.Unit : actor.Unit ?? Guid.Empty)?.ToString(), filter.Resource?.ToString()];

    private static string Stored(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static long N(System.Data.Common.DbDataReader row, int column) => Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture);
}
