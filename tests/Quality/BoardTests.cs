// The governance board adds up to what it is made of; the inventory report tells what changed since the one before.
using System.IO.Compression;
using System.Net.Http.Json;
using CsCheck;
using Lizhou.Contracts.Catalog;
using Lizhou.Quality.Board;
using Lizhou.Tests.Support;
using static Lizhou.Tests.County;

namespace Lizhou.Quality.Tests;

public sealed class BoardTests(QualityCity city) : IClassFixture<QualityCity>
{
    [Fact]
    public async Task A_period_longer_than_is_counted_is_cut_for_every_figure_and_says_so()
    {
        var asked = new Uri("/api/v1/governance?from=2026-01-01&to=2026-12-01", UriKind.Relative);
        var board = await Json(await city.Engineer.GetAsync(asked));
        (board.GetProperty("cut").GetBoolean(), board.GetProperty("from").GetString(), board.GetProperty("collected").GetProperty("from").GetString()).ShouldBe((true, "2026-09-01", "2026-09-01"));
        (await city.Engineer.GetStringAsync(new Uri("/governance?from=2026-01-01&to=2026-12-01&lang=zh-CN", UriKind.Relative))).ShouldSatisfyAllConditions(p => p.ShouldContain("2026-09-01"), p => p.ShouldContain("92"));
        (await Json(await city.Engineer.GetAsync(new Uri("/api/v1/governance?from=2026-11-01&to=2026-12-01", UriKind.Relative)))).GetProperty("cut").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task The_board_shows_what_was_collected_ticketed_and_held_and_turns_when_it_is_mended()
    {
        var card = await city.Resource();
        var batch = await city.Collect(card, "编号,姓名,金额\nA1,张三,1\nA2,,2\nA3,李四,x\nA4,王五,4\n");
        await city.Tickets(card);
        var board = await Json(await city.Engineer.GetAsync(new Uri("/api/v1/governance", UriKind.Relative)));
        board.GetProperty("accepted").GetInt64().ShouldBe(2);
        board.GetProperty("held").GetInt64().ShouldBe(1);
        board.GetProperty("layers").GetProperty("landing").GetProperty("rows").GetInt64().ShouldBe(2);
        (await Json(await city.Steward.GetAsync(new Uri("/api/v1/governance", UriKind.Relative)))).GetProperty("layers").EnumerateObject().ShouldBeEmpty("the whole warehouse is the bureau's to see");
        var quality = board.GetProperty("quality").EnumerateArray().Single();
        quality.GetProperty("rows").GetInt64().ShouldBe(4);
        (quality.GetProperty("faults").GetProperty("Completeness").GetInt64(), quality.GetProperty("faults").GetProperty("Conformity").GetInt64()).ShouldBe((1, 1));
        board.GetProperty("tickets").GetProperty("sum").GetProperty("open").GetInt64().ShouldBe(2);

        await city.Replay(batch, $"问题编号,编号,姓名,金额\n{batch}#1,A2,赵六,2\n{batch}#2,A3,李四,3\n");
        await city.Ticket(card, t => QualityCity.State(t) == "Closed");
        var after = await Json(await city.Engineer.GetAsync(new Uri("/api/v1/governance", UriKind.Relative)));
        (after.GetProperty("held").GetInt64(), after.GetProperty("tickets").GetProperty("sum").GetProperty("rate").GetDecimal()).ShouldBe((0, 1m));
        (await city.ReceiverSteward.GetStringAsync(new Uri("/governance", UriKind.Relative))).ShouldNotContain("模拟民政局");
    }

    [Fact]
    public async Task A_report_lists_everything_and_the_next_one_what_changed()
    {
        await city.Resource("上报一");
        var first = await Json(await city.Engineer.PostAsync(new Uri("/api/v1/governance/inventory", UriKind.Relative), null));
        var card = await city.Resource("上报二", null, ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("地址", column: "address", level: Level.L2));
        await Json(await city.Engineer.PostAsJsonAsync("/api/v1/units", new { name = "模拟统计局", code = "11339901MA00011814", kind = "Department" }));
        var second = (await Json(await city.Engineer.PostAsync(new Uri("/api/v1/governance/inventory", UriKind.Relative), null))).GetString();
        var changes = (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/governance/inventory/{second}/changes", UriKind.Relative)))).EnumerateArray().ToList();
        changes.Select(c => (c.GetProperty("list").GetString(), c.GetProperty("kind").GetString(), c.GetProperty("name").GetString()))
            .ShouldBe([("Units", "Added", "模拟统计局"), ("Resources", "Added", card.Name), ("Items", "Added", "编号"), ("Items", "Added", "地址")], ignoreOrder: true);
        (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/governance/inventory/{first.GetString()}/changes", UriKind.Relative)))).GetArrayLength().ShouldBe(0);
        using var book = new ZipArchive(await city.Engineer.GetStreamAsync(new Uri($"/api/v1/governance/inventory/{second}.xlsx", UriKind.Relative)));
        book.Entries.Count(e => e.FullName.StartsWith("xl/worksheets/sheet", StringComparison.Ordinal)).ShouldBe(5);
        (await city.Steward.GetAsync(new Uri("/api/v1/governance/inventory", UriKind.Relative))).IsSuccessStatusCode.ShouldBeFalse();
    }

    [Fact]
    public void What_was_added_changed_and_removed_leads_from_one_inventory_to_the_next() => Gen.Select(Lists, Lists).Sample((before, now) =>
    {
        var lines = before.ToDictionary(l => l.Key, StringComparer.Ordinal);
        foreach (var change in Inventory.Difference(Of(before), Of(now)))
        {
            (change.Kind switch { ChangeKind.Added => lines.TryAdd(change.Now!.Key, change.Now), ChangeKind.Removed => lines.Remove(change.Before!.Key), _ => lines.ContainsKey(change.Now!.Key) }).ShouldBeTrue();
            if (change.Kind == ChangeKind.Changed)
            {
                lines[change.Now!.Key] = change.Now;
            }
        }

        lines.Values.Select(l => $"{l.Key} {l.Cells[1]}").ShouldBe(now.Select(l => $"{l.Key} {l.Cells[1]}"), ignoreOrder: true);
        Inventory.Difference(Of(now), Inventory.Unpack(Inventory.Pack(Of(now)))).ShouldBeEmpty("what was kept is what was reported");
    });

    private static readonly Gen<InventoryLine[]> Lists =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 3]).Select((key, name) => new InventoryLine($"{key}", ["", $"名{name}"])).Array[0, 8].Select(lines => lines.DistinctBy(l => l.Key).ToArray());

    private static Dictionary<ListKind, IReadOnlyList<InventoryLine>> Of(InventoryLine[] lines) => new() { [ListKind.Units] = [], [ListKind.Systems] = [], [ListKind.Resources] = lines, [ListKind.Items] = [] };
}
