// In: two versions of an entry. Out: what differs, field by field, items by their ids; applied to the first it gives the second.
using System.Text.Json;
using System.Text.Json.Nodes;
using Lizhou.Contracts.Catalog;

namespace Lizhou.Catalog;

/// <summary>A field that differs. A value that is unset is null.</summary>
internal sealed record FieldChange(string Field, JsonNode? Before, JsonNode? After);

/// <summary>An item that is in both versions and differs.</summary>
internal sealed record ItemChange(Guid Id, string Name, IReadOnlyList<FieldChange> Fields);

/// <param name="Order">The ids of the second version's items, in order; null when what stayed stands as before and what came stands behind it.</param>
internal sealed record Difference(
    IReadOnlyList<FieldChange> Fields, IReadOnlyList<ItemCard> Added, IReadOnlyList<ItemCard> Removed, IReadOnlyList<ItemChange> Changed, IReadOnlyList<Guid>? Order)
{
    public bool None => Fields.Count == 0 && Added.Count == 0 && Removed.Count == 0 && Changed.Count == 0 && Order is null;

    public static Difference Of(ResourceEntry before, ResourceEntry after)
    {
        var left = before.Items.ToDictionary(i => i.Id);
        var right = after.Items.ToDictionary(i => i.Id);
        var added = after.Items.Where(i => !left.ContainsKey(i.Id)).ToList();
        var order = after.Items.Select(i => i.Id).ToList();
        var plain = before.Items.Select(i => i.Id).Where(right.ContainsKey).Concat(added.Select(i => i.Id));
        return new(
            Between(Shelf.Tree(before with { Items = [] }), Shelf.Tree(after with { Items = [] })),
            added,
            [.. before.Items.Where(i => !right.ContainsKey(i.Id))],
            [.. before.Items.Where(i => right.ContainsKey(i.Id)).Select(i => new ItemChange(i.Id, i.Name, Between(Shelf.Tree(i), Shelf.Tree(right[i.Id])))).Where(c => c.Fields.Count > 0)],
            plain.SequenceEqual(order) ? null : order);
    }

    public ResourceEntry Apply(ResourceEntry before)
    {
        var gone = Removed.Select(i => i.Id).ToHashSet();
        var changes = Changed.ToDictionary(c => c.Id);
        var items = before.Items.Where(i => !gone.Contains(i.Id))
            .Select(i => changes.TryGetValue(i.Id, out var change) ? Shelf.Item(Set(Shelf.Tree(i), change.Fields)) : i)
            .Concat(Added).ToDictionary(i => i.Id);
        return Shelf.Entry(Set(Shelf.Tree(before with { Items = [] }), Fields)) with { Items = [.. (Order ?? [.. items.Keys]).Select(id => items[id])] };
    }

    private static List<FieldChange> Between(JsonObject before, JsonObject after) =>
    [
        .. before.Select(p => p.Key).Union(after.Select(p => p.Key), StringComparer.Ordinal)
            .Where(name => !JsonNode.DeepEquals(before[name], after[name]))
            .Select(name => new FieldChange(JsonNamingPolicy.CamelCase.ConvertName(name), before[name]?.DeepClone(), after[name]?.DeepClone())),
    ];

    private static JsonObject Set(JsonObject tree, IReadOnlyList<FieldChange> changes)
    {
        foreach (var change in changes)
        {
            var name = char.ToUpperInvariant(change.Field[0]) + change.Field[1..];
            tree.Remove(name);
            if (change.After is not null)
            {
                tree[name] = change.After.DeepClone();
            }
        }

        return tree;
    }
}

internal static class CompareVersions
{
    /// <summary>Refuses a version that is not there, or not for this actor.</summary>
    public static async Task<Kernel.Result<Difference>> Run(Register register, Guid id, int from, int to, Kernel.Actor actor, CancellationToken stop)
    {
        var before = await GetResource.Run(register, id, from, actor, stop);
        var after = await GetResource.Run(register, id, to, actor, stop);
        return before.Problem is { } refused ? refused : after.Problem is { } other ? other : Difference.Of(before.Value.Entry, after.Value.Entry);
    }
}
