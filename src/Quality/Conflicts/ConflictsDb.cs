// Entity Framework over the tables of conflicts; and which source of an item counts, for other modules.
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Conflicts;

internal sealed class ConflictsDb(StateStore state) : ModuleDb(state), ISources
{
    private static readonly SurvivorStep[] Decided = [SurvivorStep.Authority, SurvivorStep.Recency];
    private static readonly SurvivorStep[] Undecided = [SurvivorStep.Recency];

    public DbSet<Conflict> Conflicts => Set<Conflict>();

    public DbSet<ConflictSource> Sources => Set<ConflictSource>();

    public DbSet<ConflictAct> Acts => Set<ConflictAct>();

    public DbSet<OneSource> Counts => Set<OneSource>();

    public async Task<ItemSources?> Of(Guid resource, Guid item, CancellationToken stop)
    {
        var conflict = await Conflicts.AsNoTracking().FirstOrDefaultAsync(c => c.State != ConflictState.Ended && Sources.Any(s => s.Conflict == c.Id && s.Resource == resource && s.Item == item), stop);
        if (conflict is null)
        {
            return null;
        }

        return Shown(conflict, await Sources.AsNoTracking().Where(s => s.Conflict == conflict.Id).OrderBy(s => s.ResourceName).ToListAsync(stop));
    }

    public static ItemSources Shown(Conflict conflict, IEnumerable<ConflictSource> sources) => new(
        conflict.Number, conflict.Name, [.. sources.Select(s => new ItemSource(s.Resource, s.Item, s.Unit, s.Resource == conflict.Resource && s.Item == conflict.Item))],
        conflict.Resource is null ? Undecided : Decided, conflict.Reason, conflict.DecidedAt);

    public void Note(Conflict conflict, ConflictStep step, ConflictState state, Actor actor, DateTimeOffset now, string? words = null)
    {
        (conflict.State, conflict.Revision) = (state, conflict.Revision + 1);
        Acts.Add(new() { Id = Guid.CreateVersion7(now), Conflict = conflict.Id, Step = step, Person = actor.Name, Unit = actor.Unit, Words = words, At = now, Revision = conflict.Revision });
    }

    /// <summary>Writes the changes and the evidence in one transaction; null, or why nothing was written.</summary>
    public Task<Problem?> Commit(ILedger ledger, IEnumerable<(Actor Actor, Evidence Evidence)> evidence, CancellationToken stop) => this.Commit(ledger, evidence, Problems.ConflictStale, stop);

    protected override void Map(ModelBuilder model)
    {
        model.Entity<Conflict>(conflict =>
        {
            conflict.ToTable("quality_conflict").HasKey(c => c.Id);
            conflict.Property(c => c.Id).ValueGeneratedNever();
            conflict.Property(c => c.Revision).IsConcurrencyToken();
        });
        model.Entity<ConflictSource>().ToTable("quality_conflict_source").HasKey(s => new { s.Conflict, s.Resource, s.Item });
        model.Entity<ConflictSource>().HasOne<Conflict>().WithMany().HasForeignKey(s => s.Conflict);
        model.Entity<ConflictAct>().ToTable("quality_conflict_act").HasKey(a => a.Id);
        model.Entity<ConflictAct>().Property(a => a.Id).ValueGeneratedNever();
        model.Entity<OneSource>(count =>
        {
            count.ToTable("quality_one_source").HasKey(o => o.Id);
            count.Property(o => o.Id).ValueGeneratedNever();
        });
    }
}
