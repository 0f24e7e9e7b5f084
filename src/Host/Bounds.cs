// How much of the house one caller may take: connections, time for headers and bodies, size. Whoever sends slowly, endlessly or too much is cut off; the others go on being answered.
// Settings: section Doors of the configuration (Doors__Connections …).
using System.Collections.Concurrent;
using System.Net;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Lizhou.Host;

/// <param name="Connections">At one address the house listens on; more are closed as they come. Threads and memory are not spent on them: each costs a descriptor and some 10 KB.</param>
/// <param name="PerAddress">From one address of a client, so that one machine cannot take all of them. An office behind one address (NAT) holds some six for each browser.
/// Does not count for reverse proxies that are named and for this machine.</param>
internal sealed record DoorBounds(int Connections = 10_000, int PerAddress = 600);

internal static class Bounds
{
    /// <summary>Headers come in one or two packets; a browser's take milliseconds.</summary>
    private static readonly TimeSpan HeaderTime = TimeSpan.FromSeconds(15);

    /// <summary>Longer than reverse proxies keep theirs (60 to 75 s), so that the proxy closes first and no request is lost between the two.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(120);

    /// <summary>Bytes a second, on average, after <see cref="Grace"/>: any line carries more; below it somebody holds a place and sends nothing.</summary>
    private const double SlowestBody = 1_000;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Of a body that is read into memory: JSON and forms. Files, which stream to disk, have bounds of their own in their routes.</summary>
    public const long Body = 4 << 20;

    /// <summary>Of one nobody has signed in for: names, passwords, codes, a token.</summary>
    public const long StrangersBody = 64 << 10;

    /// <summary>Of a form with a file that is read whole: workbooks of units, elements, code lists.</summary>
    public const long File = 30 << 20;

    public static void Set(KestrelServerOptions kestrel, DoorBounds bounds)
    {
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = bounds.Connections;
        limits.RequestHeadersTimeout = HeaderTime;
        limits.KeepAliveTimeout = IdleTime;
        limits.MinRequestBodyDataRate = new(SlowestBody, Grace);
        limits.MinResponseDataRate = new(SlowestBody, Grace); // also of one who asks for much and does not take it
        limits.MaxRequestBodySize = File;
        limits.MaxRequestHeadersTotalSize = 32 << 10;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxRequestLineSize = 8 << 10;
        limits.Http2.MaxStreamsPerConnection = 100;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30); // one who is gone without a word frees the place
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
    }

    /// <summary>Closes what one address opens beyond its share, before anything is read or sealed.</summary>
    /// <param name="proxies">Of <see cref="Settings.Proxies"/>: everybody comes from there.</param>
    public static void Share(this ListenOptions door, DoorBounds bounds, ConcurrentDictionary<IPAddress, int> open, IReadOnlySet<IPAddress> proxies) => door.Use(next => async connection =>
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address is { } peer ? peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer : null;
        if (address is null || proxies.Contains(address) || address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.IPv6Loopback))
        {
            await next(connection);
            return;
        }

        try
        {
            if (open.AddOrUpdate(address, 1, (_, count) => count + 1) > bounds.PerAddress)
            {
                connection.Abort(new ConnectionAbortedException("The address has its share of connections."));
                return;
            }

            await next(connection);
        }
        finally
        {
            // Gone with its last connection: an attacker's many addresses leave nothing behind.
            if (open.AddOrUpdate(address, 0, (_, count) => count - 1) <= 0)
            {
                open.TryRemove(KeyValuePair.Create(address, 0));
            }
        }
    });

    /// <summary>Bounds what may be read into memory, before anybody reads: the proof of a form and the token server do so while they find out who asks.
    /// Routes that stream to disk raise it themselves, and count as they write.</summary>
    public static IApplicationBuilder UseBounds(this IApplicationBuilder app) =>
        app.Use((context, next) => Bounded(context, next, IsFile(context.Request) ? File : context.Request.Path.StartsWithSegments("/oauth", StringComparison.Ordinal) ? StrangersBody : Body));

    /// <summary>The same once it is known that nobody is there; a page that names a size of its own has that one.</summary>
    public static IApplicationBuilder UseStrangersBound(this IApplicationBuilder app) =>
        app.Use((context, next) => context.User.Identity?.IsAuthenticated == true || context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is not null ? next(context) : Bounded(context, next, StrangersBody));

    private static Task Bounded(HttpContext context, RequestDelegate next, long most)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = most;
        }

        return next(context);
    }

    private static bool IsFile(HttpRequest request) => request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true;
}
