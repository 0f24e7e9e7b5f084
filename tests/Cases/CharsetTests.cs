// What is written in another charset comes in as it was written, or is refused by the name of its field; it is never kept damaged, and never a failure of ours.
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class CharsetTests(CaseCity city) : IClassFixture<CaseCity>
{
    private const string Words = "路边有一堆垃圾，已三天";
    private static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;

    [Theory]
    [InlineData("gbk", false)]
    [InlineData("GB18030", true)]
    [InlineData("\"gb2312\"", true)]
    [InlineData("utf-8", true)]
    public async Task A_form_of_Open311_is_read_by_the_charset_it_names_raw_or_by_percent_signs(string charset, bool percent)
    {
        var encoding = charset == "utf-8" ? Encoding.UTF8 : Gbk;
        byte[] body = percent ? Encoding.ASCII.GetBytes(await Start() + PageForm.Percent(Words, encoding)) : [.. Encoding.ASCII.GetBytes(await Start()), .. encoding.GetBytes(Words)];
        var made = await Json(await Open311(body, charset));
        (await city.Detail(made[0].GetProperty("service_request_id").GetString()!)).GetProperty("case").GetProperty("words").GetString().ShouldBe(Words);
    }

    [Theory]
    [InlineData("percent", null, 400, "description")]
    [InlineData("percent", "utf-8", 400, "description")]
    [InlineData("raw", null, 400, "description")]
    [InlineData("cut", "gbk", 400, "description")]
    [InlineData("raw", "utf-16", 415, "utf-16")]
    [InlineData("raw", "nonsense", 415, "nonsense")]
    public async Task A_form_of_Open311_that_is_no_text_in_its_charset_is_refused_by_the_name_of_its_field(string how, string? charset, int status, string told)
    {
        byte[] bytes = how switch { "percent" => Encoding.ASCII.GetBytes(PageForm.Percent(Words, Gbk)), "raw" => Gbk.GetBytes(Words), _ => [.. Gbk.GetBytes(Words), 0xC2] };
        using var answer = await Open311([.. Encoding.ASCII.GetBytes(await Start()), .. bytes], charset);
        var said = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, said);
        said.ShouldStartWith($"[{{\"code\":\"{status}\"");
        said.ShouldContain(told);
    }

    [Fact]
    public async Task A_part_of_a_form_of_Open311_with_photos_as_others_send_it_that_is_no_text_is_refused_too()
    {
        using var form = new MultipartFormDataContent { { new StringContent("0102"), "service_code" }, { new StringContent("解放路"), "address_string" }, { new StringContent(await Key()), "api_key" } };
        form.Add(new ByteArrayContent(Gbk.GetBytes(Words)), "description");
        using var answer = await city.Visitor().PostAsync(new Uri("/open311/v2/requests.json", UriKind.Relative), form);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("description");
    }

    [Theory]
    [InlineData("gbk")]
    [InlineData("utf-16")]
    [InlineData("nonsense")]
    public async Task JSON_in_another_charset_than_UTF_8_is_refused_in_words_on_every_route(string charset)
    {
        foreach (var (method, path) in new[] { ("POST", "/api/v1/cases"), ("POST", "/api/v1/cases/SJ20260101-000001/acts"), ("POST", "/api/v1/case-reports"), ("POST", "/levels/v1/messages"), ("PUT", "/api/v1/case-classes"), ("POST", "/api/v1/units"), ("POST", "/api/v1/session") })
        {
            using var request = new HttpRequestMessage(new(method), path) { Content = new ByteArrayContent(Encoding.Unicode.GetBytes("{\"words\":\"路边有一堆垃圾\"}")) };
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse($"application/json; charset={charset}");
            using var answer = await city.Bureau.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType, path);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            (await Refusal(answer)).ShouldBe("HST-020");
        }

        using var usual = new HttpRequestMessage(HttpMethod.Post, "/api/v1/cases") { Content = JsonContent.Create(new { words = Words }, MediaTypeHeaderValue.Parse("application/json; charset=UTF-8")) };
        (await city.Bureau.SendAsync(usual)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_forms_of_pages_are_held_to_the_same()
    {
        var hidden = string.Concat((await PageForm.Hidden(city.Bureau, "/cases/new", "case")).Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value)}&"));
        using (var damaged = Form($"{hidden}Source=Hotline&Words={PageForm.Percent(Words, Gbk)}", null))
        {
            using var refused = await city.Bureau.PostAsync(new Uri("/cases/new", UriKind.Relative), damaged);
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await refused.Content.ReadAsStringAsync()).ShouldContain("Words");
        }

        using (var whole = Form($"{hidden}Source=Hotline&Words={PageForm.Percent(Words, Gbk)}", "gbk"))
        {
            using var made = await city.Bureau.PostAsync(new Uri("/cases/new", UriKind.Relative), whole);
            made.StatusCode.ShouldBe(HttpStatusCode.Found, await made.Content.ReadAsStringAsync());
            (await city.Detail(made.Headers.Location!.ToString().Split('/')[^1])).GetProperty("case").GetProperty("words").GetString().ShouldBe(Words);
        }

        using var visitor = city.Visitor();
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in await PageForm.Hidden(visitor, "/report", "report"))
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new ByteArrayContent(Gbk.GetBytes(Words)), "Words");
        using var answer = await visitor.PostAsync(new Uri("/report", UriKind.Relative), form);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Words");
    }

    private async Task<string> Start() => $"api_key={await Key()}&service_code=0102&address_string=1&description=";

    private async Task<string> Key() =>
        (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-channels", new { name = "外部客户端（模拟）", source = "Web", unit = CaseCity.Water }))).GetProperty("secret").GetString()!;

    private async Task<HttpResponseMessage> Open311(byte[] body, string? charset)
    {
        using var visitor = city.Visitor();
        using var form = Form(body, charset);
        return await visitor.PostAsync(new Uri("/open311/v2/requests.json", UriKind.Relative), form);
    }

    private static ByteArrayContent Form(string body, string? charset) => Form(Encoding.ASCII.GetBytes(body), charset);

    private static ByteArrayContent Form(byte[] body, string? charset)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded" + (charset is null ? "" : $"; charset={charset}"));
        return content;
    }
}
