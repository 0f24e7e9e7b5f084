// In: a period and a unit. Out: the governance board: collection by unit and day, rows by layer, quality by unit and dimension, tickets, freshness, orphans, sources. Figures mean what Metric says.
using System.Globalization;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Lake;
using Lizhou.Lake.Maintenance;
using Lizhou.Quality.Conflicts;
using Lizhou.Quality.Tickets;

namespace Lizhou.Quality.Board;

/// <summary>Dimensions of GB/T 36344 that rejected rows speak of.</summary>
internal enum Dimension
{
    /// <summary>完整性: a required value is missing.</summary>
    Completeness,

    /// <summary>规范性: type, length, format, allowed values, shape of the record.</summary>
    Conformity,

    /// <summary>准确性: check characters of identifiers.</summary>
    Accuracy,
}

/// <param name="Rows">Of the period's batches, filtered ones left out.</param>
/// <param name="Faults">Rows with a fault, by dimension.</param>
internal sealed record UnitQuality(Guid Unit, long Rows, IReadOnlyDictionary<Dimension, long> Faults)
{
    /// <summary>0 to 1; null without rows.</summary>
    public decimal? Share(Dimension dimension) => Metric.Ratio(Math.Max(0, Rows - Faults.GetValueOrDefault(dimension)), Rows);
}

/// <param name="From">Every figure of a period counts from this day on; a longer period was asked for where <paramref name="Cut"/> says so.</param>
/// <param name="Layers">Of the whole warehouse, so for the bureau alone; empty for others.</param>
internal sealed record GovernanceView(
    DateOnly From, DateOnly To, DateTimeOffset AsOf, Collected Collected, IReadOnlyDictionary<string, LayerSize> Layers, IReadOnlyList<UnitQuality> Quality, FigureView Tickets, OneSourceRate Sources, long Held, bool Cut)
{
    public long Accepted => Collected.Units.Sum(u => u.Accepted);

    /// <summary>0 to 1; null when nothing is due.</summary>
    public decimal? Timely => Metric.Ratio(Collected.Units.Sum(u => u.Timely), Collected.Units.Sum(u => u.Due));
}

internal sealed class ReadGovernance(StateStore state, ICollected collected, Warehouse lake, CountTickets tickets, ListConflicts conflicts, TimeProvider clock)
{
    /// <summary>The layers of the warehouse in the order of the data, as the lake calls them.</summary>
    public static readonly IReadOnlyList<(string Name, Text Title)> Layers =
        [("landing", new("贴源层", "Landing layer")), ("standard", new("标准层", "Standard layer")), ("base", new("基础库", "Base library")), ("theme", new("主题库", "Theme library"))];

    public async Task<GovernanceView> Run(DateOnly? from, DateOnly? to, Guid? unit, Actor actor, CancellationToken stop)
    {
        var (asked, only) = (Period.Of(from, to, clock), actor.Has(Roles.Engineer) ? unit : actor.Unit ?? Guid.Empty);
        // What is collected is told for a span that has a limit; all other figures are of the same span.
        var told = await collected.Read(asked.First, asked.Last, unit, actor, stop);
        var period = new Period(told.From, told.To);
        return new(
            period.First, period.Last, clock.GetUtcNow(), told, actor.Has(Roles.Engineer) ? await lake.Layers(stop) : new Dictionary<string, LayerSize>(), await Quality(period, only, stop),
            await tickets.Run(new(period.First, period.Last, only), actor, stop), await conflicts.Rate(stop), await Held(only, stop), period != asked);
    }

    /// <summary>Of the codes a load refuses cells and rows by. Pure.</summary>
    public static Dimension Of(string code) => code switch
    {
        "LOD-101" => Dimension.Completeness,
        "LOD-111" or "LOD-112" => Dimension.Accuracy,
        _ => Dimension.Conformity,
    };

    public static Text Of(Dimension dimension) => dimension switch
    {
        Dimension.Completeness => new("完整性", "Completeness"),
        Dimension.Conformity => new("规范性", "Conformity"),
        _ => new("准确性", "Accuracy"),
    };

    private async Task<List<UnitQuality>> Quality(Period period, Guid? unit, CancellationToken stop)
    {
        var (first, last, only) = (Stored(period.First), Stored(period.Last), unit?.ToString());
        await using var connection = await state.Open(stop);
        var faults = await connection.Rows(
            null,
            $"""
             SELECT t.unit, f.code, SUM(f.found - f.undone) FROM quality_finding f JOIN quality_ticket t ON t.id = f.ticket
             WHERE f.batch IS NOT NULL AND t.origin = 'Batch' AND f.day BETWEEN {first} AND {last} AND t.unit = COALESCE({only}, t.unit) GROUP BY t.unit, f.code
             """,
            r => (Unit: r.GetString(0), Dimension: Of(r.GetString(1)), Rows: Convert.ToInt64(r.GetValue(2), CultureInfo.InvariantCulture)), stop).ToListAsync(stop);
        return await connection.Rows(
            null,
            $"""
             SELECT unit, SUM(accepted + rejected + duplicate) FROM quality_batch
             WHERE undone = 0 AND day BETWEEN {first} AND {last} AND unit = COALESCE({only}, unit) GROUP BY unit ORDER BY 2 DESC
             """,
            r => new UnitQuality(
                Guid.Parse(r.GetString(0)), Convert.ToInt64(r.GetValue(1), CultureInfo.InvariantCulture),
                faults.Where(f => f.Unit == r.GetString(0)).GroupBy(f => f.Dimension).ToDictionary(g => g.Key, g => g.Sum(f => f.Rows))), stop).ToListAsync(stop);
    }

    private async Task<long> Held(Guid? unit, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var only = unit?.ToString();
        return Convert.ToInt64(await connection.Scalar(null, $"SELECT COUNT(*) FROM quality_batch WHERE admitted = 0 AND undone = 0 AND unit = COALESCE({only}, unit)", stop), CultureInfo.InvariantCulture);
    }

    private static string Stored(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
