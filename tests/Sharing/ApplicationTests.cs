// Applications fetch tokens for themselves: what a token opens, what it leaves in the ledger, when it ends, and attacks with forged, foreign, old and borrowed ones.
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

public sealed class ApplicationTests(SharedCity city) : IClassFixture<SharedCity>
{
    [Fact]
    public async Task A_token_opens_the_grants_of_its_application_and_no_other()
    {
        var (first, second, foreign) = (await Granted(), await Granted(), await Granted());
        var application = await Application.Registered(city, first, second);
        using var program = await application.Program();

        (await program.GetAsync($"/api/v1/data/{first}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await program.GetAsync($"/api/v1/data/{second}?format=csv")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Refusal(await program.GetAsync($"/api/v1/data/{foreign}"))).ShouldBe("SHR-030");

        // A token for one of them opens that one.
        using var narrow = await application.Program(first);
        (await narrow.GetAsync($"/api/v1/data/{first}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Refusal(await narrow.GetAsync($"/api/v1/data/{second}"))).ShouldBe("SHR-030");

        // It is no session and no key of anything else.
        (await program.GetAsync("/api/v1/applications")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await program.GetAsync($"/api/v1/grants/{first}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_evidence_of_a_call_is_that_of_a_key_and_names_the_application()
    {
        var grant = await Granted();
        var application = await Application.Registered(city, grant);
        using var byKey = await city.Program(grant);
        using var byToken = await application.Program();
        (await byKey.GetAsync($"/api/v1/data/{grant}?limit=2")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await byToken.GetAsync($"/api/v1/data/{grant}?limit=2")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var entries = (await Entries()).Where(e => e["act"] is "rows.read" && e["grant_id"] is { } of && of == Id(grant)).ToList();
        entries.Count.ShouldBe(2);
        foreach (var column in new[] { "unit", "act", "subject", "result", "provider", "receiver", "grant_id", "purpose", "resource", "items", "rows" })
        {
            entries[1][column].ShouldBe(entries[0][column], column);
        }

        entries.ShouldAllBe(e => e["digest"] != null && e["snapshot"] != null);
        (entries[1]["actor"], entries[1]["name"], entries[1]["purpose"]).ShouldBe((application.Id.ToString(), "测试应用", "核对补贴资格"));
    }

    [Fact]
    public async Task A_token_is_dead_for_a_grant_that_ended_at_once_and_no_new_one_is_given_for_it()
    {
        var (ends, stays) = (await Granted(), await Granted());
        var application = await Application.Registered(city, ends, stays);
        using var program = await application.Program();
        (await program.GetAsync($"/api/v1/data/{ends}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Json(await city.SourceSteward.PostAsJsonAsync($"/api/v1/grants/{ends}/revoke", new { reason = "用途已结束" }));

        (await Refusal(await program.GetAsync($"/api/v1/data/{ends}"))).ShouldBe("POL-006");
        (await program.GetAsync($"/api/v1/data/{stays}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var refused = await application.Fetch(ends);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest); // RFC 6749 §5.2; 401 is for a client that is not known.
        (await Error(refused)).ShouldBe("invalid_scope");
        (await refused.Content.ReadAsStringAsync()).ShouldContain("IDN-061");
        var all = await Json(await application.Fetch());
        new JsonWebToken(all.GetProperty("access_token").GetString()).GetClaim("scope").Value.ShouldBe(stays);
    }

    [Fact]
    public async Task A_disabled_application_a_new_secret_and_a_grant_taken_away_end_tokens_at_once()
    {
        var grant = await Granted();
        var application = await Application.Registered(city, grant);
        using var program = await application.Program();
        await Json(await city.AskerSteward.DeleteAsync($"/api/v1/applications/{application.Id}/grants/{grant}"));
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}"))).ShouldBe("SHR-030");
        await Json(await city.AskerSteward.PutAsync($"/api/v1/applications/{application.Id}/grants/{grant}", null));
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await Json(await city.AskerSteward.PostAsync($"/api/v1/applications/{application.Id}/disable", null));
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Error(await application.Fetch())).ShouldBe("invalid_client");
        await Json(await city.AskerSteward.PostAsync($"/api/v1/applications/{application.Id}/enable", null));
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var fresh = await application.Program();
        (await fresh.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var renewed = await Json(await city.AskerSteward.PostAsync($"/api/v1/applications/{application.Id}/secret", null));
        (await fresh.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Error(await application.Fetch())).ShouldBe("invalid_client");
        using var again = await (application with { Secret = renewed.GetProperty("secret").GetString()! }).Program();
        (await again.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_secret_is_shown_once_and_kept_as_a_hash()
    {
        var application = await Application.Registered(city, await Granted());
        var seen = await (await city.AskerSteward.GetAsync($"/api/v1/applications/{application.Id}")).Content.ReadAsStringAsync();
        seen.ShouldNotContain(application.Secret);
        var state = city.Services.GetRequiredService<StateStore>();
        await using var connection = await state.Open();
        (await connection.Scalar(null, $"SELECT hash FROM identity_application WHERE id = {application.Id.ToString()}"))
            .ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(application.Secret))));
        foreach (var file in Directory.EnumerateFiles(city.Data, "*.db*"))
        {
            await using var read = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var text = new StreamReader(read, Encoding.Latin1);
            (await text.ReadToEndAsync()).ShouldNotContain(application.Secret);
        }
    }

    [Fact]
    public async Task Only_the_units_own_steward_keeps_its_applications_and_gives_only_grants_it_holds()
    {
        var grant = await Granted();
        var application = await Application.Registered(city, grant);
        (await Refusal(await city.StrangerSteward.GetAsync($"/api/v1/applications/{application.Id}"))).ShouldBe("SHR-060");
        (await Refusal(await city.StrangerSteward.PostAsync($"/api/v1/applications/{application.Id}/secret", null))).ShouldBe("SHR-060");
        (await Refusal(await city.StrangerSteward.PostAsync($"/api/v1/applications/{application.Id}/disable", null))).ShouldBe("SHR-060");
        (await Refusal(await city.StrangerSteward.PutAsync($"/api/v1/applications/{application.Id}/grants/{grant}", null))).ShouldBe("SHR-060");
        (await city.Engineer.GetAsync("/api/v1/applications")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        // Not even for an application of their own: the grant is another unit's.
        var others = (await Json(await city.StrangerSteward.PostAsJsonAsync("/api/v1/applications", new { name = "别家应用" }))).GetProperty("card").GetProperty("id").GetString();
        (await Refusal(await city.StrangerSteward.PutAsync($"/api/v1/applications/{others}/grants/{grant}", null))).ShouldBe("SHR-020");
        (await Refusal(await city.AskerSteward.PostAsJsonAsync("/api/v1/applications", new { name = "x", system = Guid.NewGuid() }))).ShouldBe("SHR-006");
        (await Refusal(await city.AskerSteward.PostAsJsonAsync("/api/v1/applications", new { name = " " }))).ShouldBe("SHR-006");
    }

    [Fact]
    public async Task A_wrong_secret_and_an_unknown_application_are_refused_alike_and_audited()
    {
        var application = await Application.Registered(city, await Granted());
        (await Error(await (application with { Secret = "la_" + new string('A', 43) }).Fetch())).ShouldBe("invalid_client");
        (await Error(await (application with { Id = Guid.NewGuid() }).Fetch())).ShouldBe("invalid_client");
        var entries = await Entries();
        entries.ShouldContain(e => e["act"] == "token.refused" && e["subject"] == application.Id.ToString() && e["result"] == "IDN-060");
        entries.ShouldAllBe(e => e.Values.All(v => v == null || !v.Contains(new string('A', 43), StringComparison.Ordinal)));
        using var visitor = city.Visitor();
        foreach (var grantType in new[] { "password", "authorization_code", "refresh_token", "implicit" })
        {
            var form = new Dictionary<string, string> { ["grant_type"] = grantType, ["client_id"] = application.Id.ToString(), ["client_secret"] = application.Secret, ["username"] = "a", ["password"] = "b", ["code"] = "c", ["refresh_token"] = "d", ["redirect_uri"] = "https://x/" };
            (await Error(await visitor.PostAsync("/oauth/token", new FormUrlEncodedContent(form)))).ShouldBe("unsupported_grant_type", grantType);
        }
    }

    [Fact]
    public async Task Forged_foreign_and_tampered_tokens_are_refused()
    {
        var grant = await Granted();
        var application = await Application.Registered(city, grant);
        var good = (await Json(await application.Fetch())).GetProperty("access_token").GetString()!;
        (await Call(good, grant)).ShouldBe(HttpStatusCode.OK);
        using var own = OwnKey();
        var signed = new SigningCredentials(new ECDsaSecurityKey(own) { KeyId = new JsonWebToken(good).Kid }, SecurityAlgorithms.EcdsaSha256);
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forged = new SigningCredentials(new ECDsaSecurityKey(foreign) { KeyId = signed.Key.KeyId }, SecurityAlgorithms.EcdsaSha256);

        // The attacks differ from this one in one thing each: it is right in all.
        (await Call(Minted(good, signed), grant)).ShouldBe(HttpStatusCode.OK);
        (await Call(Minted(good, forged), grant)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Call(Minted(good, signed, audience: "another:api"), grant)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Call(Minted(good, signed, issuer: "https://elsewhere.example/"), grant)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Call(Minted(good, signed, type: "JWT"), grant)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Call(Minted(good, signed, from: TimeSpan.FromMinutes(5)), grant)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Call(Minted(good, signed, until: TimeSpan.FromMinutes(-1)), grant)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Call(Minted(good, signed, subject: Guid.NewGuid().ToString()), grant)).ShouldBe(HttpStatusCode.Unauthorized);

        // A scope written in by one who had the key would still not be the application's.
        var other = await Granted();
        (await Call(Minted(good, signed, scope: other), other)).ShouldBe(HttpStatusCode.Forbidden);

        var parts = good.Split('.');
        var none = Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""");
        (await Call($"{none}.{parts[1]}.", grant)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Call($"{none}.{parts[1]}.{parts[2]}", grant)).ShouldBe(HttpStatusCode.Unauthorized);
        // The public key taken for an HMAC secret.
        var hmac = Base64UrlEncoder.Encode($$"""{"alg":"HS256","typ":"at+jwt","kid":"{{signed.Key.KeyId}}"}""");
        var mac = HMACSHA256.HashData(own.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes($"{hmac}.{parts[1]}"));
        (await Call($"{hmac}.{parts[1]}.{Base64UrlEncoder.Encode(mac)}", grant)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Call($"{parts[0]}.{Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace(grant, other, StringComparison.Ordinal))}.{parts[2]}", other)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Call($"{parts[0]}.{parts[1]}.{new string('A', 86)}", grant)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Call(new string('x', 20_000), grant)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_provider_describes_itself_and_its_keys_are_readable_by_their_owner_alone()
    {
        using var visitor = city.Visitor();
        var discovery = await Json(await visitor.GetAsync("/.well-known/openid-configuration"));
        discovery.GetProperty("token_endpoint").GetString().ShouldBe($"{city.Address}oauth/token");
        discovery.GetProperty("grant_types_supported").EnumerateArray().Select(g => g.GetString()).ShouldBe(["client_credentials"]);
        var jwks = await Json(await visitor.GetAsync(discovery.GetProperty("jwks_uri").GetString()));
        var key = jwks.GetProperty("keys").EnumerateArray().Single();
        key.GetProperty("kty").GetString().ShouldBe("EC");
        key.TryGetProperty("d", out _).ShouldBeFalse();
        var folder = Path.Combine(city.Data, "keys", "tokens");
        File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(Directory.GetFiles(folder).Single()).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_steward_who_is_put_out_takes_no_secret_along()
    {
        var grant = await Granted();
        using var leaver = await city.AsStewardOf(SharedCity.Asker);
        var application = await Application.Registered(city, leaver, grant);
        using var program = await application.Program();
        using var keeper = await city.As(Roles.SystemAdministrator);
        var who = (await Json(await leaver.GetAsync("/api/v1/session"))).GetProperty("id").GetString();
        await Json(await keeper.PostAsync($"/api/v1/accounts/{who}/disable", null));
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Error(await application.Fetch())).ShouldBe("invalid_client");
    }

    internal static async Task<string> Error(HttpResponseMessage answer)
    {
        answer.IsSuccessStatusCode.ShouldBeFalse();
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString()!;
    }

    private async Task<string> Granted() => await city.Granted((await city.Resource()).Id);

    private async Task<HttpStatusCode> Call(string token, string grant)
    {
        using var program = city.Visitor();
        program.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode;
    }

    private ECDsa OwnKey()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Directory.GetFiles(Path.Combine(city.Data, "keys", "tokens")).Single()));
        return key;
    }

    /// <summary>A token like a good one, but for what is named.</summary>
    private static string Minted(
        string like, SigningCredentials by, string? issuer = null, string? audience = null, string type = "at+jwt", TimeSpan? from = null, TimeSpan? until = null, string? subject = null, string? scope = null)
    {
        var good = new JsonWebToken(like);
        var claims = good.Claims.Where(c => c.Type is not ("iss" or "aud" or "exp" or "nbf" or "iat")).GroupBy(c => c.Type).ToDictionary(c => c.Key, c => (object)c.First().Value);
        claims["sub"] = subject ?? good.Subject;
        claims["scope"] = scope ?? (string)claims["scope"];
        var now = DateTime.UtcNow;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? good.Issuer, Audience = audience ?? good.Audiences.Single(), Claims = claims, TokenType = type, SigningCredentials = by,
            NotBefore = from is { } later ? now + later : null, Expires = now + (until ?? TimeSpan.FromMinutes(10)),
        });
    }

    private string Id(string grant)
    {
        using var scope = city.Services.CreateScope();
        return scope.ServiceProvider.GetRequiredService<SharingDb>().Grants.Single(g => g.Number == grant).Id.ToString();
    }

    private async Task<List<Dictionary<string, string?>>> Entries()
    {
        await using var connection = await city.Services.GetRequiredService<StateStore>().Open();
        List<Dictionary<string, string?>> entries = [];
        await foreach (var entry in connection.Rows(
            null, $"SELECT * FROM ledger_entry ORDER BY seq", r => Enumerable.Range(0, r.FieldCount).ToDictionary(r.GetName, i => r.IsDBNull(i) ? null : Convert.ToString(r.GetValue(i)))))
        {
            entries.Add(entry);
        }

        return entries;
    }
}

/// <summary>A program of the asking unit.</summary>
internal sealed record Application(SharedCity City, Guid Id, string Secret)
{
    public static Task<Application> Registered(SharedCity city, params string[] grants) => Registered(city, city.AskerSteward, grants);

    public static async Task<Application> Registered(SharedCity city, HttpClient by, params string[] grants)
    {
        var made = await Json(await by.PostAsJsonAsync("/api/v1/applications", new { name = "测试应用" }));
        var id = made.GetProperty("card").GetProperty("id").GetGuid();
        foreach (var grant in grants)
        {
            await Json(await by.PutAsync($"/api/v1/applications/{id}/grants/{grant}", null));
        }

        return new(city, id, made.GetProperty("secret").GetString()!);
    }

    public async Task<HttpResponseMessage> Fetch(string? scope = null)
    {
        using var visitor = City.Visitor();
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = Id.ToString(), ["client_secret"] = Secret };
        if (scope is not null)
        {
            form["scope"] = scope;
        }

        return await visitor.PostAsync("/oauth/token", new FormUrlEncodedContent(form));
    }

    /// <summary>Calls with a token just fetched.</summary>
    public async Task<HttpClient> Program(string? scope = null)
    {
        var program = City.Visitor();
        program.DefaultRequestHeaders.Authorization = new("Bearer", (await Json(await Fetch(scope))).GetProperty("access_token").GetString());
        return program;
    }
}

/// <summary>Time moves here, so nobody else shares this city.</summary>
public sealed class TokenTimeTests
{
    [Fact]
    public async Task A_token_ends_after_half_an_hour_and_keys_are_replaced_while_tokens_of_the_old_one_still_count()
    {
        await using var city = new SharedCity();
        await city.InitializeAsync();
        var grant = await city.Granted((await city.Resource()).Id, days: 300);
        var application = await Application.Registered(city, grant);
        using var program = await application.Program();
        var (first, keys) = (Kid(program), city.Services.GetRequiredService<Identity.Applications.TokenKeys>());
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        city.Advance(TimeSpan.FromMinutes(31));
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        // Ninety days later there is a second key; it is published and does not sign yet.
        city.Advance(TimeSpan.FromDays(90));
        keys.Refresh().ShouldBeTrue();
        (await Published(city)).Count.ShouldBe(2);
        using var before = await application.Program();
        Kid(before).ShouldBe(first);

        city.Advance(TimeSpan.FromHours(2) - TimeSpan.FromMinutes(1));
        using var last = await application.Program();
        city.Advance(TimeSpan.FromMinutes(1));
        keys.Refresh().ShouldBeTrue();
        using var after = await application.Program();
        Kid(after).ShouldNotBe(first);
        (await last.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await after.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);

        city.Advance(TimeSpan.FromHours(3));
        keys.Refresh().ShouldBeTrue();
        (await Published(city)).ShouldBe([Kid(after)]);
        Directory.GetFiles(Path.Combine(city.Data, "keys", "tokens")).Length.ShouldBe(1);
    }

    private static string Kid(HttpClient program) => new JsonWebToken(program.DefaultRequestHeaders.Authorization!.Parameter).Kid;

    private static async Task<List<string?>> Published(SharedCity city)
    {
        using var visitor = city.Visitor();
        return [.. (await Json(await visitor.GetAsync("/.well-known/jwks"))).GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("kid").GetString())];
    }
}
