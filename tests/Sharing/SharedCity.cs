// In: nothing. Out: the real host with three units, their stewards, an engineer, and resources to ask for; rows are collected through the usual door.
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Sharing.Deliveries;
using Lizhou.Tests;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Sharing.Tests;

public class SharedCity : County, IAsyncLifetime
{
    // Receivers of the tests are on this machine.
    static SharedCity()
    {
        Environment.SetEnvironmentVariable("Sources__PrivateHosts__0", "127.0.0.1");
        Environment.SetEnvironmentVariable("Sharing__PlainHooks", "true");
    }

    public static readonly Guid Source = Guid.Parse("01930000-0000-7000-8000-00000000000a");
    public static readonly Guid Asker = Guid.Parse("01930000-0000-7000-8000-00000000000b");
    public static readonly Guid Stranger = Guid.Parse("01930000-0000-7000-8000-00000000000c");

    private int made;
    private string[] logins = [];

    /// <summary>Whether a program nobody labelled takes whatever its grant holds: the promises about grants are not those about labels.</summary>
    public bool Trusting { get; init; } = true;

    public HttpClient SourceSteward { get; private set; } = null!;

    public HttpClient AskerSteward { get; private set; } = null!;

    public HttpClient StrangerSteward { get; private set; } = null!;

    public HttpClient Engineer { get; private set; } = null!;

