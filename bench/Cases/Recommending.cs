// In: how many cases are learned from. Out: each trainer's accuracy, time and memory: on reports made from the sample county's words with mistyped characters, and on open service requests of two cities where they are at hand (LIZHOU_SHARED).
using System.Diagnostics;
using System.Globalization;
using Lizhou.Cases.Recommending;
using YamlDotNet.RepresentationModel;

namespace Lizhou.Cases.Bench;

internal static class Recommending
{
    private const int Folds = 5;
    private static readonly string[] Roads = ["和平路", "解放街", "五湖路", "中山大道", "胜利街", "城南路", "金胜路", "溪心路"];

    public static void Run(int many)
    {
        var sample = Sample(many);
        foreach (var trainer in Enum.GetValues<Learned.Trainer>())
        {
            Console.WriteLine($"— {trainer}");
            foreach (var what in Enum.GetValues<GuessOf>())
            {
                Measure($"sample words, 15 % mistyped, {many:N0} cases", what, trainer, [MeasureGuesses.Split(sample)]);
            }

            foreach (var (city, rows) in Cities())
            {
                Measure($"{city}, {rows.Count} requests, {Folds} parts in turn", GuessOf.Class, trainer, Turns(rows));
                Measure($"{city}, {rows.Count} requests, {Folds} parts in turn", GuessOf.Unit, trainer, Turns(rows));
            }
        }
    }

    private static void Measure(string name, GuessOf what, Learned.Trainer trainer, IReadOnlyList<(IReadOnlyList<Settled> Older, IReadOnlyList<Settled> Newer)> turns)
    {
        var (begun, cpu, scores, bytes) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime, new List<GuessScore>(), 0);
        var asked = TimeSpan.Zero;
        foreach (var (older, newer) in turns)
        {
            var model = Learned.From([.. MeasureGuesses.Known(older, what).Select(c => MeasureGuesses.Told(c, what))], 1, trainer);
            bytes = model.Length;
            using var learned = Learned.Of(model);
            var from = Stopwatch.GetTimestamp();
            scores.Add(MeasureGuesses.Score(what, older, newer, told => learned.Ask(told, MeasureGuesses.Most)));
            asked += Stopwatch.GetElapsedTime(from);
        }

        var cases = scores.Sum(s => s.Cases);
        string Share(Func<GuessScore, int> of) => (100d * scores.Sum(of) / cases).ToString("0.0", CultureInfo.InvariantCulture);
        Console.WriteLine($"{name}, {what}: first {Share(s => s.First)} %, three {Share(s => s.Three)} %; most frequent {Share(s => s.BaseFirst)} %, {Share(s => s.BaseThree)} %; {scores.Max(s => s.Labels)} labels, "
            + $"{Stopwatch.GetElapsedTime(begun).TotalSeconds:N1} s, {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds:N1} CPU s, {asked.TotalMilliseconds / cases:N2} ms a guess, model {bytes / 1e6:N1} MB, process {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:N0} MB at most");
    }

    private static List<(IReadOnlyList<Settled> Older, IReadOnlyList<Settled> Newer)> Turns(IReadOnlyList<Settled> rows) =>
        [.. Enumerable.Range(0, Folds).Select(fold => ((IReadOnlyList<Settled>)[.. rows.Where((_, i) => i % Folds != fold)], (IReadOnlyList<Settled>)[.. rows.Where((_, i) => i % Folds == fold)]))];

    /// <summary>Words of sample/cases.yaml about a road, of which 15 of 100 characters are lost or another; one of twenty cases has another class's words, as people mistake things.</summary>
    private static List<Settled> Sample(int many)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine("sample", "cases.yaml"))));
        var kinds = ((YamlSequenceNode)((YamlMappingNode)yaml.Documents[0].RootNode)["kinds"]).Cast<YamlMappingNode>()
            .Select(k => (Class: $"{k["class"]}", Unit: $"{k["unit"]}", Weight: int.Parse($"{k["weight"]}", CultureInfo.InvariantCulture), Words: ((YamlSequenceNode)k["words"]).Select(w => $"{w}").ToArray())).ToList();
        var dice = new Random(1);
        var letters = string.Concat(kinds.SelectMany(k => k.Words));
        return [.. Enumerable.Range(0, many).Select(i =>
        {
            var at = dice.Next(kinds.Sum(k => k.Weight));
            var kind = kinds.First(k => (at -= k.Weight) < 0);
            var said = dice.Next(20) == 0 ? kinds[dice.Next(kinds.Count)] : kind;
            var words = string.Format(CultureInfo.InvariantCulture, said.Words[dice.Next(said.Words.Length)], Roads[dice.Next(Roads.Length)]);
            var typed = string.Concat(words.Select(c => dice.Next(100) switch { < 8 => "", < 15 => letters[dice.Next(letters.Length)].ToString(), _ => c.ToString() }));
            return new Settled($"SJ{i:D12}", PlainWords.Of(typed), kind.Class, $"330784{100 + dice.Next(16)}", kind.Unit);
        })];
    }

    private static IEnumerable<(string City, IReadOnlyList<Settled> Rows)> Cities()
    {
        if (Environment.GetEnvironmentVariable("LIZHOU_SHARED") is not { Length: > 0 } shared)
        {
            yield break;
        }

        yield return ("New York", Csv(Path.Combine(shared, "data/events/nyc311/nyc311-100.csv"), ["Descriptor", "Location Type"], "Complaint Type", "Agency", "Borough"));
        yield return ("Boston", Csv(Path.Combine(shared, "data/events/boston311/boston311-100.csv"), ["case_title"], "reason", "department", "neighborhood"));
    }

    private static IReadOnlyList<Settled> Csv(string path, string[] words, string @class, string unit, string town)
    {
        var rows = Rows(File.ReadAllText(path));
        var heads = rows[0];
        string Of(string[] row, string name) => row[Array.IndexOf(heads, name)];
        return [.. rows.Skip(1).Where(r => r.Length == heads.Length).Select((r, i) => new Settled($"{i:D4}", PlainWords.Of(string.Join(' ', words.Select(w => Of(r, w)))), Of(r, @class), Of(r, town), Of(r, unit)))];
    }

    private static List<string[]> Rows(string text)
    {
        List<string[]> rows = [];
        List<string> row = [];
        var (cell, quoted) = (new System.Text.StringBuilder(), false);
        foreach (var c in text.ReplaceLineEndings("\n"))
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c is (',' or '\n'))
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (c == '\n')
                {
                    rows.Add([.. row]);
                    row.Clear();
                }
            }
            else
            {
                cell.Append(c);
            }
        }

        return rows;
    }
}
