// In: the one-time code from the console and three administrators. Out: a city that can be signed in to. Refuses everything once there is an account.
using System.Security.Cryptography;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore.Storage;

namespace Lizhou.Identity;

internal sealed class SetUpCity(StateStore state, IdentityDb db, ILedger ledger, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    // Hashing three passwords is costly: of many claims at once the first pays for it, the others find the code used.
    private static readonly SemaphoreSlim OneAtATime = new(1);

    internal sealed record Person(string? Login, string? Name, string? Password);

    internal sealed record Request(string? Code, Person? System, Person? Security, Person? Audit) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            foreach (var (field, person) in new[] { ("system", System), ("security", Security), ("audit", Audit) })
            {
                if (!Naming.IsLogin(person?.Login))
                {
                    yield return new($"{field}.login", Naming.NoLogin);
                }

                if (!Naming.IsName(person?.Name))
                {
                    yield return new($"{field}.name", Naming.NoName);
                }
            }
        }
    }

    internal static async Task<Results<Created, NotFound, ProblemHttpResult>> Handle(Request ask, SetUpCity setUp, HttpContext http, CancellationToken stop)
    {
        if (!await setUp.IsOpen(http, stop))
        {
            return TypedResults.NotFound();
        }

        // Only here: a city that has been claimed tells nobody what its set-up would take.
        if (ask.Check().ToList() is { Count: > 0 } faults)
        {
            return CheckedEndpoints.InvalidInput.With(string.Join("; ", faults.Select(f => $"{f.Field} {f.What}"))).ToHttp(faults);
        }

        return await setUp.Run(ask, stop) is { } refusal ? refusal.ToHttp() : TypedResults.Created("/sign-in");
    }

    /// <summary>Whether this machine may claim the city: there is no account yet.</summary>
    public async Task<bool> IsOpen(HttpContext http, CancellationToken stop) => Nearness.IsThisMachine(http) && !await HasAccounts(stop);

    public async Task<bool> HasAccounts(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Scalar(null, $"SELECT 1 FROM identity_account LIMIT 1", stop) is not null;
    }

    /// <summary>A new code of 128 bits; the one before is void. Only its hash is kept.</summary>
    public async Task<string> NewCode(CancellationToken stop)
    {
        var code = string.Join('-', Convert.ToHexString(RandomNumberGenerator.GetBytes(16)).Chunk(4).Select(c => new string(c)));
        await using var connection = await state.Open(stop);
        await connection.Execute(null, $"DELETE FROM identity_setup", stop);
        await connection.Execute(
            null,
            $"INSERT INTO identity_setup (id, code_hash, expires_at) VALUES ('city', {Secret.Hash(code)}, {(clock.GetUtcNow() + Lifetime).ToStored()})",
            stop);
        return code;
    }

    /// <param name="ask">One that has no faults (<see cref="Request.Check"/>).</param>
    public async Task<Problem?> Run(Request ask, CancellationToken stop)
    {
        (Person? Person, string Role)[] three =
            [(ask.System, Roles.SystemAdministrator), (ask.Security, Roles.SecurityAdministrator), (ask.Audit, Roles.AuditAdministrator)];
        // 三员分立: one person who names themselves three times is told apart by none of these, two who share a password by it.
        if (!Differ(three.Select(t => t.Person!.Login!)) || !Differ(three.Select(t => t.Person!.Name!)) || !Differ(three.Select(t => t.Person!.Password ?? "")))
        {
            return Problems.ThreeAdministrators;
        }

        if (three.Select(t => PasswordRules.Fault(t.Person!.Password, t.Person.Login!, t.Person.Name!)).FirstOrDefault(f => f is not null) is { } weak)
        {
            return weak;
        }

        await OneAtATime.WaitAsync(stop);
        try
        {
            // The code is looked at before the costly hashing, and taken after it: the taking decides, also between nodes.
            return await Take(ask.Code, null, stop) ? await Make(three, ask.Code, stop) : Problems.WrongSetupCode;
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    private async Task<Problem?> Make((Person? Person, string Role)[] three, string? code, CancellationToken stop)
    {
        foreach (var (person, role) in three)
        {
            db.Accounts.Add(Account.New(person!.Login!, person.Name!, null, [role], await Passwords.Hash(person.Password!, stop), clock.GetUtcNow()));
        }

        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        if (!await Take(code, transaction, stop))
        {
            return Problems.WrongSetupCode;
        }

        await db.SaveChangesAsync(stop);
        await ledger.Append(transaction.GetDbTransaction().Connection!, transaction.GetDbTransaction(), Actor.System, new("city.set-up", "city", "done"), stop);
        await transaction.CommitAsync(stop);
        return null;
    }

    private static bool Differ(IEnumerable<string> three) => three.Select(Naming.Folded).Distinct(StringComparer.Ordinal).Count() == 3;

    // Single use is the database's doing: of any number of claims at once, one update finds the code unused.
    private async Task<bool> Take(string? code, IDbContextTransaction? transaction, CancellationToken stop)
    {
        var (hash, now) = (Secret.Hash((code ?? "").Trim().ToUpperInvariant()), clock.GetUtcNow().ToStored());
        if (transaction is null)
        {
            await using var connection = await state.Open(stop);
            return await connection.Scalar(null, $"SELECT 1 FROM identity_setup WHERE code_hash = {hash} AND used_at IS NULL AND expires_at > {now}", stop) is not null;
        }

        var inside = transaction.GetDbTransaction();
        return await inside.Connection!.Execute(
            inside, $"UPDATE identity_setup SET used_at = {now} WHERE code_hash = {hash} AND used_at IS NULL AND expires_at > {now}", stop) == 1;
    }
}
