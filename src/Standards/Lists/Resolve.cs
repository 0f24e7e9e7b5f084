// In: the lines of a list, its crosswalk, a code and the day it was written down. Out: what it is today, the way there, and how sure each step is.
using Lizhou.Contracts.Standards;

namespace Lizhou.Standards.Lists;

/// <summary>A line of the crosswalk within one list that was not declined.</summary>
internal sealed record Way(string Code, string? ToCode, DateOnly On, CodeChangeKind Kind, bool Confirmed);

internal sealed class Resolve(IReadOnlyList<CodeRow> rows, IReadOnlyList<Way> ways, DateOnly today)
{
    private const int MostSteps = 20;

    private readonly ILookup<string, CodeRow> lines = rows.OrderBy(r => r.From ?? DateOnly.MinValue).ToLookup(r => r.Code, StringComparer.Ordinal);
    private readonly ILookup<string, Way> onward = ways.ToLookup(w => w.Code, StringComparer.Ordinal);

    public CodeResolution Of(string code, DateOnly? at)
    {
        var own = lines[code].ToList();
        if (own.Count == 0)
        {
            return new(code, at, null, false, [], []);
        }

        var held = at is { } day ? own.Find(r => r.Holds(day)) : own[^1];
        var start = held ?? Nearest(own, at!.Value);
        List<CodeStep> path = [];
        List<CodeTarget> targets = [];
        Follow(start, Certainty.Listed, 0, path, targets);
        return new(code, at, start.Name, held is not null, [.. targets.GroupBy(t => t.Code, StringComparer.Ordinal).Select(g => g.MinBy(t => t.Certainty)!)], path);
    }

    /// <summary>The line whose days are nearest: identity numbers keep a code that was given out before or after the day of birth.</summary>
    private static CodeRow Nearest(List<CodeRow> own, DateOnly day) => own.MinBy(r =>
        r.Until is { } until && until <= day ? day.DayNumber - until.DayNumber : r.From is { } from && from > day ? from.DayNumber - day.DayNumber : 0)!;

    private void Follow(CodeRow line, Certainty sofar, int depth, List<CodeStep> path, List<CodeTarget> targets)
    {
        // Through the names the code itself has had: lines that follow one another without a gap are one division.
        while (line.Until is { } ends && ends <= today && lines[line.Code].FirstOrDefault(r => r.From == ends) is { } next)
        {
            path.Add(new(line.Code, line.Name, next.Code, next.Name, ends, CodeChangeKind.Renamed, Certainty.Listed));
            line = next;
        }

        if (line.Until is not { } end || end > today)
        {
            targets.Add(new(line.Code, line.Name, sofar));
            return;
        }

        var known = onward[line.Code].Where(w => w.On >= end && w.On <= today).ToList();
        known = known.FindAll(w => w.On == known.Min(k => k.On));
        // What a person has confirmed puts the mere candidates aside.
        known = known.Exists(w => w.Confirmed) ? known.FindAll(w => w.Confirmed) : known;
        if (known.Count == 0 || depth == MostSteps)
        {
            path.Add(new(line.Code, line.Name, null, null, end, CodeChangeKind.Abolished, Certainty.Unknown));
            return;
        }

        foreach (var way in known)
        {
            var sure = way.Confirmed ? Certainty.Confirmed : Certainty.Proposed;
            var to = way.ToCode is { } code ? lines[code].FirstOrDefault(r => r.Holds(way.On)) ?? lines[code].LastOrDefault() : null;
            path.Add(new(line.Code, line.Name, to?.Code, to?.Name, way.On, way.Kind, sure));
            if (to is not null && !path.Exists(s => s.From == to.Code && s.To == line.Code))
            {
                Follow(to, sure > sofar ? sure : sofar, depth + 1, path, targets);
            }
        }
    }
}
