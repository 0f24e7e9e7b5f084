// In: an entry of the register and what is wrong with it, by anybody who is signed in. Out: it waits for its keeper. Refuses an entry that is not there, and a second open report of one person.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation.Corrections;

internal static class ReportWrong
{
    /// <param name="Wrong">What is wrong and how it should be.</param>
    internal sealed record Request(EntryKind Kind, Guid Entry, string? Wrong) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (!Enum.IsDefined(Kind))
            {
                yield return new("kind", new("没有这种信息。", "is no kind of entry."));
            }

            if (Wrong?.Trim().Length is null or < 2 or > 500)
            {
                yield return new("wrong", new("请写明哪里有误、应如何修正，2 至 500 字。", "must say what is wrong and how it should be, in 2 to 500 characters."));
            }
        }
    }

    internal static async Task<Results<Created<Guid>, ProblemHttpResult>> Handle(
        Request ask, OrganisationDb db, ILedger ledger, TimeProvider clock, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await Run(ask, db, ledger, clock, Actor.From(user)!, stop);
        return made.Refused ? made.Problem!.ToHttp() : TypedResults.Created("/api/v1/corrections", made.Value);
    }

    internal static async Task<Result<Guid>> Run(Request ask, OrganisationDb db, ILedger ledger, TimeProvider clock, Actor actor, CancellationToken stop)
    {
        if (await db.Find(ask.Kind, ask.Entry, stop) is not { } found)
        {
            return Problems.NoSuchEntry;
        }

        if (await db.Corrections.AnyAsync(c => c.Entry == ask.Entry && c.Reporter == actor.Id && c.State == CorrectionState.Open, stop))
        {
            return Problems.ReportedAlready;
        }

        var correction = new Correction
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()), Kind = ask.Kind, Entry = ask.Entry, Name = found.Entry.Name, Unit = found.Unit, Wrong = ask.Wrong!.Trim(), Seen = found.Entry.Version,
            Reporter = actor.Id, ReporterName = actor.Name, ReportedAt = clock.GetUtcNow(), State = CorrectionState.Open, Version = 1,
        };
        db.Corrections.Add(correction);
        return await db.Commit(ledger, actor, new("correction.asked", ask.Entry.ToString(), Evidence.Done, new { ask.Kind, correction.Unit, correction.Id }), stop) is { } late ? late : correction.Id;
    }
}
