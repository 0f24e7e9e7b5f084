// Check digits of bank cards, over UTF-8 bytes. In: any bytes. Out: valid or not; never throws.
namespace Lizhou.Lake.Checks;

/// <summary>Numbers of bank cards: ISO/IEC 7812-1, whose last digit is Luhn's. That it passes does not prove that the card was ever issued.</summary>
public static class CardNumbers
{
    /// <summary>13 to 19 digits, the first not 0, whose Luhn sum is a multiple of ten. Blanks and hyphens are not taken off.</summary>
    public static bool IsBankCard(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 13 or > 19 || text[0] == '0')
        {
            return false;
        }

        int sum = 0, seen = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var digit = text[i] - '0';
            seen |= digit | (9 - digit);
            var weighted = ((text.Length - i) & 1) == 0 ? digit * 2 : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }

        return seen >= 0 && sum % 10 == 0;
    }
}
