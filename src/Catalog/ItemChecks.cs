// In: the items of an entry. Out: the faults in them, as items[i].field.
using System.Text.RegularExpressions;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Catalog;

internal static partial class ItemChecks
{
    private const int LongestName = 100;
    private const int LongestMeaning = 1000;
    private const int LongestText = 1_000_000;
    private const int MostDigits = 38;
    private const int MostCodes = 10_000;

    public static bool IsColumn(string text) => Column().IsMatch(text);

    public static IEnumerable<Fault> Faults(IReadOnlyList<ItemCard> items)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var columns = new HashSet<string>(StringComparer.Ordinal);
        var ids = new HashSet<Guid>();
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            foreach (var (field, what) in Naming(item, names, columns, ids).Concat(Size(item)).Concat(Values(item)))
            {
                yield return new($"items[{i}].{field}", what);
            }
        }
    }

    private static IEnumerable<(string, Text)> Naming(ItemCard item, HashSet<string> names, HashSet<string> columns, HashSet<Guid> ids)
    {
        if (item.Name.Length is 0 or > LongestName)
        {
            yield return ("name", new Text("名称应有 1 至 {0} 字", "A name has 1 to {0} characters").With(LongestName));
        }
        else if (!names.Add(item.Name))
        {
            yield return ("name", new Text("信息项“{0}”重复", "Item {0} is there twice").With(item.Name));
        }

        if (!IsColumn(item.Column))
        {
            yield return ("column", new("列名应以小写字母开头，只含小写字母、数字和下划线，不超过 63 位", "A column starts with a lower-case letter and has lower-case letters, digits and underscores, at most 63"));
        }
        else if (!columns.Add(item.Column))
        {
            yield return ("column", new Text("列名 {0} 重复", "Column {0} is there twice").With(item.Column));
        }

        if (!ids.Add(item.Id))
        {
            yield return ("id", new("信息项标识重复", "The item's id is there twice"));
        }

        if (item.Meaning?.Length > LongestMeaning)
        {
            yield return ("meaning", new Text("不得超过 {0} 字", "At most {0} characters").With(LongestMeaning));
        }

        if (item.Level is { } level && !Enum.IsDefined(level))
        {
            yield return ("level", new("分级应为 L1 至 L4", "A level is L1 to L4"));
        }
    }

    private static IEnumerable<(string, Text)> Size(ItemCard item)
    {
        if (!Enum.IsDefined(item.Type))
        {
            yield return ("type", new("没有这种数据类型", "There is no such type"));
        }

        if (item.Length is not null && (item.Length < 1 || item.Length > LongestText || !IsText(item.Type)))
        {
            yield return ("length", new Text("长度用于字符类型，应为 1 至 {0}", "A length is for texts, 1 to {0}").With(LongestText));
        }

        var decimals = item.Type is ItemType.Number or ItemType.Money;
        if (item.Precision is not null && (item.Precision is < 1 or > MostDigits || !decimals))
        {
            yield return ("precision", new Text("精度用于数值和货币，应为 1 至 {0}", "A precision is for numbers and money, 1 to {0}").With(MostDigits));
        }

        if (item.Scale is not null && (item.Scale < 0 || item.Scale > (item.Precision ?? 18) || !decimals))
        {
            yield return ("scale", new("小数位用于数值和货币，不得超过精度", "A scale is for numbers and money, at most the precision"));
        }
    }

    private static IEnumerable<(string, Text)> Values(ItemCard item)
    {
        if (item.Check != CheckCharacter.None && item.Type != ItemType.Text)
        {
            yield return ("check", new("校验位只用于字符类型", "A check character is for texts"));
        }

        if (item.Format is not null && ValueFormat.Fault(item.Format) is { } fault)
        {
            yield return ("format", fault);
        }

        if (item.Codes is { } codes && (codes.Count is 0 or > MostCodes || codes.Any(string.IsNullOrEmpty) || codes.Distinct(StringComparer.Ordinal).Count() < codes.Count))
        {
            yield return ("codes", new("代码集不能有空值和重复值", "A code list has no empty and no repeated values"));
        }
        else if (item.Length is { } length && item.Codes?.FirstOrDefault(c => c.Length > length) is { } tooLong)
        {
            yield return ("codes", new Text("代码“{0}”超过长度", "Code {0} is longer than the item").With(tooLong));
        }
    }

    private static bool IsText(ItemType type) => type is ItemType.Text or ItemType.Memo or ItemType.General;

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,62}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Column();
}
