using System.Net;
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Tests;

namespace Lizhou.Identity.Tests;

/// <summary>The three administrators' consoles: each is told what waits for them, and nothing of the others' work.</summary>
public sealed class ConsoleTests(SharedCounty county) : IClassFixture<SharedCounty>
{
    private static readonly Dictionary<string, string[]> Own = new(StringComparer.Ordinal)
    {
        [Roles.SystemAdministrator] = ["锁定的账号", "未开户人员", "/keeping"],
        [Roles.SecurityAdministrator] = ["待赋安全标记", "三员未绑定双因素", "策略版本", "/sessions", "/policy"],
        [Roles.AuditAdministrator] = ["被拒绝的行为", "待封存", "核验存证台账", "/disclosures"],
    };

    public static TheoryData<string> Administrators() => [.. Roles.Administrators];

    [Theory]
    [MemberData(nameof(Administrators))]
    public async Task Console_shows_the_own_work_and_none_of_the_others(string role)
    {
        using var administrator = await county.As(role);
        var page = WebUtility.HtmlDecode(await administrator.GetStringAsync(new Uri("/?lang=zh-CN", UriKind.Relative)));
        foreach (var word in Own[role].Where(w => w[0] != '/'))
        {
            page.ShouldContain(word);
        }

        foreach (var word in Own.Where(o => o.Key != role).SelectMany(o => o.Value).Where(w => w != "/keeping"))
        {
            page.ShouldNotContain(word[0] == '/' ? $"href=\"{word}\"" : word);
        }
    }

    [Fact]
    public async Task Locked_login_waits_for_the_system_administrator_and_an_unlabelled_steward_for_the_security_administrator()
    {
        for (var i = 0; i < 5; i++)
        {
            await county.Visitor().PostAsJsonAsync("/api/v1/session", new { login = "someone-locked", password = "not-it-1A" });
        }

        using var system = await county.As(Roles.SystemAdministrator);
        (await system.GetStringAsync(new Uri("/", UriKind.Relative))).ShouldContain("someone-locked");
        await county.Account("to-be-labelled", "待标记", Roles.Engineer);
        using var security = await county.As(Roles.SecurityAdministrator);
        (await security.GetStringAsync(new Uri("/", UriKind.Relative))).ShouldContain("to-be-labelled");
        (await system.GetStringAsync(new Uri("/", UriKind.Relative))).ShouldNotContain("to-be-labelled");
    }
}
