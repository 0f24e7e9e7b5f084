// In: an entry about to be published. Out: why its levels do not allow that: an item less sensitive than the data element it is bound to, or sensitive items given to everybody without a word why.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal static class LevelChecks
{
    /// <summary>From this level on data is not for everybody (DB33/T 2351).</summary>
    public const Level Sensitive = Level.L3;

    /// <summary>Null when every bound item has its element's level at least. A level is lowered by a rule that a second person approved, which is for columns of models alone.</summary>
    public static Problem? Below(IEnumerable<ItemCard> items, Frame frame) =>
        items.FirstOrDefault(i => i.Element is { } e && frame.ElementLevels.TryGetValue(e, out var least) && i.Applied < least) is { } item
            ? Problems.BelowElement.With(item.Name, item.Applied, item.Element, frame.ElementLevels[item.Element!])
            : null;

    /// <summary>The items that the bureau gives to everybody with its eyes open, or not at all; none for other kinds of sharing.</summary>
    public static IReadOnlyList<ItemCard> GivenToAll(ResourceEntry entry) => entry.Sharing == SharingKind.Unconditional ? [.. entry.Items.Where(i => i.Applied >= Sensitive)] : [];

    /// <param name="opinion">Of who publishes.</param>
    public static Problem? Unexplained(ResourceEntry entry, string? opinion) => string.IsNullOrWhiteSpace(opinion) && GivenToAll(entry) is { Count: > 0 } items
        ? Problems.GivenToAll.With(string.Join("、", items.Take(5).Select(i => i.Name)), items.Count)
        : null;
}
