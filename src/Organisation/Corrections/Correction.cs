// An entry of the register that somebody found wrong (需修正信息), until its keeper has mended it or said why it stands.
using System.Text.Json.Serialization;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation.Corrections;

[JsonConverter(typeof(JsonStringEnumConverter<CorrectionState>))]
internal enum CorrectionState
{
    Open,
    Mended,
    Declined,
}

[JsonConverter(typeof(JsonStringEnumConverter<EntryKind>))]
internal enum EntryKind
{
    Unit,
    System,
    Post,
    Person,
}

internal sealed class Correction
{
    public Guid Id { get; init; }

    public EntryKind Kind { get; init; }

    public Guid Entry { get; init; }

    /// <summary>As it was called when found wrong.</summary>
    public string Name { get; init; } = "";

    public Guid Unit { get; init; }

    /// <summary>What is wrong and how it should be.</summary>
    public string Wrong { get; init; } = "";

    /// <summary>The version that was found wrong; mended is only what has a later one.</summary>
    public int Seen { get; init; }

    public Guid Reporter { get; init; }

    public string ReporterName { get; init; } = "";

    public DateTimeOffset ReportedAt { get; init; }

    public CorrectionState State { get; set; }

    /// <summary>Why it stands, or a word on what was mended; null while open or when nothing was said.</summary>
    public string? Answer { get; set; }

    public string? SettledBy { get; set; }

    public DateTimeOffset? SettledAt { get; set; }

    public int Version { get; set; }

    public string Path => Kind switch { EntryKind.Unit => $"/units/{Entry}", EntryKind.System => $"/systems/{Entry}", EntryKind.Post => $"/posts/{Entry}", _ => $"/people/{Entry}" };
}

internal static class EntryKinds
{
    public static Text Shown(this EntryKind kind) => kind switch
    {
        EntryKind.Unit => new("机构", "Unit"),
        EntryKind.System => new("信息系统", "Information system"),
        EntryKind.Post => new("岗位", "Post"),
        _ => new("人员", "Person"),
    };

    public static Text Shown(this CorrectionState state) => state switch
    {
        CorrectionState.Open => new("待修正", "Open"),
        CorrectionState.Mended => new("已修正", "Mended"),
        _ => new("不予修正", "Declined"),
    };

    public static string Tone(this CorrectionState state) => state switch { CorrectionState.Open => "warn", CorrectionState.Mended => "good", _ => "plain" };

    /// <summary>The entry and the unit it belongs to; null when there is none of that kind.</summary>
    public static async Task<(Entry Entry, Guid Unit)?> Find(this OrganisationDb db, EntryKind kind, Guid id, CancellationToken stop) => kind switch
    {
        EntryKind.Unit => await db.Units.AsNoTracking().FirstOrDefaultAsync(e => e.Id == id, stop) is { } unit ? (unit, id) : null,
        EntryKind.System => await Of(db.Systems, id, stop),
        EntryKind.Post => await Of(db.Posts, id, stop),
        _ => await Of(db.People, id, stop),
    };

    /// <summary>Who mends an entry: of units those who keep the units themselves, of all else those who keep what belongs to the unit.</summary>
    public static bool MayMend(Actor actor, EntryKind kind, Guid unit, IReadOnlyList<UnitCard> units) =>
        kind == EntryKind.Unit ? OrganisationModule.MayWrite(actor) : Belongings.MayChange(actor, unit, units);

    private static async Task<(Entry Entry, Guid Unit)?> Of<T>(IQueryable<T> entries, Guid id, CancellationToken stop)
        where T : Belonging => await entries.AsNoTracking().FirstOrDefaultAsync(e => e.Id == id, stop) is { } entry ? (entry, entry.Unit) : null;
}
