// Who is turned away by their role, before any use case runs, is in the ledger: once a minute for a person and a door, however often they knock.
using System.Net;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;

namespace Lizhou.Host.Tests;

public sealed class RefusedDoorTests
{
    [Theory]
    [InlineData("/api/v1/batches/SECRET-4711?note=SECRET-4711", "/api/v1/batches/{batch}", "GET")]
    [InlineData("/accounts/new?login=SECRET-4711", "/accounts/new", "GET")]
    public async Task A_refusal_by_role_is_an_entry_with_the_route_and_without_its_values(string address, string route, string method)
    {
        await using var city = await WholeCity.Open();
        using var person = await city.As(Roles.AuditAdministrator);
        var who = (await County.Json(await person.GetAsync(new Uri("/api/v1/session", UriKind.Relative)))).GetProperty("id").GetString();
        (await person.GetAsync(new Uri(address, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        var entry = (await city.Get("api/v1/ledger/entries?act=door.refused")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        entry.GetProperty("subject").GetString()!.ShouldBe(route);
        entry.GetProperty("result").GetString().ShouldBe("HST-403");
        entry.GetProperty("actor").GetString().ShouldBe(who);
        entry.GetProperty("detail").GetString()!.ShouldContain(method);
        entry.GetProperty("detail").GetString()!.ShouldContain("\"wanted\":[\"");
        entry.ToString().ShouldNotContain("4711");
    }

    [Fact]
    public async Task A_hundred_knocks_are_two_entries_and_what_is_allowed_leaves_none()
    {
        await using var city = await WholeCity.Open();
        using var person = await city.As(Roles.AuditAdministrator);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => person.GetAsync(new Uri($"/api/v1/batches/{i}", UriKind.Relative))));
        (await person.GetAsync(new Uri("/api/v1/ledger/entries", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await city.Evidence("door.refused")).ShouldBe(1);

        city.Advance(TimeSpan.FromMinutes(2));
        await Wait.For(() => city.Evidence("door.refused"), n => n == 2);
        (await city.Get("api/v1/ledger/entries?act=door.refused")).GetProperty("items")[0].GetProperty("detail").GetString()!.ShouldContain("\"times\":99");
    }
}
