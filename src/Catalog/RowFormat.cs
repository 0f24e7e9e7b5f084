// In: a regular expression for an item's values. Out: null when both .NET's linear matcher and RE2 (the engine) read it alike, else what is wrong.
using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal static partial class RowFormat
{
    private const int Longest = 500;
    private const int MostRepeats = 1000;
    private const int MostKnown = 4096;
    private static readonly ConcurrentDictionary<string, Text?> Known = new(StringComparer.Ordinal);

    public static Text? Fault(string pattern)
    {
        if (Known.TryGetValue(pattern, out var known))
        {
            return known;
        }

        var fault = Look(pattern);
        if (Known.Count < MostKnown)
        {
            Known[pattern] = fault;
        }

        return fault;
    }

    private static Text? Look(string pattern)
    {
        if (pattern.Length > Longest)
        {
            return new Text("格式不得超过 {0} 个字符", "A format has at most {0} characters").With(Longest);
        }

        if (Foreign().Match(pattern) is { Success: true } foreign)
        {
            return new Text("格式中的“{0}”引擎不支持", "The engine has no {0} in a format").With(foreign.Value);
        }

        if (Repeat().Matches(pattern).Any(m => m.Groups.Values.Skip(1).Any(g => g.Length > 4 || (g.Success && int.Parse(g.Value) > MostRepeats))))
        {
            return new Text("重复次数不得超过 {0}", "A repeat goes up to {0}").With(MostRepeats);
        }

        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return null;
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            return new Text("格式不是可用的正则表达式：{0}", "The format is not a usable regular expression: {0}").With(refused.Message);
        }
    }

    // What .NET reads and RE2 does not, or reads differently: groups other than plain and (?:), class subtraction, blocks, odd escapes and nested repeats.
    [GeneratedRegex(@"\(\?[^:]|-\[|\[\^?\]|\[\[|\\p\{Is\w*\}|\\[cexuGZAQEKkXRN]|\\[0-9]|[*+?}][*+]|\{,", RegexOptions.NonBacktracking)]
    private static partial Regex Foreign();

    [GeneratedRegex(@"\{([0-9]+)(?:,([0-9]*))?\}", RegexOptions.NonBacktracking)]
    private static partial Regex Repeat();
}
