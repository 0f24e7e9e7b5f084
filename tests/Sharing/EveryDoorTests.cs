// The same question through every door of the running program, under random rules, levels, labels, grants and masks: the data API in all its formats and under X-Road's addresses, the
// change feed, files, subscriptions and pushed tables of deliveries, pages, the SQL console and the command line. Cells, masks, filters and refusals are those of the gate's own answer.
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Sharing.Deliveries;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

public sealed partial class EveryDoorTests : IAsyncLifetime
{
    private const string Purpose = "核对补贴资格";
    private static readonly string[] Columns = ["code", "name", "id_number", "amount", "born", "town", "times"];
    private static readonly string[] Formats = ["csv", "ndjson", "arrow", "parquet", "xlsx"];
    private static readonly string?[] Masks = [null, null, "Partial", "Full", "Hash", "Generalise", "Noise", "Null"];
    private static readonly object?[] Filters =
    [
        null, null, new { column = "town", @is = "Equal", value = "望春街道" }, new { column = "amount", @is = "AtLeast", value = 30 }, new { not = new { column = "name", empty = true } },
        new { any = new object[] { new { column = "born", @is = "Less", value = "1960-01-01" }, new { column = "times", oneOf = new[] { 0, 3000, 5000 } } } },
    ];

    private readonly SharedCity city = new();
    private readonly List<ResourceCard> resources = [];
    private readonly Dictionary<string, int> compared = new(StringComparer.Ordinal);
    private HttpClient security = null!;
    private Receiver receiver = null!;
    private Place[] places = [];

    /// <summary>A fifth of the whole number, unless LIZHOU_LONG=1.</summary>
    private static int Share(int whole) => Environment.GetEnvironmentVariable("LIZHOU_LONG") == "1" ? whole : whole / 5;

    public async ValueTask InitializeAsync()
    {
        await city.InitializeAsync();
        security = await city.As(Roles.SecurityAdministrator);
        receiver = await Receiver.Open();
        places = [await Place.Open("PostgreSql"), await Place.Open("MySql")];
        for (var i = 0; i < 6; i++)
        {
            resources.Add(await Publish(new Random(i), i));
        }
    }

    public async ValueTask DisposeAsync()
    {
        security.Dispose();
        await receiver.DisposeAsync();
        await city.DisposeAsync();
    }

