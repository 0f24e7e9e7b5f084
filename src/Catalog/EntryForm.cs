// In: an entry under way and what one step's form sent. Out: the entry with it. Nothing is refused here; the checks come at the end.
using System.Globalization;
using Lizhou.Contracts.Catalog;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Catalog;

/// <summary>The four steps 基本信息, 信息项, 共享属性, 提交.</summary>
internal static class EntryForm
{
    public const int Basics = 1;
    public const int Items = 2;
    public const int Sharing = 3;
    public const int Submit = 4;
    private const int MostRows = 1000;

    public static ResourceEntry Apply(ResourceEntry entry, int step, IFormCollection form) => step switch
    {
        Basics => entry with
        {
            Name = Text(form, "name") ?? "",
            Unit = Guid.TryParse(form["unit"], out var unit) ? unit : entry.Unit,
            System = Guid.TryParse(form["system"], out var system) ? system : null,
            Class = Text(form, "class") ?? "",
            Serial = Text(form, "serial"),
            Summary = Text(form, "summary") ?? "",
            Format = Value(form["format"], entry.Format),
            Responsible = Text(form, "responsible"),
            Contact = Text(form, "contact"),
            Keywords = Words(form, "keywords"),
            Related = Words(form, "related"),
            Secret = form["secret"] == "on",
        },
        Items => entry with { Items = Rows(form) },
        Sharing => entry with
        {
            Sharing = Value(form["sharing"], entry.Sharing),
            Condition = Text(form, "condition"),
            LegalBasis = Text(form, "legalBasis"),
            Ways = [.. Enum.GetValues<SharingWay>().Where(w => form["ways"].Contains(w.ToString()))],
            Open = form["open"] == "on",
            OpenCondition = Text(form, "openCondition"),
            Cycle = Value(form["cycle"], entry.Cycle),
        },
        _ => entry,
    };

    /// <summary>The step whose form holds a field.</summary>
    public static int StepOf(string field) =>
        field.StartsWith("items", StringComparison.Ordinal) ? Items
        : field is "sharing" or "condition" or "legalBasis" or "ways" or "open" or "openCondition" or "cycle" ? Sharing
        : Basics;

    private static List<ItemCard> Rows(IFormCollection form)
    {
        var rows = new List<ItemCard>();
        for (var i = 0; i < MostRows && form.ContainsKey($"name-{i}"); i++)
        {
            if (form[$"drop-{i}"] == "on" || Text(form, $"name-{i}") is not { } name)
            {
                continue;
            }

            var id = Guid.TryParse(form[$"id-{i}"], out var given) ? given : Guid.Empty;
            rows.Add(new ItemCard(
                id, name, Text(form, $"column-{i}") ?? "", Value(form[$"type-{i}"], ItemType.Text), Number(form, $"length-{i}"), Number(form, $"precision-{i}"),
                Number(form, $"scale-{i}"), form[$"required-{i}"] == "on", form[$"key-{i}"] == "on", Level(form[$"level-{i}"]), Value(form[$"check-{i}"], CheckCharacter.None),
                Text(form, $"format-{i}"), Words(form, $"codes-{i}") is { Count: > 0 } codes ? codes : null, Text(form, $"meaning-{i}"))
            {
                Element = Text(form, $"element-{i}"),
            });
        }

        // Names pasted in, one a line, become items of their own.
        rows.AddRange((Text(form, "more") ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(MostRows).Select(n => ItemCard.Of(n)));
        return rows;
    }

    private static string? Text(IFormCollection form, string field) => form[field].ToString() is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    private static List<string> Words(IFormCollection form, string field) =>
        [.. form[field].ToString().Split(['\n', '|', '、', '；'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static int? Number(IFormCollection form, string field) =>
        int.TryParse(form[field], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Level? Level(string? text) => Enum.TryParse<Level>(text, out var level) && Enum.IsDefined(level) ? level : null;

    private static T Value<T>(string? text, T otherwise)
        where T : struct, Enum => Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value) ? value : otherwise;
}
