// The names of the catalogue's own lists in both languages, with the guide's letters for item types.
using System.Globalization;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal static class Labels
{
    public static Text Of(ResourceState state) => state switch
    {
        ResourceState.Draft => new("编制", "Draft"),
        ResourceState.UnitReview => new("部门审核", "Unit review"),
        ResourceState.BureauReview => new("主管部门审核", "Bureau review"),
        ResourceState.Published => new("已发布", "Published"),
        _ => new("已停用", "Retired"),
    };

    public static Text Of(Step step) => step switch
    {
        Step.Create => new("编制", "Create"),
        Step.Change => new("变更", "Change"),
        Step.Submit => new("提交", "Submit"),
        Step.Pass => new("部门审核通过", "Pass the unit review"),
        Step.Return => new("退回", "Return"),
        Step.Withdraw => new("撤回", "Withdraw"),
        Step.Discard => new("放弃变更", "Discard the change"),
        Step.Publish => new("发布", "Publish"),
        _ => new("停用", "Retire"),
    };

    public static Text Of(SharingKind sharing) => sharing switch
    {
        SharingKind.Unconditional => new("无条件共享", "Unconditional"),
        SharingKind.Conditional => new("有条件共享", "Conditional"),
        _ => new("不予共享", "Refused"),
    };

    public static Text Of(SharingWay way) => way switch
    {
        SharingWay.Api => new("接口", "API"),
        SharingWay.Table => new("库表", "Table"),
        SharingWay.File => new("文件", "File"),
        _ => new("介质", "Medium"),
    };

    public static Text Of(ResourceFormat format) => format switch
    {
        ResourceFormat.Database => new("数据库", "Database"),
        ResourceFormat.Spreadsheet => new("电子表格", "Spreadsheet"),
        ResourceFormat.Document => new("电子文件", "Document"),
        ResourceFormat.Image => new("图形图像", "Image"),
        ResourceFormat.Stream => new("流媒体", "Stream"),
        _ => new("自描述格式", "Self-describing"),
    };

    public static Text Of(UpdateCycle cycle) => cycle switch
    {
        UpdateCycle.Realtime => new("实时", "Realtime"),
        UpdateCycle.Daily => new("每日", "Daily"),
        UpdateCycle.Weekly => new("每周", "Weekly"),
        UpdateCycle.Monthly => new("每月", "Monthly"),
        UpdateCycle.Quarterly => new("每季度", "Quarterly"),
        UpdateCycle.HalfYearly => new("每半年", "Half-yearly"),
        UpdateCycle.Yearly => new("每年", "Yearly"),
        _ => new("不定期", "Irregular"),
    };

    public static Text Of(ItemType type) => ItemLabels.Of(type);

    public static Text Of(CheckCharacter check) => ItemLabels.Of(check);

    public static Text Of(bool yes) => yes ? new("是", "Yes") : new("否", "No");

    /// <summary>The guide's letter: the last of the label.</summary>
    public static char Letter(ItemType type) => Of(type).En[^1];

    /// <summary>As shown: an unset level is the one that applies, and says so.</summary>
    public static Text Of(Level? level) => level is { } set ? new(set.ToString(), set.ToString()) : new("L3（未定级）", "L3 (not classified)");

    /// <summary>The value a text of either language names, by label, English name or, for item types, the guide's letter; null for none.</summary>
    public static T? Read<T>(string text, Func<T, Text> label)
        where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(v => Names(v!.Value, label(v.Value)).Contains(text, StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<string> Names<T>(T value, Text label)
        where T : struct, Enum =>
        [label.Zh, label.En, value.ToString(), .. value is ItemType type ? [Letter(type).ToString(CultureInfo.InvariantCulture), label.Zh[..^2]] : Array.Empty<string>()];
}
