// In: who sends one of the forms that are open to everybody. Out: whether it is too often: six a minute of one account, or of one address where nobody is signed in. Told by the page itself, so that what was filled in stays there.
using System.Globalization;
using System.Threading.RateLimiting;
using Lizhou.Contracts.Identity;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Cases.Intake.Citizen;

internal sealed class ReportTurns : IDisposable
{
    private const int Most = 6;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly PartitionedRateLimiter<HttpContext> turns = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        RateLimitPartition.GetFixedWindowLimiter(AddressLimits.Sender(http.User, http.Connection.RemoteIpAddress), _ => new() { PermitLimit = Most, Window = Window }));

    /// <returns>Null: it may be sent.</returns>
    public Problem? Take(HttpContext http)
    {
        using var turn = turns.AttemptAcquire(http);
        if (turn.IsAcquired)
        {
            return null;
        }

        http.Response.Headers.RetryAfter = Window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return Problems.ManyReports;
    }

    public void Dispose() => turns.Dispose();
}
