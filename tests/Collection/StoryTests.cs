// What a steward's file goes through, over HTTP and the command line of the real host.
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using static Lizhou.Collection.Tests.RunningCity;

namespace Lizhou.Collection.Tests;

public sealed class StoryTests(RunningCity city) : IClassFixture<RunningCity>
{
    private const string Mixed = "编号,姓名,金额(元),登记日期\nA1,张三,\"1,200.50\",2026-01-02\nA2,李四,12x,2026年1月3日\nA3,,3,2026-02-30\nA4,王五,7.00,20260104\n";

    private Task<string> People(bool keyed = true) => city.Publish(
        Item("编号", key: keyed), Item("姓名", required: true, length: 20), Item("金额（元）", "Money"), Item("登记日期", "Date"));

    [Fact]
    public async Task Good_rows_land_and_bad_ones_are_diverted_with_their_reasons()
    {
        var batch = await city.Collect(await People(), Mixed);
        batch.GetProperty("state").GetString().ShouldBe("Landed");
        Counts(batch).ShouldBe((4, 2, 2, 0, 0));

        var rejects = await Json(await city.Http.GetAsync($"api/v1/batches/{batch.GetProperty("number")}/rejects"));
        rejects.GetProperty("total").GetInt64().ShouldBe(2);
        var faults = rejects.GetProperty("items").EnumerateArray().SelectMany(r => r.GetProperty("faults").EnumerateArray())
            .Select(f => (f.GetProperty("item").GetString(), f.GetProperty("value").GetString(), f.GetProperty("code").GetString())).ToList();
        faults.ShouldBe([("金额（元）", "12x", "LOD-103"), ("姓名", null, "LOD-101"), ("登记日期", "2026-02-30", "LOD-106")], ignoreOrder: true);

        var onlyNames = await Json(await city.Http.GetAsync($"api/v1/batches/{batch.GetProperty("number")}/rejects?code=LOD-101"));
        onlyNames.GetProperty("total").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task The_counts_are_those_of_a_clerk_and_every_reject_names_its_line()
    {
        var batch = await city.Collect(await People(), "测试表\n编号,姓名,金额(元),登记日期\n\nC1,\"两\n行\",1,2026-01-01\n\nC2,乙,x,2026-01-01\n第1页\n编号,姓名,金额(元),登记日期\nC3,,3,2026-01-01\nC4,丁,4,2026-01-01\n第2页\n编号,姓名,金额(元),登记日期\nC5,戊,5,2026-01-01\n注：模拟数据\n", ("headerRows", "1"), ("preambleRows", "1"));
        // A header that comes again once begins a second table; printed on every page it is passed over.
        Counts(batch).ShouldBe((12, 3, 2, 0, 7));
        var number = batch.GetProperty("number");
        var rejects = (await Json(await city.Http.GetAsync($"api/v1/batches/{number}/rejects"))).GetProperty("items");
        rejects.EnumerateArray().Select(r => (r.GetProperty("record").GetInt64(), r.GetProperty("line").GetInt64())).ShouldBe([(2, 7), (3, 10)], ignoreOrder: true);
        (await (await city.Http.GetAsync($"api/v1/batches/{number}")).Content.ReadAsStringAsync()).ShouldContain("filtered");
    }

    [Fact]
    public async Task A_Parquet_file_lands_typed_and_its_bad_rows_are_diverted()
    {
        // Parquet as another platform would send it: what the lake itself wrote for a resource of plain texts.
        var texts = await city.Publish(Item("编号"), Item("金额（元）"), Item("登记日期"));
        var source = await city.Collect(texts, "编号,金额（元）,登记日期\nQ1,1.50,2026-01-02\nQ2,12x,2026-01-03\nQ3,,2026-01-04\n");
        var file = Directory.EnumerateFiles(Path.Combine(city.Data, "lake", "data"), $"data_{source.GetProperty("id").GetGuid():D}_*.parquet", SearchOption.AllDirectories).Single();

        var resource = await city.Publish(Item("编号", key: true), Item("金额（元）", "Money"), Item("登记日期", "Date"));
        var batch = await city.Collect(resource, [("交换.parquet", await File.ReadAllBytesAsync(file))], ("drift", "Ignore"));
        Counts(batch).ShouldBe((3, 2, 1, 0, 0));
        var reject = (await Json(await city.Http.GetAsync($"api/v1/batches/{batch.GetProperty("number")}/rejects"))).GetProperty("items")[0];
        (reject.GetProperty("record").GetInt64(), reject.GetProperty("faults")[0].GetProperty("code").GetString()).ShouldBe((2, "LOD-103"));

        var broken = await city.Collect(resource, [("半个.parquet", (await File.ReadAllBytesAsync(file))[..200])], ("drift", "Ignore"));
        (broken.GetProperty("state").GetString(), broken.GetProperty("problem").GetProperty("code").GetString()).ShouldBe(("Refused", "TAB-005"));
        broken.GetProperty("problem").GetProperty("what").GetString()!.ShouldContain("半个.parquet");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_same_content_twice_adds_nothing(bool keyed)
    {
        var resource = await People(keyed);
        Counts(await city.Collect(resource, Mixed)).ShouldBe((4, 2, 2, 0, 0));
        var again = await city.Collect(resource, Mixed);
        Counts(again).ShouldBe((4, 0, 0, 4, 0));
        (await Rows(resource)).ShouldBe(2);
    }

    [Fact]
    public async Task Two_batches_of_the_same_content_at_once_land_it_once()
    {
        var resource = await People(keyed: false);
        var sent = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => city.Send(resource, [("a.csv", Encoding.UTF8.GetBytes(Mixed))])));
        var ended = await Task.WhenAll(sent.Select(async s => await city.Ended(await Json(s))));
        ended.Sum(b => Counts(b).Item2).ShouldBe(2);
        ended.Sum(b => Counts(b).Item4).ShouldBe(12);
        (await Rows(resource)).ShouldBe(2);
    }

