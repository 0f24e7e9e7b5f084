// In: an entry as somebody wrote it. Out: the faults in it, each with its field, in the clerk's words; none when it may be published.
using System.Text.RegularExpressions;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Catalog;

/// <summary>What an entry is checked against, as of today.</summary>
internal sealed record Frame(ClassRegistry Classes, IReadOnlyDictionary<Guid, UnitCard> Units, IReadOnlyDictionary<Guid, SystemCard> Systems)
{
    /// <summary>The least level of what is bound to an element, by its identifier; without those that have none.</summary>
    public IReadOnlyDictionary<string, Level> ElementLevels { get; init; } = new Dictionary<string, Level>();

    public string UnitName(Guid id) => Units.TryGetValue(id, out var unit) ? unit.Name : "";
}

internal static partial class EntryChecks
{
    private const int LongestName = 200;
    private const int LongestText = 4000;
    private const int MostItems = 1000;

    /// <summary>Whether it says of itself that it is secret, or carries a secrecy mark such as 机密★.</summary>
    public static bool IsSecret(ResourceEntry entry) =>
        entry.Secret || SecrecyMark().IsMatch(entry.Name) || SecrecyMark().IsMatch(entry.Summary) || entry.Keywords.Any(k => SecrecyMark().IsMatch(k));

    public static List<Fault> Faults(ResourceEntry entry, Frame frame) =>
        [.. Head(entry, frame), .. Sharing(entry), .. ItemChecks.Faults(entry.Items)];

    private static IEnumerable<Fault> Head(ResourceEntry entry, Frame frame)
    {
        if (!ResourceCode.IsClass(entry.Class))
        {
            yield return new("class", new("分类码应为类 1 位、项 2 位、目 3 位，可续细目", "A class is one digit, two, three, and any more"));
        }
        else if (!frame.Classes.Knows(entry.Class))
        {
            yield return new("class", new Text("分类 {0} 未登记", "Class {0} is not registered").With(entry.Class));
        }

        if (entry.Serial is { } serial && !ResourceCode.IsSerial(serial))
        {
            yield return new("serial", new("顺序码应为 1 至 12 位数字", "A serial is 1 to 12 digits"));
        }

        foreach (var fault in (Fault?[])[Filled("name", entry.Name, LongestName), Filled("summary", entry.Summary, LongestText)])
        {
            if (fault is not null)
            {
                yield return fault;
            }
        }

        if (!frame.Units.TryGetValue(entry.Unit, out var unit) || !unit.Active)
        {
            yield return new("unit", new("没有这个在用的单位", "There is no such active unit"));
        }

        if (entry.System is { } system && (!frame.Systems.TryGetValue(system, out var card) || card.Unit != entry.Unit))
        {
            yield return new("system", new("信息系统不属于该单位", "The information system is not the unit's"));
        }

        foreach (var code in entry.Related.Where(c => ResourceCode.Parse(c) is null))
        {
            yield return new("related", new Text("“{0}”不是资源代码", "{0} is not a resource code").With(code));
        }

        if (entry.Items.Count is 0 or > MostItems)
        {
            yield return new("items", new Text("信息项应有 1 至 {0} 个", "There must be 1 to {0} items").With(MostItems));
        }
    }

    private static IEnumerable<Fault> Sharing(ResourceEntry entry)
    {
        if (entry.Sharing == SharingKind.Conditional && entry.Condition is null)
        {
            yield return new("condition", new("有条件共享须写明共享条件", "Conditional sharing needs its condition"));
        }

        if (entry.Sharing == SharingKind.Refused && entry.LegalBasis is null)
        {
            yield return new("legalBasis", new("不予共享须写明法律依据", "Refusing to share needs its legal basis"));
        }

        if (entry.Sharing != SharingKind.Refused && entry.Ways.Count == 0)
        {
            yield return new("ways", new("请至少选择一种共享方式", "Name at least one way of sharing"));
        }

        if (entry.Sharing == SharingKind.Refused && entry.Open)
        {
            yield return new("open", new("不予共享的资源不能向社会开放", "What is not shared cannot be opened to the public"));
        }

        foreach (var (field, text) in new[]
        {
            ("condition", entry.Condition), ("legalBasis", entry.LegalBasis), ("openCondition", entry.OpenCondition),
            ("responsible", entry.Responsible), ("contact", entry.Contact),
        })
        {
            if (text?.Length > LongestText)
            {
                yield return new(field, new Text("不得超过 {0} 字", "At most {0} characters").With(LongestText));
            }
        }
    }

    private static Fault? Filled(string field, string text, int longest) =>
        text.Length == 0 ? new(field, new("不能为空", "Must not be empty"))
        : text.Length > longest ? new(field, new Text("不得超过 {0} 字", "At most {0} characters").With(longest))
        : null;

    // The mark itself, as it stands on secret papers; the bare words occur in harmless names.
    [GeneratedRegex("(绝密|机密|秘密)\\s*[★☆]", RegexOptions.NonBacktracking)]
    private static partial Regex SecrecyMark();
}
