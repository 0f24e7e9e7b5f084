// In: the four lists of a report, and those of the one before. Out: what was added, changed or removed; and the lists as kept. Pure.
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lizhou.Kernel;

namespace Lizhou.Quality.Board;

[JsonConverter(typeof(JsonStringEnumConverter<ListKind>))]
internal enum ListKind
{
    Units,
    Systems,
    Resources,
    Items,
}

[JsonConverter(typeof(JsonStringEnumConverter<ChangeKind>))]
internal enum ChangeKind
{
    Added,
    Changed,
    Removed,
}

/// <summary>A line of a list.</summary>
/// <param name="Key">Stable over reports; not shown.</param>
/// <param name="Cells">As shown; the second is its name.</param>
internal sealed record InventoryLine(string Key, IReadOnlyList<string> Cells);

/// <param name="Now">Null for a removed one.</param>
internal sealed record InventoryChange(ListKind List, ChangeKind Kind, InventoryLine? Before, InventoryLine? Now)
{
    public string Code => (Now ?? Before!).Cells[0];

    public string Name => (Now ?? Before!).Cells[1];
}

internal static class Inventory
{
    public static IReadOnlyList<InventoryChange> Difference(IReadOnlyDictionary<ListKind, IReadOnlyList<InventoryLine>> before, IReadOnlyDictionary<ListKind, IReadOnlyList<InventoryLine>> now)
    {
        var changes = new List<InventoryChange>();
        foreach (var list in Enum.GetValues<ListKind>())
        {
            var old = Lines(before, list).ToDictionary(l => l.Key, StringComparer.Ordinal);
            foreach (var line in Lines(now, list))
            {
                if (!old.Remove(line.Key, out var was))
                {
                    changes.Add(new(list, ChangeKind.Added, null, line));
                }
                else if (!was.Cells.SequenceEqual(line.Cells, StringComparer.Ordinal))
                {
                    changes.Add(new(list, ChangeKind.Changed, was, line));
                }
            }

            changes.AddRange(old.Values.Select(gone => new InventoryChange(list, ChangeKind.Removed, gone, null)));
        }

        return changes;
    }

    public static byte[] Pack(IReadOnlyDictionary<ListKind, IReadOnlyList<InventoryLine>> lists)
    {
        using var packed = new MemoryStream();
        using (var packer = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            JsonSerializer.Serialize(packer, lists);
        }

        return packed.ToArray();
    }

    public static IReadOnlyDictionary<ListKind, IReadOnlyList<InventoryLine>> Unpack(byte[] content)
    {
        using var unpacked = new BrotliStream(new MemoryStream(content), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<Dictionary<ListKind, IReadOnlyList<InventoryLine>>>(unpacked)!;
    }

    public static Text Of(ListKind list) => list switch
    {
        ListKind.Units => new("单位", "Units"), ListKind.Systems => new("信息系统", "Systems"), ListKind.Resources => new("数据目录", "Catalogue"), _ => new("信息项", "Items"),
    };

    public static Text Of(ChangeKind kind) => kind switch { ChangeKind.Added => new("新增", "added"), ChangeKind.Changed => new("变更", "changed"), _ => new("减少", "removed") };

    private static IReadOnlyList<InventoryLine> Lines(IReadOnlyDictionary<ListKind, IReadOnlyList<InventoryLine>> lists, ListKind list) => lists.TryGetValue(list, out var lines) ? lines : [];
}
