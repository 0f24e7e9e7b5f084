// In: a case, an act, who takes it, what they filled in. Out: what happens – one event, and those the program adds: a case goes up a loop or is dispatched by itself – and the case after it; or why not. Pure.
using System.Globalization;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Measuring;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Cases.Acting;

/// <summary>An act as somebody wants to take it.</summary>
/// <param name="Fields">As filled in: unit and assists are ids of units (several by comma), parent is a case's number, hours is a whole number.</param>
/// <param name="Behalf">As it is kept: sealed.</param>
/// <param name="At">When it happened; null: now.</param>
/// <param name="Photos">Digests of the photos that come with it; null or empty: none.</param>
internal sealed record Wish(string Act, IReadOnlyDictionary<string, string> Fields, string? Behalf = null, DateTimeOffset? At = null, IReadOnlyList<string>? Photos = null);

/// <param name="Events">In order.</param>
internal sealed record Decided(CaseWhole After, IReadOnlyList<CaseEvent> Events);

/// <summary>What the one who looks may do, and why not.</summary>
/// <param name="Code">Of the refusal; null when the act is open to them.</param>
internal sealed record ActOption(string Act, Text Title, bool May, string? Code, Text? Why, IReadOnlyList<FlowField> Fields);

internal static class Decide
{
    /// <summary>How often a lead unit asks for an extension, for a hold and for a return of one case, whatever comes of it: whoever gets the case next may ask as often.</summary>
    private const int MostAsked = 2;
    internal const int ReplyHours = 8;
    private static readonly Text Counsel = new("会商尚未结束，须先下结论或撤销会商。", "A consultation on it is open: conclude it, or end it, first.");

    /// <summary>Every act this state knows, open to the actor or not. What is filled in is judged when the act is taken.</summary>
    public static IReadOnlyList<ActOption> Options(CaseWhole whole, Actor actor, Desk desk) =>
    [
        .. desk.FlowOf(whole.File).From(whole.File.State).Select(act =>
        {
            var refused = Refused(whole, act, actor, desk);
            return new ActOption(act.Name, act.Title, refused is null, refused?.Code, refused?.What, act.Fields);
        }),
    ];

    /// <summary>A new case.</summary>
    public static Decided Report(Guid id, Reported told, string? @class, string? behalf, Actor actor, Desk desk, DateTimeOffset at, DateTimeOffset now)
    {
        var flow = desk.Flow;
        var node = desk.Nodes.Find(told.Place)!;
        var start = flow.States[flow.Start];
        var happened = new CaseEvent
        {
            CaseId = id, Seq = 1, At = at, KnownAt = now, Actor = actor.Id, Name = actor.Name, Unit = actor.Unit, Behalf = behalf, Act = "report", State = flow.Start, Node = node.Code, Loop = node.Loop, Flow = flow.Version,
            Detail = new() { Report = told, Class = @class, Ended = start.Ended, Stage = Clocks.Begin(start.Limit!, at, desk.Calendar), Whole = Clocks.Begin(flow.Limit, at, desk.Calendar) },
        };
        return Stays.Told(CaseWhole.None, [happened], flow, desk);
    }

