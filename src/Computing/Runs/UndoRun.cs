// In: a run that has written, and why it is undone. Out: what it wrote withdrawn and what it replaced back, model by model, the last first. Refuses where later writes stand on it.
using Lizhou.Computing.Models;
using Lizhou.Contracts.Computing;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Web;
using Lizhou.Lake;

namespace Lizhou.Computing.Runs;

internal sealed class UndoRun(ModelShelf models, RunShelf runs, Warehouse lake, ILedger ledger, TimeProvider clock)
{
    private const string Act = "model.undo";

    /// <param name="Reason">For the ledger; 1 to 500 characters.</param>
    internal sealed record Request(string Reason) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (string.IsNullOrWhiteSpace(Reason) || Reason.Length > 500)
            {
                yield return new("reason", Why);
            }
        }

        private static readonly Text Why = new("应写明理由，最多 500 字", "say why, in at most 500 characters");
    }

    public async Task<Result<Run>> Run(string number, Request ask, Actor actor, CancellationToken stop)
    {
        if (await runs.Find(number, stop) is not { } run)
        {
            return Problems.NoRun.With(number);
        }

        var written = (await runs.Steps(run.Id, stop)).Where(s => s is { State: StepState.Built, Snapshot: not null } && s.Added + s.Removed > 0).OrderByDescending(s => s.Snapshot).ToList();
        if (!run.Ended || written.Count == 0)
        {
            return Problems.NothingToUndo.With(number);
        }

        var all = await models.All(stop);
        foreach (var step in written)
        {
            var model = all.First(m => m.Id == step.Model);
            var undone = await lake.Undo(step.Snapshot!.Value, Terms(run, step, model, ask, actor, stop), stop);
            if (undone.Refused)
            {
                await ledger.Append(actor, new Evidence(Act, number, undone.Problem!.Code, new { model = model.Name }), stop);
                return undone.Problem;
            }
        }

        await runs.End(run, StepState.Undone, stop);
        return (await runs.Find(number, stop))!;
    }

    private Terms Terms(Run run, RunStep step, Model model, Request ask, Actor actor, CancellationToken stop) => new(
        $"undo-model:{run.Id:D}:{step.Model:D}", actor.Name, $"undo {run.Number} {model.Name}", async (connection, transaction, write) =>
        {
            await RunShelf.Put(connection, transaction, step with { State = StepState.Undone }, stop);
            await OutboxRow.Tell(connection, transaction, new ModelBuilt(run.Id, model.Id, model.Name, model.Head.Layer, model.Table, write.Snapshot, step.Rows - step.Added + step.Removed), clock, stop);
            await ledger.Append(connection, transaction, actor, new Evidence(Act, run.Number, Evidence.Done, new { model = model.Name, reason = ask.Reason, write.Snapshot }), stop);
        });
}
