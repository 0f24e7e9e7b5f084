// Somebody whose sign-in is not complete (a code, an enrolment, a password of their own is missing) is known and may reach only what completes it.
using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Kernel.Web;

/// <summary>Open to one who is only halfway in: the page or route completes the sign-in, ends it or says what is missing.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class HalfwayInAttribute : Attribute;

public static class HalfwayIn
{
    /// <summary>What a session still waits for: <c>code</c>, <c>enrol</c> or <c>password</c>; absent when nothing.</summary>
    public const string Claim = "lizhou:pending";

    /// <summary>For whoever is signed in: all the way, except where <see cref="HalfwayInAttribute"/> stands. A policy that asks for a role needs no more, for one halfway in has none.</summary>
    public static readonly AuthorizationPolicy Policy =
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(asked => Waits(asked.User) is null || IsOpen(asked.Resource)).Build();

    /// <summary>What the person's session waits for; null when they are in.</summary>
    public static string? Waits(ClaimsPrincipal person) => person.FindFirst(Claim)?.Value;

    private static bool IsOpen(object? asked) => asked switch
    {
        HttpContext http => http.GetEndpoint()?.Metadata.GetMetadata<HalfwayInAttribute>() is not null,
        RouteData page => page.PageType.GetCustomAttribute<HalfwayInAttribute>() is not null,
        _ => false,
    };
}
