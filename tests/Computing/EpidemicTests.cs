// Real figures as models see them: the daily official counts of early 2020, day after day. What is found in them was counted by hand before.
using System.Text.Json;
using Lizhou.Tests.Support;

namespace Lizhou.Computing.Tests;

public sealed class EpidemicTests(Town town) : IClassFixture<Town>
{
    [Fact]
    public async Task Models_find_the_days_that_do_not_add_up_the_counts_that_fall_and_the_places_without_a_code()
    {
        var folder = Shared.Path("china/ncov_daily/daily");
        var days = Directory.GetFiles(folder, "*.csv").Order(StringComparer.Ordinal).Select(f => (Path.GetFileName(f), File.ReadAllBytes(f))).ToArray();
        days.Length.ShouldBe(112);
        var (_, code, table) = await town.Publish(
            "新冠疫情逐日通报", ("date", "date", "Date", false, "L1"), ("country", "country", "Text", false, "L1"), ("countryCode", "country_code", "Text", false, "L1"), ("province", "province", "Text", false, "L1"),
            ("provinceCode", "province_code", "Text", false, "L1"), ("city", "city", "Text", false, "L1"), ("cityCode", "city_code", "Text", false, "L1"), ("confirmed", "confirmed", "Integer", false, "L1"),
            ("suspected", "suspected", "Integer", false, "L1"), ("cured", "cured", "Integer", false, "L1"), ("dead", "dead", "Integer", false, "L1"));
        await town.Save(Town.Text("ncov_sums", $"""
            SELECT date, sum(confirmed) FILTER (WHERE coalesce(province, '') = '') AS national, sum(confirmed) FILTER (WHERE coalesce(province, '') <> '' AND coalesce(city, '') = '') AS provinces
            FROM {table} WHERE country_code = 'CN' GROUP BY date
            """, "key: [date]\nincremental: date"));
        var differs = await town.Save(Town.Text("ncov_differs", "SELECT date, national - provinces AS gap FROM ncov_sums WHERE national <> provinces", "key: [date]", "theme"));
        var falls = await town.Save(Town.Text("ncov_falls", $"""
            SELECT date, province, city, confirmed, before FROM (
              SELECT date, province, city, confirmed, lag(confirmed) OVER (PARTITION BY province, city ORDER BY date) AS before FROM {table} WHERE country_code = 'CN') AS d
            WHERE confirmed < before
            """));
        var nameless = await town.Save(Town.Text("ncov_nameless", $"SELECT DISTINCT province, city FROM {table} WHERE coalesce(city, '') <> '' AND coalesce(city_code, '') = ''"));

        await town.Collect(code, days[..80]);
        Town.Step(await town.Run("ncov_sums"), "ncov_sums").GetProperty("rows").GetInt64().ShouldBe(80);
        await town.Collect(code, days[80..]);
        var run = await town.Run("ncov_sums", "ncov_differs", "ncov_falls", "ncov_nameless");
        run.GetProperty("state").GetString().ShouldBe("Built", run.ToString());
        var sums = Town.Step(run, "ncov_sums");
        (sums.GetProperty("mode").GetString(), sums.GetProperty("added").GetInt64(), sums.GetProperty("removed").GetInt64(), sums.GetProperty("rows").GetInt64()).ShouldBe(("Slices", 32, 0, 112));

        (await Count(differs)).ShouldBe("62");
        (await Count(falls)).ShouldBe("65");
        (await Count(nameless)).ShouldBe("59");
    }

    private async Task<string> Count(JsonElement model) => (await town.Query($"SELECT count(*) FROM {model.GetProperty("table").GetString()}"))[0];
}
