// Entity Framework over the tables of this room.
using System.Data.Common;
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Lizhou.Sharing.Deliveries;
using Lizhou.Sharing.Grants;
using Lizhou.Sharing.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Lizhou.Sharing;

/// <param name="seals">Whoever changes a grant seals it with the change.</param>
internal sealed class SharingDb(StateStore state, SharedSeals seals) : ModuleDb(state)
{
    public DbSet<Request> Requests => Set<Request>();

    public DbSet<Act> Acts => Set<Act>();

    public DbSet<BasketLine> Basket => Set<BasketLine>();

    public DbSet<Limit> Limits => Set<Limit>();

    public DbSet<SharedGrant> Grants => Set<SharedGrant>();

    public DbSet<GrantUse> Uses => Set<GrantUse>();

    public DbSet<Delivery> Deliveries => Set<Delivery>();

    public DbSet<Run> Runs => Set<Run>();

    public DbSet<Correction> Corrections => Set<Correction>();

    public DbSet<Notice> Notices => Set<Notice>();

    public void Notify(Guid unit, string kind, string subject, string path, DateTimeOffset now) =>
        Notices.Add(new() { Id = Guid.CreateVersion7(now), Unit = unit, Kind = kind, Subject = subject, Path = path, At = now });

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var grant in ChangeTracker.Entries<SharedGrant>())
        {
            seals.Put(grant);
        }

        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <summary>Writes the changes, what else belongs to them and the evidence in one transaction.</summary>
    /// <param name="within">More for the same transaction; null for nothing.</param>
    /// <returns>Null, or why nothing was written: someone else was faster.</returns>
    public Task<Problem?> Commit(ILedger ledger, Actor actor, IEnumerable<Evidence> evidence, CancellationToken stop, Func<DbConnection, DbTransaction, Task>? within = null) =>
        this.Commit(ledger, evidence.Select(e => (actor, e)), Problems.Stale, stop, within);

    /// <summary>The next free number <c>PREFIX-YEAR-0001</c>; inside the caller's transaction.</summary>
    public static string Next(string? last, string prefix, int year) =>
        $"{prefix}-{year}-{(last is null ? 1 : int.Parse(last.Split('-')[2]) + 1):D5}";

    protected override void Map(ModelBuilder model)
    {
        model.Entity<Request>(request =>
        {
            request.ToTable("sharing_request").HasKey(r => r.Id);
            request.Property(r => r.Id).ValueGeneratedNever();
            request.Property(r => r.Items).HasConversion(new AsJson<IReadOnlyList<Guid>>());
            request.Property(r => r.Why).HasConversion(new AsJson<Text?>());
            request.Property(r => r.Filter).HasConversion(new AsJson<Condition?>());
            request.Property(r => r.Revision).IsConcurrencyToken();
        });
        model.Entity<Act>().ToTable("sharing_act").HasKey(a => a.Id);
        model.Entity<BasketLine>().ToTable("sharing_basket").HasKey(b => new { b.Person, b.Resource });
        model.Entity<Limit>().ToTable("sharing_step_limit").HasKey(l => new { l.Stage, l.ValidFrom });
        model.Entity<SharedGrant>().ToTable("sharing_grant").HasKey(g => g.Id);
        model.Entity<SharedGrant>().Property(g => g.Id).ValueGeneratedNever();
        model.Entity<GrantUse>().ToTable("sharing_use").HasKey(u => new { u.Granted, u.Day });
        model.Entity<Delivery>(delivery =>
        {
            delivery.ToTable("sharing_delivery").HasKey(d => d.Id);
            delivery.Property(d => d.Id).ValueGeneratedNever();
            delivery.Property(d => d.Target).HasConversion(new AsJson<Target>());
            delivery.Property(d => d.Revision).IsConcurrencyToken();
        });
        model.Entity<Run>(run =>
        {
            run.ToTable("sharing_run").HasKey(r => r.Id);
            run.Property(r => r.Id).ValueGeneratedNever();
            run.Ignore(r => r.Rows);
        });
        model.Entity<Correction>().ToTable("sharing_correction").HasKey(c => c.Id);
        model.Entity<Correction>().Property(c => c.Id).ValueGeneratedNever();
        model.Entity<Notice>().ToTable("sharing_notice").HasKey(n => n.Id);
        model.Entity<Notice>().Property(n => n.Id).ValueGeneratedNever();
        model.Entity<Act>().Property(n => n.Id).ValueGeneratedNever();
    }

    private sealed class AsJson<T>() : ValueConverter<T, string>(v => JsonSerializer.Serialize(v), s => JsonSerializer.Deserialize<T>(s)!);
}
