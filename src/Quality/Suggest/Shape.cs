// The coarse form of a value: runs of digits, of letters and of blanks as one sign each, other characters as they stand.
using System.Text;
using System.Text.RegularExpressions;

namespace Lizhou.Quality.Suggest;

internal static class Shape
{
    private const int Most = 80;

    public static string Of(string value)
    {
        var form = new StringBuilder();
        foreach (var c in value.AsSpan(0, Math.Min(value.Length, Most)))
        {
            var sign = Sign(c);
            if (form.Length == 0 || form[^1] != sign || sign is not ('9' or 'a' or '字' or ' '))
            {
                form.Append(sign);
            }
        }

        return form.ToString();
    }

    /// <summary>An expression, of RE2's and .NET's common syntax, for all values of a form.</summary>
    public static string Pattern(string form) => string.Concat(form.Select(c => c switch
    {
        '9' => "[0-9]+",
        'a' => "[A-Za-z]+",
        '字' => @"\p{L}+",
        ' ' => " +",
        '.' or '+' or '*' or '?' or '(' or ')' or '[' or ']' or '{' or '}' or '|' or '^' or '$' or '\\' => $"\\{c}",
        _ => $"{c}",
    }));

    /// <summary>The only part of a value that has this form, standing between characters of other classes; null when there is none or more than one. A half of the day
    /// written short (<c>7:14aDec 1</c>) is written out.</summary>
    public static string? Within(string value, string form)
    {
        var found = Find(value, form);
        if (found is null && form == "9:9 a.a.")
        {
            return Regex.Match(value, @"(?<![0-9:])([0-9]{1,2}:[0-9]{2}) ?([ap])(?![a-z])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)) is { Success: true } time
                || (time = Regex.Match(value, @"(?<![0-9:])([0-9]{1,2}:[0-9]{2}) ?([ap])", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))).Success
                ? $"{time.Groups[1].Value} {char.ToLowerInvariant(time.Groups[2].Value[0])}.m." : null;
        }

        return found;
    }

    private static string? Find(string value, string form)
    {
        var pattern = new Regex(@"(?<![0-9A-Za-z:])" + Pattern(form) + @"(?![0-9:])", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        var found = pattern.Matches(value);
        return found.Count == 1 ? found[0].Value : null;
    }

    private static char Sign(char c) =>
        char.IsDigit(c) ? '9' : char.IsAsciiLetter(c) ? 'a' : char.IsLetter(c) || char.IsSurrogate(c) ? '字' : char.IsWhiteSpace(c) ? ' ' : c;
}
