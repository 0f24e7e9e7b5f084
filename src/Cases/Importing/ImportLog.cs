// In: a log that lies on the disk, its map, by whom. Out: its cases in the ledger of cases, many in one commit, and what became of every row. The same log again makes nothing new; one that has grown adds what is new.
// Refuses others than the bureau, a map or a log that cannot be read, and two at once.
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Importing;

/// <summary>How far an import is.</summary>
/// <param name="Rows">Read so far.</param>
/// <param name="Done">Cases so far.</param>
/// <param name="Cases">In all; 0 while rows are read.</param>
internal sealed record ImportProgress(long Rows, long Done, long Cases);

/// <summary>One import of a city at a time: two of one log would take the same cases for new.</summary>
internal sealed class ImportTurn : IDisposable
{
    public SemaphoreSlim One { get; } = new(1);

    public void Dispose() => One.Dispose();
}

internal sealed class ImportLog(CaseWriter writer, DeskBook desks, ILedger ledger, PersonWords people, ImportTurn turn, Settings settings, TimeProvider clock)
{
    /// <summary>Cases of one commit: live acts wait no longer than this takes.</summary>
    private const int AtOnce = 200;

    /// <param name="Path">Where the log lies.</param>
    /// <param name="Name">What its sender calls it.</param>
    /// <param name="Map">YAML.</param>
    /// <param name="Check">True: read and tell, write nothing.</param>
    internal sealed record Ask(string Path, string Name, string Map, bool Check);

    /// <summary>A key in <c>case_key</c> of this sender is the number of a case in the log.</summary>
    public static string SenderOf(string source) => "log:" + source;

