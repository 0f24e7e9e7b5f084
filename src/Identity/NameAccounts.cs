// In: ids that evidence has. Out: what the accounts among them are called, with their pages.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Identity;

internal sealed class NameAccounts(StateStore state) : IEvidenceNames
{
    public async Task<IReadOnlyDictionary<string, EvidenceName>> Of(IReadOnlyCollection<string> ids, CancellationToken stop)
    {
        var found = new Dictionary<string, EvidenceName>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            if (Guid.TryParse(id, out var account) && (await state.Read($"SELECT name, login FROM identity_account WHERE id = {account.ToString("D")}", r => (Name: r.GetString(0), Login: r.GetString(1)), stop)) is [var known])
            {
                found[id] = new($"{known.Name} ({known.Login})", $"/accounts/{account:D}", IdentityModule.Keepers);
            }
        }

        return found;
    }
}
