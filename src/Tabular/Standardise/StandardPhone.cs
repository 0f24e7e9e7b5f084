// Telephone numbers to one form: mobile 13812345678, fixed 0579-87101234 with an extension behind a further hyphen. Two numbers in a cell, or one that can be none, stay.
using System.Text.RegularExpressions;

namespace Lizhou.Tabular;

internal static partial class StandardPhone
{
    private static readonly Text One = new("电话号码统一写法", "the number in its one form");

    public static bool IsArea(string area) => Area().IsMatch(area);

    /// <param name="area">The area code of numbers without one; empty: they stay.</param>
    public static Standardised Of(string value, string area)
    {
        var text = StandardText.Trim(StandardText.Fold(value)).Replace('（', '(').Replace('）', ')');
        var (number, extension) = Extension().Match(text) is { Success: true } with ? (with.Groups[1].Value, "-" + with.Groups[2].Value) : (text, "");
        if (Canonical().Match(text) is { Success: true } already)
        {
            (number, extension) = (already.Groups[1].Value, already.Groups[2].Value);
        }

        if (number.Any(c => !char.IsAsciiDigit(c) && !"+-() \u00A0".Contains(c, StringComparison.Ordinal)))
        {
            return Standardised.Left(value, new("不是一个电话号码", "not one telephone number"));
        }

        var digits = string.Concat(number.Where(char.IsAsciiDigit));
        digits = number.StartsWith('+') && digits.StartsWith("86", StringComparison.Ordinal) ? digits[2..] : digits.StartsWith("0086", StringComparison.Ordinal) ? digits[4..]
            : digits.Length == 13 && digits.StartsWith("861", StringComparison.Ordinal) ? digits[2..] : digits;
        // Written for abroad, an area code has no leading nought.
        digits = number.StartsWith('+') && digits.Length is 10 or 11 && (digits[0] is >= '2' and <= '9' || (digits.Length == 10 && digits.StartsWith("10", StringComparison.Ordinal))) ? "0" + digits : digits;
        return Mobile().IsMatch(digits) && extension.Length == 0 ? StandardText.Done(value, digits, One)
            : Service().IsMatch(digits) && extension.Length == 0 ? StandardText.Done(value, digits, One)
            : Fixed().Match(digits) is { Success: true } far ? StandardText.Done(value, $"{far.Groups[1].Value}-{far.Groups[2].Value}{extension}", One)
            : Local().IsMatch(digits) && area.Length > 0 && number.All(c => c is not ('+' or '(')) ? new($"{area}-{digits}{extension}", true, new Text("补区号 {0}", "area code {0} put before it").With(area))
            : Standardised.Left(value, new("不是一个电话号码，或缺区号", "not one telephone number, or without its area code"));
    }

    [GeneratedRegex(@"\A0(?:10|2\d|[3-9]\d{2})\z", RegexOptions.NonBacktracking)]
    private static partial Regex Area();

    [GeneratedRegex(@"\A1[3-9]\d{9}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Mobile();

    [GeneratedRegex(@"\A[48]00\d{7}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Service();

    [GeneratedRegex(@"\A(010|02\d|0[3-9]\d{2})([2-8]\d{6,7})\z", RegexOptions.NonBacktracking)]
    private static partial Regex Fixed();

    [GeneratedRegex(@"\A[2-8]\d{6,7}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Local();

    [GeneratedRegex(@"\A(.{7,}?)\s*(?:转|分机|ext\.?|x|#)\s*(\d{1,6})\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Extension();

    [GeneratedRegex(@"\A(0\d{2,3}-\d{7,8})(-\d{1,6})\z", RegexOptions.NonBacktracking)]
    private static partial Regex Canonical();
}
