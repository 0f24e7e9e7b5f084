// The browser's worker that opens the form of a report without a line: it may see requests of that page alone.
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Cases.Intake.Citizen;

internal static class ReportWorker
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/report/worker.js", (HttpResponse answer) =>
    {
        // It lies below the page it is for; browsers look for a newer one at each visit.
        (answer.Headers["Service-Worker-Allowed"], answer.Headers.CacheControl) = ("/report", "no-cache");
        return TypedResults.Stream(typeof(ReportWorker).Assembly.GetManifestResourceStream("report-worker")!, "text/javascript");
    }).AllowAnonymous().ExcludeFromDescription();
}
