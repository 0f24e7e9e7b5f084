// The same file again, rejects that come back as they were, and keys used twice, on the real host.
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using static Lizhou.Collection.Tests.RunningCity;

namespace Lizhou.Collection.Tests;

public sealed class SentAgainTests(RunningCity city) : IClassFixture<RunningCity>
{
    private const string File1 = "编号,姓名\nA1,甲\nA2,名字太长\nA3,乙\nA4,名字也太长\nA5,名字实在是太长了\n";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_rejected_under_the_old_catalogue_are_judged_again_by_the_new_one_and_the_others_are_duplicates(bool keyed)
    {
        var (id, code) = await Publish(keyed, length: 3);
        var first = await city.Collect(code, File1);
        Counts(first).ShouldBe((5, 2, 3, 0, 0));
        Counts(await city.Collect(code, File1)).ShouldBe((5, 0, 0, 5, 0));
        (await Rejects(first)).ShouldBe((3, 0, 0));

        await Mend(id, keyed, length: 5);
        var second = await city.Collect(code, File1);
        Counts(second).ShouldBe((5, 2, 1, 2, 0));
        // What is rejected still stands once, in the later batch.
        (await Rejects(first)).ShouldBe((0, 2, 1));
        (await Rejects(second)).ShouldBe((1, 0, 0));
        Counts(await city.Collect(code, File1)).ShouldBe((5, 0, 0, 5, 0));

        await Undo(second);
        (await Rejects(first)).ShouldBe((3, 0, 0));
        var third = await city.Collect(code, File1);
        Counts(third).ShouldBe((5, 2, 1, 2, 0));

        await Mend(id, keyed, length: 50);
        Counts(await city.Collect(code, File1)).ShouldBe((5, 1, 0, 4, 0));
        (await Rejects(third)).ShouldBe((0, 1, 0));
    }

    [Fact]
    public async Task A_row_rejected_twice_of_one_file_stands_once_though_the_file_came_by_another_door()
    {
        var (_, code) = await Publish(keyed: true, length: 3);
        var first = await city.Collect(code, File1, ("mapping", """{"姓名":"姓名"}"""));
        var second = await city.Collect(code, File1);
        Counts(second).ShouldBe((5, 0, 3, 2, 0));
        (await Rejects(first)).ShouldBe((0, 0, 3));
        (await Rejects(second)).ShouldBe((3, 0, 0));
    }

    [Fact]
    public async Task Of_a_file_judged_in_parts_each_record_is_judged_once_and_only_the_exceptions_are_kept()
    {
        var (id, code) = await Publish(keyed: false, length: 3);
        var first = await city.Collect(code, File1);
        await Mend(id, keyed: false, length: 5);
        Counts(await city.Collect(code, File1)).ShouldBe((5, 2, 1, 2, 0));
        await Undo(first);
        var third = await city.Collect(code, File1);
        Counts(third).ShouldBe((5, 2, 0, 3, 0));
        Counts(await city.Collect(code, File1)).ShouldBe((5, 0, 0, 5, 0));
        (await State($"SELECT quote(judged) || quote(judged_but) FROM batch_file f JOIN batch b ON b.id = f.batch WHERE b.number = '{third.GetProperty("number").GetString()}'")).ShouldBe("NULLX'040402'");
    }

    [Fact]
    public async Task The_same_file_under_another_mapping_lands_again_and_is_told_to_have()
    {
        var (_, code) = await Publish(keyed: false, length: 20);
        var first = (await city.Collect(code, "编号,姓名\nT1,甲\nT2,乙\n")).GetProperty("number").GetString()!;
        var second = await city.Collect(code, "编号,姓名\nT1,甲\nT2,乙\n", ("mapping", """{"姓名":"编号","编号":"姓名"}"""));
        Counts(second).ShouldBe((2, 2, 0, 0, 0));
        var guesses = (await Json(await city.Http.GetAsync($"api/v1/batches/{second.GetProperty("number")}"))).GetProperty("files")[0].GetProperty("guesses").EnumerateArray();
        guesses.Single(g => g.GetProperty("subject").GetString() == "twice").GetProperty("why").ToString().ShouldContain(first);
        (await city.Http.GetStringAsync($"batches/{second.GetProperty("number")}?lang=zh-CN")).ShouldContain("曾经送过");
        (await Json(await city.Http.GetAsync($"api/v1/batches/{first}"))).GetProperty("files")[0].GetProperty("guesses").ToString().ShouldNotContain("twice");
    }

