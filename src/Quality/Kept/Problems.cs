// Every refusal of kept rules. Codes are stable and never re-used.
using Lizhou.Kernel;

namespace Lizhou.Quality;

internal static partial class Problems
{
    public static readonly Problem BadRuleSet = new("QUA-401", 422,
        new("规则第 {0} 行：{1}", "Line {0} of the rules: {1}"), new("{2} 生效的版本没有变。", "{2} The version in force stays as it was."));

    public static readonly Problem NoRuleResource = new("QUA-402", 404,
        new("没有已发布的资源“{0}”，或它不属于本单位。", "There is no published resource “{0}”, or it is not your unit's."), new("请核对资源代码。", "Check its code."));

    public static readonly Problem NoDraft = new("QUA-403", 409,
        new("没有待生效的规则草稿。", "There is no draft of the rules."), new("请先修改规则或采纳建议的规则。", "Change the rules or accept suggested ones first."));

    public static readonly Problem RulesStale = new("QUA-404", 409,
        new("规则刚被别人改过。", "Somebody else has just changed the rules."), new("请刷新后再办理。", "Load them again, then act."));

    public static readonly Problem NoSuggestion = new("QUA-405", 404,
        new("没有建议的规则“{0}”。", "No rule “{0}” is suggested."), new("请刷新：它可能已被采纳、不采纳，或数据变了。", "Load the page again: it was accepted or declined, or the data changed."));

    public static readonly Problem BadWaiver = new("QUA-406", 400,
        new("例外有误：{0}", "The exception is not valid: {0}"), new("请按提示修改。", "Correct it as told."));

    public static readonly Problem NoRule = new("QUA-460", 404,
        new("资源“{0}”最近一次扫描没有名为“{1}”的规则。", "The last scan of “{0}” knew no rule “{1}”."), new("请核对规则名称；刚生效的规则扫描后才有结果。", "Check its name; a rule just put in force is known after the next scan."));

    public static readonly Problem OtherEmpty = new("QUA-461", 409,
        new("规则“{0}”引用的“{1}”还没有数据。", "Rule “{0}” refers to “{1}”, which has no rows yet."), new("请在它的数据入库后再保存。", "Save it once rows have landed there."));

    public static readonly Problem NotScanned = new("QUA-407", 404,
        new("资源“{0}”还没有扫描结果。", "“{0}” was not scanned yet."), new("数据入库后自动扫描；也可以立即扫描。", "It is scanned once data have landed; or have it scanned now."));

    public static readonly Problem LowScore = new("QUA-408", 422,
        new("质量未达标：批次“{0}”按规则的评分为 {1}，低于门槛 {2}。数据已入贴源层，不进入标准层。", "Below the quality gate: batch “{0}” scores {1} by the rules kept and {2} is asked for. It has landed and does not enter the standard layer."),
        new("一律达标后入库：请按工单改正问题数据后重新报送，或为确属正常的数据登记例外。", "No pass, no entry: mend the rows of the tickets and send them again, or document exceptions for those that are right."));

    public static readonly Problem AwaitsScan = new("QUA-409", 409,
        new("批次“{0}”正在按规则扫描，尚无准入结论。", "Batch “{0}” is being scanned by the rules kept; it is not decided yet."), new("请稍候；若很久没有结论，请看该资源的质量页。", "Wait a moment; if it takes long, look at the resource's page of quality."));

    public static readonly Problem NoWaiver = new("QUA-410", 404,
        new("没有这条生效的例外。", "There is no such exception in force."), new("请刷新后再办理。", "Load the page again."));

    public static readonly Problem NoLevel = new("QUA-412", 404,
        new("没有待确认的建议级别。", "No level is suggested for it."), new("请刷新：它可能已被确认或不采纳。", "Load the page again: it was confirmed or declined."));

    public static readonly Problem LowersLevel = new("QUA-413", 403,
        new("降低级别须由主管部门确认。", "Lowering a level takes the bureau."), new("请主管部门办理，或不采纳。", "Leave it to the bureau, or decline it."));

