// In: a grant and what was taken. Out: today's use, counted; or the refusal when the day's calls or rows are spent.
// Calls are counted in memory and written together once a second: a commit for each would cost more than the call. What a crash loses of the last second is no
// evidence: the ledger has every call, and at the next start what is missing is counted from there.
using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Sharing.Grants;

namespace Lizhou.Sharing.Data;

internal sealed class Quota(StateStore state, IRefusalNotes notes, IExchanges exchanges, TimeProvider clock) : IRounds, IAsyncDisposable
{
    private const long LeastRefused = 100;

    private static readonly Text CallsSpent = new("每日 {0} 次已用完", "its {0} calls a day are used up");
    private static readonly Text TooOftenRefused = new("今日已被拒绝 {0} 次", "it was refused {0} times today");
    private static readonly Text RowsSpent = new("每日 {0} 行已用完", "its {0} rows a day are used up");

    private readonly ConcurrentDictionary<(Guid Grant, string Day), Tally> tallies = new();
    private readonly SemaphoreSlim writing = new(1);

    /// <summary>Counts the call; refuses it, with evidence, when the day is spent. Its rows are set aside by <see cref="Room"/>.</summary>
    /// <param name="takesRows">False for a call that is answered also when the day leaves no rows: it brings none, or sets its own aside.</param>
    public async Task<Problem?> Call(SharedGrant grant, Actor actor, CancellationToken stop, bool takesRows = true)
    {
        var now = clock.GetUtcNow();
        if ((await Today(grant, stop)).Called(grant.DailyCalls, takesRows ? grant.DailyRows : long.MaxValue, now))
        {
            if (grant.UsedAt is null)
            {
                // Whoever took something is told of corrections: that it was taken is written at once.
                await using var connection = await state.Open(stop);
                await connection.Execute(null, $"UPDATE sharing_grant SET used_at = {now.ToStored()} WHERE id = {grant.Id.ToString("D")} AND used_at IS NULL", stop);
            }

            return null;
        }

        var today = await Today(grant, stop);
        var why = today.Calls >= grant.DailyCalls ? CallsSpent.With(grant.DailyCalls) : today.Left(grant.DailyRows) == 0 ? RowsSpent.With(grant.DailyRows) : TooOftenRefused.With(Math.Max(grant.DailyCalls, LeastRefused));
        var refusal = Problems.QuotaSpent.With(grant.Number, why);
        await notes.Note(actor, Door(grant, refusal), new("data.refused", grant.Number, refusal.Code) { Exchange = new() { Grant = grant.Id, Receiver = grant.Unit, Provider = grant.Provider, Resource = grant.Resource, Purpose = grant.Purpose } });
        return refusal;
    }

    /// <summary>For an answer whose rows are counted before they leave: sets them aside from the day's, so that answers at the same time do not pass together. Refuses, with
    /// evidence, more than the day leaves. What was set aside counts, also if the receiver goes away.</summary>
    /// <param name="counts">False for a delivery: its rows are written with its place, so that they count as often as it does, whatever dies when.</param>
    public Func<long, Task<Problem?>> Room(SharedGrant grant, Actor actor, CancellationToken stop, bool counts = true) => async rows =>
    {
        if ((await Today(grant, stop)).Took(rows, grant.DailyRows, counts) is not { } left)
        {
            return null;
        }

        var refusal = Problems.QuotaShort.With(grant.Number, rows, left);
        await notes.Note(actor, Door(grant, refusal), new("data.refused", grant.Number, refusal.Code, new { rows, left }) { Exchange = new() { Grant = grant.Id, Receiver = grant.Unit, Provider = grant.Provider, Resource = grant.Resource, Purpose = grant.Purpose } });
        return refusal;
    };

    /// <summary>How many rows the day leaves.</summary>
    public async Task<long> Left(SharedGrant grant, CancellationToken stop) => (await Today(grant, stop)).Left(grant.DailyRows);

    /// <summary>A delivery's rows that had been set aside and are written with its place; or, where they did not get there, are not.</summary>
    public async Task Settled(SharedGrant grant, long rows, bool written) => (await Today(grant, CancellationToken.None)).Settle(rows, written);

    /// <summary>Rows that were set aside and turned out to be taken already.</summary>
    public async Task GiveBack(SharedGrant grant, long rows, CancellationToken stop) => (await Today(grant, stop)).Add(new(0, -rows, 0, 0, 0));

    /// <summary>Rows that had been set aside were taken.</summary>
    /// <param name="cursor">Where the changes after them begin; null when that is not known.</param>
    public async Task Took(SharedGrant grant, long bytes, string? cursor, CancellationToken stop)
    {
        (await Today(grant, stop)).Add(new(0, 0, bytes, 0, 0));
        if (grant.Noticed is null && cursor is not null)
        {
            await using var connection = await state.Open(stop);
            await Noticed(connection, null, grant, cursor, stop);
        }
    }

