// In: a resource and who looks. Out: which of its values they may be told without reading its rows, and which rules tell values they may not be told. The policy's one decision, used wherever kept rules show or take values.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Kept;

internal sealed class Sight
{
    private readonly ResourceCard card;
    private readonly IRowGate gate;
    private readonly Dictionary<Guid, ItemDecision> decided;
    private readonly HashSet<string> clear;

    private Sight(ResourceCard card, IRowGate gate, IReadOnlyList<ItemDecision> decided)
    {
        (this.card, this.gate, this.decided) = (card, gate, decided.ToDictionary(d => d.Item.Id));
        clear = decided.Where(d => d.Verdict == Verdict.Allow).Select(d => d.Item.Column).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    public static async Task<Sight> Of(ResourceCard card, IRowGate gate, Actor actor, CancellationToken stop) => new(card, gate, await gate.DecideWhole(card.Id, actor, stop));

    public Verdict Of(ItemCard item) => decided.TryGetValue(item.Id, out var one) ? one.Verdict : Verdict.Refuse;

    /// <summary>A value of the item as the reader may see it; null where they may not.</summary>
    public string? Show(ItemCard item, string? value) => decided.TryGetValue(item.Id, out var one) ? gate.Show(one, value, card.Unit) : null;

    /// <summary>Whether the reader sees the values of the column as they are.</summary>
    public bool Clear(string column) => clear.Contains(column);

    /// <summary>Whether the rule would tell values that the reader does not see as they are: by what it says, by how many rows it flags, and by which.</summary>
    public bool Hides(Rule rule) => Hides(rule.Kind, [.. rule.Touched]);

    /// <param name="columns">None: any of them may be meant.</param>
    public bool Hides(RuleKind kind, IReadOnlyCollection<string> columns) => Tells(kind) && !(columns.Count > 0 ? columns.All(Clear) : card.Items.All(i => Clear(i.Column)));

    /// <summary>Whether the rows at fault would tell such values: a rule on rows together names rows that have a value in common, and whoever may send a file can put a value of their own among them.</summary>
    public bool HidesRows(Rule rule) => Hides(rule) || (CompileRules.Together(rule.Kind) && !(rule.Touched.Any() ? rule.Touched.All(Clear) : card.Items.All(i => Clear(i.Column))));

    /// <summary>A rule file as the reader may see it: without the rules that hide values, which stay beside what the reader saves.</summary>
    public string Shown(string yaml) => ReadKept.Run(yaml, card, strict: false) switch
    {
        { Refused: true } => card.Items.All(i => Clear(i.Column)) ? yaml : ReadKept.Blank,
        { Value: var set } when set.Rules.Any(Hides) => ReadKept.Write(set with { Rules = [.. set.Rules.Where(r => !Hides(r))] }),
        _ => yaml,
    };

    /// <summary>The rules of a file that the reader is not shown.</summary>
    public IReadOnlyList<Rule> Hidden(string yaml) => ReadKept.Run(yaml, card, strict: false) is { Refused: false, Value: var set } ? [.. set.Rules.Where(Hides)] : [];

    // Whether a cell is empty, doubled, checks, or lies in the future says nothing that its mask would hide; all others compare it with something that somebody chose.
    private static bool Tells(RuleKind kind) => kind is not (
        RuleKind.NotNull or RuleKind.Unique or RuleKind.CheckCharacter or RuleKind.NotFuture or RuleKind.Depends or RuleKind.Freshness or RuleKind.Volume or RuleKind.Drift);
}
