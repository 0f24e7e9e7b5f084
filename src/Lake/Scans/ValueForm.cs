// In: a value. Out: its form: classes of characters instead of characters.
using System.Text;

namespace Lizhou.Lake;

/// <summary>The form of a value: <c>9</c> a digit, <c>a</c> and <c>A</c> letters, <c>字</c> a character of any other script, the rest as it stands; what repeats is written once with a <c>+</c>.</summary>
public static class ValueForm
{
    private const int MostCharacters = 64;

    /// <summary>The form with the lengths of runs left out: <c>330784-12</c> is <c>9+-9+</c>.</summary>
    public static string Of(string value)
    {
        var form = new StringBuilder();
        var last = '\0';
        foreach (var c in value.AsSpan(0, Math.Min(value.Length, MostCharacters)))
        {
            var now = Class(c);
            if (now != last)
            {
                form.Append(now);
            }
            else if (form[^1] != '+' || now == '+')
            {
                form.Append('+');
            }

            last = now;
        }

        return form.ToString();
    }

    /// <summary>The form with every character: <c>330784-12</c> is <c>999999-99</c>.</summary>
    public static string Exact(string value) => string.Create(value.Length, value, (into, from) =>
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = Class(from[i]);
        }
    });

    /// <summary>A form as it is shown: the sign for other scripts, which no form has for another reason, is <c>C</c> in English.</summary>
    public static Lizhou.Kernel.Text Called(string form) => new(form, form.Replace('字', 'C'));

    private static char Class(char c) =>
        char.IsDigit(c) ? '9' : char.IsAsciiLetterLower(c) ? 'a' : char.IsAsciiLetterUpper(c) ? 'A' : char.IsLetter(c) || char.IsSurrogate(c) ? '字' : c;
}
