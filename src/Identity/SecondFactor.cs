// In: a code of an authenticator, a recovery code, or a client certificate. Out: a session of two factors under a new id. Refuses a code used before, one more than a step off, and guessing.
// Administrators need it: with the password alone they are known and may do nothing.
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Lizhou.Contracts.Ledger;
using Lizhou.Identity.Certificates;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using OtpNet;

namespace Lizhou.Identity;

/// <summary>What a new authenticator is told.</summary>
/// <param name="Secret">Base32, to type in.</param>
/// <param name="Uri">The same as <c>otpauth://</c>, for a QR code.</param>
/// <param name="Ticket">To be sent back with the first code; sealed, good for a quarter of an hour, for this account alone.</param>
internal sealed record Enrolment(string Secret, string Uri, string Ticket);

/// <summary>The second factors of an account; any of them proves it.</summary>
/// <param name="Code">Whether an authenticator is enrolled.</param>
internal sealed record Factors(bool Code, IReadOnlyList<CertificateCard> Certificates)
{
    public int Count => (Code ? 1 : 0) + Certificates.Count;

    public bool Any => Count > 0;
}

internal sealed class SecondFactor(
    StateStore state, IdentityDb db, Sessions sessions, Locks locks, ClientCertificates certificates, ILedger ledger, IDataProtectionProvider seals, TimeProvider clock)
{
    private const int RecoveryCodes = 8;

    private readonly ITimeLimitedDataProtector tickets = seals.CreateProtector("Lizhou.SecondFactor.Ticket").ToTimeLimitedDataProtector();
    private readonly IDataProtector secrets = seals.CreateProtector("Lizhou.SecondFactor.Secret");

    /// <summary>A fresh secret. Nothing is kept of it until its first code has come: one who only knows the password cannot leave a secret behind.</summary>
    public async Task<Result<Enrolment>> Begin(HttpContext http, CancellationToken stop)
    {
        var account = Actor.From(http.User)!.Id;
        if (await db.Accounts.AsNoTracking().FirstOrDefaultAsync(a => a.Id == account, stop) is not { } known)
        {
            return Problems.NoSuchAccount;
        }

        if (await MayNotEnrol(known, http, stop) is { } refusal)
        {
            return refusal;
        }

        var secret = Base32Encoding.ToString(KeyGeneration.GenerateRandomKey(20)).TrimEnd('=');
        var uri = $"otpauth://totp/Lizhou:{Uri.EscapeDataString(known.Login)}?secret={secret}&issuer=Lizhou";
        return new Enrolment(secret, uri, tickets.Protect($"{account} {secret}", TimeSpan.FromMinutes(15)));
    }

    /// <summary>Takes the new authenticator with its first code; the session becomes one of two factors.</summary>
    /// <returns>The recovery codes, shown once.</returns>
    public async Task<Result<IReadOnlyList<string>>> Enrol(string? ticket, string? code, HttpContext http, CancellationToken stop)
    {
        var actor = Actor.From(http.User)!;
        if (await db.Accounts.AsNoTracking().FirstOrDefaultAsync(a => a.Id == actor.Id, stop) is not { } account)
        {
            return Problems.NoSuchAccount;
        }

        if (await MayNotEnrol(account, http, stop) is { } refusal)
        {
            return refusal;
        }

        if (Secret(ticket, account.Id) is not { } secret || Step(secret, code) is not { } step)
        {
            return Problems.WrongCode;
        }

        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => string.Join('-', Base32Encoding.ToString(RandomNumberGenerator.GetBytes(10)).Chunk(4).Select(c => new string(c)))).ToList();
        await using (var connection = await state.Open(stop))
        {
            await using var transaction = await connection.BeginTransactionAsync(stop);
            var id = account.Id.ToString();
            var kept = await connection.Execute(
                transaction,
                $"""
                 INSERT INTO identity_factor (account, secret, made_at, last_step) VALUES ({id}, {secrets.Protect(secret)}, {clock.GetUtcNow().ToStored()}, {step})
                 ON CONFLICT (account) DO NOTHING
                 """,
                stop);
            if (kept == 0)
            {
                return Problems.FactorThere;
            }

            foreach (var recovery in codes)
            {
                await connection.Execute(transaction, $"INSERT INTO identity_recovery (hash, account) VALUES ({Hash(account.Id, recovery)}, {id})", stop);
            }

            await ledger.Append(connection, transaction, actor, new("second-factor.enrolled", id, "done"), stop);
            await Sessions.EndAll(connection, transaction, account.Id, except: null, stop);
            await transaction.CommitAsync(stop);
        }

        await sessions.Open(http, account, factors: 2, stop);
        return codes;
    }

    /// <summary>Proves the second factor of the session that asks.</summary>
    public async Task<Problem?> Prove(Account account, string? code, HttpContext http, CancellationToken stop)
    {
        var address = Sessions.Address(http);
        if (await locks.Until(account.Login, address, stop) is { } until)
        {
            return Problems.Locked.With(until.Shown());
        }

        Actor actor = new(account.Id, account.Name, account.Unit, new HashSet<string>());
        await using var connection = await state.Open(stop);
        var how = await Take(connection, account.Id, code, stop);
        await ledger.Append(actor, new("second-factor.proven", account.Id.ToString(), how is null ? Problems.WrongCode.Code : "done", new { how }), stop);
        if (how is null)
        {
            // Counted with the wrong passwords: who has the one cannot guess the other.
            await locks.Failed(account.Login, address, stop);
            return Problems.WrongCode;
        }

        await Locks.Clear(connection, null, account.Login, stop);
        await sessions.Open(http, account, factors: 2, stop);
        return null;
    }

    /// <summary>Whether the certificate of the connection is one of the account's; in the ledger either way, unless there is none to compare. The caller opens the session.</summary>
    public async Task<bool> ProveByCertificate(Account account, HttpContext http, CancellationToken stop)
    {
        if (await http.Connection.GetClientCertificateAsync(stop) is not { } presented || (await certificates.Of(account.Id, stop)).Count == 0)
        {
            return false;
        }

        var good = await certificates.Proves(account, presented, stop);
        Actor actor = new(account.Id, account.Name, account.Unit, new HashSet<string>());
        await ledger.Append(actor, new("second-factor.proven", account.Id.ToString(), good ? Evidence.Done : Problems.WrongCertificate.Code, new { how = "certificate" }), stop);
        if (good)
        {
            await using var connection = await state.Open(stop);
            await Locks.Clear(connection, null, account.Login, stop);
        }

        return good;
    }

    /// <summary>Takes every way in but the password from an account that passes to another person: factors, certificates, links to the outside provider.</summary>
    public async Task Forget(DbConnection connection, DbTransaction transaction, Guid account, Actor by, CancellationToken stop)
    {
        var id = account.ToString();
        await Clear(connection, transaction, id, stop);
        await connection.Execute(transaction, $"DELETE FROM identity_outside WHERE account = {id}", stop);
        await ledger.Append(connection, transaction, by, new("account.handed-over", id, Evidence.Done), stop);
    }

    private async Task Clear(DbConnection connection, DbTransaction transaction, string account, CancellationToken stop)
    {
        await connection.Execute(transaction, $"DELETE FROM identity_factor WHERE account = {account}", stop);
        await connection.Execute(transaction, $"DELETE FROM identity_recovery WHERE account = {account}", stop);
        await connection.Execute(transaction, $"UPDATE identity_certificate SET removed_at = {clock.GetUtcNow().ToStored()} WHERE account = {account} AND removed_at IS NULL", stop);
    }

    /// <summary>Takes the second factors of somebody else away: they enrol anew. Only the security administrator does it.</summary>
    public async Task<Problem?> Reset(Guid account, Actor actor, CancellationToken stop)
    {
        if (!actor.Has(Roles.SecurityAdministrator) || account == actor.Id)
        {
            return Problems.NotYours;
        }

        if (!(await Of(account, stop)).Any)
        {
            return Problems.NoFactor;
        }

        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var id = account.ToString();
        await Clear(connection, transaction, id, stop);
        await Sessions.EndAll(connection, transaction, account, except: null, stop);
        await ledger.Append(connection, transaction, actor, new("second-factor.reset", id, "done"), stop);
        await transaction.CommitAsync(stop);
        return null;
    }

    public async Task<Factors> Of(Guid account, CancellationToken stop) => new(await HasCode(account, stop), await certificates.Of(account, stop));

    // One who knows the password alone adds nothing to an account that has a second factor.
    private async Task<Problem?> MayNotEnrol(Account account, HttpContext http, CancellationToken stop) =>
        await HasCode(account.Id, stop) ? Problems.FactorThere : HalfwayIn.Waits(http.User) == Sessions.WantsCode ? Problems.CodeFirst : null;

    private async Task<bool> HasCode(Guid account, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Scalar(null, $"SELECT 1 FROM identity_factor WHERE account = {account.ToString()}", stop) is not null;
    }

    // Single use is the database's doing: of two requests with one code, one update finds it unused.
    private async Task<string?> Take(DbConnection connection, Guid account, string? code, CancellationToken stop)
    {
        var id = account.ToString();
        if (await connection.Scalar(null, $"SELECT secret FROM identity_factor WHERE account = {id}", stop) is not string kept)
        {
            return null;
        }

        if (Step(secrets.Unprotect(kept), code) is { } step)
        {
            return await connection.Execute(null, $"UPDATE identity_factor SET last_step = {step} WHERE account = {id} AND last_step < {step}", stop) == 1 ? "code" : null;
        }

        var used = await connection.Execute(
            null, $"UPDATE identity_recovery SET used_at = {clock.GetUtcNow().ToStored()} WHERE hash = {Hash(account, code ?? "")} AND account = {id} AND used_at IS NULL", stop);
        return used == 1 ? "recovery" : null;
    }

    private long? Step(string secret, string? code)
    {
        var digits = (code ?? "").Replace(" ", "", StringComparison.Ordinal);
        return digits.Length == 6 && new Totp(Base32Encoding.ToBytes(secret)).VerifyTotp(clock.GetUtcNow().UtcDateTime, digits, out var step, new VerificationWindow(1, 1)) ? step : null;
    }

    private string? Secret(string? ticket, Guid account)
    {
        try
        {
            return tickets.Unprotect(ticket ?? "").Split(' ') is [var whose, var secret] && whose == account.ToString() ? secret : null;
        }
        catch (CryptographicException)
        {
            return null; // Forged, too old, or of another installation.
        }
    }

    private static string Hash(Guid account, string code) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{account} {code.Trim().Replace("-", "", StringComparison.Ordinal).ToUpperInvariant()}")));
}
