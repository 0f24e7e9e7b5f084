// In: a table at a snapshot, and writes that are not to be seen. Out: its rows as if those writes had not been made: theirs are left out, and what they replaced stands again, unless another row
// has its key by now or the snapshot before the write is gone.
using Lizhou.Lake.Writes;

namespace Lizhou.Lake.Reading;

internal static class HeldBack
{
    /// <param name="held">Batches as the table's origin column names them, each with the snapshot its write made (null: it wrote nothing), oldest first.</param>
    /// <returns>A sub-query without parentheses, with the table's columns, and every plan it reads.</returns>
    public static async Task<(string Sql, IReadOnlyList<ReadPlan> Plans)> Of(Warehouse lake, ReadPlan plan, IReadOnlyList<(Guid Batch, long? Snapshot)> held, CancellationToken stop)
    {
        var rows = plan.Relation(new Arguments(inline: true));
        if (held.Count == 0 || plan.Table.Column(Origin.Batch) is null)
        {
            return (rows, [plan]);
        }

        var apart = $"coalesce({Origin.Batch} NOT IN ({string.Join(", ", held.Select(h => SqlText.Literal(h.Batch.ToString("D"))))}), true)";
        var kept = $"SELECT * FROM ({rows}) AS k WHERE {apart}";
        var (replaced, plans) = await Replaced(lake, plan, held, stop);
        if (replaced.Count == 0 || await lake.Look(read => UndoWrite.Key(read, plan.Table.Id, plan.Table, stop), stop) is not { } key)
        {
            return (kept, [plan]);
        }

        // Of a key that two of them replaced in turn, what stood last. Asked for by row_number() = 1, the engine fails inside over four and more columns: it would fetch them later, by positions in the files.
        var columns = SqlText.Names(plan.Table.Columns.Select(c => c.Name));
        var last = $"""
            SELECT DISTINCT ON ({key}) {columns} FROM ({string.Join(" UNION ALL ", replaced.Select(r => $"SELECT {columns}, {r.At} AS lz_at FROM ({r.Rows})"))}) AS w
            WHERE {apart} ORDER BY lz_at DESC
            """;

        // Only the few keys in question are held in memory, however large the table is.
        var back = $"SELECT {columns} FROM ({last}) AS b ANTI JOIN (SELECT {key} FROM ({kept}) AS n SEMI JOIN ({last}) AS l USING ({key})) AS o USING ({key})";
        return ($"SELECT {columns} FROM ({kept}) UNION ALL {back}", [plan, .. plans]);
    }

    private static async Task<(List<(long At, string Rows)> Rows, List<ReadPlan> Plans)> Replaced(
        Warehouse lake, ReadPlan plan, IReadOnlyList<(Guid Batch, long? Snapshot)> held, CancellationToken stop)
    {
        var (rows, plans) = (new List<(long, string)>(), new List<ReadPlan>());
        foreach (var at in held.Select(h => h.Snapshot).OfType<long>().Where(s => s <= plan.Snapshot))
        {
            if (await lake.At(at - 1, stop) is not null)
            {
                var (before, then) = (await lake.PlanAs(plan.Table, at - 1, stop), await lake.PlanAs(plan.Table, at, stop));
                var gone = Difference.Of(before, then);
                if (gone.Shows.Files.Count + gone.Shows.Buffered.Count > 0)
                {
                    rows.Add((at, gone.Rows(new Arguments(inline: true))));
                    plans.AddRange([before, then]);
                }
            }
        }

        return (rows, plans);
    }
}
