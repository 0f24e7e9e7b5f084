using System.Net;
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Identity.Tests;

/// <summary>三员分立: four wrong pairs, on each of the four ways in. All sixteen are refused.</summary>
public sealed class ThreeAdministratorsTests(SharedCounty county) : IClassFixture<SharedCounty>
{
    public static TheoryData<string, string> Pairs() => new()
    {
        { Roles.SystemAdministrator, Roles.SecurityAdministrator }, { Roles.SystemAdministrator, Roles.AuditAdministrator },
        { Roles.SecurityAdministrator, Roles.AuditAdministrator }, { Roles.AuditAdministrator, Roles.Steward },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Form_refuses(string one, string two)
    {
        using var keeper = await county.As(Roles.SecurityAdministrator);
        var page = await keeper.GetStringAsync(new Uri("/accounts/new", UriKind.Relative));
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        var login = $"form-{one[..3]}-{two[..3]}";
        using var form = new FormUrlEncodedContent([new("_handler", "account"), new("__RequestVerificationToken", token), new("Login", login), new("Name", "兼任"), new("Chosen", one), new("Chosen", two)]);
        (await (await keeper.PostAsync(new Uri("/accounts/new", UriKind.Relative), form)).Content.ReadAsStringAsync()).ShouldContain("IDN-004");
        await Nobody(login);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Call_refuses_a_new_account_and_a_change(string one, string two)
    {
        using var keeper = await county.As(Roles.SecurityAdministrator);
        var login = $"call-{one[..3]}-{two[..3]}";
        var unit = Guid.NewGuid();
        (await Refusal(await keeper.PostAsJsonAsync("/api/v1/accounts", new { login, name = "兼任", unit, roles = new[] { one, two } }))).ShouldBe("IDN-004");
        await Nobody(login);
        var made = await Json(await keeper.PostAsJsonAsync("/api/v1/accounts", new { login, person = await county.Person("模拟单任"), roles = new[] { Roles.AuditAdministrator } }));
        var id = made.GetProperty("account").GetProperty("id").GetGuid();
        (await Refusal(await keeper.PutAsJsonAsync($"/api/v1/accounts/{id}", new { login, name = "单任", unit, roles = new[] { one, two } }))).ShouldBe("IDN-004");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Seed_past_the_program_is_refused_by_the_database(string one, string two)
    {
        await using var scope = county.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        db.Accounts.Add(Account.New($"seed-{one[..3]}-{two[..3]}", "兼任", null, [one, two], "-", DateTimeOffset.UtcNow));
        (await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync())).InnerException!.Message.ShouldContain("IDN-004");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Change_past_the_program_is_refused_by_the_database(string one, string two)
    {
        await using var connection = await county.Services.GetRequiredService<StateStore>().Open();
        var both = $"{one},{two}";
        (await Should.ThrowAsync<System.Data.Common.DbException>(() => connection.Execute(null, $"UPDATE identity_account SET roles = {both} WHERE login = 'demo-audit'"))).Message.ShouldContain("IDN-004");
    }

    [Theory]
    [InlineData(Roles.SystemAdministrator)]
    [InlineData(Roles.SecurityAdministrator)]
    [InlineData(Roles.AuditAdministrator)]
    public async Task Administrator_reads_no_business_data(string role)
    {
        using var administrator = await county.As(role);
        foreach (var path in new[] { "/api/v1/batches", "/api/v1/sources", "/sources", "/batches" })
        {
            var answer = await administrator.GetAsync(new Uri(path, UriKind.Relative));
            answer.StatusCode.ShouldNotBe(HttpStatusCode.OK, path);
        }
    }

    [Fact]
    public async Task An_administrators_account_is_a_listed_persons_who_has_no_other()
    {
        using var security = await county.As(Roles.SecurityAdministrator);
        using var system = await county.As(Roles.SystemAdministrator);
        (await Refusal(await security.PostAsJsonAsync(Accounts, new { login = "nameless", name = "无名", roles = new[] { Roles.AuditAdministrator } }))).ShouldBe("IDN-077");
        await Nobody("nameless");
        var person = await county.Person("模拟一人");
        (await system.PostAsJsonAsync(Accounts, new { login = "one-data", person, roles = new[] { Roles.Engineer } })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await Refusal(await security.PostAsJsonAsync(Accounts, new { login = "one-audit", person, roles = new[] { Roles.AuditAdministrator } }))).ShouldBe("IDN-020");
    }

    [Theory]
    [InlineData(Roles.SystemAdministrator)]
    [InlineData(Roles.AuditAdministrator)]
    public async Task Who_makes_or_resets_an_administrators_account_cannot_come_in_by_it_without_another_administrator(string taker)
    {
        using var security = await county.As(Roles.SecurityAdministrator);
        using var other = await county.As(taker);
        var login = $"halves-{taker[..3]}";
        var made = await Json(await security.PostAsJsonAsync(Accounts, new { login, person = await county.Person("模拟两段"), roles = new[] { Roles.AuditAdministrator } }));
        var id = made.GetProperty("account").GetProperty("id").GetGuid();
        var first = await Halves(made.GetProperty("password").GetString()!);
        var reset = await Halves((await Json(await security.PostAsync(new Uri($"{Accounts}/{id}/reset", UriKind.Relative), null))).GetString()!);
        reset.ShouldNotBe(first);

        async Task<string> Halves(string half)
        {
            (await Refusal(await county.Visitor().PostAsJsonAsync("/api/v1/session", new { login, password = half }))).ShouldBe("IDN-001");
            (await security.PostAsync(Second(id), null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, "the one who made it");
            (await Json(await security.GetAsync(new Uri($"{Accounts}?q={login}", UriKind.Relative)))).GetProperty("items")[0].GetProperty("halfWaits").GetBoolean().ShouldBeTrue();
            var second = (await Json(await other.PostAsync(Second(id), null))).GetString()!;
            (await Refusal(await other.PostAsync(Second(id), null))).ShouldBe("IDN-078", "it is shown once");
            (await Refusal(await county.Visitor().PostAsJsonAsync("/api/v1/session", new { login, password = second }))).ShouldBe("IDN-001");
            (await county.Visitor().PostAsJsonAsync("/api/v1/session", new { login, password = half + second })).StatusCode.ShouldBe(HttpStatusCode.OK);
            return half + second;
        }
    }

    [Fact]
    public async Task A_system_administrator_alone_makes_nobody_who_could_ask_conform_and_approve()
    {
        using var system = await county.As(Roles.SystemAdministrator);
        foreach (var role in new[] { Roles.Steward, Roles.Engineer, Roles.UnitAdministrator })
        {
            var login = $"own-{Guid.NewGuid().ToString()[..8]}";
            var unit = (await Json(await system.GetAsync(new Uri("/api/v1/units", UriKind.Relative)))).GetProperty("items")[0].GetProperty("id").GetGuid();
            (await Refusal(await system.PostAsJsonAsync(Accounts, new { login, name = "无名", unit, roles = new[] { role } }))).ShouldBe("IDN-031");
            var person = await county.Person("模拟独手");
            var made = await Json(await system.PostAsJsonAsync(Accounts, new { login, person, roles = new[] { role } }));
            var id = made.GetProperty("account").GetProperty("id").GetGuid();
            await Alone(made.GetProperty("password").GetString()!);
            // Nor by a password they reset later.
            await county.SecondHalf(id);
            await Alone((await Json(await system.PostAsync(new Uri($"{Accounts}/{id}/reset", UriKind.Relative), null))).GetString()!);

            async Task Alone(string shown)
            {
                (await Refusal(await county.Visitor().PostAsJsonAsync("/api/v1/session", new { login, password = shown }))).ShouldBe("IDN-001");
                (await Refusal(await system.PostAsync(Second(id), null))).ShouldBe("IDN-008", "the one who made it");
            }
        }
    }

    [Fact]
    public async Task The_half_of_an_account_is_not_taken_by_data_roles_nor_where_none_waits()
    {
        using var engineer = await county.As(Roles.Engineer);
        using var system = await county.As(Roles.SystemAdministrator);
        var account = (await Json(await system.GetAsync(new Uri($"{Accounts}?q=demo-audit", UriKind.Relative)))).GetProperty("items")[0].GetProperty("id").GetGuid();
        (await engineer.PostAsync(Second(account), null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Refusal(await system.PostAsync(Second(account), null))).ShouldBe("IDN-078");
        (await Refusal(await system.PostAsync(Second(Guid.NewGuid()), null))).ShouldBe("IDN-009");
    }

    [Fact]
    public async Task An_administrator_makes_themselves_no_other_kind_of_administrator()
    {
        using var security = await county.As(Roles.SecurityAdministrator);
        var own = (await Json(await security.GetAsync(new Uri($"{Accounts}?q=demo-security", UriKind.Relative)))).GetProperty("items")[0];
        var ask = new { login = "demo-security", person = await county.Person("模拟自任"), roles = new[] { Roles.AuditAdministrator }, version = own.GetProperty("version").GetInt32() };
        (await Refusal(await security.PutAsJsonAsync($"{Accounts}/{own.GetProperty("id").GetString()}", ask))).ShouldBe("IDN-076");
    }

    [Fact]
    public async Task The_last_auditor_somebody_can_come_in_by_is_not_shut_for_one_whom_nobody_has_opened()
    {
        await using var city = new SharedCounty();
        await ((IAsyncLifetime)city).InitializeAsync();
        using var security = await city.As(Roles.SecurityAdministrator);
        using var system = await city.As(Roles.SystemAdministrator);
        (await city.As(Roles.AuditAdministrator)).Dispose();
        var last = (await Json(await security.GetAsync(new Uri($"{Accounts}?q=demo-audit", UriKind.Relative)))).GetProperty("items")[0].GetProperty("id").GetGuid();
        var made = await Json(await security.PostAsJsonAsync(Accounts, new { login = "next-audit", person = await city.Person("模拟继任"), roles = new[] { Roles.AuditAdministrator } }));
        (await Shut()).ShouldBe("IDN-075", "its second half waits");
        (await Refusal(await security.PutAsJsonAsync($"{Accounts}/{last}", new { login = "demo-audit", person = await city.Person("模拟改任"), roles = new[] { Roles.SystemAdministrator } }))).ShouldBe("IDN-075", "to make them something else shuts them too");
        var first = made.GetProperty("password").GetString() + (await Json(await system.PostAsync(Second(made.GetProperty("account").GetProperty("id").GetGuid()), null))).GetString();
        (await Shut()).ShouldBe("IDN-075", "nobody has come in by it");
        using (var next = await city.SignedIn("next-audit", first))
        {
            (await Shut()).ShouldBe("IDN-075", "its password is not its owner's yet");
            (await next.PostAsJsonAsync("/api/v1/password", new { old = first, @new = "Own-choice-2027" })).EnsureSuccessStatusCode();
        }

        (await Shut()).ShouldBe("200");

        async Task<string> Shut() => await Refusal(await security.PostAsync(new Uri($"{Accounts}/{last}/disable", UriKind.Relative), null));
    }

    [Fact]
    public async Task Nobody_resets_or_disables_themselves_and_their_row_offers_neither()
    {
        using var security = await county.As(Roles.SecurityAdministrator);
        var accounts = (await Json(await security.GetAsync(new Uri($"{Accounts}?q=demo-", UriKind.Relative)))).GetProperty("items").EnumerateArray().ToDictionary(a => a.GetProperty("login").GetString()!, a => a.GetProperty("id").GetGuid());
        (await Refusal(await security.PostAsync(new Uri($"{Accounts}/{accounts["demo-security"]}/reset", UriKind.Relative), null))).ShouldBe("IDN-079");
        (await Refusal(await security.PostAsync(new Uri($"{Accounts}/{accounts["demo-security"]}/disable", UriKind.Relative), null))).ShouldBe("IDN-015");
        (await security.GetAsync(new Uri("/api/v1/session", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        var page = await security.GetStringAsync(new Uri("/accounts?q=demo-", UriKind.Relative));
        foreach (var act in new[] { "reset", "switch" })
        {
            page.ShouldContain($"{act}-{accounts["demo-system"]}");
            page.ShouldNotContain($"{act}-{accounts["demo-security"]}");
        }
    }

    [Fact]
    public async Task A_role_named_twice_counts_once_and_one_that_is_nothing_is_refused()
    {
        using var security = await county.As(Roles.SecurityAdministrator);
        var twice = new[] { Roles.AuditAdministrator, Roles.AuditAdministrator };
        var person = await county.Person("模拟两遍");
        var made = (await Json(await security.PostAsJsonAsync(Accounts, new { login = "twice-audit", person, roles = twice }))).GetProperty("account");
        made.GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe([Roles.AuditAdministrator]);
        var changed = await Json(await security.PutAsJsonAsync($"{Accounts}/{made.GetProperty("id").GetGuid()}", new { login = "twice-audit", person, roles = twice }));
        changed.GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe([Roles.AuditAdministrator]);
        using var system = await county.As(Roles.SystemAdministrator);
        (await Json(await system.PostAsJsonAsync(Accounts, new { login = "twice-data", person = await county.Person("模拟两次"), roles = new[] { Roles.Engineer, Roles.Engineer } })))
            .GetProperty("account").GetProperty("roles").GetArrayLength().ShouldBe(1);
        (await Refusal(await system.PostAsJsonAsync(Accounts, new { login = "no-role", person = await county.Person("模拟无角色"), roles = new string?[] { null } }))).ShouldBe("KRN-001");
        await Nobody("no-role");
    }

    private const string Accounts = "/api/v1/accounts";

    private static Uri Second(Guid account) => new($"{Accounts}/{account}/second-half", UriKind.Relative);

    private async Task Nobody(string login)
    {
        await using var scope = county.Services.CreateAsyncScope();
        (await scope.ServiceProvider.GetRequiredService<IdentityDb>().Accounts.AnyAsync(a => a.Login == login)).ShouldBeFalse();
    }
}