    public static Result<Decided> Take(CaseWhole whole, Wish wish, CaseFile? parent, Actor actor, Desk desk, DateTimeOffset now)
    {
        var flow = desk.FlowOf(whole.File);
        if (!flow.Acts.TryGetValue(wish.Act, out var act) || !act.From.Contains(whole.File.State))
        {
            return Problems.WrongState.With(flow.TitleOf(whole.File.State), flow.ActTitle(wish.Act));
        }

        var fields = act.Fields.Where(f => f.Name != FlowWords.Photos && wish.Fields.GetValueOrDefault(f.Name)?.Trim() is { Length: > 0 }).ToDictionary(f => f.Name, f => wish.Fields[f.Name].Trim(), StringComparer.Ordinal);
        var refused = Refused(whole, act, actor, desk)
            ?? Filled.Lacks(act, fields, wish.Photos)
            ?? Filled.Wrong(whole, act, fields, parent, desk)
            ?? Unexplained(act, fields, whole.File, desk);
        if (refused is not null)
        {
            return refused;
        }

        var at = wish.At ?? (now > whole.File.LastAt ? now : whole.File.LastAt); // A clock that jumps back changes no deadline.
        if (at > now && wish.At is not null || at < whole.File.LastAt)
        {
            return Problems.WrongTime.At("at");
        }

        var events = Climbed(whole, Event(whole, act, fields, wish, parent, actor, desk, at, now), flow, desk);
        var after = events.Aggregate(whole, Project.After);
        events = DispatchAlone.Of(whole, after, act, desk, now) is { } sent ? [.. events, .. Climbed(after, sent, flow, desk)] : events;
        return FollowRow.Of(whole, events, desk) is { } moved ? Stays.Told(whole, [.. events, moved], desk.Flows[moved.Flow], desk) : Stays.Told(whole, events, flow, desk);
    }

    /// <summary>What is told of a case beside its flow's acts.</summary>
    /// <param name="actor">Null: the program itself.</param>
    public static Decided Told(CaseWhole whole, string act, Text reason, DateTimeOffset now, int? flow = null, Actor? actor = null)
    {
        var file = whole.File;
        var by = actor ?? Actor.System;
        var happened = Program(file, act, file.Node, file.Loop, reason, now > file.LastAt ? now : file.LastAt, now) with { Flow = flow ?? file.Flow, Actor = by.Id, Name = by.Name, Unit = by.Unit };
        return new(Project.After(whole, happened), [happened]);
    }

    /// <summary>An act that moves a case on – hands it out, tells it handled, passes it, ends it – waits for the consultation that is open; one that takes it back, or lies beside its way, does not.</summary>
    internal static bool Awaits(CaseFile file, FlowAct act, CaseFlow flow) => file.Consulting > 0
        && (act.Has("assign") || act.Has("reassist") || act.Has("handled") || act.Has("close") || (act.To is { } to && to != file.State && (flow.States[to].Ended || flow.From(to).Any(a => a.Has("close")))));

    private static Problem? Refused(CaseWhole whole, FlowAct act, Actor actor, Desk desk)
    {
        var duties = desk.Duties.Of(actor, whole.File.Node);
        if (!act.By.Any(role => role switch { "handler" => IsOf(actor, whole.Lead?.Unit), "assistant" => whole.Assists.Any(l => IsOf(actor, l.Unit)), _ => duties.Contains(role) }))
        {
            return Problems.NotYours.With(Joined(act.By.Select(b => FlowWords.Roles[b])), act.Title);
        }

        if (Awaits(whole.File, act, desk.FlowOf(whole.File)))
        {
            return Problems.Guarded.With(act.Title, Counsel);
        }

        // Whatever the flow says, a case is not closed over work that goes on, and its reporter is found satisfied once.
        return act.Guards.Concat(act.Has("close") ? ["children-ended"] : act.Has("satisfied") ? ["not-visited"] : []).Where(g => !Holds(g, whole, actor, desk)).Select(g => Problems.Guarded.With(act.Title, FlowWords.Guards[g])).FirstOrDefault();
    }

    /// <summary>Another lead unit than the table says needs a reason, in flows whose act can hold one.</summary>
    private static Problem? Unexplained(FlowAct act, Dictionary<string, string> fields, CaseFile file, Desk desk) =>
        act.Has("assign") && act.Fields.Any(f => f.Name == "reason") && !fields.ContainsKey("reason") && desk.Proposed(file) is { } said && Guid.Parse(fields["unit"]) != said.Lead
            ? Problems.NotProposed.With(said.Version, said.Row, desk.UnitName(said.Lead)).At("reason") : null;