    /// <exception cref="ProblemException">The log breaks off; what was committed before stays, and running it again goes on from there.</exception>
    public async Task<Result<ImportReport>> Run(Ask ask, Actor actor, Func<ImportProgress, Task> progress, CancellationToken stop)
    {
        var (desk, took) = (await desks.Now(stop), Stopwatch.StartNew());
        var read = await Read(ask, actor, desk, stop);
        if (read.Problem is { } refused)
        {
            return refused;
        }

        if (!await turn.One.WaitAsync(0, stop))
        {
            return Problems.Importing;
        }

        try
        {
            var (map, tally, now) = (read.Value, new ImportTally(), clock.GetUtcNow());
            var opened = LogFile.Open(ask.Path, ask.Name, map);
            if (opened.Problem is { } unreadable)
            {
                return unreadable;
            }

            using var log = opened.Value;
            var path = Path.Combine(Directory.CreateDirectory(settings.Work).FullName, $"caselog-{Guid.CreateVersion7(now):N}.db");
            await using var staged = await StagedLog.Fill(log, map, path, now, tally, () => progress(new(tally.Read, 0, 0)), stop);
            tally.NoRows = log.NoRows;
            var ways = new FlowWays(desk.Flow);
            await foreach (var cases in staged.InTurn(tally, stop).Chunk(AtOnce).WithCancellation(stop))
            {
                tally.Found += cases.Length;
                await (ask.Check ? Look(cases, map, ways, desk, tally, now) : Write(cases, map, ways, desk, tally, actor, now, stop));
                await progress(new(tally.Read, tally.Found, staged.Cases));
            }

            var report = tally.Report(map.Source, ask.Name, await DigestOf(ask.Path, stop), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ask.Map))), desk.Flow.Version, ask.Check, took.Elapsed);
            await ledger.Append(actor, new(ask.Check ? "case-log.checked" : "case-log.imported", map.Source, Evidence.Done, new { report.Log, report.Digest, report.MapDigest, report.Rows, report.Cases, report.Events }), stop);
            return report;
        }
        finally
        {
            turn.One.Release();
        }
    }

    private async Task<Result<LogMap>> Read(Ask ask, Actor actor, Desk desk, CancellationToken stop)
    {
        var (map, faults) = actor.Has(Roles.Engineer) ? MapText.Read(ask.Map, desk) : (null, []);
        if (map is not null)
        {
            return map;
        }

        var refused = faults is [var first, ..] ? Problems.BadMap.With(first.Line, first.Column, first.What) : Problems.Bureau;
        await ledger.Append(actor, new("case-log.imported", "", refused.Code), stop);
        return refused;
    }

    private static Task Look(LogCase[] cases, LogMap map, FlowWays ways, Desk desk, ImportTally tally, DateTimeOffset now)
    {
        foreach (var told in cases)
        {
            var replayed = ReplayCase.Of(map, ways, desk, told, "—", now, tally.Unknown);
            tally.Open += replayed.After.File.Ended ? 0 : 1;
            Count(tally, replayed.Events);
        }

        return Task.CompletedTask;
    }

    private async Task Write(LogCase[] cases, LogMap map, FlowWays ways, Desk desk, ImportTally tally, Actor actor, DateTimeOffset now, CancellationToken stop)
    {
        var done = await writer.Run<List<Wrote>>(
            async (session, all) =>
            {
                List<Wrote> wrote = [];
                foreach (var told in cases)
                {
                    wrote.Add(await OneCase(session, told, map, ways, desk, now, all));
                }

                if (wrote.Where(w => w.Events.Count > 0).Select(w => w.Number).ToList() is { Count: > 0 } numbers)
                {
                    await ledger.Append(session.Connection, session.Transaction, actor, new("case-log.written", map.Source, Evidence.Done, new { cases = numbers.Count, first = numbers[0], last = numbers[^1] }), all);
                }

                return wrote;
            },
            stop);
        foreach (var (wrote, told) in done.Value.Zip(cases))
        {
            tally.Open += wrote.Ended ? 0 : 1;
            tally.Written += wrote.Became == Became.Written ? 1 : 0;
            tally.Continued += wrote.Became == Became.Continued ? 1 : 0;
            tally.Already += wrote.Became == Became.Already ? 1 : 0;
            wrote.Unknown.ForEach(u => tally.Unknown(u.Kind, u.Word));
            Count(tally, wrote.Events);
            if (wrote.Became == Became.Changed)
            {
                tally.Differs(told.Key);
            }
        }
    }

    private async Task<Wrote> OneCase(CaseSession session, LogCase told, LogMap map, FlowWays ways, Desk desk, DateTimeOffset now, CancellationToken stop)
    {
        List<(string, string)> unknown = [];
        var sender = SenderOf(map.Source);
        var number = await session.Key(sender, told.Key, stop);
        var replayed = ReplayCase.Of(map, ways, desk, told, number ?? await session.Number(told.Start.InCity().ToString("yyyyMMdd", CultureInfo.InvariantCulture), stop), now, (kind, word) => unknown.Add((kind, word)));
        var (file, reporter) = (replayed.After.File, replayed.Name is not null || replayed.Phone is not null);
        if (number is not null)
        {
            return await Again(session, number, replayed, unknown, stop);
        }

        if (await session.Write(CaseWhole.None, replayed.After, replayed.Events, stop) is { } late)
        {
            throw new ProblemException(late);
        }

        session.Keep(sender, told.Key, file.Number);
        if (reporter)
        {
            session.Put($"INSERT INTO case_reporter (case_id, name, phone) VALUES ({file.Id.ToString("D")}, {people.Seal(replayed.Name) ?? ""}, {people.Seal(replayed.Phone)})");
        }

        return new(Became.Written, file.Number, file.Ended, replayed.Events, unknown);
    }

    /// <summary>A case that is here: what the log says more is added, where nobody acted on it here and the log's past is the same.</summary>
    private static async Task<Wrote> Again(CaseSession session, string number, Replayed replayed, List<(string, string)> unknown, CancellationToken stop)
    {
        var whole = (await session.Whole(number, stop))!;
        var there = await session.Db.Events.AsNoTracking().Where(e => e.CaseId == whole.File.Id).OrderBy(e => e.Seq).ToListAsync(stop);
        var same = there.Count <= replayed.Events.Count && there.Zip(replayed.Events).All(p => Same(p.First, p.Second));
        if (!same || there.Count == replayed.Events.Count)
        {
            return new(same ? Became.Already : Became.Changed, number, replayed.After.File.Ended, [], unknown);
        }

        List<CaseEvent> more = [.. replayed.Events.Skip(there.Count).Select(e => e with { CaseId = whole.File.Id })];
        if (await session.Write(whole, more.Aggregate(whole, Project.After), more, stop) is { } late)
        {
            throw new ProblemException(late);
        }

        return new(Became.Continued, number, replayed.After.File.Ended, more, unknown);
    }

    private static bool Same(CaseEvent here, CaseEvent there) => here.Detail.Log is { } log && (here.At, here.Act, here.State, log.Word) == (there.At, there.Act, there.State, there.Detail.Log!.Word);

    private static void Count(ImportTally tally, IReadOnlyList<CaseEvent> events)
    {
        tally.Implied += events.Count(e => e.Detail.Log!.Implied);
        tally.Told += events.Count(e => !e.Detail.Log!.Implied);
        tally.Jumps += events.Count(e => e.Detail.Log!.Jump);
    }

    private static async Task<string> DigestOf(string path, CancellationToken stop)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop));
    }

    private enum Became
    {
        Written,
        Continued,
        Already,
        Changed,
    }

    /// <param name="Events">That were written.</param>
    private sealed record Wrote(Became Became, string Number, bool Ended, IReadOnlyList<CaseEvent> Events, List<(string Kind, string Word)> Unknown);
}
