// What the routes of the three registers share: who asks, and an answer or a refusal.
using System.Security.Claims;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular;
using Lizhou.Tabular.Writers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Standards;

/// <summary>Where a standard stands.</summary>
/// <param name="Revision">To be sent back with the next act.</param>
/// <param name="InForce">The version in force; null while none was published.</param>
/// <param name="Draft">The version being worked on; null for none.</param>
internal sealed record Stand(string Code, string Name, int? InForce, int? Draft, int Revision, DateTimeOffset ChangedAt)
{
    public static Stand Of(Standard s) => new(s.Code, s.Name, s.InForce, s.Draft, s.Revision, s.ChangedAt);
}

/// <param name="Revision">The revision its sender saw; null to act on whatever is there.</param>
internal sealed record StepRequest(int? Revision = null);

internal static class StandardRoutes
{
    public static RouteGroupBuilder Group(this IEndpointRouteBuilder routes, string path) =>
        routes.MapGroup("/api/v1/standards/" + path).WithTags("Standards").WithChecks().RequireAuthorization(p => p.RequireRole(Roles.Data.Split(',')));

    public static Actor Who(this ClaimsPrincipal user) => Actor.From(user)!;

    /// <summary>Drafts are the editors' own business; what is or was in force is everybody's.</summary>
    /// <param name="version">Null for the one in force.</param>
    public static bool Sees(this Actor actor, Standard standard, int? version = null) => actor.Has(Roles.Engineer) || (standard.InForce is not null && (version is null || version != standard.Draft));

    /// <summary>The draft as this actor may know of it.</summary>
    public static int? DraftOf(this Actor actor, Standard standard) => actor.Has(Roles.Engineer) ? standard.Draft : null;

    public static Results<Ok<TOut>, ProblemHttpResult> Answer<T, TOut>(this Result<T> result, Func<T, TOut> shown) => result.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(shown(result.Value));

    public static Results<Ok<T>, ProblemHttpResult> Answer<T>(this Result<T> result) => result.Answer(v => v);

    public static FileContentHttpResult Sent(this (ListFile File, string Name) made, TimeProvider clock) =>
        TypedResults.File(made.File.Content, made.File.Type, $"{made.Name}_{clock.GetUtcNow().InCity():yyyyMMdd_HHmm}{made.File.Ending}");

    /// <summary>An upload read by <paramref name="read"/> and gone again.</summary>
    public static async Task<Results<Ok<T>, ProblemHttpResult>> Upload<T>(IFormFile file, string noun, Settings settings, Func<string, Task<Result<T>>> read, CancellationToken stop)
    {
        await using var body = file.OpenReadStream();
        var path = await KeptUpload.Keep(noun, body, settings, stop);
        try
        {
            var result = await read(path);
            return result.Problem is { } refused ? refused.Called(Path.GetFileName(path), file.FileName).ToHttp() : TypedResults.Ok(result.Value);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
