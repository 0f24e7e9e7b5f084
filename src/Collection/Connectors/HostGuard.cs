// In: a host a source names. Out: the addresses that may be connected to. Refuses this machine, private networks and hosts outside the
// city's list, by the resolved address, so that a name that changes its mind between check and connection gains nothing.
using System.Net;
using System.Net.Sockets;
using Lizhou.Collection.Sources;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Collection.Connectors;

internal sealed class HostGuard(SourceLimits limits) : IHostGuard
{
    private static readonly Text NoAddress = new("域名解析不到地址", "the name has no address");

    // Where departments' databases are: networks that are a city's own. A name or a range on the city's list opens them.
    private static readonly IPNetwork[] Private = Networks("10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 192.168.0.0/16 fc00::/7");

    // This machine, its link, what clouds answer about themselves, and everything else that is no public unicast address (RFC 6890 and its updates).
    // Only an address or a range within one of these opens it: neither a name nor a wide range that happens to hold it.
    private static readonly IPNetwork[] Closed = Networks(
        """
        0.0.0.0/8 100.100.100.200/32 127.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
        ::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 fd00:ec2::254/128 fe80::/10 ff00::/8
        """);

    /// <param name="listed">Whether the host must also be on the city's list (web interfaces), not only the address be allowed (databases).</param>
    public async Task<IReadOnlyList<IPAddress>> Resolve(string host, bool listed, CancellationToken stop)
    {
        host = host.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
        var opened = limits.PrivateHosts.Any(p => Names(p, host));
        if (listed && limits.Hosts.Count > 0 && !opened && !limits.Hosts.Any(h => Names(h, host)))
        {
            throw new ProblemException(SourceProblems.HostUnlisted.With(host, $"Sources__Hosts__{limits.Hosts.Count}"));
        }

        var addresses = await Addresses(host, stop);
        var allowed = addresses.Where(a => Refusal(host, a, opened) is null).ToList();
        return allowed.Count > 0 ? allowed : throw new ProblemException(addresses.Select(a => Refusal(host, a, opened)).OfType<Problem>().FirstOrDefault() ?? SourceProblems.Unreachable.With(host, "DNS"));
    }

    /// <summary>Why an address must not be connected to, with the setting that would change it; null when it may be.</summary>
    private Problem? Refusal(string host, IPAddress address, bool opened)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var ranges = limits.PrivateHosts.Select(Range).OfType<IPNetwork>().Where(r => r.Contains(plain)).ToList();
        var setting = $"Sources__PrivateHosts__{limits.PrivateHosts.Count}";
        if (Closed.Where(n => n.Contains(plain)).ToList() is { Count: > 0 } closed)
        {
            return ranges.Exists(r => closed.Exists(c => r.PrefixLength >= c.PrefixLength)) ? null : SourceProblems.HostRefused.With(host, plain, setting);
        }

        return opened || ranges.Count > 0 || !Array.Exists(Private, n => n.Contains(plain)) ? null : SourceProblems.HostPrivate.With(host, plain, setting);
    }

    private static IPNetwork? Range(string text) =>
        IPNetwork.TryParse(text, out var range) ? range : IPAddress.TryParse(text, out var one) ? new IPNetwork(one, one.GetAddressBytes().Length * 8) : null;

    private static IPNetwork[] Networks(string text) => [.. text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(n => IPNetwork.Parse(n))];

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
            throw new ProblemException(SourceProblems.Unreachable.With(host, NoAddress), unknown);
        }
    }
}
