// What a delivery does next: pure; the clock comes in. In: its state and how an attempt ended. Out: its next state and when it is due.
namespace Lizhou.Sharing.Deliveries;

/// <param name="Due">When by its schedule; null for never.</param>
internal readonly record struct Next(DeliveryState State, int Failures, DateTimeOffset? Due);

internal static class DeliverySteps
{
    /// <summary>Failures in a row after which nobody tries any more: about a day.</summary>
    public const int MostFailures = 12;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    /// <summary>A person may run what rests; nothing else may.</summary>
    public static bool MayRun(DeliveryState state, RunCause cause) => state == DeliveryState.Active || (cause == RunCause.Hand && state != DeliveryState.Ended);

    /// <param name="scheduled">The next time of its schedule.</param>
    /// <param name="waitUntil">Not before, e.g. because the day's quota is spent; null for the usual pause.</param>
    public static Next After(DeliveryState state, int failures, RunResult result, bool granted, DateTimeOffset now, DateTimeOffset? scheduled, DateTimeOffset? waitUntil = null) => result switch
    {
        _ when !granted => new(DeliveryState.Ended, failures, null),
        RunResult.Delivered or RunResult.Nothing => new(state == DeliveryState.Dead ? DeliveryState.Active : state, 0, scheduled),
        RunResult.Interrupted => new(state, failures, now),
        RunResult.Running => new(state, failures, null),
        _ when waitUntil is not null => new(state, failures, waitUntil),
        _ when failures + 1 >= MostFailures => new(DeliveryState.Dead, failures + 1, null),
        _ => new(state, failures + 1, now + Pause(failures)),
    };

    /// <summary>Twice as long after each failure.</summary>
    public static TimeSpan Pause(int failures) => failures > 16 || First * (1L << failures) > Longest ? Longest : First * (1L << failures);
}