    [Fact]
    public async Task Rows_at_fault_as_a_whole_that_come_back_untouched_stay_open()
    {
        var code = await city.Publish(Item("编号", key: true), Item("姓名", required: true), Item("金额", "Money"), Item("备注"));
        var batch = await city.Collect(code, "编号,姓名,金额,备注\nR1,甲,1,好\nR2,乙,二,好\nR3,丙\nR4,丁,4,好,多\nR5,戊,5,好\n");
        Counts(batch).ShouldBe((5, 2, 3, 0, 0));
        var number = batch.GetProperty("number").GetString()!;
        var rows = (await Json(await city.Http.GetAsync($"api/v1/batches/{number}/rejects"))).GetProperty("items").EnumerateArray().ToDictionary(
            r => r.GetProperty("number").GetString()!, r => r.GetProperty("cells").EnumerateArray().Select(c => c.GetString()).ToList());
        var sheet = new StringBuilder("问题编号,编号,姓名,金额,备注\n");
        foreach (var (name, cells) in rows)
        {
            sheet.Append($"{name},{string.Join(',', cells.Concat(["", "", ""]).Take(4)).Replace("二", "2")}\n");
        }

        var replay = await city.Ended(await Json(await city.Replay(number, sheet.ToString())));
        Counts(replay).ShouldBe((1, 1, 0, 0, 0));
        (await Rejects(batch)).ShouldBe((2, 1, 0));

        var rest = string.Join('\n', sheet.ToString().Split('\n').Where(l => !l.Contains("R2")));
        (await Refusal(await city.Replay(number, rest))).ShouldBe("COL-027");
        var workbook = await city.Http.GetByteArrayAsync($"api/v1/batches/{number}/rejects.xlsx");
        (await Refusal(await city.Replay(number, workbook, "问题数据.xlsx"))).ShouldBe("COL-027");
        (await Rejects(batch)).ShouldBe((2, 1, 0));
    }

    [Fact]
    public async Task Mended_rows_rejected_again_stay_open_however_often_they_are_sent()
    {
        var (_, code) = await Publish(keyed: false, length: 3);
        var batch = await city.Collect(code, File1);
        var number = batch.GetProperty("number").GetString()!;
        var sheet = $"问题编号,编号,姓名\n{number}#1,A2,还是太长\n{number}#2,A4,还是太长\n";
        for (var i = 0; i < 2; i++)
        {
            Counts(await city.Ended(await Json(await city.Replay(number, sheet)))).ShouldBe((2, 0, 2, 0, 0));
            (await Rejects(batch)).ShouldBe((3, 0, 0));
        }
    }

    [Fact]
    public async Task A_key_used_again_for_another_file_is_refused_and_for_the_same_file_gives_its_batch()
    {
        var (_, code) = await Publish(keyed: true, length: 20);
        var (one, other) = (Path.Combine(city.Data, "one.csv"), Path.Combine(city.Data, "other.csv"));
        await System.IO.File.WriteAllTextAsync(one, "编号,姓名\nK1,甲\n");
        await System.IO.File.WriteAllTextAsync(other, "编号,姓名\nK2,乙\n");
        var first = await city.Command("collect", one, "--resource", code, "--key", "key-1", "--json");
        first.Code.ShouldBe(0, first.Error);
        var again = await city.Command("collect", one, "--resource", code, "--key", "key-1", "--json");
        JsonDocument.Parse(again.Out).RootElement.GetProperty("number").GetString().ShouldBe(JsonDocument.Parse(first.Out).RootElement.GetProperty("number").GetString());
        var refused = await city.Command("collect", other, "--resource", code, "--key", "key-1");
        refused.Code.ShouldBe(1);
        (refused.Out + refused.Error).ShouldContain("SRC-031");
    }

