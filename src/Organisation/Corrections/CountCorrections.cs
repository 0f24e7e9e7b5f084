// In: a period. Out: the correction rate (修正率) of each unit the actor may see, and the reports behind every figure.
// Rate = reports of the period that were mended ÷ reports of the period that needed it: all but those declined with a reason.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular.Writers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation.Corrections;

/// <summary>One report, as lists show it.</summary>
/// <param name="MayMend">Whether the one who asks settles it.</param>
internal sealed record CorrectionView(
    Guid Id, EntryKind Kind, Guid Entry, string Name, string Path, Guid Unit, string UnitName, string Wrong, string Reporter, DateTimeOffset ReportedAt, CorrectionState State,
    string? Answer, string? SettledBy, DateTimeOffset? SettledAt, bool MayMend);

internal sealed record UnitCorrections(Guid? Unit, string? Name, int Reported, int Mended, int Declined)
{
    public int Open => Reported - Mended - Declined;

    /// <summary>0 to 1; null when nothing needed correction.</summary>
    public decimal? Rate => Reported == Declined ? null : Math.Round((decimal)Mended / (Reported - Declined), 4);
}

internal sealed class CountCorrections(OrganisationDb db, IUnits units, ILedger ledger, TimeProvider clock)
{
    internal sealed record Filter(DateOnly? From = null, DateOnly? To = null, Guid? Unit = null, CorrectionState? State = null);

    internal sealed record Answer(Period Period, UnitCorrections All, IReadOnlyList<UnitCorrections> Units);

    internal static async Task<Ok<Answer>> HandleRate([AsParameters] Filter filter, CountCorrections count, ClaimsPrincipal user, CancellationToken stop)
    {
        var period = Period.Of(filter.From, filter.To, count.Clock);
        var all = await count.Lines(period, filter.Unit, Actor.From(user)!, stop);
        return TypedResults.Ok(new Answer(period, Sum(all), ByUnit(all)));
    }

    internal static async Task<Ok<Page<CorrectionView>>> Handle([AsParameters] Filter filter, [AsParameters] PageAsk ask, CountCorrections count, ClaimsPrincipal user, CancellationToken stop) =>
        TypedResults.Ok(Cut(await count.Lines(Period.Of(filter.From, filter.To, count.Clock), filter.Unit, Actor.From(user)!, stop), filter.State, ask));

    internal static async Task<FileContentHttpResult> HandleExport([AsParameters] Filter filter, string? format, CountCorrections count, ClaimsPrincipal user, CancellationToken stop) =>
        await count.Export(filter, format, Actor.From(user)!, stop);

    private TimeProvider Clock => clock;

    public static UnitCorrections Sum(IReadOnlyList<CorrectionView> lines) =>
        new(null, null, lines.Count, lines.Count(l => l.State == CorrectionState.Mended), lines.Count(l => l.State == CorrectionState.Declined));

    public static IReadOnlyList<UnitCorrections> ByUnit(IReadOnlyList<CorrectionView> lines) =>
        [.. lines.GroupBy(l => (l.Unit, l.UnitName)).OrderBy(g => g.Key.UnitName, StringComparer.Ordinal).Select(g => Sum([.. g]) with { Unit = g.Key.Unit, Name = g.Key.UnitName })];

    public static Page<CorrectionView> Cut(IReadOnlyList<CorrectionView> lines, CorrectionState? state, PageAsk ask) => ask.Of<CorrectionView>([.. lines.Where(l => state is null || l.State == state)]);

    /// <summary>Newest first. The bureau and the administrators see all, a keeper those of its units, everybody the own.</summary>
    public async Task<IReadOnlyList<CorrectionView>> Lines(Period period, Guid? only, Actor actor, CancellationToken stop)
    {
        var tree = await units.All(stop);
        var names = await db.Units.AsNoTracking().ToDictionaryAsync(u => u.Id, u => u.Name, stop);
        var (from, to) = (period.First.Midnight(), period.Last.EndOfDay());
        var found = await db.Corrections.AsNoTracking().Where(c => c.ReportedAt >= from && c.ReportedAt < to && (only == null || c.Unit == only)).OrderByDescending(c => c.ReportedAt).ToListAsync(stop);
        var all = OrganisationModule.MayWrite(actor) || Roles.Administrators.Any(actor.Has);
        return
        [
            .. found.Where(c => all || c.Reporter == actor.Id || Belongings.MayChange(actor, c.Unit, tree)).Select(c => new CorrectionView(
                c.Id, c.Kind, c.Entry, c.Name, c.Path, c.Unit, names.GetValueOrDefault(c.Unit) ?? "", c.Wrong, c.ReporterName, c.ReportedAt, c.State, c.Answer, c.SettledBy, c.SettledAt,
                c.State == CorrectionState.Open && EntryKinds.MayMend(actor, c.Kind, c.Unit, tree))),
        ];
    }

    private async Task<FileContentHttpResult> Export(Filter filter, string? format, Actor actor, CancellationToken stop)
    {
        var period = Period.Of(filter.From, filter.To, clock);
        var lines = (await Lines(period, filter.Unit, actor, stop)).Where(l => filter.State is null || l.State == filter.State).ToList();
        await ledger.Append(actor, new("corrections.exported", "corrections", Evidence.Done, new { period.First, period.Last, rows = lines.Count }), stop);
        var title = new Text("信息修正", "Corrections").ToString();
        (Text Name, double Width)[] columns =
        [
            (new("机构", "Unit"), 32), (new("类型", "Kind"), 18), (new("名称", "Name"), 24), (new("问题", "What is wrong"), 50), (new("提出人", "Reported by"), 16), (new("提出时间", "Reported"), 20),
            (new("状态", "State"), 12), (new("答复", "Answer"), 40), (new("办理人", "Settled by"), 16), (new("办理时间", "Settled"), 20),
        ];
        var file = ListFile.Of(
            format, title, [.. columns.Select(c => (c.Name.ToString(), c.Width))],
            lines.Select(l => new[] { l.UnitName, l.Kind.Shown().ToString(), l.Name, l.Wrong, l.Reporter, l.ReportedAt.Shown(), l.State.Shown().ToString(), l.Answer, l.SettledBy, l.SettledAt?.Shown() }));
        return TypedResults.File(file.Content, file.Type, $"{title}_{period.First:yyyyMMdd}_{period.Last:yyyyMMdd}{file.Ending}");
    }
}
