// Whoever can open the socket in the data folder owns the data folder: requests through it act as the operator of this machine, an engineer.
using System.Net.Sockets;
using System.Security.Claims;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Connections.Features;

namespace Lizhou.Host;

internal static class LocalOperator
{
    private static readonly ClaimsPrincipal Principal = new(new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, Guid.Empty.ToString()),
            new(ClaimTypes.Name, "本机操作员 local operator"),
            new(ClaimTypes.Role, Roles.Engineer),
            new(Actor.LabelClaim, "4"), // Whoever owns the data folder could read it anyway.
        ],
        "local-door"));

    public static IApplicationBuilder UseLocalOperator(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (IsLocalDoor(context))
        {
            context.User = Principal;
        }

        return next(context);
    });

    public static bool IsLocalDoor(HttpContext context) =>
        context.Features.Get<IConnectionSocketFeature>()?.Socket.AddressFamily == AddressFamily.Unix;
}
