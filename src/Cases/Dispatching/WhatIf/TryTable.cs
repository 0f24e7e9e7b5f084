// In: a period, another dispatch table (a version, a draft, or a text) and perhaps another duty list. Out: who would have got which case, and what would probably have become of it: docs/decisions/0022. Nothing is kept.
// Refuses others than the bureau, a table or list that cannot be read, more than a year, a period that ends before it begins.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular.Writers;

namespace Lizhou.Cases.Dispatching.WhatIf;

/// <param name="From">First day of reporting; null: thirty days up to the last.</param>
/// <param name="Version">Of the table, also a draft; null, and no text: the one in force.</param>
/// <param name="Table">CSV; stands before the version.</param>
/// <param name="Duties">Another duty list as CSV; null: only the table is tried. Alone, the table stays what it was.</param>
internal sealed record WhatIfAsk(DateOnly? From = null, DateOnly? To = null, int? Version = null, string? Table = null, string? Duties = null);

internal sealed class TryTable(StateStore state, DeskBook desks, PublishTable tables, SaveDuty duties, ILedger ledger, TimeProvider clock)
{
    public async Task<Result<Forecast>> Run(WhatIfAsk ask, Actor actor, CancellationToken stop)
    {
        var (desk, period) = (await desks.Now(stop), Period.Of(ask.From, ask.To, clock));
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau : CaseWords.Backward(ask.From, ask.To) ?? DutyGaps.TooLong(period);
        if (refused is not null)
        {
            return refused;
        }

        var table = await Table(ask, desk, stop);
        if (table.Problem is { } wrong)
        {
            return wrong;
        }

        var (lines, fault) = string.IsNullOrEmpty(ask.Duties) ? ([], null) : DutyText.Read(ask.Duties, desk);
        if (fault is not null)
        {
            return fault;
        }

        var past = await ReadPast.Of(state, period, desk, stop);
        var courses = new Foretell(past.Cases, table.Value.Table, desk).All();
        var (sums, posts) = lines.Count == 0 ? ([], [.. past.Cases.Select(_ => (IReadOnlyList<string>)[])]) : new CompareDuty(await duties.All(stop), lines, desk).Of(past.Cases);
        return SumForecast.Of(period, table.Value.Version, courses, past.Undispatched, sums, posts, desk);
    }

    /// <summary>Every case of the period as a row.</summary>
    public async Task<Result<ListFile>> Export(WhatIfAsk ask, string? format, Actor actor, CancellationToken stop)
    {
        var done = await Run(ask, actor, stop);
        if (done.Problem is { } refused)
        {
            return refused;
        }

        var told = done.Value;
        await ledger.Append(actor, new("cases.exported", "what-if", Evidence.Done, new { told.From, told.To, told.Version, rows = told.Rows.Count }), stop);
        (string, double)[] heads = [.. ForecastWords.Heads.Select(h => (h.ToString(), 18d))];
        return ListFile.Of(format, ForecastWords.Title.ToString(), heads, told.Rows.Select(ForecastWords.Cells));
    }

    /// <summary>The table that is tried, as it would be saved; nothing of it is kept.</summary>
    public async Task<Result<string>> Csv(WhatIfAsk ask, Actor actor, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        var tried = actor.Has(Roles.Engineer) ? await Table(ask, desk, stop) : Problems.Bureau;
        return tried.Problem is { } refused ? refused : tried.Value.Table is { } table ? TableText.Write(table.Rows, desk) : Problems.NothingToTry;
    }

    private sealed record Tried(DispatchTable? Table, int? Version);

    private async Task<Result<Tried>> Table(WhatIfAsk ask, Desk desk, CancellationToken stop)
    {
        if (ask.Table is { Length: > 0 } text)
        {
            if (text.Length > TableText.Longest)
            {
                return Problems.BadTable.With(1, new Text("不超过 {0} 字。", "At most {0} characters.").With(TableText.Longest));
            }

            var (rows, faults) = TableText.Read(text, desk);
            return faults.Concat(CheckTable.Overlaps(rows, desk)).FirstOrDefault() is { } fault ? Problems.BadTable.With(fault.Line, fault.What) : new Tried(new(0, rows), null);
        }

        if (ask.Version is null && ask.Duties is { Length: > 0 })
        {
            return new Tried(null, null);
        }

        if ((ask.Version ?? desk.Table?.Version) is not { } version)
        {
            return Problems.NothingToTry;
        }

        var found = await tables.One(version, stop);
        return found.Problem is { } none ? none : new Tried(new(version, found.Value.Rows), version);
    }
}
