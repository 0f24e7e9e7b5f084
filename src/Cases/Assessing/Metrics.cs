// The named figures of the assessment (综合评价): each a formula in words, and which cases are above and below its line. One place: the board, its files, the scores and the tests of published reports all count by these.
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Assessing;

/// <summary>Cases that have all of some marks and none of others: "due -held".</summary>
internal static class CaseSet
{
    public static bool Holds(string set, IReadOnlySet<string> marks) => set.Split(' ').All(m => m.StartsWith('-') ? !marks.Contains(m[1..]) : marks.Contains(m));

    /// <summary>Those that differ in nothing but a case they name or leave out.</summary>
    public static bool Known(string set) => set.Length > 0 && set.Split(' ').All(m => ReadCase.Marks.Contains(m.TrimStart('-')) || m.TrimStart('-').Split(':') is ["in" or "met", { Length: > 0 }]);
}

/// <summary>A figure of a subject.</summary>
/// <param name="Top">Cases above the line; of a mean their hours.</param>
/// <param name="Bottom">Cases below it; null: the figure is a count.</param>
/// <param name="Value">Per cent, cases or hours, two decimals; null: nothing is below the line, so there is no value.</param>
internal sealed record Figure(decimal Top, long? Bottom, decimal? Value);

/// <param name="Formula">In words.</param>
/// <param name="Top">Set of cases above the line.</param>
/// <param name="Bottom">Below it; empty: the figure is the count of those above.</param>
/// <param name="Stay">Not null: the mean of the hours the cases below the line lay in this loop.</param>
internal sealed record Metric(string Name, Text Title, Text Formula, string Top, string Bottom, Loop? Stay = null)
{
    public string Unit => Stay is not null ? "h" : Bottom.Length == 0 ? "" : "%";

    /// <param name="many">How many cases are in a set.</param>
    public Figure Of(Func<string, long> many) => Bottom.Length == 0 ? new(many(Top), null, many(Top)) : Share(many(Top), many(Bottom));

    public Figure Of(IEnumerable<CaseFacts> cases) => Of(Tally.Of(cases));

    public Figure Of(Tally cases)
    {
        if (Stay is not { } loop)
        {
            return Of(cases.Many);
        }

        var (counted, hours) = (cases.Many(Bottom), (decimal)cases.Hours(Bottom, loop));
        return new(Round(hours), counted, counted == 0 ? null : Round(hours / counted));
    }

    private static Figure Share(long top, long bottom) => new(top, bottom, bottom == 0 ? null : Round(100m * top / bottom));

    private static decimal Round(decimal value) => Math.Round(value, 2, MidpointRounding.AwayFromZero);
}

internal static class Metrics
{
    /// <summary>As <see cref="Measuring.InTime"/> has it.</summary>
    private static readonly Text Timely = new("按期：各次处置和全程均未超时限，超时结案不计", "in time: no handling and not the whole was past its limit; what was closed late is not");

