// In: a folder of sets with dirty.csv and clean.csv. Out: how well the rules found in the dirty table alone, at the default confidence, tell its wrong cells, and what they
// flag in the clean one. Cells are compared by their place.
using System.Diagnostics;
using System.Globalization;
using Lizhou.Quality.Files;
using Lizhou.Quality.Suggest;

namespace Lizhou.Quality.Bench;

internal static class SuggestBench
{
    public static int Run(string folder, bool details = false)
    {
        Console.WriteLine("| set | wrong cells | flagged | precision | recall | F1 | repairs right / made, F1 | flagged on the clean table | s |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var set in Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Where(d => File.Exists(Path.Combine(d, "dirty.csv"))))
        {
            var clock = Stopwatch.StartNew();
            var dirty = TableFile.Read(Path.Combine(set, "dirty.csv")).Value;
            var found = CheckTable.Suggest(dirty, CheckTable.Sure, TimeProvider.System.GetUtcNow());
            var seconds = clock.Elapsed.TotalSeconds;
            var clean = TableFile.Read(Path.Combine(set, "clean.csv")).Value;
            var score = Score.Of(dirty, clean, found.Cells);
            var alarms = CheckTable.Suggest(clean, CheckTable.Sure, TimeProvider.System.GetUtcNow());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Path.GetFileName(set)} | {score.Wrong:N0} | {score.Flagged:N0} | {score.Precision:F3} | {score.Recall:F3} | **{score.F1:F3}** | {score.RightRepairs:N0} / {score.Repairs:N0}, {score.RepairF1:F3} | {alarms.Cells.Count:N0} of {clean.Rows * clean.Columns.Count:N0} | {seconds:F1} |"));
            if (details)
            {
                Details(dirty, clean, found, alarms);
            }
        }

        return 0;
    }

    private static void Details(Grid dirty, Grid clean, Checked found, Checked alarms)
    {
        foreach (var applied in found.Rules.Where(r => r.Applied))
        {
            var right = applied.Flags.Count(f => Score.IsWrong(dirty, clean, f.Row, f.Column));
            Console.WriteLine($"    {applied.Found.Confidence:F2} {applied.Found.Rule.Name}: {right} right of {applied.Flags.Count}. {applied.Found.Why.En}");
        }

        var told = found.Cells.Select(c => (c.Flag.Row, c.Flag.Column)).ToHashSet();
        for (var c = 0; c < dirty.Columns.Count; c++)
        {
            var missed = Enumerable.Range(0, dirty.Rows).Where(r => Score.IsWrong(dirty, clean, r, c) && !told.Contains((r, c))).ToList();
            if (missed.Count > 0)
            {
                Console.WriteLine($"    missed in {dirty.Columns[c].Name}: {missed.Count}, e.g. {string.Join(" · ", missed.Take(4).Select(r => $"{dirty.Columns[c][r]} → {clean.Columns[c][r]}"))}");
            }
        }

        foreach (var wrong in found.Cells.Where(f => !Score.IsWrong(dirty, clean, f.Flag.Row, f.Flag.Column)).GroupBy(f => f.By.Rule.Name))
        {
            Console.WriteLine($"    false by {wrong.Key}: {wrong.Count()}, e.g. {string.Join(" · ", wrong.Take(4).Select(f => $"{dirty.Columns[f.Flag.Column][f.Flag.Row]} → {f.Flag.Proposed}"))}");
        }

        foreach (var wrong in found.Cells.Where(f => Score.IsWrong(dirty, clean, f.Flag.Row, f.Flag.Column) && f.Flag.Proposed is { } right && right != clean.Columns[f.Flag.Column][f.Flag.Row]).GroupBy(f => f.By.Rule.Name))
        {
            Console.WriteLine($"    wrong repairs by {wrong.Key}: {wrong.Count()}, e.g. {string.Join(" · ", wrong.Take(4).Select(f => $"{dirty.Columns[f.Flag.Column][f.Flag.Row]} → {f.Flag.Proposed}, not {clean.Columns[f.Flag.Column][f.Flag.Row]}"))}");
        }

        foreach (var wrong in alarms.Cells.GroupBy(f => f.By.Rule.Name))
        {
            Console.WriteLine($"    clean, {wrong.Key}: {wrong.Count()}, e.g. {string.Join(" · ", wrong.Take(4).Select(f => $"{clean.Columns[f.Flag.Column][f.Flag.Row]} → {f.Flag.Proposed}"))}");
        }
    }
}
