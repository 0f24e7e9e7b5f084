// In: an item, how its values are to be standardised, and why. Out: first what that would change, as this actor may see it; then the treatment in force, or taken back, with its evidence and the fact.
// Refuses whoever does not answer for the data, items that are no texts, values the actor may not see in clear, and a second treatment of one item.
using System.Globalization;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Tabular;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Standards.Standardise;

/// <summary>One value before and after, as the policy shows it to who asks.</summary>
/// <param name="Known">False: not understood, and left as it is.</param>
internal sealed record TreatedValue(string? Before, string? After, bool Known, Text Why, int Times);

/// <param name="Rows">Rows of the resource.</param>
/// <param name="Looked">Rows looked at, from the first on.</param>
/// <param name="Examples">The most frequent that would change, then those that would be left.</param>
internal sealed record TreatmentPreview(long Rows, int Looked, int Empty, int Changed, int Same, int Left, IReadOnlyList<TreatedValue> Examples);

internal sealed class TreatItem(StandardsDb db, Treatments treatments, IElementUse use, IRowGate gate, ILedger ledger, TimeProvider clock)
{
    private const int MostRows = 1000;
    private const int MostExamples = 20;
    private const int LongestReason = 500;
    private const int LongestParameter = 100;

    /// <param name="Parameter">Null or empty for none; see <see cref="TreatmentKind"/>.</param>
    /// <param name="Reason">Asked for when it is approved.</param>
    internal sealed record Request(Guid Resource, Guid Item, TreatmentKind Kind, string? Parameter = null, string? Reason = null);

    internal sealed record TakeBack(string? Reason);

