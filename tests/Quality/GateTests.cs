// The three gates on the real program: each refusal says which gate, why and what to do, and the page counts it from the ledger.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Quality.Tests;

public sealed class GateTests(QualityCity city) : IClassFixture<QualityCity>
{
    [Fact]
    public async Task Each_gate_refuses_says_why_and_is_counted_from_the_ledger()
    {
        var before = await Counts(city.Engineer);
        using (var form = new MultipartFormDataContent { { new StringContent("303001/999999"), "resource" }, { new ByteArrayContent([1]), "files", "a.csv" } })
        {
            var refused = await city.Steward.PostAsync(new Uri("/api/v1/batches", UriKind.Relative), form);
            (await refused.Content.ReadAsStringAsync()).ShouldContain("一律编目后归集");
        }

        var card = await city.Resource();
        var batch = await city.Collect(card, "编号,姓名,金额\nA1,张三,1\nA2,,2\n");
        var decision = await Decision(batch, d => !d.GetProperty("admitted").GetBoolean());
        decision.GetProperty("code").GetString().ShouldBe("QUA-301");
        decision.GetProperty("todo").GetString()!.ShouldContain("一律达标后入库");

        var taken = await city.ReceiverSteward.GetAsync(new Uri("/api/v1/data/SQ-2000-00001", UriKind.Relative));
        (await taken.Content.ReadAsStringAsync()).ShouldContain("一律经平台交换");

        var after = await Counts(city.Engineer);
        after.Zip(before, (a, b) => a - b).ShouldBe([1, 1, 1]);
        var listed = (await Json(await city.Engineer.GetAsync(new Uri("/api/v1/gates/refusals", UriKind.Relative)))).GetProperty("items").EnumerateArray().Select(r => r.GetProperty("code").GetString()).ToList();
        listed.Take(3).ShouldBe(["SHR-020", "QUA-301", "COL-001"]);

        // A unit sees what it tried itself and what concerns its data.
        (await Counts(city.ReceiverSteward)).ShouldBe([0, 0, 1]);
        (await Decision(batch, _ => true)).GetProperty("share").GetDecimal().ShouldBe(50m);
        (await Refusal(await city.ReceiverSteward.GetAsync(new Uri($"/api/v1/gates/batches/{batch}", UriKind.Relative)))).ShouldBe("QUA-303");
    }

    [Fact]
    public async Task A_threshold_is_set_by_the_bureau_holds_for_its_resource_and_lets_held_batches_in_when_it_says_so()
    {
        var card = await city.Resource();
        var batch = await city.Collect(card, "编号,姓名,金额\nB1,张三,1\nB2,,2\n");
        await Decision(batch, d => !d.GetProperty("admitted").GetBoolean());
        object Ask(decimal least, string? reason, bool held = true) => new { resource = card.Code, least, reason, held };
        (await Refusal(await city.Steward.PutAsJsonAsync("/api/v1/gates/thresholds", Ask(10, "放行")))).ShouldBe("QUA-302");
        (await Refusal(await city.Engineer.PutAsJsonAsync("/api/v1/gates/thresholds", Ask(10, null)))).ShouldBe("QUA-302");
        (await Refusal(await city.Engineer.PutAsJsonAsync("/api/v1/gates/thresholds", Ask(101, "过高")))).ShouldBe("QUA-302");
        using (var scope = city.Services.CreateScope())
        {
            (await scope.ServiceProvider.GetRequiredService<IQualityGate>().Held(card.Id, default)).Single().Number.ShouldBe(batch);
        }

        (await city.Engineer.PutAsJsonAsync("/api/v1/gates/thresholds", Ask(50, "试点放宽"))).EnsureSuccessStatusCode();
        (await Decision(batch, d => d.GetProperty("admitted").GetBoolean())).GetProperty("least").GetDecimal().ShouldBe(50m);
        var other = await city.Resource();
        (await Decision(await city.Collect(other, "编号,姓名,金额\nC1,张三,1\nC2,,2\n"), _ => true)).GetProperty("least").GetDecimal().ShouldBe(90m);
    }

