using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using Lizhou.Kernel;

namespace Lizhou.Contracts.Identity;

/// <summary>How much one address may ask of what is open to everybody; named as the policy of a page's or route's rate limit.</summary>
public static class AddressLimits
{
    /// <summary>Of the forms anybody may send, before they are read: each may bring photos. Their pages count more closely, and say so in words.</summary>
    public const string Report = "report";

    /// <summary>Addresses are counted in so many buckets, so that a flood from many costs no memory.</summary>
    public const int Buckets = 4096;

    /// <summary>By what a sender is counted: who is signed in by their account, since many work behind one address; else by the address.</summary>
    public static string Sender(ClaimsPrincipal user, IPAddress? address) => Actor.From(user) is { } actor ? $"account {actor.Id:N}" : $"address {Bucket(address)}";

    /// <summary>Which bucket an address counts in; a subscriber's IPv6 network is one address.</summary>
    public static int Bucket(IPAddress? address)
    {
        var bytes = address?.GetAddressBytes() ?? [];
        var counted = address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } ? bytes.AsSpan(0, 8) : bytes;
        HashCode hash = default; // Seeded per process: nobody can choose addresses to fall together.
        hash.AddBytes(counted);
        return (hash.ToHashCode() & int.MaxValue) % Buckets;
    }
}
