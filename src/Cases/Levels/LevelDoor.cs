// In: what came to an open route between levels, its link and signature. Out: the peer that signed it, while it stays within its share. Refuses a bad key, an address and a peer that come too often: the others do not wait for them.
using System.Net;
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Levels;

/// <param name="Wait">Seconds until it may come again.</param>
internal sealed record TooOften(int Wait);

/// <summary>How often and how many at once; one of the program.</summary>
internal sealed class LevelGate(TimeProvider clock)
{
    /// <summary>Forms and parts of photos a minute. A peer's line of 10 forms a second is more than a city reports.</summary>
    public const int PerPeer = 600;

    /// <summary>Several peers may come from one address; whoever has no key is cut off here.</summary>
    public const int PerAddress = 2_400;

    /// <summary>Of one peer; each waits for the disk.</summary>
    public const int AtOnce = 16;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Lock turn = new();
    private readonly int[] addresses = new int[AddressLimits.Buckets];
    private readonly Dictionary<Guid, int> peers = []; // Only those that have signed: as many as there are links.
    private readonly Dictionary<Guid, int> inside = [];
    private long begun = clock.GetTimestamp();

    public TooOften? Address(IPAddress? from)
    {
        lock (turn)
        {
            Renew();
            return Wait(++addresses[AddressLimits.Bucket(from)], PerAddress);
        }
    }

    /// <summary>Null: it is inside, until <see cref="Leave"/>.</summary>
    public TooOften? Enter(Guid peer)
    {
        lock (turn)
        {
            Renew();
            if (Wait(peers[peer] = peers.GetValueOrDefault(peer) + 1, PerPeer) is { } late)
            {
                return late;
            }

            var now = inside.GetValueOrDefault(peer);
            if (now >= AtOnce)
            {
                return new(1);
            }

            inside[peer] = now + 1;
            return null;
        }
    }

    public void Leave(Guid peer)
    {
        lock (turn)
        {
            if (--inside[peer] == 0)
            {
                inside.Remove(peer);
            }
        }
    }

    /// <summary>What was counted in the window before is forgotten.</summary>
    private void Renew()
    {
        if (clock.GetElapsedTime(begun) >= Window)
        {
            Array.Clear(addresses);
            peers.Clear();
            begun = clock.GetTimestamp();
        }
    }

    private TooOften? Wait(int count, int most) => count > most ? new((int)Math.Ceiling((Window - clock.GetElapsedTime(begun)).TotalSeconds)) : null;
}

internal sealed class LevelDoor(Peers peers, IRefusalNotes notes)
{
    public async Task<Result<(Peer Peer, string Secret)>> Open(byte[] body, string? link, string? signature, CancellationToken stop)
    {
        if (Guid.TryParse(link, out var id) && await peers.Find(id, stop) is { } peer && Peers.IsSigned(peer.Secret, body, signature))
        {
            return peer;
        }

        await notes.Note(Actor.System, $"level.refused {Problems.BadLevelKey.Code}", new("level.refused", "level", Problems.BadLevelKey.Code));
        return Problems.BadLevelKey;
    }
}
