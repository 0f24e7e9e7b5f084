using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Kernel;
using Lizhou.Tests;
using static Lizhou.Tests.County;

namespace Lizhou.Identity.Tests;

/// <summary>分级管理: what the administrator of a unit may do for its people and those of the units below, and for nobody else.</summary>
public sealed class UnitAdministratorTests(SharedCounty county) : IClassFixture<SharedCounty>
{
    private const string Own = "Changed-by-test-1";

    [Fact]
    public async Task Keeps_the_people_posts_and_accounts_of_the_own_unit_and_those_below()
    {
        var city = await Tree();
        using var keeper = await Administrator(city.Middle);
        foreach (var unit in new[] { city.Middle, city.Below })
        {
            (await keeper.PostAsJsonAsync("/api/v1/posts", new { name = "窗口岗", unit })).StatusCode.ShouldBe(HttpStatusCode.Created);
            var person = await Person(keeper, unit);
            var made = await Json(await Account(keeper, person, [Roles.Steward]));
            var id = made.GetProperty("account").GetProperty("id").GetGuid();
            made.GetProperty("account").GetProperty("unit").GetGuid().ShouldBe(unit);
            (await Act(keeper, id, "disable")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await Act(keeper, id, "enable")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await Act(keeper, id, "reset")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await keeper.PutAsJsonAsync($"/api/v1/accounts/{id}", new { login = "x-same", name = "登记人员", roles = new[] { Roles.Steward } })).StatusCode.ShouldBe(HttpStatusCode.OK);
            foreach (var act in new[] { "account.added", "account.disabled", "account.enabled", "password.reset", "account.changed" })
            {
                (await Evidence(act, id.ToString())).ShouldContain("\"done\"");
            }
        }

        // Of a unit below, its administrator too; of the own unit not.
        (await Account(keeper, await Person(keeper, city.Below), [Roles.UnitAdministrator])).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await Refusal(await Account(keeper, await Person(keeper, city.Middle), [Roles.UnitAdministrator]))).ShouldBe("IDN-008");
    }

    [Fact]
    public async Task Reaches_no_account_and_no_person_of_another_unit_and_the_attempt_is_in_the_ledger()
    {
        var city = await Tree();
        using var keeper = await Administrator(city.Middle);
        using var system = await county.As(Roles.SystemAdministrator);
        foreach (var unit in new[] { city.Top, city.Other })
        {
            var person = await Person(system, unit);
            var id = (await Json(await Account(system, person, [Roles.Steward]))).GetProperty("account").GetProperty("id").GetGuid();
            foreach (var act in new[] { "disable", "enable", "reset" })
            {
                (await Refusal(await Act(keeper, id, act))).ShouldBe("IDN-008", act);
            }

            (await Refusal(await keeper.PutAsJsonAsync($"/api/v1/accounts/{id}", new { login = "taken-over", name = "外人", unit = city.Middle, roles = new[] { Roles.Steward }, person = await Person(keeper, city.Middle) }))).ShouldBe("IDN-008");
            (await Evidence("account.refused", id.ToString())).ShouldContain("IDN-008");
            (await Refusal(await Account(keeper, await Person(system, unit), [Roles.Steward]))).ShouldBe("IDN-008");
            (await Refusal(await keeper.PostAsJsonAsync("/api/v1/people", new { name = "外单位人员", unit }))).ShouldBe("ORG-008");
            (await Refusal(await keeper.PutAsJsonAsync($"/api/v1/people/{person}", new { name = "挖来的人", unit = city.Middle }))).ShouldBe("ORG-008");
            (await keeper.GetStringAsync(new Uri($"/accounts/{id}", UriKind.Relative)).ContinueWith(t => t.IsFaulted)).ShouldBeTrue("its form is not found");
            (await Json(await keeper.GetAsync(new Uri("/api/v1/accounts?size=100", UriKind.Relative)))).GetProperty("items").EnumerateArray().ShouldNotContain(a => a.GetProperty("id").GetGuid() == id);
        }
    }

    [Fact]
    public async Task Gives_neither_an_administrators_role_nor_the_bureaus_nor_anything_to_the_own_account()
    {
        var city = await Tree();
        using var keeper = await Administrator(city.Middle);
        foreach (var role in Roles.All.Except([Roles.Steward, Roles.UnitAdministrator]))
        {
            var refusal = await Refusal(await Account(keeper, await Person(keeper, city.Below), [role]));
            refusal.ShouldBe("IDN-008", role);
        }

        var id = (await Json(await keeper.GetAsync(new Uri("/api/v1/session", UriKind.Relative)))).GetProperty("id").GetGuid();
        (await Refusal(await keeper.PutAsJsonAsync($"/api/v1/accounts/{id}", new { login = "self-made", name = "自己", roles = new[] { Roles.UnitAdministrator, Roles.Steward } }))).ShouldBe("IDN-008");
        (await Refusal(await keeper.PostAsJsonAsync("/api/v1/accounts", new { login = "nobody-at-all", name = "无名", unit = city.Middle, roles = new[] { Roles.Steward } }))).ShouldBe("IDN-031");
        (await keeper.PutAsJsonAsync($"/api/v1/accounts/{id}/label", new { level = 4 })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await keeper.PostAsync(new Uri($"/api/v1/accounts/{id}/second-factor/reset", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Opens_no_account_whose_label_is_above_the_own_but_may_always_shut_it()
    {
        var city = await Tree();
        using var keeper = await Administrator(city.Middle);
        using var security = await county.As(Roles.SecurityAdministrator);
        var id = (await Json(await Account(keeper, await Person(keeper, city.Below), [Roles.Steward]))).GetProperty("account").GetProperty("id").GetGuid();
        (await security.PutAsJsonAsync($"/api/v1/accounts/{id}/label", new { level = 4 })).EnsureSuccessStatusCode();
        (await Refusal(await Act(keeper, id, "reset"))).ShouldBe("IDN-030");
        (await Act(keeper, id, "disable")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Refusal(await Act(keeper, id, "enable"))).ShouldBe("IDN-030");
    }

    [Fact]
    public async Task System_administrator_sets_no_password_with_which_they_would_see_beyond_their_own_label()
    {
        var city = await Tree();
        using var system = await county.As(Roles.SystemAdministrator);
        using var security = await county.As(Roles.SecurityAdministrator);
        var id = (await Json(await Account(system, await Person(system, city.Other), [Roles.Steward]))).GetProperty("account").GetProperty("id").GetGuid();
        (await security.PutAsJsonAsync($"/api/v1/accounts/{id}/label", new { level = 3 })).EnsureSuccessStatusCode();
        (await Refusal(await Act(system, id, "reset"))).ShouldBe("IDN-037");
        (await Evidence("account.refused", id.ToString())).ShouldContain("IDN-037");
        (await security.PutAsJsonAsync($"/api/v1/accounts/{id}/label", new { level = (int?)null })).EnsureSuccessStatusCode();
        (await Act(system, id, "reset")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Label_does_not_pass_to_the_next_person_of_an_account()
    {
        var city = await Tree();
        using var system = await county.As(Roles.SystemAdministrator);
        using var security = await county.As(Roles.SecurityAdministrator);
        var id = (await Json(await Account(system, await Person(system, city.Other), [Roles.Steward]))).GetProperty("account").GetProperty("id").GetGuid();
        (await security.PutAsJsonAsync($"/api/v1/accounts/{id}/label", new { level = 4 })).EnsureSuccessStatusCode();
        var changed = await Json(await system.PutAsJsonAsync($"/api/v1/accounts/{id}", new { login = "same", roles = new[] { Roles.Steward }, person = await Person(system, city.Other) }));
        changed.GetProperty("label").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private static Task<HttpResponseMessage> Account(HttpClient keeper, Guid person, string[] roles) =>
        keeper.PostAsJsonAsync("/api/v1/accounts", new { login = $"u-{Guid.NewGuid().ToString()[..8]}", roles, person });

    private static Task<HttpResponseMessage> Act(HttpClient keeper, Guid account, string act) => keeper.PostAsync(new Uri($"/api/v1/accounts/{account}/{act}", UriKind.Relative), null);

    private static async Task<Guid> Person(HttpClient keeper, Guid unit) =>
        (await Json(await keeper.PostAsJsonAsync("/api/v1/people", new { name = "登记人员", unit }))).GetGuid();

    private async Task<HttpClient> Administrator(Guid unit)
    {
        using var system = await county.As(Roles.SystemAdministrator);
        var made = await Json(await Account(system, await Person(system, unit), [Roles.UnitAdministrator]));
        var (login, first) = (made.GetProperty("account").GetProperty("login").GetString()!, made.GetProperty("password").GetString()! + await county.SecondHalf(made.GetProperty("account").GetProperty("id").GetGuid()));
        using var newcomer = await county.SignedIn(login, first);
        (await newcomer.PostAsJsonAsync("/api/v1/password", new { old = first, @new = Own })).EnsureSuccessStatusCode();
        return await county.SignedIn(login, Own);
    }

    private async Task<string> Evidence(string act, string subject)
    {
        using var audit = await county.As(Roles.AuditAdministrator);
        return await audit.GetStringAsync(new Uri($"/api/v1/ledger/entries?act={act}&subject={subject}", UriKind.Relative));
    }

    private async Task<(Guid Top, Guid Middle, Guid Below, Guid Other)> Tree()
    {
        using var engineer = await county.As(Roles.Engineer);
        async Task<Guid> Unit(string name, Guid? parent) => (await Json(await engineer.PostAsJsonAsync("/api/v1/units", new
        {
            name = $"{name}{Guid.NewGuid().ToString()[..4]}", code = Guid.NewGuid().ToString("N")[..18].ToUpperInvariant(), codeNote = "测试", kind = "Department", parent,
        }))).GetProperty("id").GetGuid();
        var top = await Unit("上级局", null);
        var middle = await Unit("本局", top);
        return (top, middle, await Unit("下属中心", middle), await Unit("别的局", top));
    }
}
