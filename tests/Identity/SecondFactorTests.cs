using System.Net;
using System.Net.Http.Json;
using Lizhou.Contracts.Identity;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tests;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using OtpNet;
using static Lizhou.Tests.County;

namespace Lizhou.Identity.Tests;

/// <summary>A city that was set up by hand: its administrators need two factors.</summary>
public sealed class SecondFactorTests
{
    private static readonly Uri Session = new("/api/v1/session", UriKind.Relative);
    private static readonly Uri Factor = new("/api/v1/second-factor", UriKind.Relative);
    private static readonly Uri Proof = new("/api/v1/session/code", UriKind.Relative);

    [Fact]
    public async Task Administrator_with_the_password_alone_reaches_no_route_or_page_but_those_that_complete_the_sign_in()
    {
        await using var county = await SetUp();
        using var security = await county.SignedIn("security-0", "Aa-first-start-2");
        (await Json(await security.GetAsync(Session))).GetProperty("roles").GetArrayLength().ShouldBe(0);
        var closed = county.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => (e.Metadata.GetMetadata<IAuthorizeData>() is not null || e.Metadata.GetMetadata<AuthorizationPolicy>() is not null)
                && e.Metadata.GetMetadata<HalfwayInAttribute>() is null && e.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .SelectMany(e => (e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [HttpMethod.Get.Method]).Select(m => (Method: m, Path: Example(e.RoutePattern), Answer: Answer(e)))).Distinct().ToList();
        closed.Count.ShouldBeGreaterThan(100);
        foreach (var (method, path, expected) in closed)
        {
            using var ask = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { { "Accept", "application/json" } } };
            using var answer = await security.SendAsync(ask);
            (method, path, answer.StatusCode).ShouldBe((method, path, expected));
        }

        // Where only the keys of programs count, a session of whatever kind is nobody.
        static HttpStatusCode Answer(RouteEndpoint route) =>
            route.Metadata.GetMetadata<AuthorizationPolicy>()?.AuthenticationSchemes is [IApiTokens.Scheme] ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden;

