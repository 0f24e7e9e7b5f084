// In: until when. Out: the newest cases that were settled well by then, as they are learned from: class, town, lead unit, words without what may name a person. Never who reported them.
using System.Text.Json;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Recommending;

internal sealed class SettledCases(StateStore state)
{
    /// <summary>So many at most, the newest: what memory learning takes does not grow with the years.</summary>
    public const int Most = 40_000;

    /// <param name="after">Only cases with a greater number; empty: all.</param>
    public async Task<List<Settled>> Until(DateTimeOffset asOf, string after, CancellationToken stop)
    {
        var found = await state.Read(
            $"""
             SELECT f.number, f.words, f.class, f.place, l.unit, CASE WHEN f.source = 'Log' THEN (SELECT e.detail FROM case_event e WHERE e.case_id = f.id AND e.seq = 1) END FROM case_file f
             LEFT JOIN case_leg l ON l.case_id = f.id AND l.place = 0 AND l.opened = (SELECT MAX(m.opened) FROM case_leg m WHERE m.case_id = f.id AND m.place = 0)
             WHERE f.ended = 1 AND f.class IS NOT NULL AND f.outcome IN ('Normal', 'Late', 'Special') AND f.closed_at <= {asOf.ToStored()} AND f.number > {after} ORDER BY f.number DESC LIMIT {Most}
             """,
            r => r.IsDBNull(5) || Tells(r.GetString(1), r.GetString(5)) ? new Settled(r.GetString(0), PlainWords.Of(r.GetString(1)), r.GetString(2), Town(r.GetString(3)), r.IsDBNull(4) ? "" : r.GetString(4)) : null,
            stop);
        return [.. found.OfType<Settled>()];
    }

    /// <summary>Where the log of another system told no words, a case taken over from it has its name and number for them: nothing is learned from those.</summary>
    private static bool Tells(string words, string detail) => JsonSerializer.Deserialize<EventDetail>(detail, CasesDb.Json)!.Log is not { } log || words != $"{log.Source} {log.Case}";

    /// <summary>Villages have twelve digits, towns and zones nine.</summary>
    public static string Town(string place) => place.Length > 9 ? place[..9] : place;
}
