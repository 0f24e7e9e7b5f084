// In: the words of a report. Out: the same without what may name a person – numbers of five digits and more (telephones, identities, cards, plates), addresses of mail – in small letters, cut to what is learned from.
using System.Text;
using System.Text.RegularExpressions;

namespace Lizhou.Cases.Recommending;

internal static partial class PlainWords
{
    /// <summary>A report tells what it is about at its beginning; more makes the memory of learning depend on who writes much.</summary>
    public const int Longest = 300;

    public static string Of(string words)
    {
        var few = string.Concat(words.EnumerateRunes().Take(2 * Longest).Select(Narrow));
        var plain = Number().Replace(Mail().Replace(few, " "), " ").Trim().ToLowerInvariant();
        return plain.Length > Longest ? plain[..Longest] : plain;
    }

    /// <summary>Letters, digits and signs of double width as the usual ones; it needs no tables of the system.</summary>
    private static Rune Narrow(Rune wide) => wide.Value is >= 0xFF01 and <= 0xFF5E ? new(wide.Value - 0xFEE0) : wide.Value == 0x3000 ? new(' ') : wide;

    [GeneratedRegex(@"[0-9](?:[-\s()]?[0-9]){4,}[Xx]?|\p{IsCJKUnifiedIdeographs}[A-Za-z]·?[A-Za-z0-9]{5,6}", RegexOptions.None, 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"[^\s@]{1,64}@[^\s@]{1,255}", RegexOptions.None, 1000)]
    private static partial Regex Mail();
}
