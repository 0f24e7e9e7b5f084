// In: a period and perhaps a version of the table. Out: the classes and places whose lead node has nobody on duty then. Refuses more than a year, and a version there is none of.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Nodes;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Cases.Dispatching;

internal sealed class FindDutyGaps(DeskBook desks, PublishTable tables, SaveDuty duties, TimeProvider clock)
{
    private const int Ahead = 29;

    /// <param name="from">Null: today.</param>
    /// <param name="to">Null: the thirty days from the first on.</param>
    /// <param name="version">Null: the one in force; without any, each place leads its own.</param>
    public async Task<Result<IReadOnlyList<DutyGap>>> Run(DateOnly? from, DateOnly? to, int? version, CancellationToken stop)
    {
        var (desk, period) = (await desks.Now(stop), Days(from, to));
        if (DutyGaps.TooLong(period) is { } refused)
        {
            return refused;
        }

        var rows = desk.Table?.Rows ?? [];
        if (version is { } wanted)
        {
            var found = await tables.One(wanted, stop);
            if (found.Problem is { } none)
            {
                return none;
            }

            rows = found.Value.Rows;
        }

        return DutyGaps.Of(rows, await duties.All(stop), period, desk);
    }

    public Period Days(DateOnly? from, DateOnly? to)
    {
        var first = from ?? (to < clock.Today() ? to.Value : clock.Today());
        return Period.Of(first, to ?? first.AddDays(Ahead), clock);
    }
}
