// The two sheets of a catalogue workbook: their columns in the guide's names, and an entry or an item as a row of texts. Both ways.
using System.Globalization;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog.Workbook;

/// <param name="Field">The field of the entry or item, as faults name it.</param>
/// <param name="Width">In characters.</param>
internal sealed record SheetColumn(string Field, Text Title, double Width = 14);

internal static class Sheets
{
    public static readonly Text Resources = new("目录", "Resources");
    public static readonly Text Items = new("信息项", "Items");

    public static readonly IReadOnlyList<SheetColumn> ResourceColumns =
    [
        new("code", new("资源代码", "Resource code"), 18), new("class", new("分类码", "Class")), new("name", new("名称", "Name"), 30),
        new("unitName", new("提供方", "Provider"), 24), new("unit", new("提供方代码", "Provider code"), 22), new("system", new("信息系统", "Information system"), 20),
        new("summary", new("摘要", "Summary"), 40), new("format", new("资源格式", "Format")), new("sharing", new("共享类型", "Sharing")),
        new("condition", new("共享条件", "Sharing condition"), 24), new("legalBasis", new("不予共享依据", "Legal basis"), 24), new("ways", new("共享方式", "Ways of sharing")),
        new("open", new("是否向社会开放", "Open to the public")), new("openCondition", new("开放条件", "Condition of opening"), 20), new("cycle", new("更新周期", "Update cycle")),
        new("related", new("关联资源代码", "Related resources"), 20), new("responsible", new("责任人", "Responsible")), new("contact", new("联系方式", "Contact"), 18),
        new("keywords", new("关键字", "Keywords"), 20), new("state", new("状态", "State")), new("published", new("发布日期", "Published on")), new("id", new("资源标识", "Id"), 38),
    ];

    public static readonly IReadOnlyList<SheetColumn> ItemColumns =
    [
        new("code", new("资源代码", "Resource code"), 18), new("resource", new("资源名称", "Resource name"), 30), new("name", new("信息项名称", "Item"), 24),
        new("column", new("列名", "Column"), 20), new("type", new("数据类型", "Type")), new("length", new("长度", "Length"), 8), new("precision", new("精度", "Precision"), 8),
        new("scale", new("小数位", "Scale"), 8), new("required", new("必填", "Required"), 8), new("key", new("主键", "Key"), 8), new("level", new("分级", "Level"), 8),
        new("check", new("校验", "Check character"), 18), new("format", new("格式", "Format"), 20), new("codes", new("代码集", "Codes"), 20),
        new("meaning", new("含义", "Meaning"), 40), new("element", new("数据元", "Data element"), 20), new("id", new("信息项标识", "Item id"), 38),
    ];

    public static IEnumerable<string?> Row(ResourceView view)
    {
        var entry = view.Entry;
        return
        [
            view.Code, entry.Class, entry.Name, view.UnitName, view.UnitCode, view.SystemName, entry.Summary, Labels.Of(entry.Format).ToString(), Labels.Of(entry.Sharing).ToString(),
            entry.Condition, entry.LegalBasis, string.Join('\n', entry.Ways.Select(w => Labels.Of(w).ToString())), Labels.Of(entry.Open).ToString(), entry.OpenCondition,
            Labels.Of(entry.Cycle).ToString(), string.Join('\n', entry.Related), entry.Responsible, entry.Contact, string.Join('\n', entry.Keywords), Labels.Of(view.State).ToString(),
            view.PublishedAt?.InCity().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), view.Id.ToString(),
        ];
    }

    public static IEnumerable<string?> Row(ResourceView view, ItemCard item) =>
    [
        view.Code, view.Entry.Name, item.Name, item.Column, Labels.Letter(item.Type).ToString(), Number(item.Length), Number(item.Precision), Number(item.Scale),
        Labels.Of(item.Required).ToString(), Labels.Of(item.Key).ToString(), item.Level?.ToString(),
        item.Check == CheckCharacter.None ? null : Labels.Of(item.Check).ToString(), item.Format, item.Codes is null ? null : string.Join('\n', item.Codes), item.Meaning, item.Element, item.Id.ToString(),
    ];

    public static ResourceEntry Entry(SheetRow row, Frame frame)
    {
        var unit = row.Text("unit") is { } code ? frame.Units.Values.FirstOrDefault(u => string.Equals(u.Code, code, StringComparison.OrdinalIgnoreCase))
            : frame.Units.Values.Where(u => u.Name == row.Text("unitName")).ToList() is [var only] ? only
            : null;
        var resource = ResourceCode.Parse(row.Text("code"));
        if (row.Text("code") is not null && resource is null)
        {
            row.Odd("code", new("资源代码应为 分类码/顺序码", "A resource code is class/serial"));
        }

        return new()
        {
            Id = row.Id("id"),
            Class = row.Text("class") ?? resource?.Class ?? "",
            Serial = resource?.Serial,
            Name = row.Text("name") ?? "",
            Unit = unit?.Id ?? Guid.Empty,
            System = System(row, unit?.Id, frame),
            Summary = row.Text("summary") ?? "",
            Format = row.Value("format", Labels.Of, ResourceFormat.Database),
            Sharing = row.Value("sharing", Labels.Of, SharingKind.Conditional),
            Condition = row.Text("condition"),
            LegalBasis = row.Text("legalBasis"),
            Ways = row.Values("ways", (SharingWay way) => Labels.Of(way)),
            Open = row.Yes("open"),
            OpenCondition = row.Text("openCondition"),
            Cycle = row.Value("cycle", Labels.Of, UpdateCycle.Irregular),
            Related = row.List("related"),
            Responsible = row.Text("responsible"),
            Contact = row.Text("contact"),
            Keywords = row.List("keywords"),
        };
    }

    public static ItemCard Item(SheetRow row) => new(
        row.Id("id") ?? Guid.Empty, row.Text("name") ?? "", row.Text("column") ?? "", row.Value("type", Labels.Of, ItemType.Text), row.Number("length"), row.Number("precision"),
        row.Number("scale"), row.Yes("required"), row.Yes("key"), Level(row), row.Value("check", Labels.Of, CheckCharacter.None), row.Text("format"),
        row.List("codes") is { Count: > 0 } codes ? codes : null, row.Text("meaning"))
    {
        Element = row.Text("element"),
    };

    private static string? Number(int? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static Level? Level(SheetRow row) =>
        row.Text("level") is not { } text ? null
        : Enum.TryParse<Level>(text, ignoreCase: true, out var level) && Enum.IsDefined(level) ? level
        : row.Odd<Level?>("level", new("分级应为 L1 至 L4，未定级留空", "A level is L1 to L4; empty when not classified"));

    private static Guid? System(SheetRow row, Guid? unit, Frame frame)
    {
        if (row.Text("system") is not { } name)
        {
            return null;
        }

        return frame.Systems.Values.FirstOrDefault(s => s.Unit == unit && s.Name == name)?.Id
            ?? row.Odd<Guid?>("system", new Text("该单位没有信息系统“{0}”", "The unit has no system {0}").With(name));
    }
}

