// Client certificates as a second factor, over real TLS with certificates made here; and attacks on them: without the key, out of date, of others, by a header.
using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Lizhou.Kernel;
using Lizhou.Tests;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Identity.Tests;

public sealed class CertificateTests
{
    private static readonly Uri Session = new("/api/v1/session", UriKind.Relative);
    private static readonly Uri Proof = new("/api/v1/session/certificate", UriKind.Relative);
    private static readonly Uri Own = new("/api/v1/second-factor/certificates", UriKind.Relative);

    [Fact]
    public async Task Administrator_who_registered_a_certificate_comes_in_with_it_and_with_nothing_less()
    {
        await using var county = await SetUp();
        var (good, other) = (Papers.Own("CN=security-0"), Papers.Own("CN=security-0"));
        await Registered(county, good);

        using var again = await SignedIn(county, good);
        (await Json(await again.GetAsync(Session))).GetProperty("roles")[0].GetString().ShouldBe(Roles.SecurityAdministrator);
        (await again.GetAsync(new Uri("/accounts", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);

        foreach (var less in new[] { null, other })
        {
            using var half = await SignedIn(county, less);
            var who = await Json(await half.GetAsync(Session));
            (who.GetProperty("pending").GetString(), who.GetProperty("roles").GetArrayLength()).ShouldBe(("code", 0));
            (await Refusal(await half.PostAsync(Proof, null))).ShouldBe("IDN-043");
            // Nor does the password alone get itself another factor.
            (await Refusal(await half.PostAsync(new Uri("/api/v1/second-factor", UriKind.Relative), null))).ShouldBe("IDN-024");
            (await Refusal(await half.PostAsJsonAsync(Own, new { pem = Papers.Own("CN=x").ExportCertificatePem() }))).ShouldBe("IDN-024");
            (await Refusal(await half.PostAsJsonAsync(new Uri("/api/v1/second-factor/enrol", UriKind.Relative), new { ticket = "x", code = "000000" }))).ShouldBe("IDN-024");
            (await half.DeleteAsync(new Uri($"{Own}/{Guid.NewGuid()}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        (await Refused(county)).ShouldBe(2, "the foreign certificate, at sign-in and when it was tried again");
    }

    [Fact]
    public async Task Certificate_that_is_out_of_date_proves_nothing_and_does_not_make_the_account_one_of_one_factor()
    {
        await using var county = await SetUp();
        var good = Papers.Own("CN=security-0", days: 20);
        await Registered(county, good);
        county.Advance(TimeSpan.FromDays(21));
        using var late = await SignedIn(county, good);
        (await Json(await late.GetAsync(Session))).GetProperty("pending").GetString().ShouldBe("code");
    }

    [Fact]
    public async Task Removed_certificate_counts_no_more_and_the_last_factor_is_not_ones_own_to_remove()
    {
        await using var county = await SetUp();
        var (first, second) = (Papers.Own("CN=a"), Papers.Own("CN=b"));
        using var client = await Registered(county, first);
        var id = (await Json(await client.GetAsync(Own)))[0].GetProperty("id").GetString();
        (await Refusal(await client.DeleteAsync(new Uri($"{Own}/{id}", UriKind.Relative)))).ShouldBe("IDN-044");

        // A second one by upload, from a session of two factors.
        await Json(await client.PostAsJsonAsync(Own, new { pem = second.ExportCertificatePem() }));
        using var bySecond = await SignedIn(county, second);
        (await Json(await bySecond.GetAsync(Session))).GetProperty("roles").GetArrayLength().ShouldBe(1);
        (await bySecond.DeleteAsync(new Uri($"{Own}/{id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var byFirst = await SignedIn(county, first);
        (await Json(await byFirst.GetAsync(Session))).GetProperty("pending").GetString().ShouldBe("code");

        // The security administrator's reset takes certificates too; never their own.
        using var system = await Registered(county, first, "system-0", "Aa-first-start-1");
        var ids = (await Json(await bySecond.GetAsync(new Uri("/api/v1/accounts", UriKind.Relative)))).GetProperty("items").EnumerateArray().ToDictionary(a => a.GetProperty("login").GetString()!, a => a.GetProperty("id").GetString());
        (await bySecond.PostAsync(new Uri($"/api/v1/accounts/{ids["system-0"]}/second-factor/reset", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await system.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var anew = await SignedIn(county, first, "system-0", "Aa-first-start-1");
        (await Json(await anew.GetAsync(Session))).GetProperty("pending").GetString().ShouldBe("enrol");
    }

    [Fact]
    public async Task Uploaded_certificate_is_proven_by_signing_in_with_it()
    {
        await using var county = await SetUp();
        var certificate = Papers.Own("CN=audit");
        using var client = await SignedIn(county, null, "audit-0", "Aa-first-start-3");
        await Json(await client.PostAsJsonAsync(Own, new { pem = certificate.ExportCertificatePem() }));
        (await client.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var without = await SignedIn(county, null, "audit-0", "Aa-first-start-3");
        (await Json(await without.GetAsync(Session))).GetProperty("pending").GetString().ShouldBe("code");
        using var with = await SignedIn(county, certificate, "audit-0", "Aa-first-start-3");
        (await Json(await with.GetAsync(Session))).GetProperty("roles")[0].GetString().ShouldBe(Roles.AuditAdministrator);

        // It is this account's alone, and weak, foreign-purpose or unreadable ones are nobody's.
        using var security = await SignedIn(county, certificate);
        (await Refusal(await security.PostAsJsonAsync(Own, new { }))).ShouldBe("IDN-042");
        (await Refusal(await security.PostAsJsonAsync(Own, new { pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" }))).ShouldBe("IDN-040");
        (await Refusal(await security.PostAsJsonAsync(Own, new { pem = Papers.Weak().ExportCertificatePem() }))).ShouldBe("IDN-041");
        (await Refusal(await security.PostAsJsonAsync(Own, new { pem = Papers.Own("CN=server", use: "1.3.6.1.5.5.7.3.1").ExportCertificatePem() }))).ShouldBe("IDN-041");
        (await Refusal(await security.PostAsJsonAsync(Own, new { pem = Papers.Own("CN=old", days: -1).ExportCertificatePem() }))).ShouldBe("IDN-041");
    }

    [Fact]
    public async Task Whoever_uploads_a_colleagues_certificate_keeps_them_from_nothing_and_loses_it_once_its_key_is_shown()
    {
        await using var county = await SetUp();
        var (own, first, second) = (Papers.Own("CN=system-0"), Papers.Own("CN=audit-0"), Papers.Own("CN=audit-0"));
        (await Registered(county, own, "system-0", "Aa-first-start-1")).Dispose();
        async Task<HttpResponseMessage> Upload(string login, string password, X509Certificate2 with, X509Certificate2 uploaded)
        {
            using var client = await SignedIn(county, with, login, password);
            return await client.PostAsJsonAsync(Own, new { pem = uploaded.ExportCertificatePem() });
        }

        async Task<int> Count(string login, string password, X509Certificate2 with)
        {
            using var client = await SignedIn(county, with, login, password);
            return (await Json(await client.GetAsync(Own))).GetArrayLength();
        }

        (await Upload("system-0", "Aa-first-start-1", own, first)).EnsureSuccessStatusCode();
        (await Upload("system-0", "Aa-first-start-1", own, second)).EnsureSuccessStatusCode();
        (await Count("system-0", "Aa-first-start-1", own)).ShouldBe(3);

        // Shown with the connection when it is registered; and uploaded, then shown at a sign-in.
        (await Registered(county, first, "audit-0", "Aa-first-start-3")).Dispose();
        (await Count("system-0", "Aa-first-start-1", own)).ShouldBe(2);
        (await Upload("audit-0", "Aa-first-start-3", first, second)).EnsureSuccessStatusCode();
        (await Count("audit-0", "Aa-first-start-3", second)).ShouldBe(2);
        (await Count("system-0", "Aa-first-start-1", own)).ShouldBe(1);
        foreach (var shown in new[] { first, second })
        {
            (await Refusal(await Upload("system-0", "Aa-first-start-1", own, shown))).ShouldBe("IDN-042");
        }
    }

    [Fact]
    public async Task Private_key_beside_a_certificate_is_refused()
    {
        await using var county = await SetUp();
        using var client = await SignedIn(county, null);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var refused = await client.PostAsJsonAsync(Own, new { pem = Papers.Own("CN=security-0", key: key).ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() });
        (await refused.Content.ReadAsStringAsync()).ShouldContain("私钥");
        (await Refusal(refused)).ShouldBe("IDN-041");
        (await Json(await client.GetAsync(Own))).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Authority_of_the_settings_vouches_for_later_certificates_of_the_login_it_names()
    {
        var (authority, stranger) = (Papers.Authority("CN=模拟机构"), Papers.Authority("CN=模拟机构"));
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, authority.ExportCertificatePem());
            await using var county = await SetUp(s => s with { ClientAuthority = file });
            await Registered(county, Papers.Issued(authority, "CN=security-0"));

            (await Pending(county, Papers.Issued(authority, "CN=security-0"))).ShouldBeNull("a renewed one");
            (await Pending(county, Papers.Issued(stranger, "CN=security-0"))).ShouldBe("code", "an authority that only calls itself so");
            (await Pending(county, Papers.Own("CN=security-0"))).ShouldBe("code", "nobody issued it");
            (await Pending(county, Papers.Issued(authority, "CN=audit-0"))).ShouldBe("code", "a colleague's");
            (await Pending(county, Papers.Issued(authority, "CN=security-0", days: -1))).ShouldBe("code", "out of date");
            // A colleague's that was registered here is good as itself, and vouches for no other.
            (await Pending(county, Papers.Issued(authority, "CN=audit-0"), "audit-0", "Aa-first-start-3")).ShouldBe("enrol");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Certificate_in_a_header_counts_from_a_proxy_of_the_settings_alone()
    {
        await using var county = await SetUp(s => s with { Proxies = "127.0.0.7" });
        var certificate = Papers.Own("CN=security-0");
        await Registered(county, certificate);
        string[] written = [$":{Convert.ToBase64String(certificate.RawData)}:", Uri.EscapeDataString(certificate.ExportCertificatePem())];

        foreach (var header in written)
        {
            (await Pending(county, header, from: "127.0.0.7")).ShouldBeNull();
            (await Pending(county, header, from: "127.0.0.1")).ShouldBe("code", "anybody can write a header");
            (await Pending(county, header, from: "127.0.0.1", forwarded: "127.0.0.7")).ShouldBe("code", "the address of a proxy in a header is not its address");
        }

        // The proxy adds its word to the client's own; rubbish; nothing.
        (await Pending(county, written[0], from: "127.0.0.7", second: written[0])).ShouldBe("code");
        (await Pending(county, ":" + new string('A', 5000) + ":", from: "127.0.0.7")).ShouldBe("code");
        (await Pending(county, "%ZZ", from: "127.0.0.7")).ShouldBe("code");
    }

    [Fact]
    public async Task Nothing_is_fetched_for_a_certificate_that_names_addresses()
    {
        using var trap = new TcpListener(IPAddress.Loopback, 0);
        trap.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)trap.LocalEndpoint).Port}/issuer.cer";
        var file = Path.GetTempFileName();
        try
        {
            var authority = Papers.Authority("CN=模拟机构");
            await File.WriteAllTextAsync(file, authority.ExportCertificatePem());
            await using var county = await SetUp(s => s with { ClientAuthority = file });
            var baited = Papers.Issued(Papers.Authority("CN=nobody"), "CN=security-0", download: address);
            await Registered(county, baited);
            (await Pending(county, baited)).ShouldBeNull();
            trap.Pending().ShouldBeFalse();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Https_without_a_certificate_is_refused_with_the_option_to_give()
    {
        await using var county = new County(demo: false) { Urls = "https://127.0.0.1:0" };
        (await Should.ThrowAsync<ProblemException>(county.Open)).Problem.Code.ShouldBe("HST-007");
    }

    private static async Task<County> SetUp(Func<Settings, Settings>? change = null)
    {
        var file = Path.GetTempFileName();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var server = Papers.Own("CN=127.0.0.1", use: "1.3.6.1.5.5.7.3.1", key: key);
        await File.WriteAllTextAsync(file, server.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        var county = new County(demo: false)
        {
            Urls = "http://127.0.0.1:0;https://127.0.0.1:0",
            Change = s => (change ?? (same => same))(s) with { Certificate = file, ClientCertificates = true },
        };
        await county.Open();
        File.Delete(file);
        await SecondFactorTests.Administrators(county);
        return county;
    }

    /// <summary>Over TLS, with a certificate or none.</summary>
    private static HttpClient Visitor(County county, X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=127.0.0.1";
        // Offline: else this side would fetch the issuer that a certificate names.
        handler.SslOptions.ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true);
        return new(handler) { BaseAddress = county.Sealed };
    }

    private static async Task<HttpClient> SignedIn(County county, X509Certificate2? certificate, string login = "security-0", string password = "Aa-first-start-2")
    {
        var client = Visitor(county, certificate);
        (await client.PostAsJsonAsync(Session, new { login, password })).EnsureSuccessStatusCode();
        await Prepared(client);
        return client;
    }

    private static async Task Prepared(HttpClient client)
    {
        client.DefaultRequestHeaders.Remove("RequestVerificationToken");
        client.DefaultRequestHeaders.Add("RequestVerificationToken", (await Json(await client.GetAsync(Session))).GetProperty("antiforgery").GetString());
    }

    /// <summary>Signed in with the certificate presented, and registered it.</summary>
    private static async Task<HttpClient> Registered(County county, X509Certificate2 certificate, string login = "security-0", string password = "Aa-first-start-2")
    {
        var client = await SignedIn(county, certificate, login, password);
        (await Json(await client.GetAsync(Session))).GetProperty("pending").GetString().ShouldBe("enrol");
        await Json(await client.PostAsJsonAsync(Own, new { }));
        (await Json(await client.GetAsync(Session))).GetProperty("pending").GetString().ShouldBeNull();
        await Prepared(client);
        return client;
    }

    private static async Task<string?> Pending(County county, X509Certificate2 certificate, string login = "security-0", string password = "Aa-first-start-2")
    {
        using var client = await SignedIn(county, certificate, login, password);
        return (await Json(await client.GetAsync(Session))).GetProperty("pending").GetString();
    }

    private static async Task<string?> Pending(County county, string header, string from, string? forwarded = null, string? second = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            CookieContainer = new CookieContainer(),
            ConnectCallback = async (context, stop) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = county.Address };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Client-Cert", header);
        if (second is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Client-Cert", [header, second]);
        }

        if (forwarded is not null)
        {
            client.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);
        }

        (await client.PostAsJsonAsync(Session, new { login = "security-0", password = "Aa-first-start-2" })).EnsureSuccessStatusCode();
        return (await Json(await client.GetAsync(Session))).GetProperty("pending").GetString();
    }

    private static async Task<long> Refused(County county)
    {
        await using var connection = await county.Services.GetRequiredService<StateStore>().Open();
        return Convert.ToInt64(await connection.Scalar(null, $"SELECT COUNT(*) FROM ledger_entry WHERE act = 'second-factor.proven' AND result = 'IDN-043'"));
    }
}

/// <summary>Certificates made for a test.</summary>
internal static class Papers
{
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    public static X509Certificate2 Own(string name, int days = 30, string use = ForClients, ECDsa? key = null)
    {
        var request = Request(name, key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256), use, null);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-60), DateTimeOffset.UtcNow.AddDays(days));
    }

    public static X509Certificate2 Weak()
    {
        using var key = RSA.Create(1024);
        return new CertificateRequest("CN=weak", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(9));
    }

    public static X509Certificate2 Authority(string name)
    {
        var request = new CertificateRequest(name, ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-90), DateTimeOffset.UtcNow.AddDays(900));
    }

    public static X509Certificate2 Issued(X509Certificate2 by, string name, int days = 30, string? download = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request(name, key, ForClients, download).Create(by, DateTimeOffset.UtcNow.AddDays(-60), DateTimeOffset.UtcNow.AddDays(days), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    private static CertificateRequest Request(string name, ECDsa key, string use, string? download)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        if (download is not null)
        {
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([download], [download]));
        }

        return request;
    }
}
