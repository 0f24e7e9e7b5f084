// The names of the register's own lists in both languages.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;

namespace Lizhou.Standards;

internal static class Words
{
    public static readonly Text LocalRule = new("本地规则", "Local rule");

    public static Text Of(ItemType type) => ItemLabels.Of(type);

    public static Text Of(CheckCharacter check) => ItemLabels.Of(check);

    public static Text Of(CodeChangeKind kind) => kind switch
    {
        CodeChangeKind.Renamed => new("更名", "Renamed"),
        CodeChangeKind.Recoded => new("换码", "Another code"),
        CodeChangeKind.Upgraded => new("升格改制", "Another rank"),
        CodeChangeKind.Merged => new("合并", "Merged"),
        CodeChangeKind.Split => new("拆分", "Split"),
        _ => new("撤销", "Abolished"),
    };

    public static Text Of(Certainty certainty) => certainty switch
    {
        Certainty.Listed => new("代码集载明", "The list says so"),
        Certainty.Confirmed => new("人工确认", "Confirmed"),
        Certainty.Proposed => new("待确认", "Proposed only"),
        _ => new("去向不明", "Not known"),
    };

    public static string Tone(Certainty certainty) => certainty switch { Certainty.Listed or Certainty.Confirmed => "good", Certainty.Proposed => "warn", _ => "bad" };

    public static Text Of(CrosswalkState state) => state switch
    {
        CrosswalkState.Proposed => new("待确认", "Proposed"),
        CrosswalkState.Confirmed => new("已确认", "Confirmed"),
        _ => new("已否定", "Declined"),
    };

    public static string Tone(CrosswalkState state) => state switch { CrosswalkState.Proposed => "warn", CrosswalkState.Confirmed => "good", _ => "plain" };

    /// <summary>The value a text of either language names, by label, English name, or the letter a label ends with; null for none.</summary>
    public static T? Read<T>(string text, Func<T, Text> label)
        where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(v => Names(v!.Value, label(v.Value)).Contains(text, StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<string> Names<T>(T value, Text label)
        where T : struct, Enum =>
        [label.Zh, label.En, value.ToString(), .. value is ItemType ? [label.En[^1..], label.Zh[..^2]] : Array.Empty<string>()];
}
