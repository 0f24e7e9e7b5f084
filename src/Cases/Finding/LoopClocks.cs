// In: what happened to a case. Out: for each loop it was in how long it could stand there, as a clock beside those of its stages; a loop without a limit has none. Pure.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Cases.Finding;

internal static class LoopClocks
{
    private sealed record Span(Loop Loop, DateTimeOffset StartedAt, TimeLimit? Limit, bool Told, DateTimeOffset? DueAt, DateTimeOffset? EndedAt);

    public static IReadOnlyList<ClockView> Of(IReadOnlyList<CaseEvent> events, Desk desk, SetBy calendar)
    {
        List<Span> spans = [];
        var whole = CaseWhole.None;
        foreach (var e in events)
        {
            var before = whole.File;
            whole = Project.After(whole, e);
            var file = whole.File;
            if (spans.LastOrDefault() is { EndedAt: null } last && (file.Ended || e.Loop != before.Loop))
            {
                spans[^1] = last with { EndedAt = e.At };
            }

            if (!file.Ended && spans.LastOrDefault() is not { EndedAt: null })
            {
                spans.Add(new(e.Loop, e.At, null, Told: false, null, null));
            }

            if (!file.Ended)
            {
                // A case from before loops had limits was told of none.
                spans[^1] = spans[^1] with { Limit = desk.FlowOf(file).Climb.Stay.GetValueOrDefault(e.Loop), Told = spans[^1].Told || file.StayUntil is not null, DueAt = file.StayUntil };
            }
        }

        return [.. spans.Where(s => s is { Told: true, Limit: not null }).Select(s => View(s, whole, calendar))];
    }

    private static ClockView View(Span span, CaseWhole whole, SetBy calendar)
    {
        var pauses = whole.Clocks.Where(c => c.Whole).SelectMany(c => c.Pauses).Where(p => span.EndedAt is not { } end || p.From < end).ToList();
        var told = calendar.Tell(span.DueAt, by => by.Explain(span.Limit!, span.StartedAt, pauses));
        var title = new Text("层级停留（{0}）", "Standing in the {0}").With(CaseWords.Of(span.Loop));
        return new(false, title.ToString(), span.StartedAt, span.Limit!, span.DueAt, span.EndedAt, span.EndedAt is { } ended ? span.DueAt is not { } due || ended <= due : null, told.Explained, [], false, span.Loop, told.Changed?.ToString());
    }
}
