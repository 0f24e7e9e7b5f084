// One place where a refusal becomes an answer: problem+json for programs, a page for people (Ui draws it), a tracking id on both.
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Kernel.Web;

public static class ProblemResponses
{
    /// <summary>The refusal as RFC 9457 problem+json, in the caller's language.</summary>
    public static ProblemHttpResult ToHttp(this Problem problem, IReadOnlyList<Fault>? faults = null)
    {
        var more = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["code"] = problem.Code,
            ["todo"] = problem.Todo.ToString(),
            ["trackingId"] = TrackingId,
        };
        if (problem.Link is not null)
        {
            more["link"] = problem.Link;
        }

        if ((faults ?? (problem.Field is { } field ? [new(field, problem.What)] : null)) is { } told)
        {
            more["faults"] = told.Select(f => new { field = f.Field, what = f.What.ToString() }).ToList();
        }

        return TypedResults.Problem(problem.What.ToString(), statusCode: problem.Status, title: problem.Code, extensions: more);
    }

    /// <summary>What a person quotes when they ask for help; the same id stands in the log.</summary>
    public static string TrackingId => Activity.Current?.TraceId.ToString() ?? "-";
}
