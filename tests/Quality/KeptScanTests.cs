// What scans keep, and when they come again: one job a resource, batches a crash has missed, rules that go by the day, nothing of a retired resource, no value in the state as it is.
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Quality.Kept;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Quality.Tests;

public sealed class KeptScanTests(QualityCity city) : IClassFixture<QualityCity>
{
    [Fact]
    public async Task What_scans_keep_of_values_is_sealed_in_the_state_and_gone_once_the_resource_is_retired()
    {
        var card = await city.Resource();
        await city.Collect(card, "编号,姓名,金额\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"SealedKey{i},独孤求败,{i}\n")));
        await Scanned(card, 50);
        var kept = await Kept(card);
        kept.Count.ShouldBeGreaterThan(3, "the scan, its file, and a print of each column");
        kept.ShouldAllBe(bytes => bytes.Length > 0);
        // Packed or plain, a text that can be found in the bytes is not sealed; and what is sealed opens for this installation alone.
        kept.ShouldAllBe(bytes => !Encoding.UTF8.GetString(bytes).Contains("SealedKey", StringComparison.Ordinal));
        var seal = city.Services.GetRequiredService<ScanSeal>();
        kept.ShouldAllBe(bytes => seal.Open(bytes) != null);
        var other = Directory.CreateTempSubdirectory("lizhou-other-");
        kept.ShouldAllBe(bytes => new ScanSeal(new Settings(other.FullName)).Open(bytes) == null);
        other.Delete(recursive: true);

        await Json(await city.Engineer.PostAsJsonAsync($"/api/v1/resources/{card.Id}/retire", new { opinion = "停用" }));
        await Wait.Until(async () => (await Kept(card)).Count == 0);
    }

    [Fact]
    public async Task A_batch_whose_scan_was_missed_is_looked_at_in_the_next_round_and_batches_of_a_resource_wait_for_one_job()
    {
        var card = await city.Resource();
        await city.Collect(card, "编号,姓名,金额\nA1,张三丰,1\n");
        await Scanned(card, 1);
        await city.Collect(card, "编号,姓名,金额\nA2,张三丰,1\n");
        await Scanned(card, 2);
        await using (var connection = await city.Services.GetRequiredService<StateStore>().Open())
        {
            Convert.ToInt64(await connection.Scalar(null, $"SELECT COUNT(*) FROM job WHERE job_key LIKE {$"quality-scan:{card.Id}%"} AND job_key NOT IN ({$"quality-scan:{card.Id}"}, {$"quality-scan:{card.Id}:more"})")).ShouldBe(0);
            await connection.Execute(null, $"UPDATE quality_scan_batch SET scanned_at = NULL WHERE resource = {card.Id.ToString()}");
        }

        await Wait.Until(async () => await Waiting(card) == 2);
        await Look();
        await Wait.Until(async () => await Waiting(card) == 0);
    }

    [Fact]
    public async Task A_rule_that_goes_by_the_day_is_judged_again_the_next_day_without_a_new_batch()
    {
        var card = await city.Resource(null, null, ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("办结日期", ItemType.Date, "day", level: Level.L1));
        await Json(await city.Steward.PutAsJsonAsync(new Uri($"/api/v1/rules/{card.Id}/draft", UriKind.Relative), new { yaml = "rules:\n- {name: 不在以后, kind: NotFuture, columns: [day], dimension: Accuracy}\n" }));
        await Json(await city.Steward.PostAsync(new Uri($"/api/v1/rules/{card.Id}/in-force", UriKind.Relative), null));
        await city.Collect(card, $"编号,办结日期\nA1,{DateTime.UtcNow.AddHours(8).AddDays(1):yyyy-MM-dd}\n");
        await Wait.Until(async () => await Failed(card) == 1);
        city.Advance(TimeSpan.FromDays(2));
        try
        {
            await Look();
            await Wait.Until(async () => await Failed(card) == 0);
        }
        finally
        {
            city.Advance(TimeSpan.FromDays(-2));
        }
    }

    private async Task Look() => await city.Services.GetRequiredService<LookForScans>().Look(TestContext.Current.CancellationToken);

    /// <summary>Everything that may hold a value, as the state has it.</summary>
    private async Task<List<byte[]>> Kept(ResourceCard card)
    {
        var (state, id) = (city.Services.GetRequiredService<StateStore>(), card.Id.ToString());
        return [.. await state.Read($"SELECT state FROM quality_scan WHERE resource = {id} UNION ALL SELECT state FROM quality_scan_file WHERE resource = {id} UNION ALL SELECT hashes FROM quality_print WHERE resource = {id}", r => (byte[])r.GetValue(0), TestContext.Current.CancellationToken)];
    }

    private async Task<long> Waiting(ResourceCard card) =>
        (await city.Services.GetRequiredService<StateStore>().Read($"SELECT COUNT(*) FROM quality_scan_batch WHERE resource = {card.Id.ToString()} AND scanned_at IS NULL", r => r.GetInt64(0), TestContext.Current.CancellationToken))[0];

    private async Task<long?> Failed(ResourceCard card)
    {
        var found = await city.Services.GetRequiredService<StateStore>().Read($"SELECT rules FROM quality_scan WHERE resource = {card.Id.ToString()} AND row_count = 1", r => r.GetString(0), TestContext.Current.CancellationToken);
        return found.Count == 0 ? null : JsonDocument.Parse(found[0]).RootElement.EnumerateArray().Where(c => c.GetProperty("Rule").GetString() == "不在以后").Select(c => (long?)c.GetProperty("Failed").GetInt64()).SingleOrDefault();
    }

    private Task<JsonElement> Scanned(ResourceCard card, long rows) => Wait.For(
        async () => await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/rules/{card.Id}", UriKind.Relative))), v => v.GetProperty("rows") is { ValueKind: JsonValueKind.Number } all && all.GetInt64() == rows);
}
