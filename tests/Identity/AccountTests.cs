using System.Net;
using System.Net.Http.Json;
using Lizhou.Contracts.Identity;
using Lizhou.Kernel;
using Lizhou.Tests;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Identity.Tests;

public sealed class AccountTests(SharedCounty county) : IClassFixture<SharedCounty>
{
    public static TheoryData<string, string> Exclusive() =>
        [.. from one in Roles.All from two in Roles.All where string.CompareOrdinal(one, two) < 0 && (Roles.Administrators.Contains(one) || Roles.Administrators.Contains(two)) select (one, two)];

    [Theory]
    [MemberData(nameof(Exclusive))]
    public async Task Administrator_holds_no_second_role(string one, string two)
    {
        using var system = await county.As(Roles.SystemAdministrator);
        using var security = await county.As(Roles.SecurityAdministrator);
        var unit = (await Json(await system.GetAsync(new Uri("/api/v1/units", UriKind.Relative)))).GetProperty("items")[0].GetProperty("id").GetGuid();
        foreach (var keeper in new[] { system, security })
        {
            (await Refusal(await keeper.PostAsJsonAsync("/api/v1/accounts", new { login = "two-roles", name = "兼任", unit, roles = new[] { one, two } }))).ShouldBe("IDN-004");
        }
    }

