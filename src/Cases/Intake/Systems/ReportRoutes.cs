// The HTTP API of systems and sensors: cases as JSON, by a channel's key as bearer token.
using System.Security.Claims;
using Lizhou.Contracts.Identity;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Cases.Intake.Systems;

internal static class ReportRoutes
{
    private const int MostBody = 64 << 10;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var reports = routes.MapGroup("/api/v1/case-reports").WithTags("Cases").AddEndpointFilter(Bounded).WithChecks().RequireAuthorization(p => p.AddAuthenticationSchemes(IApiTokens.Scheme).RequireAuthenticatedUser());
        reports.MapPost("/", Post).WithName("ReportCaseBySystem");
    }

    /// <summary>Of a body that does not tell its size, the checks of the fields and the bound of every body hold.</summary>
    private static async ValueTask<object?> Bounded(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.ContentLength > MostBody ? Problems.LargeReport.ToHttp() : await next(context);

    private static async Task<Results<Created<ReportTaken>, ProblemHttpResult>> Post(
        TakeReport.Ask ask, [FromHeader(Name = "Idempotency-Key")] string? key, TakeReport take, ClaimsPrincipal user, CancellationToken stop)
    {
        if (ChannelKeys.Of(user) is not { } source || Actor.From(user) is not { } channel)
        {
            return Problems.NoKey.ToHttp();
        }

        var taken = await take.Run(ask, key, source, channel, stop);
        return taken.Problem is { } refused ? refused.ToHttp() : TypedResults.Created(taken.Value.Link, taken.Value);
    }
}
