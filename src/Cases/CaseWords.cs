// The words people read for loops, grades, sources and ends; days and codes of questions, and why they are none.
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Cases;

internal static class CaseWords
{
    public static Text Of(Loop loop) => loop switch { Loop.Micro => new("微循环", "micro loop"), Loop.Small => new("小循环", "small loop"), _ => new("大循环", "large loop") };

    public static Text Of(Grade grade) => grade switch { Grade.Ordinary => new("一般", "ordinary"), Grade.Larger => new("较大", "larger"), Grade.Major => new("重大", "major"), _ => new("特别重大", "gravest") };

    public static Text Of(CaseSource source) => source switch
    {
        CaseSource.Patrol => new("信息采集", "patrol"),
        CaseSource.Hotline => new("公众举报、热线", "hotline"),
        CaseSource.Web => new("网络上报", "web"),
        CaseSource.Leader => new("领导交办", "leader"),
        CaseSource.Inspection => new("督查检查", "inspection"),
        CaseSource.Media => new("媒体监督", "media"),
        CaseSource.Video => new("视频", "video"),
        CaseSource.Sensor => new("感知设备", "sensor"),
        CaseSource.Upper => new("上级交办", "upper level"),
        CaseSource.Lower => new("下级上报", "lower level"),
        CaseSource.Assessment => new("考评发现", "assessment"),
        CaseSource.Recognition => new("智能识别", "recognised by a program"),
        _ => new("外部日志", "log of another system"),
    };

    public static Text Of(Outcome outcome) => outcome switch
    {
        Outcome.Normal => new("正常结案", "closed as usual"),
        Outcome.Late => new("超时结案", "closed late"),
        Outcome.Faulty => new("差错结案", "closed as faulty"),
        Outcome.Special => new("特殊结案", "closed specially"),
        Outcome.Rejected => new("不予受理", "not accepted"),
        Outcome.Merged => new("已合并", "merged"),
        _ => new("作废", "void"),
    };

    public static Text Of(Light light) => light switch { Light.Green => new("正常", "in time"), Light.Yellow => new("即将超时", "nearly due"), _ => new("已超时", "past its limit") };

    /// <summary>As lists, addresses and forms have it, e.g. 2026-11-01; null: none.</summary>
    [return: NotNullIfNotNull(nameof(day))]
    public static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Refuses a period that ends before it begins; null: it does not, or an end is not told.</summary>
    public static Problem? Backward(DateOnly? from, DateOnly? to) => from > to ? Problems.WrongField.With("to", new Text("结束日期不能早于开始日期。", "The last day is not before the first.")).At("to") : null;

    /// <summary>Refuses a code that is no class here; null: it is one, or none is told.</summary>
    public static Problem? Unclassed(string? code, Desk desk, string field = "class") => string.IsNullOrEmpty(code) || desk.Known.ContainsKey(code) ? null : Problems.WrongField.With(field, new Text("没有这个分类。", "There is no such class.")).At(field);

    /// <summary>As a page's form sends a day; null: it is none.</summary>
    public static DateOnly? DayOf(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public static string Tone(Light light) => light switch { Light.Green => "good", Light.Yellow => "warn", _ => "bad" };

    public static Text Of(LegEnd end) => end switch { LegEnd.Handled => new("已处置", "handled"), LegEnd.Assisted => new("已协办", "assisted"), LegEnd.Returned => new("已退回", "given back"), LegEnd.Settled => new("已退回，另作安排", "given back, arranged anew"), _ => new("已收回", "taken away") };

    public static Text Of(NodeKind kind) => kind switch { NodeKind.Centre => new("市中心", "city centre"), NodeKind.Town => new("镇街", "town"), NodeKind.Zone => new("园区", "zone"), NodeKind.Village => new("村社", "village"), _ => new("网格", "grid") };

    public static Text Of(StretchKind kind) => kind switch { StretchKind.Counted => new("计时", "counted"), StretchKind.Paused => new("停表", "stood"), StretchKind.Weekend => new("周末", "weekend"), _ => new("节假日", "holiday") };
}
