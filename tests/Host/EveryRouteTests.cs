// Chapters of OWASP ASVS 5.0 asked of every route there is. Which chapter is held by which test: docs/security-tests.md.
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Kernel;
using Lizhou.Tests;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Lizhou.Tests.County;

namespace Lizhou.Host.Tests;

public sealed class EveryRouteTests(QuietCity city) : IClassFixture<QuietCity>
{
    private const string Mark = "lzx7919";

    /// <summary>One text for each kind of code that a text must not become; the last are texts that readers of numbers, names and paths meet.</summary>
    private static readonly string[] Payloads =
    [
        $"'\"><{Mark} onclick=alert(1)><script>/*{Mark}*/alert(1)</script>", $"javascript:alert('{Mark}')", "' OR '1'='1'; DROP TABLE identity_account;--", "1); ATTACH '/etc/passwd' AS x; SELECT (1",
        $"a\r\nX-Evil: {Mark}\r\nSet-Cookie: evil=1\r\n\r\n<{Mark}>", "%s%s%n%x{0}{1:N}{99}", "{{7919919*7717}}${7919919*7717}#{7919919*7717}<%=7919919*7717%>@(7919919*7717)", "*)(uid=*))(|(uid=*", "$(id);`id`|id&id", "^(a+)+$" + new string('a', 200) + "!",
        "../../../../../../etc/passwd", "..\\..\\web.config", "a\0b", "\uFFFE\uFEFF\u202E欧阳\U0001F600", "99999999999999999999999", "-1", "1e9999", "NaN", "１２", "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>", new string('长', 700),
    ];

