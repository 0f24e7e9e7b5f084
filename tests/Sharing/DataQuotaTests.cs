// What a day gives: calls and rows of the data API, also when many ask at once.
using System.Net;
using System.Net.Http.Json;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

[Collection(nameof(DataCity))]
public sealed class DataQuotaTests(SharedCity city)
{
    [Fact]
    public async Task A_spent_quota_is_429_with_the_time_to_wait_and_only_the_bureau_sets_it()
    {
        var (grant, program, _) = await city.Ready();
        (await Refusal(await city.AskerSteward.PutAsJsonAsync($"/api/v1/grants/{grant}/quota", new { dailyCalls = 9, dailyRows = 9 }))).ShouldBe("SHR-008");
        await Json(await city.Engineer.PutAsJsonAsync($"/api/v1/grants/{grant}/quota", new { dailyCalls = 1, dailyRows = 1000 }));
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var spent = await program.GetAsync($"/api/v1/data/{grant}");
        spent.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        spent.Headers.RetryAfter!.Delta!.Value.TotalHours.ShouldBeInRange(0, 24.01);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?format=csv")]
    [InlineData("/changes")]
    [InlineData("/changes?format=ndjson")]
    public async Task An_answer_of_more_rows_than_the_day_leaves_is_refused_before_a_row_leaves_and_a_smaller_one_is_answered(string door)
    {
        var (grant, program, _) = await city.Ready();
        await Json(await city.Engineer.PutAsJsonAsync($"/api/v1/grants/{grant}/quota", new { dailyCalls = 100, dailyRows = 2 }));
        var refused = await program.GetAsync($"/api/v1/data/{grant}{door}");

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await refused.Content.ReadAsStringAsync()).ShouldNotContain("望春街道");
        (await Refusal(refused)).ShouldBe("SHR-034");
        SharedCity.Column(await Json(await program.GetAsync($"/api/v1/data/{grant}?order=code&limit=2")), "code").ShouldBe(["A1", "A2"]);
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?limit=1"))).ShouldBe("SHR-032");
    }

    [Fact]
    public async Task Calls_at_the_same_time_do_not_pass_the_quota_of_rows_together()
    {
        var (grant, program, _) = await city.Ready();
        await Json(await city.Engineer.PutAsJsonAsync($"/api/v1/grants/{grant}/quota", new { dailyCalls = 100, dailyRows = 6 }));
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => program.GetAsync($"/api/v1/data/{grant}{(i % 2 == 0 ? "" : "?format=csv")}")));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(2, "of three rows each");
        answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests).ShouldBe(10);
    }

    [Fact]
    public async Task Refused_calls_take_nothing_of_the_day_but_a_hundred_of_them_end_it()
    {
        var (grant, program, _) = await city.Ready();
        await Json(await city.Engineer.PutAsJsonAsync($"/api/v1/grants/{grant}/quota", new { dailyCalls = 3, dailyRows = 1000 }));
        for (var i = 0; i < 99; i++)
        {
            (await program.GetAsync($"/api/v1/data/{grant}?nobody=eq.1")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }

        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await program.GetAsync($"/api/v1/data/{grant}?nobody=eq.1")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var ended = await program.GetAsync($"/api/v1/data/{grant}");
        (await ended.Content.ReadAsStringAsync()).ShouldContain("今日已被拒绝 100 次");
        (await Refusal(ended)).ShouldBe("SHR-032");
    }
}
