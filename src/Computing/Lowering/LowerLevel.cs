// In: a column of a model and the lower level it is to have (an engineer, or a steward of the model's unit); another person's word about it (an engineer: who may confirm that a level is lowered). Out: a rule in force for
// exactly that text over exactly those inputs; the next run publishes the column so. Refuses one's own approval, what is not lower, and what has changed since. Everything is in the ledger, refusals too.
using Lizhou.Computing.Models;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Computing.Lowering;

internal sealed class LowerLevel(ModelShelf shelf, LoweringShelf rules, PublishEntry entries, KeepLevels levels, SaveModel save, ILedger ledger, TimeProvider clock)
{
    private static readonly Text Why = new("应写明理由，最多 500 字", "say why, in at most 500 characters");

    /// <param name="Column">Of the model's result.</param>
    /// <param name="Level">The level it is to have.</param>
    /// <param name="Reason">1 to 500 characters.</param>
    /// <param name="Count">The column that says how many subjects stand behind a row; null where the rule does not rest on counts.</param>
    /// <param name="Least">How many there must be, 3 or more; each run holds it.</param>
    internal sealed record Request(string Model, string Column, Level Level, string Reason, string? Count = null, long? Least = null) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (string.IsNullOrWhiteSpace(Reason) || Reason.Length > 500)
            {
                yield return new("reason", Why);
            }

            if (!Enum.IsDefined(Level))
            {
                yield return new("level", new("应为 L1 至 L4", "L1 to L4"));
            }

