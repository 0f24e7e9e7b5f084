// Sign-in by an outside provider (OpenID Connect) against a real one: who is let in, who is not, and forged, injected and replayed answers of it.
using System.Net;
using System.Net.Http.Json;
using System.Web;
using Lizhou.Kernel;
using Lizhou.Tests;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Identity.Tests;

public sealed class OutsideTests : IAsyncLifetime
{
    private static readonly Uri Session = new("/api/v1/session", UriKind.Relative);

    private readonly string secret = Path.GetTempFileName();
    private OutsideProvider provider = null!;
    private County county = null!;

    // The provider of the tests is on this machine.
    static OutsideTests() => Environment.SetEnvironmentVariable("Sources__PrivateHosts__0", "127.0.0.1");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(secret, OutsideProvider.Secret + "\n");
        provider = await OutsideProvider.Start();
        county = new County(demo: true) { Change = s => s with { Provider = new(provider.Address, OutsideProvider.Client, secret, "模拟统一认证") } };
        await county.Open();
        using var door = county.Door();
        await Json(await door.PostAsJsonAsync("/api/v1/units", new { name = "模拟测试局", code = "113307843077566033", kind = "Department" }));
    }

    public async ValueTask DisposeAsync()
    {
        await county.DisposeAsync();
        await provider.DisposeAsync();
        File.Delete(secret);
    }

    [Fact]
    public async Task Nobody_is_let_in_and_no_account_is_made_for_one_who_is_linked_to_none()
    {
        var before = await Accounts();
        using var stranger = county.Visitor();
        (await Come(stranger)).ShouldStartWith("/sign-in?outside=unknown");
        (await stranger.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Accounts()).ShouldBe(before);
        (await Entries("outside.unknown")).ShouldBe(1);
        (await stranger.GetStringAsync(new Uri("/sign-in?outside=unknown", UriKind.Relative))).ShouldContain("模拟统一认证");
    }

    [Fact]
    public async Task Whoever_proved_their_account_too_links_it_and_comes_in_from_then_on()
    {
        using var steward = await county.As(Roles.Steward);
        (await Come(steward)).ShouldStartWith("/sign-in?outside=unknown");
        // Still signed in as before, with the note of who they are outside.
        await Confirm(steward);
        (await Json(await steward.GetAsync(new Uri("/api/v1/session/outside", UriKind.Relative)))).GetArrayLength().ShouldBe(1);

        using var again = county.Visitor();
        (await Come(again, back: "/batches")).ShouldBe("/batches");
        (await Json(await again.GetAsync(Session))).GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldContain(Roles.Steward);

        // Another identity is nobody's; the same one is not a second account's.
        provider.Subject = "sub-2";
        using var other = county.Visitor();
        (await Come(other)).ShouldStartWith("/sign-in?outside=unknown");
        provider.Subject = "sub-1";
        using var engineer = await county.As(Roles.Engineer);
        (await Link(county, (await Json(await engineer.GetAsync(Session))).GetProperty("id").GetGuid()))!.Code.ShouldBe("IDN-072");
    }

    [Fact]
    public async Task Nobody_links_an_account_for_its_person_and_an_unlinked_one_is_out_at_once()
    {
        using var engineer = await county.As(Roles.Engineer);
        await Come(engineer);
        await Confirm(engineer);
        using var security = await county.As(Roles.SecurityAdministrator);
        var id = await IdOf(security, "demo-engineer");
        (await security.PutAsJsonAsync($"/api/v1/accounts/{id}/outside", new { subject = "sub-9" })).StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed);

        using var person = county.Visitor();
        (await Come(person)).ShouldBe("/");
        (await Json(await person.GetAsync(Session))).GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldContain(Roles.Engineer);
        (await security.DeleteAsync($"/api/v1/accounts/{id}/outside/sub-1")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await person.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Come(person)).ShouldStartWith("/sign-in?outside=unknown");
    }

    [Theory]
    [InlineData("pwd", "enrol")]
    [InlineData("mfa", null)]
    public async Task Administrator_needs_a_second_factor_here_unless_the_provider_says_there_were_several(string how, string? pending)
    {
        await using var own = new County(demo: false) { Change = s => s with { Provider = new(provider.Address, OutsideProvider.Client, secret, "模拟统一认证") } };
        await own.Open();
        await SecondFactorTests.Administrators(own);
        await using (var scope = own.Services.CreateAsyncScope())
        {
            // The first link of a city without an administrator of two factors, put there directly.
            var audit = scope.ServiceProvider.GetRequiredService<IdentityDb>().Accounts.Single(a => a.Login == "audit-0");
            (await Link(own, audit.Id)).ShouldBeNull();
        }

        provider.How = how == "mfa" ? ["pwd", "mfa"] : [how];
        using var person = own.Visitor();
        var to = await Come(person, own);
        to.ShouldStartWith(pending is null ? "/" : "/second-factor");
        (await Json(await person.GetAsync(Session))).GetProperty("pending").GetString().ShouldBe(pending);
    }

    [Fact]
    public async Task Forged_and_replayed_answers_are_refused_and_audited()
    {
        await Linked("demo-engineer");

        // A state of nobody; one without its cookie (another browser's, or used before); an answer without state.
        using var first = county.Visitor();
        var good = await Answer(first);
        using var elsewhere = county.Visitor();
        await Refused(elsewhere, good);
        await Refused(first, good.Split("state=")[0] + "state=forged");
        await Refused(first, good.Split("&state=")[0]);
        To(await first.GetAsync(good)).ShouldBe("/");
        await Refused(first, good);

        // A code stolen from one browser, put into the running sign-in of another: PKCE.
        using var thief = county.Visitor();
        using var victim = county.Visitor();
        var (own, stolen) = (HttpUtility.ParseQueryString(new Uri(county.Address, await Answer(thief)).Query), HttpUtility.ParseQueryString(new Uri(county.Address, await Answer(victim)).Query));
        await Refused(thief, $"/sign-in/outside/return?code={Uri.EscapeDataString(stolen["code"]!)}&state={Uri.EscapeDataString(own["state"]!)}");

        // A token made for another sign-in: nonce.
        provider.Nonce = "of-another-sign-in";
        using var nonce = county.Visitor();
        await Refused(nonce, await Answer(nonce));
        provider.Nonce = null;

        // The provider's own refusal.
        using var denied = county.Visitor();
        var state = HttpUtility.ParseQueryString(new Uri(county.Address, await Answer(denied)).Query)["state"];
        await Refused(denied, $"/sign-in/outside/return?error=access_denied&state={Uri.EscapeDataString(state!)}");

        (await Entries("sign-in.failed")).ShouldBe(7);
        (await elsewhere.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await thief.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await nonce.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Details()).ShouldNotContain(stolen["code"]!);
    }

    [Theory]
    [InlineData("none", "pwd")]
    [InlineData("none", "mfa")]
    [InlineData("None", "pwd")]
    [InlineData("HS256", "pwd")]
    public async Task A_token_that_no_key_of_the_provider_signed_opens_no_session(string algorithm, string how)
    {
        await Linked("demo-engineer");
        provider.How = [how];
        provider.Algorithm = algorithm;
        using var forger = county.Visitor();
        await Refused(forger, await Answer(forger));
        (await forger.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Entries("sign-in.failed")).ShouldBe(1);

        provider.Algorithm = null;
        (await Come(forger)).ShouldBe("/");
    }

    [Fact]
    public async Task Refused_answers_of_the_provider_use_up_no_programs_tries_and_a_minute_gives_new_ones()
    {
        const string forged = "/sign-in/outside/return?code=x&state=forged";
        using var knocking = county.Visitor();
        for (var knock = 0; knock < 61; knock++)
        {
            await Refused(knocking, forged);
        }

        (await Entries("sign-in.failed")).ShouldBe(60, "the rest is not told any more");
        using var program = county.Visitor();
        program.DefaultRequestHeaders.Authorization = new("Bearer", "lz_" + new string('A', 43));
        Uri data = new("/api/v1/data/SQ-2026-00001", UriKind.Relative);
        for (var guess = 0; guess < 60; guess++)
        {
            (await program.GetAsync(data)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await program.GetAsync(data)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        county.Advance(TimeSpan.FromMinutes(1));
        (await program.GetAsync(data)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await Refused(knocking, forged);
        (await Entries("sign-in.failed")).ShouldBe(61);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/%2F/evil.example%0d%0aX: y")]
    public async Task Way_back_never_leaves_this_site(string back)
    {
        await Linked("demo-engineer");
        using var person = county.Visitor();
        var to = await Come(person, back: back);
        to.ShouldStartWith("/");
        to.Any(char.IsControl).ShouldBeFalse();
        new Uri(county.Address, to).Host.ShouldBe(county.Address.Host);
    }

    [Fact]
    public async Task Page_of_sign_in_shows_the_provider_only_where_there_is_one_and_the_secret_is_nowhere()
    {
        using var visitor = county.Visitor();
        var page = await visitor.GetStringAsync(new Uri("/sign-in", UriKind.Relative));
        page.ShouldContain("模拟统一认证");
        page.ShouldContain("/sign-in/outside?back=");
        await using var without = await Start();
        using var other = without.Visitor();
        (await other.GetStringAsync(new Uri("/sign-in", UriKind.Relative))).ShouldNotContain("/sign-in/outside");
        (await other.GetAsync(new Uri("/sign-in/outside", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var start = await visitor.GetAsync(new Uri("/sign-in/outside", UriKind.Relative));
        var query = HttpUtility.ParseQueryString(new Uri(To(start)).Query);
        query["code_challenge_method"].ShouldBe("S256");
        query["nonce"].ShouldNotBeNullOrEmpty();
        To(start).ShouldNotContain(OutsideProvider.Secret);
    }

    [Fact]
    public async Task Provider_without_TLS_elsewhere_than_on_this_machine_is_refused()
    {
        await using var plain = new County { Change = s => s with { Provider = new(new("http://provider.example/"), "x", secret, "x") } };
        (await Should.ThrowAsync<ProblemException>(plain.Open)).Problem.Code.ShouldBe("IDN-073");
    }

    /// <summary>Through the provider and back.</summary>
    private async Task<string> Come(HttpClient client, County? at = null, string back = "/")
    {
        var answer = await client.GetAsync(new Uri(await Answer(client, at, back), UriKind.Relative));
        return To(answer);
    }

    /// <summary>The address at this site that the provider sends the browser to.</summary>
    private async Task<string> Answer(HttpClient client, County? at = null, string back = "/")
    {
        var start = await client.GetAsync(new Uri($"/sign-in/outside?back={Uri.EscapeDataString(back)}", UriKind.Relative));
        To(start).ShouldStartWith(provider.Address.ToString());
        using var outside = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var answered = await outside.GetAsync(start.Headers.Location);
        var to = answered.Headers.Location ?? throw new InvalidOperationException(await answered.Content.ReadAsStringAsync());
        to.GetLeftPart(UriPartial.Authority).ShouldBe((at ?? county).Address.GetLeftPart(UriPartial.Authority));
        return to.PathAndQuery;
    }

    /// <summary>Where an answer leads; one that leads nowhere says what it is instead.</summary>
    private static string To(HttpResponseMessage answer) =>
        answer.Headers.Location?.OriginalString ?? throw new InvalidOperationException($"{answer.RequestMessage!.RequestUri}: {answer.StatusCode} {answer.Content.ReadAsStringAsync().Result}");

    private async Task Refused(HttpClient client, string answer)
    {
        var refused = await client.GetAsync(new Uri(answer, UriKind.Relative));
        To(refused).ShouldBe("/sign-in?outside=refused");
    }

    /// <summary>As if its person had linked it.</summary>
    private async Task Linked(string login)
    {
        using var security = await county.As(Roles.SecurityAdministrator);
        (await Link(county, Guid.Parse(await IdOf(security, login)))).ShouldBeNull();
    }

    private async Task<Problem?> Link(County at, Guid account)
    {
        await using var scope = at.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Outside.OutsideLinks>().Link(
            new(provider.Address.ToString().TrimEnd('/'), "sub-1", null), new Actor(account, "", null, new HashSet<string>()), default);
    }

    /// <summary>Presses the button of the page that links.</summary>
    private static async Task Confirm(HttpClient client)
    {
        var page = await client.GetStringAsync(new Uri("/sign-in/link", UriKind.Relative));
        page.ShouldContain("王外部");
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        var answer = await client.PostAsync(new Uri("/sign-in/link", UriKind.Relative), new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = "link", ["__RequestVerificationToken"] = token }));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<string> IdOf(HttpClient security, string login) => (await Json(await security.GetAsync(new Uri("/api/v1/accounts?size=200", UriKind.Relative)))).GetProperty("items").EnumerateArray()
        .First(a => a.GetProperty("login").GetString() == login).GetProperty("id").GetString()!;

    private async Task<long> Accounts()
    {
        await using var connection = await county.Services.GetRequiredService<StateStore>().Open();
        return Convert.ToInt64(await connection.Scalar(null, $"SELECT COUNT(*) FROM identity_account"));
    }

    private async Task<long> Entries(string act)
    {
        await using var connection = await county.Services.GetRequiredService<StateStore>().Open();
        return Convert.ToInt64(await connection.Scalar(null, $"SELECT COUNT(*) FROM ledger_entry WHERE act = {act}"));
    }

    private async Task<string> Details()
    {
        await using var connection = await county.Services.GetRequiredService<StateStore>().Open();
        return (string)(await connection.Scalar(null, $"SELECT COALESCE(GROUP_CONCAT(detail), '') FROM ledger_entry"))!;
    }
}
