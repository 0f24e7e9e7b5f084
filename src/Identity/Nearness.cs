// In: a connection. Out: whether it comes from this very machine, not through a proxy on it nor by a foreign name that points here.
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Identity;

internal static class Nearness
{
    public static bool IsThisMachine(HttpContext http)
    {
        var request = http.Request;
        var proxied = request.Headers.ContainsKey("X-Forwarded-For") || request.Headers.ContainsKey("Forwarded") || request.Headers.ContainsKey("X-Real-IP")
            || request.Headers.ContainsKey("X-Original-For"); // What is left of X-Forwarded-For once a known proxy was believed.
        return !proxied
            && http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && (request.Host.Host is "localhost" || (IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out var host) && IPAddress.IsLoopback(host)));
    }
}
