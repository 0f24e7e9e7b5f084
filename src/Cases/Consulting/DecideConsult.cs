// In: a case, what somebody wants to do in its consultation, who they are. Out: the event and the case after it; or why not. Pure.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Cases.Consulting;

/// <param name="May">Whether it is open to who asks.</param>
/// <param name="Code">Of the refusal; null when it is open.</param>
internal sealed record ConsultOption(ConsultStep Step, Text Title, bool May, string? Code, Text? Why);

internal static class DecideConsult
{
    public const int MostMembers = 30;

    /// <summary>Working hours in which opinions are given, and tasks done, where none are told.</summary>
    public const int Usual = 8;

    private static readonly ConsultStep[] Steps = [ConsultStep.Call, ConsultStep.Material, ConsultStep.Opinion, ConsultStep.Conclude, ConsultStep.Drop];

    private static readonly Text EarlyTitle = new("提前结论理由", "Reason for concluding early");

    public static Text Title(ConsultStep step) => FlowWords.Program[Act(step)];

    public static IReadOnlyList<ConsultOption> Options(CaseWhole whole, Actor actor, Desk desk) =>
        [.. Steps.Select(step => Refused(whole, step, actor, desk) is { } refused ? new ConsultOption(step, Title(step), false, refused.Code, refused.What) : new ConsultOption(step, Title(step), true, null, null))];

    /// <param name="awaited">Of a conclusion: how many have said nothing, while they still may in time.</param>
    public static Result<Decided> Take(CaseWhole whole, TakeConsult.Ask ask, bool photo, int awaited, Actor actor, Desk desk, DateTimeOffset now)
    {
        if ((Refused(whole, ask.Step, actor, desk) ?? Wrong(whole, ask, photo, desk) ?? Unfinished(whole, ask, awaited, desk)) is { } refused)
        {
            return refused;
        }

        var told = Decide.Told(whole, Act(ask.Step), new(ask.Words?.Trim() ?? "", ask.Words?.Trim() ?? ""), now, actor: actor).Events[0];
        DateTimeOffset Due(int? hours) => desk.Calendar.Advance(LimitUnit.WorkHours, told.At, TimeSpan.FromHours(hours ?? Usual));
        var consult = new ConsultDetail { Step = ask.Step, Photo = photo };
        consult = ask.Step switch
        {
            ConsultStep.Call => consult with { Members = ask.Members, Due = Due(ask.Hours) },
            ConsultStep.Material => consult with { Link = ask.Link?.Trim() is { Length: > 0 } link ? link : null },
            ConsultStep.Opinion => consult with { Member = actor.Unit },
            ConsultStep.Conclude => consult with { Minutes = ask.Minutes?.Trim(), Early = awaited > 0 ? ask.Early!.Trim() : null, Tasks = [.. (ask.Tasks ?? []).Select(t => new ConsultTask(t.Unit, Due(t.Hours)))] },
            _ => consult,
        };
        var happened = told with { Detail = told.Detail with { Consult = consult } };
        happened = ask.Step == ConsultStep.Conclude && ask.Tasks is { Count: > 0 } ? Assigned(whole, happened, ask.Tasks, desk) : happened;
        var after = Project.After(whole, happened);
        var flow = desk.FlowOf(whole.File);
        return Stays.Told(whole, Decide.Climbs(after, happened, flow, desk) is { } up ? [happened, up] : [happened], flow, desk);
    }

    /// <summary>Tells that an answer is past its limit.</summary>
    public static Decided Late(CaseWhole whole, Guid unit, Text why, DateTimeOffset now)
    {
        var told = Decide.Told(whole, Act(ConsultStep.Late), why, now).Events[0];
        var happened = told with { Detail = told.Detail with { Consult = new() { Step = ConsultStep.Late, Member = unit } } };
        return new(Project.After(whole, happened), [happened]);
    }

    /// <summary>The lead unit's leg and, below it, those of the co-units; what ran before is taken away, with the conclusion as the reason.</summary>
    private static CaseEvent Assigned(CaseWhole whole, CaseEvent told, IReadOnlyList<TakeConsult.Assignment> tasks, Desk desk)
    {
        var to = desk.FlowOf(whole.File).States[Assign(whole, desk)!.To!];
        var stage = Clocks.Begin(new(tasks[0].Hours ?? Usual, LimitUnit.WorkHours), told.At, desk.Calendar);
        return told with
        {
            State = to.Name,
            Detail = told.Detail with
            {
                Effects = ["release", "assign"], Lead = tasks[0].Unit, Assists = [.. tasks.Skip(1).Select(t => t.Unit)], Stage = stage, Whole = Clocks.Whole(whole, to, stage, desk, told.At),
                Proposed = desk.Proposed(whole.File) is { } said ? said with { Auto = false, Flow = null } : null, // What the table said, kept to be compared with; the conclusion alone assigned it, and it changes no flow.
            },
        };
    }

