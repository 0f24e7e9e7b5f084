// Lists come in pages, everywhere the same way: ?page=2&size=50.
namespace Lizhou.Kernel.Web;

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows of this page.</param>
/// <param name="Number">1-based.</param>
/// <param name="Size">Rows a page.</param>
/// <param name="Total">Rows in all.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, int Number, int Size, long Total)
{
    public int Pages => (int)Math.Max(1, (Total + Size - 1) / Size);
}

/// <summary>The page asked for; out-of-range values are brought into range rather than refused.</summary>
public readonly record struct PageAsk(int? Page, int? Size)
{
    public int Number => Math.Max(1, Page ?? 1);

    public int Rows => Math.Clamp(Size ?? 20, 1, 200);

    public int Skip => (int)Math.Min((long)(Number - 1) * Rows, int.MaxValue);

    /// <summary>The page of a list that is all there.</summary>
    public Page<T> Of<T>(IReadOnlyList<T> all) => new([.. all.Skip(Skip).Take(Rows)], Number, Rows, all.Count);
}
