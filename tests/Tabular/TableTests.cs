// Headers, preambles, units, notes, types and oddities as people write them.
using Lizhou.Tests.Support;

namespace Lizhou.Tabular.Tests;

public sealed class TableTests
{
    [Fact]
    public void Statistics_exports_give_preamble_header_unit_and_notes()
    {
        foreach (var file in Directory.GetFiles(Shared.Path("china/nbs_gb2312"), "*.csv"))
        {
            var table = Inspector.Inspect(file).Value.Tables.ShouldHaveSingleItem();
            table.Shape.Encoding.ShouldBe("gb18030");
            (table.Shape.PreambleRows, table.Shape.HeaderRows, table.Rows).ShouldBe((3, 1, 31), file);
            table.Preview[0].Cells[0].ShouldBe("北京市");
            table.Notes[^1].ShouldBe("数据来源：国家统计局");
            var unit = table.Preamble[1][(table.Preamble[1].LastIndexOf('(') + 1)..].TrimEnd(')');
            table.Shape.Columns.Where(c => c.Type is ColumnType.Integer or ColumnType.Decimal).ShouldAllBe(c => c.Unit == unit);
        }
    }

    [Fact]
    public void Odd_files_each_give_a_table_or_a_clear_refusal()
    {
        var files = Directory.GetFiles(Shared.Path("csv/excel_and_odd")).Where(f => Path.GetExtension(f) is not (".txt" or ".md")).ToList();
        files.Count.ShouldBeGreaterThanOrEqualTo(29);
        foreach (var file in files)
        {
            var found = Inspector.Inspect(file);
            if (Path.GetFileName(file).StartsWith("password", StringComparison.Ordinal))
            {
                found.Problem!.Code.ShouldBe("TAB-004");
                continue;
            }

            foreach (var table in found.Value.Tables.Where(t => t.Shape.Format != Format.Parquet && t.Shape.Columns.Count > 0))
            {
                using var reader = RowReader.Open(file, table.Shape);
                var rows = reader.Rows().ToList();
                ((long?)rows.Count).ShouldBe(table.Rows, file);
                rows.Count(r => r.Fault is { Code: not "TAB-107" }).ShouldBe(0, file);
            }
        }
    }

    [Fact]
    public void Preamble_and_encoding_of_real_files_are_right()
    {
        var river = Inspector.Inspect(Shared.Path("csv/excel_and_odd/iwfg09_Phos_river_200911.csv")).Value.Tables[0].Shape;
        river.PreambleRows.ShouldBeGreaterThanOrEqualTo(15);
        Inspector.Inspect(Shared.Path("csv/excel_and_odd/Inpatients_MHA_Machine_readable_dataset_1011.csv")).Value.Tables[0].Shape.Encoding.ShouldBe("utf-16le");
        var fco = Inspector.Inspect(Shared.Path("csv/excel_and_odd/FCOServices_TransparencySpend_May2011.csv")).Value.Tables[0];
        (fco.Shape.Dialect!.RecordEnd, fco.Rows).ShouldBe(("\r", 4));
        var dates = Inspector.Inspect(Shared.Path("csv/excel_and_odd/excel-1904-epoch.xlsx")).Value.Tables[0];
        dates.Preview.Select(r => r.Cells[1]).ShouldBe(["2024-01-15", "2020-07-04"]);
    }

