// In: a ticket, a step and who takes it; or what a look at its rows found. Out: the state it leads to. Refuses steps out of order, others than those concerned, and the same person twice. Pure.
using Lizhou.Kernel;

namespace Lizhou.Quality.Tickets;

/// <summary>What the one who looks may do, and why not.</summary>
internal sealed record TicketOption(TicketStep Step, bool May, string? Why);

/// <summary>What made the program look at a ticket's rows.</summary>
internal enum Occasion
{
    /// <summary>A batch landed or was undone.</summary>
    Changed,

    /// <summary>Rows of the ticket came again: those still open were found again.</summary>
    SentAgain,

    /// <summary>The rule that flagged the rows is no longer kept.</summary>
    RuleGone,

    /// <summary>A person settled rows, perhaps some of several groups: what is still open says nothing yet.</summary>
    Settled,
}

internal static class Flow
{
    /// <summary>Steps that people take, in the order of their buttons.</summary>
    public static readonly IReadOnlyList<TicketStep> OfPeople =
        [TicketStep.Mend, TicketStep.Resend, TicketStep.Mended, TicketStep.Explain, TicketStep.Object, TicketStep.Accept, TicketStep.Refuse, TicketStep.Confirm, TicketStep.Again];

    public static Result<TicketState> Next(Ticket ticket, TicketStep step, Actor actor, string? words)
    {
        if (!OfPeople.Contains(step) || Moved(ticket.Origin, ticket.State, step) is not { } state)
        {
            return Problems.TicketState.With(TicketWords.Of(ticket.State), TicketWords.Of(step));
        }

        if (Stranger(ticket, step, actor) is { } refusal)
        {
            return refusal;
        }

        return step is TicketStep.Mend || !string.IsNullOrWhiteSpace(words) ? state : Problems.TicketWords;
    }

    /// <summary>Every step this state knows, open to the actor or not.</summary>
    public static IReadOnlyList<TicketOption> Options(Ticket ticket, Actor actor) =>
    [
        .. OfPeople.Where(s => Moved(ticket.Origin, ticket.State, s) is not null).Select(s =>
        {
            var refused = Next(ticket, s, actor, "-").Problem;
            return new TicketOption(s, refused is null, refused?.What.ToString());
        }),
    ];

    /// <summary>What follows from a look at the rows: the steps, in order, that the program takes.</summary>
    /// <param name="open">Rows still to mend.</param>
    /// <param name="why">What the look followed.</param>
    public static IReadOnlyList<TicketStep> Looked(Origin origin, TicketState state, long open, Occasion why) => (state, open) switch
    {
        _ when origin == Origin.Report => [],
        // A scan says what is at fault now, whatever was done before.
        _ when origin == Origin.Rule && open > 0 => state is TicketState.Rechecked or TicketState.Closed ? [TicketStep.Returned] : [],
        (TicketState.Closed, 0) => [],
        (_, 0) when origin == Origin.Rule && why == Occasion.RuleGone => [TicketStep.RuleGone],
        (TicketState.Rechecked, 0) => [TicketStep.Finished],
        (_, 0) => [TicketStep.Passed, TicketStep.Finished],
        _ when why == Occasion.Settled => [],
        (TicketState.Rechecked or TicketState.Closed, _) => [TicketStep.Returned],
        (TicketState.Open, _) when why == Occasion.SentAgain => [TicketStep.Mend, TicketStep.Returned],
        (TicketState.Mending, _) when why == Occasion.SentAgain => [TicketStep.Returned],
        _ => [],
    };

    /// <summary>Where a step leads; null where it is none of this state.</summary>
    public static TicketState? Moved(Origin origin, TicketState from, TicketStep step) => (origin, from, step) switch
    {
        (_, TicketState.Open or TicketState.Mending, TicketStep.Mend) => TicketState.Mending,
        (Origin.Batch, TicketState.Open or TicketState.Mending, TicketStep.Resend) => TicketState.Mending,
        (Origin.Report, TicketState.Open or TicketState.Mending, TicketStep.Mended) => TicketState.Rechecked,
        (_, TicketState.Open or TicketState.Mending, TicketStep.Explain) => TicketState.Explained,
        (_, TicketState.Open or TicketState.Mending, TicketStep.Object) => TicketState.Objected,
        (_, TicketState.Explained or TicketState.Objected, TicketStep.Accept) => TicketState.Rechecked,
        (_, TicketState.Explained or TicketState.Objected, TicketStep.Refuse) => TicketState.Open,
        (Origin.Report, TicketState.Rechecked, TicketStep.Confirm) => TicketState.Closed,
        (Origin.Report, TicketState.Rechecked, TicketStep.Again) => TicketState.Open,
        (not Origin.Report, not (TicketState.Rechecked or TicketState.Closed), TicketStep.Passed) => TicketState.Rechecked,
        (Origin.Rule, not TicketState.Closed, TicketStep.RuleGone) => TicketState.Closed,
        (_, TicketState.Rechecked, TicketStep.Finished) => TicketState.Closed,
        (not Origin.Report, TicketState.Mending or TicketState.Rechecked or TicketState.Closed, TicketStep.Returned) => TicketState.Open,
        (_, TicketState.Rechecked, TicketStep.Joined or TicketStep.Reported) => TicketState.Open,
        (_, not TicketState.Closed, TicketStep.Joined or TicketStep.Reported) => from,
        (_, TicketState.Open or TicketState.Mending, TicketStep.Reminded or TicketStep.Overdue) => from,
        (_, _, TicketStep.Undone) => from,
        _ => null,
    };

    private static Problem? Stranger(Ticket ticket, TicketStep step, Actor actor) => step switch
    {
        TicketStep.Mend or TicketStep.Resend or TicketStep.Mended or TicketStep.Explain or TicketStep.Object => actor.Unit == ticket.Unit && (actor.Has(Roles.Steward) || actor.Has(Roles.Engineer)) ? null : Problems.TicketSource,
        TicketStep.Accept or TicketStep.Refuse => !actor.Has(Roles.Engineer) ? Problems.TicketBureau : actor.Id == ticket.AnsweredBy ? Problems.TicketSamePerson : null,
        _ => actor.Has(Roles.Engineer) || (actor.Has(Roles.Steward) && actor.Unit == ticket.Reporter) ? null : Problems.TicketReporter,
    };
}
