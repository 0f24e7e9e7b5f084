// Forms of telephone numbers of the mainland's numbering plan, over UTF-8 bytes. In: any bytes. Out: valid or not; never throws.
namespace Lizhou.Lake.Checks;

/// <summary>Telephone numbers as departments write them. A number of the right form need not be in use.</summary>
public static class Phones
{
    /// <summary>Eleven digits that begin with 13 to 19; <c>86</c>, <c>+86</c> or <c>0086</c> may stand before them, with a hyphen or a blank between.</summary>
    public static bool IsMobile(ReadOnlySpan<byte> text)
    {
        text = WithoutCountry(text);
        return text.Length == 11 && text[0] == '1' && text[1] is >= (byte)'3' and <= (byte)'9' && AreDigits(text);
    }

    /// <summary>Area code (010, 02x, or 0 and three digits from 31 on) and seven or eight digits that begin with 2 to 8, joined, hyphened or with the area code in
    /// parentheses; then perhaps <c>-</c> or <c>转</c> and an extension of one to six digits. Also 400 and 800 numbers of ten digits, hyphened or not.
    /// Local numbers without an area code and short service numbers are not valid.</summary>
    public static bool IsFixed(ReadOnlySpan<byte> text)
    {
        text = WithoutExtension(WithoutCountry(text));
        Span<byte> digits = stackalloc byte[12];
        if (!Digits(text, digits, out var length))
        {
            return false;
        }

        var number = digits[..length];
        if (length == 10 && number[0] is (byte)'4' or (byte)'8')
        {
            return number[1] == '0' && number[2] == '0';
        }

        if (length < 10 || number[0] != '0')
        {
            return false;
        }

        var area = number[1] is (byte)'1' or (byte)'2' ? 3 : 4;
        var local = number[area..];
        return (area == 3 ? (number[1] == '2' || number[2] == '0') && local.Length == 8 : local.Length is 7 or 8)
            && local[0] is >= (byte)'2' and <= (byte)'8';
    }

    /// <summary>A mobile or a fixed number.</summary>
    public static bool IsPhone(ReadOnlySpan<byte> text) => IsMobile(text) || IsFixed(text);

    private static ReadOnlySpan<byte> WithoutCountry(ReadOnlySpan<byte> text)
    {
        var code = text.StartsWith("+86"u8) ? 3 : text.StartsWith("0086"u8) ? 4 : text.StartsWith("86"u8) && text.Length > 11 ? 2 : 0;
        return code > 0 && text.Length > code && text[code] is (byte)'-' or (byte)' ' ? text[(code + 1)..] : text[code..];
    }

    private static ReadOnlySpan<byte> WithoutExtension(ReadOnlySpan<byte> text)
    {
        var at = text.LastIndexOf("转"u8);
        var mark = at >= 0 ? 3 : 1;
        at = at >= 0 ? at : text.LastIndexOf((byte)'-');
        var extension = at < 0 ? default : text[(at + mark)..];
        return at >= 8 && extension.Length is >= 1 and <= 6 && AreDigits(extension) ? text[..at] : text;
    }

    /// <summary>The digits of an area code, one joint and a number; false where anything else stands.</summary>
    private static bool Digits(ReadOnlySpan<byte> text, Span<byte> digits, out int length)
    {
        length = 0;
        int joints = 0, open = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is >= (byte)'0' and <= (byte)'9' && length < digits.Length)
            {
                digits[length++] = c;
            }
            else if (c == '(' && i == 0)
            {
                open = 1;
            }
            else if ((c == ')' && open == 1 && length is 3 or 4) || (c is (byte)'-' or (byte)' ' && open == 0 && length is 3 or 4 or 6 && joints < 2))
            {
                (open, joints) = (c == ')' ? 2 : open, joints + 1);
            }
            else
            {
                return false;
            }
        }

        return open != 1 && (joints < 2 || digits[0] != '0');
    }

    private static bool AreDigits(ReadOnlySpan<byte> text) => text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
}
