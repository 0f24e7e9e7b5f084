// What is known of a resource beside what its versions say: its code, its table, where it stands.
using Lizhou.Contracts.Catalog;

namespace Lizhou.Catalog;

/// <param name="Seq">Its number in the search index.</param>
/// <param name="Revision">Grows with every act.</param>
/// <param name="Published">The published version; null when there is none (never published, or retired).</param>
/// <param name="Opened">The version being worked on; null when there is none.</param>
/// <param name="OpenState">Where that one stands; null without one.</param>
/// <param name="Last">The highest version number given so far that is kept.</param>
/// <param name="PublishedAt">First publication.</param>
internal sealed record Head(
    long Seq, Guid Id, ResourceCode Code, Guid Unit, long Revision, int? Published, int? Opened, ResourceState? OpenState, int Last, bool Retired,
    DateTimeOffset UpdatedAt, DateTimeOffset? PublishedAt)
{
    public string Table => Code.Table;

    /// <summary>The state lists show: of the published version, else of the open one.</summary>
    public ResourceState State => Retired ? ResourceState.Retired : Published is not null ? ResourceState.Published : OpenState ?? ResourceState.Draft;

    /// <summary>The version lists show.</summary>
    public int Shown => Published ?? Opened ?? Last;

    public static Head New(long seq, Guid id, ResourceCode code, Guid unit, DateTimeOffset now) =>
        new(seq, id, code, unit, 1, null, 1, ResourceState.Draft, 1, false, now, null);

    /// <summary>The version one would go on from.</summary>
    public int Latest => Opened ?? Shown;

    public ResourceCard Card(ResourceEntry entry) =>
        new(Id, Code.ToString(), entry.Name, entry.Unit, entry.System, Table, Shown, State, entry.Sharing, entry.Cycle, entry.Items);
}

/// <summary>What can be done to a resource.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<Step>))]
internal enum Step
{
    Create,
    Change,
    Submit,
    Pass,
    Return,
    Withdraw,
    Discard,
    Publish,
    Retire,
}
