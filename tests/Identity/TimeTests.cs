using System.Net;
using System.Net.Http.Json;
using Lizhou.Contracts.Identity;
using Lizhou.Kernel;
using Lizhou.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Identity.Tests;

public sealed class TimeTests
{
    private static readonly Uri Session = new("/api/v1/session", UriKind.Relative);

    [Theory]
    [InlineData("demo-audit")]
    [InlineData("nobody-at-all")]
    public async Task Five_failures_lock_a_login_for_half_an_hour_known_or_not(string login)
    {
        await using var county = await Start();
        using var visitor = county.Visitor();
        var right = (await File.ReadAllLinesAsync(Path.Combine(county.Data, "keys", "demo-people.txt"))).First(l => l.StartsWith("demo-audit", StringComparison.Ordinal)).Split('\t')[1];
        for (var i = 0; i < 5; i++)
        {
            (await Refusal(await visitor.PostAsJsonAsync(Session, new { login, password = "not-it-1A" }))).ShouldBe("IDN-001");
        }

        (await Refusal(await visitor.PostAsJsonAsync(Session, new { login, password = right }))).ShouldBe("IDN-002");
        county.Advance(TimeSpan.FromMinutes(29));
        (await Refusal(await visitor.PostAsJsonAsync(Session, new { login, password = right }))).ShouldBe("IDN-002");
        county.Advance(TimeSpan.FromMinutes(2));
        var after = await visitor.PostAsJsonAsync(Session, new { login, password = right });
        after.StatusCode.ShouldBe(login == "demo-audit" ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Session_ends_when_idle_and_after_eight_hours_however_busy()
    {
        await using var county = await Start();
        using var idle = await county.As(Roles.Engineer);
        county.Advance(TimeSpan.FromMinutes(119));
        (await idle.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.OK);
        county.Advance(TimeSpan.FromMinutes(121));
        (await idle.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var busy = await county.As(Roles.Engineer);
        for (var hour = 0; hour < 8; hour++)
        {
            (await busy.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.OK);
            county.Advance(TimeSpan.FromMinutes(60) + TimeSpan.FromSeconds(1));
        }

        (await busy.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Password_of_ninety_one_days_must_be_changed_first()
    {
        await using var county = await Start();
        var (_, first) = await county.Account("old-password", "旧密码", Roles.Engineer);
        using (var once = await county.SignedIn("old-password", first))
        {
            (await once.PostAsJsonAsync("/api/v1/password", new { old = first, @new = "Own-choice-2027" })).EnsureSuccessStatusCode();
        }

        county.Advance(TimeSpan.FromDays(89));
        (await RolesOf(county)).ShouldBe(1);
        county.Advance(TimeSpan.FromDays(2));
        (await RolesOf(county)).ShouldBe(0);

        static async Task<int> RolesOf(County county)
        {
            using var person = await county.SignedIn("old-password", "Own-choice-2027");
            return (await Json(await person.GetAsync(Session))).GetProperty("roles").GetArrayLength();
        }
    }

    [Fact]
    public async Task Account_unused_for_ninety_days_is_disabled_but_never_the_last_administrator()
    {
        await using var county = await Start(demo: false);
        await using var scope = county.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        var now = DateTimeOffset.UtcNow;
        db.Accounts.AddRange(
            Account.New("unused", "不用", null, [Roles.Engineer], "-", now), Account.New("used", "常用", null, [Roles.Engineer], "-", now), Account.New("only-audit", "审计", null, [Roles.AuditAdministrator], "-", now));
        await db.SaveChangesAsync();
        county.Advance(TimeSpan.FromDays(91));
        (await db.Accounts.FirstAsync(a => a.Login == "used")).LastInAt = now.AddDays(80);
        await db.SaveChangesAsync();
        await scope.ServiceProvider.GetRequiredService<DisableUnused>().Run(new(DateOnly.FromDateTime(now.Date)), null!, default);
        (await db.Accounts.AsNoTracking().Where(a => !a.Active).Select(a => a.Login).ToListAsync()).ShouldBe(["unused"]);
        await using var connection = await county.Services.GetRequiredService<StateStore>().Open();
        Convert.ToInt64(await connection.Scalar(null, $"SELECT COUNT(*) FROM job WHERE job_key LIKE 'identity.unused %'"), null).ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task Account_let_in_again_keeps_its_last_sign_in_and_has_ninety_days_to_come_in()
    {
        await using var county = await Start();
        var (id, first) = await county.Account("back-again", "模拟归来", Roles.Engineer);
        (await county.SignedIn("back-again", first)).Dispose();
        var came = await View();
        county.Advance(TimeSpan.FromDays(91));
        await Look();
        (await View()).Active.ShouldBeFalse();

        using (var system = await county.As(Roles.SystemAdministrator))
        {
            (await system.PostAsync(new Uri($"/api/v1/accounts/{id}/enable", UriKind.Relative), null)).EnsureSuccessStatusCode();
        }

        county.Advance(TimeSpan.FromDays(89));
        await Look();
        (await View()).ShouldBe((true, came.Last));
        county.Advance(TimeSpan.FromDays(2));
        await Look();
        (await View()).ShouldBe((false, came.Last));

        async Task Look()
        {
            await using var scope = county.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<DisableUnused>().Run(new(DateOnly.FromDateTime(DateTime.UtcNow)), null!, default);
        }

        async Task<(bool Active, DateTimeOffset Last)> View()
        {
            using var audit = await county.As(Roles.AuditAdministrator);
            var account = (await Json(await audit.GetAsync(new Uri("/api/v1/accounts?q=back-again", UriKind.Relative)))).GetProperty("items")[0];
            return (account.GetProperty("active").GetBoolean(), account.GetProperty("lastInAt").GetDateTimeOffset());
        }
    }

    [Fact]
    public async Task Fifty_failures_from_one_address_make_every_login_wait_and_a_good_one_does_not_reset_them()
    {
        await using var county = await Start();
        using var visitor = county.Visitor();
        var line = (await File.ReadAllLinesAsync(Path.Combine(county.Data, "keys", "demo-people.txt"))).First(l => l.StartsWith("demo-audit", StringComparison.Ordinal)).Split('\t');
        var locks = county.Services.GetRequiredService<Locks>();
        for (var i = 0; i < 49; i++)
        {
            await locks.Failed($"ghost-{i}", "127.0.0.1", default);
        }

        (await visitor.PostAsJsonAsync(Session, new { login = line[0], password = line[1] })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await locks.Failed("ghost-50", "127.0.0.1", default);
        (await Refusal(await visitor.PostAsJsonAsync(Session, new { login = line[0], password = line[1] }))).ShouldBe("IDN-002");
        // A header nobody vouches for changes no address.
        visitor.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.9");
        (await Refusal(await visitor.PostAsJsonAsync(Session, new { login = line[0], password = line[1] }))).ShouldBe("IDN-002");
        county.Advance(TimeSpan.FromMinutes(6));
        (await visitor.PostAsJsonAsync(Session, new { login = line[0], password = line[1] })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Setup_code_may_be_tried_so_often_a_minute()
    {
        await using var county = await Start(demo: false);
        using var visitor = county.Visitor();
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 250; i++)
        {
            answers.Add((await visitor.PostAsJsonAsync("/api/v1/setup", new { code = "0000" })).StatusCode);
        }

        answers.ShouldContain(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public void Addresses_of_one_IPv6_network_count_as_one()
    {
        AddressLimits.Bucket(IPAddress.Parse("2001:db8:1:2::1")).ShouldBe(AddressLimits.Bucket(IPAddress.Parse("2001:db8:1:2:ffff::9")));
        Enumerable.Range(0, 100_000).Select(i => AddressLimits.Bucket(new IPAddress(i))).ShouldAllBe(b => b >= 0 && b < 4096);
    }
}
