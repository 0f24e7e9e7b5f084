// Open311 GeoReport v2 as outside clients speak it: services, reports in both formats, following them, updates; real requests of two cities; what it refuses; what it tells nobody.
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;
using Lizhou.Cases.Ledger;
using Lizhou.Tests.Support;
using Microsoft.VisualBasic.FileIO;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class Open311Tests(CaseCity city) : IClassFixture<CaseCity>, IDisposable
{
    private readonly HttpClient visitor = city.Visitor();

    public void Dispose() => visitor.Dispose();

    [Fact]
    public async Task A_report_is_a_case_of_the_village_its_address_names_and_is_followed_to_its_end()
    {
        var key = await Key();
        var number = (await Posted(key, ("service_code", "0102"), ("address_string", "西城街道解放路 1 号"), ("description", "路边有一堆垃圾"), ("first_name", "小明"), ("last_name", "钱"), ("phone", "13800000000"), ("media_url", "https://example.org/a.jpg")))
            .Single().GetProperty("service_request_id").GetString()!;
        async Task<string> At(string address) => (await city.Detail((await Posted(key, ("service_code", "0102"), ("address_string", address))).Single().GetProperty("service_request_id").GetString()!)).GetProperty("case").GetProperty("node").GetString()!;
        (await At("东城街道园丁社区居委会第二网格，公厕旁")).ShouldBe("330784001001002");
        (await At("园丁社区居委会第九网格")).ShouldBe("330784001001", "the village has no such grid");
        (await At("第二网格")).ShouldBe("330784", "every village has one called so");
        var detail = await city.Detail(number);
        (detail.GetProperty("case").GetProperty("node").GetString(), detail.GetProperty("case").GetProperty("source").GetString(), detail.GetProperty("case").GetProperty("class").GetString()).ShouldBe(("330784002", "Web", "0102"));
        detail.GetProperty("events")[0].GetProperty("media").GetString().ShouldBe("https://example.org/a.jpg");
        detail.GetProperty("reporters")[0].GetProperty("phone").GetString().ShouldBe("***");

        await Json(await city.Act(city.Bureau, number, "reject", new { reason = "不属于本市" }));
        (await Form("servicerequestupdates.json", key, ("service_request_id", number), ("update_id", "u1"), ("description", "今天还在"))).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await Form("servicerequestupdates.json", key, ("service_request_id", number), ("update_id", "u1"), ("description", "今天还在"))).StatusCode.ShouldBe(HttpStatusCode.Created);
        var told = await Get($"requests/{number}.json?api_key={key}");
        (told[0].GetProperty("status").GetString(), told[0].GetProperty("description").GetString()).ShouldBe(("closed", "路边有一堆垃圾"));
        var updates = (await Get($"servicerequestupdates.json?api_key={key}")).EnumerateArray().Where(u => u.GetProperty("service_request_id").GetString() == number).ToList();
        updates.Select(u => u.GetProperty("update_id").GetString()).ShouldBe([$"{number}-1", $"{number}-2", $"{number}-3"]);
        updates[1].GetProperty("description").GetString()!.ShouldContain("不属于本市");
        (await city.Detail(number)).GetProperty("events").EnumerateArray().Last().GetProperty("reason").GetString().ShouldBe("今天还在");
    }

    [Fact]
    public async Task The_unit_stays_named_once_the_case_is_closed_and_a_service_that_is_none_is_refused()
    {
        var number = await city.Dispatched();
        var unit = (await Get($"requests/{number}.json"))[0].GetProperty("agency_responsible").GetString();
        unit.ShouldBe("模拟环卫中心");
        await Json(await city.Act(city.Cleaner, number, "feedback", new { result = "已清理" }));
        await Json(await city.Act(city.Bureau, number, "verified", new { result = "已核实" }));
        await Json(await city.Act(city.Bureau, number, "close"));
        var closed = (await Get($"requests/{number}.json"))[0];
        (closed.GetProperty("status").GetString(), closed.GetProperty("agency_responsible").GetString()).ShouldBe(("closed", unit));
        using var typo = await visitor.GetAsync($"/open311/v2/requests.json?service_request_id={number}&service_code=zz");
        typo.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await typo.Content.ReadAsStringAsync()).ShouldContain("service_code");
    }

    [Fact]
    public async Task Xml_says_what_json_says()
    {
        var key = await Key();
        using var answer = await Form("requests.xml", key, ("service_code", "0102"), ("lat", "28.9"), ("long", "120.03"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/xml; charset=utf-8");
        var number = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!.Element("request")!.Element("service_request_id")!.Value;
        var one = XDocument.Parse(await Text($"requests/{number}.xml?api_key={key}")).Root!;
        one.Name.LocalName.ShouldBe("service_requests");
        var json = (await Get($"requests/{number}.json?api_key={key}"))[0];
        foreach (var field in json.EnumerateObject())
        {
            one.Element("request")!.Element(field.Name)!.Value.ShouldBe(field.Value.ValueKind == JsonValueKind.Null ? "" : field.Value.ToString(), field.Name);
        }

        var services = XDocument.Parse(await Text("services.xml")).Root!.Elements("service").Select(s => s.Element("service_code")!.Value).ToList();
        services.ShouldBe((await Get("services.json")).EnumerateArray().Select(s => s.GetProperty("service_code").GetString()));
        services.ShouldContain("0102");
        XDocument.Parse(await Text("services/0102.xml")).Root!.Element("service_code")!.Value.ShouldBe("0102");
        XDocument.Parse(await Text("discovery.xml")).Root!.Element("endpoints")!.Elements("endpoint").ShouldHaveSingleItem().Element("specification")!.Value.ShouldBe("http://wiki.open311.org/GeoReport_v2");
    }

    [Theory]
    [InlineData("service_code", "address_string=解放路")]
    [InlineData("service_code", "service_code=9999&address_string=解放路")]
    [InlineData("lat, long, address_string", "service_code=0102")]
    [InlineData("lat, long", "service_code=0102&lat=north&long=1")]
    [InlineData("media", "service_code=0102&lat=1&long=1&media_url=javascript:alert(1)")]
    [InlineData("address", "service_code=0102&address_string=@@@")]
    public async Task What_is_wrong_is_told_by_the_name_of_its_field(string field, string form)
    {
        var key = await Key();
        var fields = form.Split('&').Select(p => p.Split('=', 2)).Select(p => (p[0], p[1] == "@@@" ? new string('长', 300) : p[1])).ToArray();
        foreach (var format in new[] { "json", "xml" })
        {
            using var answer = await Form($"requests.{format}", key, fields);
            ((int)answer.StatusCode).ShouldBe(400);
            (await answer.Content.ReadAsStringAsync()).ShouldContain(field);
        }
    }

    [Fact]
    public async Task Keys_count_for_what_they_were_made_for_and_until_they_end()
    {
        var (mine, other) = (await Key(), await Key("另一个客户端（模拟）"));
        var number = (await Posted(mine, ("service_code", "0102"), ("lat", "28.9"), ("long", "120.03"), ("description", "甲家门口堆了垃圾"))).Single().GetProperty("service_request_id").GetString()!;
        (await Get($"requests.json?api_key={other}")).EnumerateArray().ShouldNotContain(r => r.GetProperty("service_request_id").GetString() == number);
        using (var foreign = await visitor.GetAsync($"/open311/v2/requests/{number}.json?api_key={other}"))
        {
            foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        using var stranger = await Form("servicerequestupdates.json", other, ("service_request_id", number), ("update_id", "x"), ("description", "我也看到了"));
        stranger.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var wrong in new[] { "", "lz_no", mine + "x" })
        {
            using var refused = await Form("requests.json", wrong, ("service_code", "0102"), ("lat", "28.9"), ("long", "120.03"));
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        var channel = (await Json(await city.Bureau.GetAsync("/api/v1/case-channels"))).EnumerateArray().First(c => mine.StartsWith(c.GetProperty("prefix").GetString()!, StringComparison.Ordinal)).GetProperty("id").GetString();
        (await Refusal(await city.Cleaner.PostAsync($"/api/v1/case-channels/{channel}/end", null))).ShouldBe("CAS-010");
        (await city.Bureau.PostAsync($"/api/v1/case-channels/{channel}/end", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var ended = await Form("requests.json", mine, ("service_code", "0102"), ("lat", "28.9"), ("long", "120.03"));
        ended.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await city.Detail(number)).GetProperty("case").GetProperty("number").GetString().ShouldBe(number);
        using var program = new HttpClient { BaseAddress = city.Address };
        program.DefaultRequestHeaders.Authorization = new("Bearer", other);
        (await program.GetAsync("/api/v1/cases")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Without_a_key_the_progress_of_a_case_tells_nothing_personal()
    {
        var number = (await Posted(await Key(), ("service_code", "0102"), ("lat", "28.901"), ("long", "120.031"), ("address_string", "望春东路 9 号甲宅"), ("description", "邻居王某家污水外流"), ("first_name", "王某"), ("phone", "13900000000"))).Single().GetProperty("service_request_id").GetString()!;
        foreach (var format in new[] { "json", "xml" })
        {
            var told = await Text($"requests/{number}.{format}");
            told.ShouldContain("暴露垃圾");
            foreach (var secret in new[] { "污水", "王某", "望春东路", "28.901", "120.031", "139" })
            {
                told.ShouldNotContain(secret);
            }
        }

        using var all = await visitor.GetAsync("/open311/v2/requests.json");
        all.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var updates = await visitor.GetAsync("/open311/v2/servicerequestupdates.json");
        updates.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var none = await visitor.GetAsync("/open311/v2/requests/SJ20000101-000001.json");
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("boston311/boston311-100.csv", "case_enquiry_id", "latitude", "longitude", "location_street_name", "case_title", "xml")]
    [InlineData("boston311/boston311-100-with-nonascii.csv", "case_enquiry_id", "latitude", "longitude", "location_street_name", "case_title", "json")]
    [InlineData("nyc311/nyc311-100.csv", "Unique Key", "Latitude", "Longitude", "Incident Address", "Descriptor", "json")]
    public async Task Real_requests_of_other_cities_come_in_each_once_however_often_they_are_sent(string file, string id, string lat, string @long, string address, string words, string format)
    {
        var rows = Rows(Shared.Path(Path.Combine("events", file)));
        var key = await Key();
        var first = await Sent();
        (await Sent()).ShouldBe(first);
        first.Distinct().Count().ShouldBe(rows.Select(r => r[id]).Distinct().Count());
        List<string> followed = [];
        for (var page = 1; followed.Count < first.Distinct().Count(); page++)
        {
            followed.AddRange((await Get($"requests.json?api_key={key}&page={page}&page_size=30")).EnumerateArray().Select(r => r.GetProperty("service_request_id").GetString()!));
            page.ShouldBeLessThan(10);
        }

        followed.Order().ShouldBe(first.Distinct().Order());
        foreach (var (row, number) in rows.Zip(first).DistinctBy(p => p.Second).Take(25))
        {
            var json = (await Get($"requests/{number}.json?api_key={key}"))[0];
            var xml = XDocument.Parse(await Text($"requests/{number}.xml?api_key={key}")).Root!.Element("request")!;
            foreach (var said in new Func<string, string>[] { field => json.GetProperty(field).ToString(), field => xml.Element(field)!.Value })
            {
                said("service_request_id").ShouldBe(number);
                said("description").ShouldContain(row[words].Trim());
                said("address").ShouldBe(row[address].Trim() is { Length: > 0 } at ? at : "unknown");
                (Degrees(said("lat")), Degrees(said("long"))).ShouldBe((Degrees(row[lat]), Degrees(row[@long])));
            }
        }

        static double? Degrees(string text) => text.Trim().Length == 0 ? null : double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        async Task<List<string>> Sent()
        {
            List<string> numbers = [];
            foreach (var row in rows)
            {
                using var answer = await Form($"requests.{format}", key, row[id], ("service_code", "0199"), ("lat", row[lat].Trim()), ("long", row[@long].Trim()), ("address_string", row[address].Trim() is { Length: > 0 } at ? at : "unknown"), ("description", row[words]));
                var text = await answer.Content.ReadAsStringAsync();
                answer.StatusCode.ShouldBe(HttpStatusCode.Created, text);
                numbers.Add(format == "xml" ? XDocument.Parse(text).Descendants("service_request_id").Single().Value : JsonDocument.Parse(text).RootElement[0].GetProperty("service_request_id").GetString()!);
            }

            return numbers;
        }
    }

    private static List<Dictionary<string, string>> Rows(string path)
    {
        using var parser = new TextFieldParser(path) { TextFieldType = FieldType.Delimited, Delimiters = [","], HasFieldsEnclosedInQuotes = true };
        var head = parser.ReadFields()!;
        List<Dictionary<string, string>> rows = [];
        while (!parser.EndOfData)
        {
            rows.Add(head.Zip(parser.ReadFields()!).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal));
        }

        return rows;
    }

    private async Task<string> Key(string name = "随手拍（模拟）") =>
        (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-channels", new { name, source = nameof(CaseSource.Web), unit = CaseCity.Cleaning }))).GetProperty("secret").GetString()!;

    private async Task<List<JsonElement>> Posted(string key, params (string Name, string Value)[] fields)
    {
        using var answer = await Form("requests.json", key, fields);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, text);
        return [.. JsonDocument.Parse(text).RootElement.EnumerateArray()];
    }

    private Task<HttpResponseMessage> Form(string path, string key, params (string Name, string Value)[] fields) => Form(path, key, null, fields);

    private async Task<HttpResponseMessage> Form(string path, string key, string? once, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Append(("api_key", key)).Select(f => KeyValuePair.Create(f.Item1, f.Item2)));
        using var ask = new HttpRequestMessage(HttpMethod.Post, $"/open311/v2/{path}") { Content = form };
        if (once is not null)
        {
            ask.Headers.Add("Idempotency-Key", once);
        }

        return await visitor.SendAsync(ask);
    }

    private Task<string> Text(string path) => visitor.GetStringAsync(new Uri($"/open311/v2/{path}", UriKind.Relative));

    private async Task<JsonElement> Get(string path) => JsonDocument.Parse(await Text(path)).RootElement;
}
