// The mark between two pages: the snapshot, the place, and which question it belongs to; sealed, so that a changed one is refused rather than compiled.
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Contracts.Policy;

namespace Lizhou.Policy.Views;

/// <param name="Skip">Rows to pass over, for the table's own order; else 0.</param>
/// <param name="Values">The last row's values of the order's columns as they were shown; empty for the table's own order.</param>
/// <param name="Shuffled">Whether the grant has an order of its own; a mark of the other order leads nowhere.</param>
internal sealed record PageMark(long Snapshot, string Question, long Skip, IReadOnlyList<string?> Values, bool Shuffled = false)
{
    public string Text(PolicyKeys keys) => keys.Close("page", JsonSerializer.Serialize(this));

    /// <summary>Null when it is not one of ours, or of another question.</summary>
    public static PageMark? Read(string text, RowAsk ask, PolicyKeys keys) =>
        keys.Open("page", text) is { } body && JsonSerializer.Deserialize<PageMark>(body) is { } mark && mark.Question == Of(ask) ? mark : null;

    /// <summary>Tells questions apart; what is selected may change from page to page.</summary>
    public static string Of(RowAsk ask) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
    {
        ask.Resource,
        ask.Grant,
        ask.Batch,
        ask.Where,
        ask.OrderBy,
        ask.RowIds,
    })))[..32];
}
