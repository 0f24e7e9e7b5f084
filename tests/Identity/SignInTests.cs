using Lizhou.Kernel.Web;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Tests;
using static Lizhou.Tests.County;

namespace Lizhou.Identity.Tests;

public sealed class SignInTests(SharedCounty county) : IClassFixture<SharedCounty>
{
    private static readonly Uri Session = new("/api/v1/session", UriKind.Relative);

    [Fact]
    public async Task Wrong_password_and_unknown_login_are_refused_in_the_same_words()
    {
        using var visitor = county.Visitor();
        var wrong = await visitor.PostAsJsonAsync(Session, new { login = "demo-audit", password = "not-it-1A" });
        var unknown = await visitor.PostAsJsonAsync(Session, new { login = "nobody-at-all", password = "not-it-1A" });
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        unknown.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Refusal(wrong)).ShouldBe("IDN-001");
        (await Refusal(unknown)).ShouldBe("IDN-001");
        wrong.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task Unknown_login_is_refused_no_faster_than_a_known_one()
    {
        using var visitor = county.Visitor();
        async Task<double> Median(Func<int, string> login)
        {
            List<double> times = [];
            for (var i = 0; i < 5; i++)
            {
                var watch = Stopwatch.StartNew();
                await visitor.PostAsJsonAsync(Session, new { login = login(i), password = "not-it-1A" });
                times.Add(watch.Elapsed.TotalMilliseconds);
            }

            return times.Order().ElementAt(2);
        }

        var unknown = await Median(i => $"ghost-{i}");
        string[] known = ["demo-audit", "demo-security", "demo-system", "demo-engineer", "demo-audit"];
        var real = await Median(i => known[i]);

        // Without the hash an unknown login answers tens of times faster; a factor of three leaves room for a busy machine.
        (unknown / real).ShouldBeGreaterThan(1 / 3.0);
    }

    [Fact]
    public async Task Cookie_is_for_this_site_alone_and_another_at_each_sign_in()
    {
        using var first = await county.As(Roles.Engineer);
        var line = (await File.ReadAllLinesAsync(Path.Combine(county.Data, "keys", "demo-people.txt"))).First(l => l.StartsWith("demo-engineer", StringComparison.Ordinal)).Split('\t');
        using var visitor = county.Visitor();
        var one = (await visitor.PostAsJsonAsync(Session, new { login = line[0], password = line[1] })).Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("lizhou=", StringComparison.Ordinal));
        var two = (await visitor.PostAsJsonAsync(Session, new { login = line[0], password = line[1] })).Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("lizhou=", StringComparison.Ordinal));
        one.ShouldContain("httponly", Case.Insensitive);
        one.ShouldContain("samesite=lax", Case.Insensitive);
        one.ShouldNotContain("expires", Case.Insensitive);
        one.ShouldNotBe(two);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_wherever_its_cookie_was_copied()
    {
        using var person = await county.As(Roles.AuditAdministrator);
        (await person.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await person.DeleteAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await person.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Cookie_alone_does_not_write()
    {
        using var person = await county.As(Roles.SystemAdministrator);
        var token = person.DefaultRequestHeaders.GetValues("RequestVerificationToken").Single();
        person.DefaultRequestHeaders.Remove("RequestVerificationToken");
        var ask = new { login = "by-forgery", person = await county.Person("伪造"), roles = new[] { Roles.Engineer } };
        (await Refusal(await person.PostAsJsonAsync("/api/v1/accounts", ask))).ShouldBe("IDN-010");

        using var other = await county.As(Roles.SecurityAdministrator);
        person.DefaultRequestHeaders.Add("RequestVerificationToken", other.DefaultRequestHeaders.GetValues("RequestVerificationToken").Single());
        (await Refusal(await person.PostAsJsonAsync("/api/v1/accounts", ask))).ShouldBe("IDN-010");

        person.DefaultRequestHeaders.Remove("RequestVerificationToken");
        person.DefaultRequestHeaders.Add("RequestVerificationToken", token);
        (await person.PostAsJsonAsync("/api/v1/accounts", ask)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Page_sends_a_stranger_to_the_door_and_a_program_gets_401()
    {
        using var visitor = county.Visitor();
        var page = await visitor.GetAsync(new Uri("/accounts?q=x", UriKind.Relative));
        page.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        page.Headers.Location!.ToString().ShouldBe("/sign-in?back=%2Faccounts%3Fq%3Dx");
        (await Refusal(await visitor.GetAsync(new Uri("/api/v1/accounts", UriKind.Relative)))).ShouldBe("HST-401");
    }

    [Theory]
    [InlineData("/units?q=1", "/units?q=1")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData(null, "/")]
    public void Door_leads_back_to_this_site_only(string? back, string expected) => LocalPath.Of(back).ShouldBe(expected);

    [Fact]
    public async Task One_click_sign_in_is_for_this_machine_only()
    {
        using var visitor = county.Visitor();
        (await visitor.GetAsync(new Uri("/demo", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var proxied = county.Visitor();
        proxied.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.7");
        (await proxied.GetAsync(new Uri("/demo", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var rebound = county.Visitor();
        rebound.DefaultRequestHeaders.Host = "city.example";
        (await rebound.GetAsync(new Uri("/demo", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void Demo_passwords_can_be_read_by_their_owner_alone() =>
        File.GetUnixFileMode(Path.Combine(county.Data, "keys", "demo-people.txt")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
}