    /// <summary>Rows and bytes within the transaction of a delivery, so that they count as often as the delivery does. They had been set aside (<see cref="Aside"/>).</summary>
    public async Task Took(DbConnection connection, DbTransaction transaction, SharedGrant grant, long rows, long bytes, string? cursor, CancellationToken stop)
    {
        await Write(connection, transaction, (grant.Id, Day), new(0, rows, bytes, 0, 0), stop);
        await Noticed(connection, transaction, grant, cursor, stop);
    }

    /// <summary>A call that was refused before <see cref="Call"/> was asked.</summary>
    public async Task Refused(SharedGrant grant, CancellationToken stop) => (await Today(grant, stop)).Add(new(0, 0, 0, 1, 0));

    /// <summary>A call that <see cref="Call"/> had counted was refused after all: it is none of the day's calls, which are the answered ones.</summary>
    public async Task TurnedBack(SharedGrant grant) => (await Today(grant, CancellationToken.None)).TurnBack();

    /// <summary>Processor time went into an exchange, whether it was answered or refused; also when its caller has gone meanwhile.</summary>
    public async Task Worked(SharedGrant grant, long microseconds) => (await Today(grant, CancellationToken.None)).Add(new(0, 0, 0, 0, microseconds));

    /// <summary>Seconds until the city's midnight.</summary>
    public int SecondsLeft => (int)(TimeSpan.FromDays(1) - clock.GetUtcNow().InCity().TimeOfDay).TotalSeconds + 1;