    public static readonly Problem HiddenRule = new("QUA-414", 403,
        new("规则“{0}”按取值判断的信息项，您看不到原值。", "The rule “{0}” judges values that you do not see in clear."), new("请由能看到原值的人员编写规则、查看问题行、登记例外。", "Leave rules, flagged rows and exceptions about them to somebody who does."));

    public static readonly Problem OtherNotSeen = new("QUA-415", 403,
        new("规则“{0}”引用的“{1}”（{2}）是他单位的数据，或您看不到原值。", "The rule “{0}” refers to “{1}” ({2}), which is another unit's or not shown to you in clear."),
        new("他单位的信息项只能引用 L1、L2 级的；本单位的由能看到原值的人员引用。", "Of another unit's items refer to those of L1 and L2 alone; leave your own unit's to somebody who sees them in clear."));

    public static readonly Problem BadBound = new("QUA-416", 422,
        new("规则“{0}”里的取值不是所比较的列的类型。", "A value in the rule “{0}” is not of the type of the column it is compared with."), new("请按列的类型填写，如日期 2026-01-31、数字 1000。", "Write it as the column has it: a day like 2026-01-31, a number like 1000."));

    public static readonly Problem SameRule = new("QUA-417", 409,
        new("规则名“{0}”已有。", "There is a rule “{0}” already."), new("请换一个名称；绑定数据元带来的规则不需要再写。", "Give it another name; what a bound data element brings needs no copy."));

    public static readonly Problem CrossedBounds = new("QUA-418", 422,
        new("规则“{0}”的下限 {1} 大于上限 {2}，任何取值都不合格。", "The least of rule “{0}”, {1}, lies above its most, {2}: no value would keep it."), new("请对调或改正 least 与 most。", "Exchange or correct least and most."));

    public static readonly Problem RuleFaults = new("QUA-419", 422,
        new("规则“{0}”无法执行：{1}", "Rule “{0}” cannot be run: {1}"), new("请在规则页修改或删去这条规则并生效。", "Change the rule or take it out, and put the rules in force."));

    public static readonly Problem ScanFaults = new("QUA-420", 409,
        new("批次“{0}”按规则扫描没有成功，尚无准入结论：{1}", "Batch “{0}” could not be scanned by the rules kept; it is not decided: {1}"),
        new("等待不会有结论：请在该资源的质量页修改或删去这条规则并生效，随即自动重新扫描。", "Waiting does not help: change that rule or take it out on the resource's page of quality and put the rules in force; it is scanned again at once."));

    public static readonly Problem WholeTable = new("QUA-421", 404,
        new("规则“{0}”判断的是整张表，没有逐行的清单。", "Rule “{0}” judges the table as a whole; there are no rows to list."), new("规则页有它的数值。", "The page of rules has its figure."));

    public static readonly Problem LowersComputed = new("QUA-422", 409,
        new("“{0}”由模型计算，“{1}”的级别不低于算出它的数据，不能在这里降低。", "“{0}” is computed by a model; the level of “{1}” is that of what it is made of and is not lowered here."),
        new("请在“降级规则”提出，由另一人批准；或不采纳。", "Propose a rule under Lowered levels, which another person approves; or decline it.")) { Link = "/lowerings" };

    public static readonly Problem WeakerRules = new("QUA-423", 403,
        new("草稿撤下、放宽或改动了生效的内容：{0}。放宽规则须由主管部门生效。", "The draft takes out, weakens or changes what is in force: {0}. That is for the bureau to put in force."),
        new("草稿已保留，请主管部门在规则页生效；新增和收紧规则由本单位生效。", "The draft stays; ask the bureau to put it in force on the page of rules. Your unit adds rules and makes them stricter by itself."));

    public static readonly Problem NoReason = new("QUA-411", 400,
        new("请写明理由。", "Give the reason."), new("理由不超过 200 字。", "It has at most 200 characters."));
}
