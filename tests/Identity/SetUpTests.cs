using System.Net;
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Tests;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Identity.Tests;

public sealed class SetUpTests
{
    private static readonly Uri SetUp = new("/api/v1/setup", UriKind.Relative);

    private static object Claim(string code, int i = 0) => new
    {
        code,
        system = new { login = $"system-{i}", name = "系统", password = "Aa-first-start-1" },
        security = new { login = $"security-{i}", name = "安全", password = "Aa-first-start-2" },
        audit = new { login = $"audit-{i}", name = "审计", password = "Aa-first-start-3" },
    };

    [Fact]
    public async Task New_city_has_no_account_and_one_of_a_hundred_claims_wins()
    {
        await using var county = await Start(demo: false);
        var code = await NewCode(county);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            using var visitor = county.Visitor();
            return (await visitor.PostAsJsonAsync(SetUp, Claim(code, i))).StatusCode;
        }));
        answers.Count(a => a == HttpStatusCode.Created).ShouldBe(1);

        using var late = county.Visitor();
        (await late.PostAsJsonAsync(SetUp, Claim(code, 200))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await late.GetAsync(new Uri("/setup", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await late.GetAsync(new Uri("/demo", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        await using var scope = county.Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<IdentityDb>().Accounts.ToList();
        accounts.Select(a => a.Roles).Order(StringComparer.Ordinal).ShouldBe(Roles.Administrators.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Code_is_good_for_thirty_minutes_once_and_only_the_last_one()
    {
        await using var county = await Start(demo: false);
        using var visitor = county.Visitor();
        var first = await NewCode(county);
        var last = await NewCode(county);
        first.Replace("-", "", StringComparison.Ordinal).Length.ShouldBe(32);
        (await Refusal(await visitor.PostAsJsonAsync(SetUp, Claim(first)))).ShouldBe("IDN-011");
        county.Advance(TimeSpan.FromMinutes(31));
        (await Refusal(await visitor.PostAsJsonAsync(SetUp, Claim(last)))).ShouldBe("IDN-011");
        var fresh = await NewCode(county);
        (await visitor.PostAsJsonAsync(SetUp, Claim(fresh))).StatusCode.ShouldBe(HttpStatusCode.Created);
        using var system = await county.SignedIn("system-0", "Aa-first-start-1");
    }

    [Fact]
    public async Task City_cannot_be_claimed_through_a_proxy_or_by_a_foreign_name()
    {
        await using var county = await Start(demo: false);
        var code = await NewCode(county);
        using var proxied = county.Visitor();
        proxied.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.7");
        (await proxied.PostAsJsonAsync(SetUp, Claim(code))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var rebound = county.Visitor();
        rebound.DefaultRequestHeaders.Host = "city.example";
        (await rebound.PostAsJsonAsync(SetUp, Claim(code))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("模拟一人", "模拟一人", "Aa-first-start-1", "Aa-first-start-2")]
    [InlineData("模拟一人", " 模拟一人 ", "Aa-first-start-1", "Aa-first-start-2")]
    [InlineData("模拟一人", "模拟 一\u3000人", "Aa-first-start-1", "Aa-first-start-2")]
    [InlineData("Ada Moni", "ＡＤＡＭＯＮＩ", "Aa-first-start-1", "Aa-first-start-2")]
    [InlineData("模拟一人", "模拟一\ufe00人", "Aa-first-start-1", "Aa-first-start-2")]
    [InlineData("模拟一人", "模拟二人", "Aa-first-start-1", "Aa-first-start-1")]
    public async Task One_person_is_not_all_three_administrators(string name, string other, string password, string otherPassword)
    {
        await using var county = await Start(demo: false);
        using var visitor = county.Visitor();
        var claim = new
        {
            code = await NewCode(county),
            system = new { login = "system-a", name, password },
            security = new { login = "security-a", name = other, password = otherPassword },
            audit = new { login = "audit-a", name = "模拟三人", password = "Aa-first-start-3" },
        };
        (await Refusal(await visitor.PostAsJsonAsync(SetUp, claim))).ShouldBe("IDN-012");
        (await visitor.PostAsJsonAsync(SetUp, Claim(claim.code))).StatusCode.ShouldBe(HttpStatusCode.Created, "the code still counts");
    }

    [Theory]
    [InlineData("a/<script>", "模拟甲", "system.login")]
    [InlineData("x\ny'--", "模拟甲", "system.login")]
    [InlineData("ab", "模拟甲", "system.login")]
    [InlineData("a\u200bdmin", "模拟甲", "system.login")]
    [InlineData("system-a", "模拟\u200b甲", "system.name")]
    [InlineData("system-a", "模拟甲\u202e", "system.name")]
    [InlineData("system-a", "模拟甲\u0007", "system.name")]
    [InlineData("system-a", "\u3164", "system.name")]
    [InlineData("system-a", "", "system.name")]
    [InlineData(null, "模拟甲", "system.login")]
    public async Task Set_up_takes_the_logins_and_names_that_accounts_take(string? login, string name, string field)
    {
        await using var county = await Start(demo: false);
        using var visitor = county.Visitor();
        var code = await NewCode(county);
        foreach (var (triedLogin, triedName) in new[] { (login, name), (new string('a', 5000), new string('名', 5000)) })
        {
            var answer = await visitor.PostAsJsonAsync(SetUp, new
            {
                code,
                system = new { login = triedLogin, name = triedName, password = "Aa-first-start-1" },
                security = new { login = "security-a", name = "模拟乙", password = "Aa-first-start-2" },
                audit = new { login = "audit-a", name = "模拟丙", password = "Aa-first-start-3" },
            });
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            var told = await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
            told.GetProperty("code").GetString().ShouldBe("KRN-001");
            told.GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("field").GetString()).ShouldContain(field);
        }

        (await visitor.PostAsJsonAsync(SetUp, Claim(code))).StatusCode.ShouldBe(HttpStatusCode.Created, "the code still counts");
    }

    [Fact]
    public async Task One_person_cannot_be_two_administrators()
    {
        await using var county = await Start(demo: false);
        using var visitor = county.Visitor();
        var one = new { login = "one", name = "一人", password = "Aa-first-start-1" };
        (await Refusal(await visitor.PostAsJsonAsync(SetUp, new { code = await NewCode(county), system = one, security = one, audit = one }))).ShouldBe("IDN-012");
    }

    private static async Task<string> NewCode(County county)
    {
        await using var scope = county.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SetUpCity>().NewCode(default);
    }
}