    /// <summary>At the start: what the evidence has and the counts of the same day do not was lost with the process that counted it. From the day of the newest count on: what came before it was written. Where other hosts
    /// run, calls of their last second may count twice.</summary>
    public async Task CatchUp(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var newest = await connection.Scalar(null, $"SELECT max(day) FROM sharing_use", stop) as string;
        var since = newest is null ? DateTimeOffset.MinValue : DateOnly.ParseExact(newest, "yyyy-MM-dd", CultureInfo.InvariantCulture).Midnight().ToUniversalTime();
        var called = await exchanges.Called(since, stop);
        // The city's day begins with an hour of UTC.
        var days = called.GroupBy(c => (c.Grant, Day: DateTimeOffset.ParseExact(c.Hour, "yyyy-MM-ddTHH", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).InCity().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        await using var transaction = await connection.BeginTransactionAsync(stop);
        foreach (var day in days)
        {
            var (calls, rows) = (day.Sum(c => c.Moved.Calls), day.Sum(c => c.Moved.Rows));
            await connection.Execute(
                transaction,
                $"""
                 INSERT INTO sharing_use (granted, day, calls, rows, bytes, refused, processor) VALUES ({day.Key.Grant.ToString("D")}, {day.Key.Day}, {calls}, {rows}, 0, 0, 0)
                 ON CONFLICT (granted, day) DO UPDATE SET calls = CASE WHEN sharing_use.calls < excluded.calls THEN excluded.calls ELSE sharing_use.calls END,
                     rows = CASE WHEN sharing_use.rows < excluded.rows THEN excluded.rows ELSE sharing_use.rows END
                 """,
                stop);
        }

        await transaction.CommitAsync(stop);
    }

    /// <summary>Writes what was counted since the last time; whoever shows the use of a grant asks for it first.</summary>
    public async Task<int> Look(CancellationToken stop)
    {
        await writing.WaitAsync(stop);
        try
        {
            var due = tallies.Where(t => t.Value.Due).ToList();
            if (due.Count > 0)
            {
                await using var connection = await state.Open(stop);
                await using var transaction = await connection.BeginTransactionAsync(stop);
                var written = new List<(Tally Tally, Use Added, Use Now)>();
                foreach (var (of, tally) in due)
                {
                    var (added, used) = tally.Pending;
                    written.Add((tally, added, await Write(connection, transaction, of, added, stop)));
                    if (used is { } last)
                    {
                        await connection.Execute(transaction, $"UPDATE sharing_grant SET used_at = {last.ToStored()} WHERE id = {of.Grant.ToString("D")} AND coalesce(used_at, '') < {last.ToStored()}", stop);
                    }
                }

                await transaction.CommitAsync(stop);
                written.ForEach(w => w.Tally.Written(w.Added, w.Now));
            }

            foreach (var old in tallies.Where(t => t.Key.Day != Day && !t.Value.Due))
            {
                tallies.TryRemove(old);
            }

            return due.Count;
        }
        finally
        {
            writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Look(CancellationToken.None);
        writing.Dispose();
    }

    /// <summary>Refusals of one grant for one reason, which anybody can cause as often as they like.</summary>
    private static string Door(SharedGrant grant, Problem refusal) => $"data.refused {refusal.Code} {grant.Number}";

    private string Day => clock.Today().ToString("yyyy-MM-dd");

    private async Task<Tally> Today(SharedGrant grant, CancellationToken stop)
    {
        var of = (grant.Id, Day);
        if (tallies.TryGetValue(of, out var known))
        {
            return known;
        }

        await using var connection = await state.Open(stop);
        var before = await connection.Rows(null, $"SELECT calls, rows, bytes, refused, processor FROM sharing_use WHERE granted = {grant.Id.ToString("D")} AND day = {of.Day}", Read, stop).FirstOrDefaultAsync(stop);
        return tallies.GetOrAdd(of, _ => new Tally(before));
    }

    /// <returns>The day's use with it, that of other hosts included.</returns>
    private static async Task<Use> Write(DbConnection connection, DbTransaction transaction, (Guid Grant, string Day) of, Use added, CancellationToken stop) => await connection.Rows(
        transaction,
        $"""
         INSERT INTO sharing_use (granted, day, calls, rows, bytes, refused, processor)
         VALUES ({of.Grant.ToString("D")}, {of.Day}, {added.Calls}, {added.Rows}, {added.Bytes}, {added.Refused}, {added.Processor})
         ON CONFLICT (granted, day) DO UPDATE SET calls = sharing_use.calls + excluded.calls, rows = sharing_use.rows + excluded.rows,
             bytes = sharing_use.bytes + excluded.bytes, refused = sharing_use.refused + excluded.refused, processor = sharing_use.processor + excluded.processor
         RETURNING calls, rows, bytes, refused, processor
         """,
        Read,
        stop).FirstAsync(stop);

    /// <summary>From the first rows on, the receiver is told when they change.</summary>
    private static Task<int> Noticed(DbConnection connection, DbTransaction? transaction, SharedGrant grant, string? cursor, CancellationToken stop) =>
        connection.Execute(transaction, $"UPDATE sharing_grant SET noticed = {cursor} WHERE id = {grant.Id.ToString("D")} AND noticed IS NULL", stop);

    private static Use Read(DbDataReader r) => new(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4));

    private readonly record struct Use(long Calls, long Rows, long Bytes, long Refused, long Processor)
    {
        public static Use operator +(Use a, Use b) => new(a.Calls + b.Calls, a.Rows + b.Rows, a.Bytes + b.Bytes, a.Refused + b.Refused, a.Processor + b.Processor);

        public static Use operator -(Use a, Use b) => new(a.Calls - b.Calls, a.Rows - b.Rows, a.Bytes - b.Bytes, a.Refused - b.Refused, a.Processor - b.Processor);
    }

    /// <summary>One grant's use on one day: what stands in the database, and what is yet to be written.</summary>
    private sealed class Tally(Use stored)
    {
        private readonly Lock door = new();
        private Use stored = stored;
        private Use pending;
        private long aside;
        private DateTimeOffset? used;

        public bool Due
        {
            get
            {
                lock (door)
                {
                    return pending != default;
                }
            }
        }

        public (Use Added, DateTimeOffset? Used) Pending
        {
            get
            {
                lock (door)
                {
                    return (pending, used);
                }
            }
        }

        public long Calls
        {
            get
            {
                lock (door)
                {
                    return (stored + pending).Calls;
                }
            }
        }

        public bool Called(long mostCalls, long mostRows, DateTimeOffset now)
        {
            lock (door)
            {
                var (calls, rows, _, refused, _) = stored + pending;
                // Refused calls take nothing of the day, but as many of them as it has calls end it, a hundred at least: each of them costs work and a line of the evidence.
                var may = calls < mostCalls && refused < Math.Max(mostCalls, LeastRefused) && rows + aside < mostRows;
                pending += may ? new Use(1, 0, 0, 0, 0) : new Use(0, 0, 0, 1, 0);
                used = may ? now : used;
                return may;
            }
        }

        /// <returns>Null when they are set aside; else how many the day leaves.</returns>
        public long? Took(long rows, long mostRows, bool counts)
        {
            lock (door)
            {
                if (Left(mostRows) is var left && rows > left)
                {
                    return left;
                }

                pending += new Use(0, counts ? rows : 0, 0, 0, 0);
                aside += counts ? 0 : rows;
                return null;
            }
        }

        public long Left(long mostRows)
        {
            lock (door)
            {
                return Math.Max(0, mostRows - (stored + pending).Rows - aside);
            }
        }

        public void Settle(long rows, bool written)
        {
            lock (door)
            {
                // Not below nothing: they may have been set aside of the day before.
                aside = Math.Max(0, aside - rows);
                stored += new Use(0, written ? rows : 0, 0, 0, 0);
            }
        }

        public void TurnBack()
        {
            lock (door)
            {
                // Not below nothing: it may have been counted the day before.
                pending += new Use((stored + pending).Calls > 0 ? -1 : 0, 0, 0, 1, 0);
            }
        }

        public void Add(Use more)
        {
            lock (door)
            {
                pending += more;
            }
        }

        public void Written(Use added, Use now)
        {
            lock (door)
            {
                (stored, pending) = (now, pending - added);
            }
        }
    }
}
