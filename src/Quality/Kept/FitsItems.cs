// In: a rule that is to be kept, and the items of its resource. Out: what it asks of an item that is not of that type, or asks twice; null when nothing.
// Asked when rules are saved and come into force, not of those in force: an item may have changed since.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Kept;

internal static class FitsItems
{
    private const int LongestName = 100;

    public static Problem? Fault(Rule rule, ResourceCard card)
    {
        if (rule.Name.Length > LongestName)
        {
            return Problems.BadRule.With($"{rule.Name[..20]}…", new Text("名称超过 {0} 字", "its name has more than {0} characters").With(LongestName));
        }

        if (rule.Columns.GroupBy(c => c, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            return Problems.BadRule.With(rule.Name, new Text("列“{0}”写了两次", "the column “{0}” stands there twice").With(twice.Key));
        }

        return card.Items.FirstOrDefault(i => rule.Columns.Count > 0 && string.Equals(i.Column, rule.Columns[0], StringComparison.OrdinalIgnoreCase)) is not { } item ? null : rule.Kind switch
        {
            RuleKind.Freshness when item.Type is not (ItemType.Date or ItemType.Moment) => Problems.BadRule.With(rule.Name, new Text("“{0}”不是日期或日期时间，说明不了数据有多新", "“{0}” is no date or moment and tells no age").With(item.Name)),
            RuleKind.CheckCharacter when item.Type is not (ItemType.Text or ItemType.Memo or ItemType.General or ItemType.Integer) => Problems.BadRule.With(rule.Name, new Text("“{0}”不是字符，没有校验位", "“{0}” is no text and has no check character").With(item.Name)),
            _ => null,
        };
    }
}
