// Subscriptions: signed messages a receiver can check, sent again after failures from where they stopped, given up in the end; and no way to make this machine call where it must not.
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Collection;
using Lizhou.Sharing.Deliveries;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

public sealed class HookTests(SharedCity city) : HookPromises(city), IClassFixture<SharedCity>;

public sealed class HookTestsOnPostgreSql(PostgresCity city) : HookPromises(city), IClassFixture<PostgresCity>;

public abstract class HookPromises(SharedCity city)
{
    private const string Head = "编号,姓名,街镇,金额,备注\n";

    [Fact]
    public async Task A_receiver_checks_the_signature_and_gets_each_change_masked()
    {
        await using var receiver = await Receiver.Open();
        var resource = await city.Resource();
        var grant = await city.Granted(resource.Id, masks: new { name = "Partial" }, way: "Subscription");
        var number = await city.Delivery(grant, new { hook = new { url = receiver.Url }, onChange = true });
        await city.Run(number);
        await city.Collect(resource, Head + "A1,张三,望春街道,11.00,\nC1,赵六,方岩镇,1.00,\n");
        var got = await Wait.For(() => Task.FromResult(receiver.Got.ToArray()), g => g.Length >= 2);
        got[0].Type.ShouldBe("delivery.ready");
        got[1].Type.ShouldBe("rows.changed");
        got[1].Changes.ShouldBe(["Changed A1", "Inserted C1"]);
        got[1].Text.ShouldNotContain("赵六");
        foreach (var message in got)
        {
            var key = Convert.FromBase64String(city.LastSecret!["whsec_".Length..]);
            var signed = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{message.Id}.{message.Time}.{message.Text}").AsSpan());
            message.Signature.ShouldBe("v1," + Convert.ToBase64String(signed));
            message.Text.ShouldNotContain(city.LastSecret!);
        }

        (await (await city.AskerSteward.GetAsync($"/api/v1/deliveries/{number}")).Content.ReadAsStringAsync()).ShouldNotContain("whsec_");
        using var scope = city.Services.CreateScope();
        scope.ServiceProvider.GetRequiredService<SharingDb>().Deliveries.Single(d => d.Number == number).Secret!.ShouldNotContain("whsec_");
    }

