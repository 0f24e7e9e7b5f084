// In: a person at an outside provider. Out: the account they were linked to. A link is made by the person alone, signed in all the way and come from the provider: whoever else could make one could
// come in as them. It is never made by itself, and no account is made. Refuses an identity that is somebody else's. What the provider calls a person may be their id number: the ledger does not have it.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Identity.Outside;

/// <summary>A person at a provider.</summary>
/// <param name="Issuer">As the provider calls itself, without a slash at the end.</param>
/// <param name="Subject">Stable at its issuer.</param>
/// <param name="Name">For people; null when the provider told none.</param>
internal sealed record OutsidePerson(string Issuer, string Subject, string? Name);

internal sealed record OutsideLink(string Issuer, string Subject, string? Name, DateTimeOffset Made, DateTimeOffset? Used);

internal sealed class OutsideLinks(StateStore state, IdentityDb db, ILedger ledger, TimeProvider clock)
{
    public async Task<Account?> Find(OutsidePerson person, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Scalar(null, $"SELECT account FROM identity_outside WHERE issuer = {person.Issuer} AND subject = {person.Subject}", stop) is string id
            ? await db.Accounts.AsNoTracking().FirstOrDefaultAsync(a => a.Id == Guid.Parse(id), stop) : null;
    }

    public async Task<IReadOnlyList<OutsideLink>> Of(Guid account, CancellationToken stop) => await state.Read(
        $"SELECT issuer, subject, name, made_at, used_at FROM identity_outside WHERE account = {account.ToString()} ORDER BY made_at",
        r => new OutsideLink(r.GetString(0), r.GetString(1), r.IsDBNull(2) ? null : r.GetString(2), Clock.FromStored(r.GetString(3)), r.IsDBNull(4) ? null : Clock.FromStored(r.GetString(4))),
        stop);

    public async Task<Problem?> Link(OutsidePerson person, Actor by, CancellationToken stop)
    {
        if (person.Subject.Length is 0 or > 255 || person.Issuer.Length is 0 or > 500)
        {
            return Problems.NoOutside;
        }

        return await state.Change(
            ledger,
            $"""
             INSERT INTO identity_outside (issuer, subject, account, name, made_at)
             VALUES ({person.Issuer}, {person.Subject}, {by.Id.ToString()}, {person.Name}, {clock.GetUtcNow().ToStored()}) ON CONFLICT (issuer, subject) DO NOTHING
             """,
            by, new("outside.linked", by.Id.ToString(), Evidence.Done, new { person.Issuer }), stop) ? null : Problems.OutsideTaken;
    }

    /// <summary>Ends a link and the account's sessions; one's own, or anybody's by the security administrator.</summary>
    public async Task<Problem?> Unlink(string issuer, string subject, Guid account, Actor by, string? except, CancellationToken stop)
    {
        if (by.Id != account && !by.Has(Roles.SecurityAdministrator))
        {
            return Problems.NoSuchAccount;
        }

        return await state.Change(
            ledger, $"DELETE FROM identity_outside WHERE issuer = {issuer} AND subject = {subject} AND account = {account.ToString()}",
            by, new("outside.unlinked", account.ToString(), Evidence.Done, new { issuer }), stop,
            (connection, transaction) => Sessions.EndAll(connection, transaction, account, except, stop)) ? null : Problems.NoOutside;
    }

    public async Task Used(OutsidePerson person, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(null, $"UPDATE identity_outside SET used_at = {clock.GetUtcNow().ToStored()} WHERE issuer = {person.Issuer} AND subject = {person.Subject}", stop);
    }
}
