// Security labels of programs: what a grant holds above a program's label is refused at every door, with the reason and who can change it; only the security administrator can.
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Sharing.Deliveries;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

public sealed class ProcessLabelTests(LabelledCity city) : IClassFixture<LabelledCity>
{
    private const string AboveLabel = "POL-034";

    [Fact]
    public async Task A_key_without_a_label_gets_what_is_within_L2_and_all_of_it_once_it_is_labelled()
    {
        var grant = await city.Granted((await city.Resource()).Id);
        using var program = await city.Program(grant);
        var refused = await program.GetAsync($"/api/v1/data/{grant}");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var said = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement;
        said.GetProperty("code").GetString().ShouldBe(AboveLabel);
        said.GetRawText().ShouldContain("name L3");
        said.GetRawText().ShouldContain("L2");
        said.GetRawText().ShouldNotContain("张");
        foreach (var format in new[] { "csv", "ndjson", "arrow", "parquet", "xlsx" })
        {
            (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?format={format}"))).ShouldBe(AboveLabel, format);
        }

        foreach (var path in new[] { "?select=name", "?select=code,NAME", "/changes", "/changes?format=ndjson", "/files", "/corrections" })
        {
            (await Refusal(await program.GetAsync($"/api/v1/data/{grant}{path}"))).ShouldBe(AboveLabel, path);
        }

        (await program.GetStringAsync($"/api/v1/data/{grant}/openapi.json")).ShouldContain("\"name\"", customMessage: "no value is in the description");

        // Within the label all is well, and the rest cannot be felt for.
        (await Json(await program.GetAsync($"/api/v1/data/{grant}?select=code,town,amount"))).GetProperty("rows").GetArrayLength().ShouldBe(3);
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?select=code&name=eq.张三"))).ShouldBe("POL-012");
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?select=code&order=name"))).ShouldBe("POL-012");

        await Label("Key", await Key(grant), 3);
        (await Json(await program.GetAsync($"/api/v1/data/{grant}"))).GetProperty("rows")[0].GetProperty("name").GetString().ShouldBe("张*");
        await Label("Key", await Key(grant), 1);
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}"))).ShouldBe(AboveLabel);
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?select=code,amount"))).ShouldBe(AboveLabel, "L2 is above L1");
    }

