// In: a wish to see rows of a resource. Out: the rows as this actor may see them, each with its origin. Refuses whom the decision refuses.
// The evidence is written before the rows are handed out: if it cannot be written, nothing leaves.
using System.Data.Common;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Reading;
using Lizhou.Policy.Masks;

namespace Lizhou.Policy;

internal sealed class RowGate(ICatalog catalog, Warehouse lake, ILedger ledger) : IRowGate
{
    private const string Landing = "landing";
    private const int Most = 1000;

    public async Task<Result<RowSet>> Read(RowAsk ask, Actor actor, CancellationToken stop)
    {
        var decided = await Decide(ask.Resource, actor, stop);
        if (decided.Refused)
        {
            await ledger.Append(actor, new Evidence("rows.read", ask.Resource.ToString(), decided.Problem!.Code, new { ask.Purpose }), stop);
            return decided.Problem;
        }

        var resource = (await catalog.Published(ask.Resource, stop))!;
        if (await lake.Find(Landing, resource.Table, ask.AsOf, stop) is not { } table || await lake.Plan(table.Id, ask.AsOf, stop) is not { } plan)
        {
            return Problems.NotCollected;
        }

        // An item published after the last load has no column yet: it is shown as absent.
        var items = decided.Value;
        var read = items.Where(d => d.Verdict != Verdict.Refuse && table.Columns.Any(c => c.Name == d.Item.Column)).ToList();
        var total = await Count(plan, ask.Batch, stop);
        var rows = await Rows(plan, read, ask, stop);
        await ledger.Append(
            actor,
            new Evidence("rows.read", resource.Code, "done", new { ask.Purpose, plan.Snapshot, rows = rows.Count, items = read.Count, masked = read.Count(d => d.Verdict == Verdict.Mask) }),
            stop);
        return new RowSet(read, [.. rows.Select(r => r.Values)], [.. rows.Select(r => r.Origin)], plan.Snapshot, total);
    }

    public async Task<Result<IReadOnlyList<ItemDecision>>> Decide(Guid resource, Actor actor, CancellationToken stop) =>
        await catalog.Published(resource, stop) is { } card ? Decision.Of(card, actor) : Problems.NoSuchResource;

    public string? Show(ItemCard item, string? value, Actor actor, Guid ownerUnit) => Decision.Of(item, actor, ownerUnit) switch
    {
        Verdict.Allow => value,
        Verdict.Mask => value is null ? null : Mask.Text(item, value),
        _ => null,
    };

    private sealed record Row(IReadOnlyList<object?> Values, RowOrigin Origin);

    private async Task<long> Count(ReadPlan plan, Guid? batch, CancellationToken stop)
    {
        if (batch is null)
        {
            return plan.Rows;
        }

        var counted = await lake.Engine.Rows(
            plan, (relation, with) => $"SELECT count(*) FROM {relation} WHERE {Origin.Batch} = {with.Add(batch.ToString())}", r => r.GetInt64(0), stop: stop);
        return counted[0];
    }

    private Task<IReadOnlyList<Row>> Rows(ReadPlan plan, List<ItemDecision> items, RowAsk ask, CancellationToken stop)
    {
        var take = Math.Clamp(ask.Take, 1, Most);
        var (part, skip) = ask.Batch is null ? Part(plan, Math.Max(0, ask.Skip), take) : (plan, Math.Max(0, ask.Skip));
        return lake.Engine.Rows(
            part,
            (relation, with) => $"""
                SELECT {string.Join("", items.Select(d => Quoted(d.Item.Column) + ", "))}{Origin.Batch}, {Origin.File}, {Origin.Record}
                FROM {relation}{(ask.Batch is null ? "" : $" WHERE {Origin.Batch} = {with.Add(ask.Batch.ToString())}")}
                ORDER BY {Origin.Batch}, {Origin.File}, {Origin.Record}
                LIMIT {take} OFFSET {skip}
                """,
            reader => Shown(reader, items),
            stop: stop);
    }

    /// <summary>The few files a page lies in, so that a page of a table of any size costs the same.</summary>
    private static (ReadPlan Part, long Skip) Part(ReadPlan plan, long skip, int take)
    {
        var files = new List<DataFile>();
        var found = 0L;
        foreach (var file in plan.Files)
        {
            if (files.Count == 0 && skip >= file.Live)
            {
                skip -= file.Live;
                continue;
            }

            files.Add(file);
            found += file.Live;
            if (found - skip >= take)
            {
                return (plan with { Files = files, Buffered = [] }, skip);
            }
        }

        return (plan with { Files = files }, skip);
    }

    private static Row Shown(DbDataReader reader, List<ItemDecision> items)
    {
        var values = items.Select((d, i) =>
        {
            var value = reader.IsDBNull(i) ? null : reader.GetValue(i);
            return d.Verdict == Verdict.Mask ? Mask.Partial(d.Item, value) : value;
        }).ToList();
        var at = items.Count;
        var batch = !reader.IsDBNull(at) && Guid.TryParse(reader.GetString(at), out var id) ? id : Guid.Empty;
        return new(values, new RowOrigin(batch, reader.IsDBNull(at + 1) ? 0 : reader.GetInt32(at + 1), reader.IsDBNull(at + 2) ? 0 : reader.GetInt64(at + 2)));
    }

    private static string Quoted(string column) => '"' + column.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
