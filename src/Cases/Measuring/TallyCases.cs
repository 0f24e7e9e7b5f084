// In: cases as their events tell them, one after the other. Out: their figures, as CaseMeasures defines them. Pure.
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;

namespace Lizhou.Cases.Measuring;

internal sealed class TallyCases(IReadOnlyDictionary<int, CaseFlow> flows) : IDisposable
{
    private static readonly string[] Back = ["rework", "unsatisfied"];
    private readonly IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly SortedDictionary<string, long> outcomes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Spans Waits, long Open)> steps = new(StringComparer.Ordinal);
    private readonly Spans throughput = new();
    private readonly Spans toldThroughput = new();
    private long all, ended, here, told, implied, jumps, reworkCases, reworks, handCases, hands, met, missed, unjudged;
    private long flagMet, flagMissed, counters, counterHands, countedHands, handsDiffer, reopenKnown, reopenTold, reopenCounted, reopenDiffer, dueKnown, dueMet, dueFlagMet, dueDiffer, endDiffer;

    /// <summary>Cases taken so far.</summary>
    public long All => all;

    public void Take(IReadOnlyList<CaseEvent> events)
    {
        var whole = Project.Replay(events);
        all++;
        Events(events);
        Waits(events, whole.File);
        var (back, moves) = (events.Sum(e => e.Detail.Effects.Count(Back.Contains)), Hands(events));
        reworks += back;
        reworkCases += back > 0 ? 1 : 0;
        hands += moves;
        handCases += moves > 0 ? 1 : 0;
        if (whole.File.Ended)
        {
            ended++;
            throughput.Add(whole.File.ClosedAt!.Value - whole.File.ReportedAt);
            if (InTime.Last(events, l => l.Ended) is { } end)
            {
                toldThroughput.Add(end - whole.File.ReportedAt);
                endDiffer += end != whole.File.ClosedAt ? 1 : 0;
            }

            var outcome = (whole.File.Outcome ?? Outcome.Normal).ToString();
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        Limits(events, whole);
        Counters(events, back, moves);
    }

    public CaseMeasures Done(MeasureFilter filter, long listed)
    {
        var (flow, total) = (flows[flows.Keys.Max()], steps.Values.Sum(s => s.Waits.Total));
        var order = flow.States.Keys.ToList();
        return new(
            filter, new(all, ended, all - ended, outcomes), new(here + told + implied, here, told, implied, jumps, Convert.ToHexStringLower(digest.GetHashAndReset())), throughput.Spread(),
            [.. steps.OrderBy(s => order.IndexOf(s.Key) is >= 0 and var at ? at : int.MaxValue).ThenBy(s => s.Key, StringComparer.Ordinal).Select(s => new StepWait(s.Key, flow.TitleOf(s.Key).ToString(), s.Value.Waits.Spread(), s.Value.Open, Share(s.Value.Waits.Total, total)))],
            new(reworkCases, reworks, Share(reworkCases, all)), new(handCases, hands, Share(hands, all)), new(met + missed, met, missed, Share(met, met + missed), unjudged),
            flagMet + flagMissed + counters + reopenKnown + toldThroughput.Count == 0 ? null : new(toldThroughput.Spread(), flagMet, flagMissed, counterHands, Share(counterHands, counters), reopenTold),
            [
                new("cases", Math.Max(all, listed), all, listed, Math.Abs(all - listed)),
                .. toldThroughput.Count > 0 ? [new Reconciled("ended", toldThroughput.Count, toldThroughput.Count, toldThroughput.Count, endDiffer)] : Array.Empty<Reconciled>(),
                .. counters > 0 ? [new Reconciled("reassigned", counters, countedHands, counterHands, handsDiffer)] : Array.Empty<Reconciled>(),
                .. reopenKnown > 0 ? [new Reconciled("reopened", reopenKnown, reopenCounted, reopenTold, reopenDiffer)] : Array.Empty<Reconciled>(),
                .. dueKnown > 0 ? [new Reconciled("limit", dueKnown, dueFlagMet, dueMet, dueDiffer)] : Array.Empty<Reconciled>(),
            ]);
    }

    public void Dispose() => digest.Dispose();

    private void Events(IReadOnlyList<CaseEvent> events)
    {
        foreach (var e in events)
        {
            var log = e.Detail.Log;
            (here, told, implied, jumps) = (here + (log is null ? 1 : 0), told + (log is { Implied: false } ? 1 : 0), implied + (log is { Implied: true } ? 1 : 0), jumps + (log is { Jump: true } ? 1 : 0));
            digest.AppendData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(e with { KnownAt = default }, CasesDb.Json)));
        }
    }

    private void Waits(IReadOnlyList<CaseEvent> events, CaseFile file)
    {
        CaseEvent? since = null;
        foreach (var e in events.Where(e => e.Detail.Log is not { Implied: true }))
        {
            if (since?.State == e.State)
            {
                continue;
            }

            if (since is not null && !IsEnd(since))
            {
                Step(since.State).Waits.Add(e.At - since.At);
            }

            since = e;
        }

        if (!file.Ended)
        {
            var (waits, open) = Step(file.State);
            steps[file.State] = (waits, open + 1);
        }
    }

    private void Limits(IReadOnlyList<CaseEvent> events, CaseWhole whole)
    {
        var (flag, due) = (InTime.Last(events, l => l.Met), InTime.Last(events, l => l.Due));
        flagMet += flag == true ? 1 : 0;
        flagMissed += flag == false ? 1 : 0;
        if (!whole.File.Ended)
        {
            return;
        }

        var (kept, judged) = (InTime.Of(events, whole, flows[events[^1].Flow]), InTime.Judged(whole.File));
        (met, missed, unjudged) = (met + (kept == true ? 1 : 0), missed + (kept == false ? 1 : 0), unjudged + (judged && kept is null ? 1 : 0));
        var byDue = due is null ? null : InTime.ByLog(null, due, InTime.Last(events, l => l.Ended) ?? whole.File.ClosedAt!.Value);
        if (flag is not null && byDue is not null)
        {
            (dueKnown, dueMet, dueFlagMet, dueDiffer) = (dueKnown + 1, dueMet + (byDue == true ? 1 : 0), dueFlagMet + (flag == true ? 1 : 0), dueDiffer + (flag != byDue ? 1 : 0));
        }
    }

    private void Counters(IReadOnlyList<CaseEvent> events, int back, int moves)
    {
        if (InTime.Last(events, l => l.Reassigned) is { } reassigned)
        {
            (counters, counterHands, countedHands, handsDiffer) = (counters + 1, counterHands + reassigned, countedHands + moves, handsDiffer + (moves != reassigned ? 1 : 0));
        }

        if (InTime.Last(events, l => l.Reopened) is { } reopened)
        {
            (reopenKnown, reopenTold, reopenCounted, reopenDiffer) = (reopenKnown + 1, reopenTold + (reopened > 0 ? 1 : 0), reopenCounted + (back > 0 ? 1 : 0), reopenDiffer + (reopened > 0 != back > 0 ? 1 : 0));
        }
    }

    /// <summary>How often it came to somebody else. What a log names is a group; here it is the lead unit.</summary>
    private static int Hands(IReadOnlyList<CaseEvent> events)
    {
        var (moves, holder) = (0, (string?)null);
        foreach (var now in events.Select(e => e.Detail.Log is { } log ? log.Group : e.Detail.Lead?.ToString("D")).OfType<string>())
        {
            moves += holder is not null && holder != now ? 1 : 0;
            holder = now;
        }

        return moves;
    }

    private (Spans Waits, long Open) Step(string state) => steps.TryGetValue(state, out var known) ? known : steps[state] = (new(), 0);

    private bool IsEnd(CaseEvent e) => flows.TryGetValue(e.Flow, out var flow) && flow.States.TryGetValue(e.State, out var state) && state.Ended;

    private static double? Share(long part, long whole) => whole == 0 ? null : Math.Round((double)part / whole, 6);
}
