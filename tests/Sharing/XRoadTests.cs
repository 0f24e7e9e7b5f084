// The data API under X-Road addresses (message protocol for REST, r1): the same rows under the same grant, the protocol's headers and errors, and clients that are not who they say.
using System.Net;
using System.Text.Json;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

public sealed class XRoadTests(SharedCity city) : IClassFixture<SharedCity>
{
    private const string SourceCode = "11330600MB1573660P";
    private const string AskerCode = "11332500MB1601924J";
    private const string Client = $"LIZHOU/GOV/{AskerCode}";

    [Fact]
    public async Task Service_is_the_grants_data_API_with_the_protocols_headers()
    {
        var (grant, path) = await Service(masks: new { name = "Partial" });
        using var program = await city.Program(grant);
        var answer = await Call(program, $"{path}?select=code,name&order=-code&limit=2", Client, ("X-Road-Id", "fa2e18a5"), ("X-Road-UserId", "CN330784199001011234"), ("X-Road-Issue", "MT-1"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var rows = (await Json(answer)).GetProperty("rows");
        rows.EnumerateArray().Select(r => r.GetProperty("code").GetString()).ShouldBe(["A3", "A2"]);
        rows[1].GetProperty("name").GetString().ShouldBe("李*");
        Header(answer, "X-Road-Client").ShouldBe(Client);
        Header(answer, "X-Road-Service").ShouldBe(path[4..]);
        Header(answer, "X-Road-Id").ShouldBe("fa2e18a5");
        Convert.FromBase64String(Header(answer, "X-Road-Request-Hash")!).Length.ShouldBe(64);
        Header(answer, "X-Road-Request-Id").ShouldNotBeNullOrEmpty();
        Header(answer, "X-Road-Error").ShouldBeNull();

        var again = await Call(program, path, Client);
        Guid.TryParse(Header(again, "X-Road-Id"), out _).ShouldBeTrue("made where none was given");
        Header(again, "X-Road-Request-Hash").ShouldNotBe(Header(answer, "X-Road-Request-Hash"));
        (await (await Call(program, $"{path}?format=csv", Client)).Content.ReadAsStringAsync()).ShouldContain("张*");

        var told = (await Entries("xroad.called")).Where(e => e.Subject == grant).Select(e => e.Detail).ToList();
        told.Count.ShouldBe(3);
        told[0].ShouldContain("CN330***34", customMessage: "an id number is not kept whole");
        told[0].ShouldContain("MT-1");
    }

    [Fact]
    public async Task Slash_of_a_resources_code_is_taken_encoded_and_as_it_is()
    {
        var (grant, path) = await Service();
        path.ShouldContain("%2F");
        using var program = await city.Program(grant);
        var plain = await Call(program, path.Replace("%2F", "/", StringComparison.Ordinal), Client);
        plain.StatusCode.ShouldBe(HttpStatusCode.OK);
        Header(plain, "X-Road-Service").ShouldBe(path[4..]);
        await Faulty(await Call(program, $"/r1/LIZHOU/GOV/{SourceCode}/303001/0/{grant}", Client), 500, "Server.ServerProxy.UnknownService");

        var code = path.Split('/')[5];
        foreach (var spelling in new[] { code, code.Replace("%2F", "%2f", StringComparison.Ordinal), Uri.UnescapeDataString(code) })
        {
            (await Json(await city.Engineer.GetAsync($"/api/v1/resources/code/{spelling}"))).GetProperty("code").GetString().ShouldBe(Uri.UnescapeDataString(code));
        }
    }

    [Fact]
    public async Task Application_calls_with_its_token_and_may_name_itself_as_subsystem()
    {
        var (grant, path) = await Service();
        var application = await Application.Registered(city, grant);
        using var program = await application.Program();
        (await Call(program, path, $"{Client}/{Uri.EscapeDataString("测试应用")}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Call(program, path, $"{Client}/{application.Id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Faulty(await Call(program, path, $"{Client}/other"), 500, "Server.ServerProxy.AccessDenied");
    }

    [Fact]
    public async Task Client_that_is_not_who_authenticated_is_refused_and_audited()
    {
        var (grant, path) = await Service();
        using var program = await city.Program(grant);
        await Faulty(await Call(program, path, $"LIZHOU/GOV/{SourceCode}"), 500, "Server.ServerProxy.AccessDenied");
        await Faulty(await Call(program, path, $"OTHER/GOV/{AskerCode}"), 500, "Server.ServerProxy.AccessDenied");
        await Faulty(await Call(program, path, $"LIZHOU/COM/{AskerCode}"), 500, "Server.ServerProxy.AccessDenied");
        (await Entries("xroad.refused")).Count(e => e.Subject == grant).ShouldBe(3);

        using var nobody = city.Visitor();
        (await Call(nobody, path, Client)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        // A person's session is no program's key.
        (await Call(city.AskerSteward, path, Client)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Address_that_is_not_the_grants_is_unknown_and_a_foreign_key_is_denied()
    {
        var ((grant, path), (other, foreign)) = (await Service(), await Service());
        using var program = await city.Program(grant);
        await Faulty(await Call(program, foreign, Client), 500, "Server.ServerProxy.AccessDenied");
        foreach (var wrong in new[] { path.Replace(SourceCode, AskerCode, StringComparison.Ordinal), path.Replace(grant, "SQ-1900-00001", StringComparison.Ordinal), path.Replace(grant, other, StringComparison.Ordinal), path.Replace("/LIZHOU/", "/ELSEWHERE/", StringComparison.Ordinal) })
        {
            await Faulty(await Call(program, wrong, Client), 500, "Server.ServerProxy.UnknownService");
        }
    }

    [Fact]
    public async Task Message_that_breaks_the_protocol_is_a_bad_request()
    {
        var (grant, path) = await Service();
        using var program = await city.Program(grant);
        await Faulty(await Call(program, path, null), 400, "Client.BadRequest");
        await Faulty(await Call(program, path, "LIZHOU/GOV"), 400, "Client.BadRequest");
        await Faulty(await Call(program, path, $"{Client}//"), 400, "Client.BadRequest");
        await Faulty(await Call(program, path, Client, ("X-Road-UserId", new string('x', 300))), 400, "Client.BadRequest");
        await Faulty(await Call(program, path, Client, ("X-Road-Client", Client)), 400, "Client.BadRequest");
        using var foreign = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 }) { BaseAddress = city.Address };
        foreign.DefaultRequestHeaders.Authorization = program.DefaultRequestHeaders.Authorization;
        await Faulty(await Call(foreign, path, $"{Client}/程序"), 400, "Client.BadRequest");
        await Faulty(await Call(program, $"{path}?where={new string('x', 2000)}", Client), 400, "Client.BadRequest");
    }

    [Fact]
    public async Task What_the_data_API_refuses_comes_as_its_own_answer()
    {
        var (grant, path) = await Service();
        using var program = await city.Program(grant);
        var bad = await Call(program, $"{path}?select=nothing", Client);
        (await Refusal(bad)).ShouldBe("POL-012");
        Header(bad, "X-Road-Error").ShouldBeNull();
        Header(bad, "X-Road-Id").ShouldNotBeNullOrEmpty();
        await Json(await city.SourceSteward.PostAsync($"/api/v1/grants/{grant}/revoke", System.Net.Http.Json.JsonContent.Create(new { reason = "用途已结束" })));
        (await Refusal(await Call(program, path, Client))).ShouldBe("POL-006");
    }

    private async Task<(string Grant, string Path)> Service(object? masks = null)
    {
        var resource = await city.Resource();
        var grant = await city.Granted(resource.Id, masks);
        return (grant, $"/r1/LIZHOU/GOV/{SourceCode}/{Uri.EscapeDataString(resource.Code)}/{grant}");
    }

    private static async Task<HttpResponseMessage> Call(HttpClient program, string path, string? client, params (string Name, string Value)[] more)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in client is null ? more : [("X-Road-Client", client), .. more])
        {
            ask.Headers.TryAddWithoutValidation(name, value);
        }

        return await program.SendAsync(ask);
    }

    private static async Task Faulty(HttpResponseMessage answer, int status, string type)
    {
        ((int)answer.StatusCode).ShouldBe(status);
        Header(answer, "X-Road-Error").ShouldBe(type);
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        body.GetProperty("type").GetString().ShouldBe(type);
        body.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private async Task<List<(string Subject, string Detail)>> Entries(string act)
    {
        await using var connection = await city.Services.GetRequiredService<StateStore>().Open();
        List<(string, string)> found = [];
        await foreach (var entry in connection.Rows(null, $"SELECT subject, detail FROM ledger_entry WHERE act = {act} ORDER BY seq", r => (r.GetString(0), r.GetString(1))))
        {
            found.Add(entry);
        }

        return found;
    }
}
