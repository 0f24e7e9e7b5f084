using System.Text.Json.Serialization;

namespace Lizhou.Contracts.Catalog;

/// <summary>Data type of an item, with the one-letter codes of the catalogue guide (2017): C N Y D T L M B I F G.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ItemType>))]
public enum ItemType
{
    /// <summary>字符 C</summary>
    Text,

    /// <summary>数值 N: exact decimal of the item's precision and scale.</summary>
    Number,

    /// <summary>货币 Y: exact decimal, yuan, two places unless the item says otherwise.</summary>
    Money,

    /// <summary>日期 D</summary>
    Date,

    /// <summary>日期时间 T: to the microsecond, Asia/Shanghai unless the value says otherwise; stored in UTC.</summary>
    Moment,

    /// <summary>逻辑 L</summary>
    Logical,

    /// <summary>备注 M: long text.</summary>
    Memo,

    /// <summary>双精度 B</summary>
    Double,

    /// <summary>整型 I: 64-bit.</summary>
    Integer,

    /// <summary>浮点 F</summary>
    Float,

    /// <summary>通用 G: kept as text.</summary>
    General,
}

/// <summary>Sensitivity of an item, DB33/T 2351: L1 open … L4 never opened. Unset is treated as L3.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Level>))]
public enum Level
{
    L1 = 1,
    L2 = 2,
    L3 = 3,
    L4 = 4,
}

/// <summary>Check characters an item's values must satisfy.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckCharacter>))]
public enum CheckCharacter
{
    None,

    /// <summary>公民身份号码, GB 11643.</summary>
    IdNumber,

    /// <summary>统一社会信用代码, GB 32100.</summary>
    CreditCode,
}

/// <summary>Lifecycle of a resource: 编制, 部门审核, 主管部门审核, 发布, 停用.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResourceState>))]
public enum ResourceState
{
    Draft,
    UnitReview,
    BureauReview,
    Published,
    Retired,
}

/// <summary>共享类型: 无条件, 有条件, 不予共享.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SharingKind>))]
public enum SharingKind
{
    Unconditional,
    Conditional,
    Refused,
}

/// <summary>更新周期</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UpdateCycle>))]
public enum UpdateCycle
{
    Realtime,
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    HalfYearly,
    Yearly,
    Irregular,
}

/// <summary>One item (信息项) of a resource: a column.</summary>
/// <param name="Id">Stable over versions; the lake's field follows it.</param>
/// <param name="Name">Chinese name, as in the catalogue; unique in the resource.</param>
/// <param name="Column">Column name in tables and APIs: lower-case Latin letters, digits, underscore; unique in the resource.</param>
/// <param name="Length">Most characters of a text; null for no limit.</param>
/// <param name="Precision">Digits of a number in all; null for 18.</param>
/// <param name="Scale">Digits after the point; null for 0 (Number) or 2 (Money).</param>
/// <param name="Required">A row without it is rejected.</param>
/// <param name="Key">Part of the resource's key: rows of one key replace one another.</param>
/// <param name="Level">Null = not classified, treated as L3.</param>
/// <param name="Format">A regular expression (RE2) the whole value must match; null for none.</param>
/// <param name="Codes">The values allowed; null for any.</param>
/// <param name="Meaning">What it means, in a sentence.</param>
public sealed record ItemCard(
    Guid Id, string Name, string Column, ItemType Type, int? Length, int? Precision, int? Scale, bool Required, bool Key, Level? Level,
    CheckCharacter Check, string? Format, IReadOnlyList<string>? Codes, string? Meaning)
{
    /// <summary>An item still to be given its id and, where <paramref name="column"/> is empty, its column name.</summary>
    public static ItemCard Of(
        string name, ItemType type = ItemType.Text, string column = "", int? length = null, int? precision = null, int? scale = null, bool required = false,
        bool key = false, Level? level = null, CheckCharacter check = CheckCharacter.None, string? format = null, IReadOnlyList<string>? codes = null,
        string? meaning = null) => new(Guid.Empty, name, column, type, length, precision, scale, required, key, level, check, format, codes, meaning);

    /// <summary>数据元: the identifier of the data element it is bound to; null for none.</summary>
    public string? Element { get; init; }

    /// <summary>For an item bound to a list that knows codes that ended: what becomes of them at landing. Null: they are unknown like any code the list does not have.</summary>
    public FormerCodes? Former { get; init; }

    /// <summary>The level that applies.</summary>
    public Level Applied => Level ?? Catalog.Level.L3;
}

