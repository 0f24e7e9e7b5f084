// In: grants. Out: how long the requests for them lay with those who review, in office hours by the work calendar; and how long they lay open in all, by the clock.
// It is counted from a request's arrival at a step (bureau's review, source unit's decision, mediation) to the step taken there. What was withdrawn took nobody's decision.
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Sharing.Grants;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Requests;

/// <summary>One decision of a reviewer.</summary>
/// <param name="Grant">The request was for it, or to prolong it.</param>
/// <param name="Office">In office hours.</param>
/// <param name="Open">By the clock.</param>
internal sealed record Reviewed(Guid Grant, TimeSpan Office, TimeSpan Open);

internal sealed class ReviewTime(SharingDb db, IWorkCalendar calendar)
{
    /// <summary>The steps by which a reviewer decides.</summary>
    private static readonly RequestStep[] Deciding = [RequestStep.Conform, RequestStep.Approve, RequestStep.Refuse];

    /// <summary>Of one grant, since the first request for it.</summary>
    public Task<IReadOnlyList<Reviewed>> Of(SharedGrant grant, CancellationToken stop) =>
        Of([grant], db.Requests.Where(r => r.GrantNumber == grant.Number || r.Renews == grant.Id), DateTimeOffset.MinValue, DateTimeOffset.MaxValue, stop);

    /// <summary>Of some grants, decided in a span of time.</summary>
    public Task<IReadOnlyList<Reviewed>> Of(IReadOnlyCollection<SharedGrant> grants, DateTimeOffset from, DateTimeOffset until, CancellationToken stop)
    {
        // Moments are texts whose order is that of time; the provider does not translate comparisons of converted values.
        var (first, last) = (from.ToStored(), until.ToStored());
        var decided = db.Acts.FromSql($"SELECT * FROM sharing_act WHERE at >= {first} AND at < {last}").Where(a => Deciding.Contains(a.Step)).Select(a => a.Request);
        return Of(grants, db.Requests.Where(r => decided.Contains(r.Id)), from, until, stop);
    }

    private async Task<IReadOnlyList<Reviewed>> Of(IReadOnlyCollection<SharedGrant> grants, IQueryable<Request> asked, DateTimeOffset from, DateTimeOffset until, CancellationToken stop)
    {
        var requests = await asked.AsNoTracking().Select(r => new { r.Id, r.GrantNumber, r.Renews }).ToListAsync(stop);
        var acts = (await db.Acts.AsNoTracking().Where(a => asked.Any(r => r.Id == a.Request)).OrderBy(a => a.At).ThenBy(a => a.Id).ToListAsync(stop)).ToLookup(a => a.Request);
        var (ids, numbers) = (grants.Select(g => g.Id).ToHashSet(), grants.ToDictionary(g => g.Number, g => g.Id, StringComparer.Ordinal));
        var spans = new List<(Guid Grant, DateTimeOffset From, DateTimeOffset Until)>();
        foreach (var request in requests)
        {
            var grant = request.Renews is { } renewed ? (ids.Contains(renewed) ? renewed : null) : request.GrantNumber is { } number && numbers.TryGetValue(number, out var id) ? id : (Guid?)null;
            if (grant is { } known)
            {
                spans.AddRange(Spans([.. acts[request.Id]]).Where(s => s.Until >= from && s.Until < until).Select(s => (known, s.From, s.Until)));
            }
        }

        var worked = await calendar.Worked([.. spans.Select(s => (s.From, s.Until))], stop);
        return [.. spans.Zip(worked, (s, office) => new Reviewed(s.Grant, office, s.Until - s.From))];
    }

    /// <summary>From what brought the request to a reviewer to what the reviewer did.</summary>
    private static IEnumerable<(DateTimeOffset From, DateTimeOffset Until)> Spans(List<Act> acts) =>
        acts.Zip(acts.Skip(1)).Where(p => Deciding.Contains(p.Second.Step)).Select(p => (p.First.At, p.Second.At));
}