    [Fact]
    public async Task No_text_given_to_any_route_becomes_code_of_any_kind()
    {
        var (asked, faults) = (0, new List<string>());
        foreach (var route in city.All.Where(r => !r.EndsSession))
        {
            var client = await city.For(route);
            foreach (var payload in Payloads)
            {
                using var all = await Send(client, route, route.Path(_ => payload), payload);
                faults.AddRange(await Wrong(all, $"{route} all = {payload[..Math.Min(30, payload.Length)]}"));
                asked++;
            }

            foreach (var query in route.Queries)
            {
                using var one = await Send(client, route, route.Path(_ => Payloads[0], [query]), "x");
                faults.AddRange(await Wrong(one, $"{route} {query}"));
                asked++;
            }
        }

        faults.Distinct().ShouldBeEmpty();
        asked.ShouldBeGreaterThan(5_000);
        using var still = await city.As(Roles.Engineer);
        (await still.GetAsync("/api/v1/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_unsafe_route_refuses_a_session_without_its_proof_and_another_persons()
    {
        using var engineer = await city.As(Roles.Engineer);
        using var auditor = await city.As(Roles.AuditAdministrator);
        var foreign = auditor.DefaultRequestHeaders.GetValues("RequestVerificationToken").Single();
        engineer.DefaultRequestHeaders.Remove("RequestVerificationToken");
        var asked = 0;
        foreach (var route in city.All.Where(r => !r.Safe && !r.Open && !r.Page))
        {
            foreach (var proof in new[] { null, "", "forged", foreign })
            {
                using var request = new HttpRequestMessage(new(route.Method), route.Path(_ => "x")) { Content = route.Filled("x") };
                request.Headers.TryAddWithoutValidation("RequestVerificationToken", proof);
                request.Headers.TryAddWithoutValidation("Origin", "https://elsewhere.example");
                using var answer = await engineer.SendAsync(request);
                // 403 where the person has no business there at all, 415 of a type no route there takes; nowhere a success. The form of an upload goes back to its page, which says why.
                if (answer.StatusCode == HttpStatusCode.Redirect)
                {
                    answer.Headers.Location!.ToString().ShouldContain("refused=", Case.Insensitive, $"{route} {proof}");
                }
                else
                {
                    ((int)answer.StatusCode).ShouldBeOneOf([400, 401, 403, 415], $"{route} {proof}");
                }

                asked++;
            }
        }

        asked.ShouldBeGreaterThan(300);
    }

    [Fact]
    public async Task Every_cookie_any_route_sets_is_for_this_site_alone_and_no_script()
    {
        foreach (var route in city.All.Where(r => !r.EndsSession))
        {
            using var visitor = city.Stranger();
            using var answer = await Send(visitor, route, route.Path(_ => "x"), "x");
            foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            {
                cookie.ShouldSatisfyAllConditions(c => c.ShouldContain("samesite=", Case.Insensitive, $"{route}"), c => c.ShouldContain("path=/", Case.Insensitive, $"{route}"), c => c.ShouldContain("httponly", Case.Insensitive, $"{route}"), c => c.ShouldNotContain("domain=", Case.Insensitive, $"{route}"));
            }
        }
    }

    [Fact]
    public async Task Every_route_with_a_body_refuses_types_it_does_not_read_and_no_route_answers_TRACE()
    {
        var (asked, paths) = (0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var route in city.All.Where(r => !r.EndsSession))
        {
            var client = await city.For(route);
            if (route.Body is not null)
            {
                foreach (var type in new[] { "text/plain", "application/xml", "text/html", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x" })
                {
                    using var request = new HttpRequestMessage(new(route.Method), route.Path(_ => "x")) { Content = new StringContent("<a/>", Encoding.UTF8) };
                    request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
                    using var answer = await client.SendAsync(request);
                    ((int)answer.StatusCode).ShouldBeInRange(400, 429, $"{route} {type}");
                    asked++;
                }
            }

            if (paths.Add(route.Pattern))
            {
                using var trace = await client.SendAsync(new(HttpMethod.Trace, route.Path(_ => "x")));
                ((int)trace.StatusCode).ShouldBeInRange(300, 499, $"TRACE {route.Pattern}");
                (await trace.Content.ReadAsStringAsync()).ShouldNotContain("TRACE /", Case.Sensitive, route.Pattern);
            }
        }

        asked.ShouldBeGreaterThan(200);
    }

    [Fact]
    public async Task A_file_of_any_name_and_content_is_refused_or_kept_as_data_by_every_route_that_takes_one()
    {
        byte[] program = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, .. new byte[100]];
        var (contents, canary) = (new[] { program, "MZ\u0090\0"u8.ToArray(), "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"u8.ToArray(), "<html><script>alert(1)</script></html>"u8.ToArray(), [], new byte[2_000] }, $"canary-{Guid.NewGuid():N}");
        string[] names = [$"../../{canary}.csv", Path.Combine(Path.GetTempPath(), $"{canary}.csv"), $"..\\..\\{canary}.xlsx", $"{canary}\0.csv", $"{canary}.html", $"{canary}.svg", $"{canary}.exe", new string('n', 3_000) + ".csv", ".csv", "a\r\nX-Evil: 1.csv", "CON.csv"];
        var routes = city.All.Where(r => r.Method == "POST" && !r.Page && r.Endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is { } accepts && accepts.ContentTypes.Any(t => t.StartsWith("multipart/", StringComparison.Ordinal))
            || r.ToString() is "POST /api/v1/batches" or "POST /api/v1/batches/" or "POST /upload" or "POST /api/v1/uploads").ToList();
        routes.Count.ShouldBeGreaterThan(4);
        foreach (var route in routes)
        {
            var client = await city.For(route);
            foreach (var (name, content) in names.SelectMany((n, i) => contents.Where((_, j) => (i + j) % 2 == 0).Select(c => (n, c))))
            {
                using var form = new MultipartFormDataContent { { new StringContent("x"), "resource" } };
                var file = new ByteArrayContent(content);
                file.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"file\"; filename=\"{name.Replace("\r\n", "%0D%0A", StringComparison.Ordinal)}\"");
                form.Add(file);
                using var answer = await client.PostAsync(route.Path(_ => "x"), form);
                ((int)answer.StatusCode).ShouldBeLessThan(500, $"{route} {name}");
                answer.Headers.Contains("X-Evil").ShouldBeFalse($"{route} {name}");
            }
        }

        var outside = Directory.GetParent(city.Data)!.FullName;
        Directory.EnumerateFiles(outside, $"*{canary}*").Concat(Directory.EnumerateFiles(Path.GetTempPath(), $"*{canary}*")).ShouldBeEmpty();
        Directory.EnumerateFiles(city.Data, $"*{canary}*", SearchOption.AllDirectories).ShouldBeEmpty("what is kept has a name of ours");
    }

    [Fact]
    public async Task Every_route_turns_away_a_session_that_has_ended()
    {
        using var engineer = await city.As(Roles.Engineer);
        var kept = new CookieContainer();
        using var copy = new HttpClient(new SocketsHttpHandler { CookieContainer = kept, AllowAutoRedirect = false }) { BaseAddress = city.Address };
        var line = (await File.ReadAllLinesAsync(Path.Combine(city.Data, "keys", "demo-people.txt"))).Select(l => l.Split('\t')).First(l => l[3] == Roles.Engineer);
        (await copy.PostAsJsonAsync("/api/v1/session", new { login = line[0], password = line[1] })).EnsureSuccessStatusCode();
        copy.DefaultRequestHeaders.Add("RequestVerificationToken", (await Json(await copy.GetAsync("/api/v1/session"))).GetProperty("antiforgery").GetString());
        var cookies = string.Join("; ", kept.GetCookies(city.Address).Select(c => $"{c.Name}={c.Value}"));
        (await copy.DeleteAsync("/api/v1/session")).EnsureSuccessStatusCode();

        using var stolen = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = city.Address };
        stolen.DefaultRequestHeaders.Add("Cookie", cookies);
        stolen.DefaultRequestHeaders.Add("RequestVerificationToken", copy.DefaultRequestHeaders.GetValues("RequestVerificationToken"));
        var asked = 0;
        foreach (var route in city.All.Where(r => !r.Open))
        {
            using var answer = await Send(stolen, route, route.Path(_ => "x"), "x");
            if (route.Page && answer.StatusCode == HttpStatusCode.Redirect)
            {
                answer.Headers.Location!.ToString().ShouldContain("/sign-in", Case.Sensitive, $"{route}");
            }
            else
            {
                ((int)answer.StatusCode).ShouldBeOneOf([302, 400, 401, 415], $"{route}"); // 415: of a type no route there takes, before anybody is asked for
            }

            asked++;
        }

        asked.ShouldBeGreaterThan(250);
    }

    [Fact]
    public async Task Every_route_refuses_the_roles_it_does_not_name_whatever_they_ask()
    {
        var asked = 0;
        foreach (var role in Roles.All)
        {
            foreach (var route in city.All.Where(r => !r.Open && r.Roles.Count > 0 && !r.Roles.Contains(role)))
            {
                using var answer = await Send(await city.One(role), route, route.Path(_ => "x"), "x");
                ((int)answer.StatusCode).ShouldBeOneOf([401, 403, 415], $"{role}: {route}");
                asked++;
            }
        }

        asked.ShouldBeGreaterThan(600);
        using var visitor = city.Stranger();
        foreach (var route in city.All.Where(r => !r.Open))
        {
            using var answer = await Send(visitor, route, route.Path(_ => "x"), "x");
            ((int)answer.StatusCode).ShouldBeOneOf([302, 400, 401, 415], $"nobody: {route}");
        }
    }

    [Fact]
    public async Task Every_route_refuses_bearers_that_are_none()
    {
        var payload = Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"sub":"01930000-0000-7000-8000-00000000000a","aud":"lizhou:api","role":"engineer","exp":4102444800}""")).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        string Head(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        string[] forged =
        [
            "lz_" + new string('A', 43), "la_" + new string('A', 43), $"{Head("""{"alg":"none","typ":"at+jwt"}""")}.{payload}.", $"{Head("""{"alg":"HS256","typ":"at+jwt","kid":"../../../dev/null"}""")}.{payload}.{new string('A', 43)}",
            $"{Head("""{"alg":"ES256","typ":"at+jwt","jku":"https://elsewhere.example/jwks"}""")}.{payload}.{new string('A', 86)}", "", "null", new string('.', 2_000), "' OR '1'='1",
        ];
        var asked = 0;
        foreach (var route in city.All.Where(r => !r.Open))
        {
            foreach (var token in forged)
            {
                using var request = new HttpRequestMessage(new(route.Method), route.Path(_ => "x")) { Content = route.Filled("x") };
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
                using var visitor = city.Stranger();
                using var answer = await visitor.SendAsync(request);
                ((int)answer.StatusCode).ShouldBeOneOf([302, 400, 401, 415], $"{route} {token}: {answer.Content.Headers.ContentType}");
                asked++;
            }
        }

        asked.ShouldBeGreaterThan(2_000);
    }

    private static async Task<HttpResponseMessage> Send(HttpClient client, EveryRoute route, string path, string text)
    {
        using var request = new HttpRequestMessage(new(route.Method), path) { Content = route.Filled(text) };
        if (route.Page)
        {
            request.Headers.Accept.ParseAdd("text/html");
        }

        return await client.SendAsync(request);
    }

    private static async Task<List<string>> Wrong(HttpResponseMessage answer, string what)
    {
        var body = await answer.Content.ReadAsStringAsync();
        List<string> faults = [];
        void If(bool wrong, string why)
        {
            if (wrong)
            {
                faults.Add($"{what}: {why}");
            }
        }

        If((int)answer.StatusCode >= 500, $"{(int)answer.StatusCode} {body[..Math.Min(200, body.Length)]}");
        If(answer.Headers.Contains("X-Evil") || (answer.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(c => c.StartsWith("evil=", StringComparison.Ordinal))), "a header was written by the text");
        If(answer.Content.Headers.ContentType?.MediaType == "text/html" && (body.Contains($"<{Mark}", StringComparison.OrdinalIgnoreCase) || body.Contains($"<script>/*{Mark}", StringComparison.Ordinal)), "markup came back as markup");
        If(new[] { "href", "action", "src", "formaction" }.Any(a => body.Contains($" {a}=\"javascript:", StringComparison.OrdinalIgnoreCase)), "a link that runs");
        If(body.Contains("61118014923", StringComparison.Ordinal), "a template was worked out");
        If(body.Contains("root:x:0", StringComparison.Ordinal), "a file of the machine came back");
        If(body.Contains("   at Lizhou.", StringComparison.Ordinal) || body.Contains("System.FormatException", StringComparison.Ordinal) || body.Contains("SQLite Error", StringComparison.Ordinal), "what is inside was told");
        return faults;
    }
}

/// <summary>What every route does when the house itself fails. The city is broken here, so it is this class's own.</summary>
public sealed class EveryRouteFailsTests
{
    [Fact]
    public async Task Without_its_ledger_no_route_acts_and_what_fails_says_nothing_of_what_is_inside_nor_writes_lines_of_the_log()
    {
        await using var city = new QuietCity();
        await city.InitializeAsync();
        var log = new Kept();
        city.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        // Everybody is in before it breaks: to sign in is an act.
        Dictionary<string, HttpClient> people = new(StringComparer.Ordinal);
        foreach (var role in Roles.All)
        {
            people[role] = await city.One(role);
        }

        await using (var connection = await city.Services.GetRequiredService<StateStore>().Open())
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "ALTER TABLE ledger_entry RENAME TO gone_entry";
            await command.ExecuteNonQueryAsync();
        }

        const string Fake = "x\r\n2026-11-29 FAKE-LINE";
        var (failed, acted) = (0, new List<string>());
        foreach (var route in city.All.Where(r => !r.EndsSession))
        {
            var client = route.Open ? city.Stranger() : people[route.Roles.Count == 0 || route.Roles.Contains(Roles.Engineer) ? Roles.Engineer : route.Roles[0]];
            using var request = new HttpRequestMessage(new(route.Method), route.Path(_ => Fake)) { Content = route.Filled(Fake) };
            request.Headers.TryAddWithoutValidation("User-Agent", "FAKE-LINE\tagent");
            using var answer = await client.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            if (!route.Safe && !route.Page && answer.IsSuccessStatusCode)
            {
                acted.Add($"{route} {(int)answer.StatusCode}");
            }

            if ((int)answer.StatusCode < 500)
            {
                continue;
            }

            failed++;
            body.ShouldSatisfyAllConditions(
                b => b.ShouldNotContain("ledger_entry", Case.Insensitive, $"{route}"), b => b.ShouldNotContain("SQLite", Case.Insensitive, $"{route}"), b => b.ShouldNotContain("   at ", Case.Sensitive, $"{route}"), b => b.ShouldNotContain("Exception", Case.Sensitive, $"{route}"));
            // An answer to HEAD has no body to name it in.
            (request.Method == HttpMethod.Head || body.Contains("trackingId", StringComparison.Ordinal) || body.Contains("lz-problem-foot", StringComparison.Ordinal)).ShouldBeTrue($"{route} names no tracking id");
        }

        failed.ShouldBeGreaterThan(5);
        log.Lines.Where(l => l.Contains("failed. Tracking id", StringComparison.Ordinal)).ShouldNotBeEmpty();
        log.Lines.Where(l => l.Contains('\n') || l.Contains('\r')).ShouldBeEmpty();
        acted.Where(a => !Harmless.Contains(a.Split(' ')[1])).ShouldBeEmpty("an act without evidence");
    }

    /// <summary>Unsafe by their method, because they carry a body or keep a choice of the one who asks; they change nothing anybody else sees.</summary>
    private static readonly string[] Harmless = ["/api/v1/case-dispatch/check", "/api/v1/cases/dispatch/what-if", "/api/v1/cases/assessment/schemes/check", "/api/v1/cases/recommendation/", "/api/v1/policy/trial", "/api/v1/calendar/deadline", "/api/v1/case-flows/check", "/api/v1/second-factor/", "/api/v1/basket/{resource:guid}"];

    private sealed class Kept : ILoggerProvider, ILogger
    {
        private readonly List<string> lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (lines)
                {
                    return [.. lines];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines)
            {
                lines.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
