// In: leaf hashes in order. Out: the root over them, or the way from one leaf up to it. RFC 6962, section 2.1.
namespace Lizhou.Ledger.Sealing;

/// <summary>A sibling on the way up.</summary>
/// <param name="Left">Whether it stands on the left of what is known so far.</param>
internal readonly record struct Sibling(bool Left, byte[] Hash);

internal static class MerkleTree
{
    public static byte[] Root(Suite suite, ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 1)
        {
            return leaves[0];
        }

        var half = Half(leaves.Length);
        return suite.Node(Root(suite, leaves[..half]), Root(suite, leaves[half..]));
    }

    /// <summary>From the leaf's own sibling up to a child of the root.</summary>
    public static List<Sibling> Path(Suite suite, ReadOnlySpan<byte[]> leaves, int leaf)
    {
        if (leaves.Length == 1)
        {
            return [];
        }

        var half = Half(leaves.Length);
        var (path, sibling) = leaf < half
            ? (Path(suite, leaves[..half], leaf), new Sibling(Left: false, Root(suite, leaves[half..])))
            : (Path(suite, leaves[half..], leaf - half), new Sibling(Left: true, Root(suite, leaves[..half])));
        path.Add(sibling);
        return path;
    }

    /// <summary>The largest power of two below <paramref name="count"/>.</summary>
    private static int Half(int count) => 1 << (31 - int.LeadingZeroCount(count - 1));
}