    internal static bool Holds(string guard, CaseWhole whole, Actor actor, Desk desk)
    {
        var file = whole.File;
        return guard switch
        {
            "has-class" => file.Class is not null,
            "not-the-handler" => !file.Handlers.Contains(actor.Id) && !whole.Legs.Any(l => (l.Outcome is null or LegEnd.Handled or LegEnd.Assisted) && IsOf(actor, l.Unit)),
            "assists-ended" => !whole.Assists.Any() && !Returned(whole),
            "children-ended" => !whole.Assists.Any() && !Returned(whole) && file.Consulting == 0,
            _ when FlowWords.Asks.TryGetValue(guard, out var kind) => whole.Lead is not { } lead || whole.Legs.Where(l => l.IsLead && l.Unit == lead.Unit).Sum(l => l.Asked(kind)) < MostAsked,
            "reporter-known" => file.HasReporter || file.Satisfied is not null || file.Source is CaseSource.Upper or CaseSource.Lower, // who rated it is known by that; another level is who reported
            "not-visited" => !file.Visited,
            "supervised" => file.Supervised,
            "not-supervised" or "supervision-answered" => !file.Supervised,
            "assistance-returned" => Returned(whole),
            "node-below" => desk.Nodes.Below.Contains(file.Node),
            "in-small-loop" => file.Loop == Loop.Small,
            "loop-above" => desk.Nodes.LoopAbove(file.Node) is not null,
            _ => true, // those about what is filled in: see Filled
        };
    }

    internal static CaseEvent Event(CaseWhole whole, FlowAct act, Dictionary<string, string> fields, Wish wish, CaseFile? parent, Actor actor, Desk desk, DateTimeOffset at, DateTimeOffset now)
    {
        var file = whole.File;
        var to = desk.FlowOf(file).States[act.To ?? file.State];
        var node = act.Has("whistle") ? desk.Nodes.Centre : act.Has("raise") ? desk.Nodes.LoopAbove(file.Node)! : act.Has("lower") ? desk.Nodes.Find(fields["node"])! : desk.Nodes.Find(file.Node)!;
        var @class = act.Has("classify") ? fields["class"] : null;
        var grade = act.Has("classify") && Enum.TryParse<Grade>(fields.GetValueOrDefault("grade"), out var told) ? told : (Grade?)null;
        var classified = file with { Class = @class ?? file.Class, Grade = grade ?? file.Grade };
        var stage = Clocks.Stage(whole, act, to, classified, desk, at);
        return new()
        {
            CaseId = file.Id, Seq = file.Revision + 1, At = at, KnownAt = now, Actor = actor.Id, Name = actor.Name, Unit = actor.Unit, Behalf = wish.Behalf, Act = act.Name, OldState = file.State, State = to.Name,
            Node = node.Code, Loop = node.Loop, Reason = fields.GetValueOrDefault("reason"), Flow = file.Flow,
            Detail = new()
            {
                Fields = fields, Effects = act.Effects, Class = @class, Grade = grade, Photos = wish.Photos is { Count: > 0 } photos ? photos : null,
                Lead = act.Has("assign") ? Guid.Parse(fields["unit"]) : null, Assists = act.Has("assign") || act.Has("reassist") ? Filled.Ids(fields.GetValueOrDefault("assists")) : null,
                Proposed = act.Has("assign") ? desk.Proposed(classified) : null,
                Parent = act.Has("merge") ? parent!.Id : null, Sees = act.Has("whistle") || act.Has("raise") ? actor.Unit : null,
                Asks = act.Guards.Select(g => FlowWords.Asks.TryGetValue(g, out var kind) ? kind : (AskKind?)null).FirstOrDefault(k => k is not null),
                ReplyDue = act.Has("supervise") ? ReplyBy(desk, at, fields.TryGetValue("hours", out var hours) ? int.Parse(hours, CultureInfo.InvariantCulture) : null) : null,
                Ended = to.Ended, Outcome = to.Ended && !file.Ended ? OutcomeOf(whole, act, fields, desk.FlowOf(file), at) : null,
                Stage = stage, Whole = Clocks.Whole(whole, to, stage, desk, at),
            },
        };
    }

