// What a source brought is taken before it is read. Here it is refused afterwards, on the real host: the source says so.
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Tests.Support;
using Microsoft.Data.Sqlite;
using static Lizhou.Collection.Tests.RunningCity;

namespace Lizhou.Collection.Tests;

public sealed class RefusedLaterTests(RunningCity city) : IClassFixture<RunningCity>
{
    private async Task Source(string code, object settings)
    {
        var resource = await city.Publish(Item("编号", key: true), Item("姓名", required: true));
        await Json(await city.Http.PostAsJsonAsync("api/v1/sources", new { code, name = $"来源{code}", resource, settings }));
    }

    [Fact]
    public async Task A_source_whose_push_was_refused_fails_until_the_next_good_one()
    {
        await Source("pushed", new { way = "push", groupSeconds = 1 });
        await Push("""[{"编号":"1","姓名":"甲","多余":"x"}]""");
        var failing = await Until("pushed", s => s.GetProperty("failures").GetInt64() > 0);
        failing.GetProperty("health").GetString().ShouldBe("Failing");
        failing.GetProperty("lastNote").GetString()!.ShouldContain("COL-008");
        (await city.Http.GetStringAsync("sources/pushed?lang=zh-CN")).ShouldContain("多余");

        await Push("""[{"编号":"1","姓名":"甲"}]""");
        (await Until("pushed", s => s.GetProperty("failures").GetInt64() == 0)).GetProperty("health").GetString().ShouldBe("Fresh");

        Task<JsonElement> Push(string body) => Json2(city.Http.PostAsync("api/v1/push/pushed", new StringContent(body, Encoding.UTF8, "application/json")));
    }

    [Fact]
    public async Task A_file_of_a_watched_folder_that_is_refused_lies_in_refused_with_the_reason_and_a_pipe_stalls_nothing()
    {
        await Source("watched", new { way = "folder", stableSeconds = 1 });
        var folder = Directory.CreateDirectory(Path.Combine(city.Data, "inbox", "watched")).FullName;
        using (var pipe = Process.Start("mkfifo", Path.Combine(folder, "0.csv")))
        {
            await pipe.WaitForExitAsync();
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "错的.csv"), "编号,别的\n1,x\n2,y\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "好的.csv"), "编号,姓名\n1,甲\n2,乙\n");
        await Wait.Until(() => Task.FromResult(File.Exists(Path.Combine(folder, "refused", "错的.csv"))));
        (await File.ReadAllTextAsync(Path.Combine(folder, "refused", "错的.csv.txt"))).ShouldContain("COL-007");
        await Wait.Until(() => Task.FromResult(File.Exists(Path.Combine(folder, "done", "好的.csv"))));
        File.Exists(Path.Combine(folder, "done", "错的.csv")).ShouldBeFalse();
        File.Exists(Path.Combine(folder, "0.csv")).ShouldBeTrue("a pipe is no file");
    }

    [Fact]
    public async Task What_lies_in_the_way_of_one_refused_file_stops_no_other_and_it_is_put_aside_once_the_way_is_free()
    {
        // A sender's key that looks like the inbox's own, of a batch that is refused.
        var resource = await city.Publish(Item("编号", key: true), Item("姓名", required: true));
        using (var form = new MultipartFormDataContent { { new StringContent(resource), "resource" }, { new ByteArrayContent("编号,别的\n1,x\n2,y\n"u8.ToArray()), "files", "a.csv" } })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/batches") { Content = form };
            request.Headers.Add("Idempotency-Key", "inbox:mine");
            (await city.Ended(await Json(await city.Http.SendAsync(request)))).GetProperty("state").GetString().ShouldBe("Refused");
        }

        await Source("blocked", new { way = "folder", stableSeconds = 1 });
        await Source("free", new { way = "folder", stableSeconds = 1 });
        var (blocked, free) = (Directory.CreateDirectory(Path.Combine(city.Data, "inbox", "blocked")).FullName, Directory.CreateDirectory(Path.Combine(city.Data, "inbox", "free")).FullName);
        File.CreateSymbolicLink(Path.Combine(blocked, "refused"), Path.Combine(city.Data, "nowhere", "at-all"));
        Directory.CreateDirectory(Path.Combine(free, "done"));
        using (var pipe = Process.Start("mkfifo", Path.Combine(free, "done", "错的(9).csv")))
        {
            await pipe.WaitForExitAsync();
        }

        await File.WriteAllTextAsync(Path.Combine(blocked, "错的.csv"), "编号,别的\n1,x\n2,y\n");
        await Wait.Until(() => Task.FromResult(File.Exists(Path.Combine(blocked, "done", "错的.csv"))));
        await Until("blocked", s => s.GetProperty("failures").GetInt64() > 0);
        await File.WriteAllTextAsync(Path.Combine(free, "错的.csv"), "编号,别的\n1,x\n3,y\n");
        await Wait.Until(() => Task.FromResult(File.Exists(Path.Combine(free, "refused", "错的.csv"))));

        File.Delete(Path.Combine(blocked, "refused"));
        await Wait.Until(() => Task.FromResult(File.Exists(Path.Combine(blocked, "refused", "错的.csv"))));
    }

    [Fact]
    public async Task A_source_whose_pull_was_refused_shows_it()
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(city.Data, "databases")).FullName, "old.db");
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            using var make = connection.CreateCommand();
            make.CommandText = "CREATE TABLE t (编号 TEXT, 别的 TEXT); INSERT INTO t VALUES ('1', 'x'), ('2', 'y')";
            make.ExecuteNonQuery();
        }

        await Source("pulled", new { way = "database", kind = "Sqlite", port = 0, database = "old.db", table = "t" });
        (await city.Http.PostAsync("api/v1/sources/pulled/run", null)).IsSuccessStatusCode.ShouldBeTrue();
        var failing = await Until("pulled", s => s.GetProperty("failures").GetInt64() > 0);
        (failing.GetProperty("health").GetString(), failing.GetProperty("lastNote").GetString()!.Contains("COL-007")).ShouldBe(("Failing", true), failing.ToString());
    }

    private async Task<JsonElement> Until(string code, Func<JsonElement, bool> fits)
    {
        var now = default(JsonElement);
        await Wait.Until(async () => fits(now = await Json(await city.Http.GetAsync($"api/v1/sources/{code}"))));
        return now;
    }

    private static async Task<JsonElement> Json2(Task<HttpResponseMessage> answer) => await Json(await answer);
}
