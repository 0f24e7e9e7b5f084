// Entity Framework over the tables of tickets, batches and thresholds.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Lizhou.Quality.Gates;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Tickets;

internal sealed class TicketsDb(StateStore state) : ModuleDb(state)
{
    public DbSet<Ticket> Tickets => Set<Ticket>();

    public DbSet<Finding> Findings => Set<Finding>();

    public DbSet<Act> Acts => Set<Act>();

    public DbSet<Limit> Limits => Set<Limit>();

    public DbSet<KnownBatch> Batches => Set<KnownBatch>();

    public DbSet<Threshold> Thresholds => Set<Threshold>();

    /// <summary>Writes the changes and the evidence in one transaction.</summary>
    /// <returns>Null, or why nothing was written: someone else was faster.</returns>
    public Task<Problem?> Commit(ILedger ledger, IEnumerable<(Actor Actor, Evidence Evidence)> evidence, CancellationToken stop) => this.Commit(ledger, evidence, Problems.TicketStale, stop);

    /// <summary>Moves a ticket by one step, with the line of its history.</summary>
    public void Step(Ticket ticket, TicketStep step, TicketState state, Actor actor, DateTimeOffset now, string? subject = null, string? words = null)
    {
        (ticket.State, ticket.StageAt, ticket.Revision) = (state, now, ticket.Revision + 1);
        ticket.ClosedAt = state == TicketState.Closed ? ticket.ClosedAt ?? now : null;
        ticket.Reopened += step is TicketStep.Returned or TicketStep.Again or TicketStep.Refuse ? 1 : 0;
        Acts.Add(new() { Id = Guid.CreateVersion7(now), Ticket = ticket.Id, Step = step, Person = actor.Name, Unit = actor.Unit, Subject = subject, Words = words, State = state, At = now, Revision = ticket.Revision });
    }

    /// <summary>The next number of a year, inside the caller's transaction or not: a double is refused by the database.</summary>
    public async Task<string> NextNumber(int year, CancellationToken stop)
    {
        var prefix = $"GD-{year}-";
        var last = await Tickets.AsNoTracking().Where(t => t.Number.StartsWith(prefix)).OrderByDescending(t => t.Number).Select(t => t.Number).FirstOrDefaultAsync(stop);
        var pending = ChangeTracker.Entries<Ticket>().Where(e => e.State == EntityState.Added).Select(e => e.Entity.Number).Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Append(last).Max(StringComparer.Ordinal);
        return $"{prefix}{(pending is null ? 1 : int.Parse(pending.Split('-')[2]) + 1):D5}";
    }

    protected override void Map(ModelBuilder model)
    {
        model.Entity<Ticket>(ticket =>
        {
            ticket.ToTable("quality_ticket").HasKey(t => t.Id);
            ticket.Property(t => t.Id).ValueGeneratedNever();
            ticket.Property(t => t.Revision).IsConcurrencyToken();
            ticket.Ignore(t => t.Runs);
        });
        model.Entity<Finding>(finding =>
        {
            finding.ToTable("quality_finding").HasKey(f => f.Id);
            finding.Property(f => f.Id).ValueGeneratedNever();
            finding.HasOne<Ticket>().WithMany().HasForeignKey(f => f.Ticket);
            finding.Ignore(f => f.Reason);
        });
        model.Entity<Act>().ToTable("quality_act").HasKey(a => a.Id);
        model.Entity<Act>().Property(a => a.Id).ValueGeneratedNever();
        model.Entity<Limit>().ToTable("quality_limit").HasKey(l => l.Id);
        model.Entity<Limit>().Property(l => l.Id).ValueGeneratedNever();
        model.Entity<KnownBatch>(batch =>
        {
            batch.ToTable("quality_batch").HasKey(b => b.Batch);
            batch.Property(b => b.Batch).ValueGeneratedNever();
            batch.Ignore(b => b.Tally);
        });
        model.Entity<Threshold>().ToTable("quality_threshold").HasKey(t => t.Id);
        model.Entity<Threshold>().Property(t => t.Id).ValueGeneratedNever();
    }
}
