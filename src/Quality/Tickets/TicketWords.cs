// States, steps and severities in both languages, and their colours.
using Lizhou.Kernel;

namespace Lizhou.Quality.Tickets;

internal static class TicketWords
{
    public static Text Of(TicketState state) => state switch
    {
        TicketState.Open => new("待整改", "to be mended"),
        TicketState.Mending => new("整改中", "being mended"),
        TicketState.Explained => new("已说明，待裁定", "explained, to be decided"),
        TicketState.Objected => new("有异议，待裁定", "objected to, to be decided"),
        TicketState.Rechecked => new("已复核", "re-checked"),
        _ => new("已办结", "closed"),
    };

    public static string Tone(TicketState state) => state switch
    {
        TicketState.Open => "bad",
        TicketState.Mending or TicketState.Explained or TicketState.Objected => "warn",
        TicketState.Rechecked => "info",
        _ => "good",
    };

    public static Text Of(TicketStep step) => step switch
    {
        TicketStep.Issued => new("签发工单", "Issued"),
        TicketStep.Joined => new("并入新的批次", "Another batch joined"),
        TicketStep.Passed => new("复核通过", "Re-check passed"),
        TicketStep.Returned => new("复核仍有问题，重新打开", "Found again, reopened"),
        TicketStep.Finished => new("办结", "Closed"),
        TicketStep.Reminded => new("催办", "Reminded"),
        TicketStep.Overdue => new("超期", "Overdue"),
        TicketStep.Undone => new("批次撤销", "Batch undone"),
        TicketStep.RuleGone => new("规则已撤下", "The rule was taken out"),
        TicketStep.Mend => new("开始整改", "Begin to mend"),
        TicketStep.Resend => new("已在新批次中改正", "Mended in a new batch"),
        TicketStep.Mended => new("已改正", "Mended"),
        TicketStep.Explain => new("说明", "Explain"),
        TicketStep.Object => new("提出异议", "Object"),
        TicketStep.Accept => new("采纳", "Accept"),
        TicketStep.Refuse => new("不采纳", "Refuse"),
        TicketStep.Reported => new("反映问题", "Reported"),
        TicketStep.Confirm => new("确认已改正", "Confirm"),
        _ => new("仍有问题", "Still wrong"),
    };

    public static Text Of(Severity severity) => severity switch
    {
        Severity.Major => new("重大", "Major"),
        Severity.Serious => new("较重", "Serious"),
        _ => new("一般", "Minor"),
    };

    public static string Tone(Severity severity) => severity switch { Severity.Major => "bad", Severity.Serious => "warn", _ => "plain" };

    public static Text Of(Outcome outcome) => outcome switch
    {
        Outcome.Mended => new("已整改", "mended"),
        Outcome.Explained => new("说明成立", "explained"),
        Outcome.RuleGone => new("规则已撤下", "rule taken out"),
        _ => new("批次已撤销", "batches undone"),
    };

    public static Text Of(Origin origin) => origin switch
    {
        Origin.Batch => new("归集问题", "Faults of a batch"),
        Origin.Rule => new("规则检出", "Flagged by a rule"),
        _ => new("校核纠错", "Reported by a receiver"),
    };
}
