using Lizhou.Kernel;

namespace Lizhou.Ledger;

internal static class Problems
{
    public static readonly Problem NoSuchEntry = new(
        "LDG-001", 404, new("台账中没有第 {0} 条，或您无权查看。", "There is no entry {0} in the ledger, or you may not see it."), new("请检查编号。", "Check the number."));

    public static readonly Problem NotSealedYet = new(
        "LDG-002", 409, new("第 {0} 条尚未封存。", "Entry {0} is not sealed yet."), new("新记录一分钟内封存，请稍后再取回执。", "New entries are sealed within a minute; ask again then."));

    public static readonly Problem DoesNotFit = new(
        "LDG-003", 500, new("第 {0} 条与其封存不符，不能出具回执。", "Entry {0} does not fit its seal: there is no receipt for it."),
        new("请立即运行 ./lizhou ledger verify 并报告审计管理员。", "Run ./lizhou ledger verify now and tell the audit administrator."));

    public static readonly Problem NoSuite = new(
        "LDG-005", 422, new("没有名为 {0} 的存证算法。", "There is no suite of the ledger called {0}."),
        new("LIZHOU_LEDGER_SUITE 只能是 sha256（默认）或 sm3。", "LIZHOU_LEDGER_SUITE is sha256 (the usual one) or sm3."));

    public static readonly Problem NothingLost = new(
        "LDG-004", 409, new("水位记录与台账一致，无需重新记取。", "What is remembered outside the database is what the ledger has: there is nothing to remember anew."),
        new("其他问题请见 ./lizhou ledger verify。", "For other faults see ./lizhou ledger verify."));
}
