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
using Lizhou.Policy.Disclosure;
using Lizhou.Policy.Rules;
using Lizhou.Policy.Views;

namespace Lizhou.Policy;

internal sealed class RowGate(OpenView open, WriteRows writes, Warehouse lake, RuleBook rules, PolicyKeys keys, PersonKey person, PeopleTold people, KeptAnswers kept, ILedger ledger, TimeProvider clock) : IRowGate
{
    public const string Act = "rows.read";

    private const int Most = 1000;

    private RuleSet? shown;

    public async Task<Result<RowSet>> Read(RowAsk ask, Actor actor, CancellationToken stop)
    {
        var mark = ask.After is null ? null : PageMark.Read(ask.After, ask, keys);
        if (ask.After is not null && mark is null)
        {
            return await open.Told<RowSet>(Problems.BadCursor, ask, actor, Act, stop);
        }

        ask = ask with { AsOf = mark?.Snapshot ?? ask.AsOf };
        var ruling = await open.Rule(ask, actor, Act, stop);
        if (ruling.Refused)
        {
            return ruling.Problem!;
        }

        // Taken before the rows are read: a change that comes between makes the answer newer than its stamp, never older.
        var last = ask.AsOf ?? await open.LastChange(ruling.Value, stop);
        var stamp = last is { } at ? OpenView.Stamp(ruling.Value, ask, at) : null;
        var found = ask.AsOf is null && stamp is not null ? kept.Find(stamp) : null;
        if (found is null)
        {
            Result<Answer> made = await LookedUp(ruling.Value, ask, last) is { } known ? known : await Made(ruling.Value, ask, mark, actor, stop);
            if (made.Refused)
            {
                return made.Problem!;
            }

            found = made.Value with { Rows = made.Value.Rows with { Stamp = stamp } };
            if (ask.AsOf is null && stamp is not null)
            {
                kept.Keep(stamp, found);
            }
        }

        var rows = found.Rows;
        if (ask.Room is { } room && await room(rows.Rows.Count) is { } full)
        {
            return full;
        }

        var (bytes, digest) = ask.Body is { } body ? body(rows) : found.Alone();
        var entry = await ledger.Append(actor, ruling.Value.Told(Act, actor, ask.Purpose, rows.Items, rows.Snapshot, rows.Rows.Count, bytes, digest), stop);
        await people.Add(entry, found.People);
        return rows;
    }

    public Task<Result<RowFile>> Write(RowAsk ask, RowFormat format, Stream to, Actor actor, CancellationToken stop) => writes.Run(ask, format, to, actor, stop);

    public Task<Result<IReadOnlyList<ItemDecision>>> Decide(Guid resource, Actor actor, CancellationToken stop) => Decide(new RowAsk(resource, Purposes.Preview), actor, stop);

    public async Task<Result<IReadOnlyList<ItemDecision>>> Decide(RowAsk ask, Actor actor, CancellationToken stop)
    {
        var decided = await open.Decide(ask, actor, stop);
        return decided.Refused ? decided.Problem! : decided.Value.Decided.Items.ToList();
    }

    public async Task<IReadOnlyList<ItemDecision>> DecideWhole(Guid resource, Actor actor, CancellationToken stop)
    {
        var decided = await open.Decide(new RowAsk(resource, Purposes.Preview), actor, stop);
        return decided.Refused ? []
            : decided.Value.Decided is { Rows: null, Items: var items } ? items
            : [.. decided.Value.Decided.Items.Select(i => new ItemDecision(i.Item, Verdict.Refuse, new("您只能看到其中一部分行", "you see some of its rows alone")))];
    }

    public async Task<Result<string>> Stamp(RowAsk ask, Actor actor, CancellationToken stop)
    {
        var ruling = await open.Decide(ask, actor, stop);
        if (ruling.Refused)
        {
            return ruling.Problem!;
        }

        var at = (ask.After is null ? ask.AsOf : PageMark.Read(ask.After, ask, keys)?.Snapshot) ?? await open.LastChange(ruling.Value, stop);
        return at is { } last ? OpenView.Stamp(ruling.Value, ask, last) : Problems.NotCollected;
    }

    public string? Show(ItemCard item, string? value, Actor actor, Guid ownerUnit)
    {
        // Once a request: a page shows thousands of cells.
        shown ??= Task.Run(() => rules.Current(CancellationToken.None)).GetAwaiter().GetResult() is { Refused: false } current ? current.Value.Rules : new RuleSet();
        return Show(Decision.Of(item, actor, ownerUnit, clock.GetUtcNow(), shown), value, ownerUnit);
    }

    public string? Show(ItemDecision decision, string? value, Guid ownerUnit) => decision.Verdict switch
    {
        Verdict.Allow => value,
        Verdict.Mask => MaskOfItem.Text(decision, value, keys.Mask(ownerUnit)),
        _ => null,
    };

    private sealed record Lot(IReadOnlyList<ItemDecision> Items, IReadOnlyList<ShownRow> Rows);

