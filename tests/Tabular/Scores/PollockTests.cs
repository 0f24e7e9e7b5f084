// The polluted files of the Pollock benchmark, loaded without a hint and compared with the table a perfect loader returns.
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Lizhou.Tests.Support;

namespace Lizhou.Tabular.Tests.Scores;

public sealed class PollockTests(ITestOutputHelper output)
{
    [Fact]
    public void Polluted_files_score_above_every_published_loader_without_hints()
    {
        var set = Shared.Path("csv/pollock");
        using var folder = new Folder();
        using (var tar = new GZipStream(File.OpenRead(Path.Combine(set, "polluted_files.tar.gz")), CompressionMode.Decompress))
        {
            TarFile.ExtractToDirectory(tar, folder.Path, overwriteFiles: true);
        }

        var root = Path.Combine(folder.Path, "polluted_files");
        var weights = JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(Path.Combine(set, "pollock_weights.json")))!;
        var scores = new Dictionary<string, (double Score, double Strict)>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(root, "csv")))
        {
            var name = Path.GetFileName(file);
            var truth = PollockScore.Parse(File.ReadAllText(Path.Combine(root, "clean", name)));
            var loaded = PollockScore.Parse(CleanTable.Of(file));
            scores[name] = (PollockScore.Of(truth, loaded), PollockScore.Of(truth, loaded, strict: true));
        }

        var simple = scores.Values.Average(s => s.Score);
        var total = scores.Keys.Sum(k => weights[k]);
        var weighted = scores.Sum(s => s.Value.Score * weights[s.Key] / total);
        var strict = scores.Values.Average(s => s.Strict);
        output.WriteLine($"simple {simple:F4} weighted {weighted:F4}; whole records compared cell by cell: simple {strict:F4} weighted {scores.Sum(s => s.Value.Strict * weights[s.Key] / total):F4}");
        foreach (var group in scores.GroupBy(s => Group(s.Key)).OrderBy(g => g.Average(s => s.Value.Score)))
        {
            var worst = group.MinBy(s => s.Value.Strict);
            output.WriteLine($"{group.Average(s => s.Value.Score):F4} {group.Average(s => s.Value.Strict):F4} {group.Key} × {group.Count()}, worst {worst.Key} {worst.Value.Strict:F3}");
        }

        simple.ShouldBeGreaterThanOrEqualTo(9.9);
        weighted.ShouldBeGreaterThanOrEqualTo(9.6);
    }

    private static string Group(string name) => name.StartsWith("row", StringComparison.Ordinal)
        ? new string([.. name.TakeWhile(c => !char.IsAsciiDigit(c))]) + (name.Contains("_col") ? name[name.IndexOf("_col", StringComparison.Ordinal)..] : "")
        : name;
}
