// The register's tables, and how a change and its evidence become one.
using System.Text.Json.Serialization;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Lizhou.Standards.Standardise;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Standards;

[JsonConverter(typeof(JsonStringEnumConverter<StandardKind>))]
internal enum StandardKind
{
    CodeList,
    Element,
    Unification,
}

/// <summary>One code list, data element or unification: where its versions stand.</summary>
internal sealed class Standard
{
    public Guid Id { get; init; }

    public StandardKind Kind { get; init; }

    /// <summary>What it is asked by; unique in its kind, never changed.</summary>
    public string Code { get; init; } = "";

    /// <summary>Of the version lists show.</summary>
    public string Name { get; set; } = "";

    /// <summary>Null while none was published.</summary>
    public int? InForce { get; set; }

    /// <summary>The version being worked on; null for none.</summary>
    public int? Draft { get; set; }

    /// <summary>The highest number given so far.</summary>
    public int Last { get; set; }

    /// <summary>Grows with every act; sent back with the next one, so that nobody's work is overwritten unseen.</summary>
    public int Revision { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The version lists show.</summary>
    public int Shown => InForce ?? Draft ?? Last;
}

internal sealed class StandardVersion
{
    public Guid Standard { get; init; }

    public int Number { get; init; }

    /// <summary>What it says, as JSON of its kind's record.</summary>
    public string Body { get; set; } = "";

    /// <summary>Lines of a code list; 0 for others.</summary>
    public int Codes { get; set; }

    public string MadeBy { get; set; } = "";

    public DateTimeOffset MadeAt { get; set; }

    public string? PublishedBy { get; set; }

    /// <summary>Null while it never was.</summary>
    public DateTimeOffset? PublishedAt { get; set; }
}

internal sealed class CodeLine
{
    public Guid Standard { get; init; }

    public int Number { get; init; }

    /// <summary>Its place in the list, from 1.</summary>
    public int Line { get; init; }

    public string Code { get; init; } = "";

    public string Name { get; init; } = "";

    public string? NameEn { get; init; }

    public string? Parent { get; init; }

    public DateOnly? ValidFrom { get; init; }

    public DateOnly? ValidUntil { get; init; }

    public string? Note { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<CrosswalkState>))]
internal enum CrosswalkState
{
    Proposed,
    Confirmed,
    Declined,
}

internal sealed class CrosswalkLine
{
    public Guid Id { get; init; }

    public string List { get; init; } = "";

    public string Code { get; init; } = "";

    public string ToList { get; init; } = "";

    /// <summary>Null: nothing took its place.</summary>
    public string? ToCode { get; init; }

    public DateOnly ChangedOn { get; init; }

    public CodeChangeKind Kind { get; set; }

    public CrosswalkState State { get; set; }

    /// <summary>Why it was proposed, or on what paper it rests.</summary>
    public string? Reason { get; set; }

    public string MadeBy { get; init; } = "";

    public DateTimeOffset MadeAt { get; init; }

    public string? SettledBy { get; set; }

    public DateTimeOffset? SettledAt { get; set; }

    public int Revision { get; set; }
}

internal sealed class StandardsDb(StateStore state) : ModuleDb(state)
{
    public DbSet<Standard> Standards => Set<Standard>();

    public DbSet<StandardVersion> Versions => Set<StandardVersion>();

    public DbSet<CodeLine> Codes => Set<CodeLine>();

    public DbSet<CrosswalkLine> Crosswalk => Set<CrosswalkLine>();

    public DbSet<ItemTreatment> Treatments => Set<ItemTreatment>();

    /// <summary>Writes the changes and their evidence in one transaction: the one begun already, or one of its own.</summary>
    /// <returns>Null, or why nothing was written: someone else was faster.</returns>
    public async Task<Problem?> Commit(ILedger ledger, Actor actor, Evidence evidence, CancellationToken stop)
    {
        var late = await this.Commit(ledger, [(actor, evidence)], Problems.ChangedMeanwhile, stop);
        if (late is not null)
        {
            ChangeTracker.Clear();
        }

        return late;
    }

    protected override void Map(ModelBuilder model)
    {
        model.Entity<Standard>(standard =>
        {
            standard.ToTable("standard").HasKey(s => s.Id);
            standard.Property(s => s.Id).ValueGeneratedNever();
            standard.Property(s => s.Revision).IsConcurrencyToken();
            standard.Ignore(s => s.Shown);
        });
        model.Entity<StandardVersion>(version =>
        {
            version.ToTable("standard_version").HasKey(v => new { v.Standard, v.Number });
            version.HasOne<Standard>().WithMany().HasForeignKey(v => v.Standard);
            version.Property(v => v.Number).ValueGeneratedNever();
        });
        model.Entity<CodeLine>(line =>
        {
            line.ToTable("standard_code").HasKey(c => new { c.Standard, c.Number, c.Line });
            line.HasOne<StandardVersion>().WithMany().HasForeignKey(c => new { c.Standard, c.Number });
            line.Property(c => c.Line).ValueGeneratedNever();
        });
        model.Entity<ItemTreatment>(treatment =>
        {
            treatment.ToTable("standard_treatment").HasKey(t => t.Id);
            treatment.Property(t => t.Id).ValueGeneratedNever();
        });
        model.Entity<CrosswalkLine>(line =>
        {
            line.ToTable("standard_crosswalk").HasKey(c => c.Id);
            line.Property(c => c.Id).ValueGeneratedNever();
            line.Property(c => c.Revision).IsConcurrencyToken();
        });
    }
}
