// In: a log, its map. Out: what the host makes of it; logs of a few lines, written here.
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Lizhou.Tests;

namespace Lizhou.Cases.Tests;

internal static class Logs
{
    /// <summary>A map with what every log has, and more lines.</summary>
    public static string Map(string source, string more = "") =>
        $$"""
          source: {{source}}
          case: id
          time: { column: at, format: [d/M/yyyy H:mm, iso], zone: Asia/Shanghai }
          state: { column: state, steps: { 新建: reported, 处理中: handling, 挂起: held, 已解决: verifying, 关闭: closed, 备注: same } }
          nulls: ["?"]
          {{more}}
          """;

    public static async Task<HttpResponseMessage> Send(HttpClient who, byte[] log, string name, string map, bool check = false)
    {
        using var form = new MultipartFormDataContent { { new StringContent(map), "map" }, { new StringContent(check ? "true" : "false"), "check" }, { new ByteArrayContent(log), "log", name } };
        return await who.PostAsync(new Uri("/api/v1/cases/imports", UriKind.Relative), form);
    }

    /// <summary>The report, or {"refused": …} where the log broke off on the way.</summary>
    public static async Task<JsonElement> Import(HttpClient who, byte[] log, string map, string name = "log.csv", bool check = false)
    {
        var answer = await Send(who, log, name, map, check);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonDocument.Parse(text.TrimEnd().Split('\n')[^1]).RootElement.GetProperty("done");
    }

    public static Task<JsonElement> Import(HttpClient who, string log, string map, string name = "log.csv", bool check = false) => Import(who, Encoding.UTF8.GetBytes(log), map, name, check);

    public static async Task<JsonElement> Measures(HttpClient who, string query) => await County.Json(await who.GetAsync(new Uri($"/api/v1/cases/measures?{query}", UriKind.Relative)));

    public static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gz = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gz.Write(plain);
        }

        return packed.ToArray();
    }

    public static long Of(this JsonElement json, params string[] path) => path.Aggregate(json, (j, p) => j.GetProperty(p)).GetInt64();

    public static double Real(this JsonElement json, params string[] path) => path.Aggregate(json, (j, p) => j.GetProperty(p)).GetDouble();
}
