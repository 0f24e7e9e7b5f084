// In: the units of the sample county. Out: simulated people with passwords that are random per install, listed in a file only its user can read.
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Identity;

internal sealed class DemoPeople(IdentityDb db, IUnits units, ILedger ledger, Settings settings, TimeProvider clock)
{
    private const int MostStewards = 8;

    // Family name and post only, and marked: nobody real is meant.
    private static readonly (string Login, string Name, string Role)[] Fixed =
    [
        ("demo-engineer", "李工程师（模拟）", Roles.Engineer),
        ("demo-system", "王系统管理员（模拟）", Roles.SystemAdministrator),
        ("demo-security", "赵安全管理员（模拟）", Roles.SecurityAdministrator),
        ("demo-audit", "孙审计管理员（模拟）", Roles.AuditAdministrator),
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
            .Concat(Fixed.Select(f => (f.Login, f.Name, (Guid?)null, f.Role)));
    }

    private async Task Write(IEnumerable<string> lines, CancellationToken stop)
    {
        var path = Path.Combine(settings.Keys, "demo-people.txt");
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        await using var writer = new StreamWriter(file);
        foreach (var line in lines)
        {
            await writer.WriteLineAsync(line.AsMemory(), stop);
        }
    }
}
