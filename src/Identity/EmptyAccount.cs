// In: an account that does not fit its seal. Out: it is shut and has nothing left that could have been edited: no roles, unit, label, person, nor password. Nothing else of it is ever sealed anew;
// its login and its past in the ledger stay, and it can be given as any account. The security administrator's alone, whatever kind it was: what it says of itself is not believed.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Identity;

internal sealed class EmptyAccount(StateStore state, IdentityDb db, AccountSeals seals, ApiTokens tokens, ILedger ledger)
{
    public async Task<Result<AccountView>> Run(Account account, Actor actor, CancellationToken stop)
    {
        var id = account.Id.ToString("D");
        if (!actor.Has(Roles.SecurityAdministrator))
        {
            await ledger.Append(actor, new("account.refused", id, Problems.BrokenAccount.Code, new { act = "account.emptied" }), stop);
            return Problems.BrokenAccount;
        }

        var nobodys = await Passwords.Hash(Passwords.Random(), stop);
        await state.Change(
            ledger,
            $"""
             UPDATE identity_account SET active = 0, roles = '', unit = NULL, label = NULL, person = NULL, password = {nobodys}, password_at = NULL, must_change = 1, second_half = NULL, demo = 0, version = version + 1
             WHERE id = {id}
             """,
            actor,
            new("account.emptied", id, Evidence.Done),
            stop,
            async (connection, transaction) =>
            {
                await seals.Put(connection, transaction, id, stop);
                await tokens.RevokeAll(connection, transaction, account.Id, actor, stop);
                await Sessions.EndAll(connection, transaction, account.Id, except: null, stop);
            });
        return AccountView.Of(await db.Accounts.AsNoTracking().FirstAsync(a => a.Id == account.Id, stop));
    }
}
