// Who calls, when a reverse proxy stands before the house: its word counts only where the settings name it. Nobody else's header changes an address.
using System.Net;
using Lizhou.Kernel;
using Microsoft.AspNetCore.HttpOverrides;

namespace Lizhou.Host;

internal static class Proxies
{
    public static IApplicationBuilder UseProxies(this IApplicationBuilder app)
    {
        var named = app.ApplicationServices.GetRequiredService<Settings>().Proxies;
        if (string.IsNullOrWhiteSpace(named))
        {
            return app;
        }

        ForwardedHeadersOptions options = new() { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in named.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            options.KnownProxies.Add(IPAddress.Parse(proxy));
        }

        return app.UseForwardedHeaders(options);
    }
}
