// In: somebody who asked for what is not theirs: another unit's grant, request, delivery or application, or none at all. Out: the refusal, with evidence of it. A foreign one is told and kept
// like none, so that neither the answer nor the ledger's entry tells its caller that it is there; what is no number of ours is not kept, for it could be anything.
using System.Text.RegularExpressions;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Sharing;

internal sealed partial class TurnAway(IRefusalNotes notes)
{
    /// <param name="act">E.g. <c>grant.refused</c>.</param>
    /// <param name="named">What was asked for, as the caller wrote it.</param>
    public async Task<Problem> Run(Actor actor, string act, string named, Problem refusal)
    {
        await notes.Note(actor, $"{act} {refusal.Code}", new(act, Named(named), refusal.Code));
        return refusal;
    }

    public static string Named(string? named) => named is not null && Number().IsMatch(named) ? named : "unknown";

    /// <summary>Of a grant, request or delivery; or the id of an application.</summary>
    [GeneratedRegex("^([A-Z]{2}-[0-9]{4}-[0-9]{1,7}(-[0-9]{2})?|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$", RegexOptions.None, 1000)]
    private static partial Regex Number();
}
