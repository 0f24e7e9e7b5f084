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
        var grant = await city.Granted(resource.Id, masks: new { name = "Partial" }, filter: new { column = "town", @is = "Equal", value = "望春街道" }, way: "Push");
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
        var grant = await city.Granted(resource.Id, way: "Push");
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

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_table_has_one_delivery_and_a_second_leaves_it_as_it_is(string kind)
    {
        var place = await Place.Open(kind);
        var resource = await city.Resource();
        var grant = await city.Granted(resource.Id, way: "Push");
        var first = await city.Delivery(grant, place.Ask);
        (await city.Run(first)).GetProperty("note").GetString().ShouldBeNull();
        var rows = await place.Rows();
        var second = await city.Delivery(await city.Granted((await city.Resource(rows: Head + "Z9,钱七,方岩镇,9.00,\n")).Id, way: "Push"), place.Ask);
        var run = await city.Run(second);
        (run.GetProperty("result").GetString(), run.GetProperty("note").GetString()!.Contains("SHR-054", StringComparison.Ordinal)).ShouldBe(("Refused", true));
        run.GetProperty("note").GetString()!.ShouldContain(first);
        (await place.Rows()).ShouldBe(rows);

        // One that is set up anew under the same grant goes on with the table.
        await Json(await city.AskerSteward.PostAsJsonAsync($"/api/v1/deliveries/{first}/steps", new { step = "End" }));
        (await city.Run(await city.Delivery(grant, place.Ask))).GetProperty("note").GetString().ShouldBeNull();
        (await place.Rows()).ShouldBe(rows);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_name_is_taken_with_the_first_rows_and_free_again_when_its_table_is_gone_and_its_delivery_over(string kind)
    {
        var place = await Place.Open(kind);
        using var scope = city.Services.CreateScope();
        var entry = new Contracts.Catalog.ResourceEntry
        {
            Class = "303001", Name = $"尚无数据{Guid.NewGuid():N}", Unit = SharedCity.Source, Summary = "模拟", Format = Contracts.Catalog.ResourceFormat.Database, Sharing = Contracts.Catalog.SharingKind.Conditional,
            Condition = "用于业务办理", Ways = [Contracts.Catalog.SharingWay.Api], Items = [Contracts.Catalog.ItemCard.Of("编号", column: "code", key: true, required: true, level: Contracts.Catalog.Level.L1)],
        };
        var bare = (await scope.ServiceProvider.GetRequiredService<Contracts.Catalog.ICatalogBulk>().Publish([entry], Kernel.Actor.System, default)).Value[0];
        var nothing = await city.Run(await city.Delivery(await city.Granted(bare.Id, way: "Push"), place.Ask));
        nothing.GetProperty("result").GetString().ShouldBe("Refused");

        var resource = await city.Resource();
        var grant = await city.Granted(resource.Id, way: "Push");
        var first = await city.Delivery(grant, place.Ask);
        (await city.Run(first)).GetProperty("note").GetString().ShouldBeNull("a delivery without rows keeps nobody from the name");
        (await place.Rows()).Count.ShouldBe(3);

        // A table that was dropped is filled anew, not with changes alone.
        await place.Do("DROP TABLE receiver_rows");
        await city.Collect(resource, Head + "A1,张三,望春街道,11.00,\n");
        await city.RunNow(first, RunCause.Change);
        (await place.Rows()).Count.ShouldBe(3);

        await Json(await city.AskerSteward.PostAsJsonAsync($"/api/v1/deliveries/{first}/steps", new { step = "End" }));
        var other = await city.Granted((await city.Resource(rows: Head + "Z9,钱七,方岩镇,9.00,\n")).Id, way: "Push");
        var second = await city.Delivery(other, place.Ask);
        (await city.Run(second)).GetProperty("note").GetString()!.ShouldContain("SHR-054");
        await place.Do("DROP TABLE receiver_rows");
        await city.RunNow(second, RunCause.Hand);
        (await city.Runs(second))[0].GetProperty("note").GetString().ShouldBeNull();
        (await place.Rows()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_push_failed_for_is_told_in_words()
    {
        var place = await Place.Open("PostgreSql");
        var grant = await city.Granted((await city.Resource()).Id, way: "Push");
        string Note(JsonElement run) => run.GetProperty("note").GetString()!;
        Note(await city.Run(await city.Delivery(grant, place.With(password: "x", user: "nobody-of-that-name")))).ShouldContain("用户名或口令不对");
        var plain = new { table = new { kind = place.Kind, host = "127.0.0.1", port = place.Port, database = place.Database, user = place.User, table = "t", tls = "Required" }, password = "" };
        Note(await city.Run(await city.Delivery(grant, plain))).ShouldContain("没有启用 TLS");
        using var closed = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        closed.Start();
        var port = ((System.Net.IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        foreach (var kind in new[] { "PostgreSql", "MySql" })
        {
            var ask = new { table = new { kind, host = "127.0.0.1", port, database = "d", user = "u", table = "t", tls = "Off" }, password = "p" };
            Note(await city.Run(await city.Delivery(grant, ask))).ShouldContain("连不上该地址和端口");
        }
    }

    [Theory]
    [InlineData("PostgreSql", "a int", "INSERT INTO receiver_rows VALUES (1)", "a")]
    [InlineData("MySql", "a int", "INSERT INTO receiver_rows VALUES (1)", "a")]
    [InlineData("PostgreSql", "lizhou_id varchar(32), a int", "INSERT INTO receiver_rows VALUES ('x', 1)", "lizhou_id a")]
    [InlineData("MySql", "lizhou_id varchar(32), a int", "INSERT INTO receiver_rows VALUES ('x', 1)", "lizhou_id a")]
    public async Task A_table_with_rows_of_somebody_else_is_not_touched(string kind, string columns, string row, string names)
    {
        var place = await Place.Open(kind);
        await place.Do($"CREATE TABLE receiver_rows ({columns})");
        await place.Do(row);
        var run = await city.Run(await city.Delivery(await city.Granted((await city.Resource()).Id, way: "Push"), place.Ask));
        (run.GetProperty("result").GetString(), run.GetProperty("note").GetString()!.Contains("SHR-054", StringComparison.Ordinal)).ShouldBe(("Refused", true));
        (await place.All("receiver_rows", ["*"])).ShouldHaveSingleItem();
        (await place.ColumnsOf("receiver_rows")).ShouldBe(names.Split(' '));
        await Should.ThrowAsync<System.Data.Common.DbException>(() => place.All("lizhou_delivery", ["place"]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_delivery_of_before_goes_on_and_its_table_is_written_down(string kind)
    {
        var place = await Place.Open(kind);
        var resource = await city.Resource();
        var number = await city.Delivery(await city.Granted(resource.Id, way: "Push"), place.Ask);
        await city.Run(number);
        await place.Do("ALTER TABLE lizhou_delivery DROP COLUMN kept_table");
        await city.Collect(resource, Head + "A1,张三,望春街道,11.00,\n");
        await city.RunNow(number, RunCause.Change);
        (await city.Runs(number))[0].GetProperty("note").GetString().ShouldBeNull();
        (await place.Rows()).ShouldContain(r => r.StartsWith("A1|张*|11.00", StringComparison.Ordinal));
        (await place.All("lizhou_delivery", ["kept_table"])).ShouldHaveSingleItem()[0].ShouldBe("receiver_rows");
    }

    [Fact]
    public async Task A_password_stands_nowhere_but_protected_and_a_closed_host_is_refused()
    {
        var place = await Place.Open("PostgreSql");
        var grant = await city.Granted((await city.Resource()).Id, way: "Push");
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

    [Theory]
    [InlineData("x\"; DROP TABLE lizhou_delivery; --")]
    [InlineData("x;y")]
    [InlineData("x'y")]
    [InlineData("x`y")]
    [InlineData("x\ny")]
    public async Task A_table_name_that_looks_like_SQL_is_refused_and_the_field_named(string name)
    {
        var grant = await city.Granted((await city.Resource()).Id, way: "Push");
        var answer = await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "x", table = new { kind = "MySql", host = "127.0.0.1", port = 3306, database = "d", user = "u", table = name } });
        var said = await answer.Content.ReadAsStringAsync();
        (await Refusal(answer)).ShouldBe("SHR-006");
        said.ShouldContain("table ");
        said.ShouldNotContain("host ");
    }

    [Fact]
    public async Task A_table_is_made_for_every_language_in_a_database_that_is_not()
    {
        var place = await Place.Open("MySql", "latin1");
        var resource = await city.Resource();
        var number = await city.Delivery(await city.Granted(resource.Id, masks: new { name = (string?)null }, way: "Push"), place.Ask);
        (await city.Run(number)).GetProperty("note").GetString().ShouldBeNull();
        await city.Collect(resource, Head + "A1,𠮷三,望春街道,10.00,\n");
        await city.RunNow(number, RunCause.Change);
        (await place.Rows()).ShouldBe(["A1|𠮷三|10.00|", "A2|李四|20.50|", "A3|王五五|30.00|好"]);
    }

    private sealed class Died : Exception;

    private async Task Once(string number, Func<Handed, Task> reach)
    {
        using var scope = city.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<SharingDb>();
        var delivery = db.Deliveries.Single(d => d.Number == number);
        var run = new Run { Id = Guid.CreateVersion7(), Delivery = delivery.Id, Granted = delivery.Granted, StartedAt = DateTimeOffset.UtcNow };
        var push = scope.ServiceProvider.GetServices<IDeliver>().OfType<PushTable>().Single();
        var (grant, actor) = (db.Grants.Single(g => g.Id == delivery.Granted), RunDelivery.ActorOf(delivery));
        await push.Hand(new(delivery, run, grant, actor, new(scope.ServiceProvider.GetRequiredService<Data.Quota>(), grant, actor), reach), default);
    }
}
