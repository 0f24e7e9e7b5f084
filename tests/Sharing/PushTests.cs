// Table push against real servers: everything, then what changed, each change once, whatever dies when.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Sharing.Deliveries;
using Lizhou.Sharing.Deliveries.Tables;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

public sealed class PushTests(SharedCity city) : PushPromises(city), IClassFixture<SharedCity>;

public sealed class PushTestsOnPostgreSql(PostgresCity city) : PushPromises(city), IClassFixture<PostgresCity>;

public abstract class PushPromises(SharedCity city)
{
    private const string Head = "编号,姓名,街镇,金额,备注\n";

    public static readonly TheoryData<string> Kinds = ["PostgreSql", "MySql"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_table_gets_all_rows_then_what_changed(string kind)
    {
        var place = await Place.Open(kind);
        var resource = await city.Resource();
        var grant = await city.Granted(resource.Id, masks: new { name = "Partial" }, filter: new { column = "town", @is = "Equal", value = "望春街道" });
        var number = await city.Delivery(grant, place.Ask);
        (await city.Run(number)).GetProperty("note").GetString().ShouldBeNull();
        (await place.Rows()).ShouldBe(["A1|张*|10.00|=1+1", "A3|王**|30.00|好"]);
        await city.Collect(resource, Head + "A1,张三,方岩镇,10.00,\nA2,李四,望春街道,20.50,\"a\\tb\"\"c\nd\"\nA3,王五五,望春街道,31.00,\n");
        await city.RunNow(number, RunCause.Change);
        (await place.Rows()).ShouldBe(["A2|李*|20.50|a\\tb\"c\nd", "A3|王**|31.00|"]);
        var run = (await city.Runs(number))[0];
        (run.GetProperty("inserted").GetInt64(), run.GetProperty("changed").GetInt64(), run.GetProperty("withdrawn").GetInt64()).ShouldBe((1, 1, 1));
        await city.RunNow(number, RunCause.Schedule);
        (await city.Runs(number))[0].GetProperty("result").GetString().ShouldBe("Nothing");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_died_in_the_middle_is_applied_once_and_booked_once(string kind)
    {
        var place = await Place.Open(kind);
        var resource = await city.Resource();
        var grant = await city.Granted(resource.Id);
        var number = await city.Delivery(grant, place.Ask);
        await city.Run(number);

        // The target refuses in the middle of its transaction: nothing of it stays.
        await city.Collect(resource, Head + "A1,张三,望春街道,99.00,\nB1,赵六,方岩镇,1.00,\n");
        await place.Break();
        await city.RunNow(number, RunCause.Change);
        (await city.Runs(number))[0].GetProperty("result").GetString().ShouldBe("Failed");
        (await place.Rows()).ShouldContain(r => r.StartsWith("A1|张*|10.00", StringComparison.Ordinal));
        await place.Mend();

        // This program dies after the target's commit: the rows are there, our books do not know it.
        await Should.ThrowAsync<Died>(() => Once(number, _ => throw new Died()));
        (await place.Rows()).Count.ShouldBe(4);
        await city.RunNow(number, RunCause.Retry);
        (await place.Rows()).Count.ShouldBe(4);
        (await place.Rows()).Count(r => r.StartsWith("A1|张*|99.00", StringComparison.Ordinal)).ShouldBe(1);
        using var scope = city.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<SharingDb>();
        var granted = db.Grants.Single(g => g.Number == grant).Id;
        db.Uses.Where(u => u.Granted == granted).Sum(u => u.Rows).ShouldBe(5);
    }

    [Fact]
    public async Task A_password_stands_nowhere_but_protected_and_a_closed_host_is_refused()
    {
        var place = await Place.Open("PostgreSql");
        var grant = await city.Granted((await city.Resource()).Id);
        var number = await city.Delivery(grant, place.With(password: "very-secret-word", user: "nobody-of-that-name"));
        (await city.Run(number)).GetProperty("result").GetString().ShouldBe("Failed");
        (await (await city.AskerSteward.GetAsync($"/api/v1/deliveries/{number}/runs")).Content.ReadAsStringAsync()).ShouldNotContain("very-secret-word");
        using var scope = city.Services.CreateScope();
        var delivery = scope.ServiceProvider.GetRequiredService<SharingDb>().Deliveries.Single(d => d.Number == number);
        JsonSerializer.Serialize(delivery).ShouldNotContain("very-secret-word");
        foreach (var host in new[] { "169.254.169.254", "10.1.2.3", "::1", "0.0.0.0" })
        {
            (await Refusal(await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "x", table = place.Table(host: host) }))).ShouldBe("SHR-050");
        }

        (await Refusal(await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "x", table = place.Table(host: "127.0.0.1;Passfile=/etc/passwd") }))).ShouldBe("SHR-006");
        (await Refusal(await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "x", table = place.Table(table: "lizhou_delivery") }))).ShouldBe("SHR-006");
    }

    [Fact]
    public async Task A_table_name_that_looks_like_SQL_is_only_a_name()
    {
        var place = await Place.Open("PostgreSql");
        var grant = await city.Granted((await city.Resource()).Id);
        place.Name = "x\"; DROP TABLE lizhou_delivery; --";
        var number = await city.Delivery(grant, place.Ask);
        (await city.Run(number)).GetProperty("result").GetString().ShouldBe("Delivered");
        (await place.Rows()).Count.ShouldBe(3);
    }

    private sealed class Died : Exception;

    private async Task Once(string number, Func<Handed, Task> reach)
    {
        using var scope = city.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<SharingDb>();
        var delivery = db.Deliveries.Single(d => d.Number == number);
        var run = new Run { Id = Guid.CreateVersion7(), Delivery = delivery.Id, Granted = delivery.Granted, StartedAt = DateTimeOffset.UtcNow };
        var push = scope.ServiceProvider.GetServices<IDeliver>().OfType<PushTable>().Single();
        await push.Hand(new(delivery, run, db.Grants.Single(g => g.Id == delivery.Granted), RunDelivery.ActorOf(delivery), reach), default);
    }
}
