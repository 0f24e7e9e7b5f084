using System.Net;
using System.Net.Http.Json;
using Lizhou.Host.Keeping;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Tests;
using Lizhou.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Lizhou.Host.Tests;

public sealed class UpkeepTests
{
    [Fact]
    public async Task Many_small_files_become_one_by_hand_and_a_second_time_there_is_nothing_to_do()
    {
        await using var city = await WholeCity.Open();
        var (_, code) = await city.Publish();
        for (var i = 0; i < 5; i++)
        {
            await city.Collect(code, $"编号,姓名,金额\n{i},模拟{i},1\n");
        }

        (await city.Lake()).GetProperty("files").GetInt64().ShouldBe(5);
        (await city.Upkept("compact")).GetProperty("outcome").GetString().ShouldBe("1 张表的 5 行已合并重写");
        var lake = await city.Lake();
        (lake.GetProperty("files").GetInt64(), lake.GetProperty("rows").GetInt64(), lake.GetProperty("oldFiles").GetInt64()).ShouldBe((1, 5, 5));

        (await city.Upkept("compact")).GetProperty("outcome").GetString().ShouldBe("0 张表的 0 行已合并重写");
        (await city.Upkept("verify")).GetProperty("good").GetBoolean().ShouldBeTrue();
        (await city.Evidence("lake.compact")).ShouldBe(1); // what found nothing to do is no evidence
        (await city.Evidence("lake.verify")).ShouldBe(1);
    }

    [Fact]
    public async Task What_a_reader_still_needs_stays_until_its_time_is_over_and_then_goes()
    {
        await using var city = await WholeCity.Open();
        var (_, code) = await city.Publish();
        var first = "";
        for (var i = 0; i < 5; i++)
        {
            var number = await city.Collect(code, $"编号,姓名,金额\n{i},模拟{i},1\n");
            first = i == 0 ? number : first;
        }

        await city.Upkept("compact");
        city.Advance(TimeSpan.FromDays(29));
        await city.Upkept("expire");
        await city.Upkept("sweep");
        (await city.Lake()).GetProperty("oldFiles").GetInt64().ShouldBe(5);
        (await city.Post($"api/v1/batches/{first}/undo", new { confirm = first, reason = "模拟" })).StatusCode.ShouldBe(HttpStatusCode.OK);

        city.Advance(TimeSpan.FromDays(31));
        await city.Upkept("expire");
        city.Advance(TimeSpan.FromHours(73));
        await city.Upkept("sweep");
        var lake = await city.Lake();
        (lake.GetProperty("rows").GetInt64(), lake.GetProperty("oldFiles").GetInt64(), lake.GetProperty("expired").GetInt64()).ShouldBe((4, 0, 0));
        (await city.Upkept("verify")).GetProperty("good").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_damaged_file_shows_in_the_result_and_on_the_workbench()
    {
        await using var city = await WholeCity.Open();
        await city.Collect((await city.Publish()).Code, "编号,姓名,金额\n1,模拟,1\n");
        var file = Directory.EnumerateFiles(Path.Combine(city.Data, "lake", "data"), "*.parquet", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        var verified = await city.Upkept("verify");
        verified.GetProperty("good").GetBoolean().ShouldBeFalse();
        verified.GetProperty("outcome").GetString()!.ShouldContain(Path.GetFileName(file));
        using var engineer = await city.As(Roles.Engineer);
        (await engineer.GetStringAsync(new Uri("/", UriKind.Relative))).ShouldContain("完整性校验未正常完成");
        (await engineer.GetStringAsync(new Uri("/keeping/lake", UriKind.Relative))).ShouldContain("需处理");
    }

    [Fact]
    public async Task Only_those_who_keep_the_city_see_the_lake_and_start_its_upkeep()
    {
        await using var city = await WholeCity.Open();
        using var steward = await city.AsStewardOf(city.Unit);
        (await steward.GetAsync(new Uri("/api/v1/keeping/lake", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await steward.PostAsJsonAsync("/api/v1/keeping/lake/verify", new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await County.Refusal(await city.Post("api/v1/keeping/lake/polish", new { }))).ShouldBe("HST-004");
    }

    [Theory]
    [InlineData(StateKind.Sqlite)]
    [InlineData(StateKind.PostgreSql)]
    public async Task What_is_due_is_wanted_once_though_many_nodes_look_and_what_was_missed_is_done_once(StateKind kind)
    {
        var folder = Directory.CreateTempSubdirectory("lizhou-keeping-").FullName;
        try
        {
            using var state = new StateStore(kind == StateKind.PostgreSql ? Servers.Postgres() : Path.Combine(folder, "state.db"));
            foreach (var assembly in new[] { typeof(Module).Assembly, typeof(KeepingModule).Assembly })
            {
                await SchemaScripts.Apply(state, assembly);
            }

            var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 5, 0, 3, 0, TimeSpan.Zero));
            var nodes = Enumerable.Range(0, 4).Select(_ => new StartDueUpkeep(state, new JobQueue(state, clock), new UpkeepSettings(), clock)).ToList();
            (await nodes[0].Look(default)).ShouldBe(0);

            clock.Advance(TimeSpan.FromDays(8)); // every task was due, the flush more than a thousand times
            (await Task.WhenAll(nodes.Select(n => n.Look(default)))).Sum().ShouldBe(5);
            (await nodes[0].Look(default)).ShouldBe(0);
            await using var connection = await state.Open();
            Convert.ToInt64(await connection.Scalar(null, $"SELECT COUNT(*) FROM job WHERE state = 'Waiting'")).ShouldBe(2);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("every night", 30, 72)]
    [InlineData("0 1 * * *", 0, 72)]
    [InlineData("0 1 * * *", 30, 0)]
    public void Settings_that_cannot_be_meant_keep_the_city_from_starting(string compact, int days, int hours) =>
        Should.Throw<ProblemException>(() => new UpkeepSettings { Compact = compact, KeepDays = days, GraceHours = hours }.Checked()).Problem.Code.ShouldBe("HST-003");

    [Fact]
    public void A_task_may_be_left_to_hand() => new UpkeepSettings { Verify = "-" }.Checked().Next(UpkeepTask.Verify, DateTimeOffset.UtcNow).ShouldBeNull();
}
