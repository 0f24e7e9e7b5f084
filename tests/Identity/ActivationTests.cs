using System.Net;
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Tests;
using static Lizhou.Tests.County;

namespace Lizhou.Identity.Tests;

/// <summary>激活率: a figure of a unit, and who is behind it.</summary>
public sealed class ActivationTests(SharedCounty county) : IClassFixture<SharedCounty>
{
    [Fact]
    public async Task Rate_of_a_unit_is_its_open_accounts_that_signed_in_and_each_is_listed()
    {
        using var system = await county.As(Roles.SystemAdministrator);
        var unit = await Unit();
        using var active = await county.AsStewardOf(unit);
        var idle = await Account(unit, "未登录者");
        var closed = await Account(unit, "已停用者");
        (await system.PostAsync(new Uri($"/api/v1/accounts/{closed}/disable", UriKind.Relative), null)).EnsureSuccessStatusCode();
        (await system.PostAsJsonAsync("/api/v1/people", new { name = "=1+1", unit })).EnsureSuccessStatusCode();

        var figures = (await Json(await system.GetAsync(At($"?unit={unit}")))).GetProperty("all");
        (figures.GetProperty("open").GetInt32(), figures.GetProperty("activated").GetInt32(), figures.GetProperty("unopened").GetInt32(), figures.GetProperty("rate").GetDecimal()).ShouldBe((2, 1, 2, 0.5m));
        async Task<string[]> Behind(string show) =>
            [.. (await Json(await system.GetAsync(At($"/lines?unit={unit}&show={show}")))).GetProperty("items").EnumerateArray().Select(l => l.GetProperty("name").GetString()!)];
        (await Behind("Activated")).ShouldBe(["测试专员"]);
        (await Behind("Unused")).ShouldBe(["未登录者"]);
        (await Behind("Unopened")).ShouldBe(["=1+1", "已停用者"], ignoreOrder: true);
        idle.ShouldNotBe(Guid.Empty);

        // Before any of this, nobody had signed in.
        (await Json(await system.GetAsync(At($"?unit={unit}&from=2020-01-01&to=2020-02-01")))).GetProperty("all").GetProperty("activated").GetInt32().ShouldBe(0);
        (await system.GetStringAsync(At($"/export?unit={unit}&format=csv"))).ShouldContain("'=1+1");
    }

    [Fact]
    public async Task Unit_administrator_sees_the_figures_of_the_own_units_alone_and_a_steward_none()
    {
        var (mine, other) = (await Unit(), await Unit());
        await Account(other, "别家的人");
        var login = $"ua-{Guid.NewGuid().ToString()[..8]}";
        var (_, first) = await county.Account(login, "单位管理员", Roles.UnitAdministrator, mine);
        using (var newcomer = await county.SignedIn(login, first))
        {
            (await newcomer.PostAsJsonAsync("/api/v1/password", new { old = first, @new = "Changed-by-test-1" })).EnsureSuccessStatusCode();
        }

        using var keeper = await county.SignedIn(login, "Changed-by-test-1");
        (await Json(await keeper.GetAsync(At("")))).GetProperty("units").EnumerateArray().Select(u => u.GetProperty("unit").GetGuid()).ShouldBe([mine]);
        (await Json(await keeper.GetAsync(At($"/lines?unit={other}")))).GetProperty("total").GetInt64().ShouldBe(0);
        using var steward = await county.AsStewardOf(mine);
        (await steward.GetAsync(At(""))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static Uri At(string rest) => new($"/api/v1/accounts/activation{rest}", UriKind.Relative);

    private async Task<Guid> Account(Guid unit, string name) => (await county.Account($"a-{Guid.NewGuid().ToString()[..8]}", name, Roles.Steward, unit)).Id;

    private async Task<Guid> Unit()
    {
        using var engineer = await county.As(Roles.Engineer);
        return (await Json(await engineer.PostAsJsonAsync("/api/v1/units", new
        {
            name = $"激活局{Guid.NewGuid().ToString()[..6]}", code = Guid.NewGuid().ToString("N")[..18].ToUpperInvariant(), codeNote = "测试", kind = "Department",
        }))).GetProperty("id").GetGuid();
    }
}
