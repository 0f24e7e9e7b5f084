// In: an item, or a property of a contract. Out: the other. Refuses types, levels and checks nobody knows.
using System.Globalization;
using System.Text.RegularExpressions;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog.Contract;

internal static partial class Property
{
    public static OdcsProperty Of(ItemCard item, int? keyPosition) => new()
    {
        Id = item.Id.ToString(),
        Name = item.Column,
        BusinessName = item.Name,
        LogicalType = Logical(item.Type),
        PhysicalType = Labels.Letter(item.Type).ToString(),
        LogicalTypeOptions = item.Length is null && item.Format is null ? null : new() { MaxLength = item.Length, Pattern = item.Format },
        PrimaryKey = item.Key ? true : null,
        PrimaryKeyPosition = keyPosition,
        Required = item.Required ? true : null,
        Classification = item.Level?.ToString(),
        Description = item.Meaning,
        Quality = item.Codes is null ? null : [new() { Type = "library", Metric = "invalidValues", Arguments = new() { ValidValues = [.. item.Codes] }, MustBe = 0 }],
        CustomProperties =
        [
            .. new (string Name, object? Value)[]
            {
                ("precision", item.Precision), ("scale", item.Scale), ("checkCharacter", item.Check == CheckCharacter.None ? null : item.Check.ToString()),
                ("dataElement", item.Element),
            }.Where(p => p.Value is not null).Select(p => new OdcsCustom { Property = p.Name, Value = p.Value }),
        ],
    };

    public static Result<ItemCard> Item(OdcsProperty property, string place)
    {
        var custom = new CustomValues(property.CustomProperties, $"{place}.customProperties");
        var digits = Digits(property.PhysicalType);
        var type = Type(property, digits.Scale ?? property.CustomProperties?.Count(c => c.Property == "scale"));
        if (type is null)
        {
            return ContractOf.Fault($"{place}.physicalType", new Text("没有这种类型：{0} {1}", "No such type: {0} {1}").With(property.PhysicalType, property.LogicalType));
        }

        Level? level = null;
        if (property.Classification is { } classification)
        {
            if (!Enum.TryParse<Level>(classification, out var known) || !Enum.IsDefined(known))
            {
                return ContractOf.Fault($"{place}.classification", new("分级应为 L1 至 L4", "A level is L1 to L4"));
            }

            level = known;
        }

        if (property.Quality?.Any(q => q.Metric != "invalidValues" || q.Arguments?.ValidValues is null || q.MustBe is not (null or 0)) == true)
        {
            return ContractOf.Fault($"{place}.quality", new("目录只认 invalidValues 的代码集规则", "The catalogue holds invalidValues with a code list alone"));
        }

        var item = new ItemCard(
            Guid.TryParse(property.Id, out var id) ? id : Guid.Empty,
            property.BusinessName ?? property.Name ?? "",
            property.Name ?? "",
            type.Value,
            property.LogicalTypeOptions?.MaxLength,
            custom.Number("precision") ?? digits.Precision,
            custom.Number("scale") ?? digits.Scale,
            property.Required == true,
            property.PrimaryKey == true,
            level,
            custom.Value("checkCharacter", CheckCharacter.None),
            property.LogicalTypeOptions?.Pattern,
            property.Quality is [var codes, ..] ? codes.Arguments!.ValidValues : null,
            property.Description)
        {
            Element = custom.Text("dataElement"),
        };
        return custom.Fault is { } odd ? odd : item;
    }

    private static string Logical(ItemType type) => type switch
    {
        ItemType.Number or ItemType.Money or ItemType.Double or ItemType.Float => "number",
        ItemType.Integer => "integer",
        ItemType.Date => "date",
        ItemType.Moment => "timestamp",
        ItemType.Logical => "boolean",
        _ => "string",
    };

    // A contract written elsewhere has a type of its database there; then the logical type decides. A number of which nobody says how many decimals it has may have any.
    private static ItemType? Type(OdcsProperty property, int? scale) =>
        Enum.GetValues<ItemType>().Cast<ItemType?>().FirstOrDefault(t => property.PhysicalType == Labels.Letter(t!.Value).ToString()) ?? property.LogicalType switch
        {
            "string" => ItemType.Text,
            "number" when scale is > 0 || Decimal().IsMatch(property.PhysicalType ?? "") => ItemType.Number,
            "number" => ItemType.Double,
            "integer" => ItemType.Integer,
            "date" => ItemType.Date,
            "timestamp" => ItemType.Moment,
            "boolean" => ItemType.Logical,
            _ => null,
        };

    private static (int? Precision, int? Scale) Digits(string? physical) => Decimal().Match(physical ?? "") is { Success: true } form
        ? (int.Parse(form.Groups["precision"].ValueSpan, CultureInfo.InvariantCulture), form.Groups["scale"] is { Success: true } scale ? int.Parse(scale.ValueSpan, CultureInfo.InvariantCulture) : 0)
        : (null, null);

    [GeneratedRegex(@"^\s*(decimal|numeric|number|dec)\s*\(\s*(?<precision>[0-9]{1,3})\s*(,\s*(?<scale>[0-9]{1,3})\s*)?\)\s*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Decimal();
}

/// <summary>Custom properties by name; remembers the first value that was not understood, and every name must be asked for.</summary>
internal sealed class CustomValues(List<OdcsCustom>? properties, string place)
{
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);
    private Problem? odd;

    public Problem? Fault => odd ?? (properties?.FirstOrDefault(p => p.Property is null || !asked.Contains(p.Property)) is { } stranger
        ? ContractOf.Fault($"{place}.{stranger.Property}", new("目录不认识这个键", "The catalogue does not hold this key"))
        : null);

    public string? Text(string name) => Find(name) switch
    {
        null => null,
        string text => text,
        bool yes => yes ? "true" : "false",
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => Odd<string?>(name, null),
    };

    public int? Number(string name) => Text(name) is not { } text ? null : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : Odd<int?>(name, null);

    public T Value<T>(string name, T otherwise)
        where T : struct, Enum =>
        Text(name) is not { } text ? otherwise : Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value) ? value : Odd(name, otherwise);

    public List<string> List(string name) => Find(name) switch
    {
        null => [],
        IEnumerable<object> values => [.. values.Select(v => v?.ToString() ?? "")],
        _ => Odd<List<string>>(name, []),
    };

    public List<T> Values<T>(string name)
        where T : struct, Enum =>
        [.. List(name).Select(text => Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value) ? value : Odd<T>(name, default))];

    /// <summary>Remembers that a value was not understood.</summary>
    public T Odd<T>(string name, T otherwise)
    {
        odd ??= ContractOf.Fault($"{place}.{name}", new("值不正确", "The value is not right"));
        return otherwise;
    }

    private object? Find(string name)
    {
        asked.Add(name);
        return properties?.FirstOrDefault(p => p.Property == name)?.Value;
    }
}
