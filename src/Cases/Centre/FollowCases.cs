// In: who looks, and the last thing they heard. Out: which cases they may see have changed since, as it happens, with a beat every fifteen seconds. Read from the ledger of events, so that nothing is missed over a broken line, a restart,
// or a change by another node, which is heard of at the next beat.
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Lizhou.Cases.Finding;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Centre;

/// <param name="Number">Null: look at everything anew; what was missed is too old to tell one by one.</param>
internal sealed record CaseChange(string? Number, long Revision);

internal sealed class FollowCases(FindCases find, StateStore state, TimeProvider clock)
{
    public const string Change = "change";
    private const int MostAtOnce = 500;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Oldest = TimeSpan.FromHours(1);

    /// <summary>A commit may come later than one whose moment is after its own.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(5);

    /// <summary>After it the browser comes again and is asked who it is: who signed out hears no more.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <param name="last">Moment of the last change heard, as the id of its message says; null: from now on.</param>
    public async IAsyncEnumerable<SseItem<CaseChange>> Run(CaseNews.Ear ear, string? last, Actor actor, [EnumeratorCancellation] CancellationToken stop)
    {
        using var listening = ear;
        var begun = clock.GetUtcNow();
        var since = DateTimeOffset.TryParse(last, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var heard) ? heard : begun;
        var told = new Dictionary<string, long>(StringComparer.Ordinal);
        yield return new(new(null, 0), "hello");
        if (since < begun - Oldest || since > begun)
        {
            since = begun;
            yield return new(new(null, 0), Change) { EventId = since.ToStored() };
        }

        while (clock.GetUtcNow() - begun < Life)
        {
            var asked = clock.GetUtcNow();
            var changes = await Since(since - Overlap, actor, stop);
            if (changes.Count == MostAtOnce)
            {
                // More than can be told one by one, e.g. a log taken over: the page looks anew, and no more than once while they are among the latest.
                since = asked;
                yield return new(new(null, 0), Change) { EventId = since.ToStored() };
                await Task.Delay(Overlap, clock, stop);
                continue;
            }

            foreach (var (number, revision, at) in changes.Where(c => c.Mine && told.GetValueOrDefault(c.Number) < c.Revision))
            {
                yield return new(new(number, revision), Change) { EventId = at };
            }

            foreach (var change in changes)
            {
                told[change.Number] = change.Revision;
                since = DateTimeOffset.Parse(change.At, CultureInfo.InvariantCulture) is var at && at > since ? at : since;
            }

            await Task.Delay(Pause, clock, stop);
            if (!await Nudged(ear, stop))
            {
                yield return new(new(null, 0), "beat");
            }

            if (told.Count > 10 * MostAtOnce)
            {
                told.Clear();
            }
        }
    }

    private async Task<bool> Nudged(CaseNews.Ear ear, CancellationToken stop)
    {
        using var beat = new CancellationTokenSource(Beat, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, beat.Token);
        try
        {
            return await ear.Nudged.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<Changed>> Since(DateTimeOffset moment, Actor actor, CancellationToken stop)
    {
        var all = await state.Read(
            $"SELECT f.number, f.revision, MAX(e.known_at) FROM case_event e JOIN case_file f ON f.id = e.case_id WHERE e.known_at > {moment.ToStored()} GROUP BY f.number, f.revision ORDER BY 3 LIMIT {MostAtOnce}",
            r => new Changed(r.GetString(0), r.GetInt64(1), r.GetString(2), Mine: false), stop);
        if (all.Count == 0)
        {
            return [];
        }

        var numbers = all.Select(c => c.Number).ToList();
        var mine = (await (await find.Of(new(), actor, stop)).Where(f => numbers.Contains(f.Number)).Select(f => f.Number).ToListAsync(stop)).ToHashSet(StringComparer.Ordinal);
        return [.. all.Select(c => c with { Mine = mine.Contains(c.Number) })];
    }

    /// <param name="At">As the ledger of events keeps moments.</param>
    private sealed record Changed(string Number, long Revision, string At, bool Mine)
    {
        public void Deconstruct(out string number, out long revision, out string at) => (number, revision, at) = (Number, Revision, At);
    }
}
