// The organisation's tables, and how a change and its evidence become one.
using System.Text.Json.Serialization;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Lizhou.Kernel.Events;
using Lizhou.Organisation.Corrections;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation;

[JsonConverter(typeof(JsonStringEnumConverter<UnitKind>))]
internal enum UnitKind
{
    Department,
    Town,
    Zone,
    Institution,
    Enterprise,
    Other,
}

/// <summary>What every row of the organisation has: it is closed rather than deleted, and a change made on an older state is refused.</summary>
internal abstract class Entry
{
    public Guid Id { get; init; }

    public string Name { get; set; } = "";

    public bool Active { get; set; } = true;

    public int Version { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

internal sealed class Unit : Entry
{
    public string Code { get; set; } = "";

    public string? CodeNote { get; set; }

    public string? ShortName { get; set; }

    public UnitKind Kind { get; set; }

    public Guid? Parent { get; set; }
}

/// <summary>What belongs to a unit.</summary>
internal abstract class Belonging : Entry
{
    public Guid Unit { get; set; }
}

internal sealed class InformationSystem : Belonging
{
    public string? Purpose { get; set; }

    public string? Vendor { get; set; }

    public DateOnly? Since { get; set; }
}

internal sealed class Post : Belonging
{
    public string? Duty { get; set; }
}

internal sealed class Person : Belonging
{
    public Guid? Post { get; set; }

    /// <summary>Staff number; null where there is none.</summary>
    public string? Number { get; set; }

    public string? Phone { get; set; }
}

internal sealed class OrganisationDb(StateStore state, TimeProvider clock) : ModuleDb(state)
{
    public DbSet<Unit> Units => Set<Unit>();

    public DbSet<InformationSystem> Systems => Set<InformationSystem>();

    public DbSet<Post> Posts => Set<Post>();

    public DbSet<Person> People => Set<Person>();

    public DbSet<Correction> Corrections => Set<Correction>();

    /// <summary>Marks an entry as changed now; <paramref name="known"/> is the version its editor saw, null for the current one.</summary>
    public void Touch(Entry entry, int? known, TimeProvider now)
    {
        if (known is { } version)
        {
            Entry(entry).Property(e => e.Version).OriginalValue = version;
        }

        entry.Version = (known ?? entry.Version) + 1;
        entry.ChangedAt = now.GetUtcNow();
    }

    /// <summary>Writes the changes, the facts they make and their evidence in one transaction.</summary>
    /// <returns>Null, or why nothing was written: someone else was faster.</returns>
    public Task<Problem?> Commit(ILedger ledger, Actor actor, Evidence evidence, CancellationToken stop)
    {
        var renamed = ChangeTracker.Entries<Unit>().Where(u => u.State == EntityState.Modified && u.Property(e => e.Name).IsModified).Select(u => u.Entity);
        Set<OutboxRow>().AddRange([.. renamed.Select(u => OutboxRow.Of(new UnitRenamed(u.Id, u.Name), clock))]);
        return this.Commit(ledger, [(actor, evidence)], Problems.ChangedMeanwhile, stop);
    }

    protected override void Map(ModelBuilder model)
    {
        Shape<Unit>(model, "organisation_unit");
        // Told of the tree, the parent is written before its child, in whatever order a sheet names them.
        model.Entity<Unit>().HasOne<Unit>().WithMany().HasForeignKey(u => u.Parent).OnDelete(Microsoft.EntityFrameworkCore.DeleteBehavior.Restrict);
        Shape<InformationSystem>(model, "organisation_system");
        Shape<Post>(model, "organisation_post");
        Shape<Person>(model, "organisation_person");
        model.Entity<Correction>(correction =>
        {
            correction.ToTable("organisation_correction").HasKey(c => c.Id);
            correction.Property(c => c.Id).ValueGeneratedNever();
            correction.Property(c => c.Version).IsConcurrencyToken();
            correction.Ignore(c => c.Path);
        });
    }

    private static void Shape<T>(ModelBuilder model, string table)
        where T : Entry => model.Entity<T>(entry =>
        {
            entry.ToTable(table).HasKey(e => e.Id);
            entry.Property(e => e.Id).ValueGeneratedNever();
            entry.Property(e => e.Version).IsConcurrencyToken();
        });
}
