// In: a person and a certificate of theirs, as PEM or presented with the connection. Out: it is a second factor from now on, or no more. Refuses one whose other factor is not proven yet.
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Identity.Certificates;

internal sealed class KeepCertificates(ClientCertificates certificates, SecondFactor factor, IdentityDb db, Sessions sessions)
{
    private static readonly Text HoldsKey = new(
        "其中含有私钥（PRIVATE KEY），没有保存；私钥已离开您的设备，请换用新的密钥和证书，并只上传证书段",
        "it holds a private key (PRIVATE KEY), which was not kept; the key has left your device: make a new key and certificate and upload the certificate's block alone");

    /// <param name="Pem">Null for the one presented with this connection.</param>
    internal sealed record Ask(string? Pem);

    internal static async Task<Ok<IReadOnlyList<CertificateCard>>> HandleList(ClientCertificates certificates, HttpContext http, CancellationToken stop) =>
        TypedResults.Ok(await certificates.Of(Actor.From(http.User)!.Id, stop));

    internal static async Task<Results<Ok<CertificateCard>, ProblemHttpResult>> HandleAdd(Ask ask, KeepCertificates keep, HttpContext http, CancellationToken stop)
    {
        var added = await keep.Add(ask.Pem, http, stop);
        return added.Refused ? added.Problem!.ToHttp() : TypedResults.Ok(added.Value);
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleRemove(Guid id, KeepCertificates keep, HttpContext http, CancellationToken stop) =>
        await keep.Remove(id, http, stop) is { } refusal ? refusal.ToHttp() : TypedResults.NoContent();

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleProve(KeepCertificates keep, HttpContext http, CancellationToken stop) =>
        await keep.Prove(http, stop) is { } refusal ? refusal.ToHttp() : TypedResults.NoContent();

    /// <summary>One that was presented is proven by it; after an upload the person signs in anew, with the certificate.</summary>
    public async Task<Result<CertificateCard>> Add(string? pem, HttpContext http, CancellationToken stop)
    {
        if (await Self(http, stop) is not { } account)
        {
            return Problems.NoSuchAccount;
        }

        // One who knows the password alone adds nothing to an account that has a second factor.
        if (HalfwayIn.Waits(http.User) == Sessions.WantsCode)
        {
            return Problems.CodeFirst;
        }

        if (pem?.Contains("PRIVATE KEY", StringComparison.OrdinalIgnoreCase) == true)
        {
            return Problems.BadCertificate.With(HoldsKey);
        }

        var presented = pem is null ? await http.Connection.GetClientCertificateAsync(stop) : null;
        if ((presented ?? ClientCertificates.FromPem(pem)) is not { } certificate)
        {
            return Problems.NoCertificate;
        }

        var added = await certificates.Add(account, certificate, shown: presented is not null, Actor.From(http.User)!, stop);
        if (added.Refused)
        {
            return added;
        }

        var proven = presented is not null || HalfwayIn.Waits(http.User) is null && (await factor.Of(account.Id, stop)).Count > 1;
        if (proven)
        {
            await sessions.Open(http, account, factors: 2, stop);
        }
        else
        {
            Sessions.Forget(http);
        }

        return added;
    }

    /// <summary>One of several; the last factor is taken away by the security administrator alone.</summary>
    public async Task<Problem?> Remove(Guid id, HttpContext http, CancellationToken stop)
    {
        var actor = Actor.From(http.User)!;
        if (HalfwayIn.Waits(http.User) is not null)
        {
            return Problems.CodeFirst;
        }

        var factors = await factor.Of(actor.Id, stop);
        if (factors.Certificates.All(c => c.Id != id))
        {
            return Problems.NoCertificate;
        }

        if (factors.Count == 1)
        {
            return Problems.LastFactor;
        }

        await certificates.Remove(id, actor.Id, http.User.FindFirst(Sessions.SessionClaim)?.Value, actor, stop);
        return null;
    }

    /// <summary>Proves the second factor of the session that asks by the certificate of its connection.</summary>
    public async Task<Problem?> Prove(HttpContext http, CancellationToken stop) =>
        await Self(http, stop) is not { } account ? Problems.NoSuchAccount
        : await factor.ProveByCertificate(account, http, stop) ? await Opened(account, http, stop)
        : Problems.WrongCertificate;

    private async Task<Problem?> Opened(Account account, HttpContext http, CancellationToken stop)
    {
        await sessions.Open(http, account, factors: 2, stop);
        return null;
    }

    private async Task<Account?> Self(HttpContext http, CancellationToken stop)
    {
        var id = Actor.From(http.User)!.Id;
        return await db.Accounts.AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, stop);
    }
}
