// In: a grant and a mark. Out: the rows that came, changed or went since, seen through the grant's view of both snapshots, so that what is masked or filtered
// tells no more here than in a plain look. Refuses expired snapshots and views that are not the same any more. Evidence stands before rows leave.
using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Reading;
using Lizhou.Policy.Disclosure;
using Lizhou.Policy.Views;

namespace Lizhou.Policy;

internal sealed class ChangeGate(OpenView open, Warehouse lake, Settings settings, PolicyKeys keys, PersonKey person, PeopleTold people, SendAnswer send, ILedger ledger, TimeProvider clock) : IChangeGate
{
    public const string Act = "rows.changed";

    private const int Most = 1000;

    public async Task<Result<ChangeSet>> Read(ChangeAsk ask, Actor actor, CancellationToken stop)
    {
        var pair = await Pair(ask, actor, Act, stop);
        if (pair.Refused)
        {
            return pair.Problem!;
        }

        var (opened, mark) = (pair.Value.Opened, pair.Value.Mark);
        var take = Math.Clamp(ask.Take, 1, Most);
        var rows = await lake.Engine.Read(
            session => session.Rows($"{pair.Value.Sql} WHERE _id > {pair.Value.With.Add(mark.After ?? "")} ORDER BY _id LIMIT {take + 1}", r => Row(r, opened.View.Items.Count), pair.Value.With.Values), stop);
        var more = rows.Count > take;
        rows = [.. rows.Take(take)];
        if (ask.Room is { } room && await room(rows.Count) is { } full)
        {
            return full;
        }

        var next = more ? mark with { After = rows[^1].Id } : new ChangeMark(mark.Grant, mark.Shape, mark.To);
        var again = ask.Since is { } since && ChangeMark.Read(since, ask.Grant, keys)?.To is not null ? null : mark.Text(keys);
        var set = new ChangeSet(opened.View.Items, rows, mark.From, mark.To!.Value, next.Text(keys), more, 0, "", 0) { Again = again };
        var (bytes, digest) = ask.Body is { } body ? body(set) : Alone(rows);
        var seq = await ledger.Append(actor, Told(opened, mark, ask, actor, Counts(rows.Select(r => r.Kind)), bytes, digest), stop);
        if (rows.Count > 0)
        {
            await About(seq, pair.Value, $"WHERE _id > {pair.Value.With.Last} AND _id <= {pair.Value.With.Add(rows[^1].Id)}", stop);
        }

        return set with { Bytes = bytes, Digest = digest, Evidence = seq };
    }