    public static List<string?> Column(JsonElement page, string column) => [.. page.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty(column).ToString())];

    /// <summary>A resource with rows, a grant of it, and a program that may use it.</summary>
    public async Task<(string Grant, HttpClient Program, ResourceCard Resource)> Ready(object? masks = null, string[]? items = null, object? filter = null)
    {
        var resource = await Resource();
        var grant = await Granted(resource.Id, masks, items, filter);
        return (grant, await Program(grant), resource);
    }

    public async ValueTask InitializeAsync()
    {
        await Open();
        using (var scope = Services.CreateScope())
        {
            var root = Guid.Parse("01930000-0000-7000-8000-000000000001");
            (await scope.ServiceProvider.GetRequiredService<IUnitsBulk>().Register(
                [
                    new(root, "113307843077566033", "模拟市", null, true), new(Source, "11330600MB1573660P", "模拟民政局", root, true),
                    new(Asker, "11332500MB1601924J", "模拟人社局", root, true), new(Stranger, "1133100200267413X7", "模拟住建局", root, true),
                ],
                [], Actor.System, default)).Problem.ShouldBeNull();
        }

        if (Trusting)
        {
            await Unlabelled("L4");
        }

        logins = [await MakeSteward(Source), await MakeSteward(Asker), await MakeSteward(Stranger)];
        await SignIn();
    }

    /// <summary>Everybody signs in again: after hours that a test let pass nobody is any more.</summary>
    public async Task SignIn()
    {
        Engineer = await As(Roles.Engineer);
        (SourceSteward, AskerSteward, StrangerSteward) = (await SignedIn(logins[0], Chosen), await SignedIn(logins[1], Chosen), await SignedIn(logins[2], Chosen));
    }

    /// <summary>Publishes the rules with another level for those without a label.</summary>
    public async Task Unlabelled(string level)
    {
        using var security = await As(Roles.SecurityAdministrator);
        var newest = (await Json(await security.GetAsync("/api/v1/policy/"))).EnumerateArray().First();
        var rules = newest.GetProperty("rules").GetString()!.Replace("\"unlabelled\": \"L2\"", $"\"unlabelled\": \"{level}\"", StringComparison.Ordinal);
        await Json(await security.PostAsJsonAsync("/api/v1/policy/", new { rules, seen = newest.GetProperty("number").GetInt64(), note = "试" }));
    }

    /// <summary>A published resource of the source unit with three rows.</summary>
    public async Task<ResourceCard> Resource(SharingKind sharing = SharingKind.Conditional, string rows = "")
    {
        using var scope = Services.CreateScope();
        var number = Interlocked.Increment(ref made);
        var entry = new ResourceEntry
        {
            Class = "303001", Name = $"低保对象{number}", Unit = Source, Summary = "模拟", Format = ResourceFormat.Database, Sharing = sharing,
            Condition = sharing == SharingKind.Conditional ? "用于业务办理" : null, LegalBasis = sharing == SharingKind.Refused ? "《模拟条例》第八条" : null,
            Ways = sharing == SharingKind.Refused ? [] : [SharingWay.Api],
            Items =
            [
                ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("姓名", column: "name", level: Level.L3),
                ItemCard.Of("街镇", column: "town", level: Level.L1), ItemCard.Of("金额", ItemType.Money, "amount", level: Level.L2), ItemCard.Of("备注", column: "note", level: Level.L1),
            ],
        };
        var card = (await scope.ServiceProvider.GetRequiredService<ICatalogBulk>().Publish([entry], Actor.System, default)).Value[0];
        await Collect(card, rows.Length > 0 ? rows : "编号,姓名,街镇,金额,备注\nA1,张三,望春街道,10.00,=1+1\nA2,李四,方岩镇,20.50,\nA3,王五五,望春街道,30.00,好\n");
        return card;
    }

    public async Task Collect(ResourceCard card, string csv)
    {
        using var scope = Services.CreateScope();
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        (await scope.ServiceProvider.GetRequiredService<IIntake>().Collect(card.Code, "a.csv", content, $"test/{Guid.NewGuid()}", keep: false, Actor.System, default)).Problem.ShouldBeNull();
    }

    public Task<HttpResponseMessage> Ask(HttpClient who, Guid resource, string[]? items = null, object? filter = null, int days = 30, string way = "Api", string often = "Realtime") => who.PostAsJsonAsync(
        "/api/v1/requests",
        new { resources = new[] { new { resource, items, filter } }, purpose = "核对补贴资格", scene = "补贴发放", basis = "《模拟办法》第五条", until = Today.AddDays(days).ToString("yyyy-MM-dd"), delivery = way, frequency = often });

    public async Task<string> Asked(Guid resource, string[]? items = null, object? filter = null, int days = 30, string way = "Api", string often = "Realtime") =>
        (await Json(await Ask(AskerSteward, resource, items, filter, days, way, often)))[0].GetProperty("number").GetString()!;

    public Task<HttpResponseMessage> Step(HttpClient who, string number, string step, string? opinion = null, object? masks = null) =>
        who.PostAsJsonAsync($"/api/v1/requests/{number}/steps", new { step, opinion, masks });

    /// <summary>Asked for, found in order, agreed to.</summary>
    /// <param name="way">null: as grants were before their way was held to, so that one has all ways.</param>
    public async Task<string> Granted(Guid resource, object? masks = null, string[]? items = null, object? filter = null, int days = 30, string? way = "Api", string often = "Realtime")
    {
        var number = await Asked(resource, items, filter, days, way ?? "Api", often);
        await Json(await Step(Engineer, number, "Conform"));
        var grant = (await Json(await Step(SourceSteward, number, "Approve", masks: masks))).GetProperty("grant").GetString()!;
        if (way is null)
        {
            await FromBefore(grant);
        }

        return grant;
    }

    public async Task FromBefore(string grant)
    {
        await using var connection = await Services.GetRequiredService<StateStore>().Open(default);
        await connection.Execute(null, $"UPDATE sharing_grant SET frequency = NULL WHERE number = {grant}", default);
        var old = (await Grants.SharedGrant.Find(Services.GetRequiredService<StateStore>(), grant, default))!;
        await connection.Execute(null, $"UPDATE sharing_grant SET seal = {Services.GetRequiredService<Grants.SharedSeals>().Of(old)} WHERE number = {grant}", default);
    }

    /// <summary>A program that calls with a key of the grant.</summary>
    public async Task<HttpClient> Program(string grant)
    {
        var key = (await Json(await AskerSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/keys", new { name = "测试程序" }))).GetProperty("secret").GetString()!;
        var program = Visitor();
        program.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return program;
    }

    /// <summary>A delivery under a grant; it sends once at once.</summary>
    public async Task<string> Delivery(string grant, object ask)
    {
        var body = new Dictionary<string, object?>(JsonSerializer.Deserialize<Dictionary<string, object?>>(JsonSerializer.Serialize(ask))!, StringComparer.Ordinal) { ["grant"] = grant, ["name"] = "测试交付" };
        var answer = await Json(await AskerSteward.PostAsJsonAsync("/api/v1/deliveries", body));
        LastSecret = answer.GetProperty("secret").GetString();
        return answer.GetProperty("number").GetString()!;
    }

    /// <summary>Of the last subscription made here.</summary>
    public string? LastSecret { get; private set; }

    /// <summary>The state of a delivery.</summary>
    public async Task<string> State(string delivery) => (await Json(await AskerSteward.GetAsync($"/api/v1/deliveries/{delivery}"))).GetProperty("state").GetString()!;

    /// <summary>The attempts, newest first.</summary>
    public async Task<List<JsonElement>> Runs(string delivery) => [.. (await Json(await AskerSteward.GetAsync($"/api/v1/deliveries/{delivery}/runs"))).GetProperty("items").EnumerateArray()];

    /// <summary>The first attempt, when it has ended.</summary>
    public async Task<JsonElement> Run(string delivery) =>
        (await Wait.For(() => Runs(delivery), runs => runs.Count > 0 && runs[0].GetProperty("result").GetString() != "Running"))[0];

    /// <summary>An attempt in this test's own thread.</summary>
    internal async Task RunNow(string delivery, RunCause cause)
    {
        using var scope = Services.CreateScope();
        var id = scope.ServiceProvider.GetRequiredService<SharingDb>().Deliveries.Single(d => d.Number == delivery).Id;
        await scope.ServiceProvider.GetRequiredService<RunDelivery>().Run(new(id, cause), new JobRun(Guid.NewGuid(), (_, _, _) => Task.CompletedTask), default);
    }

    public DateOnly Today => Services.GetRequiredService<TimeProvider>().Today();

    public static async Task<string> Code(HttpResponseMessage answer) => await Refusal(answer);
}

/// <summary>The same city with its state on PostgreSQL.</summary>
public sealed class PostgresCity : SharedCity
{
    public PostgresCity()
    {
        var state = Servers.Postgres();
        Change = usual => usual with { State = state };
    }
}
