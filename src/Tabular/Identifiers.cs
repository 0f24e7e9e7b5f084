// Check characters of the two identifiers every department sends, over UTF-8 bytes. In: any bytes. Out: valid or not; never throws.
using System.Buffers.Binary;

namespace Lizhou.Tabular;

/// <summary>GB 11643 citizen numbers and GB 32100 unified social credit codes. A valid check character does not prove that the number was ever issued.</summary>
public static class Identifiers
{
    private const string CreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private const byte None = 0xFF;

    private static readonly byte[] CreditIndex = IndexOf(CreditAlphabet);
    private static readonly byte[] OrganisationIndex = IndexOf("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static ReadOnlySpan<byte> NumberWeights => [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    private static ReadOnlySpan<byte> CreditWeights => [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

    private static ReadOnlySpan<byte> OrganisationWeights => [3, 7, 9, 10, 5, 8, 4, 2];

    private static ReadOnlySpan<byte> DaysInMonth => [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// <summary>GB 11643: 18 characters, six digits of division (historic ones pass), a day of the calendar from the year 1800 on,
    /// three digits, and the ISO 7064 MOD 11-2 check character (<c>x</c> in either case). The 15-digit numbers of before 1999 are not valid.</summary>
    public static bool IsIdNumber(ReadOnlySpan<byte> text)
    {
        if (text.Length != 18 || !AreDigits(text))
        {
            return false;
        }

        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            sum += (text[i] - '0') * NumberWeights[i];
        }

        var last = (text[17] | 0x20) == 'x' ? (byte)'X' : text[17];
        return last == "10X98765432"u8[sum % 11] && IsDay(text.Slice(6, 8));
    }

    /// <summary>GB 32100: 18 characters of its 31 (upper case, no I O S V Z), six digits of division at 3–8, a GB 11714 organisation code
    /// with its own check at 9–17, and the check character. A code issued by mistake fails; that is for a documented exception, not for this rule.</summary>
    public static bool IsCreditCode(ReadOnlySpan<byte> text)
    {
        if (text.Length != 18)
        {
            return false;
        }

        int sum = 0, seen = 0;
        for (var i = 0; i < 17; i++)
        {
            var index = CreditIndex[text[i]];
            seen |= index;
            sum += index * CreditWeights[i];
        }

        var last = CreditIndex[text[17]];
        return ((seen | last) & 0x80) == 0
            && last == (31 - (sum % 31)) % 31
            && AreDivision(text.Slice(2, 6))
            && IsOrganisationCode(text.Slice(8, 9));
    }

    /// <summary>GB 11714: eight digits or upper-case letters and a check character, without the hyphen.</summary>
    public static bool IsOrganisationCode(ReadOnlySpan<byte> text)
    {
        if (text.Length != 9)
        {
            return false;
        }

        int sum = 0, seen = 0;
        for (var i = 0; i < 8; i++)
        {
            var index = OrganisationIndex[text[i]];
            seen |= index;
            sum += index * OrganisationWeights[i];
        }

        return (seen & 0x80) == 0 && text[8] == "0X987654321"u8[sum % 11];
    }

    /// <summary>The day of birth that a valid GB 11643 number names, in days since 1970-01-01; null of any other text.</summary>
    public static int? BirthDay(ReadOnlySpan<byte> text) => IsIdNumber(text)
        ? new DateOnly((Two(text[6..]) * 100) + Two(text[8..]), Two(text[10..]), Two(text[12..])).DayNumber - 719_162
        : null;

    /// <summary>The sex that a valid GB 11643 number names, as GB/T 2261.1 codes it: 1 male (odd sequence), 2 female; null of any other text.</summary>
    public static int? Sex(ReadOnlySpan<byte> text) => IsIdNumber(text) ? (text[16] & 1) == 1 ? 1 : 2 : null;

    /// <summary>Seventeen digits, eight at a time: bytes 0–7, 8–15 and 9–16.</summary>
    private static bool AreDigits(ReadOnlySpan<byte> text) =>
        AreEight(BinaryPrimitives.ReadUInt64LittleEndian(text))
        && AreEight(BinaryPrimitives.ReadUInt64LittleEndian(text[8..]))
        && AreEight(BinaryPrimitives.ReadUInt64LittleEndian(text[9..]));

    private static bool AreEight(ulong bytes) =>
        ((bytes & 0xF0F0F0F0F0F0F0F0) | (((bytes + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) >> 4)) == 0x3333333333333333;

    private static bool AreDivision(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if ((uint)(b - '0') > 9)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsDay(ReadOnlySpan<byte> text)
    {
        int year = (Two(text) * 100) + Two(text[2..]), month = Two(text[4..]), day = Two(text[6..]);
        if (year < 1800 || (uint)(month - 1) > 11)
        {
            return false;
        }

        var days = DaysInMonth[month - 1] + (month == 2 && DateTime.IsLeapYear(year) ? 1 : 0);
        return (uint)(day - 1) < (uint)days;
    }

    private static int Two(ReadOnlySpan<byte> text) => ((text[0] - '0') * 10) + text[1] - '0';

    private static byte[] IndexOf(string alphabet)
    {
        var index = new byte[256];
        Array.Fill(index, None);
        for (var i = 0; i < alphabet.Length; i++)
        {
            index[alphabet[i]] = (byte)i;
        }

        return index;
    }
}
