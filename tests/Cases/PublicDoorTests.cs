// What is open to everybody stays within bounds.
using System.Net;

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
    public async Task An_address_that_reports_again_and_again_is_asked_to_wait()
    {
        using var visitor = city.Visitor();
        List<HttpStatusCode> answers = [];
        for (var i = 0; i < 13; i++) // A minute may begin meanwhile: six and six.
        {
            using var form = new FormUrlEncodedContent([new("Words", "同一件事")]);
            answers.Add((await visitor.PostAsync(new Uri("/report", UriKind.Relative), form)).StatusCode);
        }

        answers.ShouldContain(HttpStatusCode.TooManyRequests);
        answers[0].ShouldBe(HttpStatusCode.BadRequest); // without the proof that a page of ours asked
        (await visitor.GetAsync(new Uri("/report", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
