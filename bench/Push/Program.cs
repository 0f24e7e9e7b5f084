// In: the data folder of a running city (`./lizhou serve --data FOLDER`), how many senders, for how long. Out: pushes of one row acknowledged a second, each durable
// before its answer, with their latencies; then how many of the rows landed and what they cost the lake: files, and rows in its buffer.
using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

var folder = args[0];
var senders = args.Length > 1 ? int.Parse(args[1]) : 16;
var span = TimeSpan.FromSeconds(args.Length > 2 ? int.Parse(args[2]) : 20);
using var city = new HttpClient(new SocketsHttpHandler
{
    ConnectCallback = async (_, stop) =>
    {
        var door = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await door.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(folder, "lizhou.sock")), stop);
        return new NetworkStream(door, ownsSocket: true);
    },
}) { BaseAddress = new Uri("http://lizhou.local/") };

var source = $"push-{Guid.NewGuid():N}"[..12];
var resource = await Prepare();
var taken = new List<double>[senders];
var clock = Stopwatch.StartNew();
await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(() => Send(sender))));
var elapsed = clock.Elapsed;
var all = taken.SelectMany(t => t).Order().ToList();
Console.WriteLine($"{senders} senders, {elapsed.TotalSeconds:F1} s: {all.Count / elapsed.TotalSeconds:F0} pushes/s acknowledged; p50 {At(0.5):F1} ms, p99 {At(0.99):F1} ms, worst {all[^1]:F0} ms");

var landed = 0L;
for (var waited = Stopwatch.StartNew(); landed < all.Count && waited.Elapsed < TimeSpan.FromMinutes(2); await Task.Delay(500))
{
    var page = (await Get($"api/v1/batches?size=200&text={Uri.EscapeDataString(resource)}")).GetProperty("items").EnumerateArray();
    landed = page.Sum(b => b.GetProperty("counts").GetProperty("accepted").GetInt64());
}

var lake = (await Get("api/v1/keeping/lake")).GetProperty("lake");
Console.WriteLine($"landed {landed} of {all.Count} rows {(clock.Elapsed - elapsed).TotalSeconds:F1} s later; files {lake.GetProperty("files")}, buffered rows {lake.GetProperty("bufferedRows")}");
return landed == all.Count ? 0 : 1;

double At(double share) => all[(int)(share * (all.Count - 1))];

async Task Send(int sender)
{
    var mine = taken[sender] = [];
    for (var i = 0; clock.Elapsed < span; i++)
    {
        var from = Stopwatch.GetTimestamp();
        using var push = new HttpRequestMessage(HttpMethod.Post, $"api/v1/push/{source}")
        {
            Content = new StringContent($$"""[{"id":"{{sender}}-{{i}}","name":"模拟"}]""", Encoding.UTF8, "application/json"), Headers = { { "Idempotency-Key", $"{sender}-{i}" } },
        };
        using var answer = await city.SendAsync(push);
        answer.EnsureSuccessStatusCode();
        mine.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
    }
}

async Task<string> Prepare()
{
    var units = (await Get("api/v1/units?size=1")).GetProperty("items");
    var unit = units.GetArrayLength() > 0 ? units[0] : await Post("api/v1/units", new { name = "模拟测试局", code = "113307843077566033", kind = "Department" });
    object[] items = [new { name = "编号", column = "id", type = "Text", length = 40, level = "L1" }, new { name = "名称", column = "name", type = "Text", length = 50, level = "L1" }];
    var made = await Post("api/v1/resources", new { @class = "303001", name = source, unit = unit.GetProperty("id").GetGuid(), summary = "模拟", sharing = "Unconditional", ways = new[] { "Table" }, cycle = "Realtime", items });
    var at = $"api/v1/resources/{made.GetProperty("id").GetGuid()}";
    await Post($"{at}/submit", new { });
    await Post($"{at}/review", new { pass = true });
    var code = (await Post($"{at}/publish", new { opinion = "模拟" })).GetProperty("code").GetString()!;
    await Post("api/v1/sources", new { code = source, name = source, resource = code, settings = new { way = "push", groupSeconds = 1 } });
    return code;
}

async Task<JsonElement> Get(string path) => await Body(await city.GetAsync(new Uri(path, UriKind.Relative)));

async Task<JsonElement> Post(string path, object body) => await Body(await city.PostAsJsonAsync(path, body));

async Task<JsonElement> Body(HttpResponseMessage answer)
{
    var text = await answer.Content.ReadAsStringAsync();
    return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException(text);
}
