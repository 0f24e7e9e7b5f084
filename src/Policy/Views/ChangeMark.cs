// The mark in the stream of changes: the snapshot reached, the place within a pair of snapshots, and in which way the grant showed its rows; sealed.
using System.Security.Cryptography;
using System.Text.Json;

namespace Lizhou.Policy.Views;

/// <param name="Shape">Of the view it was made under; changes are told only between two looks through the same view.</param>
/// <param name="From">The snapshot reached; null for nothing yet.</param>
/// <param name="To">The later snapshot of the pair being walked; null between two walks.</param>
/// <param name="After">The last row's identity on the page before.</param>
internal sealed record ChangeMark(Guid Grant, string Shape, long? From, long? To = null, string? After = null)
{
    /// <summary>After rows were handed out; null without a grant.</summary>
    public static ChangeMark? Of(Opened opened) => opened.Decided.Grant is { } grant ? new(grant.Id, ShapeOf(opened), opened.Snapshot) : null;

    public string Text(PolicyKeys keys) => keys.Close("changes", JsonSerializer.Serialize(this));

    /// <summary>Null when it is not one of ours, or of another grant.</summary>
    public static ChangeMark? Read(string text, Guid grant, PolicyKeys keys) =>
        keys.Open("changes", text) is { } body && JsonSerializer.Deserialize<ChangeMark>(body) is { } mark && mark.Grant == grant ? mark : null;

    /// <summary>Which table, items, masks, rows and key: what must be the same at both snapshots for their difference to be one of data.</summary>
    public static string ShapeOf(Opened opened) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
    {
        table = opened.View.Plan.Table.Uuid,
        items = opened.View.Items.Select(d => new { d.Item.Id, d.Item.Column, d.Mask }),
        opened.Decided.Rows,
        key = Keys(opened),
    })))[..32];

    /// <summary>The columns that tell rows apart; none where the resource has no key.</summary>
    public static IReadOnlyList<string> Keys(Opened opened) =>
        [.. opened.Resource.Items.Where(i => i.Key && opened.View.Plan.Table.Column(i.Column) is not null).Select(i => i.Column)];
}
