// The accounts, and how a change and its evidence become one.
using System.Data.Common;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Lizhou.Identity;

internal sealed class Account
{
    public Guid Id { get; init; }

    /// <summary>Lower case; never changes.</summary>
    public string Login { get; init; } = "";

    public string Name { get; set; } = "";

    public Guid? Unit { get; set; }

    /// <summary>Comma-separated, of <see cref="Kernel.Roles"/>.</summary>
    public string Roles { get; set; } = "";

    public string Password { get; set; } = "";

    public bool MustChange { get; set; }

    /// <summary>Of an administrator's first password, protected, until another administrator takes it; null when none waits.</summary>
    public string? SecondHalf { get; set; }

    /// <summary>The person of the organisation; null for an account of no listed person.</summary>
    public Guid? Person { get; set; }

    /// <summary>Up to which level, 1 to 4, they may see data; null when nobody labelled them.</summary>
    public int? Label { get; set; }

    /// <summary>When the password was set; null: with the account.</summary>
    public DateTimeOffset? PasswordAt { get; set; }

    /// <summary>The last sign-in; null when there was none.</summary>
    public DateTimeOffset? LastInAt { get; set; }

    /// <summary>When it was last let in again; null: never.</summary>
    public DateTimeOffset? EnabledAt { get; set; }

    /// <summary>Over all that decides (<see cref="AccountSeals"/>); null: not sealed yet, which counts as broken.</summary>
    public string? Seal { get; set; }

    public bool Active { get; set; } = true;

    public bool Demo { get; init; }

    public int Version { get; set; }

    public DateTimeOffset MadeAt { get; init; }

    public DateTimeOffset ChangedAt { get; set; }

    public IReadOnlyList<string> RoleList => Roles.Split(',', StringSplitOptions.RemoveEmptyEntries);

    public bool IsAdministrator => RoleList.Any(Kernel.Roles.Administrators.Contains);

    public static Account New(string login, string name, Guid? unit, IEnumerable<string> roles, string hash, DateTimeOffset now, bool demo = false) => new()
    {
        Id = Guid.CreateVersion7(now),
        Login = login.Trim().ToLowerInvariant(),
        Name = name.Trim(),
        Unit = unit,
        Roles = RoleRules.Joined(roles),
        Password = hash,
        Demo = demo,
        Version = 1,
        MadeAt = now,
        ChangedAt = now,
    };
}

/// <summary>A password of before, as its hash.</summary>
internal sealed class OldPassword
{
    public Guid Id { get; init; }

    public Guid Account { get; init; }

    public string Hash { get; init; } = "";

    public DateTimeOffset SetAt { get; init; }
}

internal sealed class IdentityDb(StateStore state, AccountSeals seals) : ModuleDb(state)
{
    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<OldPassword> OldPasswords => Set<OldPassword>();

    /// <summary>Writes the changes, what they end and their evidence in one transaction: no crash leaves a session behind of an account that was shut.</summary>
    /// <param name="within">What else the act does, in the same transaction; null for nothing.</param>
    /// <returns>Null, or why nothing was written: someone else was faster, or the account was edited past the program.</returns>
    public async Task<Problem?> Commit(ILedger ledger, Actor actor, Evidence evidence, CancellationToken stop, Func<DbConnection, DbTransaction, Task>? within = null)
    {
        try
        {
            return await this.Commit(ledger, [(actor, evidence)], Problems.ChangedMeanwhile, stop, within);
        }
        catch (ProblemException broken) when (broken.Problem == Problems.BrokenAccount)
        {
            return broken.Problem;
        }
    }

    /// <summary>Whether it is as the program wrote it.</summary>
    public bool IsWhole(Account account) => seals.Fits(account);

    /// <summary>Seals what it writes; what was edited past the program is not written again, or it would be sealed as it was edited.</summary>
    /// <exception cref="ProblemException">An account to be changed did not fit its seal.</exception>
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var entry in ChangeTracker.Entries<Account>().Where(e => e.State is EntityState.Added or EntityState.Modified).ToList())
        {
            if (entry.State == EntityState.Modified && !seals.Fits((Account)entry.OriginalValues.ToObject()))
            {
                throw new ProblemException(Problems.BrokenAccount);
            }

            entry.Entity.Seal = seals.Of(entry.Entity);
        }

        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <summary>Whether without it no account of its kind of administrator would be left that somebody can come in by. One counts that its person has come in by, with a password of their own:
    /// one whose first or reset password still waits, in halves perhaps, may never be opened.</summary>
    public async Task<bool> IsLastOfKind(Account account, CancellationToken stop) =>
        account.IsAdministrator && account.Active
        && !(await Accounts.AsNoTracking().Where(a => a.Active && a.Id != account.Id && a.Roles == account.Roles && a.LastInAt != null && !a.MustChange && a.SecondHalf == null).ToListAsync(stop)).Any(IsWhole);

    protected override void Map(ModelBuilder model)
    {
        model.Entity<OldPassword>().ToTable("identity_password").HasKey(p => p.Id);
        model.Entity<Account>(Shape);
    }

    private static void Shape(Microsoft.EntityFrameworkCore.Metadata.Builders.EntityTypeBuilder<Account> account)
    {
        account.ToTable("identity_account").HasKey(a => a.Id);
        account.Property(a => a.Id).ValueGeneratedNever();
        account.Property(a => a.Version).IsConcurrencyToken();
        // What an edit past the program left is no id; the account does not fit its seal, and the others are still read.
        ValueConverter<Guid, string> kept = new(id => id.ToString("D"), text => IdOf(text));
        account.Property(a => a.Unit).HasConversion(kept);
        account.Property(a => a.Person).HasConversion(kept);
        account.Ignore(a => a.RoleList).Ignore(a => a.IsAdministrator);
    }

    private static Guid IdOf(string text) => Guid.TryParse(text, out var id) ? id : Guid.Empty;
}
