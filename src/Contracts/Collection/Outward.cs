using System.Net;
using System.Net.Sockets;

namespace Lizhou.Contracts.Collection;

/// <summary>The days the city works: weekends, holidays and the working days that make up for them.</summary>
public interface IWorkCalendar
{
    /// <summary>The calendar as it stands: load it once, then count as often as needed.</summary>
    Task<WorkCalendar> Load(CancellationToken stop);

    /// <summary>The calendars that held before, each until a change of days or plans; the newest first, 200 at most. None was kept of changes before this program kept them.</summary>
    Task<IReadOnlyList<WorkCalendar>> Before(CancellationToken stop);

    /// <summary>The end (24:00, city time) of the n-th working day after the day of <paramref name="from"/>; n ≥ 0.</summary>
    Task<DateTimeOffset> After(DateTimeOffset from, int workdays, CancellationToken stop);

    /// <summary>How much of each span lies in office hours of working days; in their order. A span that ends before it begins has none.</summary>
    Task<IReadOnlyList<TimeSpan>> Worked(IReadOnlyList<(DateTimeOffset From, DateTimeOffset Until)> spans, CancellationToken stop);

    /// <summary>The first moment after <paramref name="from"/> of a cron line (five fields, city time); null when there is none within two years.</summary>
    Task<DateTimeOffset?> Next(string cron, bool workdaysOnly, DateTimeOffset from, CancellationToken stop);
}

/// <summary>What hosts this program may connect to, by their resolved addresses.</summary>
public interface IHostGuard
{
    /// <summary>The addresses that may be connected to: connect to these, never to the name again.
    /// Throws <see cref="Lizhou.Kernel.ProblemException"/> for this machine, closed networks and hosts off the city's list.</summary>
    Task<IReadOnlyList<IPAddress>> Resolve(string host, bool listed, CancellationToken stop);
}

/// <summary>HTTP within what <see cref="IHostGuard"/> allows.</summary>
public static class GuardedHttp
{
    /// <summary>Connects to the addresses that were checked, each time anew, so that a name that changes its mind between check and connection gains nothing.
    /// Follows no redirect, uses no proxy and keeps no cookie.</summary>
    public static SocketsHttpHandler Handler(this IHostGuard guard) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        MaxResponseHeadersLength = 64,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        ConnectCallback = async (context, stop) =>
        {
            var addresses = await guard.Resolve(context.DnsEndPoint.Host, listed: true, stop);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync([.. addresses], context.DnsEndPoint.Port, stop);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
