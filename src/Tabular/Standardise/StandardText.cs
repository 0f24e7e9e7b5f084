// Width, blanks, case and names of persons.
using System.Text;

namespace Lizhou.Tabular;

internal static class StandardText
{
    private const string Dots = "•‧・．.·∙⋅";

    public static Standardised Width(string value) => Done(value, Fold(value), new("全角字母数字转半角", "full-width letters and digits to half width"));

    public static Standardised Spaces(string value) => Done(value, Squeeze(value), new("去除多余空白", "superfluous blanks taken off"));

    public static Standardised Upper(string value) => Done(value, value.ToUpperInvariant(), new("转大写", "to upper case"));

    public static Standardised Lower(string value) => Done(value, value.ToLowerInvariant(), new("转小写", "to lower case"));

    /// <summary>A name with digits or brackets carries more than a name: a person looks at it.</summary>
    public static Standardised Name(string value)
    {
        var name = Squeeze(Fold(value));
        if (name.Length == 0 || name.Any(c => char.IsDigit(c) || "()（）[]【】、,，;；/".Contains(c, StringComparison.Ordinal)))
        {
            return Standardised.Left(value, new("不只是姓名", "more than a name"));
        }

        var made = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            // Between Chinese characters any dot is the one dot of names; elsewhere it may end an initial.
            made.Append(Dots.Contains(name[i], StringComparison.Ordinal) && i > 0 && i < name.Length - 1 && IsHan(name[i - 1]) && IsHan(name[i + 1]) ? '·' : name[i]);
        }

        return Done(value, made.ToString(), new("姓名间隔点和空白统一", "dots and blanks of names made one"));
    }

    /// <summary>Full-width letters, digits and the signs of numbers and addresses as ASCII; Chinese commas, stops, colons and brackets are right as they are.</summary>
    public static string Fold(string value)
    {
        var made = value.ToCharArray();
        for (var i = 0; i < made.Length; i++)
        {
            made[i] = made[i] is var c && (c is >= '０' and <= '９' or >= 'Ａ' and <= 'Ｚ' or >= 'ａ' and <= 'ｚ' || "＋－．／＠＿＃％＆＊＝".Contains(c, StringComparison.Ordinal)) ? (char)(c - 0xFEE0) : c == '\u3000' ? ' ' : c;
        }

        return new(made);
    }

    public static string Trim(string value)
    {
        var (from, to) = (0, value.Length);
        while (from < to && IsBlank(value[from]))
        {
            from++;
        }

        while (to > from && IsBlank(value[to - 1]))
        {
            to--;
        }

        return value[from..to];
    }

    public static string Squeeze(string value)
    {
        var text = Trim(value);
        var made = new StringBuilder(text.Length);
        var blank = false;
        foreach (var c in text)
        {
            if (IsBlank(c))
            {
                blank = true;
                continue;
            }

            if (blank && !(IsHan(c) && IsHan(made[^1])))
            {
                made.Append(' ');
            }

            made.Append(c);
            blank = false;
        }

        return made.ToString();
    }

    /// <summary>White space, and what has no width at all.</summary>
    private static bool IsBlank(char c) => char.IsWhiteSpace(c) || c is '\uFEFF' or '\u200B' or '\u200C' or '\u200D';

    /// <summary>A Chinese character, or half of a rare one.</summary>
    public static bool IsHan(char c) => c is >= '\u4E00' and <= '\u9FFF' or >= '\u3400' and <= '\u4DBF' or '〇' || char.IsSurrogate(c);

    public static Standardised Done(string value, string made, Text why) => new(made, true, made == value ? new("已合标准", "as the standard has it already") : why);
}