    [Fact]
    public async Task Every_door_gives_the_same_cells_masks_and_refusals()
    {
        for (var one = 0; one < Share(200); one++)
        {
            var random = new Random(one);
            var card = resources[random.Next(resources.Count)];
            var grant = await Granted(card, random);
            using var program = await city.Program(grant);
            if (random.Next(6) == 0)
            {
                await Json(await city.SourceSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/revoke", new { reason = "用途已结束" }));
            }

            await Rule(random);
            await UnderGrant(card, grant, program, random, $"case {one}");
            await ByRight(card, random, $"case {one}");
        }

        TestContext.Current.SendDiagnosticMessage(string.Join(", ", compared.Select(c => $"{c.Key} {c.Value}")));
        // Both happen at every door, or the test says nothing.
        string[] doors = [.. Formats.Prepend("json").Append("x-road").Append("changes").Append("file").Append("webhook").Append("PostgreSql").Append("MySql").Append("sql").Append("command"), "page"];
        doors.SelectMany(d => new[] { $"{d} answered", $"{d} refused" }).Where(d => !compared.ContainsKey(d)).ShouldBeEmpty();
    }

    /// <summary>A program with the grant's key: a page of JSON, every format, what changed since nothing, and a file made for it.</summary>
    private async Task UnderGrant(ResourceCard card, string number, HttpClient program, Random random, string why)
    {
        using var scope = city.Services.CreateScope();
        var grant = scope.ServiceProvider.GetRequiredService<SharingDb>().Grants.Single(g => g.Number == number);
        var (select, town) = (random.Next(3) == 0 ? Columns.Where(_ => random.Next(3) > 0).Append("town").Distinct().ToArray() : null, random.Next(3) == 0);
        var who = new Actor(Guid.Empty, "x", SharedCity.Asker, new HashSet<string>([Roles.Steward])); // nobody labelled the program
        RowAsk Ask(string[]? columns, bool filtered) => new(card.Id, Purpose, Take: 1000) { Grant = grant.Id, Select = columns, Where = filtered ? new Condition.Compare("town", Comparison.Equal, "望春街道") : null };
        var gate = scope.ServiceProvider.GetRequiredService<IRowGate>();

        var wanted = await gate.Read(Ask(select, town), who, default);
        var address = $"/api/v1/data/{number}?{(select is null ? "" : "&select=" + string.Join(',', select))}{(town ? "&town=eq.望春街道" : "")}";
        await Compare("json", wanted, await program.GetAsync($"{address}&limit=1000"), (bytes, items) => Objects(JsonDocument.Parse(bytes).RootElement.GetProperty("rows"), items), why);
        await Compare("x-road", wanted, await XRoad(program, card, number, address, "&limit=1000"), (bytes, items) => Objects(JsonDocument.Parse(bytes).RootElement.GetProperty("rows"), items), why);
        foreach (var format in Formats)
        {
            await Compare(format, wanted, await program.GetAsync($"{address}&format={format}"), (bytes, items) => ReadBack.Of(format, bytes, items), why);
        }

        var whole = await gate.Read(Ask(null, filtered: false), who, default);
        await Compare("changes", whole, await program.GetAsync($"/api/v1/data/{number}/changes"), Changed, why);
        await File(whole, number, Formats[random.Next(Formats.Length)], program, why);
        await Hook(whole, number, why);
        foreach (var place in places)
        {
            await Pushed(place, whole, number, why);
        }
    }

    /// <summary>The same address as X-Road writes it.</summary>
    private static async Task<HttpResponseMessage> XRoad(HttpClient program, ResourceCard card, string grant, string address, string more)
    {
        var query = address[(address.IndexOf('?', StringComparison.Ordinal) + 1)..];
        using var ask = new HttpRequestMessage(HttpMethod.Get, $"/r1/LIZHOU/GOV/11330600MB1573660P/{Uri.EscapeDataString(card.Code)}/{grant}?{query}{more}");
        ask.Headers.Add("X-Road-Client", "LIZHOU/GOV/11332500MB1601924J");
        return await program.SendAsync(ask);
    }

    private async Task File(Result<RowSet> whole, string grant, string format, HttpClient program, string why)
    {
        if (await Delivered("file", whole, grant, new { grant, name = "x", file = new { format } }, why) is { } run)
        {
            await Compare("file", whole, await program.GetAsync($"/api/v1/data/{grant}/files/{run.GetProperty("id").GetString()}"), (bytes, items) => ReadBack.Of(format, bytes, items), why);
        }
    }

    /// <summary>All that a subscription's messages brought. Those of earlier grants may come again at any time: a rule changed what they give.</summary>
    private async Task Hook(Result<RowSet> whole, string grant, string why)
    {
        IEnumerable<JsonElement> Own() => receiver.Got.Select(m => m.Data).Where(d => d.GetProperty("grant").GetString() == grant);
        if (await Delivered("webhook", whole, grant, new { grant, name = "x", hook = new { url = receiver.Url, all = true } }, why) is null)
        {
            Own().ShouldBeEmpty(why);
            return;
        }

        string[] items = [.. whole.Value.Items.Select(i => i.Item.Column)];
        Own().SelectMany(d => d.GetProperty("changes").EnumerateArray()).Select(c => ReadBack.Line(c.GetProperty("row"), items)).Order(StringComparer.Ordinal).ToList().ShouldBe(Lines(whole.Value), $"{why}, webhook");
    }

    /// <summary>The rows that stand in a receiver's table.</summary>
    private async Task Pushed(Place place, Result<RowSet> whole, string grant, string why)
    {
        var table = $"t{Guid.NewGuid():N}";
        if (await Delivered(place.Kind, whole, grant, new { grant, name = "x", table = place.Table(table: table), password = place.Password }, why) is not null)
        {
            var rows = await place.All(table, [.. whole.Value.Items.Select(i => i.Item.Column)]);
            rows.Select(ReadBack.Line).Order(StringComparer.Ordinal).ToList().ShouldBe(Lines(whole.Value), $"{why}, {place.Kind}");
        }
    }

    /// <summary>The first run of a delivery that was made; null where the policy's refusal is its answer too.</summary>
    private async Task<JsonElement?> Delivered(string door, Result<RowSet> whole, string grant, object ask, string why)
    {
        var delivery = await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", ask);
        if (!delivery.IsSuccessStatusCode)
        {
            whole.Refused.ShouldBeTrue($"{why}, {door}: {await delivery.Content.ReadAsStringAsync()}"); // Nothing is begun under a grant that ended.
            return null;
        }

        var run = await city.Run((await Json(delivery)).GetProperty("number").GetString()!);
        var (result, note) = (run.GetProperty("result").GetString(), run.GetProperty("note").GetString());
        if (!whole.Refused)
        {
            (result == "Delivered" || (result == "Nothing" && whole.Value.Rows.Count == 0)).ShouldBeTrue($"{why}, {door}: {run}");
            Count(door, refused: false);
            return run;
        }

        (result, note!.Contains(whole.Problem!.What.En, StringComparison.Ordinal) || note.Contains(whole.Problem.Code, StringComparison.Ordinal)).ShouldBe(("Refused", true), $"{why}, {door}: {run}");
        Count(door, refused: true);
        return null;
    }

    /// <summary>People by their own right, or a grant of their unit: pages for everybody, SQL for the engineer at the console or at the machine.</summary>
    private async Task ByRight(ResourceCard card, Random random, string why)
    {
        var gate = city.Services.CreateScope().ServiceProvider.GetRequiredService<IRowGate>();
        foreach (var client in new[] { city.SourceSteward, city.AskerSteward, city.StrangerSteward, city.Engineer })
        {
            await Page(gate, card, client, why);
        }

        var engineer = await Who(city.Engineer);
        var whole = await gate.Read(new RowAsk(card.Id, Purposes.Query, Take: 1000), engineer, default);
        var sql = $"SELECT * FROM {card.Table}";
        if (random.Next(4) > 0)
        {
            await Compare("sql", whole, await city.Engineer.PostAsJsonAsync("/api/v1/sql/", new { sql, purpose = Purposes.Query, seconds = 60 }), (bytes, _) => Cells(JsonDocument.Parse(bytes).RootElement), why);
            return;
        }

        var (code, said) = await Command("query", sql, "--purpose", Purposes.Query, "--seconds", "60", "--json");
        (code == 0).ShouldBe(!whole.Refused, $"{why}: {said}");
        var answer = JsonDocument.Parse(said).RootElement;
        if (whole.Refused)
        {
            answer.GetProperty("code").GetString().ShouldBe(whole.Problem!.Code, why);
        }
        else
        {
            Cells(answer).ShouldBe(Lines(whole.Value), why);
        }

        Count("command", whole.Refused);
    }

    private async Task Page(IRowGate gate, ResourceCard card, HttpClient client, string why)
    {
        var seen = await gate.Read(new RowAsk(card.Id, Purposes.Preview, Take: 20), await Who(client), default);
        var html = await (await client.GetAsync($"/catalog/{card.Id}?tab=sample")).Content.ReadAsStringAsync();
        Count("page", seen.Refused);
        if (seen.Refused)
        {
            html.ShouldContain(seen.Problem!.Code, Case.Sensitive, why);
            html.ShouldNotContain("欧阳", Case.Sensitive, why);
            return;
        }

        var table = SampleTable().Match(html).Groups["rows"].Value;
        var rows = TableRow().Matches(table).Select(r => string.Join('|', TableCell().Matches(r.Groups["row"].Value).Select(c => ReadBack.Word(WebUtility.HtmlDecode(c.Groups["cell"].Value)))));
        rows.ShouldBe(seen.Value.Rows.Select(r => string.Join('|', r.Select(v => v is null ? "" : ReadBack.Word(v)))), why);
    }

    private async Task Compare(string door, Result<RowSet> wanted, HttpResponseMessage answer, Func<byte[], string[], List<string>> read, string why)
    {
        Count(door, wanted.Refused);
        if (wanted.Refused)
        {
            (await Refusal(answer)).ShouldBe(wanted.Problem!.Code, $"{why}, {door}");
            return;
        }

        var bytes = await answer.Content.ReadAsByteArrayAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{why}, {door}: {Encoding.UTF8.GetString(bytes)}");
        read(bytes, [.. wanted.Value.Items.Select(i => i.Item.Column)]).ShouldBe(Lines(wanted.Value), $"{why}, {door}");
    }

    private void Count(string door, bool refused) => compared[$"{door} {(refused ? "refused" : "answered")}"] = compared.GetValueOrDefault($"{door} {(refused ? "refused" : "answered")}") + 1;

    private static List<string> Lines(RowSet rows) => [.. rows.Rows.Select(ReadBack.Line).Order(StringComparer.Ordinal)];

    private static List<string> Objects(JsonElement rows, string[] items) => [.. rows.EnumerateArray().Select(r => ReadBack.Line(r, items)).Order(StringComparer.Ordinal)];

    private static List<string> Changed(byte[] bytes, string[] items) =>
        [.. JsonDocument.Parse(bytes).RootElement.GetProperty("changes").EnumerateArray().Select(c => ReadBack.Line(c.GetProperty("row"), items)).Order(StringComparer.Ordinal)];

    private static List<string> Cells(JsonElement answer) =>
        [.. answer.GetProperty("rows").EnumerateArray().Select(r => ReadBack.Line(r.EnumerateArray().Select(ReadBack.Value))).Order(StringComparer.Ordinal)];

    private static async Task<Actor> Who(HttpClient client)
    {
        var who = await Json(await client.GetAsync("/api/v1/session"));
        return new(who.GetProperty("id").GetGuid(), "x", who.GetProperty("unit").ValueKind == JsonValueKind.Null ? null : who.GetProperty("unit").GetGuid(), who.GetProperty("roles").EnumerateArray().Select(r => r.GetString()!).ToHashSet()) { Label = 4 };
    }

    private async Task<(int Code, string Said)> Command(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Lizhou.Host.dll"), .. words, "--data", city.Data]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (said, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await said is { Length: > 0 } text ? text : await error);
    }

    /// <summary>Asked for with a random filter, agreed to with random masks and columns left out.</summary>
    private async Task<string> Granted(ResourceCard card, Random random)
    {
        var number = await city.Asked(card.Id, filter: Filters[random.Next(Filters.Length)]);
        await Json(await city.Step(city.Engineer, number, "Conform"));
        var masks = Columns.ToDictionary(c => c, _ => Masks[random.Next(Masks.Length)]);
        var leave = Columns.Where(c => c != "code" && random.Next(6) == 0).ToArray();
        var grant = (await Json(await city.SourceSteward.PostAsJsonAsync($"/api/v1/requests/{number}/steps", new { step = "Approve", masks, leave }))).GetProperty("grant").GetString()!;
        await city.FromBefore(grant); // so that every door stands open to it
        return grant;
    }

    private async Task Rule(Random random)
    {
        string[] verdicts = ["Allow", "Allow", "Mask", "Mask", "Refuse"];
        object One(int n, bool granted) => new
        {
            name = $"r{n}", granted, ownUnit = !granted && random.Next(2) == 0, roles = random.Next(3) switch { 0 => new[] { "steward" }, 1 => ["engineer"], _ => [] },
            mask = Masks[2 + random.Next(Masks.Length - 2)], rows = Filters[random.Next(Filters.Length)], levels = Enumerable.Range(1, 4).ToDictionary(l => $"L{l}", _ => verdicts[random.Next(verdicts.Length)]),
        };
        var rules = new { unlabelled = $"L{(random.Next(4) > 0 ? 4 : random.Next(1, 4))}", rules = Enumerable.Range(0, random.Next(1, 5)).Select(n => One(n, random.Next(2) == 0)).Append(One(9, granted: random.Next(3) > 0)).ToList() };
        var seen = (await Json(await security.GetAsync("/api/v1/policy/"))).EnumerateArray().Max(v => v.GetProperty("number").GetInt64());
        await Json(await security.PostAsJsonAsync("/api/v1/policy/", new { rules = JsonSerializer.Serialize(rules), seen, note = "试" }));
    }

    private async Task<ResourceCard> Publish(Random random, int number)
    {
        Level Any() => Enum.GetValues<Level>()[random.Next(4)];
        var entry = new ResourceEntry
        {
            Class = "303001", Name = $"同一问题{number}", Unit = SharedCity.Source, Summary = "模拟", Format = ResourceFormat.Database, Sharing = SharingKind.Conditional, Condition = "用于业务办理", Ways = [SharingWay.Api],
            Items =
            [
                ItemCard.Of("编号", column: "code", key: true, required: true, level: Any()), ItemCard.Of("姓名", column: "name", level: Any()), ItemCard.Of("身份号码", column: "id_number", check: CheckCharacter.IdNumber, level: Any()),
                ItemCard.Of("金额", ItemType.Money, "amount", level: Any()), ItemCard.Of("日期", ItemType.Date, "born", level: Any()), ItemCard.Of("街镇", column: "town", level: Any()), ItemCard.Of("次数", ItemType.Integer, "times", level: Any()),
            ],
        };
        using var scope = city.Services.CreateScope();
        var card = (await scope.ServiceProvider.GetRequiredService<ICatalogBulk>().Publish([entry], Actor.System, default)).Value[0];
        var csv = new StringBuilder("编号,姓名,身份号码,金额,日期,街镇,次数\n");
        for (var i = 0; i < 37; i++)
        {
            csv.AppendJoin(',', $"K{i}", i % 9 == 8 ? "" : i % 7 == 3 ? $"=1+{i}" : i % 7 == 4 ? $"\"欧阳,\"\"{i}\"" : $"欧阳{(char)('一' + i)}", i % 5 == 4 ? "" : Id(i), i % 6 == 5 ? "" : $"{i * 3}.{i:00}", i % 8 == 7 ? "" : $"19{50 + i}-0{i % 9 + 1}-11",
                i % 4 == 3 ? "" : i % 2 == 0 ? "望春街道" : "方岩镇", i % 10 == 9 ? "" : $"{i * 1000}").Append('\n');
        }

        await city.Collect(card, csv.ToString());
        return card;
    }

    /// <summary>A number with its check character (GB 11643).</summary>
    private static string Id(int number)
    {
        var body = $"3307841990{number % 12 + 1:00}01{number:000}";
        return body + "10X98765432"[body.Select((c, i) => (c - '0') * ((1 << (17 - i)) % 11)).Sum() % 11];
    }

    [GeneratedRegex("aria-label=\"样例\".*?<tbody>(?<rows>.*?)</tbody>", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex SampleTable();

    [GeneratedRegex("<tr>(?<row>.*?)</tr>", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex TableRow();

    [GeneratedRegex("<td>(?<cell>.*?)</td>", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex TableCell();
}
