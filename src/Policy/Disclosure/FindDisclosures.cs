// In: the number of a person's id, who asks, a page. Out: every time that rows about them went out: to whom, under which grant, what for, which items. Refuses what is no such number.
// What a law still withholds is not told to the person. The look is evidence before it is answered.
using System.Text;
using System.Text.Json.Nodes;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Policy.Views;
using Lizhou.Tabular;

namespace Lizhou.Policy.Disclosure;

internal sealed class FindDisclosures(PersonKey keys, PeopleTold people, IExchanges exchanges, IGrantBook grants, ICatalog catalog, ILedger ledger, TimeProvider clock) : IDisclosures
{
    /// <summary>Entries the ledger is asked for at a time.</summary>
    private const int AtOnce = 1000;

    public Task<Result<Page<Disclosed>>> ForPerson(string idNumber, PageAsk page, Actor actor, CancellationToken stop) => Find(idNumber, page, actor, office: false, stop);

    public Task<Result<Page<Disclosed>>> ForOffice(string idNumber, PageAsk page, Actor actor, CancellationToken stop) =>
        actor.Has(Roles.AuditAdministrator) ? Find(idNumber, page, actor, office: true, stop) : Task.FromResult<Result<Page<Disclosed>>>(Problems.NoRight);

    private async Task<Result<Page<Disclosed>>> Find(string idNumber, PageAsk page, Actor actor, bool office, CancellationToken stop)
    {
        if (!Identifiers.IsIdNumber(Encoding.UTF8.GetBytes(idNumber.Trim().ToUpperInvariant())))
        {
            return Problems.NoIdNumber;
        }

        var person = keys.Of(idNumber);
        var entries = (await Task.Run(() => people.Of(person), stop)).OrderDescending().ToList();
        var today = clock.Today();
        var told = await OnPage(office ? entries : await Tellable(entries, today, stop), page, stop);
        var (numbers, cards) = (new Dictionary<Guid, string?>(), new Dictionary<Guid, ResourceCard?>());
        foreach (var entry in told.Items)
        {
            if (entry.Moved.Grant is { } grant && !numbers.ContainsKey(grant))
            {
                numbers[grant] = (await grants.Find(grant, stop))?.Number;
            }

            if (entry.Moved.Resource is { } resource && !cards.ContainsKey(resource))
            {
                cards[resource] = await catalog.Published(resource, stop);
            }
        }

        await ledger.Append(actor, new Evidence("disclosures.looked-up", person.ToString("x16"), Evidence.Done, new { office, found = told.Total, page = told.Number }), stop);
        return new Page<Disclosed>([.. told.Items.Select(m => Shown(m, numbers, cards, today))], told.Number, told.Size, told.Total);
    }

    /// <summary>Everything counts; only the page is read.</summary>
    private async Task<Page<Movement>> OnPage(List<long> entries, PageAsk page, CancellationToken stop) =>
        new(await exchanges.Of([.. entries.Skip(page.Skip).Take(page.Rows)], stop), page.Number, page.Rows, entries.Count);

    /// <summary>What is withheld must not even be missing from a page or be in the count, so all are asked for, but only by their numbers.</summary>
    private async Task<List<long>> Tellable(List<long> entries, DateOnly today, CancellationToken stop)
    {
        var told = new List<long>();
        foreach (var some in entries.Chunk(AtOnce))
        {
            told.AddRange(await exchanges.Tellable(some, today, stop));
        }

        return told;
    }

    private static Disclosed Shown(Movement entry, Dictionary<Guid, string?> numbers, Dictionary<Guid, ResourceCard?> cards, DateOnly today)
    {
        var moved = entry.Moved;
        var card = moved.Resource is { } resource ? cards[resource] : null;
        var names = card?.Items.ToDictionary(i => i.Column, i => i.Name, StringComparer.Ordinal) ?? [];
        var masks = Masks(entry.Detail);
        var shown = (moved.Items ?? []).Where(i => !(masks?.TryGetValue(i, out var mask) == true && mask == MaskKind.Null)).ToList();
        string Name(string column) => names.GetValueOrDefault(column, column);
        return new(
            entry.Seq, entry.At, moved.Provider, moved.Receiver, moved.Grant is { } grant ? numbers[grant] : null, moved.Purpose, card?.Name,
            [.. shown.Select(Name)], moved.Secrecy?.Until > today ? moved.Secrecy : null)
        {
            Masked = masks is null ? null : shown.Where(i => masks.ContainsKey(i)).DistinctBy(Name).ToDictionary(Name, i => masks[i], StringComparer.Ordinal),
        };
    }

    /// <summary>How each item went out, as the evidence says (<see cref="Ruling.Masks"/>); null where it was not written down yet.</summary>
    private static Dictionary<string, MaskKind>? Masks(string? detail) =>
        detail is not null && JsonNode.Parse(detail) is JsonObject said && said["masks"] is JsonObject masks
            ? masks.ToDictionary(m => m.Key, m => Enum.Parse<MaskKind>((string)m.Value!), StringComparer.Ordinal)
            : null;
}