    private static Problem? Refused(CaseWhole whole, ConsultStep step, Actor actor, Desk desk)
    {
        var (file, duties) = (whole.File, desk.Duties.Of(actor, whole.File.Node));
        return !Steps.Contains(step) ? Problems.WrongField.With("step", new Text("没有这个步骤。", "There is no such step.")).At("step")
            : file.Ended ? Problems.WrongState.With(desk.FlowOf(file).TitleOf(file.State), Title(step))
            : step == ConsultStep.Call && file.Consulting > 0 ? Problems.Consulting
            : step != ConsultStep.Call && file.Consulting == 0 ? Problems.NoConsultation
            : step == ConsultStep.Opinion || (step == ConsultStep.Material && IsMember(file, actor)) ? IsMember(file, actor) ? null : Problems.NoMember
            : duties.Contains("dispatcher") || duties.Contains("supervisor") ? null
            : Problems.NotYours.With(new Text("派遣员、督查", "dispatcher, supervisor"), Title(step));
    }

    private static bool IsMember(CaseFile file, Actor actor) => actor.Has(Roles.Steward) && actor.Unit is { } unit && file.Members.Contains(unit);

    private static Problem? Wrong(CaseWhole whole, TakeConsult.Ask ask, bool photo, Desk desk)
    {
        static Problem Field(string field, Text name, string zh, string en) => Problems.WrongField.With(name, new Text(zh, en)).At(field);
        string? Garbled() => !Legible.Is(ask.Words) ? "words" : !Legible.Is(ask.Minutes) ? "minutes" : !Legible.Is(ask.Early) ? "early" : null;
        var (words, members, tasks) = (FlowWords.Fields["reason"], ask.Members ?? [], ask.Tasks ?? []);
        return Garbled() is { } field ? Problems.WrongField.With(field, Legible.Fault).At(field)
            : ask.Words?.Length > Filled.MostWords ? Field("words", words, "不超过 1000 字。", "At most 1,000 characters.")
            : string.IsNullOrWhiteSpace(ask.Words) ? Problems.Missing.With(Title(ask.Step), words).At("words")
            : ask.Minutes?.Length > 4 * Filled.MostWords ? Field("minutes", new("会商纪要", "Minutes"), "不超过 4000 字。", "At most 4,000 characters.")
            : ask.Early?.Length > Filled.MostWords ? Field("early", EarlyTitle, "不超过 1000 字。", "At most 1,000 characters.")
            : ask.Step == ConsultStep.Call && (members.Count is 0 or > MostMembers || members.Distinct().Count() != members.Count || members.Any(m => !desk.Units.ContainsKey(m)))
                ? Field("members", new("参会单位", "Members"), "须为 1 至 30 个不同的现有单位。", "It is 1 to 30 different units that there are.")
            : new[] { ask.Hours }.Concat(tasks.Select(t => t.Hours)).Any(h => h is < 1 or > Filled.MostHours) ? Field("hours", FlowWords.Fields["hours"], "为 1 到 400 工作时。", "It is 1 to 400 working hours.")
            : ask.Link is { Length: > 0 } link && (photo || link.Length > 500 || !Uri.TryCreate(link, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                ? Field("link", new("链接", "Link"), "须为 http 或 https 地址，不超过 500 字。", "It is an address of http or https of at most 500 characters.")
            : tasks.Select(t => t.Unit).Distinct().Count() != tasks.Count ? Field("tasks", FlowWords.Fields["unit"], "同一单位不能重复。", "No unit twice.")
            : tasks.Any(t => !desk.Units.ContainsKey(t.Unit)) ? Problems.WrongField.With(FlowWords.Fields["unit"], FlowWords.Guards["known-units"]).At("tasks")
            : ask.Step == ConsultStep.Conclude && tasks.Count > 0 && !Assignable(whole, desk) ? Problems.NotAssignable.With(desk.FlowOf(whole.File).TitleOf(whole.File.State))
            : null;
    }

    /// <summary>A conclusion names who leads, where somebody can; and says why it does not wait for those who have not spoken.</summary>
    private static Problem? Unfinished(CaseWhole whole, TakeConsult.Ask ask, int awaited, Desk desk) =>
        ask.Step != ConsultStep.Conclude ? null
            : ask.Tasks is not { Count: > 0 } && Assignable(whole, desk) ? Problems.Missing.With(Title(ask.Step), FlowWords.Fields["unit"]).At("tasks")
            : awaited > 0 && string.IsNullOrWhiteSpace(ask.Early) ? Problems.Missing.With(Title(ask.Step), EarlyTitle).At("early")
            : null;

    /// <summary>Only where the flow dispatches a case, or has dispatched it: before it is filed, nobody handles it.</summary>
    public static bool Assignable(CaseWhole whole, Desk desk) => Assign(whole, desk) is { } act && (act.From.Contains(whole.File.State) || act.To == whole.File.State);

    private static FlowAct? Assign(CaseWhole whole, Desk desk) => desk.FlowOf(whole.File).Acts.Values.FirstOrDefault(a => a.Has("assign") && a.To is not null);

    internal static string Act(ConsultStep step) => step switch
    {
        ConsultStep.Call => "consult",
        ConsultStep.Material => "consult-material",
        ConsultStep.Opinion => "consult-opinion",
        ConsultStep.Late => "consult-late",
        ConsultStep.Conclude => "consult-conclude",
        _ => "consult-drop",
    };
}
