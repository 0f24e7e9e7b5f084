// A run of models and its steps as they stand.
using System.Text.Json.Serialization;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Computing.Runs;

[JsonConverter(typeof(JsonStringEnumConverter<RunCause>))]
internal enum RunCause
{
    Hand,
    Schedule,
    Change,
}

[JsonConverter(typeof(JsonStringEnumConverter<StepState>))]
internal enum StepState
{
    Waiting,
    Running,
    Built,

    /// <summary>Nothing it reads has changed.</summary>
    Unchanged,

    /// <summary>Refused, or a test did not hold: what was there stays.</summary>
    Failed,

    /// <summary>Something it reads failed in this run.</summary>
    Skipped,

    Undone,
}

/// <summary>What to compute.</summary>
/// <param name="Models">By name; none: all.</param>
/// <param name="Downstream">Whether what reads them follows.</param>
/// <param name="Full">Whole, also what could be computed in slices.</param>
/// <param name="Force">Also where nothing has changed.</param>
/// <param name="From">First value of the incremental column to fill again; null for no bound.</param>
/// <param name="Until">The value before which to end.</param>
internal sealed record RunAsk(IReadOnlyList<string> Models, bool Downstream = false, bool Full = false, bool Force = false, string? From = null, string? Until = null) : IChecked
{
    private const int LongestName = 63;
    private const int LongestValue = 100;

    public IEnumerable<Fault> Check()
    {
        if (Models is null or { Count: > 1000 } || Models.Any(m => m is not { Length: > 0 and <= LongestName }))
        {
            yield return new("models", new("模型最多 1000 个，名称 1 至 63 位", "at most 1,000 models, with names of 1 to 63"));
        }

        foreach (var (field, value) in new[] { ("from", From), ("until", Until) })
        {
            if (value is { Length: 0 or > LongestValue })
            {
                yield return new(field, new("应有 1 至 100 字", "1 to 100 characters"));
            }
        }
    }
}

/// <param name="State">Waiting, Running, Built (all that could be), Failed (some did not), Undone.</param>
/// <param name="Snapshot">All inputs are read as it shows them; null before it starts.</param>
internal sealed record Run(Guid Id, string Number, RunCause Cause, RunAsk Ask, StepState State, long? Snapshot, string By, DateTimeOffset At, DateTimeOffset? EndedAt)
{
    public bool Ended => State is not (StepState.Waiting or StepState.Running);
}

/// <summary>What was tested.</summary>
/// <param name="Faults">Rows at fault; 0 when it held.</param>
/// <param name="AtLeast">How many is not told, only whether there is one.</param>
internal sealed record TestResult(StatementCheck Check, long Faults, bool AtLeast = false);

/// <summary>Slices of a result that were computed anew.</summary>
/// <param name="Values">Of the incremental column, the first 50 in order; none where they are of a level that is not seen in clear.</param>
internal sealed record Touched(long Count, IReadOnlyList<string> Values)
{
    private const int MostNamed = 50;
    private const Level MostInClear = Level.L2;

    /// <param name="where">As slices are chosen: values of one column, or none.</param>
    /// <returns>Null for any other condition.</returns>
    public static Touched? Of(Condition? where, Level level)
    {
        if (where is not Condition.Any any || !any.Parts.All(p => p is Condition.OneOf or Condition.Any))
        {
            return null;
        }

        var values = Named(any).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return new(values.Count, level > MostInClear ? [] : [.. values.Take(MostNamed)]);
    }

    private static IEnumerable<string> Named(Condition where) => where switch
    {
        Condition.Any any => any.Parts.SelectMany(Named),
        Condition.OneOf one => one.Values.Select(v => v.ToString() ?? ""),
        _ => ["∅"],
    };
}

/// <param name="Mode">Full or Slices; null before it ran.</param>
/// <param name="Bases">By input, the snapshot it was read at.</param>
internal sealed record RunStep(
    Guid Run, Guid Model, string Name, int Version, int Place, StepState State, string? Mode, long Rows, long Added, long Removed, IReadOnlyDictionary<Guid, long> Bases, long? Snapshot, long Ms,
    IReadOnlyList<TestResult> Tests, Problem? Problem, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    /// <summary>The run's number.</summary>
    public string Number { get; init; } = "";

    /// <summary>Why it was computed, whole or in slices; empty where nothing was, and in steps of earlier versions.</summary>
    public IReadOnlyList<Text> Why { get; init; } = [];

    /// <summary>The slices computed anew; null for the whole, or a range that was asked for.</summary>
    public Touched? Touched { get; init; }

    /// <summary>Numbers of the batches below the quality gate whose rows it left out.</summary>
    public IReadOnlyList<string> Held { get; init; } = [];
}