    [Fact]
    public async Task System_administrator_cannot_appoint_administrators_nor_the_security_administrator_stewards()
    {
        using var system = await county.As(Roles.SystemAdministrator);
        using var security = await county.As(Roles.SecurityAdministrator);
        (await Refusal(await system.PostAsJsonAsync("/api/v1/accounts", new { login = "new-audit", name = "审计二", roles = new[] { Roles.AuditAdministrator } }))).ShouldBe("IDN-008");
        (await Refusal(await security.PostAsJsonAsync("/api/v1/accounts", new { login = "new-engineer", name = "工程师二", roles = new[] { Roles.Engineer } }))).ShouldBe("IDN-008");
        (await security.PostAsJsonAsync("/api/v1/accounts", new { login = "new-audit", person = await county.Person("模拟审计二"), roles = new[] { Roles.AuditAdministrator } })).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData(Roles.Engineer)]
    [InlineData(Roles.Steward)]
    [InlineData(Roles.AuditAdministrator)]
    public async Task Only_keepers_make_accounts(string role)
    {
        using var person = await county.As(role);
        (await person.PostAsJsonAsync("/api/v1/accounts", new { login = "mine", name = "自建", roles = new[] { Roles.Engineer } })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task First_password_must_be_changed_before_anything_else()
    {
        var (_, first) = await county.Account("fresh-one", "新人", Roles.Engineer);
        using var newcomer = await county.SignedIn("fresh-one", first);
        (await Json(await newcomer.GetAsync(new Uri("/api/v1/session", UriKind.Relative)))).GetProperty("roles").GetArrayLength().ShouldBe(0);
        (await Refusal(await newcomer.PostAsJsonAsync("/api/v1/password", new { old = first, @new = "short-1A" }))).ShouldBe("IDN-003");
        (await Refusal(await newcomer.PostAsJsonAsync("/api/v1/password", new { old = "not-it-1A-not", @new = "Own-choice-2026" }))).ShouldBe("IDN-014");
        (await newcomer.PostAsJsonAsync("/api/v1/password", new { old = first, @new = "Own-choice-2026" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var again = await county.SignedIn("fresh-one", "Own-choice-2026");
        (await Json(await again.GetAsync(new Uri("/api/v1/session", UriKind.Relative)))).GetProperty("roles")[0].GetString().ShouldBe(Roles.Engineer);
    }

    [Fact]
    public async Task Disabled_account_is_out_at_once_and_cannot_come_back()
    {
        using var system = await county.As(Roles.SystemAdministrator);
        var (id, password) = await county.Account("to-disable", "待停用", Roles.Engineer);
        using var person = await county.SignedIn("to-disable", password);
        (await system.PostAsync(new Uri($"/api/v1/accounts/{id}/disable", UriKind.Relative), null)).EnsureSuccessStatusCode();
        (await person.GetAsync(new Uri("/api/v1/session", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Refusal(await county.Visitor().PostAsJsonAsync("/api/v1/session", new { login = "to-disable", password }))).ShouldBe("IDN-001");
    }

    [Theory]
    [InlineData("Short-1A", false)]
    [InlineData("alllowercaseletters", false)]
    [InlineData("Password2026!", false)]
    [InlineData("P@ssw0rd2026", false)]
    [InlineData("Admin@123456", false)]
    [InlineData("Wang.xiao-2026", false)]
    [InlineData("王小明Strong-99", false)]
    [InlineData("Aaaaaaaaa1!", false)]
    [InlineData("Superman123!", false)]
    [InlineData("Baseball12!", false)]
    [InlineData("Liverpool2024!", false)]
    [InlineData("Michael2024!", false)]
    [InlineData("1qaz@WSX3edc", false)]
    [InlineData("Trustno1234!", false)]
    [InlineData("River-under-9-hills", true)]
    [InlineData("永康方岩Stone88", true)]
    public void Password_rules_hold(string password, bool good) =>
        (PasswordRules.Fault(password, "wang.xiao", "王小明") is null).ShouldBe(good);

    [Fact]
    public void What_is_known_of_a_person_is_no_password_and_first_passwords_are_none_that_is_guessed()
    {
        PasswordRules.Fault("Fangyanfangyan-1", "x", "x", "Fangyan").ShouldNotBeNull();
        for (var i = 0; i < 200; i++)
        {
            var first = Passwords.Random();
            PasswordRules.Fault(first, "wang.xiao", "王小明", "模拟局").ShouldBeNull(first);
        }
    }

    [Fact]
    public async Task Hash_carries_its_parameters_and_fits_its_password_only()
    {
        var hash = await Passwords.Hash("River-under-9-hills", default);
        hash.ShouldStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
        (await Passwords.Fits("River-under-9-hills", hash, default)).ShouldBeTrue();
        (await Passwords.Fits("River-under-9-hill", hash, default)).ShouldBeFalse();
        (await Passwords.Fits("River-under-9-hills", null, default)).ShouldBeFalse();
        (await Passwords.Hash("River-under-9-hills", default)).ShouldNotBe(hash);
    }

    [Fact]
    public async Task Token_is_shown_once_kept_as_a_hash_and_ends_when_revoked_or_expired()
    {
        var tokens = county.Services.GetRequiredService<ApiTokens>();
        var unit = Guid.NewGuid();
        var issued = await tokens.Issue("source:a", "推送", unit, null, Actor.System, default);
        issued.Secret.ShouldStartWith("lz_");
        (await File.ReadAllBytesAsync(Path.Combine(county.Data, "lizhou.db-wal"))).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(issued.Secret)).ShouldBe(-1);
        (await tokens.Find(issued.Secret, default))!.Unit.ShouldBe(unit);
        (await tokens.Find(issued.Secret + "x", default)).ShouldBeNull();
        (await tokens.Revoke(issued.Card.Id, "source:b", Actor.System, default)).ShouldBeFalse();
        (await tokens.Revoke(issued.Card.Id, "source:a", Actor.System, default)).ShouldBeTrue();
        (await tokens.Find(issued.Secret, default)).ShouldBeNull();
        var expired = await tokens.Issue("source:a", "推送", unit, DateTimeOffset.UtcNow.AddSeconds(-1), Actor.System, default);
        (await tokens.Find(expired.Secret, default)).ShouldBeNull();
        (await tokens.Of("source:a", default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Bearer_token_opens_nothing_that_did_not_ask_for_it()
    {
        var tokens = county.Services.GetRequiredService<IApiTokens>();
        var issued = await tokens.Issue("source:c", "推送", Guid.NewGuid(), null, Actor.System, default);
        using var program = county.Visitor();
        program.DefaultRequestHeaders.Authorization = new("Bearer", issued.Secret);
        (await program.GetAsync(new Uri("/api/v1/units", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
