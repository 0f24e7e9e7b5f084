// Forms of licence plates, over UTF-8 bytes. In: any bytes. Out: valid or not; never throws.
using System.Buffers;
using System.Text;

namespace Lizhou.Lake.Checks;

/// <summary>Licence plates of motor vehicles, GA 36: ordinary ones of seven characters, those of new-energy vehicles of eight, and those that end in 挂 学 警 港 澳.
/// Plates of embassies, of the armed police and of the army have their own rules and are not valid here.</summary>
public static class Plates
{
    private static readonly SearchValues<char> Provinces = SearchValues.Create("京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新");
    private static readonly SearchValues<char> Ends = SearchValues.Create("挂学警港澳");

    public static bool IsPlate(ReadOnlySpan<byte> text)
    {
        Span<char> plate = stackalloc char[12];
        if (text.Length is < 9 or > 12 || !Encoding.UTF8.TryGetChars(text, plate, out var length) || length is not (7 or 8))
        {
            return false;
        }

        plate = plate[..length];
        if (!Provinces.Contains(plate[0]) || !IsLetter(plate[1]))
        {
            return false;
        }

        var serial = plate[2..];
        return length == 8 ? IsNewEnergy(serial) : AreSigns(serial[..4]) && (IsSign(serial[4]) || Ends.Contains(serial[4])) && serial.IndexOfAnyInRange('0', '9') >= 0;
    }

    /// <summary>Small vehicles: a letter of their kind, a letter or digit, four digits; large ones: five digits and the letter.</summary>
    private static bool IsNewEnergy(ReadOnlySpan<char> serial) =>
        (IsKind(serial[0]) && IsSign(serial[1]) && AreDigits(serial[2..])) || (AreDigits(serial[..5]) && IsKind(serial[5]));

    private static bool IsKind(char c) => c is >= 'A' and <= 'K' and not 'I';

    private static bool IsLetter(char c) => c is >= 'A' and <= 'Z' and not 'I';

    /// <summary>I and O are left out of serials: they look like 1 and 0.</summary>
    private static bool IsSign(char c) => c is (>= '0' and <= '9') or (>= 'A' and <= 'Z' and not 'I' and not 'O');

    private static bool AreSigns(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!IsSign(c))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreDigits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;
}
