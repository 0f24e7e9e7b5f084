// In: a grant's number, as people search for it, or ids and numbers that evidence has. Out: its id; and what grants, requests and deliveries are called, with their pages.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Sharing.Grants;

internal sealed class NumberGrants(StateStore state) : IGrantNumbers, IEvidenceNames
{
    public async Task<Guid?> Find(string number, CancellationToken stop) => (await SharedGrant.Find(state, number, stop))?.Id;

    public async Task<IReadOnlyDictionary<string, EvidenceName>> Of(IReadOnlyCollection<string> ids, CancellationToken stop)
    {
        var found = new Dictionary<string, EvidenceName>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            var number = Guid.TryParse(id, out var known) ? (await state.Read($"SELECT number FROM sharing_grant WHERE id = {known.ToString("D")}", r => r.GetString(0), stop)).FirstOrDefault() : id;
            if (number?.Split('-')[0] switch { "SQ" => "grants", "QQ" => "requests", "JF" => "deliveries", _ => null } is { } page)
            {
                found[id] = new(number!, $"/{page}/{Uri.EscapeDataString(number!)}", Roles.Data);
            }
        }

        return found;
    }
}
