// In: cases of a period, a table. Out: who would have led each of them by it, and what would have become of it: docs/decisions/0022. Pure; the same twice.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;

namespace Lizhou.Cases.Dispatching.WhatIf;

/// <param name="Limit">Null: neither the table nor a class has one.</param>
/// <param name="Unanswered">See <see cref="Forecast"/>.</param>
internal sealed record Course(PastCase Case, Proposal? Said, Guid Lead, IReadOnlyList<Guid> Assists, TimeLimit? Before, TimeLimit? Limit, bool Unanswered, Basis? Basis, int Drawn, TimeSpan? Handling, bool? NowBreach, bool? Breach, DateTimeOffset? ClosedAt)
{
    public bool Moved => Lead != Case.Lead;
}

/// <param name="table">Null: that of then is not tried against another.</param>
internal sealed class Foretell(IReadOnlyList<PastCase> cases, DispatchTable? table, Desk desk)
{
    private readonly DrawTimes times = new(cases, desk.Calendar);
    private readonly Dictionary<(string?, string, Grade), Proposal?> answers = [];

    public IReadOnlyList<Course> All() => [.. cases.Select(One)];

    private Course One(PastCase c)
    {
        var said = table is null ? c.Said : Answer(c);
        // Where both tables say the same, whoever dispatched would have done what they did.
        var same = said?.Lead == c.Said?.Lead;
        var responsible = c.Class is { } code && desk.Known.TryGetValue(code, out var line) && line.Unit is { } unit && desk.Units.ContainsKey(unit) ? unit : (Guid?)null;
        var lead = same ? c.Lead : said?.Lead ?? responsible ?? c.Lead;
        var assists = lead == c.Lead && (same && (said is null || said.Assists.SequenceEqual(c.Said!.Assists))) ? c.Assists : said?.Assists ?? [];
        var before = c.Limit ?? OfClass(c);
        var limit = said?.Limit == c.Said?.Limit ? before : said?.Limit ?? OfClass(c);
        var course = new Course(c, said, lead, assists, before, limit, !same && said is null && responsible is null, null, 0, null, c.Breached ?? Late(c, before), null, c.ClosedAt);
        return course.Moved ? Moved(course) : course with { Breach = limit == before ? course.NowBreach : Late(c, limit) ?? course.NowBreach };
    }

    private Course Moved(Course course)
    {
        var (c, calendar) = (course.Case, desk.Calendar);
        var (basis, many, drawn) = times.For(course.Lead, c.Class, c.Number);
        if (basis == Basis.None)
        {
            return course with { Basis = basis, Breach = null, ClosedAt = null };
        }

        bool? breach = course.Limit is not { } limit ? null : (limit.Unit is LimitUnit.Minutes or LimitUnit.Hours ? drawn.Ran : drawn.Worked) > calendar.Length(limit, c.SentAt) + drawn.Extra;
        // What came after the handling – verification, rework, closing – takes as long as it did.
        var closed = c.SentAt + drawn.Whole + (c.ClosedAt - c.DoneAt);
        return course with { Basis = basis, Drawn = many, Handling = drawn.Worked, Breach = breach, ClosedAt = closed };
    }

    /// <summary>Null: not handled yet, or without a limit.</summary>
    private bool? Late(PastCase c, TimeLimit? limit) => limit is null || c.DoneAt is not { } done ? null : desk.Calendar.Explain(limit, c.SentAt, c.Pauses, c.Extra, c.Office).Due is not { } due ? false : done > due;

    private TimeLimit? OfClass(PastCase c) => desk.Known.GetValueOrDefault(c.Class ?? "")?.Limit(c.Grade);

    private Proposal? Answer(PastCase c)
    {
        var key = (c.Class, c.Place, c.Grade);
        return answers.TryGetValue(key, out var known) ? known : answers[key] = table!.Find(new CaseFile { Class = c.Class, Place = c.Place, Grade = c.Grade }, desk.Nodes, desk.Units.ContainsKey);
    }
}