        using var page = await security.GetAsync(new Uri("/people", UriKind.Relative));
        $"{page.Headers.Location}".ShouldContain("/second-factor?back=%2Fpeople");
    }

    [Fact]
    public async Task Code_is_good_once_one_step_off_and_no_more()
    {
        await using var county = await SetUp();
        var (secret, _, enrolled) = await Enrolled(county);
        (await Json(await enrolled.GetAsync(Session))).GetProperty("roles")[0].GetString().ShouldBe(Roles.SecurityAdministrator);
        (await enrolled.GetAsync(new Uri("/accounts", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);

        county.Advance(TimeSpan.FromMinutes(2));
        using var first = await county.SignedIn("security-0", "Aa-first-start-2");
        (await Json(await first.GetAsync(Session))).GetProperty("pending").GetString().ShouldBe("code");
        var code = Code(county, secret);
        (await Refusal(await first.PostAsJsonAsync(Proof, new { value = Code(county, secret, steps: -3) }))).ShouldBe("IDN-021");
        (await first.PostAsJsonAsync(Proof, new { value = Code(county, secret, steps: -1) })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        using var second = await county.SignedIn("security-0", "Aa-first-start-2");
        (await second.PostAsJsonAsync(Proof, new { value = code })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var replay = await county.SignedIn("security-0", "Aa-first-start-2");
        (await Refusal(await replay.PostAsJsonAsync(Proof, new { value = code }))).ShouldBe("IDN-021");
        (await Json(await replay.GetAsync(Session))).GetProperty("roles").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_code_that_was_not_sent_is_named_and_costs_no_try()
    {
        await using var county = await SetUp();
        var (secret, _, _) = await Enrolled(county);
        county.Advance(TimeSpan.FromMinutes(2));
        using var half = await county.SignedIn("security-0", "Aa-first-start-2");
        for (var i = 0; i < 8; i++)
        {
            var refused = await half.PostAsJsonAsync(Proof, new { number = Code(county, secret) });
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await refused.Content.ReadAsStringAsync()).ShouldContain("\"field\":\"value\"");
        }

        (await (await half.PostAsJsonAsync(Factor + "/enrol", new { value = "1" })).Content.ReadAsStringAsync()).ShouldContain("\"ticket\"");
        (await half.PostAsJsonAsync(Proof, new { code = Code(county, secret) })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("code", "/second-factor", "/api/v1/session/code"), InlineData("enrol", "/second-factor", "/api/v1/second-factor"), InlineData("password", "/change-password", "/api/v1/password")]
    public async Task Whoever_is_halfway_in_is_told_what_is_missing_and_where(string waits, string page, string route)
    {
        await using var county = await SetUp();
        if (waits == "code")
        {
            await Enrolled(county);
        }

        var (login, password) = waits == "password" ? await Newcomer(county) : ("security-0", "Aa-first-start-2");
        using var half = await county.SignedIn(login, password);
        (await Json(await half.GetAsync(Session))).GetProperty("pending").GetString().ShouldBe(waits);
        using var refused = await half.GetAsync(new Uri("/api/v1/units", UriKind.Relative));
        var told = System.Text.Json.JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement;
        (refused.StatusCode, told.GetProperty("code").GetString(), told.GetProperty("link").GetString()).ShouldBe((HttpStatusCode.Forbidden, "HST-017", page));
        told.GetProperty("todo").GetString()!.ShouldContain(route);
    }

    [Fact]
    public async Task Guessing_codes_locks_the_login_though_the_password_is_right()
    {
        await using var county = await SetUp();
        await Enrolled(county);
        for (var i = 0; i < 5; i++)
        {
            using var guess = await county.SignedIn("security-0", "Aa-first-start-2");
            (await Refusal(await guess.PostAsJsonAsync(Proof, new { value = $"00000{i}" }))).ShouldBe("IDN-021");
        }

        using var visitor = county.Visitor();
        (await Refusal(await visitor.PostAsJsonAsync(Session, new { login = "security-0", password = "Aa-first-start-2" }))).ShouldBe("IDN-002");
    }

    [Fact]
    public async Task Recovery_code_is_good_once_and_kept_as_a_hash()
    {
        await using var county = await SetUp();
        var (_, recovery, _) = await Enrolled(county);
        recovery.Count.ShouldBe(8);
        using var one = await county.SignedIn("security-0", "Aa-first-start-2");
        (await one.PostAsJsonAsync(Proof, new { value = recovery[0].ToLowerInvariant() })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var two = await county.SignedIn("security-0", "Aa-first-start-2");
        (await Refusal(await two.PostAsJsonAsync(Proof, new { value = recovery[0] }))).ShouldBe("IDN-021");
        (await File.ReadAllBytesAsync(Path.Combine(county.Data, "lizhou.db-wal"))).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(recovery[1])).ShouldBe(-1);
    }

    [Fact]
    public async Task Factor_is_reset_by_the_security_administrator_alone_and_never_replaced_by_the_password()
    {
        await using var county = await SetUp();
        var (_, _, security) = await Enrolled(county);
        var (_, _, system) = await Enrolled(county, "system-0", "Aa-first-start-1");
        var ids = (await Json(await security.GetAsync(new Uri("/api/v1/accounts", UriKind.Relative)))).GetProperty("items").EnumerateArray().ToDictionary(a => a.GetProperty("login").GetString()!, a => a.GetProperty("id").GetGuid());
        (await system.PostAsync(Reset(ids["security-0"]), null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Refusal(await security.PostAsync(Reset(ids["security-0"]), null))).ShouldBe("IDN-008");

        using var half = await county.SignedIn("system-0", "Aa-first-start-1");
        (await Refusal(await half.PostAsync(Factor, null))).ShouldBe("IDN-022");
        (await security.PostAsync(Reset(ids["system-0"]), null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await system.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var (_, _, again) = await Enrolled(county, "system-0", "Aa-first-start-1");
        (await Json(await again.GetAsync(Session))).GetProperty("roles")[0].GetString().ShouldBe(Roles.SystemAdministrator);
    }

    [Fact]
    public async Task Ticket_of_another_account_or_a_forged_one_enrols_nothing()
    {
        await using var county = await SetUp();
        using var system = await county.SignedIn("system-0", "Aa-first-start-1");
        using var security = await county.SignedIn("security-0", "Aa-first-start-2");
        var begun = await Json(await system.PostAsync(Factor, null));
        var code = Code(county, begun.GetProperty("secret").GetString()!);
        (await Refusal(await security.PostAsJsonAsync(Factor + "/enrol", new { ticket = begun.GetProperty("ticket").GetString(), code }))).ShouldBe("IDN-021");
        (await Refusal(await security.PostAsJsonAsync(Factor + "/enrol", new { ticket = "forged", code }))).ShouldBe("IDN-021");
    }

    [Fact]
    public async Task One_click_of_the_sample_needs_no_authenticator()
    {
        await using var county = await Start();
        using var auditor = await county.As(Roles.AuditAdministrator);
        (await Json(await auditor.GetAsync(Session))).GetProperty("roles")[0].GetString().ShouldBe(Roles.AuditAdministrator);
    }

    [Theory]
    [InlineData("zh-CN", "双因素认证")]
    [InlineData("en", "Second factor")]
    public async Task Page_shows_the_key_as_a_picture_in_both_languages(string language, string title)
    {
        await using var county = await SetUp();
        using var audit = await county.SignedIn("audit-0", "Aa-first-start-3");
        var page = await audit.GetStringAsync(new Uri($"/second-factor?lang={language}", UriKind.Relative));
        page.ShouldContain($"<h1>{title}</h1>");
        WebUtility.HtmlDecode(page).ShouldContain("data:image/svg+xml;base64,");
    }

    // One address of the route: an id nobody has for each parameter, a number where one is asked for.
    private static string Example(RoutePattern route) =>
        "/" + string.Join('/', route.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p switch
        {
            RoutePatternLiteralPart word => word.Content,
            RoutePatternParameterPart asked when asked.ParameterPolicies.Any(k => k.Content is "long" or "int") => "1",
            _ => Guid.Empty.ToString(),
        }))));

    private static Uri Reset(Guid account) => new($"/api/v1/accounts/{account}/second-factor/reset", UriKind.Relative);

    private static string Code(County county, string secret, int steps = 0) =>
        new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(county.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime.AddSeconds(30 * steps));

    private static async Task<(string Secret, List<string> Recovery, HttpClient Client)> Enrolled(County county, string login = "security-0", string password = "Aa-first-start-2")
    {
        using var client = await county.SignedIn(login, password);
        var begun = await Json(await client.PostAsync(Factor, null));
        var secret = begun.GetProperty("secret").GetString()!;
        var codes = await Json(await client.PostAsJsonAsync(Factor + "/enrol", new { ticket = begun.GetProperty("ticket").GetString(), code = Code(county, secret) }));
        var recovery = codes.EnumerateArray().Select(c => c.GetString()!).ToList();
        var proven = await county.SignedIn(login, password);
        (await proven.PostAsJsonAsync(Proof, new { value = recovery[^1] })).EnsureSuccessStatusCode();
        var who = await Json(await proven.GetAsync(Session));
        proven.DefaultRequestHeaders.Remove("RequestVerificationToken");
        proven.DefaultRequestHeaders.Add("RequestVerificationToken", who.GetProperty("antiforgery").GetString());
        return (secret, recovery, proven);
    }

    private static async Task<(string Login, string Password)> Newcomer(County county)
    {
        var (_, _, system) = await Enrolled(county, "system-0", "Aa-first-start-1");
        var unit = (await Json(await system.PostAsJsonAsync("/api/v1/units", new { name = "模拟测试局", code = "113307843077566033", kind = "Department" }))).GetProperty("id").GetGuid();
        var person = (await Json(await system.PostAsJsonAsync("/api/v1/people", new { name = "模拟新人", unit }))).GetGuid();
        var made = await Json(await system.PostAsJsonAsync("/api/v1/accounts", new { login = "new-engineer", person, roles = new[] { Roles.Engineer } }));
        var (_, _, audit) = await Enrolled(county, "audit-0", "Aa-first-start-3");
        var half = new Uri($"/api/v1/accounts/{made.GetProperty("account").GetProperty("id").GetString()}/second-half", UriKind.Relative);
        return ("new-engineer", made.GetProperty("password").GetString()! + (await Json(await audit.PostAsync(half, null))).GetString());
    }

    private static async Task<County> SetUp()
    {
        var county = await Start(demo: false);
        await Administrators(county);
        return county;
    }

    /// <summary>The first start of a city: its three administrators, each with a password alone.</summary>
    internal static async Task Administrators(County county)
    {
        await using var scope = county.Services.CreateAsyncScope();
        var code = await scope.ServiceProvider.GetRequiredService<SetUpCity>().NewCode(default);
        using var visitor = county.Visitor();
        (await visitor.PostAsJsonAsync("/api/v1/setup", new
        {
            code,
            system = new { login = "system-0", name = "系统", password = "Aa-first-start-1" },
            security = new { login = "security-0", name = "安全", password = "Aa-first-start-2" },
            audit = new { login = "audit-0", name = "审计", password = "Aa-first-start-3" },
        })).EnsureSuccessStatusCode();
    }
}
