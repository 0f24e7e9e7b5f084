// In: a request, a step and who takes it. Out: the state it leads to. Refuses steps out of order, the wrong unit, the same person twice, refusals without reason. Pure.
using Lizhou.Kernel;

namespace Lizhou.Sharing.Requests;

/// <summary>What the one who looks may do, and why not.</summary>
/// <param name="Code">Of the refusal; null when the step is open.</param>
internal sealed record Option(RequestStep Step, bool May, string? Code, string? Why);

internal static class Flow
{
    private static readonly RequestStep[] Steps = [RequestStep.Conform, RequestStep.Approve, RequestStep.Refuse, RequestStep.Withdraw, RequestStep.Dispute];

    public static Result<RequestState> Next(Request request, RequestStep step, Actor actor, string? opinion)
    {
        if (Moved(request.State, step) is not { } state)
        {
            return Problems.WrongState.With(Words.Of(request.State), Words.Of(step));
        }

        var refusal = step is RequestStep.Withdraw or RequestStep.Dispute ? OfAsker(request, step, actor) : OfJudge(request, actor);
        if (refusal is not null)
        {
            return refusal;
        }

        return step is RequestStep.Refuse or RequestStep.Dispute && string.IsNullOrWhiteSpace(opinion) ? Problems.ReasonMissing : state;
    }

    /// <summary>Every step that this state knows, open to the actor or not and why.</summary>
    public static IReadOnlyList<Option> Options(Request request, Actor actor) =>
    [
        .. Steps.Where(s => Moved(request.State, s) is not null).Select(s =>
        {
            var refused = Next(request, s, actor, "-").Problem;
            return new Option(s, refused is null, refused?.Code, refused?.What.ToString());
        }),
    ];

    private static Problem? OfAsker(Request request, RequestStep step, Actor actor) => (step, request.Disputed) switch
    {
        _ when !IsStewardOf(actor, request.Unit) => Problems.AskerOnly,
        (RequestStep.Dispute, true) => Problems.Disputed,
        _ => null,
    };

    private static Problem? OfJudge(Request request, Actor actor)
    {
        var bureau = request.State != RequestState.Decision;
        if (bureau ? !actor.Has(Roles.Engineer) : !IsStewardOf(actor, request.Provider))
        {
            return bureau ? Problems.BureauOnly : Problems.ProviderOnly;
        }

        // The operator of the machine has no id of their own; people have.
        return actor.Id == request.Person || (request.State != RequestState.Review && actor.Id == request.Reviewer) ? Problems.SamePerson : null;
    }

    public static bool IsStewardOf(Actor actor, Guid unit) => actor.Has(Roles.Steward) && actor.Unit == unit;

    private static RequestState? Moved(RequestState from, RequestStep step) => (from, step) switch
    {
        (RequestState.Review, RequestStep.Conform) => RequestState.Decision,
        (RequestState.Decision or RequestState.Mediation, RequestStep.Approve) => RequestState.Granted,
        (RequestState.Review or RequestState.Decision or RequestState.Mediation, RequestStep.Refuse) => RequestState.Refused,
        (RequestState.Review or RequestState.Decision or RequestState.Mediation, RequestStep.Withdraw) => RequestState.Withdrawn,
        (RequestState.Refused, RequestStep.Dispute) => RequestState.Mediation,
        _ => null,
    };
}
