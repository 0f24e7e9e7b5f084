using Lizhou.Kernel;

namespace Lizhou.Contracts.Organisation;

/// <summary>A counter of the workbench. Unknown is null, never 0.</summary>
/// <param name="Definition">What is counted, in a sentence.</param>
/// <param name="Path">The list behind the figure.</param>
/// <param name="Tone">info, good, warn or bad.</param>
public sealed record WorkbenchCounter(Text Label, long? Value, Text Definition, string Path, string Tone = "info");

/// <summary>Something for this actor to do.</summary>
public sealed record WorkbenchTask(string Title, Text Source, Text Step, string Path, DateTimeOffset? Due);

/// <summary>An entry to what this actor does often.</summary>
public sealed record QuickEntry(Text Title, string Path);

/// <summary>What a module contributes to the page everyone starts from; registered with <c>AddScoped&lt;IWorkbenchCard, …&gt;()</c>.
/// Answers only what this actor may see, in well under a second: it is asked at every visit.</summary>
public interface IWorkbenchCard
{
    Task<IReadOnlyList<WorkbenchCounter>> Counters(Actor actor, CancellationToken stop);

    /// <summary>At most ten, the most urgent first.</summary>
    Task<IReadOnlyList<WorkbenchTask>> Tasks(Actor actor, CancellationToken stop);

    IReadOnlyList<QuickEntry> Entries(Actor actor);
}
