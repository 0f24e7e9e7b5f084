// In: a host a source names. Out: the addresses that may be connected to. Refuses this machine, private networks and hosts outside the
// city's list, by the resolved address, so that a name that changes its mind between check and connection gains nothing.
using System.Net;
using System.Net.Sockets;
using Lizhou.Collection.Sources;
using Lizhou.Kernel;

namespace Lizhou.Collection.Connectors;

internal sealed class HostGuard(SourceLimits limits)
{
    // Everything that is not a public unicast address: RFC 6890 and its updates.
    private static readonly IPNetwork[] Special =
    [
        .. "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 ::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 fc00::/7 fe80::/10 ff00::/8"
            .Split(' ').Select(n => IPNetwork.Parse(n)),
    ];

    /// <param name="listed">Whether the host must also be on the city's list (web interfaces), not only the address be allowed (databases).</param>
    public async Task<IReadOnlyList<IPAddress>> Resolve(string host, bool listed, CancellationToken stop)
    {
        host = host.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
        var opened = limits.PrivateHosts.Any(p => Names(p, host));
        if (listed && limits.Hosts.Count > 0 && !opened && !limits.Hosts.Any(h => Names(h, host)))
        {
            throw new ProblemException(SourceProblems.HostRefused.With(host));
        }

        var addresses = await Addresses(host, stop);
        var allowed = addresses.Where(a => opened || IsAllowed(a)).ToList();
        return allowed.Count > 0 ? allowed : throw new ProblemException(SourceProblems.HostRefused.With(host));
    }

    private bool IsAllowed(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Array.Exists(Special, n => n.Contains(plain))
            || limits.PrivateHosts.Any(p => IPNetwork.TryParse(p, out var range) ? range.Contains(plain) : IPAddress.TryParse(p, out var one) && one.Equals(plain));
    }

    private static bool Names(string pattern, string host) =>
        pattern.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
            : string.Equals(pattern, host, StringComparison.OrdinalIgnoreCase);

    private static async Task<IPAddress[]> Addresses(string host, CancellationToken stop)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return [literal];
        }

        try
        {
            return await Dns.GetHostAddressesAsync(host, stop);
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException)
        {
            throw new ProblemException(SourceProblems.Unreachable.With(host, unknown.Message), unknown);
        }
    }
}
