// What a correction or a withdrawal touched is computed anew, and nothing else: whatever comes in whichever order, the result is that of the whole, and what was not touched lies in the files it lay in before.
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Computing.Tests;

public sealed class RecomputeTests(Town town) : IClassFixture<Town>
{
    private const int Days = 6;

    /// <summary>What happens between two runs: rows that come or correct others, by day, place and number; none: the last batch is withdrawn.</summary>
    private static readonly Gen<List<List<(int Day, int Place, int N)>>> Happenings = Gen.Select(Gen.Int[1, Days], Gen.Int[0, 3], Gen.Int[-50, 50]).List[0, 4].List[1, 3];

    [Fact]
    public async Task After_any_corrections_slices_give_what_the_whole_would_and_what_was_not_touched_lies_where_it_lay()
    {
        var (_, code, table) = await town.Publish("更正（模拟）", ("日期", "day", "Date", true, "L1"), ("地区", "place", "Text", true, "L1"), ("数", "n", "Integer", false, "L1"));
        await town.Collect(code, Csv([.. from day in Enumerable.Range(1, Days) from place in Enumerable.Range(0, 3) select (day, place, day * place)]));
        const string ByDay = "SELECT day, count(*) AS people, CAST(sum(n) AS BIGINT) AS total FROM {0} GROUP BY day", ByKey = "SELECT day, concat(day, place) AS cell, n * 2 AS twice FROM {0}";
        var models = new Dictionary<string, (Guid Id, string Table, string Whole)>(StringComparer.Ordinal);
        foreach (var (name, sql, key) in new[] { ("correct_day", ByDay, "day"), ("correct_cell", ByKey, "cell") })
        {
            var whole = sql.Replace("{0}", table, StringComparison.Ordinal);
            var saved = await town.Save(Town.Text(name, whole, $"key: [{key}]\nincremental: day"));
            models[name] = (saved.GetProperty("id").GetGuid(), saved.GetProperty("table").GetString()!, whole);
        }

        await town.Run("correct_day", "correct_cell");
        string? last = null;
        HashSet<int> lastDays = [];
        var sent = 0;
        await Happenings.SampleAsync(async happenings =>
        {
            var (before, touched) = (await Lying(models), new HashSet<int>());
            foreach (var rows in happenings.Select(h => h.DistinctBy(r => (r.Day, r.Place)).ToList()))
            {
                if (rows.Count > 0)
                {
                    // A row that says what it said before is no correction: each file has numbers of its own.
                    sent += 1000;
                    (last, lastDays) = (await town.Collect(code, Csv(rows.Select(r => (r.Day, r.Place, r.N + sent)))), [.. rows.Select(r => r.Day)]);
                    touched.UnionWith(lastDays);
                }
                else if (last is not null)
                {
                    // What was withdrawn is computed out of the models by itself: the run that is asked for below comes after it.
                    var ended = await Followed();
                    await County.Json(await town.Engineer.PostAsJsonAsync($"/api/v1/batches/{last}/undo", new { confirm = last, reason = "更正" }));
                    await Wait.Until(async () => await Followed() > ended);
                    touched.UnionWith(lastDays);
                    last = null;
                }
            }

            var run = await town.Run("correct_day", "correct_cell");
            var after = await Lying(models);
            foreach (var (name, (_, stored, whole)) in models)
            {
                var step = Town.Step(run, name);
                List<string?> slices = [.. step.TryGetProperty("slices", out var named) && named.ValueKind == System.Text.Json.JsonValueKind.Array ? named.EnumerateArray().Select(s => s.GetString()) : []];
                step.GetProperty("state").GetString().ShouldBe(slices.Count == 0 ? "Unchanged" : "Built", step.ToString());
                (await town.Query($"SELECT * FROM {stored} ORDER BY ALL")).ShouldBe(await town.Query($"SELECT * FROM ({whole}) ORDER BY ALL"));
                // What came and was withdrawn again between two runs is no change.
                var withdrawn = happenings.Exists(h => h.Count == 0);
                (withdrawn ? slices.Except(touched.Select(Day)) : slices).ShouldBe(withdrawn ? [] : touched.Order().Select(Day), step.ToString());
                if (slices.Count > 0)
                {
                    (step.GetProperty("mode").GetString(), step.GetProperty("slicesTouched").GetInt64()).ShouldBe(("Slices", slices.Count), step.ToString());
                    step.GetProperty("why")[0].GetString()!.ShouldContain("更正（模拟）");
                }

                List<string> computed = [.. withdrawn ? touched.Select(Day) : slices.OfType<string>()];
                foreach (var (row, file) in before[name].Where(r => !computed.Exists(d => r.Key.StartsWith(d, StringComparison.Ordinal))))
                {
                    after[name][row].ShouldBe(file, $"{name} {row}: not touched, so the same file with the same bytes");
                }
            }
        }, iter: 12, threads: 1);
    }