    private static (long Bytes, string Digest) Alone(IReadOnlyList<RowChange> rows)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(rows);
        return (bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    public async Task<Result<ChangeFile>> Write(ChangeAsk ask, Stream to, Actor actor, CancellationToken stop)
    {
        var pair = await Pair(ask, actor, Act, stop);
        if (pair.Refused)
        {
            return pair.Problem!;
        }

        var (opened, mark) = (pair.Value.Opened, pair.Value.Mark with { After = null });
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(settings.Work, "changes")).FullName, $"{Guid.CreateVersion7(clock.GetUtcNow()):N}.ndjson");
        try
        {
            var counts = await lake.Engine.Read(session =>
            {
                session.Execute($"COPY ({pair.Value.Sql}{(opened.View.Shuffled ? " ORDER BY _id" : "")}) TO {SqlText.Literal(path)} (FORMAT json)", pair.Value.With.Values);
                var kinds = session.Rows(
                    $"SELECT _op, count(*) FROM read_json({SqlText.Literal(path)}, format = 'newline_delimited', columns = {{_op: 'VARCHAR'}}) GROUP BY _op",
                    r => (Kind: Enum.Parse<ChangeKind>(r.GetString(0)), Rows: r.GetInt64(1))).ToDictionary(k => k.Kind, k => k.Rows);
                return new ChangeCounts(kinds.GetValueOrDefault(ChangeKind.Inserted), kinds.GetValueOrDefault(ChangeKind.Changed), kinds.GetValueOrDefault(ChangeKind.Withdrawn));
            }, stop);
            if (ask.Room is { } room && await room(counts.Sum) is { } full)
            {
                return full;
            }

            var (bytes, digest) = (new FileInfo(path).Length, await Task.Run(() => Durable.Digest(path), stop));
            var seq = await ledger.Append(actor, Told(opened, mark, ask, actor, counts, bytes, digest), stop);
            await About(seq, pair.Value, "", stop);
            if (await send.Run(path, to, opened, Act, actor, seq, stop) is { } over)
            {
                return over;
            }

            return new ChangeFile(opened.View.Items, counts, mark.From, mark.To!.Value, new ChangeMark(mark.Grant, mark.Shape, mark.To).Text(keys), bytes, digest, seq);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public async Task<Result<(ChangeCounts Counts, long To, string Cursor)>> Count(ChangeAsk ask, Actor actor, CancellationToken stop)
    {
        var pair = await Pair(ask, actor, null, stop);
        if (pair.Refused)
        {
            return pair.Problem!;
        }

        var mark = pair.Value.Mark;
        var kinds = await lake.Engine.Read(
            session => session.Rows($"SELECT _op, count(*) FROM ({pair.Value.Sql}) GROUP BY _op", r => (Kind: Enum.Parse<ChangeKind>(r.GetString(0)), Rows: r.GetInt64(1)), pair.Value.With.Values), stop);
        long Of(ChangeKind kind) => kinds.Where(k => k.Kind == kind).Sum(k => k.Rows);
        return (new ChangeCounts(Of(ChangeKind.Inserted), Of(ChangeKind.Changed), Of(ChangeKind.Withdrawn)), mark.To!.Value, new ChangeMark(mark.Grant, mark.Shape, mark.To).Text(keys));
    }

    public async Task<Result<(long At, string Cursor)>> Now(ChangeAsk ask, Actor actor, CancellationToken stop)
    {
        var opened = await open.Open(new RowAsk(ask.Resource, ask.Purpose) { Grant = ask.Grant }, actor, stop);
        return opened.Refused ? opened.Problem! : (opened.Value.Snapshot, ChangeMark.Of(opened.Value)!.Text(keys));
    }

    public async Task<Problem?> Fault(ChangeAsk ask, Actor actor, CancellationToken stop)
    {
        if (ask.Since is null || ChangeMark.Read(ask.Since, ask.Grant, keys) is not { } mark)
        {
            return Problems.BadCursor;
        }

        var opened = await open.Open(new RowAsk(ask.Resource, ask.Purpose) { Grant = ask.Grant }, actor, stop);
        return opened.Problem ?? (ChangeMark.ShapeOf(opened.Value) == mark.Shape ? null : Problems.ViewChanged);
    }

    /// <param name="People">The same rows as the keys of the persons they are about; null where the resource names none.</param>
    private sealed record Compared(Opened Opened, ChangeMark Mark, string Sql, string? People, Arguments With);

    /// <summary>Whom the rows are about.</summary>
    private Task About(long entry, Compared pair, string where, CancellationToken stop) => pair.People is null
        ? Task.CompletedTask
        : lake.Engine.Read(
            session =>
            {
                people.AddAll(entry, add => PersonKey.ReadAll(session, pair.Opened.View.PeopleNames, $"({pair.People}) {where}", pair.With.Values, add));
                return 0;
            },
            stop);

    /// <param name="act">Null where a refusal leaves no evidence because nothing would leave.</param>
    private async Task<Result<Compared>> Pair(ChangeAsk ask, Actor actor, string? act, CancellationToken stop)
    {
        var mark = ask.Since is null ? null : ChangeMark.Read(ask.Since, ask.Grant, keys);
        var wish = new RowAsk(ask.Resource, ask.Purpose, AsOf: mark?.To) { Grant = ask.Grant };
        var found = act is null ? await open.Open(wish, actor, stop) : await open.Run(wish, actor, act, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var (opened, shape) = (found.Value, ChangeMark.ShapeOf(found.Value));
        var refusal = ask.Since is not null && mark is null ? Problems.BadCursor
            : mark is not null && mark.Shape != shape ? Problems.ViewChanged
            : mark?.From is { } old && await lake.At(old, stop) is null ? Problems.SnapshotGone.With(old)
            : null;
        if (refusal is null)
        {
            return await Compare(opened, new(ask.Grant, shape, mark?.From, opened.Snapshot, mark?.After), stop);
        }

        if (act is not null)
        {
            await ledger.Append(
                actor, new(act, opened.Resource.Code, refusal.Code) { Exchange = new() { Provider = opened.Resource.Unit, Receiver = actor.Unit, Grant = ask.Grant, Purpose = ask.Purpose, Resource = ask.Resource } }, stop);
        }

        return refusal;
    }

    private async Task<Result<Compared>> Compare(Opened opened, ChangeMark mark, CancellationToken stop)
    {
        var (now, key, with) = (await lake.PlanAs(opened.View.Plan.Table, mark.To!.Value, stop), keys.Mask(mark.Grant), new Arguments());
        var before = mark.From is { } from ? await lake.PlanAs(now.Table, from, stop) : now with { Files = [], Buffered = [] };
        var identity = ChangeMark.Keys(opened);
        var came = new View(now, opened.Decided, key, Difference.Of(now, before)).Relation(with, identity: identity, person: person);
        var went = new View(before, opened.Decided, key, Difference.Of(before, now)).Relation(with, identity: identity, person: person);
        if (came.Refused || went.Refused)
        {
            return came.Problem ?? went.Problem!;
        }

        var names = opened.View.Items.Select(d => SqlText.Name(d.Item.Column)).ToList();
        var same = string.Concat(names.Select(n => $" AND a.{n} IS NOT DISTINCT FROM b.{n}"));
        string Rows(IReadOnlyList<string> shown) => $"""
            SELECT * FROM (
              WITH b AS MATERIALIZED (SELECT * FROM {came.Value}), a AS MATERIALIZED (SELECT * FROM {went.Value})
              SELECT CASE WHEN b._id IN (SELECT _id FROM a) THEN '{ChangeKind.Changed}' ELSE '{ChangeKind.Inserted}' END AS _op, b._id{string.Concat(shown.Select(n => $", b.{n}"))} FROM b ANTI JOIN a ON a._id = b._id{same}
              UNION ALL SELECT '{ChangeKind.Withdrawn}', a._id{string.Concat(shown.Select(n => $", a.{n}"))} FROM a ANTI JOIN b ON a._id = b._id
            ) AS c
            """;
        return new Compared(opened, mark, Rows(names), opened.View.People.Count == 0 ? null : Rows([.. opened.View.PeopleNames]), with);
    }

    private static RowChange Row(DbDataReader reader, int items) => new(
        Enum.Parse<ChangeKind>(reader.GetString(0)), reader.GetString(1), [.. Enumerable.Range(2, items).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);

    private static ChangeCounts Counts(IEnumerable<ChangeKind> kinds)
    {
        var all = kinds.ToLookup(k => k);
        return new(all[ChangeKind.Inserted].Count(), all[ChangeKind.Changed].Count(), all[ChangeKind.Withdrawn].Count());
    }

    private static Evidence Told(Opened opened, ChangeMark mark, ChangeAsk ask, Actor actor, ChangeCounts counts, long bytes, string digest) =>
        opened.Told(Act, actor, ask.Purpose, opened.View.Items, opened.Snapshot, counts.Sum, bytes, digest) with { Detail = new { from = mark.From, to = mark.To, counts.Inserted, counts.Changed, counts.Withdrawn, policy = opened.Version, grant = opened.Decided.Grant?.Number, masks = Ruling.Masks(opened.View.Items) } };
}
