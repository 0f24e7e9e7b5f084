// What the department sends, batch after batch, and what a receiver must hold after so many of them.
using System.Text;

namespace Lizhou.Sharing.Tests.Crash;

internal static class Story
{
    public const string Town = "望春街道";
    private const int Keys = 1500;
    private const int InBatch = 600;

    public static string Csv(int batch)
    {
        var text = new StringBuilder("编号,姓名,街镇,金额,备注\n");
        foreach (var row in Batch(batch))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{row.Code},张三,{row.Town},{batch}.00,k{batch}\n");
        }

        return text.ToString();
    }

    /// <summary>Code, masked name, amount, note of each row in the order of codes, after the batches 0 … <paramref name="last"/>.</summary>
    /// <param name="town">Only of this town; null for all.</param>
    public static List<string> Rows(int last, string? town = null)
    {
        var rows = new SortedDictionary<string, (string Town, int Batch)>(StringComparer.Ordinal);
        for (var batch = 0; batch <= last; batch++)
        {
            foreach (var row in Batch(batch))
            {
                rows[row.Code] = (row.Town, batch);
            }
        }

        return [.. rows.Where(r => town is null || r.Value.Town == town).Select(r => $"{r.Key}|张*|{r.Value.Batch}.00|k{r.Value.Batch}")];
    }

    /// <summary>The batch after which a receiver's rows stand.</summary>
    public static int LastOf(IEnumerable<string> rows) => rows.Max(r => int.Parse(r[(r.LastIndexOf('k') + 1)..], System.Globalization.CultureInfo.InvariantCulture));

    private static IEnumerable<(string Code, string Town)> Batch(int batch) => Enumerable.Range(0, InBatch).Select(i => ((batch * 391) + i) % Keys)
        .Select(key => ($"N{key:0000}", (key + batch) % 2 == 0 ? Town : "方岩镇"));
}
