// What the generator writes: the same bytes for the same seed, faults in the stated shares and nowhere else, identifiers that nobody can have.
using System.Security.Cryptography;
using System.Text;
using Lizhou.Tabular;

namespace Lizhou.Sample.Tests;

public sealed class SampleFileTests
{
    private static readonly Plan Plan = Plan.Read();

    public static TheoryData<string> Forms => [.. Plan.Forms.Keys];

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_same_seed_writes_the_same_bytes_and_another_seed_others(string form)
    {
        var once = Written(form, 2_000, seed: 7);

        SHA256.HashData(Written(form, 2_000, seed: 7)).ShouldBe(SHA256.HashData(once));
        SHA256.HashData(Written(form, 2_000, seed: 8)).ShouldNotBe(SHA256.HashData(once));
    }

    [Fact]
    public void A_file_made_in_two_parts_has_the_rows_of_one_made_whole()
    {
        var planned = Planned("event");
        var whole = Rows(Write(planned, 0, 3_000, 7, out _));
        var first = Rows(Write(planned, 0, 1_000, 7, out _));
        var second = Rows(Write(planned, 1_000, 2_000, 7, out _));

        first.Concat(second).ShouldBe(whole);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Faults_come_in_the_stated_shares(string form)
    {
        const int rows = 100_000;
        var planned = Planned(form);
        Write(planned, 0, rows, 7, out var injected);

        var stated = planned.Form.Items.SelectMany(i => i.Dirt).GroupBy(d => d.Key, d => d.Value).ToDictionary(g => g.Key.Replace("-", "", StringComparison.Ordinal), g => g.Sum());
        foreach (var (kind, share) in stated)
        {
            Enum.TryParse<DirtKind>(kind, ignoreCase: true, out var known).ShouldBeTrue(kind);
            Near(injected.Cells.GetValueOrDefault(known), share, rows, $"{form} {kind}");
        }

        injected.Cells.Count.ShouldBe(stated.Count);
        Near(injected.Duplicates, planned.Form.Dirt["duplicate"], rows, form + " duplicate");
        injected.Rows.ShouldBe(rows + injected.Duplicates);
    }

    [Theory]
    [InlineData("person-register", 0)]
    [InlineData("firm-register", 0)]
    public void A_register_has_every_key_once_and_only_spoiled_ones_fail_their_check(string form, int column)
    {
        var lines = Rows(Write(Planned(form), 0, 50_000, 7, out var injected));

        var keys = lines.Distinct(StringComparer.Ordinal).Select(l => l.Split(',')[column].Trim()).Where(k => k.Length > 0).ToList();
        var bad = keys.Count(k => !(form[0] == 'p' ? Identifiers.IsIdNumber(Encoding.UTF8.GetBytes(k)) : Identifiers.IsCreditCode(Encoding.UTF8.GetBytes(k))));
        keys.Distinct(StringComparer.Ordinal).Count().ShouldBe(keys.Count);
        bad.ShouldBe((int)injected.Cells[DirtKind.BadCheck]);
        keys.ShouldAllBe(k => k.Contains(Plan.Prefix, StringComparison.Ordinal));
    }

    [Fact]
    public void The_sex_in_an_id_number_is_the_sex_in_its_column()
    {
        foreach (var cells in Rows(Write(Planned("person-register"), 0, 5_000, 7, out _)).Select(l => l.Split(',')))
        {
            if (cells[0].Length == 18 && cells[2] is "1" or "2")
            {
                ((cells[0][16] - '0') % 2 == 1 ? "1" : "2").ShouldBe(cells[2]);
            }
        }
    }

    [Fact]
    public void The_same_person_has_the_same_name_in_two_departments_files()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var met = 0;
        foreach (var (form, id, name) in new[] { ("person-register", 0, 1), ("benefit", 1, 2) })
        {
            foreach (var cells in Rows(Write(Planned(form), 0, 60_000, 7, out _)).Select(l => l.Split(',')))
            {
                if (cells[name].Length > 0 && Identifiers.IsIdNumber(Encoding.UTF8.GetBytes(cells[id])) && !names.TryAdd(cells[id], cells[name]))
                {
                    names[cells[id]].ShouldBe(cells[name]);
                    met += form == "benefit" ? 1 : 0;
                }
            }
        }

        met.ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public void A_department_on_GB18030_writes_what_another_writes_in_UTF8()
    {
        var planned = Planned("event") with { Gb18030 = false, Preamble = true };
        var utf8 = Write(planned, 0, 2_000, 7, out _);
        var gb = Write(planned with { Gb18030 = true }, 0, 2_000, 7, out _);

        gb.ShouldNotBe(utf8);
        CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetString(gb).ShouldBe(Encoding.UTF8.GetString(utf8));
        Encoding.UTF8.GetString(utf8).Split('\n')[0].ShouldContain(Plan.Mark);
    }

    private static PlannedResource Planned(string form) =>
        Catalogue.Of(Plan, Plan.Sizes["demo"], Plan.Seed).First(r => r.Form == Plan.Forms[form]) with { Gb18030 = false, Preamble = false };

    private static byte[] Written(string form, int rows, ulong seed) => Write(Planned(form), 0, rows, seed, out _);

    private static byte[] Write(PlannedResource planned, long from, long rows, ulong seed, out Injected injected)
    {
        using var into = new MemoryStream();
        injected = new SampleFile(Plan, new Population(seed, Plan), planned, seed).Write(into, from, rows, CancellationToken.None);
        return into.ToArray();
    }

    private static string[] Rows(byte[] file) => [.. Encoding.UTF8.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];

    // Within five standard deviations of the stated share.
    private static void Near(long found, double share, int rows, string what)
    {
        var expected = share * rows;
        Math.Abs(found - expected).ShouldBeLessThanOrEqualTo(5 * Math.Sqrt(expected) + 1, what);
    }
}
