// In: a request. Out: whether its address, or of the forms of reports its account, has asked the door too often. Addresses share a fixed number of buckets, so a flood from many costs no memory.
using System.Threading.RateLimiting;
using Lizhou.Contracts.Identity;
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

    public static void Configure(RateLimiterOptions options)
    {
        options.AddPolicy(Door, http => Unsafe(http, Address(http), perMinute: 300));
        options.AddPolicy(AddressLimits.Report, http => Unsafe(http, AddressLimits.Sender(http.User, http.Connection.RemoteIpAddress), perMinute: 30));
        options.AddPolicy(SetUp, http => Unsafe(http, Address(http), perMinute: 120));
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

    internal static int Bucket(HttpContext http) => AddressLimits.Bucket(http.Connection.RemoteIpAddress);

    private static string Address(HttpContext http) => $"address {Bucket(http)}";

    private static RateLimitPartition<string> Unsafe(HttpContext http, string sender, int perMinute) => HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)
        ? RateLimitPartition.GetNoLimiter("")
        : RateLimitPartition.GetFixedWindowLimiter(sender, _ => new() { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) });
}
