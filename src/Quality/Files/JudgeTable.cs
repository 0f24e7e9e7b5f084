// In: a rule and a table in memory. Out: the cells that break it, with what they should be where that can be told. The checks are the engine's own functions.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Quality.Rules;
using Lizhou.Tabular;

namespace Lizhou.Quality.Files;

internal static class JudgeTable
{
    /// <summary>Before a pattern: it is for the whole value.</summary>
    private const string Whole = @"\A(?:";

    private static readonly string[] Moments = ["yyyy-MM-dd", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd", "yyyy年M月d日", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss", "yyyy/M/d H:mm:ss", "yyyy/M/d H:mm"];

    /// <summary>Refuses a column that is not there and a rule that only the lake can answer.</summary>
    public static Result<IReadOnlyList<Flag>> Run(Rule rule, Grid grid, DateTimeOffset now)
    {
        if (CheckRule.Fault(rule) is { } fault)
        {
            return fault;
        }

        var at = rule.Columns.Select(grid.Find).ToArray();
        if (Array.IndexOf(at, -1) is var missing and >= 0)
        {
            return Problems.NoColumn.With(rule.Name, rule.Columns[missing], string.Join(", ", grid.Columns.Select(c => c.Name)));
        }

        return rule.Kind switch
        {
            RuleKind.NotNull => Empty(grid, at[0]),
            RuleKind.Unique => Doubled(grid, at),
            RuleKind.Depends => GroupRules.Depends(grid, at),
            RuleKind.Reports => GroupRules.Reports(grid, at[0], at[1], at[2]),
            RuleKind.Glued => GroupRules.Glued(grid, at[0], at[1]),
            RuleKind.Compare => Pairs(grid, at, (a, b) => Compared(a, rule.Is, b)),
            RuleKind.BirthOfId => Pairs(grid, at, Born, (a, b) => Birth(a, b)),
            RuleKind.SexOfId => Pairs(grid, at, (a, b) => SexFits(rule, a, b), (a, _) => rule.Values[Identifiers.Sex(Bytes(a.Trim()))!.Value - 1]),
            RuleKind.Reference or RuleKind.Agrees or RuleKind.Denial or RuleKind.Freshness or RuleKind.Volume or RuleKind.Drift or RuleKind.AddsUp or RuleKind.NeverFalls => Problems.LakeOnly.With(rule.Name, rule.Kind),
            _ => Values(rule, grid, at[0], now),
        };
    }

