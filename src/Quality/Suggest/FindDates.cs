// Columns that are nearly all days: what looks like a day and is none of the calendar, and days written otherwise than the others, told as the treatment of dates reads them.
using System.Globalization;
using System.Text.RegularExpressions;
using Lizhou.Kernel;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;
using Lizhou.Tabular;

namespace Lizhou.Quality.Suggest;

internal static partial class FindDates
{
    private const int LeastRows = 20;
    private const double NearlyAll = 0.9;
    private const double Usual = 0.8;
    private const string Plain = "yyyy-MM-dd";
    private const string Digits = "yyyyMMdd";

    /// <summary>The stricter ones first: what they read, the later ones read too.</summary>
    private static readonly string[] Formats = [Plain, "yyyy/MM/dd", "yyyy.MM.dd", Digits, "yyyy年MM月dd日", "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日"];

    private static readonly Func<string, Standardised> Treated = Treatment.By(TreatmentKind.Date, "");

    public static IEnumerable<Suggestion> Run(Grid grid)
    {
        foreach (var column in grid.Columns)
        {
            var values = column.All().Where(v => !MissingWords.Contains(v.Text)).ToList();
            var filled = values.Sum(v => v.Count);
            // Most columns hold no days: a few values tell.
            if (filled < LeastRows || values.Take(LeastRows).Count(v => LooksLike(v.Text)) < LeastRows / 4)
            {
                continue;
            }

            var form = Formats.Select(f => (Format: f, Count: values.Where(v => Is(v.Text, f)).Sum(v => v.Count))).MaxBy(f => f.Count);
            var usual = form.Count >= Usual * filled ? form.Format : null;
            var days = values.Where(v => (usual is not null && Is(v.Text, usual)) || Exists(v.Text, usual)).Sum(v => v.Count);
            if (days < NearlyAll * filled)
            {
                continue;
            }

            var none = values.Where(v => LooksLike(v.Text) && (usual == Digits || v.Text.Trim().Length != 8 || !v.Text.Trim().All(char.IsAsciiDigit)) && !Exists(v.Text, usual)).ToList();
            if (none.Count > 0)
            {
                yield return Found($"{column.Name} days", column, none.ToDictionary(v => v.Text, v => v.Text, StringComparer.Ordinal), new("日历上没有这一天", "the calendar has no such day"), 0.95, days / (double)filled, filled, new Text(
                    "{0:P1} 的值是日期，{1} 个值写得像日期，日历上却没有。", "{0:P1} of the values are days; {1} look like one that the calendar does not have.").With(days / (double)filled, none.Sum(v => v.Count)));
            }

            var other = usual is null ? [] : values.Where(v => !Is(v.Text.Trim(), usual)).Select(v => (v.Text, v.Count, Right: As(v.Text, usual))).Where(v => v.Right is not null).ToList();
            if (other.Count > 0)
            {
                yield return Found($"{column.Name} dates", column, other.ToDictionary(v => v.Text, v => v.Right!, StringComparer.Ordinal), new("日期的写法与该列其他值不同", "the day is written otherwise than the column's others"), 0.93, form.Count / (double)filled, filled, new Text(
                    "{0:P1} 的日期写作 {1}，{2} 个写法不同而可以读出。", "{0:P1} of the days are written {1}; {2} otherwise, and can be read.").With(form.Count / (double)filled, usual, other.Sum(v => v.Count)));
            }
        }
    }

    private static bool Is(string text, string format) => DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.ToString(format, CultureInfo.InvariantCulture) == text;

    /// <summary>The day in the column's form; null where the treatment reads none.</summary>
    private static string? As(string text, string format) =>
        Treated(text) is { Known: true } read && DateTime.TryParseExact(read.Value, Plain, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day.ToString(format, CultureInfo.InvariantCulture) : null;

    private static bool LooksLike(string text) => Written().IsMatch(text.Trim());

    /// <summary>Whether it is a day, with or without a time of day. A bare number is one only where the column's others are days.</summary>
    private static bool Exists(string text, string? usual) =>
        Written().Match(text.Trim()) is { Success: true } m ? Calendar(m) : usual is not null && Treated(text).Known;

    private static bool Calendar(Match written)
    {
        int Of(string part) => int.Parse(written.Groups[part].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        var (year, month, day) = (Of("y"), Of("m"), Of("d"));
        return year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
    }

    private static Suggestion Found(string name, GridColumn column, Dictionary<string, string> mend, Text reason, double confidence, double support, int witnesses, Text why) =>
        new(new Rule(name, RuleKind.Slip, [column.Name], Dimension.Conformity, Severity.Ordinary, reason) { Mend = mend }, confidence, support, witnesses, why);

    [GeneratedRegex(@"\A(?:(?<y>[0-9]{4})(?:-(?<m>[0-9]{1,2})-|/(?<m>[0-9]{1,2})/|\.(?<m>[0-9]{1,2})\.|年(?<m>[0-9]{1,2})月)(?<d>[0-9]{1,2})日?(?:[ T].*)?|(?<y>[0-9]{4})(?<m>[0-9]{2})(?<d>[0-9]{2}))\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Written();
}
