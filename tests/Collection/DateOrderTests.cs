// Dates with the year last, on the real host: the order that a file shows is its own, what nothing shows is asked for and never guessed.
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Tests.Support;
using static Lizhou.Collection.Tests.RunningCity;

namespace Lizhou.Collection.Tests;

public sealed class DateOrderTests(RunningCity city) : IClassFixture<RunningCity>
{
    private const string Either = "编号,日期\n1,05/06/2026\n2,07/08/2026\n3,12/01/2026\n";

    [Fact]
    public async Task Dates_with_the_month_first_and_a_clock_of_twelve_hours_land_as_what_they_are()
    {
        var resource = await city.Publish(Item("Unique Key", key: true), Item("Created Date", "Moment"), Item("Closed Date", "Moment"), Item("Due Date", "Moment"));
        var batch = await city.Collect(resource, [("nyc311-100.csv", await File.ReadAllBytesAsync(Shared.Path("events/nyc311/nyc311-100.csv")))], ("drift", "Ignore"));
        Counts(batch).ShouldBe((100, 100, 0, 0, 0), batch.ToString());
        var profile = await Profile(batch);
        profile["Created Date"].ShouldBe((100, "2010-01-17 00:00:00", "2020-12-18 14:41:29"));
        profile["Closed Date"].ShouldBe((99, "2010-01-21 00:00:00", "2020-12-20 18:27:42"));
        profile["Due Date"].ShouldBe((42, "2010-05-01 17:59:44", "2019-07-28 14:08:05"));
    }

    [Fact]
    public async Task The_same_rows_with_the_day_first_land_as_those_with_the_year_first()
    {
        var items = new[] { Item("case_enquiry_id", key: true), Item("open_dt", "Moment"), Item("target_dt", "Moment"), Item("closed_dt", "Moment") };
        var dayFirst = await Profile(await Land("boston311-dmy-100.csv"));
        dayFirst.ShouldBe(await Profile(await Land("boston311-100.csv")), ignoreOrder: true);
        dayFirst["target_dt"].ShouldBe((89, "2022-01-03 10:32:34", "2022-05-20 13:03:21"));

        async Task<JsonElement> Land(string name)
        {
            var batch = await city.Collect(await city.Publish(items), [(name, await File.ReadAllBytesAsync(Shared.Path("events/boston311/" + name)))], ("drift", "Ignore"));
            Counts(batch).ShouldBe((100, 100, 0, 0, 0), batch.ToString());
            return batch;
        }
    }

    [Theory]
    [InlineData("day", "2026-01-12", "2026-08-07")]
    [InlineData("month", "2026-05-06", "2026-12-01")]
    public async Task Dates_that_could_be_either_are_refused_until_the_order_is_said(string order, string least, string greatest)
    {
        var resource = await city.Publish(Item("编号", key: true), Item("日期", "Date"));
        var refused = await city.Collect(resource, Either);
        refused.GetProperty("state").GetString().ShouldBe("Refused");
        refused.GetProperty("problem").GetProperty("code").GetString().ShouldBe("COL-030");
        refused.GetProperty("problem").GetProperty("what").GetString()!.ShouldContain("日期");

        var path = Path.Combine(city.Data, $"either-{order}.csv");
        await File.WriteAllTextAsync(path, Either);
        var said = await city.Command("collect", path, "--resource", resource, "--dates", order, "--json");
        said.Code.ShouldBe(0, said.Out + said.Error);
        (await Profile(JsonDocument.Parse(said.Out).RootElement))["日期"].ShouldBe((3, least, greatest));
    }

    [Fact]
    public async Task One_date_that_shows_the_order_shows_it_for_all_columns_of_its_table_and_files_that_differ_are_sent_apart()
    {
        var resource = await city.Publish(Item("编号", key: true), Item("日期", "Date"), Item("办结", "Date"));
        var (month, day) = ("编号,日期,办结\n1,05/06/2026,11/24/2026\n2,07/08/2026,05/06/2026\n", "编号,日期,办结\n3,05/06/2026,24/11/2026\n4,07/08/2026,05/06/2026\n");
        var batch = await city.Collect(resource, month);
        Counts(batch).ShouldBe((2, 2, 0, 0, 0));
        (await Profile(batch))["日期"].ShouldBe((2, "2026-05-06", "2026-07-08"));

        var torn = await city.Collect(resource, [("a.csv", Encoding.UTF8.GetBytes(month)), ("b.csv", Encoding.UTF8.GetBytes(day))]);
        torn.GetProperty("problem").GetProperty("code").GetString().ShouldBe("COL-031");
    }

    [Fact]
    public async Task A_column_that_shows_both_orders_is_no_column_of_dates_and_a_text_keeps_its_dates_as_written()
    {
        var resource = await city.Publish(Item("编号", key: true), Item("日期", "Date"));
        Counts(await city.Collect(resource, "编号,日期\n1,05/06/2026\n2,13/08/2026\n3,12/25/2026\n")).ShouldBe((3, 0, 3, 0, 0));
        Counts(await city.Collect(await city.Publish(Item("编号", key: true), Item("日期")), Either)).ShouldBe((3, 3, 0, 0, 0));
    }

    [Fact]
    public async Task Mended_rows_are_read_in_the_order_of_the_batch_they_mend()
    {
        var resource = await city.Publish(Item("编号", key: true), Item("日期", "Date"), Item("金额", "Money"));
        var batch = await city.Collect(resource, "编号,日期,金额\n1,05/06/2026,1\n2,07/08/2026,二\n", ("dates", "day"));
        Counts(batch).ShouldBe((2, 1, 1, 0, 0));
        var number = batch.GetProperty("number").GetString()!;
        var replay = await city.Ended(await Json(await city.Replay(number, $"问题编号,编号,日期,金额\n{number}#1,2,07/08/2026,2\n")));
        Counts(replay).ShouldBe((1, 1, 0, 0, 0), replay.ToString());
        (await Profile(replay))["日期"].ShouldBe((1, "2026-08-07", "2026-08-07"));
    }

    [Fact]
    public async Task A_sources_contract_says_the_order_where_a_file_does_not()
    {
        var resource = await city.Publish(Item("编号", key: true), Item("日期", "Date"));
        var shape = """{"format":"Csv","dialect":{},"headerRows":1,"columns":[{"name":"编号"},{"name":"日期","type":"Date","format":"d/M/yyyy"}]}""";
        var batch = await city.Collect(resource, Either, ("shape", shape));
        Counts(batch).ShouldBe((3, 3, 0, 0, 0), batch.ToString());
        (await Profile(batch))["日期"].ShouldBe((3, "2026-01-12", "2026-08-07"));
    }

    /// <summary>How many values each item has, the least and the greatest.</summary>
    private async Task<Dictionary<string, (long Filled, string? Min, string? Max)>> Profile(JsonElement batch) =>
        (await Json(await city.Http.GetAsync($"api/v1/batches/{batch.GetProperty("number").GetString()}"))).GetProperty("profile").EnumerateArray().ToDictionary(
            p => p.GetProperty("item").GetString()!, p => (p.GetProperty("filled").GetInt64(), p.GetProperty("min").GetString(), p.GetProperty("max").GetString()));
}
