// The real program with its engineer and what the tests of this room ask of it again and again.
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;

namespace Lizhou.Standards.Tests;

public class StandardsCounty : County, IAsyncLifetime
{
    public const string Root = "/api/v1/standards";

    private int serial;

    public HttpClient Engineer { get; private set; } = null!;

    /// <summary>The one unit.</summary>
    public Guid Unit { get; private set; }

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await Open();
        using var door = Door();
        Unit = (await Json(await door.PostAsJsonAsync("/api/v1/units", new { name = "模拟测试局", code = "113307843077566033", kind = "Department" }))).GetProperty("id").GetGuid();
        Engineer = await As(Roles.Engineer);
        // While the unit is the only one: whichever test makes another first, there is a steward of this one.
        (await As(Roles.Steward)).Dispose();
    }

    /// <summary>An identifier no other test uses.</summary>
    public string Fresh(string stem) => $"{stem}{Interlocked.Increment(ref serial)}";

    public async Task<JsonElement> Get(string address) => await Json(await Engineer.GetAsync(new Uri(Root + address, UriKind.Relative)));

    public Task<HttpResponseMessage> Put(string address, object body) => Engineer.PutAsJsonAsync(Root + address, body);

    public Task<HttpResponseMessage> Post(string address, object? body = null) => Engineer.PostAsJsonAsync(Root + address, body ?? new { });

    public async Task<HttpResponseMessage> Send(string address, string name, byte[] bytes, HttpClient? who = null)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(bytes), "file", name } };
        return await (who ?? Engineer).PostAsync(new Uri(Root + address, UriKind.Relative), form);
    }

    /// <summary>A list with these codes in force.</summary>
    public async Task<string> List(params object[] codes)
    {
        var code = Fresh("list-");
        await Json(await Put($"/lists/{code}", new { name = "测试代码集", codes }));
        await Json(await Post($"/lists/{code}/publish"));
        return code;
    }

    /// <summary>Editions as their zip: month and codes.</summary>
    public static byte[] Zip(params (string Month, Dictionary<string, string> Codes)[] editions)
    {
        using var zipped = new MemoryStream();
        using (var zip = new ZipArchive(zipped, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (month, codes) in editions)
            {
                using var entry = zip.CreateEntry(month + ".json").Open();
                JsonSerializer.Serialize(entry, codes);
            }
        }

        return zipped.ToArray();
    }

    public static byte[] Csv(params string[] lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    public static string Text(JsonElement of, string property) => of.GetProperty(property).GetString()!;
}

/// <summary>The same over PostgreSQL; its tests are skipped where that is not installed.</summary>
public sealed class PostgresStandards : StandardsCounty
{
    public PostgresStandards()
    {
        var state = Servers.Postgres();
        Change = usual => usual with { State = state };
    }
}
