using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Lizhou.Collection.Tests;

/// <summary>The pages as a browser without JavaScript uses them, over the real host.</summary>
public sealed partial class SourcesPagesTests(RunningCity city) : IClassFixture<RunningCity>
{
    [Theory]
    [InlineData("sources")]
    [InlineData("sources?word=x&way=Push&health=Failing")]
    [InlineData("sources/calendar?month=2026-10")]
    [InlineData("sources/new?way=Upload")]
    [InlineData("sources/new?way=Folder")]
    [InlineData("sources/new?way=Push")]
    [InlineData("sources/new?way=Database")]
    [InlineData("sources/new?way=Api")]
    [InlineData("upload")]
    public async Task Every_page_of_sources_opens_in_both_languages(string page)
    {
        var asked = page + (page.Contains('?') ? "&" : "?");
        (await city.Http.GetStringAsync(asked + "lang=zh-CN")).ShouldContain("数据源");
        (await city.Http.GetStringAsync(asked + "lang=en")).ShouldContain("ources");
    }

    [Fact]
    public async Task A_file_with_everything_odd_is_read_corrected_confirmed_and_its_contract_kept()
    {
        var resource = await Hospitals();
        var title = "表1 医疗机构登记情况（模拟）\n统计日期：2026年11月\n";
        var rows = string.Concat(Enumerable.Range(1, 40).Select(i => $"J{i:0000},模拟第{i}卫生院,{(i == 7 ? "约二十" : $"{i}")},\n"));
        var preview = await Upload(resource, "月报 模拟.csv", Gb18030(title + "机构编号,机构名称,床位数,备注\n,,张,\n" + rows + "注：本表为模拟数据\n"));
        var page = await city.Http.GetStringAsync(preview + "&lang=zh-CN");
        page.ShouldContain("GB18030");
        page.ShouldContain("月报 模拟.csv");
        page.ShouldContain("模拟第1卫生院");
        page.ShouldContain("<mark title=\"不是数值\">约二十</mark>");

        // A correction comes by the address alone: the third column is left out.
        (await city.Http.GetStringAsync(preview + "&map.2=&lang=zh-CN")).ShouldContain("指定不归集");

        var sent = await Post(preview, "send", ("send", "1"), ("drift", "Ignore"), ("keep", "hospitals"), ("name", "模拟医疗机构月报"));
        sent.StatusCode.ShouldBe(HttpStatusCode.OK, await sent.Content.ReadAsStringAsync());
        sent.RequestMessage!.RequestUri!.AbsolutePath.ShouldStartWith("/batches/");
        (await city.Http.GetStringAsync("sources/hospitals")).ShouldContain("模拟医疗机构月报");
        (await city.Http.GetStringAsync("sources")).ShouldContain("模拟医疗机构月报");
        (await city.Http.GetStringAsync("sources/hospitals/edit")).ShouldContain("value=\"hospitals\"");
    }

    [Theory]
    [InlineData("机构编号;机构名称;床位数\nJ1;模拟;1\nJ2;模拟;2\n")]
    [InlineData("机构编号\t机构名称\t床位数\nJ1\t模拟\t1\nJ2\t模拟\t2\n")]
    public async Task Other_delimiters_are_found(string text)
    {
        var preview = await Upload(await Hospitals(), "表.csv", Encoding.UTF8.GetBytes(text));
        (await city.Http.GetStringAsync(preview)).ShouldContain("<td>J2</td>");
    }

    [Fact]
    public async Task A_resource_named_instead_of_coded_is_found_when_only_one_bears_the_name()
    {
        var code = await Hospitals();
        var name = Regex.Match(await city.Http.GetStringAsync("upload"), $"<option value=\"{code}\">(?<name>[^<]+)<").Groups["name"].Value;
        (await Upload(name, "表.csv", Encoding.UTF8.GetBytes("机构编号,机构名称,床位数\nJ1,模拟,1\n"))).ShouldContain(Uri.EscapeDataString(code));
    }

    [Theory]
    [InlineData("sources?page=99999999999999999999")]
    [InlineData("batches?size=x")]
    public async Task A_number_in_an_address_that_is_none_is_the_callers_fault(string page) =>
        (await city.Http.GetAsync(page)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task An_upload_without_the_forms_token_is_refused()
    {
        using var form = new MultipartFormDataContent { { new StringContent(await Hospitals()), "resource" }, { new ByteArrayContent([1]), "file", "a.csv" } };
        (await city.Http.PostAsync("upload/receive", form)).IsSuccessStatusCode.ShouldBeFalse();
    }

    private Task<string> Hospitals() => city.Publish(
        RunningCity.Item("机构编号", key: true, required: true), RunningCity.Item("机构名称", required: true), RunningCity.Item("床位数", type: "Integer"));

    private async Task<string> Upload(string resource, string name, byte[] bytes)
    {
        var token = Token(await city.Http.GetStringAsync("upload"));
        using var form = new MultipartFormDataContent
        {
            { new StringContent(token), "__RequestVerificationToken" }, { new StringContent(resource), "resource" }, { new ByteArrayContent(bytes), "file", name },
        };
        var answer = await city.Http.PostAsync("upload/receive", form);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.RequestMessage!.RequestUri!.AbsolutePath.ShouldStartWith("/upload/");
        return answer.RequestMessage.RequestUri.PathAndQuery.TrimStart('/');
    }

    private async Task<HttpResponseMessage> Post(string page, string form, params (string Name, string Value)[] fields)
    {
        var token = Token(await city.Http.GetStringAsync(page));
        return await city.Http.PostAsync(page, new FormUrlEncodedContent(
            [.. fields.Select(f => KeyValuePair.Create(f.Name, f.Value)), KeyValuePair.Create("__RequestVerificationToken", token), KeyValuePair.Create("_handler", form)]));
    }

    private static string Token(string page) => TokenField().Matches(page)[^1].Groups["token"].Value;

    private static byte[] Gb18030(string text)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding("GB18030").GetBytes(text);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex TokenField();
}
