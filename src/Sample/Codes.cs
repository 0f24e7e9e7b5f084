// Identifiers with right check characters and a division prefix that does not exist, so that none can belong to anybody.
namespace Lizhou.Sample;

internal static class Codes
{
    private const string CreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    private static ReadOnlySpan<byte> NumberWeights => [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    private static ReadOnlySpan<byte> CreditWeights => [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

    private static ReadOnlySpan<byte> OrganisationWeights => [3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>GB 11643: prefix, birthday, sequence (odd for a man), check character.</summary>
    public static void IdNumber(Span<char> into, string prefix, DateOnly born, int sequence)
    {
        prefix.CopyTo(into);
        Digits(into[6..10], born.Year);
        Digits(into[10..12], born.Month);
        Digits(into[12..14], born.Day);
        Digits(into[14..17], sequence);
        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            sum += (into[i] - '0') * NumberWeights[i];
        }

        into[17] = "10X98765432"[sum % 11];
    }

    /// <summary>GB 32100 around a GB 11714 organisation code: authority and kind (two characters), prefix, the number in the alphabet, both check characters.</summary>
    public static void CreditCode(Span<char> into, string authority, string prefix, long number)
    {
        authority.CopyTo(into);
        prefix.CopyTo(into[2..]);
        "MA".CopyTo(into[8..]);
        for (var i = 15; i >= 10; i--)
        {
            into[i] = CreditAlphabet[(int)(number % 31)];
            number /= 31;
        }

        var sum = 0;
        for (var i = 0; i < 8; i++)
        {
            // GB 11714 counts A as 10 … Z as 35, with I, O, S, V and Z in between.
            var c = into[8 + i];
            sum += (c <= '9' ? c - '0' : c - 'A' + 10) * OrganisationWeights[i];
        }

        into[16] = "0X987654321"[sum % 11];
        sum = 0;
        for (var i = 0; i < 17; i++)
        {
            sum += CreditAlphabet.IndexOf(into[i], StringComparison.Ordinal) * CreditWeights[i];
        }

        into[17] = CreditAlphabet[(31 - (sum % 31)) % 31];
    }

    public static string CreditCode(string authority, string prefix, long number) =>
        string.Create(18, (authority, prefix, number), (span, of) => CreditCode(span, of.authority, of.prefix, of.number));

    public static void Digits(Span<char> into, long value)
    {
        for (var i = into.Length - 1; i >= 0; i--)
        {
            into[i] = (char)('0' + (value % 10));
            value /= 10;
        }
    }
}