/// <summary>Something wrong in one cell.</summary>
/// <param name="Line">Row of the sheet, from 1.</param>
internal sealed record SheetFault(string Sheet, long Line, string Column, Text What);

/// <summary>One row of a sheet by field; remembers what was wrong in it.</summary>
internal sealed class SheetRow(Text sheet, IReadOnlyList<SheetColumn> columns, long line, IReadOnlyDictionary<string, string> cells, List<SheetFault> faults)
{
    private static readonly char[] Separators = ['\n', '|', '、', '；', ';'];

    public long Line => line;

    public string? Text(string field) => cells.TryGetValue(field, out var text) && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    /// <summary>One value a line; a single line may be split by | 、 ；.</summary>
    public List<string> List(string field) =>
        Text(field) is not { } text ? []
        : [.. text.Split(text.Contains('\n', StringComparison.Ordinal) ? Separators[..1] : Separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    public T Value<T>(string field, Func<T, Text> label, T otherwise)
        where T : struct, Enum =>
        Text(field) is not { } text ? otherwise : Read(field, text, label) ?? otherwise;

    public List<T> Values<T>(string field, Func<T, Text> label)
        where T : struct, Enum =>
        [.. List(field).Select(text => Read(field, text, label)).OfType<T>()];

    public int? Number(string field) =>
        Text(field) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) ? number
        : Odd<int?>(field, new Text("“{0}”不是整数", "{0} is not a whole number").With(text));

    public bool Yes(string field) =>
        Text(field)?.ToUpperInvariant() switch
        {
            null or "N" or "NO" or "0" or "FALSE" => false,
            "Y" or "YES" or "1" or "TRUE" or "√" => true,
            var text when text == Labels.Of(false).Zh => false,
            var text when text == Labels.Of(true).Zh => true,
            var text => Odd<bool>(field, new Text("应填是或否，不是“{0}”", "Yes or no, not {0}").With(text)),
        };

    public Guid? Id(string field) =>
        Text(field) is not { } text ? null : Guid.TryParse(text, out var id) ? id : Odd<Guid?>(field, new("标识不正确，请勿改动该列", "The id is not right; leave that column alone"));

    public void Odd(string field, Text what) =>
        faults.Add(new(sheet.ToString(), line, columns.FirstOrDefault(c => c.Field == field)?.Title.ToString() ?? field, what));

    public T? Odd<T>(string field, Text what)
    {
        Odd(field, what);
        return default;
    }

    private T? Read<T>(string field, string text, Func<T, Text> label)
        where T : struct, Enum =>
        Labels.Read(text, label) ?? Odd<T?>(field, new Text("“{0}”不在可选值中：{1}", "{0} is none of: {1}").With(text, string.Join(" ", Enum.GetValues<T>().Select(v => label(v).ToString()))));
}
