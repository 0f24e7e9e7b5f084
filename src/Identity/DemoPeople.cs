// In: the units of the sample county. Out: simulated people with passwords that are random per install, listed in a file only its user can read.
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Identity;

internal sealed class DemoPeople(IdentityDb db, IUnits units, ILedger ledger, Settings settings, TimeProvider clock)
{
    private const int MostStewards = 8;

    // Family name and post only, and marked: nobody real is meant.
    private static readonly (string Login, string Name, string Role)[] Fixed =
    [
        ("demo-engineer", "李工程师（模拟）", Roles.Engineer),
        ("demo-chief", "何值班长（模拟）", Roles.Engineer), // The bureau's second: what one drafts another publishes.
        ("demo-system", "王系统管理员（模拟）", Roles.SystemAdministrator),
        ("demo-security", "赵安全管理员（模拟）", Roles.SecurityAdministrator),
        ("demo-audit", "孙审计管理员（模拟）", Roles.AuditAdministrator),
    ];

    /// <summary>Of the sample county, by its duty list: who takes calls, who dispatches and supervises, a handler, a town, a village's grids. Where a unit is not, its person is not.</summary>
    private static readonly (string Login, string Name, string Unit)[] OfUnits =
    [
        ("demo-call-taker", "吕受理员（模拟）", "市信访局"),
        ("demo-dispatcher", "蒋派遣员（模拟）", "市政府办公室"),
        ("demo-handler", "沈承办人（模拟）", "市综合行政执法局"),
        ("demo-town", "韩镇街专员（模拟）", "东城街道（模拟）"),
        ("demo-grid", "叶网格员（模拟）", "园丁社区居委会（模拟）"),
    ];

    private static readonly string[] Families = ["陈", "周", "吴", "郑", "徐", "胡", "朱", "应"];

    private static readonly SemaphoreSlim OneAtATime = new(1);

    /// <summary>Makes those that are missing; stewards as soon as there are units. Safe to call often.</summary>
    public async Task Ensure(CancellationToken stop)
    {
        await OneAtATime.WaitAsync(stop);
        try
        {
            var there = (await db.Accounts.Where(a => a.Demo).Select(a => a.Login).ToListAsync(stop)).ToHashSet(StringComparer.Ordinal);
            var missing = (await Wanted(stop)).Where(w => !there.Contains(w.Login)).ToList();
            if (missing.Count == 0)
            {
                return;
            }

            var made = await Task.WhenAll(missing.Select(async person =>
            {
                var password = Passwords.Random();
                var hash = await Passwords.Hash(password, stop);
                var account = Account.New(person.Login, person.Name, person.Unit, [person.Role], hash, clock.GetUtcNow(), demo: true);
                account.Label = Roles.Data.Split(',').Contains(person.Role) ? 4 : null; // What the security administrator of a real city would give for this work.
                return (Account: account, Password: password);
            }));
            await Write(made.Select(m => $"{m.Account.Login}\t{m.Password}\t{m.Account.Name}\t{m.Account.Roles}"), stop);
            db.Accounts.AddRange(made.Select(m => m.Account));
            await db.Commit(ledger, Actor.System, new("demo-people.made", "city", "done", new { made.Length }), stop);
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    public async Task<IReadOnlyList<(Account Person, string? Unit)>> All(CancellationToken stop)
    {
        var names = (await units.All(stop)).ToDictionary(u => u.Id, u => u.Name);
        var people = await db.Accounts.AsNoTracking().Where(a => a.Demo && a.Active).OrderBy(a => a.Login).ToListAsync(stop);
        return [.. people.OrderBy(p => Roles.All.ToList().IndexOf(p.Roles)).Select(p => (p, p.Unit is { } unit ? names.GetValueOrDefault(unit) : null))];
    }

    private async Task<IEnumerable<(string Login, string Name, Guid? Unit, string Role)>> Wanted(CancellationToken stop)
    {
        var all = await units.All(stop);
        var departments = all.Where(u => u.Parent is not null || all.Count == 1).Take(MostStewards).ToList();
        return departments.Select((u, i) => ($"demo-steward-{i + 1}", $"{Families[i]}专员（模拟）", (Guid?)u.Id, Roles.Steward))
            .Concat(departments.OrderByDescending(d => all.Count(u => u.Parent == d.Id)).Take(1).Select(u => ("demo-unit", "方单位管理员（模拟）", (Guid?)u.Id, Roles.UnitAdministrator)))
            .Concat(OfUnits.Select(o => (o.Login, o.Name, Unit: all.FirstOrDefault(u => u.Name == o.Unit)?.Id, Roles.Steward)).Where(o => o.Unit is not null))
            .Concat(Fixed.Select(f => (f.Login, f.Name, (Guid?)null, f.Role)));
    }

    private async Task Write(IEnumerable<string> lines, CancellationToken stop)
    {
        var path = Path.Combine(settings.Keys, "demo-people.txt");
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerFile.Rights,
        });
        await using var writer = new StreamWriter(file);
        if (file.Length == 0)
        {
            await writer.WriteLineAsync("# 账号 login\t密码 password\t姓名 name\t角色 role（各机构的数据专员在有机构后首次打开 /demo 时补入 / the units' stewards are added once /demo is opened and there are units）".AsMemory(), stop);
        }

        foreach (var line in lines)
        {
            await writer.WriteLineAsync(line.AsMemory(), stop);
        }
    }
}
