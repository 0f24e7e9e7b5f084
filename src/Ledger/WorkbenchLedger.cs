// In: the audit administrator. Out: what the ledger asks of them: a check of the day, what a check found, how many acts were refused, what waits for its seal.
using System.Globalization;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Ledger.Verifying;

namespace Lizhou.Ledger;

internal sealed class WorkbenchLedger(StateStore state, VerifyLedger check, TimeProvider clock) : IWorkbenchCard
{
    private const string Page = "/ledger";
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly Text Room = new("存证", "Evidence");

    public async Task<IReadOnlyList<WorkbenchCounter>> Counters(Actor actor, CancellationToken stop)
    {
        if (!actor.Has(Roles.AuditAdministrator))
        {
            return [];
        }

        var since = (clock.GetUtcNow() - Day).ToStored();
        return
        [
            new(new("新增存证", "New entries"), await Count($"SELECT COUNT(*) FROM ledger_entry WHERE at > {since}", stop), new("最近 24 小时", "Within the last 24 hours"), Page),
            new(new("被拒绝的行为", "Refused acts"), await Count($"SELECT COUNT(*) FROM ledger_entry WHERE at > {since} AND result <> {Evidence.Done}", stop), new("最近 24 小时", "Within the last 24 hours"), $"{Page}?result=refused", "warn"),
            new(new("待封存", "Waiting for a seal"), await Count($"SELECT COUNT(*) FROM ledger_entry WHERE seq > (SELECT coalesce(max(last_seq), 0) FROM ledger_batch)", stop), new("写入后尚未签名和加盖时间戳", "Written, not yet signed and time stamped"), Page),
            new(new("核验问题", "Faults found"), check.Last?.Faults.Count, new("上次核验发现的问题；启动后未核验时未知", "By the last check; unknown before the first since the start"), Page, check.Last switch { null => "info", { Whole: true } => "good", _ => "bad" }),
        ];
    }

    public Task<IReadOnlyList<WorkbenchTask>> Tasks(Actor actor, CancellationToken stop)
    {
        List<WorkbenchTask> found = [];
        if (actor.Has(Roles.AuditAdministrator))
        {
            found.AddRange((check.Last?.Faults ?? []).Take(5).Select(f => new WorkbenchTask(f.What.ToString(), Room, new("存证不完整，须立即查明", "the ledger is not whole: find out at once"), $"{Page}/{f.Entry}", null)));
            if (check.Last is not { } last || clock.GetUtcNow() - last.At > Day)
            {
                found.Add(new(new Text("核验存证台账", "Check the ledger").ToString(), Room, new("今日尚未核验", "not checked within a day"), Page, null));
            }
        }

        return Task.FromResult<IReadOnlyList<WorkbenchTask>>(found);
    }

    public IReadOnlyList<QuickEntry> Entries(Actor actor) => actor.Has(Roles.AuditAdministrator) ? [new(new("存证台账", "Evidence ledger"), Page), new(new("个人信息披露查询", "Disclosures of a person"), "/disclosures")] : [];

    private async Task<long> Count(FormattableString sql, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return Convert.ToInt64(await connection.Scalar(null, sql, stop), CultureInfo.InvariantCulture);
    }
}