    [Theory]
    [InlineData("2020-01-02", ColumnType.Date, "yyyy-MM-dd"), InlineData("2020/1/2", ColumnType.Date, "yyyy/M/d"), InlineData("20200102", ColumnType.Date, "yyyyMMdd")]
    [InlineData("2020年1月2日", ColumnType.Date, "yyyy年M月d日"), InlineData("02.01.2020", ColumnType.Date, "d.M.yyyy"), InlineData("13/01/2020", ColumnType.Date, "d/M/yyyy")]
    [InlineData("01/13/2020", ColumnType.Date, "M/d/yyyy"), InlineData("2020-01-02 13:14:15", ColumnType.DateTime, "yyyy-MM-dd HH:mm:ss"), InlineData("2020-01-02T13:14:15Z", ColumnType.DateTime, "yyyy-MM-dd'T'HH:mm:ssK")]
    [InlineData("12:30", ColumnType.Time, "HH:mm"), InlineData("007", ColumnType.Text, null), InlineData("1,234", ColumnType.Integer, "#"), InlineData("-3.5", ColumnType.Decimal, null)]
    [InlineData("¥12.50", ColumnType.Money, "¥"), InlineData("300万元", ColumnType.Money, "万元"), InlineData("12%", ColumnType.Decimal, "%"), InlineData("13905790000", ColumnType.Phone, null)]
    [InlineData("11010519491231002X", ColumnType.IdNumber, null), InlineData("91330784MA2E1ABC3X", ColumnType.Uscc, null), InlineData("2020-02-30", ColumnType.Text, null)]
    public void A_value_has_the_type_it_looks_like(string value, ColumnType type, string? format) =>
        Types.CellKind.Of(value).ShouldBe(new Types.CellKind(type, format));

    [Theory]
    [InlineData("编号,日期\n1,05/06/2026\n2,07/08/2026\n3,05/05/2026\n", "d/M/yyyy|M/d/yyyy")]
    [InlineData("编号,日期\n1,05/06/2026\n2,13/08/2026\n3,05/05/2026\n", "d/M/yyyy")]
    [InlineData("编号,日期\n1,05/06/2026\n2,08/13/2026\n3,05/05/2026\n", "M/d/yyyy")]
    [InlineData("编号,日期\n1,05-06-2026 1:30 PM\n2,07-08-2026 2:30 PM\n3,05-05-2026 3:30 PM\n", "d-M-yyyy|M-d-yyyy h:mm tt")]
    [InlineData("编号,日期\n1,05/06/2026\n2,13/08/2026\n3,12/25/2026\n", null)]
    [InlineData("编号,日期,办结\n1,05/06/2026,12/25/2026\n2,07/08/2026,12/26/2026\n", "M/d/yyyy")]
    public void Day_or_month_first_is_what_a_value_of_the_table_shows_or_is_open(string text, string? format) =>
        Inspect(text).Shape.Columns[1].Format.ShouldBe(format);

    [Fact]
    public void Two_header_rows_with_merged_groups_become_one_name_each()
    {
        var table = Inspect("地区,人口,,产值,\n,2019,2020,2019,2020\n永康,10,11,3.5,4.1\n义乌,20,22,7.5,8.3\n武义,5,6,1.5,1.8\n");
        table.Shape.Columns.Select(c => c.Name).ShouldBe(["地区", "人口 2019", "人口 2020", "产值 2019", "产值 2020"]);
        table.Rows.ShouldBe(3);
    }

    [Fact]
    public void A_row_of_units_gives_the_columns_their_units()
    {
        var table = Inspect("站名,水位,流量\n,m,m3/s\n永康江,4.91,120.5\n南溪,5.02,88.1\n");
        table.Shape.UnitRow.ShouldBeTrue();
        table.Shape.Columns.Select(c => c.Unit).ShouldBe([null, "m", "m3/s"]);
        table.Rows.ShouldBe(2);
    }

    [Fact]
    public void A_title_a_unit_line_and_notes_stand_apart_from_the_rows()
    {
        var table = Inspect("2023年各镇街财政收入情况表,,,\n单位：万元,,,\n镇街,预算,实际,完成率\n东城街道,1200,1300.5,108%\n古山镇,900,850,94%\n合计,2100,2150.5,102%\n注：数据为快报数,,,\n制表：财政局,,,\n");
        (table.Shape.PreambleRows, table.Shape.HeaderRows, table.Rows, table.Notes.Count).ShouldBe((2, 1, 3, 2));
        table.Shape.Columns[1].Unit.ShouldBe("万元");
        table.Oddities.ShouldContain(o => o.Code == "TAB-O03");
    }

