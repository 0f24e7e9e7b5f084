using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using Lizhou.Collection.Connectors;
using Lizhou.Collection.Sources;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lizhou.Collection.Tests;

public sealed class ConnectorsWebTests
{
    [Theory]
    [InlineData(nameof(Paging.Page))]
    [InlineData(nameof(Paging.Offset))]
    [InlineData(nameof(Paging.Cursor))]
    [InlineData(nameof(Paging.LinkHeader))]
    [InlineData(nameof(Paging.NextAddress))]
    public async Task Every_way_of_paging_brings_each_record_once(string paging)
    {
        await using var department = await Department.Open(Pages(count: 25, most: 7));
        await using var house = await SourceHouse.Open();
        await house.Register("api", department.Settings(Enum.Parse<Paging>(paging)));
        var run = await house.Run("api");
        run.Result.ShouldBe(RunResult.Delivered, run.Note);
        run.RowCount.ShouldBe(25);
        var rows = (await house.FileOf(run.Batch!.Value)).TrimEnd('\n').Split('\n');
        rows.ShouldBe(Enumerable.Range(1, 25).Select(i => $$"""{"id":{{i}},"name":"模拟{{i}}","at":"2026-11-{{i:00}}"}"""));
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_after_the_time_it_names()
    {
        var answers = new ConcurrentQueue<int>([429, 503, 200]);
        await using var department = await Department.Open(async http =>
        {
            answers.TryDequeue(out var status);
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = "0";
            await http.Response.WriteAsync("""[{"id":1}]""");
        });
        await using var house = await SourceHouse.Open();
        await house.Register("busy", department.Settings(Paging.Single) with { Records = "" });
        (await house.Run("busy")).Result.ShouldBe(RunResult.Delivered);
        answers.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_changed_is_told_by_the_server_and_costs_no_batch()
    {
        await using var department = await Department.Open(http =>
        {
            http.Response.Headers.ETag = "\"v1\"";
            if (http.Request.Headers.IfNoneMatch == "\"v1\"")
            {
                http.Response.StatusCode = 304;
                return Task.CompletedTask;
            }

            return http.Response.WriteAsync("""[{"id":1}]""");
        });
        await using var house = await SourceHouse.Open();
        await house.Register("tag", department.Settings(Paging.Single) with { Records = "" });
        (await house.Run("tag")).Result.ShouldBe(RunResult.Delivered);
        (await house.Run("tag")).Result.ShouldBe(RunResult.Nothing);
    }

    [Fact]
    public async Task The_greatest_value_taken_is_where_the_next_pull_begins()
    {
        var asked = new ConcurrentQueue<string>();
        var serve = Pages(count: 9, most: 5);
        await using var department = await Department.Open(http =>
        {
            asked.Enqueue(http.Request.Query["since"].ToString());
            return serve(http);
        });
        await using var house = await SourceHouse.Open();
        await house.Register("since", department.Settings(Paging.Page) with { SinceParameter = "since", SinceField = "at" });
        await house.Run("since");
        (await house.Source("since")).Watermark.ShouldBe(new Watermark("2026-11-09"));
        asked.ShouldAllBe(a => a.Length == 0);
        asked.Clear();
        await house.Run("since");
        asked.ShouldAllBe(a => a == "2026-11-09");
    }

    [Fact]
    public async Task The_secret_goes_in_its_header_and_is_never_shown_again()
    {
        var seen = "";
        await using var department = await Department.Open(http =>
        {
            seen = http.Request.Headers["X-Api-Key"].ToString();
            return http.Response.WriteAsync("[{\"id\":1}]");
        });
        await using var house = await SourceHouse.Open();
        await house.Register("key", department.Settings(Paging.Single) with { Records = "", SecretHeader = "X-Api-Key" }, e => e with { Secret = "s3cret" });
        await house.Run("key");
        seen.ShouldBe("s3cret");
        (await house.Client.GetStringAsync("/api/v1/sources/key")).ShouldNotContain("s3cret");
        (await house.Scalar<string>($"SELECT secret FROM source WHERE code = 'key'")).ShouldNotContain("s3cret");
        (await house.Scalar<string>($"SELECT group_concat(detail) FROM ledger_entry")).ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task A_server_that_answers_an_error_again_and_again_was_reached_and_its_status_is_told()
    {
        await using var department = await Department.Open(http =>
        {
            http.Response.StatusCode = 500;
            http.Response.Headers.RetryAfter = "0";
            return Task.CompletedTask;
        });
        await using var house = await SourceHouse.Open();
        await house.Register("ill", department.Settings(Paging.Single) with { Records = "" });
        var note = (await house.Run("ill")).Note.ShouldNotBeNull();
        note.ShouldContain("SRC-053");
        note.ShouldContain("HTTP 500");
    }

    public static TheoryData<string, string> HostileAnswers => new()
    {
        { "redirect", "SRC-020" }, { "no array", "SRC-021" }, { "no json", "SRC-020" }, { "deep", "SRC-020" }, { "numbers", "SRC-020" }, { "twice a key", "SRC-020" },
        { "bomb", "SRC-023" }, { "large", "SRC-017" }, { "cut short", "SRC-020" }, { "same page forever", "SRC-022" }, { "same cursor forever", "SRC-022" },
        { "endless", "SRC-022" }, { "other host", "SRC-020" }, { "gone", "SRC-020" },
    };

    [Theory]
    [MemberData(nameof(HostileAnswers))]
    public async Task A_hostile_answer_is_refused_and_nothing_of_it_is_taken_in(string answer, string code)
    {
        await using var department = await Department.Open(http => Hostile(answer, http));
        await using var house = await SourceHouse.Open(new SourceLimits { PrivateHosts = ["127.0.0.1"], AnswerBytes = 4 << 20 });
        var settings = department.Settings(answer switch
        {
            "same page forever" or "endless" => Paging.Page,
            "same cursor forever" => Paging.Cursor,
            "other host" => Paging.NextAddress,
            _ => Paging.Single,
        });
        await house.Register("bad", settings with { MostPages = 20 });
        var run = await house.Run("bad");
        run.Result.ShouldBe(RunResult.Failed);
        run.Note.ShouldNotBeNull().ShouldContain(code);
        (await house.Scalar<long>($"SELECT COUNT(*) FROM batch")).ShouldBe(0);
        Directory.Exists(Path.Combine(house.Settings.Work, "pull")).ShouldBeTrue();
        Directory.EnumerateFiles(Path.Combine(house.Settings.Work, "pull")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://localhost:1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://017700000001/")]
    [InlineData("http://127.1/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://172.16.0.1/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://255.255.255.255/")]
    public async Task This_machine_and_private_networks_are_not_reached_however_they_are_spelt(string url)
    {
        var guard = new HostGuard(new SourceLimits());
        var refused = await Should.ThrowAsync<ProblemException>(() => guard.Resolve(new Uri(url).Host, listed: true, default));
        refused.Problem.Code.ShouldBeOneOf("SRC-010", "SRC-050");
    }

    [Theory]
    [InlineData("10.1.2.3", "10.1.0.0/16", "10.2.0.0/16")]
    [InlineData("192.168.7.1", "192.168.7.1", "192.168.7.2")]
    [InlineData("172.20.0.9", "172.16.0.0/12", "10.0.0.0/8")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3/32", "10.1.2.4/32")]
    [InlineData("fd00::12", "fd00::/64", "fd00:1::/64")]
    public async Task A_department_in_a_private_network_is_read_once_its_range_is_listed_and_the_refusal_says_how(string host, string range, string other)
    {
        (await new HostGuard(new SourceLimits { PrivateHosts = [range] }).Resolve(host, listed: false, default)).Count.ShouldBe(1);
        var refused = await Should.ThrowAsync<ProblemException>(() => new HostGuard(new SourceLimits { PrivateHosts = ["10.9.9.9", other] }).Resolve(host, listed: false, default));
        refused.Problem.Code.ShouldBe("SRC-050");
        refused.Problem.Todo.Zh.ShouldContain($"Sources__PrivateHosts__2={IPAddress.Parse(host).ToString().Replace("::ffff:", "")}");
    }

    [Theory]
    [InlineData("127.0.0.1", "0.0.0.0/0")]
    [InlineData("127.0.0.1", "localhost")]
    [InlineData("localhost", "localhost")]
    [InlineData("::1", "::/0")]
    [InlineData("169.254.169.254", "169.0.0.0/8")]
    [InlineData("100.100.100.200", "100.64.0.0/10")]
    [InlineData("fd00:ec2::254", "fd00::/8")]
    [InlineData("fe80::1", "fc00::/6")]
    public async Task No_wide_range_and_no_name_opens_this_machine_or_what_a_cloud_tells_of_itself(string host, string listed) =>
        (await Should.ThrowAsync<ProblemException>(() => new HostGuard(new SourceLimits { PrivateHosts = [listed] }).Resolve(host, listed: false, default))).Problem.Code.ShouldBe("SRC-010");

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.0/8")]
    [InlineData("::1", "::1")]
    [InlineData("169.254.169.254", "169.254.169.254")]
    public async Task An_address_of_this_machine_is_read_when_it_is_listed_itself(string host, string listed) =>
        (await new HostGuard(new SourceLimits { PrivateHosts = [listed] }).Resolve(host, listed: false, default)).ShouldBe([IPAddress.Parse(host)]);

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.com/")]
    [InlineData("ftp://example.com/")]
    [InlineData("http://user:pass@example.com/")]
    [InlineData("//example.com/")]
    [InlineData("javascript:alert(1)")]
    public void Only_plain_web_addresses_are_settings(string url) => new ApiSettings(url).Check().ShouldNotBeEmpty();

    [Fact]
    public async Task Only_hosts_on_the_list_are_read_when_there_is_one()
    {
        var guard = new HostGuard(new SourceLimits { Hosts = ["*.lizhou.invalid"], PrivateHosts = ["127.0.0.0/8"] });
        (await Should.ThrowAsync<ProblemException>(() => guard.Resolve("127.0.0.1", listed: true, default))).Problem.Code.ShouldBe("SRC-051");
        (await guard.Resolve("127.0.0.1", listed: false, default)).ShouldBe([IPAddress.Loopback]);
    }

    private static RequestDelegate Pages(int count, int most) => async http =>
    {
        var query = http.Request.Query;
        int Number(string name, int otherwise) => int.TryParse(query[name], out var number) ? number : otherwise;
        var size = Math.Min(most, Number("size", most)); // gives fewer than asked, as many servers do
        var from = query.ContainsKey("page") ? (Number("page", 1) - 1) * size : Number("offset", Number("cursor", Number("at", 0)));
        var rows = Enumerable.Range(1, count).Skip(from).Take(size).Select(i => $$"""{"id":{{i}},"name":"模拟{{i}}","at":"2026-11-{{i:00}}"}""").ToList();
        var next = from + size < count ? $"{from + size}" : null;
        if (next is not null)
        {
            http.Response.Headers.Append("Link", $"</rows?at={next}>; rel=\"next\", </rows?at=0>; rel=\"first\"");
        }

        var last = next is null ? "null" : $"\"{next}\"";
        var address = next is null ? "null" : $"\"/rows?at={next}\"";
        await http.Response.WriteAsync("{\"data\":{\"list\":[" + string.Join(',', rows) + "],\"cursor\":" + last + ",\"next\":" + address + "}}");
    };

    private static async Task Hostile(string answer, HttpContext http)
    {
        static string Rows(string inside) => """{"data":{"cursor":"c","next":"http://elsewhere.invalid/rows","list":[""" + inside + "]}}";
        switch (answer)
        {
            case "redirect":
                http.Response.Redirect("http://169.254.169.254/");
                break;
            case "gone":
                http.Response.StatusCode = 404;
                break;
            case "no array":
                await http.Response.WriteAsync("""{"data":{"list":{"id":1}}}""");
                break;
            case "no json":
                await http.Response.WriteAsync("<html>维护中</html>");
                break;
            case "deep":
                await http.Response.WriteAsync(Rows("{\"id\":" + new string('[', 100_000) + new string(']', 100_000) + "}"));
                break;
            case "numbers":
                await http.Response.WriteAsync(Rows("1,2,3"));
                break;
            case "twice a key":
                await http.Response.WriteAsync(Rows("""{"id":1,"id":2}"""));
                break;
            case "cut short":
                await http.Response.WriteAsync("""{"data":{"list":[{"id":1},""");
                break;
            case "large":
                await http.Response.WriteAsync(Rows(string.Join(',', Enumerable.Range(0, 500_000).Select(i => "{\"id\":" + i + "}"))));
                break;
            case "bomb":
                http.Response.Headers.ContentEncoding = "gzip";
                await using (var gzip = new GZipStream(http.Response.Body, CompressionLevel.SmallestSize))
                {
                    var blank = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
                    for (var i = 0; i < 64; i++)
                    {
                        await gzip.WriteAsync(blank);
                    }
                }

                break;
            case "endless":
                await http.Response.WriteAsync(Rows("{\"id\":" + http.Request.Query["page"] + "}"));
                break;
            default:
                await http.Response.WriteAsync(Rows("""{"id":1}"""));
                break;
        }
    }

    /// <summary>A department's web interface on loopback.</summary>
    private sealed class Department : IAsyncDisposable
    {
        private WebApplication app = null!;

        public static async Task<Department> Open(RequestDelegate serve)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0").UseKestrel();
            var department = new Department { app = builder.Build() };
            department.app.Run(serve);
            await department.app.StartAsync();
            return department;
        }

        public ApiSettings Settings(Paging paging)
        {
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            return new($"{address}/rows?kind=all", Records: "data.list", Paging: paging, PerMinute: 6000, Size: 10)
            {
                PageParameter = paging switch { Paging.Offset => "offset", Paging.Cursor => "cursor", _ => "page" },
                Next = paging switch { Paging.Cursor => "data.cursor", Paging.NextAddress => "data.next", _ => null },
            };
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
