// In: a report and how it ends. Out: mended or declined, with who and when. Refuses others than the keeper, mended without a change of the entry since, declined without a reason.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Organisation.Corrections;

internal sealed class SettleCorrection(OrganisationDb db, IUnits units, ILedger ledger, TimeProvider clock)
{
    /// <param name="Mended">False: it stands as it is.</param>
    /// <param name="Answer">Needed when it stands.</param>
    internal sealed record Request(bool Mended, string? Answer = null) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Answer?.Trim().Length > 500 || (!Mended && string.IsNullOrWhiteSpace(Answer)))
            {
                yield return new("answer", new("不予修正须说明理由，不超过 500 字。", "must give the reason when nothing is mended, at most 500 characters."));
            }
        }
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Request ask, SettleCorrection settle, ClaimsPrincipal user, CancellationToken stop) =>
        await settle.Run(id, ask, Actor.From(user)!, stop) is { } refusal ? refusal.ToHttp() : TypedResults.NoContent();

    public async Task<Problem?> Run(Guid id, Request ask, Actor actor, CancellationToken stop)
    {
        if (await db.Corrections.FindAsync([id], stop) is not { } correction)
        {
            return Problems.NoSuchEntry;
        }

        if (!EntryKinds.MayMend(actor, correction.Kind, correction.Unit, await units.All(stop)))
        {
            var refusal = correction.Kind == EntryKind.Unit ? Problems.UnitsAreBureaus : Problems.NotYours;
            await ledger.Append(actor, new("correction.refused", correction.Entry.ToString(), refusal.Code, new { correction.Id }), stop);
            return refusal;
        }

        if (correction.State != CorrectionState.Open)
        {
            return Problems.ChangedMeanwhile;
        }

        if (ask.Mended && (await db.Find(correction.Kind, correction.Entry, stop))?.Entry.Version <= correction.Seen)
        {
            return Problems.NotMended.With(correction.Name);
        }

        (correction.State, correction.Answer) = (ask.Mended ? CorrectionState.Mended : CorrectionState.Declined, Belongings.Clean(ask.Answer));
        (correction.SettledBy, correction.SettledAt, correction.Version) = (actor.Name, clock.GetUtcNow(), correction.Version + 1);
        return await db.Commit(ledger, actor, new(ask.Mended ? "correction.mended" : "correction.declined", correction.Entry.ToString(), Evidence.Done, new { correction.Id, correction.Unit }), stop);
    }
}