            if ((Count is null) != (Least is null) || Least is < 3 or > 1_000_000)
            {
                yield return new("least", new("计数列与下限应同时填写，下限为 3 至 1000000", "the column of counts and how many at least go together: 3 to 1,000,000"));
            }
        }
    }

    /// <param name="Words">1 to 500 characters.</param>
    internal sealed record Word(string Words) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (string.IsNullOrWhiteSpace(Words) || Words.Length > 500)
            {
                yield return new("words", Why);
            }
        }
    }

    /// <summary>Those the actor may see: an engineer all, a steward those of their unit's models.</summary>
    public async Task<IReadOnlyList<(LoweringRule Rule, Model Model)>> All(string? model, Actor actor, CancellationToken stop)
    {
        var seen = (await shelf.All(stop)).Where(m => actor.ActsFor(m.Found.Unit) && (model is null || m.Name == model)).ToDictionary(m => m.Id);
        return [.. (await rules.All(null, stop)).Where(r => seen.ContainsKey(r.Model)).Select(r => (r, seen[r.Model]))];
    }

    public Task<Result<LoweringRule>> Propose(Request ask, Actor actor, CancellationToken stop) => Told("lowering.proposed", $"{ask.Model}.{ask.Column}", actor, () => SaveModel.Alone<Result<LoweringRule>>(async () =>
    {
        if (await shelf.Find(ask.Model, stop) is not { Active: true } model || !actor.ActsFor(model.Found.Unit))
        {
            return Problems.NoModel.With(ask.Model);
        }

        if (model.Found.Columns.All(c => c.Name != ask.Column) || (ask.Count is not null && model.Found.Columns.All(c => c.Name != ask.Count || c.Item is not (ItemType.Integer or ItemType.Number))))
        {
            return Problems.NoLoweredColumn.With(ask.Model, ask.Count is null ? ask.Column : $"{ask.Column}, {ask.Count}");
        }

        var inputs = await entries.Inputs(model.Found, stop);
        var least = GivenColumns.Least(inputs);
        if (inputs.Count < model.Found.Inputs.Count || ask.Level >= least)
        {
            return Problems.NotLower.With(ask.Level, least);
        }

        if ((await rules.All(model.Id, stop)).FirstOrDefault(r => r.Open && r.Column == ask.Column) is { } open)
        {
            return Problems.LoweringOpen.With(open.Number, LoweringWords.Of(open.State));
        }

        var given = LoweringRule.Pin(inputs, await shelf.All(stop));
        var rule = new LoweringRule(
            Guid.CreateVersion7(clock.GetUtcNow()), "", model.Id, model.Name, ask.Column, least, ask.Level, model.Pinned, given, ask.Count, ask.Least, ask.Reason.Trim(), LoweringState.Proposed,
            actor.Id, actor.Name, clock.GetUtcNow(), null, null, null, null, null);
        return await rules.Put(rule, actor, "lowering.proposed", stop);
    }, stop), stop);

    public async Task<Result<LoweringRule>> Decide(string number, bool approve, string words, Actor actor, CancellationToken stop)
    {
        var step = approve ? "lowering.approved" : "lowering.refused";
        var decided = await Told(step, number, actor, () => SaveModel.Alone<Result<LoweringRule>>(async () =>
        {
            // Whatever has changed since it was proposed has to be noted first.
            await levels.RaiseNow(stop);
            var found = Fault(await rules.Find(number, stop), number, actor, await shelf.All(stop));
            return found.Refused ? found
                : await rules.Put(found.Value with { State = approve ? LoweringState.InForce : LoweringState.Declined, DecidedName = actor.Name, DecidedWords = words.Trim(), DecidedAt = clock.GetUtcNow() }, actor, step, stop);
        }, stop), stop);
        await (decided.Refused || !approve ? Task.CompletedTask : save.Again(decided.Value.Model, stop));
        return decided;
    }

    /// <summary>Ends a rule, proposed or in force. Its column is raised before this returns.</summary>
    public async Task<Result<LoweringRule>> TakeBack(string number, string words, Actor actor, CancellationToken stop)
    {
        var ended = await Told("lowering.taken-back", number, actor, () => SaveModel.Alone<Result<LoweringRule>>(async () =>
        {
            var found = Seen(await rules.Find(number, stop), actor, await shelf.All(stop));
            if (found is not { Open: true })
            {
                return found is null ? Problems.NoLowering.With(number) : Problems.LoweringState.With(number, LoweringWords.Of(found.State));
            }

            var ended = await rules.Put(found with { State = LoweringState.TakenBack, EndedAt = clock.GetUtcNow(), EndedWhy = words.Trim() }, actor, "lowering.taken-back", stop);
            await levels.RaiseNow(stop);
            return ended;
        }, stop), stop);
        await (ended.Refused ? Task.CompletedTask : save.Again(ended.Value.Model, stop));
        return ended;
    }

    /// <summary>Why the actor may not decide about a rule.</summary>
    private static Result<LoweringRule> Fault(LoweringRule? rule, string number, Actor actor, IReadOnlyList<Model> models) =>
        Seen(rule, actor, models) is not { } found ? Problems.NoLowering.With(number)
        : found.State == LoweringState.Lapsed ? Problems.LoweringLapsed.With(number)
        : found.State != LoweringState.Proposed ? Problems.LoweringState.With(number, LoweringWords.Of(found.State))
        : !actor.Has(Roles.Engineer) ? Problems.LoweringBureau
        // The operator of the machine is nobody in particular, and might be whoever proposed it.
        : actor.Id == Guid.Empty || actor.Id == found.ProposedBy ? Problems.LoweringSelf
        : found;

    private static LoweringRule? Seen(LoweringRule? rule, Actor actor, IReadOnlyList<Model> models) => rule is not null && models.Any(m => m.Id == rule.Model && actor.ActsFor(m.Found.Unit)) ? rule : null;

    private async Task<Result<LoweringRule>> Told(string step, string subject, Actor actor, Func<Task<Result<LoweringRule>>> work, CancellationToken stop)
    {
        var done = await work();
        if (done.Refused)
        {
            await ledger.Append(actor, new Evidence(step, subject, done.Problem!.Code), stop);
        }

        return done;
    }
}