    public async Task<Result<TreatmentPreview>> Preview(Request ask, Actor actor, CancellationToken stop)
    {
        var found = await Found(ask, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var (bound, treat) = found.Value;
        var read = await gate.Read(new RowAsk(ask.Resource, Purposes.Preview, Take: MostRows) { Select = [bound.Item.Column] }, actor, stop);
        if (read.Refused)
        {
            return read.Problem!;
        }

        if (read.Value.Items[0] is { Verdict: not Verdict.Allow } hidden)
        {
            return Problems.ValuesHidden.With(bound.Item.Name, hidden.Why);
        }

        var values = read.Value.Rows.Select(r => Convert.ToString(r[0], CultureInfo.InvariantCulture) ?? "").ToList();
        var groups = values.Where(v => v.Length > 0).GroupBy(v => v, StringComparer.Ordinal).Select(g => (Before: g.Key, Made: treat(g.Key), Times: g.Count())).ToList();
        int Sum(Func<(string Before, Standardised Made, int Times), bool> which) => groups.Where(which).Sum(g => g.Times);
        string? Shown(string value) => gate.Show(bound.Item, value, actor, bound.Unit);
        return new TreatmentPreview(
            read.Value.Total, values.Count, values.Count(v => v.Length == 0), Sum(g => g.Made.Value != g.Before), Sum(g => g.Made.Known && g.Made.Value == g.Before), Sum(g => !g.Made.Known),
            [
                .. groups.Where(g => g.Made.Value != g.Before).OrderByDescending(g => g.Times).Take(MostExamples).Concat(groups.Where(g => !g.Made.Known).OrderByDescending(g => g.Times).Take(MostExamples))
                    .Select(g => new TreatedValue(Shown(g.Before), Shown(g.Made.Value), g.Made.Known, g.Made.Why, g.Times)),
            ]);
    }

    public async Task<Result<Guid>> Approve(Request ask, Actor actor, CancellationToken stop)
    {
        var found = await Found(ask, actor, stop);
        if (found.Refused)
        {
            await ledger.Append(actor, new("treatment.refused", ask.Item.ToString(), found.Problem!.Code, new { ask.Resource, ask.Kind }), stop);
            return found.Problem;
        }

        if (CodeRow.Clean(ask.Reason) is not { Length: <= LongestReason } reason)
        {
            return Problems.NoReason;
        }

        if (await db.Treatments.AnyAsync(t => t.Resource == ask.Resource && t.Item == ask.Item && t.EndedAt == null, stop))
        {
            return Problems.TreatedAlready.With(found.Value.Bound.Item.Name);
        }

        var now = clock.GetUtcNow();
        ItemTreatment made = new()
        {
            Id = Guid.CreateVersion7(now), Resource = ask.Resource, Item = ask.Item, Kind = ask.Kind, Parameter = ask.Parameter?.Trim() ?? "", Reason = reason, ByName = actor.Name, At = now,
        };
        db.Treatments.Add(made);
        return await Commit("treatment.approved", made, found.Value.Bound, reason, actor, stop) is { } late ? late : made.Id;
    }

    /// <summary>The next build of the standard layer has the original in its place again.</summary>
    public async Task<Result<Guid>> Undo(Guid id, TakeBack ask, Actor actor, CancellationToken stop)
    {
        if (await db.Treatments.FirstOrDefaultAsync(t => t.Id == id && t.EndedAt == null, stop) is not { } made || await use.Item(made.Resource, made.Item, stop) is not { } bound)
        {
            return Problems.NoTreatment;
        }

        if (!Answers(actor, bound))
        {
            await ledger.Append(actor, new("treatment.refused", id.ToString(), Problems.NotYourData.Code), stop);
            return Problems.NotYourData.With(bound.ResourceName);
        }

        if (CodeRow.Clean(ask.Reason) is not { Length: <= LongestReason } reason)
        {
            return Problems.NoReason;
        }

        (made.EndedBy, made.EndedAt, made.EndedWhy) = (actor.Name, clock.GetUtcNow(), reason);
        return await Commit("treatment.taken-back", made, bound, reason, actor, stop) is { } late ? late : made.Id;
    }

    /// <summary>Of an item, the newest first; those that were taken back too.</summary>
    public async Task<IReadOnlyList<ItemTreatment>> History(Guid resource, Guid? item, CancellationToken stop) =>
        await db.Treatments.AsNoTracking().Where(t => t.Resource == resource && (item == null || t.Item == item)).OrderByDescending(t => t.At).Take(200).ToListAsync(stop);

    public static bool Answers(Actor actor, BoundItem bound) => actor.Has(Roles.Engineer) || (actor.Has(Roles.Steward) && actor.ActsFor(bound.Unit));

    private async Task<Result<(BoundItem Bound, Func<string, Standardised> Treat)>> Found(Request ask, Actor actor, CancellationToken stop)
    {
        if (await use.Item(ask.Resource, ask.Item, stop) is not { } bound)
        {
            return Problems.NoItem;
        }

        if (!Answers(actor, bound))
        {
            return Problems.NotYourData.With(bound.ResourceName);
        }

        if (bound.Item.Type is not (ItemType.Text or ItemType.Memo or ItemType.General))
        {
            return Problems.TextsOnly.With(bound.Item.Name, Words.Of(bound.Item.Type));
        }

        if (!Enum.IsDefined(ask.Kind))
        {
            return Problems.TreatmentFaulty.With(new Text("没有这种处理", "there is no such treatment"));
        }

        var parameter = ask.Parameter?.Trim() ?? "";
        if (parameter.Length > LongestParameter)
        {
            return Problems.TreatmentFaulty.With(new Text("参数超过 {0} 字", "its parameter has more than {0} characters").With(LongestParameter));
        }

        if (parameter.Length > 0 && ask.Kind is (TreatmentKind.Width or TreatmentKind.Spaces or TreatmentKind.Name))
        {
            return Problems.TreatmentFaulty.With(new Text("{0} 没有参数", "{0} takes no parameter").With(Treatment.Label(ask.Kind)));
        }

        var whole = await treatments.Whole(ask.Kind, parameter, stop);
        return whole.Refused ? whole.Problem! : (bound, Treatment.By(ask.Kind, whole.Value));
    }

    private async Task<Problem?> Commit(string act, ItemTreatment made, BoundItem bound, string reason, Actor actor, CancellationToken stop)
    {
        db.Tell(new TreatmentChanged(made.Resource), clock);
        return await db.Commit(ledger, actor, new(act, $"{bound.ResourceCode} {bound.Item.Column}", Evidence.Done, new { treatment = made.Id, kind = made.Kind.ToString(), made.Parameter, reason }), stop);
    }
}