    [Fact]
    public async Task Mended_rows_stand_with_the_batch_they_mend_and_an_unknown_batch_does_not_pass()
    {
        var card = await city.Resource();
        var batch = await city.Collect(card, "编号,姓名,金额\nD1,张三,1\nD2,,2\n");
        await city.Tickets(card);
        var replay = await city.Replay(batch, $"问题编号,编号,姓名,金额\n{batch}#1,D2,李四,2\n");
        await Decision(batch, d => d.GetProperty("admitted").GetBoolean());
        var id = (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/batches/{replay}", UriKind.Relative)))).GetProperty("batch").GetProperty("id").GetGuid();
        using var scope = city.Services.CreateScope();
        var gate = scope.ServiceProvider.GetRequiredService<IQualityGate>();
        (await gate.Passed(id, default)).ShouldBeTrue();
        (await gate.Passed(Guid.NewGuid(), default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_threshold_judges_a_batch_once_and_a_line_that_begins_later_stands()
    {
        var card = await city.Resource();
        var batch = await city.Collect(card, "编号,姓名,金额\nE1,张三,1\nE2,李四,2\nE3,,3\nE4,,4\n");
        await Decision(batch, d => !d.GetProperty("admitted").GetBoolean());
        var (today, later) = (DateOnly.FromDateTime(DateTimeOffset.UtcNow.InCity().DateTime), DateOnly.FromDateTime(DateTimeOffset.UtcNow.InCity().DateTime).AddDays(30));
        object Ask(decimal least, DateOnly? from = null, bool held = false) => new { resource = card.Code, least, reason = "分步收紧", from, held };
        (await city.Engineer.PutAsJsonAsync("/api/v1/gates/thresholds", Ask(95, later))).EnsureSuccessStatusCode();
        (await city.Engineer.PutAsJsonAsync("/api/v1/gates/thresholds", Ask(40, today, held: true))).EnsureSuccessStatusCode();
        await Decision(batch, d => d.GetProperty("admitted").GetBoolean());
        var lines = (await Json(await city.Engineer.GetAsync(new Uri("/api/v1/gates/thresholds", UriKind.Relative)))).EnumerateArray().Where(l => l.GetProperty("resource").ValueKind == JsonValueKind.String && l.GetProperty("resource").GetGuid() == card.Id)
            .Select(l => (From: l.GetProperty("validFrom").GetString(), Until: l.GetProperty("validUntil").GetString(), Least: l.GetProperty("least").GetDecimal())).OrderBy(l => l.From, StringComparer.Ordinal).ToList();
        lines.ShouldBe([($"{today:yyyy-MM-dd}", $"{later:yyyy-MM-dd}", 40m), ($"{later:yyyy-MM-dd}", null, 95m)]);

        // What is mended afterwards is judged by the threshold it was judged by, not by the day's.
        (await city.Engineer.PutAsJsonAsync("/api/v1/gates/thresholds", Ask(100, today))).EnsureSuccessStatusCode();
        await city.Replay(batch, $"问题编号,编号,姓名,金额\n{batch}#1,E3,王五,3\n");
        var decision = await Decision(batch, d => d.GetProperty("share").GetDecimal() == 75m);
        (decision.GetProperty("admitted").GetBoolean(), decision.GetProperty("least").GetDecimal()).ShouldBe((true, 40m));
    }

    [Fact]
    public async Task Held_are_the_replays_of_a_held_batch_too_each_with_the_snapshot_of_its_rows_and_a_first_admission_is_in_the_ledger()
    {
        var card = await city.Resource();
        var good = await city.Collect(card, "编号,姓名,金额\nF0,张三,1\n");
        await Decision(good, d => d.GetProperty("admitted").GetBoolean());
        var batch = await city.Collect(card, "编号,姓名,金额\nF1,张三,1\nF2,,2\nF3,,3\n");
        await Decision(batch, d => !d.GetProperty("admitted").GetBoolean());
        var replay = await city.Replay(batch, $"问题编号,编号,姓名,金额\n{batch}#1,F2,李四,2\n");
        using var scope = city.Services.CreateScope();
        var held = await scope.ServiceProvider.GetRequiredService<IQualityGate>().Held(card.Id, default);
        held.Select(h => h.Number).ShouldBe([batch, replay]);
        held.ShouldAllBe(h => h.Snapshot != null && h.Why!.Code == "QUA-301");
        (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/ledger/entries?act=gate.admitted&subject={good}", UriKind.Relative)))).GetProperty("total").GetInt64().ShouldBe(1);

        // Its parent undone, what mended it is nobody's.
        await city.Undo(replay, "先撤");
        (await scope.ServiceProvider.GetRequiredService<IQualityGate>().Held(card.Id, default)).Select(h => h.Number).ShouldBe([batch]);
        await city.Undo(batch, "作废");
        await Wait.Until(async () => (await scope.ServiceProvider.GetRequiredService<IQualityGate>().Held(card.Id, default)).Count == 0);
    }

    [Fact]
    public async Task What_is_too_long_is_refused_with_what_to_do_and_not_with_a_failure()
    {
        var card = await city.Resource();
        await city.Collect(card, "编号,姓名,金额\nG1,,1\n");
        var number = QualityCity.Number((await city.Tickets(card))[0]);
        var (code, words) = (new string('9', 5_000), new string('长', 1_001));
        foreach (var answer in new[]
        {
            await city.Engineer.PutAsJsonAsync("/api/v1/gates/thresholds", new { resource = code, least = 50, reason = "x" }),
            await city.Step(city.Steward, number, "Explain", words), await city.Step(city.Steward, number, "Resend", batch: code),
            await city.ReceiverSteward.PostAsJsonAsync("/api/v1/tickets/reports", new { grant = code, column = "name", key = "1", wrong = "有误" }),
            await city.ReceiverSteward.PostAsJsonAsync("/api/v1/tickets/reports", new { grant = "SQ-1", column = code, key = "1", wrong = "有误" }),
        })
        {
            ((int)answer.StatusCode).ShouldBe(400, await answer.Content.ReadAsStringAsync());
        }
    }

    private Task<JsonElement> Decision(string batch, Func<JsonElement, bool> isSo) => Wait.For(
        async () =>
        {
            var answer = await city.Engineer.GetAsync(new Uri($"/api/v1/gates/batches/{batch}", UriKind.Relative));
            return answer.IsSuccessStatusCode ? await Json(answer) : default;
        },
        d => d.ValueKind == JsonValueKind.Object && isSo(d));

    private static async Task<List<long>> Counts(HttpClient who) =>
        [.. (await Json(await who.GetAsync(new Uri("/api/v1/gates", UriKind.Relative)))).EnumerateArray().Select(g => g.GetProperty("refused").GetInt64())];
}
