// Every refusal of conflicts. Codes are stable and never re-used.
using Lizhou.Kernel;

namespace Lizhou.Quality;

internal static partial class Problems
{
    public static readonly Problem NoConflict = new("QUA-201", 404,
        new("没有多源项“{0}”。", "There is no conflict “{0}”."), new("请核对编号。", "Check its number."));

    public static readonly Problem ConflictState = new("QUA-202", 409,
        new("它现在是“{0}”，不能办理这一步。", "It is {0}; this cannot be done now."), new("请刷新后按页面上的按钮办理。", "Load the page again and use its buttons."));

    public static readonly Problem ConflictBureau = new("QUA-203", 403,
        new("权威来源由主管部门裁定。", "The bureau decides which source counts."), new("请等待主管部门裁定；不同意的可以提出异议。", "Wait for the bureau; you may object to its decision."));

    public static readonly Problem ConflictParty = new("QUA-204", 403,
        new("只有发布该信息项的单位可以提出异议，每个单位一次。", "Only units that publish the item object, each once."), new("请联系主管部门。", "Ask the bureau."));

    public static readonly Problem ConflictWords = new("QUA-205", 400,
        new("请写明理由，并选择其中一个来源。", "Give the reason, and choose one of the sources."), new("理由不超过 1000 字。", "The reason has at most 1,000 characters."));

    public static readonly Problem ConflictStale = new("QUA-206", 409,
        new("刚被别人办理过。", "Somebody else has just acted on it."), new("请刷新后再办理。", "Load it again, then act."));
}
