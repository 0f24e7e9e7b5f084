// In: many entries. Out: all created and published in one transaction, with the checks of the narrow door; or none, and the first fault named.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal sealed class PublishInBulk(Register register) : ICatalogBulk
{
    public Task<Result<IReadOnlyList<ResourceCard>>> Publish(IReadOnlyList<ResourceEntry> entries, Actor actor, CancellationToken stop) =>
        register.Do<IReadOnlyList<ResourceCard>>(actor, "catalog.publish-bulk", "", work => In(work, entries), stop);

    public Task<Result<ResourceCard>> Renew(ResourceEntry entry, Actor actor, CancellationToken stop) =>
        register.Do(actor, "catalog.renew", entry.Name, work => RenewResource.In(work, entry, () => First(work, entry)), stop);

    private static async Task<Result<ResourceCard>> First(Work work, ResourceEntry entry)
    {
        var made = await In(work, [entry]);
        return made.Refused ? made.Problem! : made.Value[0];
    }

    private static async Task<Result<IReadOnlyList<ResourceCard>>> In(Work work, IReadOnlyList<ResourceEntry> entries)
    {
        if (!work.Actor.Has(Roles.Engineer))
        {
            return Problems.BureauOnly;
        }

        var seq = await work.LastSeq();
        var serials = new Dictionary<string, long>(StringComparer.Ordinal);
        var cards = new List<ResourceCard>(entries.Count);
        foreach (var sent in entries)
        {
            var entry = Tidy.Entry(sent, null, work.NewId);
            if (CreateResource.Refusal(entry, work) is { } refused)
            {
                return refused with { What = new($"{entry.Name}: {refused.What.Zh}", $"{entry.Name}: {refused.What.En}") };
            }

            var id = entry.Id ?? work.NewId();
            if (entry.Id is not null && await work.Head(id) is not null)
            {
                continue;
            }

            var code = await Code(work, entry, serials);
            if (await work.Head(code.ToString()) is not null)
            {
                return Problems.CodeTaken.With(code);
            }

            var head = Head.New(++seq, id, code, entry.Unit, work.Now) with
            {
                Published = 1, Opened = null, OpenState = null, PublishedAt = work.Now,
            };
            entry = entry with { Id = id, Serial = code.Serial };
            await work.Add(head, entry, Step.Publish);
            await work.Tell(new ResourcePublished(id, code.ToString(), 1));
            cards.Add(head.Card(entry));
        }

        work.Detail = new { created = cards.Count, passedOver = entries.Count - cards.Count };
        return cards;
    }

    private static async Task<ResourceCode> Code(Work work, ResourceEntry entry, Dictionary<string, long> serials)
    {
        if (entry.Serial is { } serial)
        {
            return new(entry.Class, serial);
        }

        if (!serials.TryGetValue(entry.Class, out var last))
        {
            last = await work.LastSerial(entry.Class);
        }

        // A serial given by hand earlier in the same run may stand in the way.
        ResourceCode code;
        do
        {
            code = ResourceCode.Of(entry.Class, ++last);
        }
        while (await work.Head(code.ToString()) is not null);

        serials[entry.Class] = last;
        return code;
    }
}