    /// <summary>The answer as the engine gives it; no evidence yet, unless of a refusal.</summary>
    private async Task<Result<Answer>> Made(Ruling ruling, RowAsk ask, PageMark? mark, Actor actor, CancellationToken stop)
    {
        var opened = await open.Run(ruling, ask, actor, Act, stop);
        if (opened.Refused)
        {
            return opened.Problem!;
        }

        var view = opened.Value.View;
        var take = Math.Clamp(ask.Take, 1, Most);
        if (mark is not null && mark.Shuffled != view.Shuffled)
        {
            return await open.Told<Answer>(Problems.BadCursor, ask, actor, Act, stop);
        }

        var whole = ask.Where is null && ask.Batch is null && ask.RowIds is null && !view.Filtered;
        // The table's own order needs only the files a page lies in, so a page of a table of any size costs the same.
        var plain = whole && ask.OrderBy.Count == 0 && !view.Shuffled;
        var skip = mark?.Skip ?? Math.Max(0, ask.Skip);
        var rows = await open.Told(plain ? await Plain(opened.Value, ask, skip, take, stop) : await Found(view, ask, mark, take, stop), ask, actor, Act, stop);
        if (rows.Refused)
        {
            return rows.Problem!;
        }

        var total = !ask.Count ? -1 : whole ? view.Plan.Rows : await Count(view, ask, stop);
        return Page(ask, rows.Value, plain ? skip + take : 0, take, total, view.Shuffled, opened.Value.Snapshot, opened.Value.Decided.Grant?.Id, ChangeMark.Of(opened.Value)?.Text(keys));
    }

    /// <summary>The answer to "the rows whose column shows this text", of a small table that is asked about again and again; null for every other question.</summary>
    private async Task<Answer?> LookedUp(Ruling ruling, RowAsk ask, long? last)
    {
        if (ask is not { AsOf: null, After: null, Batch: null, RowIds: null, OrderBy.Count: 0, Where: Condition.All { Parts: [Condition.Compare { Is: Comparison.Equal, Value: string text } sought] } }
            || ColumnValue.Text(ColumnType.Text, text) is null)
        {
            return null;
        }

        var all = ask with { Where = null, Select = null, Skip = 0, Take = Most, Count = false };
        if (last is not { } at || await kept.Whole(OpenView.Stamp(ruling, all, at), () => Whole(ruling, all, CancellationToken.None)) is not { } whole || whole.Place(sought.Column) is not { } place)
        {
            return null;
        }

        var wished = (ask.Select ?? [.. whole.Items.Select(d => d.Item.Column)]).Select(whole.Index).ToList();
        if (wished.Contains(-1))
        {
            return null;
        }

        var found = whole.Where(place, text).ToList();
        var take = Math.Clamp(ask.Take, 1, Most);
        var lot = new Lot([.. wished.Select(i => whole.Items[i])], [.. found.Skip(Math.Max(0, ask.Skip)).Take(take).Select(r => r with { Values = [.. wished.Select(i => r.Values[i])] })]);
        return Page(ask, lot, 0, take, ask.Count ? found.Count : -1, whole.Shuffled, whole.Snapshot, whole.Grant, whole.Cursor);
    }

    /// <summary>Null when it is too large to be kept, or there is nothing yet.</summary>
    private async Task<WholeView?> Whole(Ruling ruling, RowAsk all, CancellationToken stop)
    {
        var opened = await open.Open(ruling, all, stop);
        if (opened.Refused || await Bytes(opened.Value.View, all, stop) is not { } bytes)
        {
            return null;
        }

        var rows = await Run(opened.Value.View, all, _ => ("", ""), stop);
        return rows.Refused ? null : new(rows.Value.Items, opened.Value.View.Shape, rows.Value.Rows, opened.Value.Snapshot, ChangeMark.Of(opened.Value)?.Text(keys), opened.Value.Decided.Grant?.Id, bytes) { Shuffled = opened.Value.View.Shuffled };
    }

    /// <summary>What all rows would take in memory, the lengths of their texts added up by the engine; null when that is too much to keep.</summary>
    private async Task<long?> Bytes(View view, RowAsk all, CancellationToken stop)
    {
        if (KeptAnswers.BytesOf(view.Plan.Rows, view.Items.Count, 0) > WholeView.MostBytes)
        {
            return null;
        }

        var query = QueryOf.Of(view, all).Value;
        var lengths = view.Shape.Columns.Where(c => c.Type == ColumnType.Text).Select(c => $" + COALESCE(sum(length(r.{SqlText.Name(c.Name)})), 0)");
        var characters = await lake.Engine.Read(session => Convert.ToInt64(session.Scalar($"SELECT CAST(0{string.Concat(lengths)} AS BIGINT) FROM {query.From}", query.With.Values)), stop);
        var bytes = KeptAnswers.BytesOf(view.Plan.Rows, view.Items.Count, characters);
        return bytes <= WholeView.MostBytes ? bytes : null;
    }

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

    /// <param name="skip">Where the next page begins in the table's own order; 0 where the last row's values tell it.</param>
    private Answer Page(RowAsk ask, Lot lot, long skip, int take, long total, bool shuffled, long snapshot, Guid? grant, string? cursor)
    {
        var rows = lot.Rows;
        var next = rows.Count < take ? null : new PageMark(snapshot, PageMark.Of(ask), skip, skip > 0 ? [] : rows[^1].Order, shuffled).Text(keys);
        var set = new RowSet(lot.Items, [.. rows.Select(r => r.Values)], [.. rows.Select(r => r.Origin)], snapshot, total) { Next = next, Grant = grant, Cursor = cursor };
        return new Answer(set, [.. rows.SelectMany(r => r.People)]);
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

    private static ShownRow Shown(DbDataReader reader, Query query)
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
