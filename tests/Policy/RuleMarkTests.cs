// A row of the table of rules, taken out of the database past the program: the version before does not come back into force, and its number is given to no other.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Policy.Rules;

namespace Lizhou.Policy.Tests;

public sealed class RuleMarkTests
{
    private static readonly (ItemCard, ColumnType)[] Items =
    [
        (ItemCard.Of("姓名", column: "name", level: Level.L3), ColumnType.Text), (ItemCard.Of("街镇", column: "town", level: Level.L1), ColumnType.Text),
    ];

    private static readonly RuleSet Stricter = RuleSet.Default with { Rules = [.. RuleSet.Default.Rules.Select(r => r with { Mask = MaskKind.Full })] };

    [Theory]
    [InlineData("version = 3", "3")]
    [InlineData("version = 2", "2")]
    [InlineData("version >= 2", "3, 2")]
    [InlineData("version > 0", "3, 2, 1")]
    public async Task A_version_deleted_in_the_database_stops_all_data_and_is_told_until_the_policy_is_published_anew(string gone, string told)
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, [["张三", "望春街道"]]);
        foreach (var seen in new[] { 0, 1, 2 })
        {
            (await house.Rules.Save(seen, (seen == 2 ? Stricter : RuleSet.Default).ToString(), "a reason", House.Engineer, default)).Refused.ShouldBeFalse();
        }

        (await Name(house, resource)).Value.Rows[0][0].ShouldBe("***");
        await Delete(house, gone);

        foreach (var book in new[] { house.Rules, Anew(house) })
        {
            var refused = (await book.Current(default)).Problem!;
            (refused.Code, refused.Status).ShouldBe(("POL-044", 503));
            refused.What.En.ShouldContain($"Version {told} of");
        }

        (await Name(house, resource)).Problem!.Code.ShouldBe("POL-044", "the looser version of before is not in force");
        (await new CheckSeals(house.State, house.Seals, house.Rules, []).Broken(default)).ShouldHaveSingleItem().ShouldContain(told);
        await house.Mark.Begin(house.State, house.Ledger, default);
        (await Name(house, resource)).Problem!.Code.ShouldBe("POL-044", "a start forgets nothing");

        var newest = (await house.Rules.Versions(default))[0].Version;
        (await house.Rules.Save(newest, Stricter.ToString(), "after the deletion", House.Engineer, default)).Value.ShouldBe(4, "no number is given twice");
        (await Name(house, resource)).Value.Rows[0][0].ShouldBe("***");
        (await Anew(house).Current(default)).Value.Version.ShouldBe(4);
        (await new CheckSeals(house.State, house.Seals, house.Rules, []).Broken(default)).ShouldBeEmpty();
        house.Ledger.Entries.Last(e => e.Act == "policy.changed").Detail!.ToString()!.ShouldContain("missing");
        await Delete(house, "version = 4");
        (await Name(house, resource)).Problem!.Code.ShouldBe("POL-044");
    }

    [Fact]
    public async Task A_mark_that_is_gone_or_changed_stops_all_data_until_the_policy_is_published_anew()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, [["张三", "望春街道"]]);
        (await house.Rules.Save(0, Stricter.ToString(), "a reason", House.Engineer, default)).Refused.ShouldBeFalse();
        var path = Path.Combine(house.Settings.Keys, "policy-rules.txt");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("\"Newest\":1", "\"Newest\":0", StringComparison.Ordinal));
        await Delete(house, "version = 1");

        (await Name(house, resource)).Problem!.Code.ShouldBe("POL-045");
        (await new CheckSeals(house.State, house.Seals, house.Rules, []).Broken(default)).ShouldHaveSingleItem();
        (await house.Rules.Save(0, Stricter.ToString(), "after it", House.Engineer, default)).Refused.ShouldBeFalse();
        (await Name(house, resource)).Value.Rows[0][0].ShouldBe("***");
    }

    [Fact]
    public async Task A_city_of_before_there_was_a_mark_gets_one_at_its_start_and_a_restored_one_that_of_its_state()
    {
        await using var house = await House.Build();
        (await house.Rules.Save(0, Stricter.ToString(), "a reason", House.Engineer, default)).Value.ShouldBe(1);
        (await house.Rules.Save(1, Stricter.ToString(), "another", House.Engineer, default)).Value.ShouldBe(2);
        File.Delete(Path.Combine(house.Settings.Keys, "policy-rules.txt"));
        await house.Mark.Begin(house.State, house.Ledger, default);
        (await house.Rules.Current(default)).Value.Version.ShouldBe(2);
        house.Ledger.Entries.ShouldContain(e => e.Act == "policy.remembered" && e.Subject == "v2");

        await Delete(house, "version = 2"); // as a backup of the day before has it
        await using (var connection = await house.State.Open())
        {
            await RuleMark.Restored(connection, house.Settings, default);
        }

        (await Anew(house).Current(default)).Value.Version.ShouldBe(1);
    }

    private static Task<Result<RowSet>> Name(House house, ResourceCard resource) => house.Gate.Read(new(resource.Id, "preview"), House.Engineer, default);

    /// <summary>As another host on the same folder has it.</summary>
    private static RuleBook Anew(House house) => new(house.State, house.Keys, new(house.Keys, house.Settings), house.Ledger, house.Clock);

    private static async Task Delete(House house, string which)
    {
        await using var connection = await house.State.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = $"DELETE FROM policy_rules WHERE {which}";
        (await command.ExecuteNonQueryAsync()).ShouldBePositive();
    }
}