    /// <summary>Rules on single values: each different value is judged once.</summary>
    private static Result<IReadOnlyList<Flag>> Values(Rule rule, Grid grid, int at, DateTimeOffset now)
    {
        Func<string, bool> fits;
        switch (rule.Kind)
        {
            case RuleKind.Format:
                try
                {
                    // By itself first: within the whole an open bracket takes what was put around it for its own.
                    _ = new Regex(rule.Pattern!, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
                    var pattern = new Regex($@"{Whole}{rule.Pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
                    fits = pattern.IsMatch;
                }
                catch (Exception e) when (e is ArgumentException or NotSupportedException)
                {
                    return Problems.BadPattern.With(rule.Name, rule.Pattern, PatternWords.Of(e));
                }

                break;
            case RuleKind.CodeList:
                fits = rule.Values.ToHashSet(StringComparer.Ordinal).Contains;
                break;
            case RuleKind.CheckCharacter:
                fits = v => ValueChecks.Passes(rule.Check, Bytes(v.Trim()));
                break;
            case RuleKind.Range:
                fits = v => (rule.Least is null || Compared(v, Comparison.AtLeast, rule.Least)) && (rule.Most is null || Compared(v, Comparison.AtMost, rule.Most));
                break;
            case RuleKind.NotFuture:
                var moment = now.InCity().DateTime;
                fits = v => Moment(v) is not { } told || told <= moment;
                break;
            default:
                fits = v => !rule.Mend.ContainsKey(v);
                break;
        }

        var column = grid.Columns[at];
        var bad = column.All().Select(v => !fits(v.Text)).Prepend(false).ToArray();
        return Flags(Enumerable.Range(0, grid.Rows).Where(r => bad[column.Cells[r]]).Select(r => new Flag(r, at, rule.Mend.TryGetValue(column[r], out var right) && right != column[r] ? right : null)));
    }

    private static Result<IReadOnlyList<Flag>> Empty(Grid grid, int at) =>
        Flags(Enumerable.Range(0, grid.Rows).Where(r => grid.Columns[at].Cells[r] == 0).Select(r => new Flag(r, at, null)));

    private static Result<IReadOnlyList<Flag>> Doubled(Grid grid, int[] at)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var flags = new List<Flag>();
        for (var r = 0; r < grid.Rows; r++)
        {
            if (at.All(c => grid.Columns[c].Cells[r] != 0) && !seen.Add(string.Join('\u001f', at.Select(c => grid.Columns[c].Cells[r]))))
            {
                flags.AddRange(at.Select(c => new Flag(r, c, null)));
            }
        }

        return flags;
    }

    private static Result<IReadOnlyList<Flag>> Pairs(Grid grid, int[] at, Func<string, string, bool> fits, Func<string, string, string?>? mend = null)
    {
        var (a, b) = (grid.Columns[at[0]], grid.Columns[at[1]]);
        return Flags(Enumerable.Range(0, grid.Rows).Where(r => a.Cells[r] != 0 && b.Cells[r] != 0 && !fits(a[r], b[r])).Select(r => new Flag(r, at[1], mend?.Invoke(a[r], b[r]))));
    }

    /// <summary>Rows whose id number tells a day of birth and whose date cannot be read as one.</summary>
    internal static IEnumerable<int> Unreadable(Grid grid, int id, int date) =>
        Enumerable.Range(0, grid.Rows).Where(r => grid.Columns[date].Cells[r] != 0 && Identifiers.BirthDay(Bytes(grid.Columns[id][r].Trim())) is not null && Moment(grid.Columns[date][r]) is null);

    private static Result<IReadOnlyList<Flag>> Flags(IEnumerable<Flag> flags) => flags.ToList();

    private static bool Born(string id, string date) => Identifiers.BirthDay(Bytes(id.Trim())) is not { } day || Moment(date) is not { } told || (told.Date - DateTime.UnixEpoch).Days == day;

    /// <summary>The day of birth, written as the cell is.</summary>
    private static string? Birth(string id, string like) =>
        Moments.FirstOrDefault(m => DateTime.TryParseExact(like, m, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) is { } form
            ? DateTime.UnixEpoch.AddDays(Identifiers.BirthDay(Bytes(id.Trim()))!.Value).ToString(form, CultureInfo.InvariantCulture) : null;

    private static bool SexFits(Rule rule, string id, string sex) => Identifiers.Sex(Bytes(id.Trim())) is not { } told || sex != rule.Values[told == 1 ? 1 : 0];

    /// <summary>Numbers as numbers, dates as dates, everything else by its characters. What is of another sort than the bound is not judged here.</summary>
    internal static bool Compared(string left, Comparison sign, string right)
    {
        int order;
        if (Number(left) is { } a && Number(right) is { } b)
        {
            order = a.CompareTo(b);
        }
        else if (Moment(left) is { } c && Moment(right) is { } d)
        {
            order = c.CompareTo(d);
        }
        else if (sign is Comparison.Equal or Comparison.NotEqual)
        {
            order = string.CompareOrdinal(left, right);
        }
        else
        {
            return true;
        }

        return sign switch
        {
            Comparison.Equal => order == 0,
            Comparison.NotEqual => order != 0,
            Comparison.Less => order < 0,
            Comparison.AtMost => order <= 0,
            Comparison.More => order > 0,
            _ => order >= 0,
        };
    }

    internal static DateTime? Moment(string text) => DateTime.TryParseExact(text.Trim(), Moments, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment : null;

    internal static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
