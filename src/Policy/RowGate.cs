// In: a wish to see rows of a resource. Out: the rows as this actor may see them, each with its origin. Refuses whom the decision refuses.
// The evidence is written before the rows are handed out: if it cannot be written, nothing leaves.
using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Reading;
using Lizhou.Policy.Disclosure;
using Lizhou.Policy.Rules;
using Lizhou.Policy.Views;

namespace Lizhou.Policy;

internal sealed class RowGate(OpenView open, WriteRows writes, Warehouse lake, RuleBook rules, PolicyKeys keys, PersonKey person, PeopleTold people, ILedger ledger, TimeProvider clock) : IRowGate
{
    public const string Act = "rows.read";

    private const int Most = 1000;

    private RuleSet? shown;

    public async Task<Result<RowSet>> Read(RowAsk ask, Actor actor, CancellationToken stop)
    {
        var mark = ask.After is null ? null : PageMark.Read(ask.After, ask, keys);
        if (ask.After is not null && mark is null)
        {
            return Problems.BadCursor;
        }

        ask = ask with { AsOf = mark?.Snapshot ?? ask.AsOf };
        var opened = await open.Run(ask, actor, Act, stop);
        if (opened.Refused)
        {
            return opened.Problem!;
        }

        var view = opened.Value.View;
        var take = Math.Clamp(ask.Take, 1, Most);
        // The table's own order needs only the files a page lies in, so a page of a table of any size costs the same.
        var plain = ask.Where is null && ask.OrderBy.Count == 0 && ask.Batch is null && !view.Filtered;
        var skip = mark?.Skip ?? Math.Max(0, ask.Skip);
        var rows = plain ? await Plain(opened.Value, ask, skip, take, stop) : await Found(view, ask, mark, take, stop);
        if (rows.Refused)
        {
            return rows.Problem!;
        }

        var total = !ask.Count ? -1 : plain ? view.Plan.Rows : await Count(view, ask, stop);
        var set = Answer(opened.Value, ask, rows.Value, plain ? skip + take : 0, take, total);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(set.Rows);
        var told = opened.Value.Told(Act, actor, ask.Purpose, set.Items, set.Rows.Count, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        var entry = await ledger.Append(actor, told, stop);
        await people.Add(entry, [.. rows.Value.Rows.SelectMany(r => r.People)]);
        return set;
    }

    public Task<Result<RowFile>> Write(RowAsk ask, RowFormat format, Stream to, Actor actor, CancellationToken stop) => writes.Run(ask, format, to, actor, stop);

    public Task<Result<IReadOnlyList<ItemDecision>>> Decide(Guid resource, Actor actor, CancellationToken stop) => Decide(new RowAsk(resource, Purposes.Preview), actor, stop);

    public async Task<Result<IReadOnlyList<ItemDecision>>> Decide(RowAsk ask, Actor actor, CancellationToken stop)
    {
        var decided = await open.Decide(ask, actor, stop);
        return decided.Refused ? decided.Problem! : decided.Value.Decided.Items.ToList();
    }

    public async Task<Result<string>> Stamp(RowAsk ask, Actor actor, CancellationToken stop)
    {
        var opened = await open.Open(ask with { AsOf = ask.After is null ? ask.AsOf : PageMark.Read(ask.After, ask, keys)?.Snapshot ?? ask.AsOf }, actor, stop);
        if (opened.Refused)
        {
            return opened.Problem!;
        }

        // Commits to other tables leave the answer as it is. A page of an old snapshot never changes.
        var at = ask.After is null && ask.AsOf is null ? await lake.LastChange(opened.Value.View.Plan.Table.Id, stop) : opened.Value.Snapshot;
        var known = new { at, rules = opened.Value.Version, opened.Value.Decided.Grant, opened.Value.Resource.Version, question = PageMark.Of(ask), ask.Select, ask.After, ask.Take };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(known)))[..32];
    }

    public string? Show(ItemCard item, string? value, Actor actor, Guid ownerUnit)
    {
        // Once a request: a page shows thousands of cells.
        shown ??= Task.Run(() => rules.Current(CancellationToken.None)).GetAwaiter().GetResult() is { Refused: false } current ? current.Value.Rules : new RuleSet();
        var decision = Decision.Of(item, actor, ownerUnit, clock.GetUtcNow(), shown);
        return decision.Verdict switch
        {
            Verdict.Allow => value,
            Verdict.Mask => MaskOfItem.Text(decision, value, keys.Mask(ownerUnit)),
            _ => null,
        };
    }

    private sealed record Row(IReadOnlyList<object?> Values, RowOrigin Origin, IReadOnlyList<string?> Order, IReadOnlyList<ulong> People);

    private sealed record Lot(IReadOnlyList<ItemDecision> Items, IReadOnlyList<Row> Rows);

    private Task<Result<Lot>> Plain(Opened opened, RowAsk ask, long skip, int take, CancellationToken stop)
    {
        var (part, rest) = Part(opened.View.Plan, skip, take);
        var page = part.Page(rest, take);
        var view = new View(page ?? part, opened.Decided, keys.Mask(opened.Decided.Grant?.Id ?? opened.Resource.Id));
        return Run(view, ask, q => ("", page is null ? $"LIMIT {take} OFFSET {rest}" : ""), stop);
    }

    private Task<Result<Lot>> Found(View view, RowAsk ask, PageMark? mark, int take, CancellationToken stop) => Run(
        view, ask, q => (mark is null ? "" : $" AND {q.Behind(mark.Values)}", mark is null ? $"LIMIT {take} OFFSET {Math.Max(0, ask.Skip)}" : $"LIMIT {take}"), stop);

    private async Task<Result<Lot>> Run(View view, RowAsk ask, Func<Query, (string And, string Limit)> page, CancellationToken stop)
    {
        var made = QueryOf.Of(view, ask, person);
        if (made.Refused)
        {
            return made.Problem!;
        }

        var query = made.Value;
        var (and, limit) = page(query);
        var order = string.Join(", ", query.Order.Select(o => $"CAST(r.{SqlText.Name(o.Column.Name)} AS VARCHAR)"));
        var about = string.Concat(view.PeopleNames.Select(n => $", r.{n}"));
        var sql = $"SELECT {query.Columns()}r.{Origin.Batch}, r.{Origin.File}, r.{Origin.Record}, {order}{about} FROM {query.From}{and} ORDER BY {query.OrderBy()} {limit}";
        var rows = await lake.Engine.Read(session => session.Rows(sql, r => Shown(r, query), query.With.Values), stop);
        return new Lot(query.Items, rows);
    }

    private async Task<long> Count(View view, RowAsk ask, CancellationToken stop)
    {
        var query = QueryOf.Of(view, ask with { Select = [], OrderBy = [] }).Value;
        return await lake.Engine.Read(session => Convert.ToInt64(session.Scalar($"SELECT count(*) FROM {query.From}", query.With.Values)), stop);
    }

    private RowSet Answer(Opened opened, RowAsk ask, Lot found, long skip, int take, long total)
    {
        var rows = found.Rows;
        var next = rows.Count < take ? null : new PageMark(opened.Snapshot, PageMark.Of(ask), skip, skip > 0 ? [] : rows[^1].Order).Text(keys);
        return new RowSet(found.Items, [.. rows.Select(r => r.Values)], [.. rows.Select(r => r.Origin)], opened.Snapshot, total) { Next = next, Grant = opened.Decided.Grant?.Id, Cursor = ChangeMark.Of(opened)?.Text(keys) };
    }

    /// <summary>The few files a page lies in.</summary>
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

    private static Row Shown(DbDataReader reader, Query query)
    {
        var at = query.Items.Count;
        var (order, people) = (at + 3, at + 3 + query.Order.Count);
        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        var origin = new RowOrigin(
            Guid.TryParse(Text(at), out var batch) ? batch : Guid.Empty, reader.IsDBNull(at + 1) ? 0 : reader.GetInt32(at + 1), reader.IsDBNull(at + 2) ? 0 : reader.GetInt64(at + 2));
        return new(
            [.. Enumerable.Range(0, at).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))], origin, [.. Enumerable.Range(order, query.Order.Count).Select(Text)],
            [.. Enumerable.Range(people, reader.FieldCount - people).Select(Text).OfType<string>().Select(PersonKey.Read)]);
    }
}
