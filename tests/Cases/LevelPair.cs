// In: nothing. Out: two real installations, one above the other, and links between them; what a test sends as either end, and what has become of it there.
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Intake.Citizen;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Levels;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

/// <summary>A link of both ends; each test has its own, and so its own threads.</summary>
internal sealed record Link(Guid Id, string Secret);

public class LevelPair : IAsyncLifetime
{
    public LevelPair()
        : this(() => null)
    {
    }

    protected LevelPair(Func<string?> state) => (Lower, Upper) = (Plain(state(), 0), Plain(state(), FreePort()));

    public CaseCity Lower { get; }

    /// <summary>On a port of its own: it comes back where it was.</summary>
    public CaseCity Upper { get; }

    public async ValueTask InitializeAsync()
    {
        await Upper.InitializeAsync();
        await Lower.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Lower.DisposeAsync();
        await Upper.DisposeAsync();
    }

    /// <param name="codes">Crosswalk at both ends; null: none.</param>
    internal async Task<Link> Link(string? codes = null)
    {
        using var above = Upper.Door(); // No session, that would end with the hours some tests let pass.
        using var below = Lower.Door();
        var made = await Json(await above.PostAsJsonAsync("/api/v1/case-levels/peers", new { name = "下级市", upper = false, url = Lower.Address.ToString() }));
        var link = new Link(made.GetProperty("peer").GetProperty("id").GetGuid(), made.GetProperty("secret").GetString()!);
        await Json(await below.PostAsJsonAsync("/api/v1/case-levels/peers", new { name = "上级", upper = true, url = Upper.Address.ToString(), id = link.Id, secret = link.Secret }));
        foreach (var end in new[] { below, above }.Where(_ => codes is not null))
        {
            await Json(await end.PutAsJsonAsync($"/api/v1/case-levels/peers/{link.Id}/codes", new { text = codes }));
        }

        return link;
    }

    internal static CaseCity Plain(string? state, int port)
    {
        Environment.SetEnvironmentVariable("Sources__PrivateHosts__0", "127.0.0.1");
        Environment.SetEnvironmentVariable("Levels__Plain", "true");
        return new() { Urls = $"http://127.0.0.1:{port}", Change = usual => state is null ? usual : usual with { State = state } };
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The rounds of the program itself look too; these make sure that they have looked.</summary>
    internal static async Task Round(CaseCity from, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            await from.Services.GetRequiredService<TellSender>().Look(default);
            await from.Services.GetRequiredService<SendForms>().Look(default);
            await from.Services.GetRequiredService<SendPhotos>().Look(default);
        }
    }

    internal static Task<HttpResponseMessage> Form(CaseCity from, Link link, string form, string words, Guid? @ref = null, string? number = null, int? stars = null, HttpClient? who = null) =>
        (who ?? from.Bureau).PostAsJsonAsync("/api/v1/case-levels/forms", new { peer = link.Id, form, words, @ref, number, stars });

    /// <summary>Sends the first form about a case.</summary>
    internal static async Task<Guid> Send(CaseCity from, Link link, string form, string words, string number, HttpClient? who = null) => (await Json(await Form(from, link, form, words, number: number, who: who))).GetProperty("ref").GetGuid();

    internal static async Task<JsonElement> Thread(CaseCity at, Guid @ref, HttpClient? who = null) =>
        (await Json(await (who ?? at.Bureau).GetAsync(new Uri("/api/v1/case-levels/cases", UriKind.Relative)))).EnumerateArray().Single(t => t.GetProperty("ref").GetGuid() == @ref);

    internal static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;

    internal static List<JsonElement> Events(JsonElement detail, string act) => [.. detail.GetProperty("events").EnumerateArray().Where(e => e.GetProperty("act").GetString() == act)];

    /// <summary>A case with photos, as anybody reports one.</summary>
    internal static async Task<string> Photographed(CaseCity city, params byte[][] photos)
    {
        using var scope = city.Services.CreateScope();
        var made = await scope.ServiceProvider.GetRequiredService<ReportCase>().Take(new("省道边坡塌方，附照片", "330784001", CaseSource.Web, "0102", "省道 3 公里处"), photos, PublicDoor.Public, default);
        return made.Value.File.Number;
    }

    /// <summary>A JPEG as one kept of a report, of noise: of some hundred KB.</summary>
    internal static async Task<byte[]> Noise(int side, int seed)
    {
        using var picture = new SKBitmap(side, side);
        var colours = new Random(seed);
        for (var i = 0; i < side * side; i++)
        {
            picture.SetPixel(i % side, i / side, new((uint)(0xFF000000 | (uint)colours.Next(0x1000000))));
        }

        using var png = picture.Encode(SKEncodedImageFormat.Jpeg, 90);
        using var stream = new MemoryStream(png.ToArray());
        return (await Intake.Photo.Read(stream, default)).Value.Jpeg;
    }

    internal static Task<HttpResponseMessage> Post(CaseCity to, Link link, LevelMessage message, string? key = null) => Post(to, link, "/levels/v1/messages", JsonSerializer.SerializeToUtf8Bytes(message, CasesDb.Json), key);

    internal static async Task<HttpResponseMessage> Post(CaseCity to, Link link, string path, byte[] body, string? key = null)
    {
        using var visitor = to.Visitor();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Headers.Add(LevelCall.LinkHeader, link.Id.ToString());
        request.Headers.Add(LevelCall.Header, Peers.Sign(key ?? link.Secret, body));
        return await visitor.SendAsync(request);
    }

    internal static Task<HttpResponseMessage> Part(CaseCity to, Link link, LevelMessage of, LevelPhoto photo, long start, byte[] bytes) => Post(
        to, link, "/levels/v1/photos", [.. JsonSerializer.SerializeToUtf8Bytes(new PartHead(link.Id, of.Ref, of.Seq, photo.Place, photo.Digest, start), CasesDb.Json), (byte)'\n', .. bytes]);

    internal static async Task<T> Receipt<T>(Link link, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsByteArrayAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(Encoding.UTF8.GetString(text));
        Peers.IsSigned(link.Secret, text, answer.Headers.GetValues(LevelCall.Header).Single()).ShouldBeTrue("the receipt is signed");
        return JsonSerializer.Deserialize<T>(text, CasesDb.Json)!;
    }

    internal static async Task<string> State(Link link, HttpResponseMessage answer)
    {
        var receipt = await Receipt<LevelReceipt>(link, answer);
        return $"{receipt.State} {receipt.Code}";
    }
}

public sealed class PostgresLevelPair() : LevelPair(Servers.Postgres);
