// In: entries. Out: what people call the things in them, gathered from the modules that have them, and the facts of a detail one by one.
using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Ledger.Entries;

internal sealed class NamedEntries(IReadOnlyDictionary<string, EvidenceName> names, Actor reader)
{
    private static readonly FrozenDictionary<string, Text> Words = new Dictionary<string, Text>(StringComparer.Ordinal)
    {
        ["rule"] = new("依据的规则", "rule"),
        ["policy"] = new("规则版本", "version of the rules"),
        ["grant"] = new("授权", "grant"),
        ["masked"] = new("脱敏信息项数", "masked items"),
        ["masks"] = new("脱敏方式", "masks"),
        ["format"] = new("格式", "format"),
        ["rows"] = new("行数", "rows"),
        ["left"] = new("当日剩余行数", "rows left that day"),
        ["from"] = new("起始快照", "from snapshot"),
        ["to"] = new("截至快照", "to snapshot"),
        ["Inserted"] = new("新增", "inserted"),
        ["Changed"] = new("更改", "changed"),
        ["Withdrawn"] = new("撤回", "withdrawn"),
        ["run"] = new("执行", "run"),
        ["way"] = new("方式", "way"),
        ["where"] = new("目标", "target"),
        ["state"] = new("状态", "state"),
        ["before"] = new("此前", "before"),
        ["reason"] = new("理由", "reason"),
        ["note"] = new("说明", "note"),
        ["unit"] = new("单位", "unit"),
        ["until"] = new("有效期至", "until"),
        ["items"] = new("信息项", "items"),
        ["count"] = new("数量", "number"),
        ["version"] = new("版本", "version"),
        ["name"] = new("名称", "name"),
        ["cut"] = new("中断的答复", "answer that was cut"),
        ["sent"] = new("已发出字节", "bytes sent"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What a fact's value is called, where it is one of a list of the program.</summary>
    private static readonly FrozenDictionary<string, FrozenDictionary<string, Text>> Values = new Dictionary<string, FrozenDictionary<string, Text>>(StringComparer.Ordinal)
    {
        ["masks"] = new Dictionary<string, Text>(StringComparer.Ordinal)
        {
            ["Partial"] = new("部分遮盖", "partly masked"), ["Full"] = new("全部遮盖", "fully masked"), ["Hash"] = new("散列", "hashed"), ["Generalise"] = new("概化", "generalised"),
            ["Noise"] = new("加噪", "noise added"), ["Null"] = new("置空", "emptied"),
        }.ToFrozenDictionary(StringComparer.Ordinal),
        ["format"] = new Dictionary<string, Text>(StringComparer.Ordinal)
        {
            ["Csv"] = new("CSV 文件", "CSV"), ["NdJson"] = new("逐行 JSON", "JSON lines"), ["Arrow"] = new("Arrow 数据流", "Arrow stream"), ["Parquet"] = new("Parquet 文件", "Parquet"), ["Xlsx"] = new("Excel 工作簿", "Excel workbook"),
        }.ToFrozenDictionary(StringComparer.Ordinal),
        ["way"] = new Dictionary<string, Text>(StringComparer.Ordinal)
        {
            ["Api"] = new("数据接口", "data API"), ["File"] = new("文件", "file"), ["Push"] = new("库表推送", "table push"), ["Subscription"] = new("订阅", "subscription"),
        }.ToFrozenDictionary(StringComparer.Ordinal),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static async Task<NamedEntries> Of(IEnumerable<IEvidenceNames> modules, IEnumerable<EntryView> entries, Actor reader, CancellationToken stop)
    {
        var ids = entries.SelectMany(e => new[] { e.Subject, e.Resource, e.Grant }).OfType<string>().Where(i => i.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        var found = new Dictionary<string, EvidenceName>(StringComparer.Ordinal);
        foreach (var module in modules)
        {
            foreach (var (id, name) in await module.Of(ids, stop))
            {
                found[id] = name;
            }
        }

        return new(found, reader);
    }

    /// <summary>The name, or what stands in the entry.</summary>
    public string Name(string? id) => id is null ? "" : names.TryGetValue(id, out var known) ? known.Name : id;

    /// <summary>Its page, for those who may open it; null for none.</summary>
    public string? Link(string? id) => id is not null && names.TryGetValue(id, out var known) && known.Readers.Split(',').Any(reader.Has) ? known.Link : null;

    /// <summary>What an item of this entry is called.</summary>
    public string Item(EntryView entry, string column) => entry.Resource is { } id && names.TryGetValue(id, out var known) ? known.Items.GetValueOrDefault(column, column) : column;

    /// <summary>The detail's facts with their names; empty where there is none.</summary>
    public IReadOnlyList<(string Label, string? Value)> Facts(EntryView entry) => entry.Detail is null || JsonNode.Parse(entry.Detail) is not JsonObject detail ? [] :
    [
        .. detail.Where(f => f.Value is not null and not JsonArray { Count: 0 } and not JsonObject { Count: 0 })
            .Select(f => (Words.TryGetValue(f.Key, out var word) ? word.ToString() : f.Key, (string?)Shown(entry, f.Value!, Values.GetValueOrDefault(f.Key)))),
    ];

    private string Shown(EntryView entry, JsonNode value, FrozenDictionary<string, Text>? words) => value switch
    {
        JsonArray list => string.Join(" · ", list.Select(v => v is null ? "" : Shown(entry, v, words))),
        JsonObject some => string.Join(" · ", some.Select(v => $"{Item(entry, v.Key)}: {(v.Value is null ? "—" : Shown(entry, v.Value, words))}")),
        _ => words?.TryGetValue(value.ToString(), out var word) == true ? word.ToString() : value.ToString(),
    };
}
