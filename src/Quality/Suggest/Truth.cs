// In: who reports which fact of which thing. Out: for every thing the report that is most likely right.
// The owner of a thing, the reporter whose name the thing's begins with, is believed first. The others are weighed by how often they agree with owners, or where
// there are none with the majority; those who report the same, right or wrong, have copied and count once.
using Lizhou.Quality.Files;

namespace Lizhou.Quality.Suggest;

internal static class Truth
{
    private const double Copied = 0.98;
    private const int LeastCommon = 10;
    private const int Rounds = 5;

    private sealed record Fact(List<int> Rows, Dictionary<int, string> Told, string? Owned);

    public static IEnumerable<(List<int> Rows, string Right)> Of(Grid grid, int thing, int reporter, int fact)
    {
        var facts = Facts(grid, thing, reporter, fact).ToList();
        var camps = Camps(facts, grid.Columns[reporter].Values.Count);
        var trust = camps.Distinct().ToDictionary(c => c, _ => 0.8);
        var right = new string?[facts.Count];
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < facts.Count; i++)
            {
                right[i] = facts[i].Owned ?? Voted(facts[i], camps, trust);
            }

            Weigh(facts, right, camps, trust);
        }

        return facts.Zip(right).Where(f => f.Second is not null).Select(f => (f.First.Rows, f.Second!));
    }

    /// <summary>The reporter who owns a thing; null when none does.</summary>
    public static bool Owns(string reporter, string thing) =>
        reporter.Length >= 2 && thing.Length > reporter.Length && thing.StartsWith(reporter, StringComparison.OrdinalIgnoreCase) && !char.IsLetterOrDigit(thing[reporter.Length]);

    private static IEnumerable<Fact> Facts(Grid grid, int thing, int reporter, int fact)
    {
        var form = Dominant(grid.Columns[fact]);
        foreach (var rows in GroupRules.Groups(grid, [thing]))
        {
            var told = new Dictionary<int, string>();
            string? owned = null;
            foreach (var r in rows)
            {
                if (Told(grid.Columns[fact][r], form) is not { } value)
                {
                    continue;
                }

                told[grid.Columns[reporter].Cells[r]] = value;
                owned = Owns(grid.Columns[reporter][r], grid.Columns[thing][r]) ? value : owned;
            }

            yield return new Fact(rows, told, owned);
        }
    }

    /// <summary>A report in the form that nearly all use: what stands around it is taken off; null when nothing of that form is in it.</summary>
    private static string? Told(string cell, string? form)
    {
        if (cell.Length == 0 || MissingWords.Contains(cell))
        {
            return null;
        }

        return form is null || Shape.Of(cell) == form ? cell : Shape.Within(cell, form);
    }

    private static string? Dominant(GridColumn column)
    {
        var forms = column.All().GroupBy(v => Shape.Of(v.Text), StringComparer.Ordinal).Select(g => (Form: g.Key, Count: g.Sum(v => v.Count))).OrderByDescending(f => f.Count).ToList();
        return forms.Count > 0 && forms[0].Count >= 0.8 * column.Filled ? forms[0].Form : null;
    }

    private static string? Voted(Fact fact, int[] camps, Dictionary<int, double> trust) => fact.Told.Count == 0
        ? null
        : fact.Told.GroupBy(t => camps[t.Key]).Select(camp => (camp.Key, Value: camp.GroupBy(t => t.Value, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First().Key))
            .GroupBy(v => v.Value, StringComparer.Ordinal).OrderByDescending(g => g.Sum(v => trust[v.Key] * trust[v.Key])).ThenBy(g => g.Key, StringComparer.Ordinal).First().Key;

    private static void Weigh(List<Fact> facts, string?[] right, int[] camps, Dictionary<int, double> trust)
    {
        var owned = facts.Any(f => f.Owned is not null);
        var hits = trust.Keys.ToDictionary(c => c, _ => (Right: 2.0, All: 4.0));
        foreach (var (fact, truth) in facts.Zip(right).Where(f => (!owned || f.First.Owned is not null) && f.First.Told.Values.Distinct(StringComparer.Ordinal).Skip(1).Any()))
        {
            foreach (var (reporter, value) in fact.Told)
            {
                var (good, all) = hits[camps[reporter]];
                hits[camps[reporter]] = (good + (value == truth ? 1 : 0), all + 1);
            }
        }

        foreach (var (camp, (good, all)) in hits)
        {
            trust[camp] = good / all;
        }
    }

    /// <summary>By reporter: the number of its camp. Who agrees with all of a camp on nearly everything that is disputed joins it.</summary>
    private static int[] Camps(List<Fact> facts, int reporters)
    {
        var disputed = facts.Where(f => f.Told.Values.Distinct(StringComparer.Ordinal).Skip(1).Any()).Select(f => f.Told).ToList();
        var camps = new List<List<int>>();
        var of = new int[reporters];
        for (var reporter = 1; reporter < reporters; reporter++)
        {
            var camp = camps.FindIndex(c => c.TrueForAll(other => Agree(disputed, reporter, other)));
            if (camp < 0)
            {
                camp = camps.Count;
                camps.Add([]);
            }

            camps[camp].Add(reporter);
            of[reporter] = camp;
        }

        return of;
    }

    private static bool Agree(List<Dictionary<int, string>> disputed, int one, int other)
    {
        int common = 0, same = 0;
        foreach (var told in disputed)
        {
            if (told.TryGetValue(one, out var a) && told.TryGetValue(other, out var b))
            {
                common++;
                same += a == b ? 1 : 0;
            }
        }

        return common >= LeastCommon && same >= Copied * common;
    }
}
