// In: an account and a certificate, uploaded or presented with the connection. Out: the account's certificates, and whether the one presented is one of them now.
// Refuses one that is not in date, weak, not for clients, or another account's; and to take the last factor away oneself.
// It is an account's own only once its key was shown there: a certificate is public, and whoever uploads a colleague's must not keep them from registering it.
using System.Data.Common;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Identity.Certificates;

/// <param name="Thumbprint">SHA-256, hexadecimal, lower case.</param>
/// <param name="Issued">Whether a configured authority issued it: then later ones of the same subject count as well.</param>
internal sealed record CertificateCard(Guid Id, string Thumbprint, string Subject, bool Issued, DateTimeOffset NotAfter, DateTimeOffset Made, DateTimeOffset? Used);

internal sealed class ClientCertificates(StateStore state, CertificateTrust trust, ILedger ledger, TimeProvider clock)
{
    /// <summary>Those that were not removed, also when out of date: an account does not lose its second factor by waiting.</summary>
    public async Task<IReadOnlyList<CertificateCard>> Of(Guid account, CancellationToken stop) => await state.Read(
        $"SELECT id, thumbprint, subject, issued, not_after, made_at, used_at FROM identity_certificate WHERE account = {account.ToString()} AND removed_at IS NULL ORDER BY id", Card, stop);

    /// <summary>Takes the certificate; the account's sessions end.</summary>
    /// <param name="shown">Whether it was presented with the connection, which its key's holder alone can do: then whoever only uploaded it has it no more.</param>
    public async Task<Result<CertificateCard>> Add(Account account, X509Certificate2 certificate, bool shown, Actor by, CancellationToken stop)
    {
        if (trust.Fault(certificate) is { } fault)
        {
            return Problems.BadCertificate.With(fault);
        }

        var now = clock.GetUtcNow();
        var card = new CertificateCard(
            Guid.CreateVersion7(now), Thumbprint(certificate), certificate.Subject, trust.Issued(certificate, account), Until(certificate), now, shown ? now : null);
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var taken = await connection.Scalar(
            transaction,
            $"SELECT 1 FROM identity_certificate WHERE thumbprint = {card.Thumbprint} AND removed_at IS NULL AND (used_at IS NOT NULL OR account = {account.Id.ToString()})",
            stop);
        if (taken is not null)
        {
            return Problems.CertificateTaken;
        }

        if (shown)
        {
            await TakeOver(connection, transaction, card.Thumbprint, account, now, stop);
        }

        await connection.Execute(
            transaction,
            $"""
             INSERT INTO identity_certificate (id, account, thumbprint, subject, issued, not_after, made_at, used_at)
             VALUES ({card.Id.ToString()}, {account.Id.ToString()}, {card.Thumbprint}, {card.Subject}, {(card.Issued ? 1 : 0)}, {card.NotAfter.ToStored()}, {now.ToStored()}, {card.Used?.ToStored()})
             """,
            stop);
        await Sessions.EndAll(connection, transaction, account.Id, except: null, stop);
        await ledger.Append(connection, transaction, by, new("certificate.added", account.Id.ToString(), Evidence.Done, new { card.Thumbprint, card.Subject, card.Issued }), stop);
        await transaction.CommitAsync(stop);
        return card;
    }

    /// <summary>Takes the certificate away; the account's sessions end, except one.</summary>
    public Task<bool> Remove(Guid id, Guid account, string? except, Actor by, CancellationToken stop) => state.Change(
        ledger, $"UPDATE identity_certificate SET removed_at = {clock.GetUtcNow().ToStored()} WHERE id = {id.ToString()} AND account = {account.ToString()} AND removed_at IS NULL",
        by, new("certificate.removed", account.ToString(), Evidence.Done, new { certificate = id }), stop,
        (connection, transaction) => Sessions.EndAll(connection, transaction, account, except, stop));

    /// <summary>Whether the certificate presented is one of the account's, in date, and not removed.</summary>
    public async Task<bool> Proves(Account account, X509Certificate2? presented, CancellationToken stop)
    {
        if (presented is null || trust.Fault(presented) is not null)
        {
            return false;
        }

        var (thumbprint, issued) = (Thumbprint(presented), trust.Issued(presented, account));
        if ((await Of(account.Id, stop)).FirstOrDefault(c => c.Thumbprint == thumbprint || (issued && c.Issued && c.Subject == presented.Subject)) is not { } known)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (await connection.Execute(transaction, $"UPDATE identity_certificate SET used_at = {now.ToStored()} WHERE id = {known.Id.ToString()} AND removed_at IS NULL", stop) != 1)
        {
            return false;
        }

        await TakeOver(connection, transaction, thumbprint, account, now, stop);
        await transaction.CommitAsync(stop);
        return true;
    }

    /// <summary>The account has shown the key: others who registered the certificate without it have it no more, and their sessions end.</summary>
    private async Task TakeOver(DbConnection connection, DbTransaction transaction, string thumbprint, Account account, DateTimeOffset now, CancellationToken stop)
    {
        var others = await connection.Rows(
            transaction,
            $"""
             UPDATE identity_certificate SET removed_at = {now.ToStored()}
             WHERE thumbprint = {thumbprint} AND account <> {account.Id.ToString()} AND used_at IS NULL AND removed_at IS NULL RETURNING account
             """,
            r => Guid.Parse(r.GetString(0)),
            stop).ToListAsync(stop);
        Actor by = new(account.Id, account.Name, account.Unit, new HashSet<string>());
        foreach (var other in others)
        {
            await Sessions.EndAll(connection, transaction, other, except: null, stop);
            await ledger.Append(connection, transaction, by, new("certificate.removed", other.ToString(), Evidence.Done, new { thumbprint, shownBy = account.Id }), stop);
        }
    }

    /// <summary>The certificate in a PEM; null when there is none, or it cannot be read.</summary>
    public static X509Certificate2? FromPem(string? pem)
    {
        try
        {
            return pem is { Length: > 0 and < 20_000 } ? X509Certificate2.CreateFromPem(pem) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string Thumbprint(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    private static DateTimeOffset Until(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime());

    private static CertificateCard Card(DbDataReader r) => new(
        Guid.Parse(r.GetString(0)), r.GetString(1), r.GetString(2), r.GetInt64(3) == 1, Clock.FromStored(r.GetString(4)), Clock.FromStored(r.GetString(5)),
        r.IsDBNull(6) ? null : Clock.FromStored(r.GetString(6)));
}
