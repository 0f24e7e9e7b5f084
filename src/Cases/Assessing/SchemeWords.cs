// In: a part of a scheme, or two versions. Out: what the part does in words; what the newer version has otherwise. Pure.
using System.Globalization;
using Lizhou.Kernel;

namespace Lizhou.Cases.Assessing;

/// <summary>A difference between two versions.</summary>
/// <param name="Before">Null: it was not there.</param>
/// <param name="Now">Null: it is there no more.</param>
internal sealed record SchemeChange(string Scheme, string Part, string? Before, string? Now);

internal static class SchemeWords
{
    private static readonly Dictionary<string, Text> Marks = new(StringComparer.Ordinal)
    {
        ["accepted"] = new("受理", "accepted"), ["filed"] = new("立案", "filed"), ["due"] = new("应结案", "due"), ["closed"] = new("结案", "closed"), ["in-time"] = new("按期", "in time"), ["held"] = new("缓办", "held"), ["void"] = new("作废", "void"),
        ["dispatched"] = new("派遣", "dispatched"), ["handled"] = new("处置", "handled"), ["reworked"] = new("返工", "reworked"), ["reworked-twice"] = new("返工两次以上", "reworked twice or more"), ["reworked-often"] = new("返工三次以上", "reworked three times or more"),
        ["delayed"] = new("延期", "extended"), ["faulty"] = new("差错结案", "closed as faulty"), ["shirked"] = new("推诿", "shirked"), ["supervised"] = new("督办", "supervised"), ["special"] = new("交办、转办与媒体", "from leaders, upper level and media"),
        ["urgent"] = new("紧急", "urgent"), ["patrol"] = new("信息采集", "from patrol"), ["public"] = new("公众举报", "from the public"), ["hotline"] = new("热线", "hotline"), ["event"] = new("事件", "matters"), ["component"] = new("部件", "components"), ["missed"] = new("漏报", "missed"),
    };

    public static string Rule(SchemePart part) => (part.Rule switch
    {
        "rate" => new Text("权重 × {0}", "weight × {0}").With(Title(part.Metric!)),
        "inverse" => new Text("权重 ×（100 − {0}）", "weight × (100 − {0})").With(Title(part.Metric!)),
        "relative" => new Text("权重 × {0} ÷ 同类最高", "weight × {0} ÷ the greatest of those compared").With(Title(part.Metric!)),
        "steps" => new Text("按 {0} 分档：{1}", "by {0}, in steps: {1}").With(Title(part.Metric!), string.Join('，', part.Steps.Select(s => $"<{Number(s.Below)} → {Number(s.Score)} %"))),
        "full" => new Text("达标得满分，每低 1 点扣分：{0}", "whole from a figure on, less for each point below: {0}").With(string.Join('；', part.Terms.Select(t => $"{Title(t.Metric)} ≥ {Number(t.Full)}，−{Number(t.Per)}"))),
        "fall" => new Text("在“{0}”中每件扣分：{1}", "less for each case, of “{0}”: {1}").With(Set(part.Of!), string.Join('；', part.Falls.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{Set(f.Key)} −{Number(f.Value)}"))),
        _ => new Text("人工评分", "by hand"),
    }).ToString();

    /// <summary>Parts are told by their titles: one that was renamed is one gone and one new.</summary>
    public static IReadOnlyList<SchemeChange> Between(IReadOnlyDictionary<string, Scheme> before, IReadOnlyDictionary<string, Scheme> now)
    {
        List<SchemeChange> changes = [];
        foreach (var (name, scheme) in now)
        {
            var old = before[name];
            Add(new Text("名称", "Title").ToString(), old.Title.ToString(), scheme.Title.ToString());
            Add(new Text("二类区域", "Areas of class 2").ToString(), Areas(old), Areas(scheme));
            var (was, are) = (Parts(old), Parts(scheme));
            foreach (var part in was.Keys.Union(are.Keys))
            {
                Add(part, was.GetValueOrDefault(part), are.GetValueOrDefault(part));
            }

            void Add(string part, string? from, string? to)
            {
                if (from != to)
                {
                    changes.Add(new(scheme.Title.ToString(), part, from, to));
                }
            }
        }

        return changes;
    }

    public static string Number(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Areas(Scheme scheme) => string.Join('、', scheme.Areas.Order(StringComparer.Ordinal).Select(a => a switch { "Town" => new Text("镇街", "towns").ToString(), "Zone" => new Text("功能区", "zones").ToString(), _ => a }));

    /// <summary>A set in words; a mark without any stands as it is written in the scheme.</summary>
    private static string Set(string set) => string.Join(' ', set.Split(' ').Select(mark => (mark.StartsWith('-') ? new Text("非", "not ").ToString() : "") + (Marks.TryGetValue(mark.TrimStart('-'), out var word) ? word.ToString() : mark.TrimStart('-'))));

    /// <summary>Two parts of one title are told together.</summary>
    private static Dictionary<string, string> Parts(Scheme scheme) =>
        scheme.Parts.GroupBy(p => p.Title.ToString(), StringComparer.Ordinal).ToDictionary(g => g.Key, g => string.Join(" | ", g.Select(p => $"{Number(p.Weight)} %，{Rule(p)}")), StringComparer.Ordinal);

    private static string Title(string metric) => Metrics.Named[metric].Title.ToString();
}
