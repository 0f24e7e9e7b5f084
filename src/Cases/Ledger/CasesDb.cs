// Entity Framework over the tables of this room: for looking. What is written of cases is written by CaseRows.
using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lizhou.Cases.Assessing;
using Lizhou.Cases.Classes;
using Lizhou.Cases.Dispatching;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Nodes;
using Lizhou.Cases.Recommending;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Lizhou.Cases.Ledger;

internal sealed class CasesDb(StateStore state, DbConnection? connection = null) : ModuleDb(state, connection)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public DbSet<CaseFile> Files => Set<CaseFile>();

    public DbSet<CaseEvent> Events => Set<CaseEvent>();

    public DbSet<CaseLeg> Legs => Set<CaseLeg>();

    public DbSet<CasePart> Parts => Set<CasePart>();

    public DbSet<CaseText> Texts => Set<CaseText>();

    public DbSet<CaseAwaited> Awaited => Set<CaseAwaited>();

    public DbSet<CaseClock> Clocks => Set<CaseClock>();

    public DbSet<FlowVersion> Flows => Set<FlowVersion>();

    public DbSet<TableVersion> Tables => Set<TableVersion>();

    public DbSet<DraftStep> DraftSteps => Set<DraftStep>();

    public DbSet<CaseClass> Classes => Set<CaseClass>();

    public DbSet<CaseNode> Nodes => Set<CaseNode>();

    public DbSet<Duty> Duties => Set<Duty>();

    public DbSet<SchemeVersion> Schemes => Set<SchemeVersion>();

    public DbSet<Recommender> Recommenders => Set<Recommender>();

    public DbSet<Appeal> Appeals => Set<Appeal>();

    public DbSet<AppealDecision> AppealDecisions => Set<AppealDecision>();

    /// <summary>A case with its legs and clocks, in order.</summary>
    public async Task<CaseWhole?> Whole(string number, CancellationToken stop) =>
        await Files.AsNoTracking().FirstOrDefaultAsync(f => f.Number == number, stop) is { } file ? await Whole(file, stop) : null;

    public async Task<CaseWhole> Whole(CaseFile file, CancellationToken stop) => new(
        file,
        await Legs.AsNoTracking().Where(l => l.CaseId == file.Id).OrderBy(l => l.Opened).ThenBy(l => l.Place).ToListAsync(stop),
        await Clocks.AsNoTracking().Where(c => c.CaseId == file.Id).OrderBy(c => c.Opened).ThenBy(c => c.Whole).ToListAsync(stop));

    /// <summary>Writes the changes and their evidence in one transaction; null, or why nothing was written: someone else was faster.</summary>
    public Task<Problem?> Commit(ILedger ledger, Actor actor, Evidence evidence, CancellationToken stop) => this.Commit(ledger, [(actor, evidence)], Problems.Overtaken, stop);

    protected override void Map(ModelBuilder model)
    {
        model.Entity<CaseFile>(file =>
        {
            file.ToTable("case_file").HasKey(f => f.Id);
            file.Property(f => f.Handlers).HasConversion(new AsJson<IReadOnlyList<Guid>>());
            file.Property(f => f.Consulted).HasConversion(new AsJson<IReadOnlyList<Guid>>());
            file.Property(f => f.Members).HasConversion(new AsJson<IReadOnlyList<Guid>>());
        });
        model.Entity<CaseEvent>(happened =>
        {
            happened.ToTable("case_event").HasKey(e => new { e.CaseId, e.Seq });
            happened.Property(e => e.Detail).HasConversion(new AsJson<EventDetail>());
        });
        model.Entity<CaseLeg>(leg =>
        {
            leg.ToTable("case_leg").HasKey(l => new { l.CaseId, l.Opened, l.Place });
            leg.Ignore(l => l.IsLead).Ignore(l => l.Runs);
        });
        model.Entity<CasePart>().ToTable("case_part").HasKey(p => new { p.Who, p.Number });
        model.Entity<CaseText>().ToTable("case_text").HasKey(t => t.Number);
        model.Entity<CaseAwaited>().ToTable("case_awaited").HasKey(a => new { a.Number, a.Opened, a.Unit });
        model.Entity<CaseClock>(clock =>
        {
            clock.ToTable("case_clock").HasKey(c => new { c.CaseId, c.Whole, c.Opened });
            clock.Ignore(c => c.Limit).Ignore(c => c.Runs);
            clock.Property(c => c.Extra).HasConversion(t => (long)t.TotalSeconds, s => TimeSpan.FromSeconds(s));
            clock.Property(c => c.Office).HasConversion(t => (long)t.TotalSeconds, s => TimeSpan.FromSeconds(s));
            clock.Property(c => c.LeftOver).HasConversion(t => (long?)t!.Value.TotalSeconds, s => TimeSpan.FromSeconds(s!.Value));
            clock.Property(c => c.Pauses).HasConversion(new AsJson<IReadOnlyList<ClockPause>>());
        });
        model.Entity<FlowVersion>().ToTable("case_flow").HasKey(f => f.Version);
        model.Entity<FlowVersion>().Property(f => f.Version).ValueGeneratedNever();
        model.Entity<CaseClass>(line =>
        {
            line.ToTable("case_class").HasKey(c => c.Id);
            line.Property(c => c.Id).ValueGeneratedNever();
            line.Property(c => c.Limits).HasConversion(new AsJson<IReadOnlyDictionary<Grade, TimeLimit>>());
        });
        model.Entity<CaseNode>(node =>
        {
            node.ToTable("case_node").HasKey(n => n.Code);
            node.Ignore(n => n.Loop);
        });
        model.Entity<TableVersion>(table =>
        {
            table.ToTable("case_dispatch").HasKey(t => t.Version);
            table.Property(t => t.Version).ValueGeneratedNever();
            table.Property(t => t.PublishedBy).IsConcurrencyToken();
            table.Property(t => t.Rows).HasConversion(new AsJson<IReadOnlyList<DispatchRow>>());
        });
        model.Entity<DraftStep>(step =>
        {
            step.ToTable("case_dispatch_step").HasKey(s => new { s.Version, s.Step });
            step.Property(s => s.Rows).HasConversion(new AsJson<IReadOnlyList<DispatchRow>>());
        });
        model.Entity<Duty>().ToTable("case_duty").HasKey(d => d.Id);
        model.Entity<Duty>().Property(d => d.Id).ValueGeneratedNever();
        model.Entity<SchemeVersion>().ToTable("case_scheme").HasKey(s => s.Version);
        model.Entity<SchemeVersion>().Property(s => s.Version).ValueGeneratedNever();
        model.Entity<Recommender>(trained =>
        {
            trained.ToTable("case_recommender").HasKey(t => t.Version);
            trained.Property(t => t.Version).ValueGeneratedNever();
            trained.Property(t => t.About).HasConversion(new AsJson<LearnedFrom?>());
        });
        model.Entity<Appeal>().ToTable("case_appeal").Property(a => a.Id).ValueGeneratedNever();
        model.Entity<AppealDecision>().ToTable("case_appeal_decision").HasKey(d => d.Appeal);
        model.Entity<AppealDecision>().Property(d => d.Appeal).ValueGeneratedNever();
    }

    private sealed class AsJson<T>() : ValueConverter<T, string>(v => JsonSerializer.Serialize(v, Json), s => JsonSerializer.Deserialize<T>(s, Json)!);
}
