// What a piece of work on cases reads and writes through, inside the transaction of all that are committed with it.
using System.Data.Common;
using System.Globalization;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Ledger;

/// <param name="alone">Whether no other piece is committed with it: what it writes is sent at once, so that it hears itself who was faster.</param>
internal sealed class CaseSession(CasesDb db, CaseLine line, ILedger ledger, bool alone)
{
    private readonly Dictionary<string, CaseWhole?> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Last, bool More)> numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Sender, string Key), (string Number, string? Act)> keys = [];
    private readonly List<(Actor, Evidence)> evidence = [];
    private bool lost;

    /// <summary>For looking; what pieces before it in the same commit have written is not all there yet: see <see cref="Whole"/> and <see cref="Flush"/>.</summary>
    public CasesDb Db => db;

    /// <summary>Somebody else was faster: nothing of the piece stays, whatever else it has put.</summary>
    public bool Overtaken { get; private set; }

    public DbConnection Connection => line.Connection;

    public DbTransaction Transaction => line.Transaction;

    public StateKind Kind => line.Kind;

    /// <summary>A case as it is after all before it in this commit; null for none.</summary>
    public async Task<CaseWhole?> Whole(string number, CancellationToken stop) =>
        known.TryGetValue(number, out var whole) ? whole : known[number] = await db.Whole(number, stop);

    /// <summary>Reads those at once that will be asked for.</summary>
    public async Task Load(IReadOnlyCollection<string> wanted, CancellationToken stop)
    {
        var files = await db.Files.AsNoTracking().Where(f => EF.Parameter(wanted).Contains(f.Number)).ToListAsync(stop);
        var ids = db.Files.Where(f => EF.Parameter(wanted).Contains(f.Number)).Select(f => f.Id);
        var legs = (await db.Legs.AsNoTracking().Where(l => ids.Contains(l.CaseId)).OrderBy(l => l.Opened).ThenBy(l => l.Place).ToListAsync(stop)).ToLookup(l => l.CaseId);
        var clocks = (await db.Clocks.AsNoTracking().Where(c => ids.Contains(c.CaseId)).OrderBy(c => c.Opened).ThenBy(c => c.Whole).ToListAsync(stop)).ToLookup(c => c.CaseId);
        foreach (var number in wanted)
        {
            known[number] = null;
        }

        foreach (var file in files)
        {
            known[file.Number] = new(file, [.. legs[file.Id]], [.. clocks[file.Id]]);
        }
    }

    /// <summary>The next number of a day, yyyyMMdd. The day's counter is asked once for all of a commit, and nobody else has it until then.</summary>
    public async Task<string> Number(string day, CancellationToken stop)
    {
        numbers[day] = numbers.TryGetValue(day, out var taken)
            ? (taken.Last + 1, true)
            : (Convert.ToInt64(await Scalar($"INSERT INTO case_number (day, last) VALUES ({day}, 1) ON CONFLICT (day) DO UPDATE SET last = case_number.last + 1 RETURNING last", stop), CultureInfo.InvariantCulture), false);
        return $"SJ{day}-{numbers[day].Last:D6}";
    }

    /// <summary>The number of the case a sender has sent something under this key of; null: not yet.</summary>
    public async Task<string?> Key(string sender, string key, CancellationToken stop) =>
        keys.TryGetValue((sender, key), out var kept) ? kept.Number : await Scalar($"SELECT number FROM case_key WHERE sender = {sender} AND key = {key}", stop) as string;

    /// <summary>The act that was taken with a key; null: it is no act's, or from before that was kept.</summary>
    public async Task<string?> ActOf(string sender, string key, CancellationToken stop) =>
        keys.TryGetValue((sender, key), out var kept) ? kept.Act : await Scalar($"SELECT act FROM case_key WHERE sender = {sender} AND key = {key}", stop) as string;

    /// <param name="act">That was taken with it; null: it is no act's.</param>
    public void Keep(string sender, string key, string number, string? act = null)
    {
        keys[(sender, key)] = (number, act);
        line.Put($"INSERT INTO case_key (sender, key, number, act) VALUES ({sender}, {key}, {number}, {act})");
    }

    /// <summary>The first column of the first row as it is before what waits; null when there is no row or the value is NULL.</summary>
    public Task<object?> Scalar(FormattableString sql, CancellationToken stop) => line.Scalar(sql, stop);

    /// <summary>More that is written with the case.</summary>
    public void Put(FormattableString sql) => line.Put(sql);

    public void PutAll(IEnumerable<FormattableString> all)
    {
        foreach (var sql in all)
        {
            line.Put(sql);
        }
    }

    /// <returns>Null, or why nothing was written: someone else was faster.</returns>
    public async Task<Problem?> Write(CaseWhole before, CaseWhole after, IReadOnlyList<CaseEvent> events, Actor actor, Evidence told, CancellationToken stop)
    {
        var late = await Write(before, after, events, stop);
        if (late is null)
        {
            evidence.Add((actor, told));
        }

        return late;
    }

    /// <summary>The same where one entry of the ledger tells of many cases; the caller writes it.</summary>
    public async Task<Problem?> Write(CaseWhole before, CaseWhole after, IReadOnlyList<CaseEvent> events, CancellationToken stop)
    {
        // The file first, and only where its revision is still the one that was read: of two who act at once, one writes.
        var begins = before.File.Revision == 0;
        line.Put(begins ? CaseRows.Insert(after.File) : CaseRows.Update(after.File, before.File.Revision), sure: true);
        if (alone && !begins && !await line.Send(stop))
        {
            Overtaken = true;
            return Problems.Stale;
        }

        PutAll(begins ? CaseText.Of(after.File).Insert(Kind) : []);
        PutAll(events.Select(CaseRows.Insert));
        PutAll(CaseRows.Rest(before, after).Concat(Awaits.Changes(before, after, events)));
        known[after.File.Number] = after;
        return null;
    }

    /// <summary>Evidence of what is no case's own.</summary>
    public void Tell(Actor actor, Evidence told) => evidence.Add((actor, told));

    /// <summary>Writes what waits; after it <see cref="Db"/> has all of it.</summary>
    /// <returns>False when somebody else was faster at one of the pieces.</returns>
    public async Task<bool> Flush(CancellationToken stop)
    {
        foreach (var (day, taken) in numbers.Where(n => n.Value.More))
        {
            line.Put($"UPDATE case_number SET last = {taken.Last} WHERE day = {day}");
        }

        numbers.Clear();
        lost |= !await line.Send(stop); // Remembered: who looks in between may go on, the commit must not.
        return !lost;
    }

    /// <summary>What waits, and the evidence of all.</summary>
    internal async Task<bool> End(CancellationToken stop)
    {
        if (!await Flush(stop))
        {
            return false;
        }

        if (evidence.Count > 0)
        {
            await ledger.Append(Connection, Transaction, evidence, stop);
        }

        return true;
    }
}
