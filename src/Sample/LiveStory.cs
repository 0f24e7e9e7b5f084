// In: a planned report. Out: what becomes of it, step by step: who does what when. Whose duty it is follows from where the case is: a town's own people act while it is in the town or below it, the centre's once it went up.
using System.Globalization;
using Lizhou.Contracts.Cases;

namespace Lizhou.Sample;

internal sealed class LiveStory
{
    private const int GridLength = 15;

    /// <summary>Not for the unit that handled it: what a town handled itself the centre verifies.</summary>
    private static readonly string[] Judging = ["verified", "rework", "close"];
    private readonly List<LiveStep> steps = [];
    private readonly LivePlan plan;
    private readonly LiveKind kind;
    private readonly CaseReport report;
    private readonly string town;
    private readonly string unit;
    private readonly bool ofTown;
    private readonly bool inGrid;
    private readonly string result;
    private Dice dice;
    private DateTimeOffset at;

    /// <summary>It went up to the centre.</summary>
    private bool up;

    public LiveStory(LivePlan plan, LiveKind kind, CaseReport report, string town, Dice dice)
    {
        (this.plan, this.kind, this.report, this.town, this.dice, at) = (plan, kind, report, town, dice, report.At);
        unit = kind.Unit.Length > 0 ? kind.Unit : town + Words.Of.Plan.Mark;
        inGrid = report.Place.Length == GridLength;
        ofTown = this.dice.Happens(plan.Shares["of-town"]) || kind.Unit.Length == 0 || inGrid;
        result = plan.Results[this.dice.Below(plan.Results.Count)];
    }

    /// <summary>In a village that has people of its own they, else the town's, of all that is told from elsewhere the centre's.</summary>
    public LiveClerk Reporter => !inGrid ? new(plan.Centre + plan.Title("accept"), null)
        : plan.Villages.Contains(report.Place[..^3]) && Village() is { } village ? new(LivePlan.Text(village) + plan.Title("self-handle"), LivePlan.UnitOf(village)) : Post("self-handle");

    public IReadOnlyList<LiveStep> Usual()
    {
        if (Happens("reject"))
        {
            By(5, 25, "reject");
            return steps;
        }

        if (inGrid && Happens("self-handle"))
        {
            Then(2, 10, "self-handle", Reporter, ("class", kind.Class), ("result", result));
            By(10, 90, "audit");
            return steps;
        }

        var larger = Happens("larger");
        By(4, 28, "accept", ("class", kind.Class), ("grade", larger ? "Larger" : "Ordinary"));
        up |= larger;
        if (!inGrid && Happens("twin"))
        {
            Twin();
        }

        if (!inGrid && !up && ofTown && Happens("whistle"))
        {
            By(2, 15, "whistle");
            up = true;
        }

        By(2, 26, "file");
        By(3, 32, "dispatch", ("unit", unit));
        if (!up && Happens("raise"))
        {
            By(10, 60, "raise");
            up = !inGrid;
        }

        Asked();
        ByUnit(30, 420, "feedback", unit, ("result", result));
        if (Happens("rework"))
        {
            By(10, 80, "rework");
            ByUnit(40, 240, "feedback", unit, ("result", result));
        }

        End();
        return steps;
    }

    /// <param name="concluded">From when on it is concluded.</param>
    public IReadOnlyList<LiveStep> Consulted(DateTimeOffset concluded)
    {
        By(4, 24, "accept", ("class", kind.Class));
        By(2, 20, "file");
        By(2, 14, "consult", ("members", $"{unit},{kind.With}"));
        ByUnit(30, 90, "consult-opinion", unit);
        ByUnit(120, 240, "consult-opinion", kind.With);
        at = concluded;
        By(0, 30, "consult-conclude", ("unit", unit), ("assists", kind.With));
        up = true;
        ByUnit(60, 180, "assist-done", kind.With, ("result", result));
        ByUnit(30, 120, "feedback", unit, ("result", result));
        End();
        return steps;
    }

    /// <summary>An extension or a hold, and supervision.</summary>
    private void Asked()
    {
        if (Happens("delay"))
        {
            ByUnit(20, 120, "ask-delay", unit, ("hours", "4"));
            By(5, 40, "grant-delay");
        }
        else if (Happens("hold"))
        {
            ByUnit(20, 120, "ask-hold", unit);
            By(5, 40, "grant-hold");
            ByUnit(120, 1_200, "resume", unit);
        }

        if (Happens("supervise"))
        {
            By(30, 120, "supervise");
            ByUnit(30, 200, "reply", unit);
        }
    }

    private void End()
    {
        By(10, 110, "verified");
        By(3, 40, "close");
        if (report.Name is not null && Happens("satisfied"))
        {
            By(30, 240, "satisfied");
        }
    }

    private void Twin()
    {
        var (told, (name, phone)) = (at.AddMinutes(dice.Between(1, 6)), LivePlan.Caller("Hotline", ref dice));
        at = told;
        var words = string.Format(CultureInfo.InvariantCulture, kind.Words[dice.Below(kind.Words.Count)], report.Address) + Words.Of.Plan.Mark;
        By(1, 10, "merge");
        steps[^1] = steps[^1] with { Twin = report with { Words = words, Source = "Hotline", Name = name, Phone = phone, At = told, Key = report.Key + "-twin" } };
    }

    private bool Happens(string what) => dice.Happens(plan.Shares[what]);

    private LiveClerk Post(string act) => ofTown && !up && plan.InTowns(act) && !(Own && Judging.Contains(act)) ? new(town + plan.Title(act), town + Words.Of.Plan.Mark) : new(plan.Centre + plan.Title(act), null);

    /// <summary>The town handles it itself.</summary>
    private bool Own => unit == town + Words.Of.Plan.Mark;

    private byte[]? Village() => Array.Find(Words.Of.Villages, v => LivePlan.Text(v.Code) == report.Place[..^3])?.Name;

    private void By(int least, int most, string act, params (string Name, string Value)[] fields) => Then(least, most, act, Post(act), fields);

    private void ByUnit(int least, int most, string act, string of, params (string Name, string Value)[] fields) => Then(least, most, act, new(string.Format(CultureInfo.InvariantCulture, plan.Clerk, of.Replace(Words.Of.Plan.Mark, "", StringComparison.Ordinal)), of), fields);

    private void Then(int least, int most, string act, LiveClerk by, params (string Name, string Value)[] fields)
    {
        at = at.AddMinutes(dice.Between(least, most)).AddSeconds(1 + dice.Below(59));
        var filled = fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);
        if (plan.Reasons.TryGetValue(act, out var reason))
        {
            filled["reason"] = reason;
        }

        if (plan.Answers.TryGetValue(act, out var answer))
        {
            filled["result"] = answer;
        }

        steps.Add(new(at, act, by, filled));
    }
}
