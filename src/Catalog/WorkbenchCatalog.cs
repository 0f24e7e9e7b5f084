// In: who looks. Out: the reviews that wait for them, the columns sources proposed for their unit's resources, and their own drafts.
using System.Data.Common;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal sealed class WorkbenchCatalog(Register register) : IWorkbenchCard
{
    private const string Reviews = "/catalog/reviews";
    private static readonly Text Room = new("数据目录", "Catalogue");

    public async Task<IReadOnlyList<WorkbenchCounter>> Counters(Actor actor, CancellationToken stop)
    {
        if (Part(actor) is not var (state, unit))
        {
            return [];
        }

        await using var connection = await register.Open(stop);
        var reviews = await connection.Scalar(null, $"SELECT COUNT(*) FROM resource WHERE open_state = {state} AND ({unit} = '' OR unit = {unit})", stop);
        var drafts = await connection.Scalar(null, $"""
            SELECT COUNT(*) FROM resource r WHERE r.open_state = 'Draft' AND ({unit} = '' OR r.unit = {unit})
              AND EXISTS (SELECT 1 FROM resource_act a WHERE a.resource = r.id AND a.version = r.opened AND a.actor = {actor.Id.ToString()} AND a.act IN ('Create', 'Change'))
            """, stop);
        return
        [
            new(new("待审核目录", "Reviews for me"), Convert.ToInt64(reviews), new("等待本人所在环节审核的目录", "Entries that wait for a review that is mine to give"), Reviews, "warn"),
            new(new("我的草稿", "My drafts"), Convert.ToInt64(drafts), new("本人编制、尚未提交的目录", "Entries I wrote and have not submitted"), "/catalog?state=Draft"),
        ];
    }

    public async Task<IReadOnlyList<WorkbenchTask>> Tasks(Actor actor, CancellationToken stop)
    {
        if (Part(actor) is not var (state, unit))
        {
            return [];
        }

        await using var connection = await register.Open(stop);
        var proposed = await connection.Rows(null, $"""
            SELECT r.id, r.code, r.name, COUNT(*), MAX(p.batch) FROM resource r JOIN resource_proposal p ON p.resource = r.id AND p.version = r.opened
            WHERE r.open_state = 'Draft' AND ({unit} = '' OR r.unit = {unit}) GROUP BY r.id, r.code, r.name ORDER BY r.code LIMIT 10
            """, Proposed, stop).ToListAsync(stop);
        var reviews = await connection.Rows(null, $"""
            SELECT id, code, name FROM resource WHERE open_state = {state} AND ({unit} = '' OR unit = {unit}) ORDER BY updated_at LIMIT 10
            """, r => new WorkbenchTask($"{r.GetString(1)} {r.GetString(2)}", Room, new("待审核", "To be reviewed"), $"/catalog/{r.GetString(0)}/review", null), stop).ToListAsync(stop);
        return [.. reviews.Concat(proposed).Take(10)];
    }

    public IReadOnlyList<QuickEntry> Entries(Actor actor) =>
        Part(actor) is null ? [] : [new(new("目录查询", "Data catalogue"), "/catalog"), new(new("目录编制", "New resource"), "/catalog/new"), new(new("目录审核", "Reviews"), Reviews)];

    private static WorkbenchTask Proposed(DbDataReader row) => new(
        $"{row.GetString(1)} {row.GetString(2)}", Room,
        new Text("批次 {1} 等带来 {0} 个新列，待核对", "{0} new columns, of batch {1} and others, to be reviewed").With(row.GetInt64(3), row.GetString(4)), $"/catalog/{row.GetString(0)}/edit", null);

    /// <summary>Which reviews are the actor's, and of which unit (empty: of all); null for whoever has no part in the catalogue.</summary>
    private static (string State, string Unit)? Part(Actor actor) =>
        actor.Has(Roles.Engineer) ? (nameof(ResourceState.BureauReview), "")
        : actor.Has(Roles.Steward) && actor.Unit is { } unit ? (nameof(ResourceState.UnitReview), unit.ToString())
        : null;
}
