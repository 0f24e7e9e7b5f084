// In: somebody known whom a route or page turns away by their role, before its own code runs. Out: an entry of the ledger: who, which route, which role was wanted.
// The route is its pattern, never the address with its values.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Lizhou.Host;

internal sealed class NoteRefusals(IRefusalNotes notes) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler usual = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Forbidden ? Refuse(next, context, policy, authorizeResult) : usual.HandleAsync(next, context, policy, authorizeResult);

    private async Task Refuse(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result)
    {
        await usual.HandleAsync(next, context, policy, result);
        // Whoever is halfway in is sent to what is missing: that is no refusal.
        if (context.Response.StatusCode == StatusCodes.Status403Forbidden && Actor.From(context.User) is { } actor)
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "-";
            var method = context.Request.Method;
            string[] wanted = [.. policy.Requirements.OfType<RolesAuthorizationRequirement>().SelectMany(r => r.AllowedRoles).Distinct(StringComparer.Ordinal)];
            await notes.Note(actor, $"{method} {route}", new("door.refused", route, Problems.Forbidden.Code, new { method, wanted }));
        }
    }
}
