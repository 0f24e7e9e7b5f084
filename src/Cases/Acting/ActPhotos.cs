// The photos that come with an act: their digests are in its event, they themselves beside the other photos of the case, written in the same transaction.
using System.Security.Cryptography;
using Lizhou.Cases.Ledger;

namespace Lizhou.Cases.Acting;

internal static class ActPhotos
{
    /// <summary>Places of one event; it holds fewer photos.</summary>
    private const long Apart = 10;

    /// <summary>Beyond those of reports, which are 1 to 3, and of consultations and other levels, which are 1,000 and the event's seq.</summary>
    private const long First = 1_000_000;

    /// <param name="i">0 …</param>
    public static long Place(long seq, int i) => First + (Apart * seq) + i;

    /// <summary>Places of the photos an event came with, in their order; empty: none.</summary>
    public static IReadOnlyList<long> Places(CaseEvent e) => [.. (e.Detail.Photos ?? []).Select((_, i) => Place(e.Seq, i))];

    public static IReadOnlyList<string> Digests(IReadOnlyList<byte[]> photos) => [.. photos.Select(p => Convert.ToHexStringLower(SHA256.HashData(p)))];

    /// <param name="happened">The event that names their digests.</param>
    public static void Keep(CaseSession session, CaseEvent happened, IReadOnlyList<byte[]> photos)
    {
        foreach (var (i, photo) in photos.Index())
        {
            session.Put($"INSERT INTO case_photo (case_id, place, body) VALUES ({happened.CaseId.ToString("D")}, {Place(happened.Seq, i)}, {photo})");
        }
    }
}
