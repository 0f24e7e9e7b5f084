// In: why the memory of the ledger's seals was lost or no longer fits. Out: what was wrong, and the seals that are there remembered from now on. Refuses where nothing was wrong.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Ledger.Sealing;

internal static class RememberSeals
{
    private const int Longest = 500;

    /// <param name="Reason">What was found out; stands in the ledger.</param>
    internal sealed record Request(string? Reason) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (string.IsNullOrWhiteSpace(Reason) || Reason.Length > Longest)
            {
                yield return new("reason", new("请写明原因，不超过 500 字。", "says why, in at most 500 characters."));
            }
        }
    }

    internal static async Task<Results<Ok<List<LedgerFault>>, ProblemHttpResult>> Handle(Request ask, SealBatches seals, ClaimsPrincipal who, CancellationToken stop) =>
        await seals.Remember(Actor.From(who)!, ask.Reason!.Trim(), stop) is { Count: > 0 } was ? TypedResults.Ok(was) : Problems.NothingLost.ToHttp();
}
