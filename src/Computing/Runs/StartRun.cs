// In: which models, how, and who asks. Out: a run that waits for its turn; runs are computed one after the other. Refuses unknown models, and a range where there are no slices.
using System.Globalization;
using Lizhou.Computing.Models;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Lake;

namespace Lizhou.Computing.Runs;

internal sealed class StartRun(ModelShelf models, RunShelf runs, JobQueue jobs, ILedger ledger)
{
    public const string Act = "model.run";

    public async Task<Result<Run>> Run(RunAsk ask, RunCause cause, Actor actor, CancellationToken stop)
    {
        var known = (await models.All(stop)).Where(m => m.Active).ToList();
        if (ask.Models.FirstOrDefault(n => known.All(m => m.Name != n)) is { } unknown)
        {
            return Problems.NoModel.With(unknown);
        }

        if ((ask.From ?? ask.Until) is not null && known.FirstOrDefault(m => ask.Models.Contains(m.Name) && m.Head.Incremental is null) is { } whole)
        {
            return Problems.NoSlices.With(whole.Name);
        }

        if (known.Where(m => ask.Models.Count == 0 || ask.Models.Contains(m.Name)).Select(m => Unread(m, ask)).FirstOrDefault(p => p is not null) is { } wrong)
        {
            return wrong;
        }

        var run = await runs.Add(
            cause, ask, actor, async (connection, transaction, number) =>
            {
                await jobs.Add(connection, transaction, new RunModels.Body(), RunModels.Key, stop: stop);
                await ledger.Append(connection, transaction, actor, new Evidence(Act, number, Evidence.Done, new { models = ask.Models, cause = cause.ToString(), ask.Full, ask.Force, ask.From, ask.Until }), stop);
            },
            stop);
        return run;
    }

    /// <summary>Numbers by size, all else as it is written: days and moments begin with the year.</summary>
    private static int Order(string from, string until) =>
        decimal.TryParse(from, NumberStyles.Number, CultureInfo.InvariantCulture, out var least) && decimal.TryParse(until, NumberStyles.Number, CultureInfo.InvariantCulture, out var most)
            ? least.CompareTo(most) : string.CompareOrdinal(from, until);

    /// <summary>A bound that is no value of the column whose values are the slices, or bounds the wrong way round.</summary>
    private static Problem? Unread(Model model, RunAsk ask)
    {
        if (model.Found.Columns.FirstOrDefault(c => c.Name == model.Head.Incremental) is not { } by || ColumnType.OfEngine(by.Type) is not { } type)
        {
            return null;
        }

        var table = new Table(0, Guid.Empty, model.Head.Layer, model.Table, "", [new Column(1, by.Name, type)]);
        return new[] { (Field: "from", Bound: ask.From), (Field: "until", Bound: ask.Until) }.FirstOrDefault(b => b.Bound is not null && !Warehouse.Fits(table, new Condition.Compare(by.Name, Comparison.AtLeast, b.Bound))) is { Bound: { } wrong } bad
            ? Problems.BadRange.With(wrong, by.Name, by.Type) with { Field = bad.Field }
            : ask is { From: { } from, Until: { } until } && Order(from, until) >= 0 ? Problems.RangeTurned.With(from, until) with { Field = "from" } : null;
    }
}
