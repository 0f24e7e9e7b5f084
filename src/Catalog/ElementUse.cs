// In: identifiers of data elements. Out: the items bound to them, of published versions and of drafts.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal sealed class ElementUse(StateStore state, ICatalog catalog, IEnumerable<IResourceUse> users) : IElementUse
{
    public async Task<IReadOnlyList<BoundItem>> Of(IReadOnlyCollection<string> elements, CancellationToken stop)
    {
        // An item's element stands in the body of its version; only bodies that name one are read.
        var versions = await state.Read(
            $"""
             SELECT r.id, r.code, v.version, r.published, v.body FROM resource r JOIN resource_version v ON v.resource = r.id AND (v.version = r.published OR v.version = r.opened)
             WHERE v.body LIKE '%"Element":%' ORDER BY r.code, v.version
             """,
            r => (Id: Guid.Parse(r.GetString(0)), Code: r.GetString(1), Draft: r.IsDBNull(3) || r.GetInt64(3) != r.GetInt64(2), Entry: Shelf.Read(r.GetString(4))), stop);
        return [.. versions.SelectMany(v => v.Entry.Items.Where(i => i.Element is { } e && elements.Contains(e)).Select(i => new BoundItem(v.Id, v.Code, v.Entry.Name, v.Entry.Unit, i, v.Draft)))];
    }

    public async Task<BoundItem?> Item(Guid resource, Guid item, CancellationToken stop) =>
        await catalog.Published(resource, stop) is { } card && card.Items.FirstOrDefault(i => i.Id == item) is { } found ? new(card.Id, card.Code, card.Name, card.Unit, found, Draft: false) : null;

    public async Task<IReadOnlyList<Text>> Uses(Guid resource, CancellationToken stop)
    {
        var uses = new List<Text>();
        foreach (var user in users)
        {
            uses.AddRange(await user.Uses(resource, stop));
        }

        return uses;
    }
}
