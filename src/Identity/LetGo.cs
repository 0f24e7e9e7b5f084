// In: a person changed. Out: the account they have follows: one who left is out at once (account, sessions, tokens), one who moved acts for the new unit, without what was theirs to keep or to use in
// the old one. The last administrator of a kind stays as they are, sessions too, or the city could be shut. Doing it again changes nothing.
using System.Data.Common;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Identity;

internal sealed class LetGo(IdentityDb db, StateStore state, ApiTokens tokens, ILedger ledger, TimeProvider clock) : IHandle<PersonChanged>
{
    public async Task Handle(PersonChanged fact, Guid delivery, CancellationToken stop)
    {
        if (await db.Accounts.FirstOrDefaultAsync(a => a.Person == fact.Person, stop) is not { } account)
        {
            return;
        }

        if (!db.IsWhole(account))
        {
            await ledger.Append(Actor.System, new("account.kept", account.Id.ToString(), Problems.BrokenAccount.Code, new { fact.Person }), stop);
            return; // Nobody comes in by it, and nothing of it is sealed anew.
        }

        var leaves = !fact.Active && account.Active;
        if (leaves && await db.IsLastOfKind(account, stop))
        {
            await ledger.Append(Actor.System, new("account.kept", account.Id.ToString(), Problems.LastOfKind.Code, new { fact.Person, account.Roles }), stop);
            return;
        }

        var elsewhere = account.Unit is not null && account.Unit != fact.Unit;
        var moves = fact.Active && (account.Name != fact.Name || elsewhere);
        if (leaves || moves)
        {
            // Whom a unit's administrator keeps goes by their unit: nobody takes that along, or is moved into it.
            account.Roles = elsewhere ? string.Join(',', account.RoleList.Where(r => r != Roles.UnitAdministrator)) : account.Roles;
            account.Active = account.Active && fact.Active && account.Roles.Length > 0;
            account.Name = fact.Name;
            account.Unit = account.Unit is null ? null : fact.Unit;
            (account.Version, account.ChangedAt) = (account.Version + 1, clock.GetUtcNow());
            Evidence evidence = new(account.Active ? "account.moved" : "account.disabled", account.Id.ToString(), "done", new { fact.Person, fact.Unit, account.Roles });
            if (await db.Commit(ledger, Actor.System, evidence, stop, End) is { } late)
            {
                throw new ProblemException(late); // Delivered again.
            }
        }
        else if (!fact.Active)
        {
            // Shut before, perhaps for being unused: its tokens may still be good.
            await using var connection = await state.Open(stop);
            await using var transaction = await connection.BeginTransactionAsync(stop);
            await End(connection, transaction);
            await transaction.CommitAsync(stop);
        }

        async Task End(DbConnection connection, DbTransaction transaction)
        {
            if (!fact.Active || elsewhere)
            {
                await tokens.RevokeAll(connection, transaction, account.Id, Actor.System, stop);
            }

            await Sessions.EndAll(connection, transaction, account.Id, except: null, stop);
        }
    }
}
