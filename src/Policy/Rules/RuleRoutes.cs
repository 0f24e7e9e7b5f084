// The security administrator's door: the rules, their versions, a trial, a new version.
using System.Security.Claims;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Policy.Rules;

internal static class RuleRoutes
{
    /// <param name="Rules">The rule set as JSON text.</param>
    /// <param name="Seen">The version one began with.</param>
    /// <param name="Note">The reason of the change; needed to publish, not to try.</param>
    internal sealed record Draft(string Rules, long Seen, string? Note);

    internal sealed record Version(long Number, string Rules, string Note, string Author, DateTimeOffset? At);

    internal sealed record Saved(long Version);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var policy = routes.MapGroup("/api/v1/policy").RequireAuthorization(p => p.RequireRole(Roles.SecurityAdministrator)).WithChecks().WithTags("policy");
        policy.MapGet("/", Versions);
        policy.MapPost("/trial", Try);
        policy.MapPost("/", Save);
    }

    private static async Task<Ok<List<Version>>> Versions(RuleBook book, CancellationToken stop) => TypedResults.Ok(
        (await book.Versions(stop)).Select(v => new Version(v.Version, v.Rules, v.Note, v.Author, v.Version == 0 ? null : v.At)).ToList());

    private static async Task<Results<Ok<Trial>, ProblemHttpResult>> Try(Draft draft, TryRules rules, CancellationToken stop)
    {
        var read = RuleBook.Read(draft.Rules);
        var tried = read.Refused ? read.Problem! : await rules.Run(read.Value, stop);
        return tried.Refused ? tried.Problem!.ToHttp() : TypedResults.Ok(tried.Value);
    }

    private static async Task<Results<Ok<Saved>, ProblemHttpResult>> Save(Draft draft, RuleBook book, ClaimsPrincipal who, CancellationToken stop)
    {
        var saved = await book.Save(draft.Seen, draft.Rules, (draft.Note ?? "").Trim(), Actor.From(who)!, stop);
        return saved.Refused ? saved.Problem!.ToHttp() : TypedResults.Ok(new Saved(saved.Value));
    }
}
