// What went wrong in systems like ours, asked of this one through its doors. Which record is held by which test: docs/security-tests.md.
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Host.Tests;

public sealed class SystemsLikeOursTests(CityAsItIs city) : IClassFixture<CityAsItIs>
{
    private const string Script = "<script>alert(1)</script><img src=x onerror=alert(1)>";

    [Fact]
    public async Task A_text_of_a_request_is_no_object_list_or_number()
    {
        var people = new List<HttpClient> { city.Visitor() };
        foreach (var role in new[] { Roles.Engineer, Roles.SystemAdministrator, Roles.SecurityAdministrator, Roles.AuditAdministrator })
        {
            people.Add(await city.As(role));
        }

        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "generated", "openapi.json")));
        var tried = 0;
        foreach (var (method, path, text, body) in Texts(document.RootElement))
        {
            foreach (var wrong in new JsonNode[] { new JsonObject { ["a"] = "x" }, new JsonArray("x"), JsonValue.Create(7) })
            {
                foreach (var client in people)
                {
                    var ask = (JsonObject)body.DeepClone();
                    ask[text] = wrong.DeepClone();
                    using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = JsonContent.Create(ask) };
                    using var answer = await client.SendAsync(request);
                    ((int)answer.StatusCode).ShouldBeInRange(400, 499, $"{method} {path} {text} = {wrong.ToJsonString()}");
                    tried++;
                }
            }
        }

        tried.ShouldBeGreaterThan(500);
    }

    [Fact]
    public async Task Every_answer_tells_the_browser_what_it_may_do()
    {
        using var visitor = city.Visitor();
        using var engineer = await city.As(Roles.Engineer);
        var asked = 0;
        foreach (var route in city.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText ?? "").Where(r => !r.Contains('*', StringComparison.Ordinal)).Distinct())
        {
            var path = "/" + string.Join('/', route.TrimStart('/').Split('/').Select(p => p.StartsWith('{') ? Guid.Empty.ToString() : p));
            foreach (var client in new[] { visitor, engineer })
            {
                using var answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
                string Header(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
                Header("X-Content-Type-Options").ShouldBe("nosniff", path);
                Header("Content-Security-Policy").ShouldSatisfyAllConditions(c => c.ShouldContain("frame-ancestors 'none'", Case.Sensitive, path), c => c.ShouldNotContain("unsafe", Case.Sensitive, path));
                Header("Referrer-Policy").ShouldBe("same-origin", path);
                Header("Access-Control-Allow-Origin").ShouldBe("", path);
                Header("Server").ShouldBe("", path);
                ((int)answer.StatusCode).ShouldBeLessThan(500, path);
                asked++;
            }
        }

        asked.ShouldBeGreaterThan(200);
    }

    [Fact]
    public async Task A_chunk_whose_extension_hides_a_second_request_is_refused()
    {
        foreach (var smuggled in new[] { "2;\nxx\r\n", "2\n", "2;a\r" })
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(city.Address.Host, city.Address.Port);
            await using var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /api/v1/session HTTP/1.1\r\nHost: {city.Address.Authority}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{smuggled}45\r\n0\r\n\r\nGET /healthz-smuggled HTTP/1.1\r\nHost: {city.Address.Authority}\r\n\r\n"));
            using var reader = new StreamReader(stream);
            socket.ReceiveTimeout = 10_000;
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            var said = await reader.ReadToEndAsync(patience.Token);
            said.ShouldStartWith("HTTP/1.1 400");
            said.Split("HTTP/1.1").Length.ShouldBe(2, "one answer, then the connection ends");
        }
    }

    [Fact]
    public async Task A_name_that_is_a_script_is_only_a_name_on_pages_and_in_the_ledger()
    {
        using var engineer = await city.As(Roles.Engineer);
        using var auditor = await city.As(Roles.AuditAdministrator);
        await Json(await engineer.PostAsJsonAsync("/api/v1/units", new { name = Script, code = "11332500MB1601924J", kind = "Department" }));
        foreach (var (client, path) in new[] { (engineer, "/units"), (engineer, "/ledger"), (auditor, "/ledger"), (engineer, $"/ledger?q={Uri.EscapeDataString(Script)}") })
        {
            (await client.GetStringAsync(path)).ShouldNotContain("<script>alert(1)", Case.Insensitive, path);
        }
    }

    [Fact]
    public async Task Two_installations_share_no_key()
    {
        await using var other = await Start();
        foreach (var file in Directory.GetFiles(Path.Combine(city.Data, "keys"), "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".txt", StringComparison.Ordinal) && Path.GetFileName(f) != "suite"))
        {
            var twin = Path.Combine(other.Data, Path.GetRelativePath(city.Data, file));
            if (File.Exists(twin))
            {
                (await File.ReadAllBytesAsync(twin)).ShouldNotBe(await File.ReadAllBytesAsync(file), file);
            }
        }
    }

    [Fact]
    public async Task An_id_a_role_or_a_label_that_nobody_asked_for_is_not_taken_from_a_request()
    {
        using var system = await city.As(Roles.SystemAdministrator);
        using var engineer = await city.As(Roles.Engineer);
        var victim = (await Json(await engineer.GetAsync("/api/v1/session"))).GetProperty("id").GetGuid();
        var unit = (await Json(await engineer.PostAsJsonAsync("/api/v1/units", new { name = "甲局", code = "11330600MB1573660P", kind = "Department", id = Guid.Empty }))).GetProperty("id").GetGuid();
        unit.ShouldNotBe(Guid.Empty);
        var person = (await Json(await system.PostAsJsonAsync("/api/v1/people", new { name = "马洛", unit }))).GetGuid();
        var made = await Json(await system.PostAsJsonAsync("/api/v1/accounts", new { id = victim, login = "mallory", person, unit, roles = new[] { Roles.Steward }, label = 4, active = true, passwordHash = "x" }));
        made.GetProperty("account").GetProperty("id").GetGuid().ShouldNotBe(victim);
        made.GetProperty("account").GetProperty("label").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Json(await engineer.GetAsync("/api/v1/session"))).GetProperty("id").GetGuid().ShouldBe(victim);
    }

    /// <summary>Every text of every JSON body, with the other texts filled in.</summary>
    private static IEnumerable<(string Method, string Path, string Text, JsonObject Body)> Texts(JsonElement document)
    {
        var schemas = document.GetProperty("components").GetProperty("schemas");
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                if (!operation.Value.TryGetProperty("requestBody", out var body) || !body.GetProperty("content").TryGetProperty("application/json", out var json) || !json.GetProperty("schema").TryGetProperty("$ref", out var named)
                    || !schemas.GetProperty(named.GetString()!.Split('/')[^1]).TryGetProperty("properties", out var properties))
                {
                    continue;
                }

                var texts = properties.EnumerateObject().Where(p => IsText(p.Value)).Select(p => p.Name).ToList();
                var filled = new JsonObject(texts.Select(t => KeyValuePair.Create(t, (JsonNode?)JsonValue.Create("x"))));
                foreach (var text in texts)
                {
                    yield return (operation.Name.ToUpperInvariant(), System.Text.RegularExpressions.Regex.Replace(path.Name, @"\{[^}]*\}", Guid.Empty.ToString(), System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)), text, filled);
                }
            }
        }
    }

    private static bool IsText(JsonElement property) => property.TryGetProperty("type", out var type)
        && (type.ValueKind == JsonValueKind.String ? [type.GetString()] : type.EnumerateArray().Select(t => t.GetString()).ToArray()) is var types
        && types.Contains("string") && !types.Contains("integer") && !types.Contains("number");
}

/// <summary>One demo city for the whole class, with its sample.</summary>
public sealed class CityAsItIs : County, IAsyncLifetime
{
    public CityAsItIs() => Grows = true;

    public async ValueTask InitializeAsync() => await Open();
}
