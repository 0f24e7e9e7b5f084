// In: bytes. Out: an RFC 3161 time stamp over them, from an outside authority where one is set, else from this installation itself, and then it says so.
// An authority that does not answer in time or answers something else does not hold up sealing: the built-in stamp takes its place.
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Lizhou.Kernel;
using Microsoft.Extensions.Logging;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tsp;
using Org.BouncyCastle.Utilities.Collections;
using Org.BouncyCastle.X509;

namespace Lizhou.Ledger.Sealing;

/// <param name="Response">TimeStampResp, DER, as <c>openssl ts -verify -in</c> reads it.</param>
/// <param name="BuiltIn">Whether this installation stamped it itself: then it proves order, not time.</param>
internal sealed record Stamp(byte[] Response, bool BuiltIn);

internal sealed class Stamper : IDisposable
{
    /// <summary>Shown wherever a stamp is ours.</summary>
    public static readonly Text BuiltInName = new("内置时间戳（非权威）", "Built-in time stamp (not an authority's)");

    private const string Policy = "1.3.6.1.4.1.13762.3"; // any policy; the one OpenSSL's own test authority names
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly HttpClient outside = new() { Timeout = Patience, MaxResponseContentBufferSize = 1 << 20 };
    private readonly AsymmetricKeyParameter key;
    private readonly X509Certificate certificate;
    private readonly Settings settings;
    private readonly TimeProvider clock;
    private readonly ILogger<Stamper> log;

    public Stamper(Settings settings, TimeProvider clock, ILogger<Stamper> log)
    {
        (this.settings, this.clock, this.log) = (settings, clock, log);
        (key, var chain) = KeyPair.Open(
            KeyFiles.Folder(settings), "stamper", Suite.Sha256, clock, new("丽州内置时间戳（非权威） Lizhou built-in time stamp (no authority)", KeyPurposeID.id_kp_timeStamping));
        certificate = chain[0];
    }

    public async Task<Stamp> Make(byte[] content, CancellationToken stop)
    {
        var ask = new TimeStampRequestGenerator();
        ask.SetCertReq(true);
        var request = ask.Generate(TspAlgorithms.Sha256, SHA256.HashData(content), new BigInteger(1, RandomNumberGenerator.GetBytes(16)));
        return settings.TimestampUrl is { Length: > 0 } url && await Outside(url, request, stop) is { } answer
            ? new(answer, BuiltIn: false)
            : new(Answer(request), BuiltIn: true);
    }

    /// <summary>The certificate that stamped these bytes, and when; null when the stamp is broken or of something else.</summary>
    public (X509Certificate By, DateTimeOffset At)? Verify(byte[] content, byte[] response)
    {
        try
        {
            var token = new TimeStampResponse(response).TimeStampToken;
            if (token is null || !CryptographicOperations.FixedTimeEquals(token.TimeStampInfo.GetMessageImprintDigest(), SHA256.HashData(content)))
            {
                return null;
            }

            var by = Certificates(token).FirstOrDefault(c => token.SignerID.Match(c)) ?? certificate;
            token.Validate(by);
            return (by, new DateTimeOffset(DateTime.SpecifyKind(token.TimeStampInfo.GenTime, DateTimeKind.Utc)));
        }
        catch (Exception broken) when (broken is TspException or GeneralSecurityException or IOException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    public bool IsOwn(X509Certificate stamper) => stamper.Equals(certificate);

    public static IEnumerable<X509Certificate> Certificates(byte[] response) => Certificates(new TimeStampResponse(response).TimeStampToken);

    public void Dispose() => outside.Dispose();

    private static IEnumerable<X509Certificate> Certificates(TimeStampToken token) => token.GetCertificates().EnumerateMatches(null);

    /// <summary>The built-in authority at work.</summary>
    internal byte[] Answer(TimeStampRequest request)
    {
        var token = new TimeStampTokenGenerator(key, certificate, TspAlgorithms.Sha256, Policy);
        token.SetCertificates(CollectionUtilities.CreateStore([certificate]));
        var serial = new BigInteger(1, RandomNumberGenerator.GetBytes(8));
        return new TimeStampResponseGenerator(token, TspAlgorithms.Allowed).Generate(request, serial, clock.GetUtcNow().UtcDateTime).GetEncoded();
    }

    private async Task<byte[]?> Outside(string url, TimeStampRequest request, CancellationToken stop)
    {
        try
        {
            using var query = new ByteArrayContent(request.GetEncoded());
            query.Headers.ContentType = new MediaTypeHeaderValue("application/timestamp-query");
            using var answer = await outside.PostAsync(new Uri(url), query, stop);
            answer.EnsureSuccessStatusCode();
            var bytes = await answer.Content.ReadAsByteArrayAsync(stop);
            var response = new TimeStampResponse(bytes);
            response.Validate(request);
            var token = response.TimeStampToken;
            token.Validate(Certificates(token).First(c => token.SignerID.Match(c)));
            return bytes;
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            // One line a batch: an authority that answers rubbish for days must not fill the log with traces.
            log.LogWarning("The time stamp authority {Url} gave no good stamp ({Why}); the built-in one is used for this batch.", url, failure.Message);
            return null;
        }
    }
}
