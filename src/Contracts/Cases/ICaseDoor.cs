using Lizhou.Kernel;

namespace Lizhou.Contracts.Cases;

/// <summary>A report of something that is wrong in the city.</summary>
/// <param name="Place">Code of a town, village or grid of the register of nodes.</param>
/// <param name="Source">As the API names it, e.g. <c>Hotline</c>, <c>Patrol</c>, <c>Web</c>; refused when there is none of that name.</param>
/// <param name="Class">Code of its class; null: whoever accepts it says.</param>
/// <param name="Name">Of who tells it; null: nobody's.</param>
/// <param name="At">When it was seen; not later than now.</param>
/// <param name="Key">The same of the same actor again gets the same case.</param>
/// <param name="Spot">Where in the place it is; null: unknown.</param>
public sealed record CaseReport(string Words, string Place, string Source, string? Class, string? Address, string? Name, string? Phone, DateTimeOffset At, string Key, CaseSpot? Spot = null);

/// <summary>A position within the area the map draws for a place, in shares from 0 to 1: that area is a sketch, so no position of it stands for a real one.</summary>
/// <param name="Around">Once around the area.</param>
/// <param name="Out">From its middle to its border.</param>
public sealed record CaseSpot(double Around, double Out);

/// <summary>A line of the dispatch table: who leads cases of a class at a place.</summary>
/// <param name="Class">A class or the beginning of one.</param>
/// <param name="Place">A node and all below it; empty: any.</param>
/// <param name="Priority">The highest answers where several lines do; two of one priority must not overlap.</param>
public sealed record DispatchLine(string Class, string Place, Guid Lead, int Priority);

/// <summary>The door by which modules below report cases and act on them: the same as people's, with the same refusals.</summary>
public interface ICaseDoor
{
    /// <returns>The case's number.</returns>
    Task<Result<string>> Report(CaseReport report, Actor actor, CancellationToken stop);

    /// <param name="act">Of the case's flow.</param>
    /// <param name="fields">As the act's fields say.</param>
    /// <param name="at">When it happened: not later than now, not before the last event of the case.</param>
    /// <param name="key">The same of the same actor and case again is done once.</param>
    Task<Problem?> Act(string number, string act, IReadOnlyDictionary<string, string> fields, DateTimeOffset at, string key, Actor actor, CancellationToken stop);

    /// <summary>Puts a unit on duty. Where it is, or has been, nothing happens: what people made of it stays.</summary>
    /// <param name="node">Code of the register of nodes.</param>
    /// <param name="duty">As the API names it, e.g. <c>patrol</c>.</param>
    /// <param name="from">First day, in the city. One gone by is for a city whose past is made with it (the sample county); people's duties begin today at the earliest.</param>
    Task<Problem?> Duty(string node, string duty, Guid unit, DateOnly from, Actor actor, CancellationToken stop);

    /// <summary>Has one person of the bureau draft a dispatch table and another publish it, where the city has none: what people made of it stays.</summary>
    Task<Problem?> Table(IReadOnlyList<DispatchLine> lines, string note, Actor drafts, Actor publishes, CancellationToken stop);

    /// <summary>A step of a case's consultation; it happens now.</summary>
    /// <param name="step"><c>consult</c>, <c>consult-opinion</c>, <c>consult-conclude</c> or <c>consult-drop</c>.</param>
    /// <param name="fields"><c>reason</c>: the words. <c>members</c> of a call; <c>unit</c> and <c>assists</c> of a conclusion that assigns: ids of units, several by comma.</param>
    /// <param name="key">The same of the same actor and case again is done once.</param>
    Task<Problem?> Consult(string number, string step, IReadOnlyDictionary<string, string> fields, string key, Actor actor, CancellationToken stop);
}
