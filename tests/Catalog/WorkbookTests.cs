using System.Net;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Tabular.Writers;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Catalog.Tests.TestCity;

namespace Lizhou.Catalog.Tests;

public sealed class WorkbookTests(TestCity city) : IClassFixture<TestCity>, IAsyncLifetime
{
    private const string Root = "/api/v1/resources";

    public async ValueTask InitializeAsync()
    {
        var odd = Entry("=1+1 危险名称") with
        {
            Id = Guid.Parse("019a0000-0000-7000-8000-0000000000b1"),
            Keywords = ["甲", "乙 丙"],
            Related = ["303001/000001", "303001/000002"],
            Ways = [SharingWay.Api, SharingWay.File],
            Items =
            [
                ItemCard.Of("编号", length: 6, key: true, format: "[0-9]{6}"), ItemCard.Of("类别", codes: ["01", "02"], level: Level.L4),
                ItemCard.Of("金额", ItemType.Money, precision: 20, scale: 4, meaning: "第一行\n第二行"), ItemCard.Of("时间", ItemType.Moment),
            ],
        };
        var plain = Entry("平常资源") with { Id = Guid.Parse("019a0000-0000-7000-8000-0000000000b2"), System = HealthSystem, Open = true, OpenCondition = "脱敏" };
        (await city.Services.GetRequiredService<ICatalogBulk>().Publish([odd, plain], Actor.System, default)).Problem.ShouldBeNull();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Export_imported_again_changes_nothing()
    {
        var book = await city.Steward.GetByteArrayAsync($"{Root}/export");
        var report = await Ok(await Send(book, write: true));
        Effects(report).ShouldAllBe(e => e == "Same");
        Effects(report).Count.ShouldBeGreaterThanOrEqualTo(2);
        var view = await Ok(await city.Steward.GetAsync($"{Root}/019a0000-0000-7000-8000-0000000000b1"));
        view.GetProperty("opened").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Template_filled_in_becomes_drafts_with_codes()
    {
        var book = Book(
            [["", "303001", "导入资源", "", "113307843077566033", "卫生综合管理系统", "说明", "数据库", "有条件共享", "按需", "", "接口、库表", "否", "", "每日", "", "张科", "", "甲|乙"]],
            [["", "导入资源", "身份证号", "", "C", "18", "", "", "是", "是", "L3", "公民身份号码"], ["", "导入资源", "登记日期", "reg_on", "日期型"]]);
        var seen = await Ok(await Send(book, write: false));
        Effects(seen).ShouldBe(["New"]);
        (await Ok(await city.Steward.GetAsync($"{Root}?q=导入资源"))).GetProperty("page").GetProperty("total").GetInt64().ShouldBe(0);

        var done = await Ok(await Send(book, write: true));
        var id = done.GetProperty("lines")[0].GetProperty("id").GetGuid();
        var view = await Ok(await city.Steward.GetAsync($"{Root}/{id}"));
        view.GetProperty("state").GetString().ShouldBe("Draft");
        var items = view.GetProperty("entry").GetProperty("items");
        items.EnumerateArray().Select(i => i.GetProperty("column").GetString()).ShouldBe(["id_number", "reg_on"]);
        items[1].GetProperty("type").GetString().ShouldBe("Date");
        view.GetProperty("entry").GetProperty("ways").EnumerateArray().Select(w => w.GetString()).ShouldBe(["Api", "Table"]);
    }

    [Fact]
    public async Task One_fault_stops_the_whole_workbook_and_is_named_by_its_cell()
    {
        var book = Book(
            [
                ["", "303001", "好的资源", "", "113307843077566033", "", "说明", "", "无条件共享", "", "", "接口"],
                ["", "303001", "坏的资源", "", "113307843077566033", "", "", "", "随便共享", "", "", "接口"],
            ],
            [["", "好的资源", "甲", "", "C"], ["", "坏的资源", "乙", "", "C", "很长"], ["", "没有的资源", "丙", "", "Z"]]);
        var response = await Send(book, write: true);
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var report = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        report.GetProperty("done").GetBoolean().ShouldBeFalse();
        var faults = report.GetProperty("faults").EnumerateArray()
            .Select(f => $"{f.GetProperty("sheet").GetString()} {f.GetProperty("line").GetInt64()} {f.GetProperty("column").GetString()}").ToList();
        faults.ShouldBe(["信息项 3 长度", "信息项 4 资源代码", "目录 3 共享类型", "目录 3 摘要", "目录 3 共享条件"], ignoreOrder: true);
        (await Ok(await city.Steward.GetAsync($"{Root}?q=好的资源"))).GetProperty("page").GetProperty("total").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Import_cannot_write_into_another_unit()
    {
        var book = Book([["", "303001", "越权导入", "", "11330600MB1573660P", "", "说明", "", "无条件共享", "", "", "接口"]], [["", "越权导入", "甲", "", "C"]]);
        var response = await Send(book, write: true);
        (await response.Content.ReadAsStringAsync()).ShouldContain("本单位");
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("not a workbook")]
    [InlineData("PK\u0003\u0004 broken")]
    public async Task What_is_no_workbook_is_refused(string text) => (await Refusal(await Send(Encoding.UTF8.GetBytes(text), write: true))).ShouldBe("CAT-030");

    [Fact]
    public async Task Csv_holds_the_current_filter_and_is_harmless_in_a_spreadsheet()
    {
        var csv = await city.Steward.GetStringAsync($"{Root}/export?format=csv&q=危险名称");
        var lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldContain("资源代码");
        csv.ShouldContain("'=1+1 危险名称");
        csv.ShouldNotContain("平常资源");
    }

    private static byte[] Book(string[][] resources, string[][] items)
    {
        using var file = new MemoryStream();
        using (var writer = new XlsxWriter(file))
        {
            foreach (var (title, columns, rows) in new[] { (Workbook.Sheets.Resources, Workbook.Sheets.ResourceColumns, resources), (Workbook.Sheets.Items, Workbook.Sheets.ItemColumns, items) })
            {
                writer.BeginSheet(title.Zh);
                writer.Write(columns.Select(c => new SheetCell(c.Title.Zh)));
                foreach (var row in rows)
                {
                    writer.Write(row.Select(c => new SheetCell(c)));
                }
            }
        }

        return file.ToArray();
    }

    private static List<string?> Effects(JsonElement report) => [.. report.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("effect").GetString())];

    private Task<HttpResponseMessage> Send(byte[] book, bool write) => city.Steward.PostAsync($"{Root}/import?write={write}", new ByteArrayContent(book));
}
