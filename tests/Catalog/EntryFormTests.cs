using Lizhou.Contracts.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Lizhou.Catalog.Tests;

public sealed class EntryFormTests
{
    [Fact]
    public void Step_changes_its_own_fields_and_leaves_the_others()
    {
        var before = TestCity.Entry();
        var after = EntryForm.Apply(before, EntryForm.Sharing, Form(("sharing", "Refused"), ("legalBasis", " 条例 "), ("cycle", "Daily")));
        after.Sharing.ShouldBe(SharingKind.Refused);
        after.LegalBasis.ShouldBe("条例");
        after.Ways.ShouldBeEmpty();
        after.Name.ShouldBe(before.Name);
        after.Items.ShouldBe(before.Items);
    }

    [Fact]
    public void Rows_without_a_name_are_passed_over_ticked_ones_go_and_pasted_names_come()
    {
        var id = Guid.Parse("019a0000-0000-7000-8000-0000000000c1");
        var after = EntryForm.Apply(TestCity.Entry(), EntryForm.Items, Form(
            ("name-0", "留下"), ("id-0", id.ToString()), ("type-0", "Date"), ("key-0", "on"), ("level-0", "L4"), ("codes-0", "a | b"), ("length-0", "x"),
            ("name-1", ""), ("name-2", "去掉"), ("drop-2", "on"), ("more", "新一\r\n\r\n新二")));
        after.Items.Select(i => i.Name).ShouldBe(["留下", "新一", "新二"]);
        after.Items[0].Id.ShouldBe(id);
        after.Items[0].ShouldSatisfyAllConditions(
            i => i.Type.ShouldBe(ItemType.Date), i => i.Key.ShouldBeTrue(), i => i.Level.ShouldBe(Level.L4), i => i.Codes.ShouldBe(["a", "b"]), i => i.Length.ShouldBeNull());
    }

    [Theory]
    [InlineData("items[3].length", EntryForm.Items)]
    [InlineData("items", EntryForm.Items)]
    [InlineData("ways", EntryForm.Sharing)]
    [InlineData("name", EntryForm.Basics)]
    public void Fault_belongs_to_the_step_that_shows_its_field(string field, int step) => EntryForm.StepOf(field).ShouldBe(step);

    [Fact]
    public void Hostile_form_gives_an_entry_that_the_checks_refuse_not_a_failure()
    {
        var after = EntryForm.Apply(new(), EntryForm.Basics, Form(("unit", "x"), ("format", "Nothing"), ("name", new string('a', 10_000))));
        EntryChecks.Faults(Tidy.Entry(after, null, () => Guid.Empty), new(new([], default), new Dictionary<Guid, Contracts.Organisation.UnitCard>(), new Dictionary<Guid, Contracts.Organisation.SystemCard>()))
            .Select(f => f.Field).ShouldBe(["class", "name", "summary", "unit", "items", "ways"], ignoreOrder: true);
    }

    private static FormCollection Form(params (string Name, string Value)[] fields) =>
        new(fields.ToDictionary(f => f.Name, f => new StringValues(f.Value)));
}
