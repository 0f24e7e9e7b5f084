// In: a resource's items. Out: the rules that they bring by themselves, from the data elements they are bound to or from the catalogue; nobody writes them a second time.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Kept;

/// <param name="From">What brings it: a data element, the catalogue; null: the kept rules themselves.</param>
internal sealed record KeptRule(Rule Rule, Text? From);

internal static class BoundRules
{
    public static IReadOnlyList<KeptRule> Of(ResourceCard card) => [.. card.Items.SelectMany(i => Of(i).Select(r => new KeptRule(r, From(i))))];

    /// <summary>What a rule is called where people read it: one that an item brings has no name but the one made of its column.</summary>
    public static string Called(string rule, ResourceCard? card)
    {
        foreach (var item in card?.Items ?? [])
        {
            if (Of(item).FirstOrDefault(r => string.Equals(r.Name, rule, StringComparison.OrdinalIgnoreCase)) is { } bound)
            {
                return $"{item.Name}·{Words.Of(bound.Kind)}";
            }
        }

        return rule;
    }

    public static IEnumerable<Rule> Of(ItemCard item)
    {
        string[] column = [item.Column];
        var text = item.Type is ItemType.Text or ItemType.Memo or ItemType.General;
        if (item.Required || item.Key)
        {
            yield return new($"{item.Column} required", RuleKind.NotNull, column, Dimension.Completeness, Severity.Serious, new Text("“{0}”必填而为空", "“{0}” is required and empty").With(item.Name));
        }

        if (text && item.Format is { Length: > 0 } format)
        {
            yield return new($"{item.Column} format", RuleKind.Format, column, Dimension.Conformity, Severity.Ordinary, new Text("“{0}”不合格式", "“{0}” is not in its format").With(item.Name)) { Pattern = format };
        }

        if (text && item.Codes is { Count: > 0 } codes)
        {
            yield return new($"{item.Column} code list", RuleKind.CodeList, column, Dimension.Conformity, Severity.Ordinary, new Text("“{0}”不在代码集内", "“{0}” is not of its code list").With(item.Name)) { Values = codes };
        }

        if (text && Check(item.Check) is { } check)
        {
            yield return new($"{item.Column} check", RuleKind.CheckCharacter, column, Dimension.Accuracy, Severity.Serious, new Text("“{0}”校验位不符", "“{0}” fails its check character").With(item.Name)) { Check = check };
        }
    }

    private static ValueCheck? Check(CheckCharacter check) => check switch
    {
        CheckCharacter.IdNumber => ValueCheck.IdNumber,
        CheckCharacter.CreditCode => ValueCheck.CreditCode,
        _ => null,
    };

    private static Text From(ItemCard item) => item.Element is { } element ? new Text("数据元 {0}", "data element {0}").With(element) : new("目录", "the catalogue");
}
