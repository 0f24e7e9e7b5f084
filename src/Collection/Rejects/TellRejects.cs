// In: batches by id or number. Out: what other modules ask of their rejected rows: counts by fault and by what became of them, examples as the actor may see them, their end.
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Lizhou.Collection.Batches;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Collection.Rejects;

internal sealed class TellRejects(StateStore state, Settings settings, ReadRejects read, SettleRejects settle, ILedger ledger) : IRejects
{
    private const int Most = 1_000;

    public async Task<IReadOnlyList<LandedBatch>> Batches(IReadOnlyCollection<Guid> batches, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var found = new List<LandedBatch>();
        foreach (var some in batches.Take(Most).Chunk(100))
        {
            var places = string.Join(',', some.Select((_, i) => $"{{{i}}}"));
            found.AddRange(await Landed(connection, FormattableStringFactory.Create($"WHERE state IN ('Landed', 'Undone') AND id IN ({places})", [.. some.Select(id => id.ToString())]), stop));
        }

        return found;
    }

    public async Task<IReadOnlyList<LandedBatch>> Faulty(Guid resource, DateTimeOffset? since, CancellationToken stop)
    {
        var from = (since ?? DateTimeOffset.MaxValue).ToStored();
        await using var connection = await state.Open(stop);
        return await Landed(connection, $"WHERE resource = {resource.ToString()} AND state = 'Landed' AND (rejected > 0 OR parent IS NOT NULL OR ended_at >= {from}) ORDER BY snapshot, number", stop);
    }

    public async Task<LandedBatch?> Named(string number, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return (await Landed(connection, $"WHERE state IN ('Landed', 'Undone') AND number = {number.Trim()}", stop)).FirstOrDefault();
    }

    public async Task<IReadOnlyList<RejectGroup>> Groups(Guid batch, CancellationToken stop)
    {
        if (await Find(batch, stop) is not { RejectDigest: not null } found)
        {
            return [];
        }

        var path = RejectFile.PathOf(settings, batch);
        await using var connection = await state.Open(stop);
        var states = await RejectStates.Load(connection, null, batch, found.Counts.Rejected, stop);
        var items = RejectPage.Items(path);
        return
        [
            .. RejectPage.Summary(path).Select(sum =>
            {
                var rows = new long[4];
                foreach (var seq in RejectPage.Select(path, sum.Code, sum.Item ?? -1))
                {
                    rows[(int)states[seq]]++;
                }

                return new RejectGroup(
                    sum.Item is { } at ? items[at] : null, sum.Item ?? -1, sum.Code, sum.Reason,
                    new(rows[(int)RejectState.Open], rows[(int)RejectState.Mended], rows[(int)RejectState.Withdrawn], rows[(int)RejectState.Explained]));
            }),
        ];
    }

    public async Task<IReadOnlyList<RejectSample>> Samples(Guid batch, int at, string code, int take, Actor actor, CancellationToken stop)
    {
        if (await Find(batch, stop) is not { RejectDigest: not null } found || !actor.ActsFor(found.Unit))
        {
            return [];
        }

        var path = RejectFile.PathOf(settings, batch);
        var (items, files, states) = await read.About(found, path, stop);
        await ledger.Append(actor, new("rejects.read", found.Number, Evidence.Done, new { rows = take }), stop);
        return
        [
            .. RejectPage.Fetch(path, RejectPage.Select(path, code, at).Take(take)).Select(row => read.Shown(found, row, items, files, states, actor)).Select(row =>
            {
                var fault = row.Faults.First(f => f.Code == code && f.Item == (at < 0 ? null : items[at].Name));
                return new RejectSample(row.Number, row.File, row.Line, fault.Value, fault.Reason, fault.Hint);
            }),
        ];
    }

    public async Task<Result<bool>> Settle(Guid batch, int at, string code, RejectEnd end, string words, Actor actor, CancellationToken stop)
    {
        var to = end == RejectEnd.Mended ? RejectState.Mended : RejectState.Explained;
        var settled = await settle.Run(batch.ToString(), new(to, words, null, code, at), actor, stop);
        return settled.Refused ? settled.Problem! : true;
    }

    private async Task<Batch?> Find(Guid batch, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await BatchRows.Find(connection, null, batch, stop);
    }

    private static async Task<List<LandedBatch>> Landed(DbConnection connection, FormattableString where, CancellationToken stop)
    {
        var found = new List<LandedBatch>();
        foreach (var b in await BatchRows.List(connection, null, where, stop))
        {
            found.Add(new(
                b.Id, b.Number, b.Resource, b.Code, b.Name, b.Unit, b.Parent, b.EndedAt ?? b.ReceivedAt, b.State == BatchState.Undone ? await Why(connection, b.Id, stop) : null, b.Counts,
                new(b.Rejects.Open, b.Rejects.Mended, b.Rejects.Withdrawn, b.Rejects.Explained))
            {
                Snapshot = b.Counts.Accepted > 0 ? b.Snapshot : null,
            });
        }

        return found;
    }

    private static async Task<string> Why(DbConnection connection, Guid batch, CancellationToken stop)
    {
        var undone = (await BatchRows.Events(connection, batch, stop)).LastOrDefault(e => e.Act == BatchAct.Undone);
        using var detail = JsonDocument.Parse(undone?.Detail ?? "{}");
        return detail.RootElement.TryGetProperty("reason", out var reason) ? reason.GetString() ?? "" : "";
    }
}