    public static readonly IReadOnlyList<Metric> All =
    [
        Count("accepted", "受理数", "Accepted", "accepted"),
        Count("filed-many", "立案数", "Filed", "filed"),
        Count("due-many", "应结案数", "Due", "due"),
        Count("closed-many", "结案数", "Closed", "due closed"),
        Count("dispatched-many", "派遣数", "Dispatched", "dispatched"),
        Share("closed", "结案率", "Closed share", "结案 ÷（应结案 − 缓办）", "closed ÷ (due − held)", "due closed -held", "due -held"),
        Share("closed-in-time", "按期结案率", "Closed in time", $"按期结案 ÷（应结案 − 缓办）；{Timely.Zh}", $"closed in time ÷ (due − held); {Timely.En}", "due closed in-time -held", "due -held"),
        Share("handled", "处置率", "Handled share", "处置 ÷ 应处置", "handled ÷ dispatched", "dispatched handled", "dispatched"),
        Share("handled-in-time", "按时处置率", "Handled in time", "按时处置 ÷ 应处置；按时：各次处置均未超过自己的时限", "handled in time ÷ dispatched; in time: each handling within its own limit", "dispatched handled handled-in-time", "dispatched"),
        Share("rework", "返工率", "Rework share", "返工 ÷ 处置", "with a failed verification ÷ handled", "dispatched handled reworked", "dispatched handled"),
        Share("delay", "延期率", "Extension share", "延期 ÷ 应处置", "extended ÷ dispatched", "dispatched delayed", "dispatched"),
        Share("patrol", "采集率", "Found on patrol", "信息采集立案 ÷ 立案", "filed from patrol ÷ filed", "filed patrol", "filed"),
        Share("public", "监督举报率", "Told by the public", "公众举报核实 ÷ 立案", "public reports that were filed ÷ filed", "filed public", "filed"),
        Share("missed", "漏报率", "Missed on patrol", "漏报（公众举报经现场核实立案）÷ 立案", "public reports confirmed on the spot and filed ÷ filed", "filed missed", "filed"),
        Share("filed-right", "准确立案率", "Filed rightly", "（立案 − 作废）÷ 立案", "(filed − void) ÷ filed", "filed -void", "filed"),
        Share("dispatched-right", "准确派遣率", "Dispatched rightly", "（派遣 − 返工）÷ 派遣", "(dispatched − reworked) ÷ dispatched", "dispatched -reworked", "dispatched"),
        Share("dispatched-wrong", "错误派遣率", "Dispatched wrongly", "先后派往两个以上部门 ÷ 派遣", "led by two departments or more ÷ dispatched", "dispatched many-units", "dispatched"),
        Share("urgent-closed", "紧急结案率", "Urgent ones closed", "紧急结案 ÷（紧急应结案 − 缓办）", "urgent closed ÷ (urgent due − held)", "due urgent closed -held", "due urgent -held"),
        Share("urgent-in-time", "紧急按期结案率", "Urgent ones in time", $"紧急按期结案 ÷（紧急应结案 − 缓办）；{Timely.Zh}", $"urgent closed in time ÷ (urgent due − held); {Timely.En}", "due urgent closed in-time -held", "due urgent -held"),
        Share("hotline-signed", "按时签收率（12345）", "Signed for in time (12345)", "热线按时受理 ÷ 热线受理", "hotline accepted in time ÷ hotline accepted", "hotline accepted met:reported", "hotline accepted"),
        Share("hotline-in-time", "按时办结率（12345）", "Settled in time (12345)", $"热线按期结案 ÷ 热线应结案；{Timely.Zh}", $"hotline closed in time ÷ hotline due; {Timely.En}", "hotline due closed in-time", "hotline due"),
        Share("hotline-satisfied", "满意率（12345）", "Satisfied (12345)", "热线回访满意 ÷ 热线已回访", "hotline satisfied ÷ hotline asked", "hotline asked satisfied", "hotline asked"),
        Share("hotline-redone", "发回重办率（12345）", "Redone (12345)", "热线不满意重办 ÷ 热线已回访", "hotline sent back ÷ hotline asked", "hotline asked redone", "hotline asked"),
        Share("patrol-useful", "有效上报率", "Useful patrol reports", "信息采集立案或自处置审核通过 ÷ 信息采集上报", "patrol reports filed, or handled on the spot and passed ÷ patrol reports", "reported patrol useful", "reported patrol"),
        Share("looked-in-time", "按时核实率", "Looked at in time", "按时核实 ÷ 发核实", "looked at in time ÷ sent for a look", "in:checking met:checking", "in:checking"),
        Share("inspected-in-time", "按时核查率", "Verified in time", "按时核查 ÷ 发核查", "verified in time ÷ sent for verification", "in:inspecting met:inspecting", "in:inspecting"),
        Share("look-sent", "核实按时派发率", "Looks sent in time", "按时发核实 ÷ 发核实", "sent for a look in time ÷ sent for a look", "in:checking met:reported", "in:checking"),
        Share("verify-sent", "核查按时派发率", "Verifications sent in time", "按时发核查 ÷ 发核查", "sent for verification in time ÷ sent for verification", "in:inspecting met:verifying", "in:inspecting"),
        Share("filed-in-time", "按时立案率", "Filed in time", "按时立案 ÷ 立案", "filed in time ÷ filed", "filed met:filing", "filed"),
        Share("ended-in-time", "按时结案率（值班长）", "Closed by the chief in time", "待结案环节按时 ÷ 经待结案环节结案", "closing stage in time ÷ closed through it", "in:closing closed met:closing", "in:closing closed"),
        Share("dispatched-in-time", "按时派遣率", "Dispatched in time", "按时派遣 ÷ 派遣", "dispatched in time ÷ dispatched", "dispatched met:dispatching", "dispatched"),
        Share("raised", "上升率", "Sent up", "升级 ÷ 立案", "sent up a loop ÷ filed", "filed raised", "filed"),
        .. Enum.GetValues<Loop>().SelectMany(Layers),
    ];

    public static readonly IReadOnlyDictionary<string, Metric> Named = All.ToDictionary(m => m.Name, StringComparer.Ordinal);

    private static IEnumerable<Metric> Layers(Loop loop)
    {
        var (word, name) = (CaseWords.Of(loop), $"{loop}".ToLowerInvariant());
        yield return Share($"{name}-share", $"{word.Zh}占比", $"Share of the {word.En}", $"在{word.Zh}结案 ÷ 结案", $"closed in the {word.En} ÷ closed", $"due closed loop:{loop}", "due closed");
        yield return new($"{name}-stay", new($"{word.Zh}平均停留", $"Mean stay in the {word.En}"), new($"已结案事件在{word.Zh}停留小时之和 ÷ 经过该层的已结案事件", $"hours closed cases lay in the {word.En} ÷ closed cases that were there"), $"due closed was:{loop}", $"due closed was:{loop}", loop);
    }

    private static Metric Count(string name, string zh, string en, string set) => new(name, new(zh, en), new(zh, en), set, "");

    private static Metric Share(string name, string zh, string en, string formula, string said, string top, string bottom) => new(name, new(zh, en), new(formula, said), top, bottom);
}
