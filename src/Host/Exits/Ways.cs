// In: a city that was built. Out: every way into it (routes, pages, jobs, rounds, facts, commands), who may use it, what proves that they meant it, and by whom it comes to rows.
using System.Reflection;
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Jobs;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;

namespace Lizhou.Host.Exits;

/// <param name="Name">Methods and path, or the kind and the type.</param>
/// <param name="Who">Roles or schemes; null: everybody.</param>
/// <param name="Meant">What proves that the one signed in meant an unsafe call; null for a safe one.</param>
/// <param name="Holds">By what right it comes to rows; empty when it comes to none.</param>
/// <param name="Gate">Whether it asks the policy.</param>
internal sealed record Way(string Name, string? Who, string? Meant, IReadOnlyList<Hold> Holds, bool Gate);

internal sealed class Ways(CallGraph graph)
{
    private static readonly string[] Safe = ["GET", "HEAD", "OPTIONS", "TRACE"];

    private readonly HashSet<Member> takers = [.. RowSources.Takers(graph)];

    /// <summary>Routes and pages.</summary>
    public IEnumerable<Way> Into(IEndpointRouteBuilder city) => city.DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
        .Select(e => Make(Name(e), Who(e), Meant(e), Starts(e))).OrderBy(w => w.Name, StringComparer.Ordinal);

    /// <summary>Work that nobody waits for, and the command line.</summary>
    public IEnumerable<Way> Inside(IEnumerable<Assembly> houses) => houses.SelectMany(a => a.GetTypes())
        .Where(t => t is { IsClass: true, IsAbstract: false })
        .SelectMany(t => t.GetInterfaces().Select(Kind).OfType<string>().Distinct().Select(kind => Make($"{kind} {t.Name}", "the program itself", null, CallGraph.All(t))))
        .Concat(Modules.All.Select(m => Make($"commands of {m.GetType().Name}", "the machine's operator", null, [new(m.GetType(), nameof(Kernel.Module.Commands))])))
        .OrderBy(w => w.Name, StringComparer.Ordinal);

    private Way Make(string name, string? who, string? meant, IEnumerable<Member> starts)
    {
        // A command speaks to the host like any other program.
        var reached = graph.From(starts, typeof(IHostCalls));
        var taken = reached.Where(takers.Contains).ToList();
        var holds = RowSources.Holders.Where(h => taken.Any(h.Is)).Select(h => h.Hold).Where(h => h != Hold.Engine).Distinct().Order().ToList();
        return new(name, who, meant, holds, reached.Any(m => m.Owner == typeof(IRowGate)));
    }

    private static IEnumerable<Member> Starts(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type is { } page)
        {
            // With its layout, and with what every page stands in.
            Type[] drawn = [page, .. page.GetCustomAttributes<LayoutAttribute>().Select(l => l.LayoutType), typeof(Ui.App)];
            return drawn.SelectMany(CallGraph.All);
        }

        return endpoint.Metadata.GetMetadata<MethodInfo>() is { } handler ? [CallGraph.Of(handler)] : [];
    }

    private static string Name(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null ? "page"
            : string.Join(' ', endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["any"]);
        return $"{methods} /{endpoint.RoutePattern.RawText!.TrimStart('/')}";
    }

    private static string? Who(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return null;
        }

        var named = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>();
        var policies = endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>();
        var roles = named.Select(d => d.Roles).OfType<string>().Concat(policies.SelectMany(p => p.Requirements.OfType<RolesAuthorizationRequirement>()).Select(r => string.Join(',', r.AllowedRoles))).ToList();
        var tokens = policies.Any(p => p.AuthenticationSchemes.Contains(IApiTokens.Scheme)) ? "; also by token" : "";
        return named.Count == 0 && policies.Count == 0 ? null : (roles.Count == 0 ? "anyone signed in" : string.Join(" and ", roles.Distinct())) + tokens;
    }

    private static string? Meant(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null ? "the form's token"
        : endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.All(Safe.Contains) == true ? null
        : endpoint.Metadata.GetMetadata<ChecksOwnForm>() is not null ? "the form's token, read by the route itself"
        : Who(endpoint) is not null ? "the session's token, or a bearer" : null;

    private static string? Kind(Type contract) =>
        contract == typeof(IRounds) ? "round"
        : contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IJob<>) ? "job"
        : contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IHandle<>) ? "listener"
        : null;
}
