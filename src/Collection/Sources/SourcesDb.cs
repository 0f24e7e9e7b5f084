// Entity Framework over the tables of Schema/002_sources.sql.
using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Lizhou.Tabular;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Lizhou.Collection.Sources;

internal sealed class SourcesDb(StateStore state, SourceLimits? limits = null, DbConnection? connection = null) : ModuleDb(state, connection)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Changes to the calendar that are looked back at: more than a clock that still runs has seen.</summary>
    private const int MostBefore = 200;

    public DbSet<Source> Sources => Set<Source>();

    public DbSet<SourceRun> Runs => Set<SourceRun>();

    public async Task<WorkCalendar> Calendar(CancellationToken stop)
    {
        var days = await Set<CalendarDay>().AsNoTracking().ToListAsync(stop);
        var plans = await Set<WorkPlan>().AsNoTracking().OrderBy(p => p.From).ToListAsync(stop);
        return new(plans, days.ToDictionary(d => d.Day, d => new SpecialDay(d.Day, d.Works, d.Name)), (limits ?? new()).Office);
    }

    /// <summary>Those that held before a change each, the newest first.</summary>
    public async Task<IReadOnlyList<WorkCalendar>> CalendarsBefore(CancellationToken stop) =>
        [.. (await Set<CalendarBefore>().AsNoTracking().OrderByDescending(b => b.UntilAt).ThenByDescending(b => b.Id).Take(MostBefore).ToListAsync(stop)).Select(b => b.Calendar)];

    /// <summary>Keeps the calendar as it is, to be committed with what changes it.</summary>
    public async Task KeepCalendar(DateTimeOffset now, CancellationToken stop) => Add(new CalendarBefore { Id = Guid.CreateVersion7(now), UntilAt = now, Calendar = await Calendar(stop) });

    protected override void Map(ModelBuilder model)
    {
        model.Entity<Source>(source =>
        {
            source.ToTable("source").HasKey(s => s.Id);
            source.Ignore(s => s.Pulls);
            source.Property(s => s.Settings).HasConversion(new AsJson<WaySettings>());
            source.Property(s => s.Mapping).HasConversion(new AsJson<IReadOnlyDictionary<string, string>>());
            source.Property(s => s.Schedule).HasConversion(new AsJson<Schedule?>());
            source.Property(s => s.Watermark).HasConversion(new AsJson<Watermark?>());
            source.Property(s => s.Shape).HasConversion(s => s!.ToJson(), j => FileShape.FromJson(j));
        });
        model.Entity<SourceRun>().ToTable("source_run").HasKey(r => r.Id);
        model.Entity<WorkPlan>(plan =>
        {
            plan.ToTable("work_plan").HasKey(p => p.Id);
            plan.Property(p => p.Days).HasConversion(new AsJson<IReadOnlyList<DayOfWeek>>());
            plan.Property(p => p.Hours).HasConversion(new AsJson<IReadOnlyList<OpenHours>>());
        });
        model.Entity<CalendarDay>().ToTable("source_calendar").HasKey(d => d.Day);
        model.Entity<CalendarBefore>(before =>
        {
            before.ToTable("calendar_before").HasKey(b => b.Id);
            before.Property(b => b.Calendar).HasConversion(new AsJson<WorkCalendar>());
        });
    }

    private sealed class AsJson<T>() : ValueConverter<T, string>(v => JsonSerializer.Serialize(v, Json), s => JsonSerializer.Deserialize<T>(s, Json)!);
}

internal sealed class CalendarDay
{
    public DateOnly Day { get; init; }

    public bool Works { get; set; }

    public string Name { get; set; } = "";
}

/// <summary>The calendar as it was until a change.</summary>
internal sealed class CalendarBefore
{
    public Guid Id { get; init; }

    public DateTimeOffset UntilAt { get; init; }

    public WorkCalendar Calendar { get; init; } = WorkCalendar.Plain;
}
