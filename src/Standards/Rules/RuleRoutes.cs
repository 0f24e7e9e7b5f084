// The API of the ten unifications under /api/v1/standards/rules: every route and the use case behind it.
using System.Security.Claims;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Standards.Rules;

/// <param name="Version">The one shown.</param>
internal sealed record RuleView(string Code, int Version, RuleBody Body, int? InForce, int? Draft, int Revision, DateTimeOffset ChangedAt);

internal static class ShowRule
{
    /// <summary>The ten, in order.</summary>
    public static async Task<IReadOnlyList<RuleView>> All(Register register, Actor actor, CancellationToken stop) =>
        [.. (await register.All(StandardKind.Unification, stop)).Where(r => actor.Sees(r.Standard)).Select(r => View(r.Standard, Register.Read<RuleBody>(r.Version.Body), r.Version.Number, actor)).OrderBy(r => r.Body.Order)];

    public static async Task<Result<RuleView>> One(Register register, string code, int? version, Actor actor, CancellationToken stop)
    {
        if (await register.Find(StandardKind.Unification, code, stop) is not { } standard)
        {
            return Problems.NotFound.With(code);
        }

        var number = version ?? standard.Shown;
        return actor.Sees(standard, number) && await register.Body<RuleBody>(standard, number, stop) is { } body ? View(standard, body, number, actor) : Problems.NoVersion.With(number);
    }

    private static RuleView View(Standard s, RuleBody body, int number, Actor actor) => new(s.Code, number, body, s.InForce, actor.DraftOf(s), s.Revision, s.ChangedAt);
}

internal static class RuleRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.Group("rules");
        group.MapGet("/", async (Register register, ClaimsPrincipal user, CancellationToken stop) => TypedResults.Ok(await ShowRule.All(register, user.Who(), stop))).WithName("ListUnifications");
        group.MapGet("/{code}", async (string code, int? version, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            (await ShowRule.One(register, code, version, user.Who(), stop)).Answer()).WithName("GetUnification");
        group.MapPut("/{code}", async (string code, SaveRule.Request ask, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            (await SaveRule.Run(register, code, ask, user.Who(), stop)).Answer(Stand.Of)).WithName("SaveUnification");
        group.MapPost("/{code}/publish", async (string code, StepRequest? ask, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            (await register.Publish(StandardKind.Unification, code, ask?.Revision, user.Who(), stop)).Answer(Stand.Of)).WithName("PublishUnification");
        group.MapPost("/{code}/discard", async (string code, StepRequest? ask, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            (await register.Discard(StandardKind.Unification, code, ask?.Revision, user.Who(), stop)).Answer(Stand.Of)).WithName("DiscardUnification");
    }
}