    [Fact]
    public async Task A_senders_key_is_his_own_is_checked_like_a_pushs_and_counts_on_after_an_upgrade()
    {
        var (_, code) = await Publish(keyed: true, length: 20);
        var file = Path.Combine(city.Data, "own.csv");
        await System.IO.File.WriteAllTextAsync(file, "编号,姓名\nO1,甲\n");
        var first = JsonDocument.Parse((await city.Command("collect", file, "--resource", code, "--key", "inbox:own", "--json")).Out).RootElement.GetProperty("number").GetString();
        (await State($"SELECT idempotency FROM batch WHERE number = '{first}'")).ShouldBe($"api:{city.Unit}:inbox:own");
        var refused = await city.Command("collect", file, "--resource", code, "--key", new string('k', 201));
        (refused.Code, (refused.Out + refused.Error).Contains("SRC-036")).ShouldBe((1, true), refused.Out + refused.Error);

        // As a version before had kept it.
        await city.Kill();
        await State($"UPDATE batch SET idempotency = 'inbox:own' WHERE number = '{first}'");
        await State("DELETE FROM schema_script WHERE name LIKE '%007_senders_keys.sql'");
        await city.Start();
        var again = await city.Command("collect", file, "--resource", code, "--key", "inbox:own", "--json");
        JsonDocument.Parse(again.Out).RootElement.GetProperty("number").GetString().ShouldBe(first);
    }

    private async Task<object?> State(string sql)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(city.Data, "lizhou.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    [Fact]
    public async Task Refusals_name_the_senders_file_and_what_was_set_by_hand()
    {
        var (_, code) = await Publish(keyed: true, length: 3);
        var number = (await city.Collect(code, File1)).GetProperty("number").GetString()!;
        (await (await city.Replay(number, "%PDF-1.7\n%\u00e2\u00e3\n1 0 obj\n"u8.ToArray(), "扫描.pdf")).Content.ReadAsStringAsync()).ShouldContain("扫描.pdf");

        var file = Path.Combine(city.Data, "byhand.csv");
        await System.IO.File.WriteAllTextAsync(file, "编号,姓名\nH1,甲\nH2,乙\n");
        var collected = await city.Command("collect", file, "--resource", code, "--encoding", "big5", "--delimiter", ";");
        collected.Code.ShouldBe(1);
        (collected.Out + collected.Error).ShouldContain("人工指定了编码为 big5、分隔符为“;”");
    }

    [Fact]
    public async Task Rejects_are_written_under_the_name_of_a_workbook_into_a_folder_that_is_there()
    {
        var (_, code) = await Publish(keyed: true, length: 3);
        var number = (await city.Collect(code, File1)).GetProperty("number").GetString()!;
        var csv = await city.Command("rejects", number, "--out", Path.Combine(city.Data, "r.csv"));
        (csv.Code, csv.Error.Contains("r.xlsx")).ShouldBe((1, true), csv.Error);
        System.IO.File.Exists(Path.Combine(city.Data, "r.csv")).ShouldBeFalse();
        var nowhere = await city.Command("rejects", number, "--out", Path.Combine(city.Data, "没有", "r.xlsx"));
        (nowhere.Code, nowhere.Error.Contains("KRN-002"), nowhere.Error.Contains("   at ")).ShouldBe((1, true, false), nowhere.Error);
    }

    private static object Entry(Guid unit, string name, bool keyed, int length) => new
    {
        @class = "303001", name, unit, summary = "测试", sharing = "Unconditional", ways = new[] { "Table" }, cycle = "Daily",
        items = new[] { Item("编号", key: keyed), Item("姓名", required: true, length: length) },
    };

    private async Task<(Guid Id, string Code)> Publish(bool keyed, int length)
    {
        var made = await Json(await city.Http.PostAsJsonAsync("api/v1/resources", Entry(city.Unit, $"再送{Guid.CreateVersion7():N}", keyed, length)));
        var id = made.GetProperty("id").GetGuid();
        return (id, await city.Promote(id));
    }

    private async Task Mend(Guid id, bool keyed, int length)
    {
        await Json(await city.Http.PutAsJsonAsync($"api/v1/resources/{id}", Entry(city.Unit, $"再送{id:N}", keyed, length)));
        await city.Promote(id);
    }

    private Task Undo(JsonElement batch) => city.Undo(batch.GetProperty("number").GetString()!);

    private async Task<(long Open, long Mended, long Withdrawn)> Rejects(JsonElement batch)
    {
        var (open, mended, withdrawn, _) = await city.Rejects(batch.GetProperty("number").GetString()!);
        return (open, mended, withdrawn);
    }
}
