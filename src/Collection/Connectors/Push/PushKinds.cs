// Which waiting pushes become one batch. A source that refuses unknown fields would have one push with such a field refuse all that came beside it:
// there, those with strangers go together, and the others as long as no two of their fields claim the same item. Other sources take everything as it comes.
using Lizhou.Collection.Batches;
using Lizhou.Collection.Sources;
using Lizhou.Contracts.Catalog;

namespace Lizhou.Collection.Connectors.Push;

internal sealed class PushKinds(Source source, ResourceCard? resource)
{
    /// <summary>Different sets of fields looked at for one batch: whoever sends a new one with each push waits longer, and nobody else does.</summary>
    private const int Most = 100;

    private readonly bool picky = source.Drift == DriftPolicy.Refuse && resource is not null;
    private readonly Dictionary<string, bool> known = new(StringComparer.Ordinal);
    private readonly HashSet<string> together = new(StringComparer.Ordinal);
    private bool? strange;

    /// <summary>Asked of the waiting pushes in their order, the oldest first.</summary>
    /// <param name="fields">See <see cref="PushedFields"/>.</param>
    /// <returns>Whether the push is of the batch; null when the batch ends before it.</returns>
    public bool? Takes(string fields)
    {
        if (!picky)
        {
            return true;
        }

        if (!known.TryGetValue(fields, out var taken))
        {
            if (known.Count == Most || Judge(fields) is not { } judged)
            {
                return null;
            }

            known[fields] = taken = judged;
        }

        return taken;
    }

    /// <summary>Null where the fields fit the resource but not the others: rows of one key replace one another, so nothing that came later may go with those before it.</summary>
    private bool? Judge(string fields)
    {
        var names = PushedFields.Read(fields);
        var alone = Strange(names);
        strange ??= alone;
        if (strange != alone || alone || together.IsSupersetOf(names))
        {
            return strange == alone;
        }

        if (together.Count > 0 && Strange(together.Union(names, StringComparer.Ordinal)))
        {
            return null;
        }

        together.UnionWith(names);
        return true;
    }

    private bool Strange(IEnumerable<string> names) => MapColumns.Match([.. names.Select(n => (n, ""))], resource!.Items, source.Mapping).Unknown.Count > 0;
}
