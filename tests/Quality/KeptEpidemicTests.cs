// Real figures by kept rules: the daily official counts of early 2020, batch after batch. What the rules find was counted by hand before, and models find the same (tests/Computing).
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Tests.Support;
using static Lizhou.Tests.County;

namespace Lizhou.Quality.Tests;

public sealed class KeptEpidemicTests(QualityCity city) : IClassFixture<QualityCity>
{
    private const string Rules = """
        rules:
        - name: 全国数等于各省之和
          kind: AddsUp
          columns: [date, confirmed]
          dimension: Consistency
          whole: [{column: country_code, value: CN}, {column: province, empty: true}]
          parts: [{column: country_code, value: CN}, {column: province, empty: false}, {column: city, empty: true}]
          reason: 全国数与各省之和不符
        - name: 累计数不回落
          kind: NeverFalls
          columns: [province, city, date, confirmed]
          dimension: Accuracy
          of: [{column: country_code, value: CN}]
          reason: 累计确诊数比前一日少
        - name: 地名应有代码
          kind: Denial
          dimension: Completeness
          severity: Notice
          never: [{column: city, empty: false}, {column: city_code, empty: true}]
          reason: 有地名而没有代码
        """;

    [Fact]
    public async Task Kept_rules_find_the_days_that_do_not_add_up_the_counts_that_fall_and_the_places_without_a_code()
    {
        var days = Directory.GetFiles(Shared.Path("china/ncov_daily/daily"), "*.csv").Order(StringComparer.Ordinal).ToList();
        days.Count.ShouldBe(112);
        var card = await city.Resource("疫情逐日通报", null,
        [
            ItemCard.Of("date", ItemType.Date, "date", level: Level.L1), .. new[] { ("country", "country"), ("countryCode", "country_code"), ("province", "province"), ("provinceCode", "province_code"), ("city", "city"), ("cityCode", "city_code") }
                .Select(i => ItemCard.Of(i.Item1, column: i.Item2, level: Level.L1)),
            .. new[] { "confirmed", "suspected", "cured", "dead" }.Select(i => ItemCard.Of(i, ItemType.Integer, i, level: Level.L1)),
        ]);
        await Json(await city.Steward.PutAsJsonAsync(new Uri($"/api/v1/rules/{card.Id}/draft", UriKind.Relative), new { yaml = Rules }));
        await Json(await city.Steward.PostAsync(new Uri($"/api/v1/rules/{card.Id}/in-force", UriKind.Relative), null));

        await Send(card, days[..80]);
        await Send(card, days[80..111]);
        await Send(card, days[111..]);
        var rows = days.SelectMany(d => File.ReadLines(d).Skip(1).Where(l => l.Length > 0)).Select(l => l.Split(',')).ToList();
        var nameless = rows.Where(r => r[5].Length > 0 && r[6].Length == 0).ToList();
        nameless.Select(r => (r[3], r[5])).Distinct().Count().ShouldBe(59);

        var view = await Wait.For(
            async () => await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/rules/of/{card.Code}", UriKind.Relative))), v => v.GetProperty("rows") is { ValueKind: JsonValueKind.Number } all && all.GetInt64() == rows.Count);
        var found = view.GetProperty("rules").EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!, r => r.GetProperty("failed").GetInt64());
        found["全国数等于各省之和"].ShouldBe(62);
        found["累计数不回落"].ShouldBe(65);
        found["地名应有代码"].ShouldBe(nameless.Count);
        // Of 112 days so many do not add up: each day is a group, and the score is of days.
        var byName = view.GetProperty("rules").EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!, r => r.GetProperty("judged").GetInt64());
        byName["全国数等于各省之和"].ShouldBe(112);
        var dimension = view.GetProperty("dimensions").EnumerateArray().Single(d => d.GetProperty("dimension").GetString() == "Consistency");
        dimension.GetProperty("score").GetDecimal().ShouldBe(Math.Round(100m * 50 / 112, 2));
        var listed = (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/rules/{card.Id}/rows?rule={Uri.EscapeDataString("全国数等于各省之和")}", UriKind.Relative)))).GetProperty("rows").EnumerateArray().ToList();
        listed.Count.ShouldBe(62);
        listed.ShouldAllBe(r => r.GetProperty("note").GetString()!.Contains("各部分之和"));
        var fallen = (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/rules/{card.Id}/rows?rule={Uri.EscapeDataString("累计数不回落")}", UriKind.Relative)))).GetProperty("rows").EnumerateArray().ToList();
        fallen.Count.ShouldBe(65);
        var tickets = await Wait.For(
            async () => (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/tickets?resource={card.Id}&size=50", UriKind.Relative)))).GetProperty("items").EnumerateArray().ToList(),
            all => all.Sum(t => t.GetProperty("found").GetInt64()) == 62 + 65);
        tickets.ShouldAllBe(t => t.GetProperty("origin").GetString() == "Rule");
        view.GetProperty("filesRead").GetInt32().ShouldBe(1, "the last day's file alone was read");
    }

    private async Task Send(ResourceCard card, IEnumerable<string> files)
    {
        using var form = new MultipartFormDataContent { { new StringContent(card.Code), "resource" } };
        foreach (var file in files)
        {
            form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)), "files", Path.GetFileName(file));
        }

        var number = (await Json(await city.Engineer.PostAsync(new Uri("/api/v1/batches", UriKind.Relative), form))).GetProperty("number").GetString()!;
        await Wait.Until(async () => (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/batches/{number}", UriKind.Relative)))).GetProperty("batch").GetProperty("state").GetString() == "Landed");
        await Wait.Until(async () => (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/rules/of/{card.Code}", UriKind.Relative)))).GetProperty("history").EnumerateArray().Any(s => s.GetProperty("batch").GetString() == number));
    }
}
