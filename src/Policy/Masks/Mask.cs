// In: a value of a sensitive item. Out: enough of it to recognise, not enough to use. Never longer than the value's own information.
using System.Globalization;
using Lizhou.Contracts.Catalog;

namespace Lizhou.Policy.Masks;

internal static class Mask
{
    /// <summary>
    /// The partial mask. By kind: id number 330784********1234, mobile phone 138****5678, a person's name 张*, other text its first character;
    /// a date keeps its year; numbers and truth values are hidden.
    /// </summary>
    /// <returns>Null for null: an absent value is no secret.</returns>
    public static object? Partial(ItemCard item, object? value) => value switch
    {
        null => null,
        string text => Text(item, text),
        DateOnly date => date.Year.ToString(CultureInfo.InvariantCulture) + "-**-**",
        DateTime moment => moment.Year.ToString(CultureInfo.InvariantCulture) + "-**-**",
        DateTimeOffset moment => moment.Year.ToString(CultureInfo.InvariantCulture) + "-**-**",
        _ => "***",
    };

    public static string Text(ItemCard item, string text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        var runes = text.EnumerateRunes().ToArray();
        return (item.Check, runes.Length) switch
        {
            (CheckCharacter.IdNumber, 18) => Keep(runes, 6, 4),
            (CheckCharacter.CreditCode, 18) => Keep(runes, 4, 4),
            (_, 18) when runes.Take(17).All(IsDigit) => Keep(runes, 6, 4),
            (_, 11) when runes.All(IsDigit) => Keep(runes, 3, 4),
            (_, 1) => "*",
            (_, <= 4) => Keep(runes, 1, 0),
            _ => Keep(runes, 1, 0, stars: 4),
        };
    }

    private static bool IsDigit(System.Text.Rune rune) => rune.Value is >= '0' and <= '9';

    private static string Keep(System.Text.Rune[] runes, int head, int tail, int? stars = null) =>
        string.Concat(runes[..head]) + new string('*', stars ?? (runes.Length - head - tail)) + string.Concat(runes[(runes.Length - tail)..]);
}
