// Real files of real offices through the same door: counts equal those of the sets' own descriptions.
using System.Text;
using Lizhou.Tests.Support;
using static Lizhou.Collection.Tests.RunningCity;

namespace Lizhou.Collection.Tests;

public sealed class ChinaTests(RunningCity city) : IClassFixture<RunningCity>
{
    [Fact]
    public async Task A_folder_of_112_daily_files_is_one_batch_and_adds_nothing_the_second_time()
    {
        var folder = Shared.Path("china/ncov_daily/daily");
        var resource = await city.Publish(
            Item("日期", "Date"), Item("国家"), Item("国家代码"), Item("省"), Item("省代码"), Item("市"), Item("市代码"),
            Item("确诊", "Integer"), Item("疑似", "Integer"), Item("治愈", "Integer"), Item("死亡", "Integer"));
        const string mapping = """
            {"date":"日期","country":"国家","countryCode":"国家代码","province":"省","provinceCode":"省代码","city":"市","cityCode":"市代码",
             "confirmed":"确诊","suspected":"疑似","cured":"治愈","dead":"死亡"}
            """;
        var files = Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(f => (Path.GetFileName(f), File.ReadAllBytes(f))).ToList();
        Counts(await city.Collect(resource, files, ("mapping", mapping))).ShouldBe((61_700, 61_700, 0, 0, 0));
        Counts(await city.Collect(resource, files, ("mapping", mapping))).ShouldBe((61_700, 0, 0, 61_700, 0));
    }

    [Fact]
    public async Task The_statistics_exports_in_GB2312_with_preamble_and_notes_are_read_as_tables()
    {
        var file = Shared.Path("china/nbs_gb2312/分省年度数据.csv");
        var resource = await city.Publish([Item("地区", required: true), .. Enumerable.Range(2006, 19).Select(y => Item($"{y}年", "Number", precision: 18, scale: 2))]);
        var batch = await city.Collect(resource, [(Path.GetFileName(file), File.ReadAllBytes(file))]);
        Counts(batch).ShouldBe((33, 31, 0, 0, 2)); // the two notes below the table are filtered
    }

    [Fact]
    public async Task Divisions_come_in_with_their_codes_as_texts_and_a_newer_edition_updates_by_key()
    {
        var (old, now) = (Shared.Path("china/divisions/yongkang_villages_2021.csv"), Shared.Path("china/divisions/yongkang_villages_2023.csv"));
        var resource = await city.Publish(Item("code", key: true), Item("name", required: true), Item("streetCode"), Item("provinceCode"), Item("cityCode"), Item("areaCode"));
        var first = Counts(await city.Collect(resource, [("2021.csv", File.ReadAllBytes(old))]));
        first.Item2.ShouldBe(first.Item1);
        var second = Counts(await city.Collect(resource, [("2023.csv", File.ReadAllBytes(now))]));
        second.ShouldBe((452, 452 - second.Item4, 0, second.Item4, 0));
        second.Item4.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Odd_spreadsheets_land_or_are_refused_in_words_and_the_host_lives()
    {
        var resource = await city.Publish(Item("甲", required: true));
        foreach (var file in Directory.EnumerateFiles(Shared.Path("csv/excel_and_odd")).Where(f => Path.GetExtension(f) is not (".md" or ".txt") && new FileInfo(f).Length < 5_000_000))
        {
            var batch = await city.Collect(resource, [(Path.GetFileName(file), File.ReadAllBytes(file))], ("drift", "Ignore"));
            Counts(batch);
            batch.GetProperty("state").GetString().ShouldBe("Refused", Path.GetFileName(file));
            batch.GetProperty("problem").GetProperty("todo").GetString()!.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task The_counts_add_up_whatever_the_file_holds()
    {
        var resource = await city.Publish(Item("键", key: true), Item("数", "Integer"), Item("日", "Date"));
        var random = new Random(7);
        string[] keys = ["K1", "K2", "K3", "", "K4", "K5"], numbers = ["1", "2", "", "x", "1,000", "9999999999999999999"], days = ["2026-01-01", "2026-02-30", "", "20260103", "?"];
        for (var round = 0; round < 12; round++)
        {
            var rows = random.Next(1, 60);
            var text = new StringBuilder("键,数,日\n");
            for (var i = 0; i < rows; i++)
            {
                text.Append(keys[random.Next(keys.Length)]).Append(random.Next(40)).Append(',').Append('"').Append(numbers[random.Next(numbers.Length)]).Append("\",")
                    .Append(days[random.Next(days.Length)]).Append(random.Next(12) == 0 ? ",多一格" : "").Append('\n');
            }

            var batch = await city.Collect(resource, text.ToString());
            if (batch.GetProperty("state").GetString() == "Landed")
            {
                Counts(batch).Item1.ShouldBe(rows, text.ToString());
            }
        }
    }
}
