// The sample county's shape: forty departments with right codes, 1,081 resources, and rows that add up.
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Lizhou.Contracts.Catalog;
using Lizhou.Tabular;

namespace Lizhou.Sample.Tests;

public sealed class CatalogueTests
{
    private static readonly Plan Plan = Plan.Read();

    [Fact]
    public void Forty_departments_have_forty_codes_that_pass_their_check()
    {
        var codes = Enumerable.Range(1, Plan.Departments.Count).Select(n => Catalogue.DepartmentCode(Plan, n)).ToList();

        codes.Distinct().Count().ShouldBe(40);
        codes.ShouldAllBe(c => Identifiers.IsCreditCode(Encoding.UTF8.GetBytes(c)));
        codes.ShouldAllBe(c => c.Substring(2, 6) == Plan.Prefix);
        Plan.Departments.Select(d => d.Name).Distinct().Count().ShouldBe(40);
    }

    [Theory]
    [InlineData("demo", 1081, 48, 60_000)]
    [InlineData("county", 22_261, 22_261, 43_000_000)]
    [InlineData("full", 22_261, 22_261, 685_000_000)]
    public void A_size_has_its_resources_and_exactly_its_rows(string size, int resources, int filled, long rows)
    {
        var all = Catalogue.Of(Plan, Plan.Sizes[size], Plan.Seed);

        all.Count.ShouldBe(resources);
        all.Count(r => r.Rows > 0).ShouldBe(filled);
        all.Sum(r => r.Rows).ShouldBe(rows);
        all.Select(r => r.Id).Distinct().Count().ShouldBe(resources);
        all.Select(r => r.Class + "/" + r.Serial).Distinct().Count().ShouldBe(resources);
        all.Select(r => (r.DepartmentNumber, r.Name)).Distinct().Count().ShouldBe(resources);
    }

    [Fact]
    public void Every_department_of_the_small_county_has_data_and_readings_are_among_it()
    {
        var filled = Catalogue.Of(Plan, Plan.Sizes["demo"], Plan.Seed).Where(r => r.Rows > 0).ToList();

        filled.Select(r => r.DepartmentNumber).Distinct().Count().ShouldBe(40);
        filled.ShouldContain(r => r.Form == Plan.Forms["reading"]);
        filled.ShouldContain(r => r.Gb18030);
        filled.ShouldContain(r => r.Preamble);
    }

    [Fact]
    public void A_larger_county_begins_as_the_smaller_one()
    {
        var small = Catalogue.Of(Plan, Plan.Sizes["demo"], Plan.Seed);
        var large = Catalogue.Of(Plan, Plan.Sizes["county"], Plan.Seed);

        large.Take(small.Count).Select(r => r.Id).ShouldBe(small.Select(r => r.Id));
    }

    [Fact]
    public void Another_seed_gives_other_ids()
    {
        var one = Catalogue.Of(Plan, Plan.Sizes["demo"], 1);
        var two = Catalogue.Of(Plan, Plan.Sizes["demo"], 2);

        one.Select(r => r.Id).Intersect(two.Select(r => r.Id)).ShouldBeEmpty();
    }

    [Fact]
    public void An_entry_says_of_itself_that_it_is_simulated()
    {
        var planned = Catalogue.Of(Plan, Plan.Sizes["demo"], Plan.Seed)[0];

        var entry = Catalogue.Entry(planned, Guid.Empty, null, Plan.Seed);

        entry.Summary.ShouldContain(Plan.Mark);
        entry.Items.Count.ShouldBe(planned.Form.Items.Count);
        entry.Items.ShouldContain(i => i.Key && i.Required);
    }

    [Fact]
    public void Items_that_hold_secrets_are_classified_and_none_is_left_unset()
    {
        foreach (var item in Plan.Forms.Values.SelectMany(f => f.Items))
        {
            Enum.TryParse<Level>(item.Level, out var level).ShouldBeTrue(item.Name);
            if (item.Make is "person.id" or "person.name" or "person.phone" && item.Column is not ("clerk" or "checker" or "representative"))
            {
                (level >= Level.L3).ShouldBeTrue(item.Name);
            }
        }
    }

    [Fact]
    public void Every_trial_file_is_named_after_a_resource_of_a_department_with_a_demo_steward()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(at.FullName, "sample", "inbox")))
        {
            at = at.Parent!;
        }

        var inbox = Path.Combine(at.FullName, "sample", "inbox");
        var files = Directory.EnumerateFiles(inbox, $"*_{Plan.Mark}.*").Select(f => Path.GetFileName(f)!).ToList();
        var readme = File.ReadAllLines(Path.Combine(inbox, "README.md"));
        var resources = Catalogue.Of(Plan, Plan.Sizes["demo"], Plan.Seed).ToLookup(r => r.Name);

        files.Count.ShouldBeGreaterThan(5);
        foreach (var file in files)
        {
            var meant = resources[file.Split('_')[0]].ShouldHaveSingleItem();
            meant.DepartmentNumber.ShouldBeLessThanOrEqualTo(8); // so many have a steward to sign in as
            readme.ShouldContain(l => l.StartsWith($"| {file} |", StringComparison.Ordinal) && l.Contains($"| {meant.Name} | {meant.Department.Name} | `demo-steward-{meant.DepartmentNumber}` |"));
        }

        var header = File.ReadLines(Path.Combine(inbox, files.Single(f => f.Contains("分号"))), Encoding.UTF8).First().Split(';');
        header.ShouldBe(Plan.Forms["person-register"].Items.Select(i => i.Name));
    }

    [Fact]
    public void Every_code_in_a_trial_file_passes_the_check_its_load_makes()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(at.FullName, "sample", "inbox")))
        {
            at = at.Parent!;
        }

        var texts = Directory.EnumerateFiles(Path.Combine(at.FullName, "sample", "inbox"), $"*_{Plan.Mark}.*").SelectMany(Texts).ToList();
        var credit = texts.SelectMany(t => Regex.Matches(t, "(?<![0-9A-Z])91339901[0-9A-Z]{10}(?![0-9A-Z])")).Select(m => m.Value).ToList();
        var numbers = texts.SelectMany(t => Regex.Matches(t, "(?<![0-9A-Z])339901[0-9]{11}[0-9X](?![0-9A-Z])")).Select(m => m.Value).ToList();

        credit.Count.ShouldBe(550);
        credit.ShouldAllBe(c => Identifiers.IsCreditCode(Encoding.UTF8.GetBytes(c)));
        numbers.Count.ShouldBeGreaterThan(1000);
        numbers.ShouldAllBe(n => Identifiers.IsIdNumber(Encoding.UTF8.GetBytes(n)));

        // The codes are ASCII in every encoding of the folder; UTF-16 has a zero beside each.
        static IEnumerable<string> Texts(string path)
        {
            if (Path.GetExtension(path) is not (".xlsx" or ".zip"))
            {
                return [Encoding.Latin1.GetString(File.ReadAllBytes(path)).Replace("\0", "", StringComparison.Ordinal)];
            }

            using var archive = ZipFile.OpenRead(path);
            return [.. archive.Entries.Select(e => { using var entry = new StreamReader(e.Open(), Encoding.Latin1); return entry.ReadToEnd(); })];
        }
    }
}
