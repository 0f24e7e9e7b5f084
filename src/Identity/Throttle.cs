// In: a request. Out: whether its address has asked the door too often. Addresses share a fixed number of buckets, so a flood from many costs no memory.
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace Lizhou.Identity;

internal static class Throttle
{
    /// <summary>The policy of sign-in: each try costs a slow hash.</summary>
    public const string Door = "door";

    /// <summary>The policy of the setup code.</summary>
    public const string SetUp = "set-up";

    private const int Buckets = 4096;

    private const int FailedTokensPerMinute = 60;

    // Failed tokens by bucket, of the minute that began with the first: a good one is never counted. Every call asks, and a limiter of the framework that is asked while it is put away as idle throws.
    private static readonly (TimeSpan Since, int Count)[] Failed = new (TimeSpan, int)[Buckets];

    public static void Configure(RateLimiterOptions options)
    {
        options.AddPolicy(Door, http => Unsafe(http, perMinute: 300));
        options.AddPolicy(SetUp, http => Unsafe(http, perMinute: 120));
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = async (rejected, _) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = "60";
            if (rejected.HttpContext.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
            {
                await Problems.TooOften.ToHttp().ExecuteAsync(rejected.HttpContext);
            }
        };
    }

    public static bool MayTryToken(HttpContext http)
    {
        lock (Failed)
        {
            var (since, count) = Failed[Bucket(http)];
            return count < FailedTokensPerMinute || IsOver(since);
        }
    }

    public static void TokenFailed(HttpContext http)
    {
        lock (Failed)
        {
            ref var failed = ref Failed[Bucket(http)];
            failed = failed.Count == 0 || IsOver(failed.Since) ? (Now, 1) : (failed.Since, failed.Count + 1);
        }
    }

    /// <summary>Which bucket an address counts in; a subscriber's IPv6 network is one address.</summary>
    internal static int Bucket(IPAddress? address)
    {
        var bytes = address?.GetAddressBytes() ?? [];
        var counted = address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } ? bytes.AsSpan(0, 8) : bytes;
        HashCode hash = default; // Seeded per process: nobody can choose addresses to fall together.
        hash.AddBytes(counted);
        return (hash.ToHashCode() & int.MaxValue) % Buckets;
    }

    /// <summary>Since the machine started: whoever sets its clock gets no more tries.</summary>
    private static TimeSpan Now => TimeSpan.FromMilliseconds(Environment.TickCount64);

    private static bool IsOver(TimeSpan since) => Now - since >= TimeSpan.FromMinutes(1);

    private static int Bucket(HttpContext http) => Bucket(http.Connection.RemoteIpAddress);

    private static RateLimitPartition<int> Unsafe(HttpContext http, int perMinute) => HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)
        ? RateLimitPartition.GetNoLimiter(-1)
        : RateLimitPartition.GetFixedWindowLimiter(Bucket(http), _ => new() { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) });
}
