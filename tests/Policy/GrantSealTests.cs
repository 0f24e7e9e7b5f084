// A row of the table of grants, edited in the database past the program: whatever was changed, the grant gives nothing and the change is told.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Policy.Disclosure;

namespace Lizhou.Policy.Tests;

public sealed class GrantSealTests
{
    private static readonly (ItemCard, ColumnType)[] Items =
    [
        (ItemCard.Of("姓名", column: "name", level: Level.L3), ColumnType.Text), (ItemCard.Of("街镇", column: "town", level: Level.L1), ColumnType.Text),
    ];

    [Theory]
    [InlineData("items = replace(items, '\"Mask\":\"Hash\"', '\"Mask\":null')")]
    [InlineData("rows_filter = NULL")]
    [InlineData("rows_filter = 'no condition'")]
    [InlineData("valid_until = '2099-01-01T00:00:00.0000000Z'")]
    [InlineData("valid_from = '2000-01-01T00:00:00.0000000Z'")]
    [InlineData("purpose = 'anything'")]
    [InlineData("number = 'SQ-0'")]
    [InlineData("secrecy_code = 'state-security', secrecy_until = '2030-01-01'")]
    [InlineData("seal = NULL")]
    [InlineData("seal = ''")]
    [InlineData("seal = (SELECT seal FROM policy_grant ORDER BY number DESC LIMIT 1), items = (SELECT items FROM policy_grant ORDER BY number DESC LIMIT 1)")]
    public async Task A_grant_edited_in_the_database_gives_nothing_and_is_told(string edit)
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, [["张三", "望春街道"], ["李四", "城南街道"]]);
        var grant = house.Granted(resource, new Condition.Compare("town", Comparison.Equal, "望春街道"), ("name", MaskKind.Hash));
        var other = house.Granted(resource, null, ("name", null)) with { Unit = House.Owner, Number = "SQ-9" };
        await house.Put(grant);
        await house.Put(other);
        var check = new CheckSeals(house.State, house.Seals, house.Rules, []);
        (await Read(house, resource, grant)).Value.Rows.Count.ShouldBe(1);
        (await check.Broken(default)).ShouldBeEmpty();

        await Edit(house, edit, grant.Id);

        foreach (var purpose in new[] { grant.Purpose, "anything", Purposes.Preview })
        {
            (await Read(house, resource, grant, purpose)).Problem!.Code.ShouldBe("POL-043");
        }

        (await house.Gate.Read(new(resource.Id, grant.Purpose), House.Foreigner, default)).Problem!.Code.ShouldBe("POL-043", "not named, but held");
        house.Ledger.Entries.ShouldContain(e => e.Result == "POL-043");
        (await check.Broken(default)).Count.ShouldBe(1);
        (await Should.ThrowAsync<ProblemException>(() => house.Put(grant))).Problem.Code.ShouldBe("POL-043", "a renewal would seal what was edited");
        var auditor = House.Of(Roles.AuditAdministrator, null);
        var withheld = await new WithholdDisclosures(house.State, house.Grants, house.Seals, house.Ledger, house.Clock).Run(
            edit.StartsWith("number", StringComparison.Ordinal) ? "SQ-0" : grant.Number, new("tax-inspection", "《模拟法》第一条", house.Clock.Today().AddDays(10)), auditor, default);
        withheld.Problem!.Code.ShouldBe("POL-043");

        await house.Revoke(grant.Id);
        (await Read(house, resource, grant)).Problem!.Code.ShouldBe("POL-006");
        (await check.Broken(default)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("unit = '01930000-0000-7000-8000-000000000001'")]
    [InlineData("unit = 'nobody'")]
    [InlineData("resource = 'nothing'")]
    public async Task A_grant_given_to_another_in_the_database_is_neither_ones(string edit)
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, [["张三", "望春街道"]]);
        var grant = house.Granted(resource, null, ("name", null));
        await house.Put(grant);
        await Edit(house, edit, grant.Id);
        (await Read(house, resource, grant)).Problem!.Code.ShouldBe("POL-005");
        (await house.Gate.Read(new(resource.Id, grant.Purpose) { Grant = grant.Id }, House.Steward, default)).Problem!.Code.ShouldBeOneOf("POL-005", "POL-043");
        (await new CheckSeals(house.State, house.Seals, house.Rules, []).Broken(default)).ShouldBe([grant.Number]);
    }

    [Fact]
    public async Task Grants_of_before_are_sealed_at_the_first_start_and_a_seal_taken_away_later_is_not_given_back()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, [["张三", "望春街道"]]);
        var grant = house.Granted(resource, null, ("name", MaskKind.Hash));
        await house.Put(grant);
        await Edit(house, "seal = NULL", grant.Id);

        await house.Seals.Begin(house.State, house.Ledger, default);
        (await Read(house, resource, grant)).Refused.ShouldBeFalse();
        house.Ledger.Entries.Count(e => e.Act == "grant.sealed").ShouldBe(1);

        await Edit(house, "seal = NULL", grant.Id);
        await house.Seals.Begin(house.State, house.Ledger, default);
        (await Read(house, resource, grant)).Problem!.Code.ShouldBe("POL-043");
    }

    private static Task<Result<RowSet>> Read(House house, ResourceCard resource, Grant grant, string? purpose = null) =>
        house.Gate.Read(new(resource.Id, purpose ?? grant.Purpose) { Grant = grant.Id }, House.Foreigner, default);

    /// <summary>As somebody with the database open would.</summary>
    private static async Task Edit(House house, string set, Guid grant)
    {
        await using var connection = await house.State.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = $"UPDATE policy_grant SET {set} WHERE id = '{grant:D}'";
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);
    }
}
