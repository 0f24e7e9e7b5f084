using CsCheck;
using DuckDB.NET.Data;
using Lizhou.Contracts.Catalog;

namespace Lizhou.Catalog.Tests;

public sealed class EntryTests
{
    [Fact]
    public void What_is_kept_of_an_entry_is_what_was_said() =>
        Entries.Entry.Sample(entry =>
        {
            var kept = Shelf.Read(Shelf.Write(entry));
            kept.Cycle.ShouldBe(entry.Cycle);
            Entries.Told(kept).ShouldBe(Entries.Told(entry));
            kept.Items.Select(i => i with { Codes = null }).ShouldBe(entry.Items.Select(i => i with { Codes = null }));
        });

    [Fact]
    public void Difference_applied_to_the_first_version_gives_the_second() =>
        Entries.Pair.Sample(pair =>
        {
            var (before, after) = pair;
            Entries.Told(Difference.Of(before, after).Apply(before)).ShouldBe(Entries.Told(after));
        });

    [Fact]
    public void Version_does_not_differ_from_itself() => Entries.Entry.Sample(entry => Difference.Of(entry, entry).None.ShouldBeTrue());

    [Fact]
    public void Difference_names_the_field_that_changed_and_nothing_else()
    {
        var before = TestCity.Entry() with { Items = [ItemCard.Of("甲", column: "a") with { Id = TestCity.Health }] };
        var after = before with { Name = "新名", Items = [before.Items[0] with { Level = Level.L4 }] };
        var difference = Difference.Of(before, after);
        difference.Fields.Select(f => f.Field).ShouldBe(["name"]);
        difference.Changed.Single().Fields.Single().Field.ShouldBe("level");
        difference.Changed.Single().Fields.Single().After!.GetValue<string>().ShouldBe("L4");
    }

    [Fact]
    public void Code_that_was_built_is_read_back_as_its_parts() =>
        Gen.Select(Gen.Char["0123456789"].Array[6, 24], Gen.Long[0, 999_999_999_999]).Sample((digits, serial) =>
        {
            var code = ResourceCode.Of(new string(digits), serial);
            ResourceCode.Parse(code.ToString()).ShouldBe(code);
            code.Number.ShouldBe(serial);
            code.Topic.ShouldBe(new string(digits[..3]));
        });

    [Theory]
    [InlineData("303001")]
    [InlineData("30300/1")]
    [InlineData("303001/")]
    [InlineData("303001/x")]
    [InlineData("303001/1/2")]
    [InlineData(" 303001/1")]
    [InlineData("３０３００１/1")]
    [InlineData("303001/1\n")]
    [InlineData("303001/1234567890123")]
    public void Other_shapes_are_no_resource_code(string text) => ResourceCode.Parse(text).ShouldBeNull();

    [Theory]
    [InlineData("姓名", "name")]
    [InlineData("身份证号", "id_number")]
    [InlineData("企业注册地址", "firm_registered_address")]
    [InlineData("联系电话2", "phone_2")]
    [InlineData("PM2.5浓度", "item_7")]
    [InlineData("COD浓度", "cod_concentration")]
    [InlineData("某某", "item_7")]
    [InlineData("的", "item_7")]
    [InlineData("2020年度", "item_7")]
    public void Column_is_made_of_known_terms_or_numbered(string name, string column) => ColumnNames.Suggest(name, 7, []).ShouldBe(column);

    [Fact]
    public void Suggested_columns_are_valid_and_never_the_same_twice() =>
        Entries.One("姓名", "名称", "某", "地址", "A", "9", "。", "身份证号").List[0, 30].Sample(names =>
        {
            var taken = new HashSet<string>(StringComparer.Ordinal);
            var columns = names.Select((n, i) => ColumnNames.Suggest(n, i + 1, taken)).ToList();
            columns.ShouldBeUnique();
            columns.ShouldAllBe(c => ItemChecks.IsColumn(c));
        });

    [Theory]
    [InlineData("[0-9]{6}", true)]
    [InlineData("1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}", true)]
    [InlineData(@"\d{4}-\d{2}-\d{2}", true)]
    [InlineData("[一-龥]{2,20}", true)]
    [InlineData(@"浙G[A-Z0-9]{5}", true)]
    [InlineData("[+*?-]+", true)]
    [InlineData(@"\+[0-9]+", true)]
    [InlineData(@"a+?b*?", true)]
    [InlineData("(?i)abc", false)]
    [InlineData("(?=a)a", false)]
    [InlineData("(?<n>a)", false)]
    [InlineData(@"(a)\1", false)]
    [InlineData("a{1001}", false)]
    [InlineData("(", false)]
    [InlineData("[z-a]", false)]
    [InlineData("[a-z-[aeiou]]", false)]
    [InlineData("a++", false)]
    public void Format_is_one_that_both_readers_understand(string format, bool fine) => (ValueFormat.Fault(format) is null).ShouldBe(fine);

    [Fact]
    public async Task Format_that_passes_is_taken_by_the_engine()
    {
        await using var engine = new DuckDBConnection("Data Source=:memory:");
        await engine.OpenAsync();
        string[] parts = ["a", "[0-9]", @"\d", @"\w", "(", ")", "(?:", "|", "*", "+", "?", "{2}", "{1,3}", "[^x]", @"\.", "^", "$", "[a-c一]", @"\p{L}", @"\b", "[[", "]", "-", "{", "}", ","];
        var tried = 0;
        await Entries.One(parts).List[1, 6].Select(p => string.Concat(p)).SampleAsync(
            async pattern =>
            {
                if (ValueFormat.Fault(pattern) is null)
                {
                    Interlocked.Increment(ref tried);
                    await using var command = engine.CreateCommand();
                    command.CommandText = "SELECT regexp_full_match('a', $1)";
                    command.Parameters.Add(new DuckDBParameter(pattern));
                    (await command.ExecuteScalarAsync()).ShouldBeOfType<bool>(pattern);
                }
            },
            iter: 400,
            threads: 1);
        tried.ShouldBeGreaterThan(50);
    }
}
