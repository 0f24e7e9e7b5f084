// Every refusal of tickets. Codes are stable and never re-used.
using Lizhou.Kernel;

namespace Lizhou.Quality;

internal static partial class Problems
{
    public static readonly Problem NoTicket = new("QUA-101", 404,
        new("没有工单“{0}”。", "There is no ticket “{0}”."), new("请核对工单号。", "Check its number."));

    public static readonly Problem TicketState = new("QUA-102", 409,
        new("工单现在是“{0}”，不能“{1}”。", "The ticket is {0}; it cannot be: {1}."), new("请刷新后按页面上的按钮办理。", "Load the page again and use its buttons."));

    public static readonly Problem TicketSource = new("QUA-103", 403,
        new("只有数源单位的数据专员可以整改或说明。", "Only a steward of the source unit mends or explains."), new("请由数源单位办理。", "Leave it to the source unit."));

    public static readonly Problem TicketBureau = new("QUA-104", 403,
        new("说明和异议由主管部门裁定。", "The bureau decides on explanations and objections."), new("请等待主管部门办理。", "Wait for the bureau."));

    public static readonly Problem TicketSamePerson = new("QUA-105", 403,
        new("提出说明或异议的人不能自己裁定。", "Who explained or objected does not decide on it."), new("请由另一人裁定。", "Let somebody else decide."));

    public static readonly Problem TicketReporter = new("QUA-106", 403,
        new("由反映问题的单位确认。", "The unit that reported it confirms."), new("请等待其确认。", "Wait for it."));

    public static readonly Problem TicketWords = new("QUA-107", 400,
        new("请写明情况。", "Say what the case is."), new("说明、异议和裁定都要写明理由，不超过 1000 字。", "Explanations, objections and decisions need their reason, at most 1,000 characters."));

    public static readonly Problem TicketStale = new("QUA-108", 409,
        new("工单刚被别人办理过。", "Somebody else has just acted on it."), new("请刷新后再办理。", "Load it again, then act."));

    public static readonly Problem NotResent = new("QUA-109", 409,
        new("批次“{0}”不能作为整改：{1}", "Batch “{0}” does not mend it: {1}"), new("请重新报送改正后的数据，再填写新批次的批次号。", "Send the corrected data again, then give the number of the new batch."));

    public static readonly Problem NoReceipt = new("QUA-110", 403,
        new("本单位没有收到这项数据：没有有效授权，或授权不含该信息项。", "Your unit does not receive this: it holds no valid grant, or the item is not in it."), new("只能反映本单位收到的数据；请先申请共享。", "Report what your unit receives; request it first."));

    public static readonly Problem BadReport = new("QUA-111", 400,
        new("请写明是哪一行数据、哪里有误、应如何修正。", "Say which row it is, what is wrong and how it should be."), new("主键值不超过 200 字，说明 2 至 500 字。", "The key has at most 200 characters, the words 2 to 500."));

    public static readonly Problem NoReportedRow = new("QUA-114", 404,
        new("本单位收到的数据里没有主键为“{0}”的行。", "There is no row with the key “{0}” among what your unit receives."), new("请核对主键值；已经删去或改过主键的数据不必再反映。", "Check the key; what is gone, or has another key by now, need not be reported."));

    public static readonly Problem BadAnswer = new("QUA-113", 400,
        new("办理内容有误：{0}", "What was written is not valid: {0}"), new("请按提示修改。", "Correct it as told."));

    public static readonly Problem BadLimit = new("QUA-112", 400,
        new("时限有误：{0}", "The limit is not valid: {0}"), new("请按提示修改。", "Correct it as told."));
}
