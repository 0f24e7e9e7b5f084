// In: what the engine says of a column it does not find, the statement, the tables as their reader sees them. Out: words that name the column and those like it.
// Named is only what the statement itself wrote; offered are only columns the reader is shown: what they may not see stays as unknown as before.
using System.Text.RegularExpressions;
using Lizhou.Kernel;
using Lizhou.Policy.Views;

namespace Lizhou.Policy.UserSql;

internal static partial class WrongName
{
    private const int MostShown = 20;
    private const int MostLike = 5;

    /// <summary>Null when the engine speaks of something else.</summary>
    public static Text? Of(string? said, string sql, IEnumerable<View> views)
    {
        if (said is null || Unfound().Match(said) is not { Success: true } match || match.Groups["name"].Value is not { Length: > 0 } name || !sql.Contains(name, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var seen = views.SelectMany(v => v.Items).Select(i => i.Item.Column).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        string[] like = [.. seen.Select(c => (Column: c, Far: Distance(c, name))).Where(c => c.Far <= Math.Max(2, name.Length / 3)).OrderBy(c => c.Far).Take(MostLike).Select(c => c.Column)];
        return like.Length > 0
            ? new Text("没有列“{0}”，相近的有 {1}", "there is no column “{0}”; like it: {1}").With(name, string.Join(", ", like))
            : new Text("没有列“{0}”，可用的有 {1}", "there is no column “{0}”; there are {1}").With(name, string.Join(", ", seen.Take(MostShown)) + (seen.Count > MostShown ? " …" : ""));
    }

    /// <summary>How many letters are to be changed, put in or taken out, whatever their case.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var (before, _) = (row[0], row[0] = i);
            for (var j = 1; j <= other.Length; j++)
            {
                var same = char.ToLowerInvariant(one[i - 1]) == char.ToLowerInvariant(other[j - 1]) ? 0 : 1;
                (before, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, before + same));
            }
        }

        return row[^1];
    }

    [GeneratedRegex("(?:Referenced column|does not have a column named) \"(?<name>[^\"]{1,200})\"", RegexOptions.None, 1000)]
    private static partial Regex Unfound();
}
