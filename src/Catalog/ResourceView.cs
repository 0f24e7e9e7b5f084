// What one gets back of a resource: where it stands, and one version of what it says.
using Lizhou.Contracts.Catalog;

namespace Lizhou.Catalog;

/// <param name="Revision">To be sent back with the next act, so that nobody's work is overwritten unseen.</param>
/// <param name="Published">The published version; null when there is none.</param>
/// <param name="Opened">The version being worked on; null when there is none.</param>
/// <param name="Version">The version <paramref name="Entry"/> is.</param>
/// <param name="ClassPath">类 › 项 › 目 in words.</param>
internal sealed record ResourceView(
    Guid Id, string Code, string Table, long Revision, ResourceState State, int? Published, int? Opened, ResourceState? OpenState, int Version, Level Level,
    string UnitName, string UnitCode, string? SystemName, string ClassPath, DateTimeOffset UpdatedAt, DateTimeOffset? PublishedAt, ResourceEntry Entry)
{
    /// <summary>What is told of its levels where an act on it is answered: a higher one is suggested, sensitive items are shared without condition. Null elsewhere.</summary>
    public IReadOnlyList<string>? Hints { get; init; }

    public static ResourceView Of(Head head, int version, ResourceEntry entry, Frame frame) => new(
        head.Id,
        head.Code.ToString(),
        head.Table,
        head.Revision,
        head.State,
        head.Published,
        head.Opened,
        head.OpenState,
        version,
        head.Card(entry).Level,
        frame.UnitName(entry.Unit),
        frame.Units.TryGetValue(entry.Unit, out var unit) ? unit.Code : "",
        entry.System is { } system && frame.Systems.TryGetValue(system, out var card) ? card.Name : null,
        frame.Classes.Path(entry.Class),
        head.UpdatedAt,
        head.PublishedAt,
        entry);
}
