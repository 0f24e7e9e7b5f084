// Rejected rows on their way back: downloaded, mended, sent again, withdrawn, explained; the counts of both batches stay whole.
using System.Net.Http.Json;
using System.Text.Json;
using static Lizhou.Collection.Tests.RunningCity;

namespace Lizhou.Collection.Tests;

public sealed class ReplayTests(RunningCity city) : IClassFixture<RunningCity>
{
    private async Task<(string Resource, string Number)> WithRejects(string mark)
    {
        var resource = await city.Publish(Item("编号", key: true), Item("姓名", required: true, level: "L4"), Item("金额", "Money"));
        var batch = await city.Collect(resource, $"编号,姓名,金额\n{mark}1,张三丰,1\n{mark}2,李四光,12x\n{mark}3,,3\n{mark}4,王五,七\n");
        Counts(batch).ShouldBe((4, 1, 3, 0, 0));
        return (resource, batch.GetProperty("number").GetString()!);
    }

    [Fact]
    public async Task Mended_rows_alone_are_loaded_and_settle_their_rejects()
    {
        var (_, number) = await WithRejects("M");
        var replay = await Replay(number, $"问题编号,编号,姓名,金额\n{number}#1,M2,李四光,12\n{number}#2,M3,赵六,3\n{number}#3,M4,王五,还是错\n");
        Counts(replay).ShouldBe((3, 2, 1, 0, 0));
        replay.GetProperty("kind").GetString().ShouldBe("Replay");
        (await city.Rejects(number)).ShouldBe((1, 2, 0, 0));

        var settled = await city.Replay(number, $"问题编号,编号,姓名,金额\n{number}#1,M2,李四光,12\n");
        (await Refusal(settled)).ShouldBe("COL-017");

        // Undoing the replay opens what it had mended.
        await city.Undo(replay.GetProperty("number").GetString()!);
        (await city.Rejects(number)).ShouldBe((3, 0, 0, 0));
    }

    [Fact]
    public async Task The_downloaded_spreadsheet_sent_back_unchanged_is_rejected_again_with_its_masked_cells_as_they_were()
    {
        var (_, number) = await WithRejects("S");
        var sheet = await city.Http.GetByteArrayAsync($"api/v1/batches/{number}/rejects.xlsx");
        var replay = await city.Ended(await Json(await city.Replay(number, sheet, "问题数据.xlsx")));
        Counts(replay).ShouldBe((3, 0, 3, 0, 0));
        (await city.Rejects(number)).ShouldBe((3, 0, 0, 0));

        // What stands in the replay's own rejects is the original name, which the engineer sees masked in both.
        var before = await Json(await city.Http.GetAsync($"api/v1/batches/{number}/rejects"));
        var after = await Json(await city.Http.GetAsync($"api/v1/batches/{replay.GetProperty("number")}/rejects"));
        Cells(after).ShouldBe(Cells(before), ignoreOrder: true);
        Cells(before).ShouldAllBe(c => !c.Contains("李四光"));
    }

    [Fact]
    public async Task Rows_of_another_batch_doubled_or_added_rows_are_refused()
    {
        var (_, number) = await WithRejects("F");
        (await Refusal(await city.Replay(number, "问题编号,编号,姓名,金额\n20200101-000001#1,F2,甲,1\n"))).ShouldBe("COL-016");
        (await Refusal(await city.Replay(number, $"问题编号,编号,姓名,金额\n{number}#9,F2,甲,1\n"))).ShouldBe("COL-016");
        (await Refusal(await city.Replay(number, $"问题编号,编号,姓名,金额\n{number}#1,F2,甲,1\n{number}#1,F2,甲,1\n"))).ShouldBe("COL-019");
        (await Refusal(await city.Replay(number, "编号,姓名,金额\nF2,甲,1\nF3,乙,2\n"))).ShouldBe("COL-018");
    }

    [Fact]
    public async Task Rejects_are_withdrawn_or_explained_with_words_and_never_without()
    {
        var (_, number) = await WithRejects("W");
        var url = $"api/v1/batches/{number}/rejects/settle";
        (await Refusal(await city.Http.PostAsJsonAsync(url, new { state = "Withdrawn" }))).ShouldBe("COL-020");
        await Json(await city.Http.PostAsJsonAsync(url, new { state = "Withdrawn", words = "重复上报", code = "LOD-101" }));
        (await city.Rejects(number)).ShouldBe((2, 0, 1, 0));
        await Json(await city.Http.PostAsJsonAsync(url, new { state = "Explained", words = "源数据如此" }));
        (await city.Rejects(number)).ShouldBe((0, 0, 1, 2));
        (await Json(await city.Http.GetAsync($"api/v1/batches/{number}/rejects?state=Withdrawn"))).GetProperty("total").GetInt64().ShouldBe(1);
    }

    private static List<string> Cells(JsonElement rejects) =>
        [.. rejects.GetProperty("items").EnumerateArray().Select(r => string.Join('|', r.GetProperty("cells").EnumerateArray().Select(c => c.GetString())))];

    private async Task<JsonElement> Replay(string number, string csv) => await city.Ended(await Json(await city.Replay(number, csv)));
}