    [Fact]
    public async Task What_failed_is_sent_again_from_where_it_stopped()
    {
        await using var receiver = await Receiver.Open();
        var resource = await city.Resource();
        var grant = await city.Granted(resource.Id, way: "Subscription");
        var number = await city.Delivery(grant, new { hook = new { url = receiver.Url, all = true } });
        await city.Run(number);
        receiver.Got.Last().Changes.Count.ShouldBe(3);
        await city.Collect(resource, Head + "B1,赵六,方岩镇,1.00,\n");
        receiver.Answer = 500;
        await city.RunNow(number, RunCause.Schedule);
        var run = (await city.Runs(number))[0];
        run.GetProperty("result").GetString().ShouldBe("Failed");
        run.GetProperty("inserted").GetInt64().ShouldBe(1, "what was sent is told, acknowledged or not");
        run.GetProperty("bytes").GetInt64().ShouldBeGreaterThan(0);
        var entry = (await Json(await city.Engineer.GetAsync($"/api/v1/ledger/entries?act=rows.changed&grant={grant}"))).GetProperty("items")[0];
        (entry.GetProperty("seq").GetInt64(), entry.GetProperty("rows").GetInt64()).ShouldBe((run.GetProperty("evidence").GetInt64(), 1));
        entry.GetProperty("detail").GetString()!.ShouldContain(grant);
        (await (await city.AskerSteward.GetAsync("/deliveries?failing=1")).Content.ReadAsStringAsync()).ShouldContain("失败 1 次，重试中");
        (await Json(await city.AskerSteward.GetAsync($"/api/v1/deliveries/{number}?lang=en"))).GetProperty("note").GetString()!.ShouldContain("did not acknowledge");
        (await city.AskerSteward.GetAsync($"/api/v1/deliveries/{number}?lang=zh-CN")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var failed = receiver.Got.Last();
        receiver.Answer = 204;
        await city.Collect(resource, Head + "B1,赵六,方岩镇,2.00,\nB2,孙七,方岩镇,1.00,\n");
        await city.RunNow(number, RunCause.Retry);
        var again = receiver.Got.ToArray()[^2];
        (again.Id, again.Data.GetRawText()).ShouldBe((failed.Id, failed.Data.GetRawText()), "the same message, so that a receiver that has it can discard it");
        again.Changes.ShouldBe(["Inserted B1"]);
        receiver.Got.Last().Changes.ShouldBe(["Changed B1", "Inserted B2"]);
        var sent = receiver.Got.Count;
        await city.RunNow(number, RunCause.Schedule);
        receiver.Got.Count.ShouldBe(sent);
    }

    [Fact]
    public async Task A_receiver_that_never_answers_well_is_given_up_and_a_person_may_send_again()
    {
        await using var receiver = await Receiver.Open();
        receiver.Answer = 302;
        var grant = await city.Granted((await city.Resource()).Id, way: "Subscription");
        var number = await city.Delivery(grant, new { hook = new { url = receiver.Url } });
        await city.Run(number);
        for (var i = 1; i < DeliverySteps.MostFailures; i++)
        {
            (await city.State(number)).ShouldBe("Active");
            await city.RunNow(number, RunCause.Retry);
        }

        (await city.State(number)).ShouldBe("Dead");
        var tried = receiver.Got.Count;
        await city.RunNow(number, RunCause.Retry);
        receiver.Got.Count.ShouldBe(tried);
        receiver.Redirected.ShouldBe(0);
        receiver.Answer = 200;
        await Json(await city.AskerSteward.PostAsJsonAsync($"/api/v1/deliveries/{number}/steps", new { step = "Send" }));
        await Wait.Until(async () => await city.State(number) == "Active");
    }

    [Theory]
    [InlineData("file:///etc/passwd", "SHR-006")]
    [InlineData("gopher://127.0.0.1:70/", "SHR-006")]
    [InlineData("ftp://127.0.0.1/", "SHR-006")]
    [InlineData("https://user:password@127.0.0.1/", "SHR-006")]
    [InlineData("//127.0.0.1/", "SHR-006")]
    [InlineData("javascript:alert(1)", "SHR-006")]
    [InlineData("https://169.254.169.254/latest/meta-data/", "SHR-050")]
    [InlineData("https://[::ffff:169.254.169.254]/", "SHR-050")]
    [InlineData("https://100.100.100.200/", "SHR-050")]
    [InlineData("https://10.0.0.1/", "SHR-050")]
    [InlineData("https://192.168.1.1:8443/", "SHR-050")]
    [InlineData("https://[::1]/", "SHR-050")]
    [InlineData("https://[fd00::1]/", "SHR-050")]
    [InlineData("https://[64:ff9b::a00:1]/", "SHR-050")]
    [InlineData("https://0.0.0.0/", "SHR-050")]
    [InlineData("https://2852039166/", "SHR-050")]
    [InlineData("https://0xa9fea9fe/", "SHR-050")]
    [InlineData("https://0251.0376.0251.0376/", "SHR-050")]
    [InlineData("https://127.0.0.2/", "SHR-050")]
    public async Task An_address_this_machine_must_not_call_is_refused(string url, string code)
    {
        var grant = await city.Granted((await city.Resource()).Id, way: "Subscription");
        (await Refusal(await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "x", hook = new { url } }))).ShouldBe(code);
        (await Json(await city.AskerSteward.GetAsync($"/api/v1/deliveries?grant={grant}"))).GetProperty("total").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_name_that_changed_its_mind_after_the_check_gains_nothing()
    {
        await using var receiver = await Receiver.Open();
        using var checkedOnly = new HttpClient(new Fixed([IPAddress.Loopback]).Handler());
        (await checkedOnly.GetAsync(new Uri($"http://rebinding.invalid:{new Uri(receiver.Url).Port}/hook"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private sealed class Fixed(IReadOnlyList<IPAddress> addresses) : IHostGuard
    {
        public Task<IReadOnlyList<IPAddress>> Resolve(string host, bool listed, CancellationToken stop) => Task.FromResult(addresses);
    }
}
