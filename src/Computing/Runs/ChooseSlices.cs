// In: a model, what was asked, what it read and left out when it was built last, and what it is to leave out now. Out: whether anything has changed, and which rows of the result are to be computed:
// all, or those of some values of its incremental column. When in doubt, all.
using Lizhou.Computing.Models;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;

namespace Lizhou.Computing.Runs;

/// <param name="Why">In sentences, for people; empty where nothing has changed.</param>
/// <param name="Where">Null: the whole.</param>
/// <param name="Bases">Where later runs are to look for changes from, since only a part was asked for; null: from what is read now.</param>
/// <param name="Held">What later runs are to take as left out, for the same reason; null: what is left out now.</param>
internal sealed record Slices(bool Unchanged, IReadOnlyList<Text> Why, Condition? Where, IReadOnlyDictionary<Guid, long>? Bases = null, IReadOnlyList<LeftOut>? Held = null);

internal sealed class ChooseSlices(RunShelf runs, IStatements statements, LeaveOut leave, Warehouse lake)
{
    private static readonly Text Moved = new("{0}：快照 {1} 至 {2} 之间有行新增、更正或撤回", "{0}: rows came, were corrected or withdrawn between snapshots {1} and {2}");
    private static readonly Text Turned = new("{0}：批次 {1} 的准入情况有变", "{0}: batch {1} was admitted or held back since");

    public async Task<Slices> Run(Run run, Model model, RunStep step, IReadOnlyList<LeftOut> held, CancellationToken stop)
    {
        var last = (await runs.Of(model.Id, 200, stop)).FirstOrDefault(s => s.State is StepState.Built or StepState.Unchanged && s.Run != run.Id);
        var known = last?.Version == model.Version ? last : null;
        if (known is null)
        {
            return Whole(last is null ? new Text("还没有计算过", "it was never computed before") : new Text("模型是新版本（v{0}，此前 v{1}）", "the model is another version (v{0}, before v{1})").With(model.Version, last.Version));
        }

        if (model.Head.Incremental is { } by && (run.Ask.From ?? run.Ask.Until) is not null)
        {
            var asked = new Text("要求回补：{0} 起，至 {1} 前", "asked to be filled again: from {0}, before {1}").With(run.Ask.From ?? "…", run.Ask.Until ?? "…");
            return new(Unchanged: false, [asked], new Condition.All([.. Bounds(by, run.Ask)]), known.Bases, await leave.Before(known, stop));
        }

        if (run.Ask.Full)
        {
            return Whole(new Text("要求整体重算", "asked for as a whole"));
        }

        // Rows of these were left out and are to be read now, or the other way about, though the lake has not changed.
        var (before, changed, why) = (await leave.Before(known, stop), new List<ModelInput>(), new List<Text>());
        List<LeftOut> turned = [.. before.ExceptBy(held.Select(h => h.Batch), h => h.Batch), .. held.ExceptBy(before.Select(h => h.Batch), h => h.Batch)];
        foreach (var input in model.Found.Inputs)
        {
            var moved = await lake.LastChange(input.Table, stop) is { } at && at > known.Bases.GetValueOrDefault(input.Set, 0);
            List<Text> reasons = [.. moved ? [Moved.With(input.Title, known.Bases.GetValueOrDefault(input.Set, 0), step.Bases[input.Set])] : Array.Empty<Text>(), .. turned.Where(t => t.Set == input.Set).Select(t => Turned.With(input.Title, t.Number))];
            if (reasons.Count > 0)
            {
                changed.Add(input);
                why.AddRange(reasons.Except(why));
            }
        }

        if (changed.Count == 0)
        {
            return run.Ask.Force ? Whole(new Text("没有变化，但要求重算", "nothing has changed; it was asked for all the same")) : new(Unchanged: true, [], null);
        }

        return await Parts(model, step, known, changed, turned, stop) is { } where ? new(where.Parts.All(p => p is Condition.OneOf { Values.Count: 0 }), why, where)
            : Whole([.. why, WhyWhole(model, changed)]);
    }

    /// <summary>The slices that rows of the changed inputs touch; null where they are too many to name, or an input has none.</summary>
    private async Task<Condition.Any?> Parts(Model model, RunStep step, RunStep known, List<ModelInput> changed, List<LeftOut> turned, CancellationToken stop)
    {
        if (model.Head.Incremental is not { } column || changed.Exists(i => i.Slice is null))
        {
            return null;
        }

        var parts = new List<Condition>();
        foreach (var input in changed)
        {
            var spans = turned.Where(t => t.Set == input.Set).Select(t => t.Snapshot).OfType<long>().Select(s => (s - 1, s));
            foreach (var (since, until) in spans.Prepend((known.Bases.GetValueOrDefault(input.Set, 0), step.Bases[input.Set])))
            {
                if (await statements.Changed(input.Table, input.Slice!, column, since, until, stop) is not { } part)
                {
                    return null;
                }

                parts.Add(part);
            }
        }

        return new(parts);
    }

    private static Text WhyWhole(Model model, List<ModelInput> changed) => model.Head.Incremental is null ? new("模型没有增量列，整体重算", "it has no incremental column, so it is computed whole")
        : changed.Find(i => i.Slice is null) is { } input ? new Text("{0} 的变化可能影响任何一行，整体重算", "a change of {0} may touch any row, so it is computed whole").With(input.Title)
        : new("涉及的值太多，或起始快照已清理，整体重算", "too many values are touched, or the snapshot before is gone, so it is computed whole");

    private static Slices Whole(params IReadOnlyList<Text> why) => new(Unchanged: false, why, null);

    private static IEnumerable<Condition> Bounds(string by, RunAsk ask)
    {
        if (ask.From is { } from)
        {
            yield return new Condition.Compare(by, Comparison.AtLeast, from);
        }

        if (ask.Until is { } until)
        {
            yield return new Condition.Compare(by, Comparison.Less, until);
        }
    }
}
