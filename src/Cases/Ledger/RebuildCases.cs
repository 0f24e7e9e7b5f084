// In: nothing. Out: every case told again from its events, and how many of the tables' rows were otherwise; those are written as the events say.
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Ledger;

/// <param name="Different">Cases whose rows were not what their events say.</param>
/// <param name="Numbers">Of the first hundred of them.</param>
internal sealed record Rebuilt(long Cases, long Events, long Different, IReadOnlyList<string> Numbers);

internal sealed class RebuildCases(StateStore state, CaseWriter writer, ILedger ledger)
{
    private const int AtOnce = 500;

    public async Task<Result<Rebuilt>> Run(Actor actor, CancellationToken stop)
    {
        if (!actor.Has(Roles.Engineer))
        {
            return Problems.Bureau;
        }

        var (cases, events, wrong) = (0L, 0L, new List<string>());
        for (var last = ""; ;)
        {
            var ids = await state.Read($"SELECT DISTINCT case_id FROM case_event WHERE case_id > {last} ORDER BY case_id LIMIT {AtOnce}", r => r.GetString(0), stop);
            if (ids.Count == 0)
            {
                break;
            }

            var done = await writer.Run<(long Events, List<string> Wrong)>((session, all) => Again(session, ids, all), stop);
            (cases, events, last) = (cases + ids.Count, events + done.Value.Events, ids[^1]);
            wrong.AddRange(done.Value.Wrong);
        }

        await ledger.Append(actor, new("cases.rebuilt", "cases", Evidence.Done, new { cases, events, different = wrong.Count }), stop);
        return new Rebuilt(cases, events, wrong.Count, [.. wrong.Take(100)]);
    }

    private static async Task<Result<(long Events, List<string> Wrong)>> Again(CaseSession session, List<string> ids, CancellationToken stop)
    {
        await session.Flush(stop);
        var guids = ids.Select(Guid.Parse).ToList();
        var told = await session.Db.Events.AsNoTracking().Where(e => guids.Contains(e.CaseId)).OrderBy(e => e.CaseId).ThenBy(e => e.Seq).ToListAsync(stop);
        var files = await session.Db.Files.AsNoTracking().Where(f => guids.Contains(f.Id)).ToDictionaryAsync(f => f.Id, stop);
        var legs = (await session.Db.Legs.AsNoTracking().Where(l => guids.Contains(l.CaseId)).ToListAsync(stop)).ToLookup(l => l.CaseId);
        var clocks = (await session.Db.Clocks.AsNoTracking().Where(c => guids.Contains(c.CaseId)).ToListAsync(stop)).ToLookup(c => c.CaseId);
        var replayed = told.GroupBy(e => e.CaseId).Select(events => (Events: events, Again: Project.Replay(events))).ToList();
        var numbers = replayed.ConvertAll(r => r.Again.File.Number);
        var awaited = (await session.Db.Awaited.AsNoTracking().Where(a => numbers.Contains(a.Number)).ToListAsync(stop)).ToLookup(a => a.Number);
        var texts = await session.Db.Texts.AsNoTracking().Where(t => numbers.Contains(t.Number)).ToDictionaryAsync(t => t.Number, stop);
        List<string> wrong = [];
        foreach (var (events, again) in replayed)
        {
            var there = files.TryGetValue(events.Key, out var file) ? new(file, [.. legs[events.Key]], [.. clocks[events.Key]]) : CaseWhole.None;
            var waits = Awaits.Of(events);
            var (text, was) = (CaseText.Of(again.File), texts.GetValueOrDefault(again.File.Number));
            if (text != was)
            {
                session.PutAll([.. was?.Delete(session.Kind) ?? [], .. text.Insert(session.Kind)]);
            }

            // A case of before without its words is none that was told wrongly: they are still being read.
            if ((was is not null && text != was) || Written(there) != Written(again) || !waits.Select(Key).ToHashSet().SetEquals(awaited[again.File.Number].Select(Key)))
            {
                wrong.Add(again.File.Number);
                session.Put($"DELETE FROM case_awaited WHERE number = {again.File.Number}");
                session.Put($"DELETE FROM case_file WHERE id = {events.Key.ToString("D")}");
                session.Put($"DELETE FROM case_leg WHERE case_id = {events.Key.ToString("D")}");
                session.Put($"DELETE FROM case_clock WHERE case_id = {events.Key.ToString("D")}");
                session.Put(CaseRows.Insert(again.File));
                session.PutAll(CaseRows.Rest(CaseWhole.None, again).Concat(waits.Select(Awaits.Insert)));
            }
        }

        return ((long)told.Count, wrong);
    }

    private static (long Opened, Guid Unit, string Due) Key(CaseAwaited a) => (a.Opened, a.Unit, a.DueAt.ToStored());

    /// <summary>As text, in whole seconds where the tables keep no more.</summary>
    internal static string Written(CaseWhole whole) => JsonSerializer.Serialize(
        whole with
        {
            Legs = [.. whole.Legs.OrderBy(l => l.Opened).ThenBy(l => l.Place)],
            Clocks = [.. whole.Clocks.OrderBy(c => c.Opened).ThenBy(c => c.Whole).Select(c => c with { LeftOver = c.LeftOver is { } left ? TimeSpan.FromSeconds((long)left.TotalSeconds) : null })],
        },
        CasesDb.Json);
}
