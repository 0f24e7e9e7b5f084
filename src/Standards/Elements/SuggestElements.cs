// In: items, by name, column, type, check and some of their values. Out: for each the data elements it may be, with how sure that is and why. A person decides.
using System.Text;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Tabular;

namespace Lizhou.Standards.Elements;

internal static class SuggestElements
{
    private const int Most = 3;
    private const double Least = 0.4;

    /// <param name="codes">The codes of an element's list in force; empty where it has none.</param>
    public static IReadOnlyList<ElementSuggestion> Run(ItemCard item, IReadOnlyList<string> values, IReadOnlyList<ElementCard> elements, Func<ElementCard, IReadOnlySet<string>> codes) =>
    [
        .. elements.Select(e => Judge(item, values, e, codes(e))).Where(s => s.Confidence >= Least)
            .OrderByDescending(s => s.Confidence).ThenByDescending(s => s.Element.Name.Length).ThenBy(s => s.Element.Code, StringComparer.Ordinal).Take(Most),
    ];

    // The best reason counts whole; each further one takes a part of the doubt that is left, and a contradiction halves what is believed.
    private static ElementSuggestion Judge(ItemCard item, IReadOnlyList<string> values, ElementCard element, IReadOnlySet<string> codes)
    {
        var signs = new[] { Named(item, element), Columned(item, element), Valued(values, element, codes), Checked(item, element), Coded(item, codes) }.Where(s => s.Weight > 0).OrderByDescending(s => s.Weight).ToList();
        var sure = 1 - signs.Aggregate(1d, (doubt, sign) => doubt * (1 - sign.Weight));
        List<Text> why = [.. signs.Select(s => s.Why)];
        if (signs.Count > 0 && Kind(item.Type) != Kind(element.Type))
        {
            sure /= 2;
            why.Add(new Text("但类型不同：{0} / {1}", "But the types differ: {0} / {1}").With(Words.Of(item.Type), Words.Of(element.Type)));
        }

        return new(element, Math.Round(Math.Min(sure, 0.99), 2), why);
    }

    private static (double Weight, Text Why) Named(ItemCard item, ElementCard element)
    {
        var name = Plain(item.Name);
        if (name == Plain(element.Name) || name == Plain(element.NameEn ?? ""))
        {
            return (0.9, new Text("名称相同：{0}", "The same name: {0}").With(element.Name));
        }

        if (element.Synonyms.FirstOrDefault(s => Plain(s) == name) is { } synonym)
        {
            return (0.85, new Text("名称是同义词：{0}", "Its name is a synonym: {0}").With(synonym));
        }

        // 户主姓名 is a 姓名: what a name ends with says what it is.
        return element.Synonyms.Prepend(element.Name).Where(s => Plain(s) is { Length: > 1 } word && name.EndsWith(word, StringComparison.Ordinal)).MaxBy(s => s.Length) is { } ending
            ? (0.6, new Text("名称以“{0}”结尾", "Its name ends with {0}").With(ending))
            : (0, default);
    }

    /// <summary>A column alone is not enough to be ticked beforehand: departments call very different things by one short word.</summary>
    private static (double Weight, Text Why) Columned(ItemCard item, ElementCard element) =>
        Plain(item.Column) is { Length: > 0 } column && (column == Plain(element.Code) || element.Synonyms.Any(s => Plain(s) == column))
            ? (0.7, new Text("列名相同：{0}", "The same column: {0}").With(item.Column)) : (0, default);

    private static (double Weight, Text Why) Valued(IReadOnlyList<string> values, ElementCard element, IReadOnlySet<string> codes)
    {
        var filled = values.Where(v => v.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (filled.Count < 3)
        {
            return (0, default);
        }

        if (element.Check != CheckCharacter.None && (double)filled.Count(v => Passes(v, element.Check)) / filled.Count is >= 0.9 and var passing)
        {
            return (0.9, new Text("{0}% 的值通过{1}校验", "{0} % of its values pass the check of {1}").With(Math.Round(passing * 100), element.Name));
        }

        return codes.Count > 0 && filled.All(codes.Contains) ? (0.5, new Text("所有值都在代码集 {0} 中", "All its values are of the code list {0}").With(element.CodeList)) : (0, default);
    }

    private static bool Passes(string value, CheckCharacter check) => Encoding.UTF8.GetBytes(value) is var text && check switch
    {
        CheckCharacter.IdNumber => Identifiers.IsIdNumber(text),
        CheckCharacter.CreditCode => Identifiers.IsCreditCode(text),
        _ => true,
    };

    private static (double Weight, Text Why) Checked(ItemCard item, ElementCard element) =>
        element.Check != CheckCharacter.None && item.Check == element.Check ? (0.7, new Text("校验相同：{0}", "The same check: {0}").With(Words.Of(element.Check))) : (0, default);

    private static (double Weight, Text Why) Coded(ItemCard item, IReadOnlySet<string> codes) =>
        item.Codes is { Count: > 1 } own && codes.Count > 0 && own.All(codes.Contains)
            ? (0.4, new("信息项的代码都在其代码集中", "All the item's codes are of its list")) : (0, default);

    /// <summary>Types that hold the same kind of value.</summary>
    private static int Kind(ItemType type) => type switch
    {
        ItemType.Text or ItemType.Memo or ItemType.General => 0,
        ItemType.Date or ItemType.Moment => 1,
        ItemType.Logical => 2,
        _ => 3,
    };

    /// <summary>Letters and digits alone, in lower case; a remark in brackets does not count.</summary>
    internal static string Plain(string name)
    {
        var text = name.Replace('（', '(').Replace('）', ')');
        var bracket = text.IndexOf('(', StringComparison.Ordinal);
        return string.Concat((bracket > 0 ? text[..bracket] : text).Where(char.IsLetterOrDigit)).ToLowerInvariant();
    }
}
