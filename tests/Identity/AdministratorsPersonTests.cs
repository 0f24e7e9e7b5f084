// 三员分立 by the way of the register: an account follows its person, so whoever keeps the person could put out the administrator.
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;
using static Lizhou.Tests.County;

namespace Lizhou.Identity.Tests;

public sealed class AdministratorsPersonTests(SharedCounty county) : IClassFixture<SharedCounty>
{
    private const string Accounts = "/api/v1/accounts";
    private static readonly Uri Session = new("/api/v1/session", UriKind.Relative);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Nobody_but_the_security_administrator_renames_moves_or_puts_out_the_person_of_an_administrator()
    {
        var (person, unit, login, auditor) = await Auditor("模拟审计甲");
        using var engineer = await county.As(Roles.Engineer);
        using var system = await county.As(Roles.SystemAdministrator);
        using var steward = await county.AsStewardOf(unit);
        using var security = await county.As(Roles.SecurityAdministrator);
        foreach (var keeper in new[] { engineer, system, steward })
        {
            (await Refusal(await Put(keeper, new { name = "模拟审计甲", unit, active = false }))).ShouldBe("ORG-018");
            (await Refusal(await Put(keeper, new { name = "改名", unit }))).ShouldBe("ORG-018");
            (await Refusal(await Put(keeper, new { name = "模拟审计甲", unit = Guid.NewGuid() }))).ShouldBe("ORG-018");
            (await Put(keeper, new { name = "模拟审计甲", unit, phone = "0579-12345" })).StatusCode.ShouldBe(HttpStatusCode.OK, "what no account follows is their unit's to keep");
        }

        (await engineer.GetStringAsync(new Uri($"/people/{person}", UriKind.Relative))).ShouldContain("只能由安全管理员变更");
        (await auditor.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await Put(security, new { name = "模拟审计乙", unit })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Wait.Until(async () => (await Account(security, login)).GetProperty("name").GetString() == "模拟审计乙", Bound);
        using var audit = await county.As(Roles.AuditAdministrator); // Another of the kind, whom the city can be kept by.
        (await Put(security, new { name = "模拟审计乙", unit, active = false })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Wait.Until(async () => !(await Account(security, login)).GetProperty("active").GetBoolean(), Bound);
        (await Put(engineer, new { name = "模拟审计丙", unit, active = false })).StatusCode.ShouldBe(HttpStatusCode.OK, "whose account is shut is kept as everybody");

        var ordinary = await county.Person("模拟常人");
        (await Refusal(await security.PutAsJsonAsync($"/api/v1/people/{ordinary}", new { name = "模拟常人", unit, active = false }))).ShouldBe("ORG-008");

        Task<HttpResponseMessage> Put(HttpClient client, object wish) => client.PutAsJsonAsync($"/api/v1/people/{person}", wish);
    }

    [Fact]
    public async Task No_sheet_puts_out_the_person_of_an_administrator()
    {
        var (person, unit, login, _) = await Auditor("模拟审计丁");
        using var engineer = await county.As(Roles.Engineer);
        var code = (await Json(await engineer.GetAsync(new Uri($"/api/v1/units/{unit}", UriKind.Relative)))).GetProperty("code").GetString();
        (await engineer.PutAsJsonAsync($"/api/v1/people/{person}", new { name = "模拟审计丁", unit, number = "AUD-9" })).EnsureSuccessStatusCode();
        foreach (var row in new[] { $"模拟审计丁,{code},AUD-9,停用", $"改名,{code},AUD-9,启用" })
        {
            using var form = new MultipartFormDataContent();
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes($"名称,所属机构代码,工号,状态\r\n{row}\r\n"));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            form.Add(content, "file", "people.csv");
            var told = await Json(await engineer.PostAsync(new Uri("/api/v1/people/import?preview=true", UriKind.Relative), form));
            told.GetProperty("rows")[0].GetProperty("wrong")[0].GetProperty("zh").GetString()!.ShouldContain("安全管理员");
        }

        using var security = await county.As(Roles.SecurityAdministrator);
        (await Account(security, login)).GetProperty("active").GetBoolean().ShouldBeTrue();
    }

    /// <summary>An auditor who has come in, with their person and unit.</summary>
    private async Task<(Guid Person, Guid Unit, string Login, HttpClient Client)> Auditor(string name)
    {
        var (login, person) = ($"auditor-{Guid.NewGuid().ToString()[..8]}", await county.Person(name));
        using var security = await county.As(Roles.SecurityAdministrator);
        using var system = await county.As(Roles.SystemAdministrator);
        var unit = (await Json(await system.GetAsync(new Uri("/api/v1/units", UriKind.Relative)))).GetProperty("items")[0].GetProperty("id").GetGuid();
        var made = await Json(await security.PostAsJsonAsync(Accounts, new { login, person, roles = new[] { Roles.AuditAdministrator } }));
        var half = (await Json(await system.PostAsync(new Uri($"{Accounts}/{made.GetProperty("account").GetProperty("id").GetString()}/second-half", UriKind.Relative), null))).GetString();
        var first = made.GetProperty("password").GetString() + half;
        using (var once = await county.SignedIn(login, first))
        {
            (await once.PostAsJsonAsync("/api/v1/password", new { old = first, @new = "Own-choice-2027" })).EnsureSuccessStatusCode();
        }

        return (person, unit, login, await county.SignedIn(login, "Own-choice-2027"));
    }

    private static async Task<System.Text.Json.JsonElement> Account(HttpClient client, string login) =>
        (await Json(await client.GetAsync(new Uri($"{Accounts}?q={login}", UriKind.Relative)))).GetProperty("items")[0];
}
