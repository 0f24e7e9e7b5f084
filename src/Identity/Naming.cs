// In: a login or a person's name. Out: whether an account takes it, and whether two names are one. One rule for set-up, new and changed accounts.
// What no screen shows (control characters, zero width, marks that turn the direction) is no part of a name: two people would look like one, or one count as two.
using System.Globalization;
using System.Text;
using Lizhou.Kernel;

namespace Lizhou.Identity;

internal static class Naming
{
    public static readonly Text NoLogin = new("账号应为 3–40 位字母、数字或 -_.。", "must be 3–40 Latin letters, digits or -_.");
    public static readonly Text NoName = new("姓名必填，不超过 40 个字，不含不可见字符。", "is required, at most 40 characters, none of them invisible.");

    // Letters and signs that are drawn as nothing: fillers of Hangul and Khmer, the joiner of graphemes, the empty pattern of braille.
    private const string Blank = "\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0";

    private const int Shortest = 3;
    private const int Longest = 40;

    public static bool IsLogin(string? login) =>
        login?.Trim() is { Length: >= Shortest and <= Longest } trimmed && trimmed.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    public static bool IsName(string? name) => name?.Trim() is { Length: > 0 and <= Longest } trimmed && !trimmed.EnumerateRunes().Any(IsInvisible);

    /// <summary>What names are compared by: without width, case, blanks, and variants of one character.</summary>
    public static string Folded(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes().Where(r => !Rune.IsWhiteSpace(r) && !IsInvisible(r) && !IsVariant(r)))
        {
            folded.Append(Rune.ToLowerInvariant(Narrow(rune)).ToString());
        }

        return folded.ToString();
    }

    private static bool IsInvisible(Rune rune) =>
        rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || (rune.IsBmp && Blank.Contains((char)rune.Value, StringComparison.Ordinal));

    // The program runs without the tables of normalisation (invariant globalisation), so the full-width forms of ASCII are told here.
    private static Rune Narrow(Rune rune) => rune.Value is >= 0xFF01 and <= 0xFF5E ? new(rune.Value - 0xFEE0) : rune;

    private static bool IsVariant(Rune rune) => rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);
}
