// In: a wished password and whose it is. Out: null, or what is wrong with it.
using Lizhou.Kernel;

namespace Lizhou.Identity;

internal static class PasswordRules
{
    /// <summary>An older one must be changed at the next sign-in (等保 8.1.4.1).</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    /// <summary>So many of the last ones do not come back, the current one included.</summary>
    internal const int Remembered = 5;

    private const int Shortest = 10;
    private const int Longest = 128;

    // Of 0 to 4: from here on guessing takes 10^10 tries and more.
    private const int Safe = 3;

    // The estimate takes time with the square of the length; what is no secret in so many characters is none in more.
    private const int Estimated = 48;

    // What people here take when they must take something. Compared after undoing the usual replacements and cutting digits and signs off both ends, or out of it all.
    private static readonly HashSet<string> Common =
    [
        "password", "passw0rd", "passwd", "qwerty", "qwertyuiop", "qwer", "asdfghjkl", "asdf", "zxcvbnm", "qazwsx", "qazwsxedc", "iloveyou", "woaini", "admin",
        "administrator", "root", "letmein", "welcome", "monkey", "dragon", "abc", "abcd", "abcde", "abcdef", "abcdefg", "aa", "a", "aaa", "test", "user", "guest",
        "master", "login", "hello", "secret", "changeme", "default", "system", "sysadmin", "manager", "server", "huawei", "china", "zhongguo", "beijing", "zhejiang",
        "yongkang", "lizhou", "mima", "dashuju", "dsj", "gov", "zwfw", "p", "pass", "q", "qw", "zaq", "xsw", "wsx", "edc", "love", "sunshine", "princess", "football",
    ];

    /// <param name="unit">Name of the unit; null where there is none.</param>
    public static Problem? Fault(string? password, string login, string name, string? unit = null)
    {
        if (password is null || password.Length < Shortest)
        {
            return Weak(new("不足 10 个字符。", "shorter than 10 characters."));
        }

        if (password.Length > Longest)
        {
            return Weak(new("超过 128 个字符。", "longer than 128 characters."));
        }

        if (Kinds(password) < 3)
        {
            return Weak(new("大写、小写、数字、符号中不足三类。", "fewer than three kinds of characters."));
        }

        if (Contains(password, login, 3) || Contains(password, name, 2))
        {
            return Weak(new("包含账号或姓名。", "it contains the login or the name."));
        }

        return IsCommon(password) || IsGuessed(password, [login, name, unit ?? ""]) ? Weak(new("太容易被猜到。", "it is too easily guessed.")) : null;
    }

    internal static bool IsCommon(string password)
    {
        var core = password.Trim("0123456789!@#$%^&*()-_=+.,;:~ ".ToCharArray()).ToLowerInvariant();
        return Common.Contains(core) || Common.Contains(string.Concat(password.Where(char.IsLetter)).ToLowerInvariant()) || Common.Contains(Unmask(core)) || password.Distinct().Count() < 5;
    }

    /// <summary>By the common passwords, words and names of the library, dates, rows of keys, and what is known of the person.</summary>
    private static bool IsGuessed(string password, IEnumerable<string> known) =>
        Zxcvbn.Zxcvbn.MatchPassword(password[..Math.Min(password.Length, Estimated)], known.Concat(Common).Where(k => k.Length > 1).Select(k => k.ToLowerInvariant())).Score < Safe;

    private static string Unmask(string text) => text.Replace('0', 'o').Replace('1', 'i').Replace('3', 'e').Replace('4', 'a').Replace('@', 'a').Replace('$', 's').Replace('5', 's');

    private static int Kinds(string password) =>
        (password.Any(char.IsAsciiLetterUpper) ? 1 : 0) + (password.Any(char.IsAsciiLetterLower) ? 1 : 0) + (password.Any(char.IsAsciiDigit) ? 1 : 0)
        + (password.Any(c => !char.IsAsciiLetterOrDigit(c)) ? 1 : 0);

    private static bool Contains(string password, string part, int shortest) =>
        part.Length >= shortest && password.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static Problem Weak(Text why) => Problems.WeakPassword with
    {
        What = new(string.Format(null, Problems.WeakPassword.What.Zh, why.Zh), string.Format(null, Problems.WeakPassword.What.En, why.En)),
    };
}
