// The incident log of a real service desk, taken over whole: its figures counted from the ledger are those counted from the file itself, by other code; a day of 5,000 cases is replayed in time, and twice the same.
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Lizhou.Tests;
using Lizhou.Tests.Support;

namespace Lizhou.Cases.Tests;

public sealed class IncidentLogTests
{
    internal static readonly string Map = File.ReadAllText(Path.Combine(Repository.Root, "docs", "cookbook", "maps", "uci_incident.yaml"));

    [Fact]
    public async Task The_incident_log_is_taken_over_whole_and_its_figures_are_those_of_the_file()
    {
        var path = Path.Combine(Shared.Path("process/uci_incident"), "incident_event_log.csv.gz");
        await using var city = new CaseCity();
        await city.InitializeAsync();
        var told = await Logs.Import(city.Bureau, await File.ReadAllBytesAsync(path), Map, "incident_event_log.csv.gz");
        var m = await Logs.Measures(city.Bureau, "source=uci-incident");
        var cases = Cases(path);

        told.GetProperty("rows").ToString().ShouldBe("""{"read":119998,"taken":119998,"duplicate":0,"passed":0,"rejected":0,"noRows":0}""");
        told.Of("unknown", "state", "-100").ShouldBe(2);
        told.Of("events", "jumps").ShouldBe(1, "one case is out of the order of time: new after it was resolved");
        m.Of("cases", "all").ShouldBe(cases.Count);
        cases.Count.ShouldBe(20_769);
        var closed = cases.Where(c => c[^1]["incident_state"] == "Closed").ToList();
        m.Of("cases", "ended").ShouldBe(closed.Count);
        closed.Count.ShouldBe(20_768, "the last case of the file breaks off");
        m.Of("limit", "met").ShouldBe(closed.Count(c => c[^1]["made_sla"] == "true"));
        (m.Of("told", "met"), m.Of("told", "missed")).ShouldBe((12_595, 8_174), "as published");
        m.Of("told", "reassigned").ShouldBe(cases.Sum(c => long.Parse(c[^1]["reassignment_count"], CultureInfo.InvariantCulture)));
        m.Real("told", "reassignedPerCase").ShouldBe(0.988, 0.001);
        m.Of("told", "reopenedCases").ShouldBe(234, "as published");
        Same(m.GetProperty("told").GetProperty("throughput"), [.. closed.Select(c => At(c[^1], "closed_at") - Start(c))]);
        m.Real("told", "throughput", "medianHours").ShouldBe(153.9, 0.05, "as published");
        m.Real("told", "throughput", "p90Hours").ShouldBe(550, 0.2, "as published");
        Same(m.GetProperty("throughput"), [.. closed.Select(c => At(c.AsEnumerable().Reverse().TakeWhile(r => r["incident_state"] == "Closed").Last(), "sys_updated_at") - Start(c))]);
        m.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("what").GetString() == "ended").Of("differ").ShouldBe(39, "those are closed twice, the second time hours or months later");
        m.Of("reassigned", "times").ShouldBe(cases.Sum(c => c.Select(r => r["assignment_group"]).Where(g => g != "?").ToList() is var g ? g.Skip(1).Zip(g).Count(p => p.First != p.Second) : 0L));
        (await County.Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null))).Of("different").ShouldBe(0);
    }

    [Fact]
    public async Task A_day_of_5000_cases_is_replayed_within_30_seconds_and_twice_the_same()
    {
        var day = Day(Path.Combine(Shared.Path("process/uci_incident"), "incident_event_log.csv.gz"), 5_000);
        List<string> digests = [];
        for (var run = 0; run < 2; run++)
        {
            await using var city = new CaseCity();
            await city.InitializeAsync();
            var (took, worked) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            (await Logs.Import(city.Bureau, day, Map + "\nknown: log\n", "day.csv")).Of("cases", "written").ShouldBe(5_000);
            var spent = Environment.CpuUsage.TotalTime - worked; // what others do on this machine meanwhile proves nothing
            TestContext.Current.SendDiagnosticMessage($"5,000 cases: {took.Elapsed.TotalSeconds:0.0} s, of the processor {spent.TotalSeconds:0.0} s");
            spent.ShouldBeLessThan(TimeSpan.FromSeconds(30));
            digests.Add((await Logs.Measures(city.Bureau, "source=uci-incident")).GetRawText());
        }

        digests[1].ShouldBe(digests[0], "ids, numbers, times and figures to the last bit");
        JsonDocument.Parse(digests[0]).RootElement.Of("cases", "all").ShouldBe(5_000);
    }

    /// <summary>Rows by column, case by case, as they stand: the file has no quotes.</summary>
    private static List<List<Dictionary<string, string>>> Cases(string path)
    {
        var lines = Lines(path);
        var names = lines[0].Split(',');
        return [.. lines.Skip(1).Select(l => names.Zip(l.Split(',')).ToDictionary(p => p.First, p => p.Second)).GroupBy(r => r["number"]).Select(g => g.OrderBy(r => At(r, "sys_updated_at")).ThenBy(r => int.Parse(r["sys_mod_count"], CultureInfo.InvariantCulture)).ToList())];
    }

    /// <summary>So many cases, each moved as a whole to be reported on one day at the hour it was.</summary>
    internal static byte[] Day(string path, int many)
    {
        var lines = Lines(path);
        var names = lines[0].Split(',').ToList();
        int[] times = [.. new[] { "opened_at", "sys_created_at", "sys_updated_at", "resolved_at", "closed_at" }.Select(n => names.IndexOf(n))];
        var day = new StringBuilder(lines[0]).Append('\n');
        foreach (var of in lines.Skip(1).Select(l => l.Split(',')).GroupBy(c => c[0]).Where(g => g.Count() > 1).Take(many))
        {
            var move = new DateTime(2016, 3, 7) - Parse(of.First()[names.IndexOf("opened_at")]).Date;
            foreach (var cells in of)
            {
                foreach (var at in times.Where(t => cells[t] != "?"))
                {
                    cells[at] = (Parse(cells[at]) + move).ToString("d/M/yyyy HH:mm", CultureInfo.InvariantCulture);
                }

                day.AppendJoin(',', cells).Append('\n');
            }
        }

        return Encoding.UTF8.GetBytes(day.ToString());
    }

    private static List<string> Lines(string path)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return [.. text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }

    private static DateTime At(Dictionary<string, string> row, string column) => Parse(row[column]);

    private static DateTime Parse(string text) => DateTime.ParseExact(text, "d/M/yyyy HH:mm", CultureInfo.InvariantCulture);

    /// <summary>An incident is reported when it says so, and never after its first row.</summary>
    private static DateTime Start(List<Dictionary<string, string>> rows) => new[] { At(rows[0], "opened_at"), rows.Min(r => At(r, "sys_updated_at")) }.Min();

    private static void Same(JsonElement spread, List<TimeSpan> spans)
    {
        var hours = spans.Select(s => s.TotalHours).Order().ToList();
        spread.Of("count").ShouldBe(hours.Count);
        spread.Real("medianHours").ShouldBe(Quantile(hours, 0.5), 0.001);
        spread.Real("p90Hours").ShouldBe(Quantile(hours, 0.9), 0.001);
        spread.Real("meanHours").ShouldBe(hours.Average(), 0.001);
    }

    private static double Quantile(List<double> sorted, double p)
    {
        var place = (sorted.Count - 1) * p;
        return sorted[(int)place] + ((sorted[Math.Min((int)place + 1, sorted.Count - 1)] - sorted[(int)place]) * (place - (int)place));
    }
}
