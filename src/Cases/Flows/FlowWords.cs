// The words a flow may use: roles, guards, fields and effects that the program knows, with what people read of them.
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Flows;

internal static class FlowWords
{
    /// <summary>Roles by the duty list.</summary>
    public static readonly IReadOnlyDictionary<string, Text> Duties = new Dictionary<string, Text>(StringComparer.Ordinal)
    {
        ["patrol"] = new("监督员", "patrol"),
        ["acceptor"] = new("受理员", "acceptor"),
        ["chief"] = new("值班长", "chief on duty"),
        ["dispatcher"] = new("派遣员", "dispatcher"),
        ["verifier"] = new("核查员", "verifier"),
        ["supervisor"] = new("督查", "supervisor"),
    };

    /// <summary>Roles by the case itself, beside those of the duty list.</summary>
    public static readonly IReadOnlyDictionary<string, Text> Roles = new Dictionary<string, Text>(Duties, StringComparer.Ordinal)
    {
        ["handler"] = new("主办单位", "lead unit"),
        ["assistant"] = new("协办单位", "assisting unit"),
    };

    public const string Handling = "handling";

    // What figures count by, beside what the program does for the other effects: accepted (受理), filed (立案), looked at on the spot (现场核实).
    public const string Accept = "accept";
    public const string File = "file";
    public const string Look = "look";

    /// <summary>Stages of the event loop by which figures count, and whether a flow needs a state of it.</summary>
    public static readonly IReadOnlyDictionary<string, bool> Stages = new Dictionary<string, bool>(StringComparer.Ordinal)
    {
        ["reported"] = true, ["checking"] = false, ["filing"] = true, ["dispatching"] = true, [Handling] = true, ["verifying"] = true, ["inspecting"] = false, ["closing"] = true,
    };

    /// <summary>Effects without which figures of a flow would stand still.</summary>
    public static readonly IReadOnlyList<string> Needed = [Accept, File, "assign", "handled", "close"];

    /// <summary>What acts of these names do in flows from before there were such effects.</summary>
    public static readonly IReadOnlyDictionary<string, string> Implied = new Dictionary<string, string>(StringComparer.Ordinal) { ["accept"] = Accept, ["file"] = File, ["answer-check"] = Look };

    /// <summary>What the program does by itself.</summary>
    public static readonly IReadOnlyDictionary<string, Text> Program = new Dictionary<string, Text>(StringComparer.Ordinal)
    {
        ["report"] = new("上报", "Report"),
        ["climbed"] = new("自动升级", "Went up by itself"),
        ["overdue"] = new("超时", "Past its limit"),
        ["rated"] = new("诉求人评价", "Rated by who reported it"),
        ["supplement"] = new("补充情况", "Something more told"),
        ["consult"] = new("发起会商", "Call a consultation"),
        ["consult-material"] = new("提交会商材料", "Lay material before it"),
        ["consult-opinion"] = new("提交会商意见", "Give an opinion"),
        ["consult-late"] = new("会商逾期", "Late in a consultation"),
        ["consult-conclude"] = new("会商结论", "Conclude the consultation"),
        ["consult-drop"] = new("撤销会商", "End it without a conclusion"),
        ["level-out"] = new("报送上下级", "Sent to another level"),
        ["level-in"] = new("上下级来文", "Came from another level"),
        ["log"] = new("外部记录", "Told by the log of another system"),
        ["migrate"] = new("迁移流程版本", "Moved to another version of the flow"),
    };

    /// <summary>Why an act is not open, by guard.</summary>
    public static readonly IReadOnlyDictionary<string, Text> Guards = new Dictionary<string, Text>(StringComparer.Ordinal)
    {
        ["has-class"] = new("尚未确定事件分类。", "The case has no class yet."),
        ["known-units"] = new("没有这个单位，或它已停用。", "There is no such unit, or it is closed."),
        ["parent-open"] = new("没有这个事件，或它已办结，或就是本事件。", "There is no such case, or it has ended, or it is this one."),
        ["not-the-handler"] = new("处置人和处置单位不能核查、审核或结案自己处置的事件。", "Who handled it, and the unit that did, neither verifies nor closes it."),
        ["assists-ended"] = new("协办单位尚未全部反馈，或已退回任务待重新安排。", "Not every assisting unit has reported yet, or one has given its task back."),
        ["children-ended"] = new("协办任务尚未全部办结，或会商尚未结束。", "Not every task of an assisting unit has ended, or a consultation is open."),
        ["delays-left"] = new("本单位已申请延期 2 次，不能再申请（未获批准的也计入）。", "The lead unit has asked for an extension twice, whatever came of it: it asks for no more."),
        ["holds-left"] = new("本单位已申请挂账 2 次，不能再申请（未获批准的也计入）。", "The lead unit has asked for a hold twice, whatever came of it: it asks for no more."),
        ["returns-left"] = new("本单位已申请回退 2 次，不能再申请（未获批准的也计入）。", "The lead unit has asked to return it twice, whatever came of it: it asks no more."),
        ["reporter-known"] = new("没有诉求人，无法回访。", "No reporter is known who could be asked."),
        ["not-visited"] = new("本次结案后已回访满意。", "The reporter was asked since it was closed, and was satisfied."),
        ["supervised"] = new("事件未被督办。", "The case is not under supervision."),
        ["not-supervised"] = new("已在督办中。", "It is under supervision already."),
        ["supervision-answered"] = new("督办尚未回复，须先作督办回复。", "The supervision has not been answered: answer it first."),
        ["assistance-returned"] = new("没有协办单位退回任务。", "No assisting unit has given its task back."),
        ["loop-above"] = new("已在最高层级（大循环）。", "It is in the large loop already."),
        ["in-small-loop"] = new("只有小循环（镇街、园区）中的事件可以吹哨。", "Only a case in the small loop (of a town or zone) can be whistled for."),
        ["node-below"] = new("没有这个下级节点。", "There is no such node below."),
    };

