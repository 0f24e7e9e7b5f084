using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Identity;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Lizhou.Tests;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Identity.Tests;

/// <summary>An account is a person's: what becomes of the person becomes of the account.</summary>
public sealed class LeaverTests(SharedCounty county) : IClassFixture<SharedCounty>
{
    // The fact travels by the outbox: at once, but not in the caller's breath. The promise is a minute; the bound here is half of it.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static readonly Uri Session = new("/api/v1/session", UriKind.Relative);

    [Fact]
    public async Task Person_who_leaves_is_out_with_sessions_and_tokens_and_cannot_be_let_in_again()
    {
        var (person, account, client, password) = await Newcomer("leaver-one");
        var tokens = county.Services.GetRequiredService<ApiTokens>();
        var token = await tokens.Issue("source:leaver", "推送", Guid.NewGuid(), null, new Actor(account, "x", null, new HashSet<string>()), default);
        (await client.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var engineer = await county.As(Roles.Engineer);
        (await engineer.PutAsJsonAsync($"/api/v1/people/{person}", new { name = "离岗者", unit = await Unit(), active = false })).EnsureSuccessStatusCode();
        await Wait.Until(async () => (await client.GetAsync(Session)).StatusCode == HttpStatusCode.Unauthorized, Bound);
        await Wait.Until(async () => await tokens.Find(token.Secret, default) is null, Bound);
        (await Refusal(await county.Visitor().PostAsJsonAsync(Session, new { login = "leaver-one", password }))).ShouldBe("IDN-001");

        using var system = await county.As(Roles.SystemAdministrator);
        (await Refusal(await system.PostAsync(new Uri($"/api/v1/accounts/{account}/enable", UriKind.Relative), null))).ShouldBe("IDN-019");
    }

    [Fact]
    public async Task Person_who_moves_acts_for_the_new_unit_and_no_longer_for_the_old()
    {
        var (person, account, client, _) = await Newcomer("mover-one");
        using var engineer = await county.As(Roles.Engineer);
        var next = (await Json(await engineer.PostAsJsonAsync("/api/v1/units", new { name = "模拟调入局", code = "11330600MB1573660P", kind = "Department" }))).GetProperty("id").GetGuid();
        (await engineer.PutAsJsonAsync($"/api/v1/people/{person}", new { name = "调动者", unit = next })).EnsureSuccessStatusCode();
        await Wait.Until(async () => (await client.GetAsync(Session)).StatusCode == HttpStatusCode.Unauthorized, Bound);
        using var system = await county.As(Roles.SystemAdministrator);
        var moved = (await Json(await system.GetAsync(new Uri("/api/v1/accounts?q=mover-one", UriKind.Relative)))).GetProperty("items")[0];
        (moved.GetProperty("id").GetGuid(), moved.GetProperty("unit").GetGuid(), moved.GetProperty("name").GetString()).ShouldBe((account, next, "调动者"));
    }

    [Fact]
    public async Task Unit_administrator_who_is_moved_keeps_nobody_in_the_new_unit()
    {
        var (person, account, _, _) = await Newcomer("keeper-mover", Roles.Steward, Roles.UnitAdministrator);
        using var engineer = await county.As(Roles.Engineer);
        var next = (await Json(await engineer.PostAsJsonAsync("/api/v1/units", new { name = "模拟上级局", code = "1133100200267413X7", kind = "Department" }))).GetProperty("id").GetGuid();
        (await engineer.PutAsJsonAsync($"/api/v1/people/{person}", new { name = "调动者", unit = next })).EnsureSuccessStatusCode();
        using var system = await county.As(Roles.SystemAdministrator);
        var moved = await Wait.For(async () => (await Json(await system.GetAsync(new Uri("/api/v1/accounts?q=keeper-mover", UriKind.Relative)))).GetProperty("items")[0], a => a.GetProperty("unit").GetGuid() == next, Bound);
        moved.GetProperty("id").GetGuid().ShouldBe(account);
        moved.GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe([Roles.Steward]);
    }

    [Fact]
    public async Task Last_administrator_of_a_kind_stays_though_their_person_is_marked_as_left()
    {
        using var engineer = await county.As(Roles.Engineer);
        var person = (await Json(await engineer.PostAsJsonAsync("/api/v1/people", new { name = "模拟审计", unit = await Unit() }))).GetGuid();
        using var security = await county.As(Roles.SecurityAdministrator);
        var auditor = (await Json(await security.GetAsync(new Uri("/api/v1/accounts?q=demo-audit", UriKind.Relative)))).GetProperty("items")[0];
        (await security.PutAsJsonAsync($"/api/v1/accounts/{auditor.GetProperty("id").GetString()}", new { login = "demo-audit", name = "模拟审计", roles = new[] { Roles.AuditAdministrator }, person, version = auditor.GetProperty("version").GetInt32() })).EnsureSuccessStatusCode();
        using var session = await county.As(Roles.AuditAdministrator);
        (await security.PutAsJsonAsync($"/api/v1/people/{person}", new { name = "模拟审计", unit = await Unit(), active = false })).EnsureSuccessStatusCode();
        await using var ledger = await county.Services.GetRequiredService<StateStore>().Open();
        await Wait.Until(async () => Convert.ToInt64(await ledger.Scalar(null, $"SELECT count(*) FROM ledger_entry WHERE act = 'account.kept'")) == 1, Bound);
        (await Json(await security.GetAsync(new Uri("/api/v1/accounts?q=demo-audit", UriKind.Relative)))).GetProperty("items")[0].GetProperty("active").GetBoolean().ShouldBeTrue();
        (await session.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.OK, "what was kept goes on");
        (await Refusal(await security.PostAsync(new Uri($"/api/v1/accounts/{auditor.GetProperty("id").GetString()}/disable", UriKind.Relative), null))).ShouldBe("IDN-075");
    }

    [Fact]
    public async Task Account_that_passes_to_another_person_has_none_of_the_first_ones_ways_in()
    {
        var (_, account, client, _) = await Newcomer("handed-over");
        var tokens = county.Services.GetRequiredService<ApiTokens>();
        var token = await tokens.Issue("source:handed", "推送", Guid.NewGuid(), null, new Actor(account, "x", null, new HashSet<string>()), default);
        using var scope = county.Services.CreateScope();
        var links = scope.ServiceProvider.GetRequiredService<Outside.OutsideLinks>();
        (await links.Link(new("https://provider.invalid", "first", null), new Actor(account, "x", null, new HashSet<string>()), default)).ShouldBeNull();

        using var engineer = await county.As(Roles.Engineer);
        var next = (await Json(await engineer.PostAsJsonAsync("/api/v1/people", new { name = "模拟接手", unit = await Unit() }))).GetGuid();
        using var system = await county.As(Roles.SystemAdministrator);
        var now = (await Json(await system.GetAsync(new Uri("/api/v1/accounts?q=handed-over", UriKind.Relative)))).GetProperty("items")[0];
        (await system.PutAsJsonAsync($"/api/v1/accounts/{account}", new { login = "handed-over", roles = new[] { Roles.Steward }, person = next, version = now.GetProperty("version").GetInt32() })).EnsureSuccessStatusCode();
        (await client.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await tokens.Find(token.Secret, default)).ShouldBeNull();
        (await links.Of(account, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_that_is_refused_takes_nothing_away()
    {
        var (_, account, client, _) = await Newcomer("kept-whole");
        Actor self = new(account, "x", null, new HashSet<string>());
        var tokens = county.Services.GetRequiredService<ApiTokens>();
        var token = await tokens.Issue("source:kept", "推送", Guid.NewGuid(), null, self, default);
        using var scope = county.Services.CreateScope();
        var links = scope.ServiceProvider.GetRequiredService<Outside.OutsideLinks>();
        (await links.Link(new("https://provider.invalid", "kept", null), self, default)).ShouldBeNull();

        using var engineer = await county.As(Roles.Engineer);
        var next = (await Json(await engineer.PostAsJsonAsync("/api/v1/people", new { name = "模拟后任", unit = await Unit() }))).GetGuid();
        using var system = await county.As(Roles.SystemAdministrator);
        var late = await system.PutAsJsonAsync($"/api/v1/accounts/{account}", new { login = "kept-whole", roles = new[] { Roles.Steward }, person = next, version = 1 });
        late.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await client.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await tokens.Find(token.Secret, default)).ShouldNotBeNull();
        (await links.Of(account, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Enabling_an_account_that_is_active_ends_nothing_and_disabling_ends_all()
    {
        var (_, account, client, password) = await Newcomer("still-active");
        using var system = await county.As(Roles.SystemAdministrator);
        Uri enable = new($"/api/v1/accounts/{account}/enable", UriKind.Relative), disable = new($"/api/v1/accounts/{account}/disable", UriKind.Relative);
        (await Json(await system.PostAsync(enable, null))).GetProperty("active").GetBoolean().ShouldBeTrue();
        (await client.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Json(await system.PostAsync(disable, null))).GetProperty("active").GetBoolean().ShouldBeFalse();
        (await client.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Json(await system.PostAsync(enable, null))).GetProperty("active").GetBoolean().ShouldBeTrue();
        using var again = await county.SignedIn("still-active", password);
        (await again.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_person_has_one_account_named_as_they_are()
    {
        var (person, _, _, _) = await Newcomer("only-one");
        using var system = await county.As(Roles.SystemAdministrator);
        (await Refusal(await system.PostAsJsonAsync("/api/v1/accounts", new { login = "only-two", roles = new[] { Roles.Engineer }, person }))).ShouldBe("IDN-020");
        (await Refusal(await system.PostAsJsonAsync("/api/v1/accounts", new { login = "only-two", roles = new[] { Roles.Engineer }, person = Guid.NewGuid() }))).ShouldBe("IDN-019");
        // The security administrator cannot make one of the three of somebody who has a data account: 三员 are other people.
        using var security = await county.As(Roles.SecurityAdministrator);
        (await Refusal(await security.PostAsJsonAsync("/api/v1/accounts", new { login = "only-three", roles = new[] { Roles.AuditAdministrator }, person }))).ShouldBe("IDN-020");
    }

    [Fact]
    public async Task Label_is_the_security_administrators_to_give_and_holds_at_once()
    {
        var (_, account, client, _) = await Newcomer("labelled-one");
        var uri = $"/api/v1/accounts/{account}/label";
        foreach (var role in new[] { Roles.SystemAdministrator, Roles.AuditAdministrator, Roles.Engineer })
        {
            using var other = await county.As(role);
            (await other.PutAsJsonAsync(uri, new { level = 4 })).StatusCode.ShouldBe(HttpStatusCode.Forbidden, role);
        }

        (await client.PutAsJsonAsync(uri, new { level = 4 })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var security = await county.As(Roles.SecurityAdministrator);
        (await Refusal(await security.PutAsJsonAsync(uri, new { level = 5 }))).ShouldBe("KRN-001");
        (await Json(await security.PutAsJsonAsync(uri, new { level = 3 }))).GetProperty("label").GetInt32().ShouldBe(3);
        (await client.GetStringAsync(new Uri("/profile", UriKind.Relative))).ShouldContain("L3");
        var auditor = (await Json(await security.GetAsync(new Uri("/api/v1/accounts?q=demo-audit", UriKind.Relative)))).GetProperty("items")[0].GetProperty("id").GetGuid();
        (await Refusal(await security.PutAsJsonAsync($"/api/v1/accounts/{auditor}/label", new { level = 3 }))).ShouldBe("IDN-008");
    }

    [Fact]
    public async Task Fourth_session_ends_the_oldest_and_each_is_its_owners_to_end()
    {
        var (_, _, first, password) = await Newcomer("many-sessions");
        using var second = await county.SignedIn("many-sessions", password);
        using var third = await county.SignedIn("many-sessions", password);
        (await first.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var fourth = await county.SignedIn("many-sessions", password);
        (await first.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        var own = (await Json(await fourth.GetAsync(new Uri("/api/v1/sessions/own", UriKind.Relative)))).GetProperty("items").EnumerateArray().ToList();
        own.Count.ShouldBe(3);
        var other = own.First(s => !s.GetProperty("here").GetBoolean()).GetProperty("id").GetString();
        using var stranger = await county.As(Roles.Engineer);
        (await Refusal(await stranger.DeleteAsync(new Uri($"/api/v1/sessions/{other}", UriKind.Relative)))).ShouldBe("IDN-017");
        (await stranger.GetAsync(new Uri("/api/v1/sessions", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await fourth.DeleteAsync(new Uri($"/api/v1/sessions/{other}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        using var security = await county.As(Roles.SecurityAdministrator);
        foreach (var session in (await Json(await security.GetAsync(new Uri("/api/v1/sessions?size=200", UriKind.Relative)))).GetProperty("items").EnumerateArray().Where(s => s.GetProperty("login").GetString() == "many-sessions"))
        {
            (await security.DeleteAsync(new Uri($"/api/v1/sessions/{session.GetProperty("id").GetString()}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }

        (await fourth.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Session_id_is_no_cookie()
    {
        var (_, _, client, _) = await Newcomer("id-no-cookie");
        var id = (await Json(await client.GetAsync(new Uri("/api/v1/sessions/own", UriKind.Relative)))).GetProperty("items")[0].GetProperty("id").GetString();
        using var thief = county.Visitor();
        thief.DefaultRequestHeaders.Add("Cookie", $"lizhou={id}");
        (await thief.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Old_password_is_guessed_as_often_as_at_sign_in_and_the_lock_is_the_same()
    {
        var (_, account, client, password) = await Newcomer("old-guessed");
        Task<HttpResponseMessage> Change(string old) => client.PostAsJsonAsync("/api/v1/password", new { old, @new = "Another-choice-77" });
        for (var guess = 0; guess < 5; guess++)
        {
            (await Refusal(await Change($"bad-guess-{guess}A"))).ShouldBe("IDN-014");
        }

        for (var guess = 0; guess < 10; guess++)
        {
            var locked = await Change(guess % 2 == 0 ? password : "bad-guess-9A");
            locked.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            (await Refusal(locked)).ShouldBe("IDN-002");
        }

        (await Refusal(await county.Visitor().PostAsJsonAsync(Session, new { login = "old-guessed", password }))).ShouldBe("IDN-002");
        using var auditor = await county.As(Roles.AuditAdministrator);
        var told = (await Json(await auditor.GetAsync(new Uri("/api/v1/ledger/entries?act=password.changed&size=200", UriKind.Relative)))).GetProperty("items").EnumerateArray();
        told.Count(e => e.GetProperty("subject").GetString() == account.ToString() && e.GetProperty("result").GetString() == "IDN-014").ShouldBe(5);
    }

    [Fact]
    public async Task None_of_the_last_five_passwords_comes_back()
    {
        var (_, _, client, first) = await Newcomer("old-passwords");
        var now = first;
        foreach (var next in new[] { "Second-choice-77", "Third-choice-77", "Fourth-choice-77", "Fifth-choice-77" })
        {
            (await client.PostAsJsonAsync("/api/v1/password", new { old = now, @new = next })).EnsureSuccessStatusCode();
            (await Refusal(await client.PostAsJsonAsync("/api/v1/password", new { old = next, @new = first }))).ShouldBe("IDN-018");
            now = next;
        }

        (await client.PostAsJsonAsync("/api/v1/password", new { old = now, @new = "Sixth-choice-77" })).EnsureSuccessStatusCode();
        (await client.PostAsJsonAsync("/api/v1/password", new { old = "Sixth-choice-77", @new = first })).EnsureSuccessStatusCode();
    }

    private async Task<(Guid Person, Guid Account, HttpClient Client, string Password)> Newcomer(string login, params string[] roles)
    {
        using var engineer = await county.As(Roles.Engineer);
        var person = (await Json(await engineer.PostAsJsonAsync("/api/v1/people", new { name = "模拟" + login[^3..], unit = await Unit() }))).GetGuid();
        using var system = await county.As(Roles.SystemAdministrator);
        var made = await Json(await system.PostAsJsonAsync("/api/v1/accounts", new { login, roles = roles.Length > 0 ? roles : [Roles.Steward], person }));
        var first = made.GetProperty("password").GetString()! + await county.SecondHalf(made.GetProperty("account").GetProperty("id").GetGuid());
        using (var once = await county.SignedIn(login, first))
        {
            (await once.PostAsJsonAsync("/api/v1/password", new { old = first, @new = "Own-choice-2027" })).EnsureSuccessStatusCode();
            (await once.DeleteAsync(Session)).EnsureSuccessStatusCode();
        }

        return (person, made.GetProperty("account").GetProperty("id").GetGuid(), await county.SignedIn(login, "Own-choice-2027"), "Own-choice-2027");
    }

    private async Task<Guid> Unit()
    {
        using var door = county.Door();
        return (await Json(await door.GetAsync(new Uri("/api/v1/units?q=模拟测试局", UriKind.Relative)))).GetProperty("items")[0].GetProperty("id").GetGuid();
    }
}