    /// <param name="hours">Working hours; null: the usual ones.</param>
    internal static DateTimeOffset ReplyBy(Desk desk, DateTimeOffset at, int? hours) => desk.Calendar.Advance(LimitUnit.WorkHours, at, TimeSpan.FromHours(hours ?? ReplyHours));

    private static Outcome OutcomeOf(CaseWhole whole, FlowAct act, Dictionary<string, string> fields, CaseFlow flow, DateTimeOffset at) =>
        act.Has("merge") ? Outcome.Merged
        : !act.Has("close") ? whole.File.State == flow.Start ? Outcome.Rejected : Outcome.Void
        : Enum.TryParse<Outcome>(fields.GetValueOrDefault("end"), out var told) ? told
        : InTime.ByClocks(whole, flow, at) == false ? Outcome.Late : Outcome.Normal;

    private static IReadOnlyList<CaseEvent> Climbed(CaseWhole before, CaseEvent happened, CaseFlow flow, Desk desk) =>
        Climbs(Project.After(before, happened), happened, flow, desk) is { } up ? [happened, up] : [happened];

    /// <summary>提级: once too often reworked or refused, of a high grade, or several departments: up to the city's centre. Only by what brings it there: a case sent down with a reason stays down.</summary>
    internal static CaseEvent? Climbs(CaseWhole whole, CaseEvent after, CaseFlow flow, Desk desk)
    {
        var (file, climb) = (whole.File, flow.Climb);
        if (file.Ended || file.Loop == Loop.Large)
        {
            return null;
        }

        var units = whole.Legs.Where(l => l.Runs).Select(l => l.Unit).Distinct().Count();
        Text? why = climb.Reworks > 0 && file.Reworks >= climb.Reworks && Did("rework") ? new Text("返工 {0} 次", "reworked {0} times").With(file.Reworks)
            : climb.Refusals > 0 && file.Returns + file.Shirks >= climb.Refusals && (Did("return") || Did("shirk")) ? new Text("回退或推诿 {0} 次", "returned or shirked {0} times").With(file.Returns + file.Shirks)
            : climb.Grade is { } grade && file.Grade >= grade && Did("classify") ? new Text("级别为{0}", "of grade: {0}").With(CaseWords.Of(file.Grade))
            : climb.Units > 0 && units >= climb.Units && (Did("assign") || Did("reassist")) ? new Text("涉及 {0} 个部门", "{0} departments concerned").With(units)
            : null;
        return why is { } reason ? Program(file, "climbed", desk.Nodes.Centre.Code, Loop.Large, reason, after.At, after.KnownAt) : null;

        bool Did(string effect) => after.Detail.Effects.Contains(effect);
    }

    internal static CaseEvent Program(CaseFile file, string act, string node, Loop loop, Text reason, DateTimeOffset at, DateTimeOffset now) => new()
    {
        CaseId = file.Id, Seq = file.Revision + 1, At = at, KnownAt = now, Actor = Actor.System.Id, Name = Actor.System.Name, Act = act, OldState = file.State, State = file.State, Node = node, Loop = loop,
        Reason = reason.Zh, Flow = file.Flow, Detail = new() { ReasonEn = reason.En.Length == 0 || reason.En == reason.Zh ? null : reason.En, Ended = file.Ended, Stage = file.Ended ? null : Clocks.Goes, Whole = file.Ended ? null : Clocks.Goes },
    };

    /// <summary>A co-unit gave its task back, and nobody has been found for it.</summary>
    private static bool Returned(CaseWhole whole) => whole.Lead is { } lead && whole.Legs.Any(l => l.Opened >= lead.Opened && l.Outcome == LegEnd.Returned);

    private static bool IsOf(Actor actor, Guid? unit) => unit is not null && actor.Has(Roles.Steward) && actor.Unit == unit;

    private static Text Joined(IEnumerable<Text> words)
    {
        var all = words.ToList();
        return new(string.Join('、', all.Select(w => w.Zh)), string.Join(", ", all.Select(w => w.En)));
    }
}