    /// <summary>The same as what has to hold for an act to be open.</summary>
    public static readonly IReadOnlyDictionary<string, Text> Conditions = new Dictionary<string, Text>(StringComparer.Ordinal)
    {
        ["has-class"] = new("已确定事件分类", "the case has a class"),
        ["known-units"] = new("所选单位在用", "the units chosen are active"),
        ["parent-open"] = new("主事件是另一件在办事件", "the main case is another one, and open"),
        ["not-the-handler"] = new("不由处置人及其单位办理", "by nobody of the unit that handled it"),
        ["assists-ended"] = new("协办单位已全部反馈", "every assisting unit has reported"),
        ["children-ended"] = new("协办任务已全部办结，会商已结束", "every assisting unit’s task and every consultation has ended"),
        ["delays-left"] = new("本单位申请延期不满 2 次", "the lead unit asked for an extension less than twice"),
        ["holds-left"] = new("本单位申请挂账不满 2 次", "the lead unit asked for a hold less than twice"),
        ["returns-left"] = new("本单位申请回退不满 2 次", "the lead unit asked to return it less than twice"),
        ["reporter-known"] = new("有诉求人可回访", "somebody is known who could be asked"),
        ["not-visited"] = new("本次结案后尚未回访满意", "the reporter was not yet found satisfied since it was closed"),
        ["supervised"] = new("正在督办", "under supervision"),
        ["not-supervised"] = new("不在督办中", "not under supervision"),
        ["supervision-answered"] = new("督办已回复", "no supervision waits for its answer"),
        ["assistance-returned"] = new("有协办单位退回了任务", "an assisting unit has given its task back"),
        ["loop-above"] = new("尚未到大循环", "not in the large loop yet"),
        ["in-small-loop"] = new("在小循环（镇街、园区）", "in the small loop (of a town or zone)"),
        ["node-below"] = new("所选节点在其下级", "the node chosen lies below"),
    };

    /// <summary>Guards that limit how often a lead unit asks, and for what: each time the act is taken counts, in flows of any version.</summary>
    public static readonly IReadOnlyDictionary<string, AskKind> Asks = new Dictionary<string, AskKind>(StringComparer.Ordinal) { ["delays-left"] = AskKind.Delay, ["holds-left"] = AskKind.Hold, ["returns-left"] = AskKind.Return };

    /// <summary>The field that is filled in with pictures; every other is text.</summary>
    public const string Photos = "photos";

    /// <summary>What may be filled in.</summary>
    public static readonly IReadOnlyDictionary<string, Text> Fields = new Dictionary<string, Text>(StringComparer.Ordinal)
    {
        ["reason"] = new("理由", "Reason"),
        ["result"] = new("结果", "Result"),
        ["class"] = new("事件分类", "Class"),
        ["grade"] = new("级别", "Grade"),
        ["unit"] = new("主办单位", "Lead unit"),
        ["assists"] = new("协办单位", "Assisting units"),
        ["parent"] = new("主事件号", "Number of the main case"),
        ["hours"] = new("工作时", "Working hours"),
        ["node"] = new("节点", "Node"),
        ["end"] = new("结案类型", "Kind of closing"),
        [Photos] = new("照片", "Photos"),
    };

    /// <summary>With a star where it has to be filled in.</summary>
    public static string Field(FlowField field) => Fields[field.Name] + (field.Required ? "*" : "");

    public static readonly IReadOnlySet<string> Effects = new HashSet<string>(
        ["merge", "unmerge", "classify", Accept, File, Look, "handled", "close", "assign", "release", "ask-delay", "delay", "hold", "return", "shirk", "assisted", "assist-returned", "reassist", "rework", "satisfied", "unsatisfied", "supervise", "reply", "raise", "lower", "whistle"],
        StringComparer.Ordinal);
}
