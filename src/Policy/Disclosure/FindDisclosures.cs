// In: the number of a person's id, who asks. Out: every time that rows about them went out: to whom, under which grant, what for, which items. Refuses what is no such number.
// What a law still withholds is not told to the person. The look is evidence before it is answered.
using System.Text;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;

namespace Lizhou.Policy.Disclosure;

internal sealed class FindDisclosures(PersonKey keys, PeopleTold people, IExchanges exchanges, IGrantBook grants, ICatalog catalog, ILedger ledger, TimeProvider clock) : IDisclosures
{
    internal const int Most = 1000;

    public Task<Result<IReadOnlyList<Disclosed>>> ForPerson(string idNumber, Actor actor, CancellationToken stop) => Find(idNumber, actor, office: false, stop);

    public Task<Result<IReadOnlyList<Disclosed>>> ForOffice(string idNumber, Actor actor, CancellationToken stop) =>
        actor.Has(Roles.AuditAdministrator) ? Find(idNumber, actor, office: true, stop) : Task.FromResult<Result<IReadOnlyList<Disclosed>>>(Problems.NoRight);

    private async Task<Result<IReadOnlyList<Disclosed>>> Find(string idNumber, Actor actor, bool office, CancellationToken stop)
    {
        if (!Identifiers.IsIdNumber(Encoding.UTF8.GetBytes(idNumber.Trim().ToUpperInvariant())))
        {
            return Problems.NoIdNumber;
        }

        var person = keys.Of(idNumber);
        var moved = await exchanges.Of([.. (await Task.Run(() => people.Of(person), stop)).OrderDescending().Take(Most)], stop);
        var today = clock.Today();
        var told = moved.Where(m => office || !(m.Moved.Secrecy?.Until > today)).ToList();
        var (numbers, cards) = (new Dictionary<Guid, string?>(), new Dictionary<Guid, ResourceCard?>());
        foreach (var entry in told)
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

        await ledger.Append(actor, new Evidence("disclosures.looked-up", person.ToString("x16"), Evidence.Done, new { office, found = told.Count }), stop);
        return told.Select(m => Shown(m, numbers, cards, today)).ToList();
    }

    private static Disclosed Shown(Movement entry, Dictionary<Guid, string?> numbers, Dictionary<Guid, ResourceCard?> cards, DateOnly today)
    {
        var moved = entry.Moved;
        var card = moved.Resource is { } resource ? cards[resource] : null;
        var names = card?.Items.ToDictionary(i => i.Column, i => i.Name, StringComparer.Ordinal) ?? [];
        return new(
            entry.Seq, entry.At, moved.Provider, moved.Receiver, moved.Grant is { } grant ? numbers[grant] : null, moved.Purpose, card?.Name,
            [.. (moved.Items ?? []).Select(i => names.GetValueOrDefault(i, i))], moved.Secrecy?.Until > today ? moved.Secrecy : null);
    }
}