    [Fact]
    public async Task A_run_says_why_it_computed_what_it_did_and_names_no_value_that_is_not_seen_in_clear()
    {
        foreach (var (level, named) in new[] { ("L2", "[\"甲\"]"), ("L3", "[]") })
        {
            var (_, code, table) = await town.Publish($"缘由{level}（模拟）", ("编号", "id", "Text", true, "L1"), ("街镇", "town", "Text", false, level));
            await town.Collect(code, "编号,街镇\nA1,甲\nA2,乙\n");
            var name = $"why_{level.ToLowerInvariant()}";
            await town.Save(Town.Text(name, $"SELECT town, count(*) AS people FROM {table} GROUP BY town", "key: [town]\nincremental: town"));
            Why(await town.Run(name), name).ShouldBe("还没有计算过");
            Why(await town.Run(name), name).ShouldBe("");
            await town.Collect(code, "编号,街镇\nA3,甲\n");
            var sliced = await town.Run(name);
            Why(sliced, name).ShouldStartWith($"缘由{level}（模拟）：快照");
            (Town.Step(sliced, name).GetProperty("slicesTouched").GetInt64(), Town.Step(sliced, name).GetProperty("slices").ToString()).ShouldBe((1, named));
            var page = await town.Engineer.GetStringAsync(new Uri($"/model-runs/{sliced.GetProperty("number").GetString()}", UriKind.Relative));
            (page.Contains("1 个分片", StringComparison.Ordinal), page.Contains("有行新增、更正或撤回", StringComparison.Ordinal), page.Contains(">甲<", StringComparison.Ordinal)).ShouldBe((true, true, level == "L2"));
            Why(await town.Run(new { models = new[] { name }, force = true }), name).ShouldBe("没有变化，但要求重算");
            Why(await town.Run(new { models = new[] { name }, full = true }), name).ShouldBe("要求整体重算");
            Why(await town.Run(new { models = new[] { name }, from = "丙" }), name).ShouldStartWith("要求回补");
            await town.Save(Town.Text(name, $"SELECT town, count(*) AS people FROM {table} GROUP BY town", "key: [town]"));
            Why(await town.Run(name), name).ShouldBe("模型是新版本（v2，此前 v1）");
            await town.Collect(code, "编号,街镇\nA4,乙\n");
            Why(await town.Run(name), name).ShouldEndWith("模型没有增量列，整体重算");
        }
    }

    /// <summary>Runs that a change has started and that have ended.</summary>
    private async Task<long> Followed()
    {
        await using var connection = await town.Services.GetRequiredService<StateStore>().Open();
        return (long)(await connection.Scalar(null, $"SELECT COUNT(*) FROM model_run WHERE cause = 'Change' AND state NOT IN ('Waiting', 'Running')"))!;
    }

    private static string Why(System.Text.Json.JsonElement run, string model) => string.Join(' ', Town.Step(run, model).GetProperty("why").EnumerateArray().Select(w => w.GetString()));

    private static string Day(int day) => $"2026-03-{day:D2}";

    private static string Csv(IEnumerable<(int Day, int Place, int N)> rows) => rows.Aggregate(new StringBuilder("日期,地区,数\n"), (csv, r) => csv.Append(null, $"{Day(r.Day)},区{r.Place},{r.N}\n")).ToString();

    /// <summary>Of each model, each row by its first two cells, with the file it lies in and a digest of that file's bytes.</summary>
    private async Task<Dictionary<string, Dictionary<string, string>>> Lying(Dictionary<string, (Guid Id, string Table, string Whole)> models)
    {
        var (lying, state) = (new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal), town.Services.GetRequiredService<StateStore>());
        await using var scope = town.Services.CreateAsyncScope();
        foreach (var (name, (id, table, _)) in models)
        {
            // One file for each run that wrote, made in its snapshot.
            var files = (await state.Read(
                $"""
                 SELECT s.run, f.path FROM ducklake_data_file f JOIN ducklake_table t ON t.table_id = f.table_id JOIN model_step s ON s.snapshot = f.begin_snapshot AND s.model = {id.ToString("D")}
                 WHERE t.table_name = {table} AND t.end_snapshot IS NULL AND f.end_snapshot IS NULL
                 """,
                r => (Run: Guid.Parse(r.GetString(0)), Path: Path.GetFileName(r.GetString(1))), default)).ToDictionary(f => f.Run, f => f.Path);
            var rows = (await scope.ServiceProvider.GetRequiredService<IRowGate>().Read(new RowAsk(id, Purposes.Preview, Take: 100), Actor.System, TestContext.Current.CancellationToken)).Value;
            lying[name] = rows.Rows.Zip(rows.Provenance).ToDictionary(r => $"{r.First[0]:yyyy-MM-dd}|{r.First[1]}", r => files[r.Second.Batch] is var file ? $"{file} {Digest(file)}" : "");
        }

        return lying;
    }

    private string Digest(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Directory.EnumerateFiles(Path.Combine(town.Data, "lake"), file, SearchOption.AllDirectories).Single())));
}
