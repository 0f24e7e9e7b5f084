// In: a regular expression for an item's values. Out: null when both .NET's linear matcher and RE2 (the engine) read it alike, else what is wrong.
using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Lizhou.Kernel;

namespace Lizhou.Contracts.Catalog;

/// <summary>Formats of values (RE2).</summary>
public static partial class ValueFormat
{
    private const int Longest = 500;
    private const int MostRepeats = 1000;
    private const int MostKnown = 4096;
    private static readonly ConcurrentDictionary<string, Text?> Known = new(StringComparer.Ordinal);

    /// <summary>What is wrong with a regular expression that an item's or an element's whole value is to match; null when nothing is.</summary>
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

        if (Foreign(pattern) is { } foreign)
        {
            return new Text("格式中的“{0}”引擎不支持", "The engine has no {0} in a format").With(foreign);
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
            return new Text("格式不是可用的正则表达式：{0}", "The format is not a usable regular expression: {0}").With(PatternWords.Of(refused));
        }
    }

    /// <summary>The first thing that .NET reads and RE2 does not, or reads differently; null when there is none.</summary>
    private static string? Foreign(string pattern)
    {
        var inClass = false;
        for (var at = 0; at < pattern.Length; at++)
        {
            var rest = pattern[at..];
            if (rest[0] == '\\')
            {
                if (rest.Length == 1 || Escape(rest, inClass))
                {
                    return rest[..Math.Min(2, rest.Length)];
                }

                at++;
            }
            else if (inClass)
            {
                // A bracket inside a class begins a subtraction in .NET and a named class in RE2.
                if (rest[0] == '[')
                {
                    return "[";
                }

                inClass = rest[0] != ']';
            }
            else if (Odd().Match(rest) is { Success: true } match)
            {
                return match.Value;
            }
            else
            {
                inClass = rest[0] == '[';
            }
        }

        return null;
    }

    private static bool Escape(string rest, bool inClass) => rest[1] switch
    {
        'd' or 'D' or 'w' or 'W' or 's' or 'S' or 't' or 'n' or 'r' or 'f' => false,
        'b' or 'B' => inClass,
        'p' or 'P' => !Category().IsMatch(rest),
        var c => !char.IsAscii(c) || char.IsAsciiLetterOrDigit(c),
    };

    // Groups other than plain and (?:, empty classes, repeats of repeats.
    [GeneratedRegex(@"\A(?:\(\?[^:]|\[\^?\]|[*+?}][*+]|\{,)", RegexOptions.NonBacktracking)]
    private static partial Regex Odd();

    [GeneratedRegex(@"\A\\[pP]\{[A-Z][a-z]?\}", RegexOptions.NonBacktracking)]
    private static partial Regex Category();

    [GeneratedRegex(@"\{([0-9]+)(?:,([0-9]*))?\}", RegexOptions.NonBacktracking)]
    private static partial Regex Repeat();
}
