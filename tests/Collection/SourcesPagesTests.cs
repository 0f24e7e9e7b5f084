using System.IO.Compression;
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
        (await city.Http.GetStringAsync(asked + "lang=en")).ShouldContain("ources");
        (await city.Http.GetStringAsync(asked + "lang=zh-CN")).ShouldContain("数据源");
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

    [Fact]
    public async Task Each_table_of_one_upload_goes_to_a_resource_of_its_own()
    {
        var (hospitals, schools) = (await Hospitals(), await city.Publish(RunningCity.Item("学校编号", key: true), RunningCity.Item("学校名称", required: true)));
        using var zip = new MemoryStream();
        using (var pack = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            Entry(pack, "医院.csv", "机构编号,机构名称,床位数\nJ1,模拟一院,10\nJ2,模拟二院,20\n");
            Entry(pack, "说明.txt", "");
            Entry(pack, "学校.csv", "学校编号,学校名称\nX1,模拟一小\nX2,模拟二小\nX3,模拟三小\n");
        }

        var first = await Upload(hospitals, "两张表 模拟.zip", zip.ToArray());
        var page = await city.Http.GetStringAsync(first + "&lang=zh-CN");
        page.ShouldContain("学校.csv");
        page.ShouldContain("未归集");
        page.ShouldContain("是空文件");

        var second = await Post(first, "send", ("send", "1"), ("drift", "Refuse"));
        var next = second.RequestMessage!.RequestUri!.PathAndQuery.TrimStart('/');
        next.ShouldStartWith("upload/");
        (await second.Content.ReadAsStringAsync()).ShouldContain("已归集为批次");
        next = next.Replace(Uri.EscapeDataString(hospitals), Uri.EscapeDataString(schools));
        var last = await Post(next, "send", ("send", "1"), ("drift", "Refuse"));
        last.RequestMessage!.RequestUri!.AbsolutePath.ShouldStartWith("/batches/");
        var ended = await city.Ended((await RunningCity.Json(await city.Http.GetAsync("api/v1" + last.RequestMessage.RequestUri.AbsolutePath))).GetProperty("batch"));
        RunningCity.Counts(ended).ShouldBe((3, 3, 0, 0, 0));
        ended.GetProperty("resource").GetString().ShouldBe(schools);

        // The upload ended with its last table: who goes back to its preview is led to the batches.
        (await city.Http.GetStringAsync(first + "&lang=zh-CN")).ShouldContain($"<a href=\"/batches/{ended.GetProperty("number").GetString()}\">");
    }

    [Fact]
    public async Task The_preview_asks_for_the_order_of_dates_that_could_be_either_and_tells_of_a_file_that_has_landed_before()
    {
        var resource = await city.Publish(RunningCity.Item("编号"), RunningCity.Item("日期", type: "Date"));
        var bytes = Encoding.UTF8.GetBytes("编号,日期\n1,05/06/2026\n2,07/08/2026\n");
        var page = await Upload(resource, "日期.csv", bytes);
        (await city.Http.GetStringAsync(page + "&lang=zh-CN")).ShouldContain("请说明先日后月还是先月后日：日期");
        (await (await Post(page, "send", ("send", "1"), ("drift", "Refuse"))).Content.ReadAsStringAsync()).ShouldContain("COL-030");

        var said = await city.Http.GetStringAsync(page + "&dates=month&lang=zh-CN");
        said.ShouldNotContain("请说明先日后月");
        said.ShouldNotContain("同一文件已在本资源入库");
        var sent = await Post(page + "&dates=month", "send", ("send", "1"), ("drift", "Refuse"));
        var number = sent.RequestMessage!.RequestUri!.AbsolutePath.Split('/')[^1];
        RunningCity.Counts(await city.Ended((await RunningCity.Json(await city.Http.GetAsync("api/v1/batches/" + number))).GetProperty("batch"))).ShouldBe((2, 2, 0, 0, 0));

        var again = await Upload(resource, "日期.csv", bytes);
        var told = await city.Http.GetStringAsync(again + "&lang=zh-CN");
        told.ShouldContain("同一文件已在本资源入库");
        told.ShouldContain($"href=\"/batches/{number}\"");
    }

    [Fact]
    public async Task An_empty_file_is_called_empty()
    {
        var token = Token(await city.Http.GetStringAsync("upload"));
        using var form = new MultipartFormDataContent
        {
            { new StringContent(token), "__RequestVerificationToken" }, { new StringContent(await Hospitals()), "resource" }, { new ByteArrayContent([]), "file", "空.csv" },
        };
        var page = await (await city.Http.PostAsync("upload/receive", form)).Content.ReadAsStringAsync();
        page.ShouldContain("SRC-052");
        page.ShouldContain("空文件");
    }

    [Fact]
    public async Task Who_comes_back_to_the_address_of_the_upload_form_is_led_to_its_page() =>
        (await city.Http.GetAsync("upload/receive")).RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/upload");

    private static void Entry(ZipArchive pack, string name, string text)
    {
        using var to = new StreamWriter(pack.CreateEntry(name).Open());
        to.Write(text);
    }

    [Fact]
    public async Task What_was_guessed_and_not_touched_stays_a_guess_in_the_batch()
    {
        var preview = await Upload(await Hospitals(), "guess.csv", Gb18030("机构编号;机构名称;床位数\nJ1;模拟卫生院;1\nJ2;模拟医院;2\n"));
        var sent = await Post(preview + "&header=1", "send", ("send", "1"), ("drift", "Refuse"));
        var number = sent.RequestMessage!.RequestUri!.AbsolutePath;
        var detail = await city.Ended((await RunningCity.Json(await city.Http.GetAsync("api/v1" + number))).GetProperty("batch"));
        detail.GetProperty("state").GetString().ShouldBe("Landed");
        var page = await city.Http.GetStringAsync(number + "?lang=zh-CN");
        Regex.Count(page, "由使用者指定").ShouldBe(1, "the header alone was told");
        page.ShouldContain("编码 ·");
        page.ShouldNotContain("encoding");
    }

    [Fact]
    public async Task A_Parquet_file_goes_through_the_wizard_with_its_own_names_and_types()
    {
        var texts = await Hospitals();
        var source = await city.Collect(texts, "机构编号,机构名称,床位数\nJ1,模拟卫生院,12\nJ2,模拟医院,7\n");
        var file = Directory.EnumerateFiles(Path.Combine(city.Data, "lake", "data"), $"data_{source.GetProperty("id").GetGuid():D}_*.parquet", SearchOption.AllDirectories).Single();

        var preview = await Upload(await Hospitals(), "交换 模拟.parquet", await File.ReadAllBytesAsync(file));
        var page = await city.Http.GetStringAsync(preview + "&lang=zh-CN");
        page.ShouldContain("模拟卫生院");
        page.ShouldContain("Parquet 文件：列名和类型由文件自身写明");
        page.ShouldNotContain("name=\"delimiter\"");
        var sent = await Post(preview, "send", ("send", "1"), ("drift", "Ignore"));
        var ended = await city.Ended((await RunningCity.Json(await city.Http.GetAsync("api/v1" + sent.RequestMessage!.RequestUri!.AbsolutePath))).GetProperty("batch"));
        RunningCity.Counts(ended).ShouldBe((2, 2, 0, 0, 0));
    }

    [Fact]
    public async Task An_upload_that_is_not_there_is_not_found()
    {
        var answer = await city.Http.GetAsync($"upload/{Guid.CreateVersion7()}?resource={await Hospitals()}&lang=zh-CN");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("<h1>");
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
