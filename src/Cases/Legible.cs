// In: what somebody wrote of a case. Out: whether it can be kept and shown: one rule for all ways in. Control characters of ASCII are refused, as no screen shows them and PostgreSQL cannot hold them all; ends of lines and tabs are none,
// nor are U+0080 to U+009F, which stand in real reports where a sender mistook one encoding for another.
using System.Text.RegularExpressions;
using Lizhou.Kernel;

namespace Lizhou.Cases;

internal static partial class Legible
{
    public static readonly Text Fault = new("含有不可见的控制字符", "has control characters, which no screen shows");
    public static readonly Text NoPhone = new("须为电话号码：数字、空格和 + - ( )，5 至 20 个字符", "is a telephone number: digits, spaces and + - ( ), 5 to 20 characters");
    public static readonly Text NoMail = new("须为邮箱地址，不超过 100 字", "is an address of mail of at most 100 characters");

    public static bool Is(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (text is not null && text.Any(c => c is (< ' ' and not ('\n' or '\r' or '\t')) or '\u007f'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Empty is none, and none need be told.</summary>
    public static bool IsPhone(string? text) => string.IsNullOrWhiteSpace(text) || (text.Trim().Length is >= 5 and <= 20 && Phone().IsMatch(text.Trim()) && text.Count(char.IsAsciiDigit) >= 5);

    public static bool IsMail(string? text) => string.IsNullOrWhiteSpace(text) || (text.Trim().Length <= 100 && Mail().IsMatch(text.Trim()));

    [GeneratedRegex(@"^[0-9 +\-()]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Phone();

    [GeneratedRegex(@"^[^\s@<>""']+@[^\s@<>""']+$", RegexOptions.NonBacktracking)]
    private static partial Regex Mail();
}
