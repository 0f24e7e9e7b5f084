// In: a model with the levels its columns are to have. Out: the catalogue's entry for its table. It is shared no more freely than any of what it is made of.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Computing.Models;

internal static class ModelEntry
{
    /// <param name="cards">The entries of its inputs.</param>
    /// <param name="held">Its entry in force, where rows of another version lie in its table; else null.</param>
    public static ResourceEntry Of(Guid id, ModelText text, Found found, IReadOnlyList<ResourceCard> cards, ResourceCard? held)
    {
        IReadOnlyList<ResourceCard> strict = held is null ? cards : [.. cards, held];
        var (head, strictest) = (text.Head, strict.Select(c => c.Sharing).DefaultIfEmpty(SharingKind.Conditional).Max());
        return new()
        {
            Id = id,
            Class = head.Class,
            Name = head.Title,
            Unit = found.Unit,
            Summary = head.Summary.Length > 0 ? head.Summary : new Text("由模型 {0} 计算", "Computed by model {0}").With(head.Name).Zh,
            Format = ResourceFormat.Database,
            Sharing = strictest,
            Condition = strictest == SharingKind.Conditional ? Joined(strict.Select(c => c.Condition)) ?? new Text("与所用数据的共享条件相同", "As the data it is made of").Zh : null,
            LegalBasis = strictest == SharingKind.Refused ? Joined(strict.Select(c => c.LegalBasis)) ?? new Text("与所用数据相同", "As the data it is made of").Zh : null,
            Ways = strictest == SharingKind.Refused ? [] : [SharingWay.Api, SharingWay.Table],
            Cycle = head.Schedule is null ? UpdateCycle.Irregular : UpdateCycle.Daily,
            Related = [.. cards.Select(c => c.Code).Distinct()],
            Keywords = [head.Name],
            Items =
            [
                .. found.Columns.Select(c => ItemCard.Of(
                    c.Title, c.Item, c.Name, precision: c.Precision, scale: c.Scale, key: head.Key.Contains(c.Name), required: head.Key.Contains(c.Name), level: c.Level, check: c.Check, format: c.Format,
                    codes: c.Codes, meaning: c.Meaning) with { Id = c.Id, Element = c.Element }),
            ],
        };
    }

    private static string? Joined(IEnumerable<string?> texts) => texts.OfType<string>().Distinct().ToList() is { Count: > 0 } all ? string.Join("；", all) : null;
}