    [Fact]
    public async Task A_row_of_a_known_key_replaces_the_old_one_and_an_unchanged_one_is_a_duplicate()
    {
        var resource = await People();
        await city.Collect(resource, "编号,姓名,金额(元),登记日期\nK1,甲,1,2026-01-01\nK2,乙,2,2026-01-01\n");
        var second = await city.Collect(resource, "编号,姓名,金额(元),登记日期\nK1,甲,1,2026-01-01\nK2,乙,22,2026-01-01\nK3,丙,3,2026-01-01\n");
        Counts(second).ShouldBe((3, 2, 0, 1, 0));
        (await Rows(resource)).ShouldBe(3);

        // What it was before comes back when it is sent again: the first file is not taken for known.
        var back = await city.Collect(resource, "编号,姓名,金额(元),登记日期\nK1,甲,1,2026-01-01\nK2,乙,2,2026-01-01\n");
        Counts(back).ShouldBe((2, 1, 0, 1, 0));
    }

    [Fact]
    public async Task A_new_version_with_more_decimals_keeps_the_numbers_collected_before_it()
    {
        var resource = await city.Publish(Item("地区", key: true), Item("数值", "Number"));
        Counts(await city.Collect(resource, "地区,数值\n甲,22470\n乙,\n")).ShouldBe((2, 2, 0, 0, 0));
        var entry = (await Json(await city.Http.GetAsync($"api/v1/resources?q={resource}"))).GetProperty("page").GetProperty("items")[0].GetProperty("id").GetGuid();
        var now = System.Text.Json.Nodes.JsonNode.Parse((await Json(await city.Http.GetAsync($"api/v1/resources/{entry}"))).GetProperty("entry").GetRawText())!;
        now["items"]!.AsArray().Single(i => (string)i!["name"]! == "数值")!["scale"] = 2;
        await Json(await city.Http.PutAsJsonAsync($"api/v1/resources/{entry}", now));
        await city.Promote(entry);
        Counts(await city.Collect(resource, "地区,数值\n丙,0.25\n")).ShouldBe((1, 1, 0, 0, 0));

        using var connection = new SqliteConnection($"Data Source={Path.Combine(city.Data, "lizhou.db")};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT t.table_name FROM ducklake_table t JOIN landing_resource r ON r.lake_table = t.table_id WHERE r.code = $code AND t.end_snapshot IS NULL";
        command.Parameters.AddWithValue("$code", resource);
        var column = (string)now["items"]!.AsArray().Single(i => (string)i!["name"]! == "数值")!["column"]!;
        var asked = await city.Command("query", $"SELECT sum({column}) AS s, count({column}) AS n FROM landing.{command.ExecuteScalar()}");
        asked.Out.ShouldContain("22470.25\t2", customMessage: asked.Out);
    }

    [Fact]
    public async Task Without_a_published_entry_nothing_is_loaded_and_the_ledger_knows()
    {
        var refused = await city.Send("999999/000001", [("a.csv", Encoding.UTF8.GetBytes(Mixed))]);
        (await Refusal(refused)).ShouldBe("COL-001");
        Evidence("collection.refused", "999999/000001").ShouldContain("COL-001");
        (await city.Command("collect", HostDll, "--resource", "999999/000001")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task An_undone_batch_is_gone_and_what_it_replaced_is_back()
    {
        var resource = await People();
        await city.Collect(resource, "编号,姓名,金额(元),登记日期\nU1,甲,1,2026-01-01\n");
        var second = await city.Collect(resource, "编号,姓名,金额(元),登记日期\nU1,甲,9,2026-01-01\nU2,乙,2,2026-01-01\n");
        var number = second.GetProperty("number").GetString();

        (await Refusal(await city.Http.PostAsJsonAsync($"api/v1/batches/{number}/undo", new { confirm = "no" }))).ShouldBe("COL-013");
        var undone = await Json(await city.Http.PostAsJsonAsync($"api/v1/batches/{number}/undo", new { confirm = number, reason = "发错了" }));
        undone.GetProperty("state").GetString().ShouldBe("Undone");
        (await Rows(resource)).ShouldBe(1);
        Evidence("collection.undone", number!).ShouldContain("done");
        (await Refusal(await city.Http.PostAsJsonAsync($"api/v1/batches/{number}/undo", new { confirm = number }))).ShouldBe("COL-010");

        // Undone content is not known content: it can be sent again.
        Counts(await city.Collect(resource, "编号,姓名,金额(元),登记日期\nU1,甲,9,2026-01-01\nU2,乙,2,2026-01-01\n")).ShouldBe((2, 2, 0, 0, 0));
    }

    [Fact]
    public async Task A_batch_whose_rows_were_changed_later_is_not_undone_and_the_later_batch_is_named()
    {
        var resource = await People();
        var first = await city.Collect(resource, "编号,姓名,金额(元),登记日期\nL1,甲,1,2026-01-01\n");
        var later = await city.Collect(resource, "编号,姓名,金额(元),登记日期\nL1,甲,2,2026-01-01\n");
        var number = first.GetProperty("number").GetString();
        var refused = await city.Http.PostAsJsonAsync($"api/v1/batches/{number}/undo", new { confirm = number });
        (await refused.Content.ReadAsStringAsync()).ShouldContain(later.GetProperty("number").GetString()!);
        (await Refusal(refused)).ShouldBe("COL-011");
    }

    [Fact]
    public async Task Each_row_tells_the_file_and_the_record_it_came_from()
    {
        var resource = await People();
        var batch = await city.Collect(
            resource,
            [
                ("一.csv", Encoding.UTF8.GetBytes("编号,姓名,金额(元),登记日期\nP1,甲,1,2026-01-01\n")),
                ("二.csv", Encoding.UTF8.GetBytes("编号,姓名,金额(元),登记日期\nP2,乙,1,2026-01-01\nP3,丙,1,2026-01-01\n")),
            ]);
        Counts(batch).ShouldBe((3, 3, 0, 0, 0));
        var page = await city.Http.GetStringAsync($"batches/{batch.GetProperty("number")}");
        var words = System.Net.WebUtility.HtmlDecode(Regex.Replace(Regex.Replace(page, "<[^>]+>", " "), @"\s+", " "));
        words.ShouldContain("P3 丙 1.00 2026-01-01 二.csv 2");
    }

    [Fact]
    public async Task Columns_are_found_by_name_column_case_width_and_synonym_in_any_order()
    {
        var resource = await city.Publish(Item("公民身份号码"), Item("姓名"), Item("联系电话"), Item("备注"));
        var batch = await city.Collect(resource, "备 注,手机,姓　名,身份证号\nx,1,甲,2\n".Replace("手机", "电话号码"));
        batch.GetProperty("state").GetString().ShouldBe("Landed", batch.ToString());
        Counts(batch).ShouldBe((1, 1, 0, 0, 0));
    }

    [Fact]
    public async Task Unknown_columns_are_refused_ignored_or_proposed_as_the_source_says()
    {
        var resource = await People();
        const string more = "编号,姓名,金额(元),登记日期,新列\nD1,甲,1,2026-01-01,x\n";
        var refused = await city.Collect(resource, more);
        refused.GetProperty("problem").GetProperty("code").GetString().ShouldBe("COL-008");
        refused.GetProperty("problem").GetProperty("what").GetString()!.ShouldContain("新列");
        Counts(await city.Collect(resource, more, ("drift", "Ignore"))).ShouldBe((1, 1, 0, 0, 0));
        Counts(await city.Collect(resource, more.Replace("D1", "D2"), ("drift", "Add"))).ShouldBe((1, 1, 0, 0, 0));
        var without = await city.Collect(resource, "编号,金额(元)\nD1,1\n", ("drift", "Ignore"));
        without.GetProperty("problem").GetProperty("code").GetString().ShouldBe("COL-007");
        without.GetProperty("problem").GetProperty("what").GetString()!.ShouldContain("姓名");
    }

    [Fact]
    public async Task A_refused_batch_is_tried_again_once_what_stood_in_its_way_is_mended()
    {
        var resource = await People();
        var refused = await city.Collect(resource, "编号,姓名,金额(元),登记日期,多\nR1,甲,1,2026-01-01,x\n");
        var number = refused.GetProperty("number").GetString();
        refused.GetProperty("state").GetString().ShouldBe("Refused");
        var again = await city.Ended(await Json(await city.Http.PostAsync($"api/v1/batches/{number}/retry", null)));
        again.GetProperty("state").GetString().ShouldBe("Refused");
        (await Refusal(await city.Http.PostAsync($"api/v1/batches/{number}/cancel", null))).ShouldBe("COL-012");
    }

    [Theory]
    [InlineData("空.csv", "")]
    [InlineData("截断.xlsx", "PK\u0003\u0004rest is missing")]
    [InlineData("图片.png", "\u0089PNG\r\n\u001a\n....")]
    public async Task An_original_that_is_no_table_is_refused_in_words(string name, string text)
    {
        var batch = await city.Collect(await People(), [(name, Encoding.Latin1.GetBytes(text))]);
        batch.GetProperty("state").GetString().ShouldBe("Refused");
        var problem = batch.GetProperty("problem");
        problem.GetProperty("what").GetString()!.ShouldContain(name);
        problem.GetProperty("todo").GetString()!.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task The_same_key_of_a_request_gives_the_same_batch()
    {
        var resource = await People();
        city.Http.DefaultRequestHeaders.Add("Idempotency-Key", "k-1");
        try
        {
            var one = await Json(await city.Send(resource, [("a.csv", Encoding.UTF8.GetBytes(Mixed))]));
            var two = await Json(await city.Send(resource, [("a.csv", Encoding.UTF8.GetBytes(Mixed))]));
            two.GetProperty("number").GetString().ShouldBe(one.GetProperty("number").GetString());
        }
        finally
        {
            city.Http.DefaultRequestHeaders.Remove("Idempotency-Key");
        }
    }

    [Fact]
    public async Task The_command_line_collects_lists_downloads_and_undoes()
    {
        var resource = await People();
        var file = Path.Combine(city.Data, "cli.csv");
        await File.WriteAllTextAsync(file, Mixed);
        var collected = await city.Command("collect", file, "--resource", resource, "--json");
        collected.Code.ShouldBe(0, collected.Error);
        var batch = JsonDocument.Parse(collected.Out).RootElement;
        Counts(batch).ShouldBe((4, 2, 2, 0, 0));
        var number = batch.GetProperty("number").GetString()!;

        (await city.Command("batches", "--json")).Out.ShouldContain(number);
        var listed = (await city.Command("batches")).Out; // a terminal of 80 characters, as a redirected one counts
        listed.ShouldContain("资源 resource");
        listed.ShouldContain(number);
        listed.ShouldContain(resource);
        listed.ShouldContain("问题 rejected 2");
        listed.Split('\n').Max(l => l.TrimEnd().Sum(c => c > '\u2e7f' ? 2 : 1)).ShouldBeLessThanOrEqualTo(80);
        (await city.Command("rejects", number)).Out.ShouldContain("12x");
        var sheet = Path.Combine(city.Data, "out.xlsx");
        (await city.Command("rejects", number, "--out", sheet)).Code.ShouldBe(0);
        using (var zip = ZipFile.OpenRead(sheet))
        {
            using var reader = new StreamReader(zip.GetEntry("xl/worksheets/sheet1.xml")!.Open());
            (await reader.ReadToEndAsync()).ShouldContain($"{number}#1");
        }

        (await city.Command("undo", number, "--yes")).Code.ShouldBe(0);
        (await city.Command("undo", number, "--yes")).Code.ShouldBe(1);
        (await city.Command("undo")).Code.ShouldBe(2);
        (await city.Command("collect", file)).Code.ShouldBe(2);
    }

    [Fact]
    public async Task The_command_line_takes_a_resource_by_its_name_and_says_which_ones_share_it()
    {
        var (unique, shared) = ($"2026年名册{Guid.CreateVersion7():N}", $"重名{Guid.CreateVersion7():N}");
        var code = await city.Publish(unique, Item("编号", key: true));
        var twins = new[] { await city.Publish(shared, Item("编号", key: true)), await city.Publish(shared, Item("编号", key: true)) };
        var file = Path.Combine(city.Data, "named.csv");
        await File.WriteAllTextAsync(file, "编号\nA1\nA2\n");

        var collected = await city.Command("collect", file, "--resource", unique, "--json");
        collected.Code.ShouldBe(0, collected.Error);
        JsonDocument.Parse(collected.Out).RootElement.GetProperty("resource").GetString().ShouldBe(code);
        var refused = await city.Command("collect", file, "--resource", shared);
        refused.Code.ShouldBe(1);
        twins.ShouldAllBe(t => (refused.Out + refused.Error).Contains(t));
        (await city.Command("collect", file, "--resource", "没有这个资源")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task The_command_line_calls_itself_by_its_name_and_an_empty_file_empty()
    {
        var help = (await city.Command("--help")).Out;
        help.ShouldContain("lizhou [command]");
        help.ShouldNotContain("Lizhou.Host");
        (await city.Command("--version")).Out.Trim().ShouldStartWith("0.");
        var file = Path.Combine(city.Data, "empty.csv");
        await File.WriteAllTextAsync(file, "");
        var inspected = await city.Command("inspect", file);
        (inspected.Code, inspected.Error.Contains("空文件")).ShouldBe((1, true), inspected.Error);
        var collected = await city.Command("collect", file, "--resource", await People());
        collected.Code.ShouldBe(1);
        (collected.Out + collected.Error).ShouldContain("空文件");
        (collected.Out + collected.Error).ShouldContain("empty.csv");
    }

    [Theory]
    [InlineData("zh_CN.UTF-8", "编码 GB18030 · 分隔符 制表符 · 没有引号 · 行尾 CRLF", "表头 1", "整数", "是空文件")]
    [InlineData("C", "编码 GB18030 · 分隔符 制表符 · 没有引号 · 行尾 CRLF", "表头 1", "整数", "是空文件")]
    [InlineData("en_US.UTF-8", "encoding GB18030 · delimiter tab · no quotes · line end CRLF", "1 of header", "integer", "is empty")]
    public async Task The_command_line_speaks_the_language_of_its_terminal(string locale, string dialect, string header, string type, string refusal)
    {
        var file = Path.Combine(city.Data, "words.csv");
        await File.WriteAllBytesAsync(file, CodePagesEncodingProvider.Instance.GetEncoding(936)!.GetBytes("编号\t街道名称\r\n1\t东城街道\r\n2\t西城街道\r\n"));
        var told = await city.CommandIn(locale, "inspect", file, "--quote", "", "--header", "1");
        told.Code.ShouldBe(0, told.Error);
        told.Out.ShouldContain(dialect);
        told.Out.ShouldContain(header);
        told.Out.ShouldContain(type);

        var empty = Path.Combine(city.Data, "nothing.csv");
        await File.WriteAllTextAsync(empty, "");
        (await city.CommandIn(locale, "inspect", empty)).Error.ShouldContain(refusal);
        (await city.CommandIn(locale, "collect", empty, "--resource", await People())).Error.ShouldContain(refusal);
    }

    /// <summary>Rows in the resource's table, by the board's own figure for the stock.</summary>
    private async Task<long> Rows(string resource)
    {
        await Task.CompletedTask;
        using var connection = new SqliteConnection($"Data Source={Path.Combine(city.Data, "lizhou.db")};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT s.record_count FROM ducklake_table_stats s JOIN landing_resource r ON r.lake_table = s.table_id WHERE r.code = $code";
        command.Parameters.AddWithValue("$code", resource);
        return Convert.ToInt64(command.ExecuteScalar());
    }

    private List<string> Evidence(string act, string subject)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(city.Data, "lizhou.db")};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT result FROM ledger_entry WHERE act = $act AND subject = $subject";
        command.Parameters.AddWithValue("$act", act);
        command.Parameters.AddWithValue("$subject", subject);
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read())
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }
}
