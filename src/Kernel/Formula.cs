// Cells that a spreadsheet would run, made harmless; and back again, so that a round trip gives the value it began with.
namespace Lizhou.Kernel;

/// <summary>A leading apostrophe keeps a cell from being run as a formula.</summary>
public static class Formula
{
    private const char Guard = '\'';

    private static readonly System.Buffers.SearchValues<char> Digits = System.Buffers.SearchValues.Create("0123456789.");

    /// <summary>Whether a spreadsheet could run this text: <c>= + - @</c>, TAB or CR first, also after blanks and in full-width form. Plain numbers are not formulas.</summary>
    public static bool IsRisky(string text)
    {
        var rest = text.AsSpan();
        while (rest.Length > 0 && (char.IsWhiteSpace(rest[0]) || rest[0] is '\uFEFF' or '\u200B' or '\0'))
        {
            if (rest[0] is '\t' or '\r' or '\n')
            {
                return true;
            }

            rest = rest[1..];
        }

        if (rest.IsEmpty || rest[0] is not ('=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠' or '﹢' or '﹣' or '﹦' or '﹫' or '|' or '%'))
        {
            return false;
        }

        return !(rest[0] is '-' or '+' && rest.Length == text.Length && rest.Length > 1 && !rest[1..].ContainsAnyExcept(Digits));
    }

    /// <summary>The text as it may stand in a file that a spreadsheet opens.</summary>
    public static string Neutralise(string text) => IsRisky(text) || NeedsGuard(text) ? Guard + text : text;

    /// <summary>The value that <see cref="Neutralise"/> was given.</summary>
    public static string Restore(string text) => text.Length > 0 && text[0] == Guard && (IsRisky(text[1..]) || NeedsGuard(text[1..])) ? text[1..] : text;

    // A value that begins with the guard and then something risky must be told from a guarded one.
    private static bool NeedsGuard(string text) => text.Length > 0 && text[0] == Guard && (IsRisky(text[1..]) || NeedsGuard(text[1..]));
}
