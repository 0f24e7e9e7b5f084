// In: a file of changes, one JSON object a line, as the gate writes it. Out: rows of texts in the order of the columns, read one by one.
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Lizhou.Sharing.Deliveries.Tables;

internal static class ChangeLines
{
    /// <param name="columns">Names of members, in the order wished.</param>
    public static async IAsyncEnumerable<string?[]> Read(string path, IReadOnlyList<string> columns, [EnumeratorCancellation] CancellationToken stop = default)
    {
        await foreach (var line in File.ReadLinesAsync(path, stop))
        {
            using var row = JsonDocument.Parse(line);
            yield return [.. columns.Select(c => row.RootElement.TryGetProperty(c, out var cell) ? Text(cell) : null)];
        }
    }

    /// <summary>A number keeps every digit it was written with.</summary>
    private static string? Text(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => cell.GetString(),
        _ => cell.GetRawText(),
    };
}