    [Fact]
    public void Files_without_header_keep_their_first_row()
    {
        var table = Inspect("1,2020-01-02,3.5\n2,2020-01-03,4.5\n3,2020-01-04,5.5\n");
        (table.Shape.HeaderRows, table.Rows).ShouldBe((0, 3));
    }

    [Fact]
    public void A_superfluous_delimiter_is_repaired_only_when_the_types_leave_one_answer()
    {
        var rows = string.Concat(Enumerable.Range(10, 30).Select(i => $"{i},2020-01-{i % 28 + 1:00},单位{i},{i}.5\n"));
        var table = Inspect("编号,日期,名称,金额\n" + rows + "99,,2020-02-02,单位,7.5\n98,2020-02-02,单位\n");
        var odd = ReadAll("编号,日期,名称,金额\n" + rows + "99,,2020-02-02,单位,7.5\n98,2020-02-02,单位\n", table.Shape).Where(r => r.Fault is not null).ToList();
        odd[0].Fault!.Repair.ShouldBe(["99", "2020-02-02", "单位", "7.5"]);
        odd.Count.ShouldBe(2);
        odd[1].Fault!.Repair.ShouldBeNull();
    }

    [Fact]
    public void A_stray_quote_costs_no_neighbour()
    {
        var text = "编号,名称,备注\n" + string.Concat(Enumerable.Range(1, 20).Select(i => $"{i},\"甲,乙{i}\",好\n")) + "21,\"甲,坏\n22,\"甲,乙\",好\n";
        var table = Inspect(text);
        var rows = ReadAll(text, table.Shape);
        rows.Count.ShouldBe(22);
        rows[21].Cells.ShouldBe(["22", "甲,乙", "好"]);
    }

    [Fact]
    public void Empty_columns_at_the_right_and_empty_rows_are_left_out()
    {
        var table = Inspect("a,b,,,\n1,x,,,\n2,y,,,\n,,,,\n,,,,\n");
        (table.Shape.Columns.Count, table.Shape.EmptyTail, table.Rows).ShouldBe((2, 3, 2));
    }

    [Fact]
    public void Nested_json_is_flattened_with_dots()
    {
        using var folder = new Folder();
        var path = folder.File("a.json", "{\"code\":0,\"data\":{\"list\":[{\"id\":1,\"who\":{\"name\":\"王\"},\"tags\":[\"a\",1]},{\"id\":2,\"big\":12345678901234567890.10}]}}");
        var table = Inspector.Inspect(path).Value.Tables[0];
        table.Shape.Path.ShouldBe("data.list");
        table.Shape.Columns.Select(c => c.Name).ShouldBe(["id", "who.name", "tags", "big"]);
        table.Preview.Select(r => string.Join('|', r.Cells)).ShouldBe(["1|王|[\"a\",1]|", "2|||12345678901234567890.10"]);
    }

    [Fact]
    public void A_broken_line_of_ndjson_is_one_faulty_row()
    {
        using var folder = new Folder();
        var path = folder.File("a.ndjson", "{\"id\":1}\n{\"id\":2\n{\"id\":3}\n");
        var shape = Inspector.Inspect(path).Value.Tables[0].Shape;
        using var reader = RowReader.Open(path, shape);
        reader.Rows().Select(r => (r.Line, r.Fault?.Code)).ShouldBe([(1, null), (2, "TAB-106"), (3, null)]);
    }

    [Fact]
    public void A_shape_survives_as_json()
    {
        var shape = Inspect("站名,水位\n,m\n永康江,4.91\n南溪,5.02\n").Shape;
        var again = FileShape.FromJson(shape.ToJson());
        again.ToJson().ShouldBe(shape.ToJson());
        again.Columns.ShouldBe(shape.Columns);
    }

    private static TableInspection Inspect(string text)
    {
        using var folder = new Folder();
        return Inspector.Inspect(folder.File("a.csv", text)).Value.Tables[0];
    }

    private static List<Row> ReadAll(string text, FileShape shape)
    {
        using var folder = new Folder();
        using var reader = RowReader.Open(folder.File("a.csv", text), shape);
        return [.. reader.Rows()];
    }
}
