// Cases reported by systems and sensors as JSON: once, however often it is sent; with what was measured; what is wrong told by the name of its field.
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Lizhou.Cases.Ledger;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class SystemReportTests(CaseCity city) : IClassFixture<CaseCity>
{
    [Fact]
    public async Task A_sensor_reports_once_however_often_it_sends_and_its_value_is_in_the_words()
    {
        using var sensor = await Channel();
        var body = new { @class = "0110", place = "330784001", x = 120.03, y = 28.9, device = "水位计 7 号（模拟）", measured = new { name = "水位", value = 3.25, unit = "m", limit = 3.0 } };
        var first = await Json(await Send(sensor, body, "a-1"));
        var number = first.GetProperty("number").GetString()!;
        (first.GetProperty("link").GetString(), first.GetProperty("state").GetString()).ShouldBe(($"/progress?number={number}", "reported"));
        (await Json(await Send(sensor, body, "a-1"))).GetProperty("number").GetString().ShouldBe(number);
        (await Json(await Send(sensor, body, "a-2"))).GetProperty("number").GetString().ShouldNotBe(number);
        var kept = (await city.Detail(number)).GetProperty("case");
        (kept.GetProperty("source").GetString(), kept.GetProperty("class").GetString(), kept.GetProperty("node").GetString(), kept.GetProperty("x").GetDouble()).ShouldBe(("Sensor", "0110", "330784001", 120.03));
        kept.GetProperty("words").GetString()!.ShouldContain("水位 3.25 m");
        kept.GetProperty("words").GetString()!.ShouldContain("水位计 7 号");
        using var visitor = city.Visitor();
        (await visitor.GetAsync(first.GetProperty("link").GetString())).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_device_with_a_wrong_clock_or_a_person_a_month_late_begins_a_case_with_its_receipt_and_what_was_claimed_is_kept()
    {
        using var sensor = await Channel();
        var now = DateTimeOffset.UtcNow;
        var wrong = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.FromHours(8));
        await Begins((await Json(await sensor.PostAsJsonAsync("/api/v1/case-reports", new { text = "水位过高", place = "330784001", at = wrong }))).GetProperty("number").GetString()!, null, wrong);
        await Begins((await Json(await sensor.PostAsJsonAsync("/api/v1/case-reports", new { text = "水位过高", place = "330784001", at = now.AddHours(-20) }))).GetProperty("number").GetString()!, now.AddHours(-20), null);
        await Begins(await ByHand(now.AddDays(-30)), null, now.AddDays(-30));
        await Begins(await ByHand(now.AddDays(-3)), now.AddDays(-3), null);
        (await Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);

        async Task<string> ByHand(DateTimeOffset at) => (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/cases", new { words = "昨夜记录的来电", place = "330784001", at }))).GetProperty("number").GetString()!;

        async Task Begins(string number, DateTimeOffset? seen, DateTimeOffset? claimed)
        {
            var detail = await city.Detail(number);
            var reported = detail.GetProperty("case").GetProperty("reportedAt").GetDateTimeOffset();
            (reported - (seen ?? DateTimeOffset.UtcNow)).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(2));
            number.ShouldStartWith($"SJ{reported.ToOffset(TimeSpan.FromHours(8)):yyyyMMdd}-");
            var kept = detail.GetProperty("events")[0].GetProperty("claimed");
            (kept.ValueKind == System.Text.Json.JsonValueKind.Null ? (DateTimeOffset?)null : kept.GetDateTimeOffset()).ShouldBe(claimed);
            (await city.Bureau.GetStringAsync($"/cases/{number}")).Contains("报称发现时间", StringComparison.Ordinal).ShouldBe(claimed is not null);
        }
    }

    [Theory]
    [InlineData("整数部分不超过 28 位", """{"text":"水位过高","place":"330784001","measured":{"name":"水位","value":1e308}}""")]
    [InlineData("text", """{"place":"330784001"}""")]
    [InlineData("text", """{"text":"坏","place":"330784001"}""")]
    [InlineData("place", """{"text":"路灯不亮了"}""")]
    [InlineData("place", """{"text":"路灯不亮了","place":"999999"}""")]
    [InlineData("class", """{"class":"9999","place":"330784001"}""")]
    [InlineData("x", """{"text":"路灯不亮了","x":120.03}""")]
    [InlineData("x", """{"text":"路灯不亮了","x":720.03,"y":28.9}""")]
    [InlineData("measured", """{"text":"水位过高","place":"330784001","measured":{"name":"水位"}}""")]
    [InlineData("media", """{"text":"水位过高","place":"330784001","media":"javascript:alert(1)"}""")]
    public async Task What_is_wrong_is_told_by_the_name_of_its_field(string field, string body)
    {
        using var sensor = await Channel();
        using var answer = await sensor.PostAsync("/api/v1/case-reports", new StringContent(body, new MediaTypeHeaderValue("application/json")));
        ((int)answer.StatusCode).ShouldBe(400);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(field);
    }

    [Fact]
    public async Task Only_a_channels_key_counts_and_nothing_larger_than_64_KB()
    {
        var body = new { text = "路灯不亮了", place = "330784001" };
        (await city.Bureau.PostAsJsonAsync("/api/v1/case-reports", body)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var visitor = city.Visitor();
        (await visitor.PostAsJsonAsync("/api/v1/case-reports", body)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var sensor = await Channel();
        using var large = new StringContent($$"""{"text":"{{new string('x', 70_000)}}","place":"330784001"}""", new MediaTypeHeaderValue("application/json"));
        (await Refusal(await sensor.PostAsync("/api/v1/case-reports", large))).ShouldBe("CAS-073");
    }

    private static async Task<HttpResponseMessage> Send(HttpClient who, object body, string key)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Post, "/api/v1/case-reports") { Content = JsonContent.Create(body) };
        ask.Headers.Add("Idempotency-Key", key);
        return await who.SendAsync(ask);
    }

    private async Task<HttpClient> Channel()
    {
        var secret = (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-channels", new { name = "水位站（模拟）", source = nameof(CaseSource.Sensor), unit = CaseCity.Water }))).GetProperty("secret").GetString()!;
        var sensor = new HttpClient { BaseAddress = city.Address };
        sensor.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        return sensor;
    }
}
