// Which waiting pushes become one batch. A source that refuses unknown fields would have one push with such a field refuse all that came beside it:
// there, pushes are together when their fields, taken together, hold the same strangers as the first's. Other sources take everything as it comes.
using Lizhou.Collection.Batches;
using Lizhou.Collection.Sources;
using Lizhou.Contracts.Catalog;

namespace Lizhou.Collection.Connectors.Push;

internal static class PushKinds
{
    /// <param name="waiting">Fields of the waiting pushes, the oldest first; see <see cref="PushedFields"/>.</param>
    /// <returns>The different ones of the next batch; empty when nothing waits.</returns>
    public static IReadOnlyList<string> Together(IEnumerable<string> waiting, Source source, ResourceCard? resource)
    {
        var kinds = waiting.Distinct(StringComparer.Ordinal).ToList();
        if (kinds.Count < 2 || source.Drift != DriftPolicy.Refuse || resource is null)
        {
            return kinds;
        }

        var strangers = Strangers([]);
        var (together, fields) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var kind in kinds)
        {
            var both = fields.Union(PushedFields.Read(kind)).ToHashSet(StringComparer.Ordinal);
            if (together.Count == 0)
            {
                strangers = Strangers(both);
            }
            else if (!Strangers(both).SetEquals(strangers) || !Strangers(PushedFields.Read(kind)).SetEquals(strangers))
            {
                continue;
            }

            together.Add(kind);
            fields = both;
        }

        return together;

        HashSet<string> Strangers(IEnumerable<string> names) =>
            [.. MapColumns.Match([.. names.Select(n => (n, ""))], resource.Items, source.Mapping).Unknown.Select(u => u.Header)];
    }
}