/// <summary>曾用代码: the codes a list had and has no more, as they were when the item was bound.</summary>
/// <param name="Resolve">True: a former code lands as today's where that is certain. False: it is rejected, with today's code as the reason.</param>
public sealed record FormerCodes(bool Resolve, IReadOnlyList<FormerCode> Codes);

/// <param name="Name">Its last name.</param>
/// <param name="Now">The one code that certainly took its place and holds today; null when nothing did, when it went to several, or when nobody has confirmed it. Such a code is rejected either way.</param>
public sealed record FormerCode(string Code, string Name, string? Now);

/// <summary>A published version of a resource (信息资源) as other modules see it.</summary>
/// <param name="Code">Resource code: class, item, sub-item … / serial.</param>
/// <param name="Table">Name of its table in the lake, same over versions.</param>
/// <param name="Version">1-based; grows with each publication.</param>
public sealed record ResourceCard(
    Guid Id, string Code, string Name, Guid Unit, Guid? System, string Table, int Version, ResourceState State, SharingKind Sharing, UpdateCycle Cycle,
    IReadOnlyList<ItemCard> Items)
{
    /// <summary>共享条件; null for none.</summary>
    public string? Condition { get; init; }

    /// <summary>The law or rule that forbids sharing; null unless sharing is refused.</summary>
    public string? LegalBasis { get; init; }

    /// <summary>A table is as sensitive as its most sensitive item.</summary>
    public Level Level => Items.Count == 0 ? Catalog.Level.L3 : Items.Max(i => i.Applied);
}

/// <summary>What other modules ask of the catalogue: only what is published counts. No entry, no load.</summary>
public interface ICatalog
{
    /// <summary>The published version, by resource code; null when there is none (draft and retired included).</summary>
    Task<ResourceCard?> Published(string code, CancellationToken stop);

    Task<ResourceCard?> Published(Guid id, CancellationToken stop);

    /// <summary>The published versions of those of these resources that have one, in no order; at most 1,000 ids.</summary>
    Task<IReadOnlyList<ResourceCard>> Published(IReadOnlyCollection<Guid> ids, CancellationToken stop);

    /// <summary>The published version of the resource whose table in the lake has this name, without case; null when there is none.</summary>
    Task<ResourceCard?> ByTable(string table, CancellationToken stop);

    /// <summary>The published resources of exactly this name, by code; at most 20.</summary>
    Task<IReadOnlyList<ResourceCard>> Named(string name, CancellationToken stop);

    /// <summary>Published resources of a unit (of all when null), by code; pages of at most 1,000.</summary>
    Task<IReadOnlyList<ResourceCard>> OfUnit(Guid? unit, int skip, int take, CancellationToken stop);

    /// <summary>Every published resource at one moment, by code; for looks at the catalogue as a whole, not for pages.</summary>
    Task<IReadOnlyList<ResourceCard>> All(CancellationToken stop);

    Task<long> CountPublished(Guid? unit, CancellationToken stop);
}

/// <summary>A version of a resource was published; its table may have to be made or changed.</summary>
public sealed record ResourcePublished(Guid Resource, string Code, int Version) : Lizhou.Kernel.Events.IFact;

/// <summary>A resource was retired: nothing more is collected into it.</summary>
public sealed record ResourceRetired(Guid Resource, string Code) : Lizhou.Kernel.Events.IFact;
