// A flow: states, and the acts that lead from one to another, each with who may, guards, fields and effects. Read from YAML by FlowText, judged by CheckFlow, used by Decide.
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Cases.Flows;

/// <summary>How a state's clock goes.</summary>
internal enum StageClock
{
    /// <summary>Its own, anew at each entry.</summary>
    Anew,

    /// <summary>That of the stage before goes on.</summary>
    Keep,

    /// <summary>It stands (挂账).</summary>
    Stand,
}

/// <param name="Limit">Of the stage; null for none, or for that of the case's class.</param>
/// <param name="Stage">Of the event loop, by which figures count: see <see cref="FlowWords.Stages"/>; null: none.</param>
/// <param name="Waits">Roles whose to-do list it is on.</param>
/// <param name="OfClass">Whether the limit is that of the case's class and grade.</param>
internal sealed record FlowState(string Name, Text Title, TimeLimit? Limit, bool OfClass, StageClock Clock, IReadOnlyList<string> Waits, bool Ended, string? Stage, int Line);

internal sealed record FlowField(string Name, bool Required);

/// <param name="From">States it leads from.</param>
/// <param name="To">The state it leads to; null: it stays where it is.</param>
/// <param name="By">Roles of <see cref="FlowWords.Roles"/>.</param>
internal sealed record FlowAct(
    string Name, Text Title, IReadOnlyList<string> From, string? To, IReadOnlyList<string> By, IReadOnlyList<string> Guards, IReadOnlyList<FlowField> Fields, IReadOnlyList<string> Effects, int Line)
{
    public bool Has(string effect) => Effects.Contains(effect);
}

/// <summary>What sends a case up by itself: to the large loop how often it was reworked, refused, how many departments it concerns (0: never) and from which grade on; one loop up how long it has stood in one.</summary>
/// <param name="Grade">Null: none.</param>
/// <param name="Stay">By loop; one that is not there lets it stand for ever.</param>
internal sealed record Climb(int Reworks, int Refusals, int Units, Grade? Grade, IReadOnlyDictionary<Loop, TimeLimit> Stay);

/// <param name="Version">1, 2, 3 …; 0 for a text not yet published.</param>
/// <param name="Limit">Of the whole case.</param>
internal sealed record CaseFlow(int Version, string Start, TimeLimit Limit, Climb Climb, IReadOnlyDictionary<string, FlowState> States, IReadOnlyDictionary<string, FlowAct> Acts)
{
    private readonly ILookup<string, FlowAct> from = Acts.Values.SelectMany(a => a.From.Select(f => (f, a))).ToLookup(p => p.f, p => p.a, StringComparer.Ordinal);

    /// <summary>Whether the whole case has at least the time of its handling and of the other stages together, whatever <see cref="Limit"/> says. Flows from before that do not.</summary>
    public bool HoldsStages { get; init; }

    /// <summary>Line of the text in which the whole case's limit stands, 1-based.</summary>
    public int LimitLine { get; init; } = 1;

    /// <summary>In the order of the text.</summary>
    public IEnumerable<FlowAct> From(string state) => from[state];

    public Text TitleOf(string state) => States.TryGetValue(state, out var known) ? known.Title : new(state, state);

    public string? StageOf(string state) => States.GetValueOrDefault(state)?.Stage;

    public Text ActTitle(string act) => Acts.TryGetValue(act, out var known) ? known.Title : FlowWords.Program.GetValueOrDefault(act, new(act, act));
}

internal static class FlowEffects
{
    /// <summary>Whether an event had an effect: as it keeps it; one of a log, or from before there was such an effect, by its act in the flow it happened under.</summary>
    public static bool Did(this CaseEvent happened, string effect, IReadOnlyDictionary<int, CaseFlow> flows) =>
        happened.Detail.Effects.Contains(effect) || (flows.GetValueOrDefault(happened.Flow)?.Acts.GetValueOrDefault(happened.Act)?.Has(effect) ?? false);
}
