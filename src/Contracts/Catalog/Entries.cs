using System.Text.Json.Serialization;

namespace Lizhou.Contracts.Catalog;

/// <summary>信息资源格式: 数据库, 电子表格, 电子文件, 图形图像, 流媒体, 自描述格式.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResourceFormat>))]
public enum ResourceFormat
{
    Database,
    Spreadsheet,
    Document,
    Image,
    Stream,
    SelfDescribing,
}

/// <summary>共享方式: 接口, 库表, 文件, 介质.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SharingWay>))]
public enum SharingWay
{
    Api,
    Table,
    File,
    Medium,
}

/// <summary>What one version of a catalogue entry says: the core metadata of the catalogue guide (2017) and its items.
/// The same record is what one sends, what is kept of every version, and what one gets back.</summary>
public sealed record ResourceEntry
{
    /// <summary>Null for a new id. Sending the same id again is the same creation, not a second one.</summary>
    public Guid? Id { get; init; }

    /// <summary>分类码: 类 (1 digit) 项 (2) 目 (3) 细目 (any number of digits, or none), e.g. <c>303001</c>.</summary>
    public string Class { get; init; } = "";

    /// <summary>顺序码, digits; null for the next free one of the class.</summary>
    public string? Serial { get; init; }

    public string Name { get; init; } = "";

    /// <summary>The provider (提供方).</summary>
    public Guid Unit { get; init; }

    /// <summary>The information system it comes from; null when none is named.</summary>
    public Guid? System { get; init; }

    /// <summary>摘要</summary>
    public string Summary { get; init; } = "";

    public ResourceFormat Format { get; init; }

    public SharingKind Sharing { get; init; }

    /// <summary>共享条件; required when sharing is conditional.</summary>
    public string? Condition { get; init; }

    /// <summary>The law or rule that forbids sharing; required when sharing is refused.</summary>
    public string? LegalBasis { get; init; }

    /// <summary>共享方式; at least one unless sharing is refused.</summary>
    public IReadOnlyList<SharingWay> Ways { get; init; } = [];

    /// <summary>是否向社会开放</summary>
    public bool Open { get; init; }

    /// <summary>开放条件; null for none.</summary>
    public string? OpenCondition { get; init; }

    // Written always: its first value is not the one meant when nothing is said.
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public UpdateCycle Cycle { get; init; } = UpdateCycle.Irregular;

    /// <summary>关联资源代码</summary>
    public IReadOnlyList<string> Related { get; init; } = [];

    /// <summary>The post or person that answers for it.</summary>
    public string? Responsible { get; init; }

    /// <summary>How to reach them.</summary>
    public string? Contact { get; init; }

    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>涉密: a secret resource is refused; it must never enter this system.</summary>
    public bool Secret { get; init; }

    public IReadOnlyList<ItemCard> Items { get; init; } = [];
}

/// <summary>The catalogue's wide door, for the sample county and migrations: many entries in one transaction, with the checks of the narrow one.</summary>
public interface ICatalogBulk
{
    /// <summary>Creates and publishes all entries, or none. An entry whose id is there already is passed over.
    /// Tells <see cref="ResourcePublished"/> for each one created.</summary>
    /// <returns>The published cards of the entries created, in the order given; or the refusal, naming the entry and its fault.</returns>
    Task<Lizhou.Kernel.Result<IReadOnlyList<ResourceCard>>> Publish(
        IReadOnlyList<ResourceEntry> entries, Lizhou.Kernel.Actor actor, CancellationToken stop);

    /// <summary>Publishes an entry a program answers for: a new one, or the next version of the one with its id; one that says the same stays as it is. Class and code never change.
    /// An item that comes with an id is the item of that id, or another one than any before; one without follows the item of its column.</summary>
    Task<Lizhou.Kernel.Result<ResourceCard>> Renew(ResourceEntry entry, Lizhou.Kernel.Actor actor, CancellationToken stop);
}

/// <summary>Asked before rows are collected into a resource. Whoever computes the rows of resources implements it.</summary>
public interface IComputedRows
{
    /// <summary>What computes the rows of the resource, in words for the clerk, e.g. "model x"; null when nothing does and they are collected.</summary>
    Task<Lizhou.Kernel.Text?> MadeBy(Guid resource, CancellationToken stop);
}

/// <summary>All who compute rows, asked together.</summary>
public static class ComputedRows
{
    /// <summary>What computes the resource's rows; null when they are collected.</summary>
    public static async Task<Lizhou.Kernel.Text?> MadeBy(this IEnumerable<IComputedRows> computed, Guid resource, CancellationToken stop)
    {
        foreach (var one in computed)
        {
            if (await one.MadeBy(resource, stop) is { } by)
            {
                return by;
            }
        }

        return null;
    }
}

/// <summary>Asked before a resource is retired. Whoever still uses resources implements it; all answers count.</summary>
public interface IResourceUse
{
    /// <summary>What still uses the resource, in words for the clerk, e.g. "collection task X"; empty when nothing does.</summary>
    Task<IReadOnlyList<Lizhou.Kernel.Text>> Uses(Guid resource, CancellationToken stop);
}
