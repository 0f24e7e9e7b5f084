// In: a resource, or none, and who looks. Out: its rules as they stand with what the last scan found, scores over time; the list of resources with their scores; both as files.
using System.Globalization;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Quality.Rules;
using Lizhou.Tabular.Writers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept;

/// <param name="Title">As people read it: its name, or what an item brings in words.</param>
/// <param name="Failed">Rows at fault at the last scan; null before one by this rule.</param>
/// <param name="From">What brings it; null for a rule of the set.</param>
/// <param name="Items">The columns as the catalogue names their items.</param>
/// <param name="Hidden">It judges values the reader does not see in clear: <paramref name="Failed"/> is then 1 where any row is at fault, and no row is shown.</param>
internal sealed record RuleView(
    string Name, string Title, RuleKind Kind, Dimension Dimension, Severity Severity, string Reason, IReadOnlyList<string> Columns, string? From, long? Failed, long? Judged, double? Figure, bool Rows, bool Hidden, IReadOnlyList<string> Items)
{
    /// <summary>Rows at fault as a person reads them; null before a scan.</summary>
    public string? FailedShown() => Failed is not { } failed ? null : Hidden && failed > 0 ? "≥ 1" : failed.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a person edits.</summary>
/// <param name="Hidden">Rules that are not shown: they stay as they are.</param>
internal sealed record EditView(string Text, int Hidden, RuleSet? Draft, IReadOnlyList<RuleSet> Versions);

internal sealed record DimensionView(Dimension Dimension, decimal Score, decimal Weight);

internal sealed record ScoreView(string? Batch, int Version, long Rows, decimal? Total, IReadOnlyList<DimensionView> Dimensions, DateTimeOffset At);

/// <param name="Version">In force; 0: none is kept.</param>
/// <param name="Draft">Without the rules the reader is not shown; null where there is none.</param>
/// <param name="Hidden">How many rules of the draft, or else of the version in force, are not shown.</param>
/// <param name="Total">0 to 100; null when nothing was judged.</param>
/// <param name="Fault">Why the last scan came to nothing; null when it did not.</param>
internal sealed record KeptView(
    Guid Resource, string Code, string Name, int Version, string? Draft, int Hidden, IReadOnlyList<RuleView> Rules, decimal? Total, IReadOnlyList<DimensionView> Dimensions, long? Rows, int? FilesRead, DateTimeOffset? ScannedAt,
    string? Fault, IReadOnlyList<ScoreView> History);

/// <summary>A line of the list of resources.</summary>
internal sealed record KeptLine(Guid Resource, string Code, string Name, Guid Unit, string UnitName, int Version, long Rows, decimal? Total, IReadOnlyList<DimensionView> Dimensions, DateTimeOffset ScannedAt, string? Fault);

internal sealed class ShowKept(KeptDb db, KeptRules kept, SaveRules save, ICatalog catalog, IRowGate gate, IUnits units, IRejects rejects, ILedger ledger, TimeProvider clock)
{
    private const int MostScores = 60;

    public async Task<Result<KeptView>> Run(Guid resource, Actor actor, CancellationToken stop)
    {
        var mine = await save.Mine(resource, actor, stop);
        if (mine.Refused)
        {
            return mine.Problem!;
        }

        var card = mine.Value;
        var now = await kept.Of(card, stop);
        var scan = await db.Scans.AsNoTracking().FirstOrDefaultAsync(s => s.Resource == resource, stop);
        var counts = scan is null ? [] : KeptDb.From<List<RuleCount>>(scan.Rules).ToDictionary(c => c.Rule, StringComparer.Ordinal);
        var (edit, sight) = (await Edit(card, actor, stop), await Sight.Of(card, gate, actor, stop));
        return new KeptView(
            resource, card.Code, card.Name, now.Version, edit.Draft is null ? null : edit.Text, edit.Hidden,
            [
                .. now.Rules.Select(r =>
                {
                    var (count, hidden) = (counts.GetValueOrDefault(r.Rule.Name) is { } c && c.Of(r.Rule) ? c : null, sight.Hides(r.Rule));
                    return new RuleView(
                        r.Rule.Name, r.From is null ? r.Rule.Name : BoundRules.Called(r.Rule.Name, card), r.Rule.Kind, r.Rule.Dimension, r.Rule.Severity, r.Rule.Reason.ToString(), r.Rule.Columns, r.From?.ToString(), hidden && count?.Failed > 1 ? 1 : count?.Failed, count?.Judged, count?.Figure,
                        count?.Rows == true && !sight.HidesRows(r.Rule), hidden,
                        [.. r.Rule.Columns.Select(c => card.Items.FirstOrDefault(i => string.Equals(i.Column, c, StringComparison.OrdinalIgnoreCase))?.Name ?? c)]);
                }),
            ],
            Points(scan?.Total), scan is null ? [] : Dimensions(scan.Dimensions, now.Weights), scan?.RowCount, scan?.FilesRead, scan?.ScannedAt, scan?.Fault?.ToString(), await History(resource, now.Weights, stop));
    }

    /// <summary>The draft, or else the version in force, as the actor may see and change it; with all versions, newest first.</summary>
    public async Task<EditView> Edit(ResourceCard card, Actor actor, CancellationToken stop)
    {
        var (sight, text) = (await Sight.Of(card, gate, actor, stop), await save.Text(card.Id, stop));
        var versions = await db.Sets.AsNoTracking().Where(s => s.Resource == card.Id).OrderByDescending(s => s.Version).ToListAsync(stop);
        return new(sight.Shown(text), sight.Hidden(text).Count, versions.FirstOrDefault(v => v.State == SetState.Draft), versions);
    }

    /// <summary>Scanned resources the actor may see, the worst score first.</summary>
    public async Task<IReadOnlyList<KeptLine>> List(Guid? unit, string? words, bool keptOnly, Actor actor, CancellationToken stop)
    {
        var only = actor.Has(Roles.Engineer) ? unit : actor.Unit ?? Guid.Empty;
        var names = (await units.All(stop)).ToDictionary(u => u.Id, u => u.Name);
        var scans = await db.Scans.AsNoTracking().Select(s => new { s.Resource, s.Version, s.RowCount, s.Total, s.Dimensions, s.ScannedAt, s.FaultZh, s.FaultEn }).ToDictionaryAsync(s => s.Resource, stop);
        var text = words?.Trim() ?? "";
        return
        [
            .. (await catalog.All(stop)).Where(c => (only is null || c.Unit == only) && scans.ContainsKey(c.Id) && (c.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || c.Code.Contains(text, StringComparison.Ordinal)))
                .Select(c => (Card: c, Scan: scans[c.Id])).Where(l => !keptOnly || l.Scan.Version > 0)
                .OrderBy(l => l.Scan.Total ?? int.MaxValue).ThenBy(l => l.Card.Code, StringComparer.Ordinal)
                .Select(l => new KeptLine(
                    l.Card.Id, l.Card.Code, l.Card.Name, l.Card.Unit, names.GetValueOrDefault(l.Card.Unit, "—"), l.Scan.Version, l.Scan.RowCount, Points(l.Scan.Total), Dimensions(l.Scan.Dimensions, null), l.Scan.ScannedAt,
                    l.Scan.FaultZh is null ? null : new Text(l.Scan.FaultZh, l.Scan.FaultEn!).ToString())),
        ];
    }

    public async Task<Result<FileContentHttpResult>> Export(Guid resource, string? format, Actor actor, CancellationToken stop)
    {
        var found = await Run(resource, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var view = found.Value;
        await ledger.Append(actor, new("rules.exported", view.Code, Evidence.Done, new { rules = view.Rules.Count }), stop);
        (Text Name, double Width)[] columns =
        [
            (new("规则", "Rule"), 28), (new("种类", "Kind"), 16), (new("维度", "Dimension"), 12), (new("严重程度", "Severity"), 10), (new("信息项", "Columns"), 28), (new("来源", "Brought by"), 20), (new("问题行数", "Rows at fault"), 12), (new("判断行数", "Rows judged"), 12), (new("说明", "Reason"), 40),
        ];
        var file = ListFile.Of(
            format, new Text("质量规则", "Rules").ToString(), [.. columns.Select(c => (c.Name.ToString(), c.Width))],
            view.Rules.Select(r => new[]
            {
                r.Title, Words.Of(r.Kind).ToString(), Words.Of(r.Dimension).ToString(), Words.Of(r.Severity).ToString(), string.Join('、', r.Items), r.From ?? new Text("本资源规则", "kept rules").ToString(),
                r.FailedShown(), r.Judged?.ToString(CultureInfo.InvariantCulture), r.Reason,
            }));
        return TypedResults.File(file.Content, file.Type, $"{view.Name}_{new Text("质量规则", "rules")}_{clock.GetUtcNow().InCity():yyyyMMdd_HHmm}{file.Ending}");
    }

    public static decimal? Points(int? hundredths) => hundredths / 100m;

    public static IReadOnlyList<DimensionView> Dimensions(string json, IReadOnlyDictionary<Dimension, decimal>? weights) =>
        [.. KeptDb.From<List<DimensionScore>>(json).Select(d => new DimensionView(d.Dimension, d.Score, weights?.GetValueOrDefault(d.Dimension) ?? 0))];

    private async Task<IReadOnlyList<ScoreView>> History(Guid resource, IReadOnlyDictionary<Dimension, decimal> weights, CancellationToken stop)
    {
        var lines = await db.Scores.AsNoTracking().Where(s => s.Resource == resource).OrderByDescending(s => s.Id).Take(MostScores).ToListAsync(stop);
        var numbers = (await rejects.Batches([.. lines.Select(l => l.Batch).OfType<Guid>().Distinct()], stop)).ToDictionary(b => b.Id, b => b.Number);
        return [.. lines.Select(l => new ScoreView(l.Batch is { } batch ? numbers.GetValueOrDefault(batch, "—") : null, l.Version, l.RowCount, Points(l.Total), Dimensions(l.Dimensions, weights), l.ScoredAt))];
    }
}
