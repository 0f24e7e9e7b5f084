// In: a person changed. Out: the account they have follows: one who left is out at once (account, sessions, tokens), one who moved acts for the new unit. Doing it again changes nothing.
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Identity;

internal sealed class LetGo(IdentityDb db, Sessions sessions, ApiTokens tokens, ILedger ledger, TimeProvider clock) : IHandle<PersonChanged>
{
    public async Task Handle(PersonChanged fact, Guid delivery, CancellationToken stop)
    {
        if (await db.Accounts.FirstOrDefaultAsync(a => a.Person == fact.Person, stop) is not { } account)
        {
            return;
        }

        var leaves = !fact.Active && account.Active;
        var moves = fact.Active && (account.Name != fact.Name || (account.Unit is not null && account.Unit != fact.Unit));
        if (leaves || moves)
        {
            account.Active = account.Active && fact.Active;
            account.Name = fact.Name;
            account.Unit = account.Unit is null ? null : fact.Unit;
            (account.Version, account.ChangedAt) = (account.Version + 1, clock.GetUtcNow());
            Evidence evidence = new(leaves ? "account.disabled" : "account.moved", account.Id.ToString(), "done", new { fact.Person, fact.Unit });
            if (await db.Commit(ledger, Actor.System, evidence, stop) is { } late)
            {
                throw new ProblemException(late); // Delivered again.
            }
        }

        if (!fact.Active)
        {
            await tokens.RevokeAll(account.Id, Actor.System, stop);
        }

        if (!fact.Active || moves)
        {
            await sessions.EndAll(account.Id, except: null, stop);
        }
    }
}