    [Fact]
    public async Task An_application_has_one_label_for_all_its_tokens_also_those_it_fetched_before()
    {
        var grant = await city.Granted((await city.Resource()).Id);
        var application = await Application.Registered(city, grant);
        using var program = await application.Program();
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}"))).ShouldBe(AboveLabel);
        await Label("Application", application.Id, 3);
        (await Json(await program.GetAsync($"/api/v1/data/{grant}"))).GetProperty("rows").GetArrayLength().ShouldBe(3);
        await Label("Application", application.Id, null);
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}"))).ShouldBe(AboveLabel);
    }

    [Fact]
    public async Task An_X_Road_client_is_held_to_the_label_of_its_key()
    {
        var resource = await city.Resource();
        var grant = await city.Granted(resource.Id);
        using var program = await city.Program(grant);
        program.DefaultRequestHeaders.Add("X-Road-Client", "LIZHOU/GOV/11332500MB1601924J");
        var path = $"/r1/LIZHOU/GOV/11330600MB1573660P/{Uri.EscapeDataString(resource.Code)}/{grant}";
        (await Refusal(await program.GetAsync(path))).ShouldBe(AboveLabel);
        await Label("Key", await Key(grant), 3);
        (await Json(await program.GetAsync(path))).GetProperty("rows").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task A_file_is_made_under_the_deliverys_label_and_fetched_under_the_keys()
    {
        var grant = await city.Granted((await city.Resource()).Id, way: "File");
        using var program = await city.Program(grant);
        var number = await city.Delivery(grant, new { file = new { format = "Csv" } });
        await Refused(number);
        await Label("Delivery", await Of(number), 3);
        await city.RunNow(number, RunCause.Hand);
        var run = (await city.Runs(number))[0];
        run.GetProperty("result").GetString().ShouldBe("Delivered");
        var file = $"/api/v1/data/{grant}/files/{run.GetProperty("id").GetString()}";
        (await Refusal(await program.GetAsync(file))).ShouldBe(AboveLabel, "the file holds more than this key may take");
        await Label("Key", await Key(grant), 3);
        (await (await program.GetAsync(file)).Content.ReadAsStringAsync()).ShouldContain("张*");
    }

    [Theory]
    [InlineData("PostgreSql")]
    [InlineData("MySql")]
    public async Task A_table_gets_no_row_until_the_delivery_is_labelled(string kind)
    {
        var place = await Place.Open(kind);
        var number = await city.Delivery(await city.Granted((await city.Resource()).Id, way: "Push"), place.Ask);
        await Refused(number);
        await Label("Delivery", await Of(number), 3);
        await city.RunNow(number, RunCause.Hand);
        (await place.Rows()).Select(r => r.Split('|')[1]).ShouldBe(["张*", "李*", "王**"]);
    }

    [Fact]
    public async Task A_subscriber_gets_no_message_until_the_delivery_is_labelled_nor_after_the_label_is_lowered()
    {
        await using var receiver = await Receiver.Open();
        var resource = await city.Resource();
        var number = await city.Delivery(await city.Granted(resource.Id, way: "Subscription"), new { hook = new { url = receiver.Url, all = true } });
        await Refused(number);
        receiver.Got.ShouldBeEmpty();
        await Label("Delivery", await Of(number), 4);
        await city.RunNow(number, RunCause.Hand);
        receiver.Got.Single().Changes.Count.ShouldBe(3);
        await Label("Delivery", await Of(number), 2);
        await city.Collect(resource, "编号,姓名,街镇,金额,备注\nB1,赵六,方岩镇,1.00,\n");
        await city.RunNow(number, RunCause.Change);
        (await city.Runs(number))[0].GetProperty("result").GetString().ShouldBe("Refused");
        receiver.Got.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_grant_whose_items_are_within_the_label_needs_none()
    {
        var grant = await city.Granted((await city.Resource()).Id, way: null, items: ["code", "town"]);
        using var program = await city.Program(grant);
        (await Json(await program.GetAsync($"/api/v1/data/{grant}"))).GetProperty("rows").GetArrayLength().ShouldBe(3);
        (await city.Run(await city.Delivery(grant, new { file = new { format = "Csv" } }))).GetProperty("result").GetString().ShouldBe("Delivered");
    }

    [Fact]
    public async Task Only_the_security_administrator_labels_and_each_label_is_in_the_ledger()
    {
        var grant = await city.Granted((await city.Resource()).Id);
        using var program = await city.Program(grant);
        var key = await Key(grant);
        using var security = await city.As(Roles.SecurityAdministrator);
        foreach (var other in new[] { city.AskerSteward, city.SourceSteward, city.Engineer, await city.As(Roles.SystemAdministrator), await city.As(Roles.AuditAdministrator), program })
        {
            (await other.PutAsJsonAsync($"/api/v1/processes/Key/{key}/label", new { level = 4 })).StatusCode.ShouldBeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized);
            (await other.GetAsync("/api/v1/processes/")).StatusCode.ShouldBeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized);
        }

        (await Refusal(await security.PutAsJsonAsync($"/api/v1/processes/Key/{key}/label", new { level = 5 }))).ShouldBe("KRN-001");
        foreach (var kind in new[] { "Key", "Application", "Delivery" })
        {
            (await Refusal(await security.PutAsJsonAsync($"/api/v1/processes/{kind}/{Guid.NewGuid()}/label", new { level = 3 }))).ShouldBe("SHR-072");
        }

        await Label("Key", key, 3);
        await using var connection = await city.Services.GetRequiredService<StateStore>().Open();
        var told = await connection.Rows(null, $"SELECT detail FROM ledger_entry WHERE act = {"process.labelled"} AND subject = {$"key:{key}"} ORDER BY seq", r => r.GetString(0)).ToListAsync();
        told.ShouldHaveSingleItem().ShouldSatisfyAllConditions(d => d.ShouldContain("\"level\":3"), d => d.ShouldContain("before"));

        // The list says what the grants hold, so that nobody has to guess.
        var listed = (await Json(await security.GetAsync($"/api/v1/processes/?q={grant}"))).GetProperty("items").EnumerateArray().Single();
        (listed.GetProperty("kind").GetString(), listed.GetProperty("label").GetInt32(), listed.GetProperty("needs").GetString(), listed.GetProperty("grants")[0].GetString()).ShouldBe(("Key", 3, "L3", grant));
    }

    [Fact]
    public async Task The_page_sets_a_label()
    {
        var grant = await city.Granted((await city.Resource()).Id);
        using var program = await city.Program(grant);
        using var security = await city.As(Roles.SecurityAdministrator);
        var page = await security.GetStringAsync($"/processes?q={grant}&lang=zh-CN");
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        using var form = new FormUrlEncodedContent([new("_handler", $"label-Key-{await Key(grant)}"), new("__RequestVerificationToken", token), new("level", "3")]);
        (await security.PostAsync($"/processes?q={grant}", form)).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>The last run was refused, and the delivery says why.</summary>
    private async Task Refused(string delivery)
    {
        var run = await city.Run(delivery);
        run.GetProperty("result").GetString().ShouldBe("Refused");
        var note = run.GetProperty("note").GetString()!;
        note.ShouldContain("name L3");
        note.ShouldContain("程序安全标记", Case.Sensitive, note);
    }

    private async Task Label(string kind, Guid id, int? level)
    {
        using var security = await city.As(Roles.SecurityAdministrator);
        (await security.PutAsJsonAsync($"/api/v1/processes/{kind}/{id}/label", new { level })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    private async Task<Guid> Key(string grant)
    {
        using var security = await city.As(Roles.SecurityAdministrator);
        return (await Json(await security.GetAsync($"/api/v1/processes/?q={grant}&size=200"))).GetProperty("items").EnumerateArray().Single(p => p.GetProperty("kind").GetString() == "Key").GetProperty("id").GetGuid();
    }

    private async Task<Guid> Of(string delivery)
    {
        using var scope = city.Services.CreateScope();
        return await Task.FromResult(scope.ServiceProvider.GetRequiredService<SharingDb>().Deliveries.Single(d => d.Number == delivery).Id);
    }
}

/// <summary>With the house's own rules: one without a label sees up to L2. Names are L3 in its resources.</summary>
public sealed class LabelledCity : SharedCity
{
    public LabelledCity() => Trusting = false;
}
