// What is open to everybody stays within bounds.
using System.Net;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Intake.Citizen;
using Lizhou.Cases.Ledger;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class PublicDoorTests(CaseCity city) : IClassFixture<CaseCity>
{
    [Fact]
    public async Task A_form_without_its_proof_and_one_too_large_are_answered_with_a_page_that_says_so()
    {
        using var visitor = city.Visitor();
        using var plain = new FormUrlEncodedContent([new("Words", "没有凭证")]);
        using var refused = await visitor.PostAsync(new Uri("/sign-in", UriKind.Relative), plain);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("<h1");
        using var large = new ByteArrayContent(new byte[(64 << 10) + 1]) { Headers = { ContentType = new("application/x-www-form-urlencoded") } };
        using var huge = await visitor.PostAsync(new Uri("/sign-in", UriKind.Relative), large);
        huge.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await huge.Content.ReadAsStringAsync()).ShouldContain("<h1");
    }

    [Fact]
    public async Task Who_reports_again_and_again_is_asked_in_words_to_wait_and_what_was_filled_in_stays_on_the_page()
    {
        var number = await Rateable();
        using var visitor = city.Visitor();
        var (answer, page) = await Throttled(visitor);
        var (rated, told) = await PageForm.Send(visitor, $"/progress?number={number}&key=throttled-key", "rate", [("Good", "false"), ("Words", "仍有异味")]);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(1));
        page.ShouldSatisfyAllConditions(
            p => p.ShouldContain("请等一分钟再提交"), p => p.ShouldContain(">路边有一堆垃圾，很大</textarea>"), p => p.ShouldContain("value=\"解放路 9 号\""), p => p.ShouldContain("<option value=\"330784002\" selected"), p => p.ShouldContain("<option value=\"0102\" selected"));

        // Rating counts with it, and keeps its words too.
        rated.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        rated.Headers.RetryAfter.ShouldNotBeNull();
        told.ShouldSatisfyAllConditions(p => p.ShouldContain("请等一分钟再提交"), p => p.ShouldContain(">仍有异味</textarea>"));
    }

    [Fact]
    public async Task People_behind_one_address_do_not_use_up_each_others_turns()
    {
        using var visitor = city.Visitor();
        await Throttled(visitor);
        foreach (var worker in new[] { city.Cleaner, city.Plumber })
        {
            (await Reported(worker)).Answer.StatusCode.ShouldBe(HttpStatusCode.Found, "the visitors of this address have none left");
        }
    }

    [Fact]
    public async Task A_position_that_was_taken_is_not_replaced_by_the_one_the_camera_wrote()
    {
        using var worker = await city.AsStewardOf(CaseCity.Water);
        var photo = ("Photos", "a.jpg", Exif.Written(PhotoTests.Picture(40, 20, SkiaSharp.SKEncodedImageFormat.Jpeg), orientation: 1));
        async Task<string> At(params (string, string)[] more)
        {
            var (answer, page) = await PageForm.Send(worker, "/report", "report", [("Words", "路边有一堆垃圾"), .. more], photo);
            answer.StatusCode.ShouldBe(HttpStatusCode.Found, page);
            var told = (await city.Detail(answer.Headers.Location!.ToString().Split('/')[^1])).GetProperty("case");
            return told.GetProperty("x").ValueKind == System.Text.Json.JsonValueKind.Null ? "" : $"{told.GetProperty("x").GetDouble():0.####} {told.GetProperty("y").GetDouble():0.####}";
        }

        (await At(("X", "120.05"), ("Y", "28.88"), ("Position", "1"))).ShouldBe("120.05 28.88");
        (await At(("Position", "1"))).ShouldBe("120.0333 28.9");
        (await At()).ShouldBe("");
        using var visitor = city.Visitor();
        (await visitor.GetStringAsync("/report/place?x=120.0333&y=28.9")).ShouldNotBeEmpty();
        (await visitor.GetStringAsync("/report/place?x=-71.06&y=42.36")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_photo_that_is_empty_or_was_cut_off_is_refused_by_its_name()
    {
        using var worker = await city.AsStewardOf(CaseCity.Water);
        var good = PhotoTests.Picture(400, 300, SkiaSharp.SKEncodedImageFormat.Jpeg);
        foreach (var (name, bytes) in new[] { ("empty.jpg", Array.Empty<byte>()), ("cut.jpg", good[..(good.Length / 3)]) })
        {
            var (answer, page) = await PageForm.Send(worker, "/report", "report", [("Words", "路边有一堆垃圾")], ("Photos", "good.jpg", good), ("Photos", name, bytes));
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            page.ShouldContain($"第 2 张照片不可用：{name}");
        }

        var (made, _) = await PageForm.Send(worker, "/report", "report", [("Words", "路边有一堆垃圾")], ("Photos", "good.jpg", good));
        made.StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Theory]
    [InlineData("en-GB,en;q=0.9,zh;q=0.1", "Report something wrong")]
    [InlineData("zh-TW,zh;q=0.9,en;q=0.8", "随手拍 · 问题上报")]
    [InlineData("fr-FR,en;q=0.5", "Report something wrong")]
    [InlineData("fr", "随手拍 · 问题上报")]
    [InlineData(null, "随手拍 · 问题上报")]
    public async Task The_page_for_everybody_speaks_the_language_the_browser_prefers_until_another_is_chosen(string? prefers, string heading)
    {
        using var visitor = city.Visitor();
        visitor.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", prefers);
        (await visitor.GetStringAsync("/report")).ShouldContain($"<h1>{heading}</h1>");
        (await visitor.GetStringAsync("/sign-in")).ShouldContain("<html lang=\"zh-CN\"");
        (await visitor.GetStringAsync("/report?lang=zh-CN")).ShouldContain("<h1>随手拍 · 问题上报</h1>");
        (await visitor.GetStringAsync("/report")).ShouldContain("<h1>随手拍 · 问题上报</h1>", customMessage: "chosen once, it stays");
    }

    /// <summary>Reports until it is asked to wait.</summary>
    private static async Task<(HttpResponseMessage Answer, string Page)> Throttled(HttpClient visitor)
    {
        for (var i = 0; i < 13; i++) // A minute may begin meanwhile: six and six.
        {
            if (await Reported(visitor) is { Answer.StatusCode: HttpStatusCode.TooManyRequests } often)
            {
                return often;
            }
        }

        throw new InvalidOperationException("Thirteen reports were taken.");
    }

    private static Task<(HttpResponseMessage Answer, string Page)> Reported(HttpClient who) =>
        PageForm.Send(who, "/report", "report", [("Words", "路边有一堆垃圾，很大"), ("Address", "解放路 9 号"), ("Place", "330784002"), ("Class", "0102")]);

    /// <summary>A settled case that was reported with the key "throttled-key".</summary>
    private async Task<string> Rateable()
    {
        await using var scope = city.Services.CreateAsyncScope();
        var number = (await scope.ServiceProvider.GetRequiredService<ReportCase>().Take(new("路边有一堆垃圾", "330784001", CaseSource.Web, "0102", Key: "throttled-key"), [], PublicDoor.Public, default)).Value.File.Number;
        await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0102" }));
        await Json(await city.Act(city.Bureau, number, "file"));
        await Json(await city.Act(city.Bureau, number, "dispatch", new { unit = CaseCity.Cleaning }));
        await Json(await city.Act(city.Cleaner, number, "feedback", new { result = "已清理" }));
        await Json(await city.Act(city.Bureau, number, "verified", new { result = "已核实" }));
        await Json(await city.Act(city.Bureau, number, "close"));
        return number;
    }
}

/// <summary>A city of its own: its address has no turns left afterwards.</summary>
public sealed class FloodTests(CaseCity city) : IClassFixture<CaseCity>
{
    [Fact]
    public async Task An_address_that_floods_the_form_is_turned_away_with_a_page_that_says_so_before_it_is_read()
    {
        using var visitor = city.Visitor();
        var answers = new List<(HttpStatusCode Status, string Page)>();
        for (var i = 0; i < 61; i++) // A minute may begin meanwhile: thirty and thirty.
        {
            using var form = new FormUrlEncodedContent([new("Words", "同一件事")]);
            using var answer = await visitor.PostAsync(new Uri("/report", UriKind.Relative), form);
            answers.Add((answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }

        answers[0].Status.ShouldBe(HttpStatusCode.BadRequest); // without the proof that a page of ours asked
        answers.First(a => a.Status == HttpStatusCode.TooManyRequests).Page.ShouldContain("请等一分钟");
        (await visitor.GetAsync(new Uri("/report", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
