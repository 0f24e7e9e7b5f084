// Who can be tried in a demo: two of the bureau, so that what one drafts another publishes; and the people of units, as soon as those units are there.
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Identity.Tests;

public sealed class DemoPeopleTests
{
    [Fact]
    public async Task The_bureau_has_two_people_and_each_kind_of_unit_one_as_soon_as_it_is_there()
    {
        await using var county = new County();
        await county.Open();
        (await Logins(county, Roles.Engineer)).ShouldBe(["demo-engineer", "demo-chief"]);
        var (root, town) = (Guid.NewGuid(), Guid.NewGuid());
        await using (var scope = county.Services.CreateAsyncScope())
        {
            (await scope.ServiceProvider.GetRequiredService<IUnitsBulk>().Register(
                [new(root, "113307843077566033", "模拟市", null, true), new(Guid.NewGuid(), "11330600MB1573660P", "市信访局", root, true), new(town, "11332500MB1601924J", "东城街道（模拟）", root, true)], [], Actor.System, default)).Problem.ShouldBeNull();
        }

        using var visitor = county.Visitor();
        var page = await visitor.GetStringAsync(new Uri("/demo", UriKind.Relative));
        page.ShouldContain("韩镇街专员（模拟）");
        page.ShouldContain("东城街道（模拟）");
        var stewards = await Logins(county, Roles.Steward);
        stewards.ShouldContain("demo-call-taker");
        stewards.ShouldContain("demo-town");
        stewards.ShouldNotContain("demo-grid", "its village is no unit here");
    }

    private static async Task<List<string>> Logins(County county, string role) =>
        [.. (await File.ReadAllLinesAsync(Path.Combine(county.Data, "keys", "demo-people.txt"))).Select(l => l.Split('\t')).Where(l => l.Length > 3 && l[3] == role).Select(l => l[0])];
}
