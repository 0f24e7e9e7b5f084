using System.Net;
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Tests;
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
}
