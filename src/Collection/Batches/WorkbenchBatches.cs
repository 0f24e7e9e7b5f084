// In: who looks. Out: what the own unit's batches (all units' for an engineer) ask of them: rejected rows to mend, batches that were refused.
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;

namespace Lizhou.Collection.Batches;

internal sealed class WorkbenchBatches(StateStore state, TimeProvider clock) : IWorkbenchCard
{
    private static readonly TimeSpan Recent = TimeSpan.FromDays(7);

    public async Task<IReadOnlyList<WorkbenchCounter>> Counters(Actor actor, CancellationToken stop)
    {
        if (Unit(actor) is not { } unit)
        {
            return [];
        }

        await using var connection = await state.Open(stop);
        var today = clock.Today().ToString("yyyy-MM-dd");
        var accepted = await connection.Scalar(null, $"SELECT COALESCE(SUM(accepted), 0) FROM batch WHERE state = 'Landed' AND day = {today} AND ({unit} = '' OR unit = {unit})", stop);
        var open = await connection.Scalar(null, $"SELECT COALESCE(SUM(open), 0) FROM batch WHERE state = 'Landed' AND open > 0 AND ({unit} = '' OR unit = {unit})", stop);
        return
        [
            new(new("今日入库", "Landed today"), Convert.ToInt64(accepted), new("今日入库批次的入库行数，不含已撤销", "Accepted rows of today's landed batches, undone ones left out"), "/collection/board", "good"),
            new(new("待整改问题行", "Rows to mend"), Convert.ToInt64(open), new("尚未整改、撤回或说明的问题行", "Rejected rows not yet mended, withdrawn or explained"), "/batches?state=Landed", "warn"),
        ];
    }

    public async Task<IReadOnlyList<WorkbenchTask>> Tasks(Actor actor, CancellationToken stop)
    {
        if (Unit(actor) is not { } unit)
        {
            return [];
        }

        await using var connection = await state.Open(stop);
        var since = (clock.GetUtcNow() - Recent).ToStored();
        return await connection.Rows(
            null,
            $"""
             SELECT number, name, state, open FROM batch
             WHERE ({unit} = '' OR unit = {unit}) AND ((state = 'Landed' AND open > 0) OR (state = 'Refused' AND received_at > {since}))
             ORDER BY CASE state WHEN 'Refused' THEN 0 ELSE 1 END, open DESC, received_at DESC LIMIT 10
             """,
            row => Task(row.GetString(0), row.GetString(1), row.GetString(2) == "Refused", row.GetInt64(3)),
            stop).ToListAsync(stop);
    }

    public IReadOnlyList<QuickEntry> Entries(Actor actor) => Unit(actor) is null
        ? []
        : [new(new("上传数据", "Upload data"), "/upload"), new(new("归集批次", "Batches"), "/batches"), new(new("归集看板", "Collection board"), "/collection/board")];

    private static WorkbenchTask Task(string number, string name, bool refused, long open) => refused
        ? new($"{number} {name}", new("数据归集", "Collection"), new("批次被退回", "The batch was refused"), $"/batches/{number}", null)
        : new($"{number} {name}", new("数据归集", "Collection"), new Text("{0} 行待整改", "{0} rows to mend").With(open), $"/batches/{number}/rejects", null);

    /// <summary>The unit whose batches concern the actor; empty for all, null for none.</summary>
    private static string? Unit(Actor actor) => actor.Has(Roles.Engineer) ? "" : actor.Has(Roles.Steward) ? actor.Unit?.ToString() : null;
}
