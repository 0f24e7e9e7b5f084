using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Contracts.Standards;

/// <summary>A data element (数据元): how one kind of item is called, typed, written and checked everywhere.</summary>
/// <param name="Code">Its identifier, e.g. <c>id_number</c>; what <see cref="ItemCard.Element"/> names.</param>
/// <param name="Version">1-based; the one in force.</param>
/// <param name="Synonyms">Other names departments give it, and column names; compared without case and spaces.</param>
/// <param name="Length">Most characters of a text; null for no limit.</param>
/// <param name="Format">A regular expression (RE2) of the whole value; null for none.</param>
/// <param name="Unit">Unit of measure, e.g. 元; null for none.</param>
/// <param name="CodeList">The code list its values are of; null for none.</param>
/// <param name="Level">The least level of what is bound to it; null for none.</param>
/// <param name="Source">The standard it comes from; null for a local rule.</param>
public sealed record ElementCard(
    string Code, int Version, string Name, string? NameEn, IReadOnlyList<string> Synonyms, ItemType Type, int? Length, int? Precision, int? Scale, string? Format, string? Unit,
    string? CodeList, CheckCharacter Check, Level? Level, string? Definition, string? Source)
{
    public Text Shown => new(Name, NameEn ?? Name);

    /// <summary>The item as this element wants it: its own name, column, key and need stay.</summary>
    /// <param name="codes">The codes of <see cref="CodeList"/> in force; null when it has none, and then the item's own stay.</param>
    /// <param name="former">What becomes of codes that ended; null to leave that as it is.</param>
    public ItemCard Over(ItemCard item, IReadOnlyList<string>? codes, FormerCodes? former = null) => item with
    {
        Type = Type,
        Length = Length,
        Precision = Precision,
        Scale = Scale,
        Format = Format,
        Check = Check,
        Codes = CodeList is null ? null : codes ?? item.Codes,
        Former = CodeList is null ? null : former ?? (item.Element == Code ? item.Former : null),
        // What is bound is at least as sensitive as what it says it is; a higher level that somebody set stays.
        Level = item.Level is { } set && (Level is null || set > Level) ? set : Level,
        Element = Code,
    };
}

/// <summary>An element that may be meant by an item.</summary>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Why">Reasons, the strongest first.</param>
public sealed record ElementSuggestion(ElementCard Element, double Confidence, IReadOnlyList<Text> Why);

/// <summary>The data elements in force.</summary>
public interface IElements
{
    /// <summary>The element an item is bound to; null when it is bound to none, or to one that is no longer there.</summary>
    Task<ElementCard?> Of(ItemCard item, CancellationToken stop);

    /// <summary>All elements in force, by identifier.</summary>
    Task<IReadOnlyList<ElementCard>> All(CancellationToken stop);

    /// <summary>At most three elements for each item, the likeliest first, in the order of the items.</summary>
    /// <param name="values">Some values of each item, where they are known and may be seen; empty where not.</param>
    Task<IReadOnlyList<IReadOnlyList<ElementSuggestion>>> Suggest(IReadOnlyList<ItemCard> items, IReadOnlyList<IReadOnlyList<string>> values, CancellationToken stop);

    /// <summary>What the naming rule in force says is wrong with a column's name; null when nothing, or when there is no such rule.</summary>
    Task<Func<string, Text?>> Naming(CancellationToken stop);
}

/// <summary>An item bound to an element.</summary>
/// <param name="Draft">Whether it is so in a draft only, not in the published version.</param>
public sealed record BoundItem(Guid Resource, string ResourceCode, string ResourceName, Guid Unit, ItemCard Item, bool Draft);

/// <summary>Asked before an element or a code list is changed: who is bound to it. Whoever keeps the items implements it.</summary>
public interface IElementUse
{
    /// <summary>The items bound to any of the elements, in published versions and in drafts, by resource code.</summary>
    Task<IReadOnlyList<BoundItem>> Of(IReadOnlyCollection<string> elements, CancellationToken stop);

    /// <summary>An item of the published version of its resource, bound or not; null when there is none such.</summary>
    Task<BoundItem?> Item(Guid resource, Guid item, CancellationToken stop);

    /// <summary>Who uses a resource, in words: sources, models, grants.</summary>
    Task<IReadOnlyList<Text>> Uses(Guid resource, CancellationToken stop);
}
