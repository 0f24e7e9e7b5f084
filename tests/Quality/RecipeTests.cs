// docs/cookbook/check-a-file.md: its commands run as they stand and say what the page says.
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lizhou.Lake;
using Lizhou.Quality.Files;
using Lizhou.Tabular;
using Microsoft.Extensions.Time.Testing;

namespace Lizhou.Quality.Tests;

public sealed partial class RecipeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lizhou-recipe-").FullName;
    private readonly string page = File.ReadAllText(Find());

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_page_does_what_it_says()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "shops.csv"), Grown(Blocks("csv").Single()), TestContext.Current.CancellationToken);
        var outputs = new List<string>();
        foreach (var line in Blocks("sh").SelectMany(b => b.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
        {
            var (code, output) = await Run(line);
            code.ShouldBe(0, line);
            outputs.Add(output);
        }

        var cells = Blocks("text").Single().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        outputs[0].Split('\n').Where(l => l.StartsWith('第')).Select(l => l.TrimEnd()).ShouldBe(cells);
        JsonDocument.Parse(outputs[2]).RootElement.GetProperty("flagged").GetInt32().ShouldBe(cells.Length);
        (await File.ReadAllTextAsync(Path.Combine(folder, "mended.csv"), TestContext.Current.CancellationToken)).ShouldContain("3,东城街道,李一,18,");

        await File.WriteAllTextAsync(Path.Combine(folder, "own.yaml"), Blocks("yaml").Single(), TestContext.Current.CancellationToken);
        JsonDocument.Parse((await Run("./lizhou check shops.csv --rules own.yaml --json")).Output).RootElement.GetProperty("flagged").GetInt32().ShouldBe(Rows.Count(i => Area(i) > 30));
    }

    private static IEnumerable<int> Rows => Enumerable.Range(7, 194);

    private static int Area(int i) => 9 + (i * 3 % 48);

    /// <summary>The page's rows, whose id numbers get their check characters, and 194 more without a slip.</summary>
    private static string Grown(string csv)
    {
        var text = new StringBuilder();
        foreach (var line in csv.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append(IdNumber().Replace(line, m => Checked(m.Value[..17]))).Append('\n');
        }

        foreach (var i in Rows)
        {
            var day = new DateOnly(1970, 1, 1).AddDays(i * 61);
            var number = Checked($"330784{day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}{i:D3}");
            text.Append(CultureInfo.InvariantCulture, $"{i},{(i % 2 == 0 ? "西城街道,王二" : "东城街道,李一")},{Area(i)},{number},{new DateOnly(2024, 1, 1).AddDays(i):yyyy-MM-dd}\n");
        }

        return text.ToString();
    }

    private static string Checked(string stem) => stem + "0123456789X".First(c => Identifiers.IsIdNumber(Encoding.UTF8.GetBytes(stem + c)));

    private async Task<(int Code, string Output)> Run(string line)
    {
        using var output = new StringWriter();
        var args = line.Split(' ')[2..].Select(a => a.Contains('.', StringComparison.Ordinal) && !a.StartsWith('-') ? Path.Combine(folder, a) : a);
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-CN");
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero));
        var code = await CheckCommand.Create(null, clock).Parse([.. args]).InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        return (code, output.ToString());
    }

    private IEnumerable<string> Blocks(string kind) => Regex.Matches(page, $"```{kind}\n(.*?)```", RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)).Select(m => m.Groups[1].Value);

    private static string Find()
    {
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            if (Path.Combine(above.FullName, "docs", "cookbook", "check-a-file.md") is var path && File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException("docs/cookbook/check-a-file.md");
    }

    [GeneratedRegex("330784[0-9]{11}[0-9X]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex IdNumber();
}
