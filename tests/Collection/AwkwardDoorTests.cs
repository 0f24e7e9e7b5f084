// Honest files as departments' tools write them, through the doors: numbers that are texts, dates in five styles, rows that are only formatted, two encodings in one file.
using System.Text;
using Lizhou.Tabular.Writers;
using Lizhou.Tests.Support;
using static Lizhou.Collection.Tests.RunningCity;

namespace Lizhou.Collection.Tests;

public sealed class AwkwardDoorTests(RunningCity city) : IClassFixture<RunningCity>
{
    private static readonly object[] Licence =
        [Item("证照编号", key: true), Item("持证主体"), Item("统一社会信用代码", check: "CreditCode"), Item("证照名称"), Item("发证日期", "Date"), Item("有效期至", "Date"), Item("证照状态")];

    [Theory]
    [InlineData("食品经营单位证照信息_五种日期_模拟.csv", 200)]
    [InlineData("食品经营单位证照信息_模拟.xlsx", 200)]
    public async Task Dates_in_five_styles_and_rows_that_are_only_formatted_land_as_what_they_are(string file, long rows)
    {
        var path = Path.Combine(Repository.Root, "sample", "inbox", file);
        var resource = await city.Publish(Licence);
        Counts(await city.Collect(resource, [(file, await File.ReadAllBytesAsync(path))])).ShouldBe((rows, rows, 0, 0, 0));

        // The same days in the one style of the standard are the same rows.
        var clean = await city.Command("inspect", path, "--as", "csv");
        clean.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe((int)rows + 1);
        var (code, said, _) = await city.Command("collect", path, "--resource", resource, "--json");
        code.ShouldBe(0, said);
        Counts(System.Text.Json.JsonDocument.Parse(said).RootElement).ShouldBe((rows, 0, 0, rows, 0));
    }

    [Fact]
    public async Task Numbers_that_a_spreadsheet_holds_as_texts_land_as_numbers()
    {
        using var book = new MemoryStream();
        using (var writer = new XlsxWriter(book))
        {
            writer.BeginSheet("收支");
            foreach (var row in new string[][] { ["编号", "人数", "金额"], ["1", "1,280", " 1280.50 "], ["2", "１２８０", "3.2万元"], ["3", "12", "¥1,280.00"], ["4", "十二", "-"] })
            {
                writer.Write(row.Select(cell => new SheetCell(cell)));
            }
        }

        var resource = await city.Publish(Item("编号"), Item("人数", "Integer"), Item("金额", "Money"));
        var batch = await city.Collect(resource, [("收支.xlsx", book.ToArray())]);
        Counts(batch).ShouldBe((4, 3, 1, 0, 0));
        var reject = (await Json(await city.Http.GetAsync($"api/v1/batches/{batch.GetProperty("number")}/rejects"))).GetProperty("items")[0];
        reject.GetProperty("line").GetInt64().ShouldBe(5);
        reject.GetProperty("faults")[0].GetProperty("item").GetString().ShouldBe("人数");
    }

    [Fact]
    public async Task Rows_of_another_encoding_are_rejected_with_their_line_and_the_others_land()
    {
        var gb = CodePagesEncodingProvider.Instance.GetEncoding(936)!;
        byte[] file =
        [
            .. Encoding.UTF8.GetBytes("编号,名称\n" + string.Concat(Enumerable.Range(1, 50).Select(i => $"{i},东城街道第{i}社区\n"))),
            .. gb.GetBytes("51,西城街道办事处\n"),
            .. Encoding.UTF8.GetBytes("52,江南街道办事处\n"),
        ];
        var resource = await city.Publish(Item("编号"), Item("名称"));
        var batch = await city.Collect(resource, [("混.csv", file)]);
        Counts(batch).ShouldBe((52, 51, 1, 0, 0));
        var reject = (await Json(await city.Http.GetAsync($"api/v1/batches/{batch.GetProperty("number")}/rejects"))).GetProperty("items")[0];
        reject.GetProperty("line").GetInt64().ShouldBe(52);
        reject.GetProperty("faults")[0].GetProperty("code").GetString().ShouldBe("TAB-101");
        reject.GetProperty("faults")[0].GetProperty("hint").GetString()!.ShouldContain("编码");
    }
}
