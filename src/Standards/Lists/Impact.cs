// In: a code list with a draft. Out: what publishing it would change: the lines, the codes that are in force today and would no longer be, the items bound to the list, and of their resources
// who uses them and, where it is asked for, how many rows hold a code that would be gone. Rows are counted through the gate: the count is evidence, and is told only to who may see the values.
using Lizhou.Contracts.Policy;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Standards.Lists;

/// <param name="Loses">Codes the item allows now and the list would no longer have.</param>
internal sealed record ImpactItem(BoundItem Bound, string Element, IReadOnlyList<string> Loses);

/// <param name="Rows">Rows with a code that would be gone; null when they were not counted, or may not be told.</param>
/// <param name="Hidden">Why they are not told; null when they are, or were not asked for.</param>
/// <param name="Uses">Sources, models and grants.</param>
internal sealed record ImpactResource(Guid Resource, string Code, string Name, long? Rows, Text? Hidden, IReadOnlyList<Text> Uses);

/// <param name="Gone">In force today in the version in force, and not in the draft.</param>
/// <param name="Came">The other way round.</param>
internal sealed record Impact(IReadOnlyList<CodeChange> Changes, IReadOnlyList<CodeRow> Gone, IReadOnlyList<CodeRow> Came, IReadOnlyList<ImpactItem> Items, IReadOnlyList<ImpactResource> Resources)
{
    private const int MostResources = 50;
    private const int MostCodes = 500;

    /// <param name="count">Whether rows are counted.</param>
    public static async Task<Result<Impact>> Of(Register register, IElementUse use, IRowGate gate, string list, bool count, Actor actor, CancellationToken stop)
    {
        if (await register.Find(StandardKind.CodeList, list, stop) is not { } standard)
        {
            return Problems.NotFound.With(list);
        }

        if (standard.Draft is not { } draft)
        {
            return Problems.NoDraft.With(standard.Name);
        }

        List<CodeRow> before = standard.InForce is { } force ? [.. (await register.Codes(standard, force, stop)).Select(CodeRow.Of)] : [];
        List<CodeRow> after = [.. (await register.Codes(standard, draft, stop)).Select(CodeRow.Of)];
        var today = register.Clock.Today();
        var gone = Compare.Gone(before, after, today);
        var lost = gone.Select(r => r.Code).ToHashSet(StringComparer.Ordinal);
        List<ImpactItem> items = [.. (await Bound(register, use, list, stop)).Select(i => new ImpactItem(i, i.Item.Element!, [.. (i.Item.Codes ?? []).Where(lost.Contains)])).OrderByDescending(i => i.Loses.Count)];
        List<ImpactResource> resources = [];
        foreach (var of in items.Where(i => !i.Bound.Draft).GroupBy(i => i.Bound.Resource).Take(MostResources))
        {
            var (bound, loses) = (of.First().Bound, of.Where(i => i.Loses.Count > 0).ToList());
            var (rows, hidden) = count && loses.Count > 0 ? await Rows(gate, of.Key, loses, actor, stop) : (loses.Count == 0 ? 0L : (long?)null, (Text?)null);
            resources.Add(new(of.Key, bound.ResourceCode, bound.ResourceName, rows, hidden, await use.Uses(of.Key, stop)));
        }

        return new Impact(Compare.Versions(before, after), gone, Compare.Gone(after, before, today), items, resources);
    }

    private static async Task<(long? Rows, Text? Hidden)> Rows(IRowGate gate, Guid resource, IReadOnlyList<ImpactItem> loses, Actor actor, CancellationToken stop)
    {
        var ask = new RowAsk(resource, Purposes.Preview, Take: 1)
        {
            Select = [.. loses.Select(i => i.Bound.Item.Column).Distinct(StringComparer.Ordinal)],
            Where = new Condition.Any([.. loses.Select(i => new Condition.OneOf(i.Bound.Item.Column, [.. i.Loses.Take(MostCodes)]))]),
        };
        var read = await gate.Read(ask, actor, stop);
        return read.Refused ? (null, read.Problem!.What)
            : read.Value.Items.FirstOrDefault(i => i.Verdict != Verdict.Allow) is { } masked ? (null, masked.Why) : (read.Value.Total, null);
    }

    /// <summary>The items whose element takes its values from a list.</summary>
    public static async Task<IReadOnlyList<BoundItem>> Bound(Register register, IElementUse use, string list, CancellationToken stop)
    {
        var holds = Elements.ShowElement.Of(list);
        var elements = await register.Db.Standards.AsNoTracking().Where(s => s.Kind == StandardKind.Element)
            .Join(register.Db.Versions.AsNoTracking(), s => s.Id, v => v.Standard, (s, v) => new { s, v })
            .Where(j => j.v.Number == (j.s.InForce ?? j.s.Draft ?? j.s.Last) && j.v.Body.Contains(holds)).Select(j => j.s.Code).ToListAsync(stop);
        return elements.Count == 0 ? [] : await use.Of(elements, stop);
    }
}
