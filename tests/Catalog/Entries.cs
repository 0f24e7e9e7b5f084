// Random entries for property tests: everything an entry can say, in valid and in odd combinations.
using CsCheck;
using Lizhou.Contracts.Catalog;

namespace Lizhou.Catalog.Tests;

internal static class Entries
{
    public static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<string> Words = One("人口", "地址", "备注：A/B", "x", "养老机构 2", "\"引号\"", "<b>", "é中", "#", "- a", "'", "0123", "null", "true");
    private static readonly Gen<string?> Maybe = Gen.OneOf(Gen.Const((string?)null), Words.Select(w => (string?)w));
    private static readonly Gen<Guid> Ids = Gen.Guid;

    public static readonly Gen<ItemCard> Item =
        Gen.Select(Gen.Enum<ItemType>(), Gen.Int[1, 200].Nullable(), Gen.Bool, Gen.Bool, Gen.Enum<Level>().Nullable(), Gen.Enum<CheckCharacter>(), Maybe, Ids)
            .SelectMany((type, length, required, key, level, check, meaning, id) => Words.List[0, 3].Select(codes => new ItemCard(
                id, $"项{id:N}", $"c_{id:N}", type,
                type is ItemType.Text or ItemType.Memo or ItemType.General ? length : null,
                type is ItemType.Number or ItemType.Money ? 20 : null,
                type is ItemType.Number ? 4 : null,
                required || key, key, level, type == ItemType.Text ? check : CheckCharacter.None,
                type == ItemType.Text && required ? "[0-9]{1,3}" : null,
                codes.Count > 0 && type == ItemType.Text ? [.. codes.Distinct()] : null,
                meaning)));

    public static readonly Gen<ResourceEntry> Entry =
        Gen.Select(Item.List[1, 6], Gen.Enum<SharingKind>(), Gen.Enum<UpdateCycle>(), Gen.Enum<ResourceFormat>(), Maybe, Maybe, Words.List[0, 3], Gen.Bool)
            .SelectMany((items, sharing, cycle, format, condition, responsible, keywords, open) =>
                Gen.Select(Words, Words, Gen.Enum<SharingWay>().List[1, 4], Maybe, Gen.Bool).Select((name, summary, ways, contact, system) => new ResourceEntry
                {
                    Id = TestCity.Health,
                    Class = "303001",
                    Serial = "000007",
                    Name = name,
                    Summary = summary,
                    Unit = TestCity.Health,
                    System = system ? TestCity.HealthSystem : null,
                    Format = format,
                    Sharing = sharing,
                    Condition = sharing == SharingKind.Conditional ? condition ?? "按需" : null,
                    LegalBasis = sharing == SharingKind.Refused ? condition ?? "条例" : null,
                    Ways = [.. ways.Distinct().Order()],
                    Open = open && sharing != SharingKind.Refused,
                    OpenCondition = open && sharing != SharingKind.Refused ? contact : null,
                    Cycle = cycle,
                    Related = system ? ["303001/000001"] : [],
                    Responsible = responsible,
                    Contact = contact,
                    Keywords = [.. keywords.Distinct()],
                    Items = items,
                }));

    /// <summary>An entry and a later version of it: some items gone, some changed, some new, in another order.</summary>
    public static readonly Gen<(ResourceEntry, ResourceEntry)> Pair =
        Gen.Select(Entry, Entry, Gen.Int[0, 1000]).Select((one, two, seed) =>
        {
            var kept = one.Items.Where((_, i) => ((seed >> i) & 1) == 0).Select((item, i) => ((seed >> (i + 3)) & 1) == 0 ? item : item with { Meaning = "改", Length = null, Level = null });
            var items = kept.Concat(two.Items).ToList();
            if (seed % 3 == 0)
            {
                items.Reverse();
            }

            return (one, two with { Items = items });
        });

    /// <summary>Whether two entries say the same: lists by content.</summary>
    public static string Told(ResourceEntry entry) => Shelf.Write(entry);
}
