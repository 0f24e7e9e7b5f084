// In: which of the three administrators, or which unit's, looks. Out: what waits for them and for nobody else: locks, labels, second factors, failed sign-ins. Each sees the work of their own right.
using System.Globalization;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Identity;

internal sealed class WorkbenchAccounts(IdentityDb db, AccountSeals seals, StateStore state, IUnits units, IPeople people, TimeProvider clock) : IWorkbenchCard
{
    private const string Accounts = "/accounts";
    private static readonly Text Room = new("账号", "Accounts");

    public async Task<IReadOnlyList<WorkbenchCounter>> Counters(Actor actor, CancellationToken stop)
    {
        List<WorkbenchCounter> found = [];
        if (actor.Has(Roles.SystemAdministrator))
        {
            found.Add(new(new("锁定的账号", "Locked logins"), (await Locked(stop)).Count, new("连续输错密码或验证码、尚在锁定期内", "Too many wrong passwords or codes; still shut"), "/sign-ins", "warn"));
        }

        if (actor.Has(Roles.SystemAdministrator) || actor.Has(Roles.UnitAdministrator))
        {
            var charge = Keeping.Charge(actor, await units.All(stop)) ?? (await units.All(stop)).Select(u => u.Id).ToHashSet();
            var holders = (await db.Accounts.AsNoTracking().Where(a => a.Active && a.Person != null).Select(a => a.Person).ToListAsync(stop)).ToHashSet();
            found.Add(new(new("未开户人员", "People without an account"), (await people.Of([.. charge], stop)).Count(p => !holders.Contains(p.Id)), new("在册在岗、没有启用账号", "Listed, in office, no open account"), "/accounts/activation?show=Unopened"));
            List<Guid?> own = [.. charge];
            found.Add(new(new("从未登录", "Never signed in"), await db.Accounts.LongCountAsync(a => a.Active && a.LastInAt == null && own.Contains(a.Unit), stop), new("启用以来没有登录过的账号", "Open accounts nobody has used yet"), "/accounts/activation?show=Unused"));
        }

        if (actor.Has(Roles.SecurityAdministrator))
        {
            found.Add(new(new("待赋安全标记", "Accounts to label"), await Unlabelled().LongCountAsync(stop), new("启用的数据岗位账号，没有安全标记，只能看到 L2 及以下", "Open accounts with data roles and no label: they see L2 at most"), "/accounts?state=active", "warn"));
            found.Add(new(new("三员未绑定双因素", "Administrators without a second factor"), await Count($"SELECT COUNT(*) FROM identity_account a WHERE a.active = 1 AND a.demo = 0 AND a.roles IN ({Roles.SystemAdministrator}, {Roles.SecurityAdministrator}, {Roles.AuditAdministrator}) AND NOT EXISTS (SELECT 1 FROM identity_factor f WHERE f.account = a.id) AND NOT EXISTS (SELECT 1 FROM identity_certificate c WHERE c.account = a.id AND c.removed_at IS NULL)", stop), new("启用的三员账号中既未绑定动态口令也未登记证书的", "Of the three administrators' open accounts, those with neither an authenticator nor a certificate"), Accounts, "warn"));
            found.Add(new(new("在线会话", "Open sessions"), await Count($"SELECT COUNT(*) FROM identity_session WHERE seen_at > {clock.GetUtcNow().AddMinutes(-15).ToStored()}", stop), new("最近 15 分钟内有活动", "Active within the last 15 minutes"), "/sessions"));
        }

        if (actor.Has(Roles.SecurityAdministrator) || actor.Has(Roles.AuditAdministrator))
        {
            found.Add(new(new("登录失败", "Failed sign-ins"), await Count($"SELECT COUNT(*) FROM identity_sign_in WHERE result <> 'done' AND at > {clock.GetUtcNow().AddDays(-1).ToStored()}", stop), new("最近 24 小时", "Within the last 24 hours"), "/sign-ins"));
        }

        return found;
    }

    public async Task<IReadOnlyList<WorkbenchTask>> Tasks(Actor actor, CancellationToken stop)
    {
        if (actor.Has(Roles.SystemAdministrator))
        {
            return [.. (await Locked(stop)).Take(10).Select(l => new WorkbenchTask(l.Login, Room, new Text("已锁定至 {0}，必要时重置密码", "locked until {0}; reset the password if need be").With(l.Until.Shown()), $"{Accounts}?q={Uri.EscapeDataString(l.Login)}", null))];
        }

        if (!actor.Has(Roles.SecurityAdministrator))
        {
            return [];
        }

        var waiting = await Unlabelled().OrderBy(a => a.Id).Take(10).ToListAsync(stop);
        var broken = (await seals.Broken(stop)).Select(login => new WorkbenchTask(login, Room, new("封签不符：账号被直接改动，须立即处理", "its seal is broken: the account was tampered with, act at once"), $"{Accounts}?q={Uri.EscapeDataString(login)}", null));
        return [.. broken.Concat(waiting.Select(a => new WorkbenchTask($"{a.Name} · {a.Login}", Room, new("待赋安全标记", "to be labelled"), $"{Accounts}?q={Uri.EscapeDataString(a.Login)}", null))).Take(10)];
    }

    public IReadOnlyList<QuickEntry> Entries(Actor actor)
    {
        QuickEntry[] all =
        [
            new(new("账号管理", "Accounts"), Accounts), new(new("账号激活", "Activation"), "/accounts/activation"), new(new("登录记录", "Sign-ins"), "/sign-ins"), new(new("在线会话", "Sessions"), "/sessions"),
        ];
        return actor.Has(Roles.SecurityAdministrator) ? all : actor.Has(Roles.SystemAdministrator) || actor.Has(Roles.AuditAdministrator) ? all[..3] : actor.Has(Roles.UnitAdministrator) ? all[..2] : [];
    }

    private IQueryable<Account> Unlabelled() =>
        db.Accounts.AsNoTracking().Where(a => a.Active && a.Label == null && (a.Roles.Contains(Roles.Steward) || a.Roles.Contains(Roles.Engineer)));

    private async Task<List<(string Login, DateTimeOffset Until)>> Locked(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null,
            $"SELECT login, locked_until FROM identity_lock WHERE login LIKE 'login %' AND locked_until > {clock.GetUtcNow().ToStored()} ORDER BY locked_until DESC",
            r => (r.GetString(0)["login ".Length..], Clock.FromStored(r.GetString(1))),
            stop).ToListAsync(stop);
    }

    private async Task<long> Count(FormattableString sql, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return Convert.ToInt64(await connection.Scalar(null, sql, stop), CultureInfo.InvariantCulture);
    }
}
