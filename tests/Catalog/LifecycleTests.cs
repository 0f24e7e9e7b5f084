using System.Net;
using System.Net.Http.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Catalog.Tests.TestCity;

namespace Lizhou.Catalog.Tests;

public abstract class LifecycleTests(TestCity city)
{
    private const string Root = "/api/v1/resources";
    private readonly ICatalog catalog = city.Services.GetRequiredService<ICatalog>();

    [Fact]
    public async Task Entry_is_no_gate_until_the_bureau_has_published_it()
    {
        var made = await Ok(await city.Steward.PostAsJsonAsync(Root, Entry()));
        var (id, code) = (made.GetProperty("id").GetGuid(), made.GetProperty("code").GetString()!);
        (await catalog.Published(code, default)).ShouldBeNull();

        await Ok(await city.Steward.PostAsJsonAsync($"{Root}/{id}/submit", new { }));
        (await Refusal(await city.Engineer.PostAsJsonAsync($"{Root}/{id}/publish", new { }))).ShouldBe("CAT-005");
        await Ok(await city.Steward.PostAsJsonAsync($"{Root}/{id}/review", new { pass = true, opinion = "属实" }));
        (await Refusal(await city.Steward.PostAsJsonAsync($"{Root}/{id}/publish", new { }))).ShouldBe("CAT-006");
        (await catalog.Published(code, default)).ShouldBeNull();

        await Ok(await city.Engineer.PostAsJsonAsync($"{Root}/{id}/publish", new { opinion = "同意发布" }));
        var card = (await catalog.Published(code, default)).ShouldNotBeNull();
        card.Version.ShouldBe(1);
        card.Level.ShouldBe(Level.L2);
        card.Items.Select(i => i.Column).ShouldBe(["credit_code", "organisation_name", "item_3"]);
        card.Items[0].Required.ShouldBeTrue();
        (await Told<ResourcePublished>(id)).ShouldBe(1);
    }

    [Fact]
    public async Task Change_stands_beside_the_published_version_until_it_is_published_itself()
    {
        var published = await city.Publish(Entry("变更测试资源"));
        var id = published.GetProperty("id").GetGuid();
        var before = (await catalog.Published(id, default))!;
        var entry = Entry("变更测试资源（新）") with { Items = [.. before.Items, ItemCard.Of("联系电话")] };
        var changed = await Ok(await city.Engineer.PutAsJsonAsync($"{Root}/{id}", entry));
        changed.GetProperty("version").GetInt32().ShouldBe(2);
        (await catalog.Published(id, default))!.Name.ShouldBe("变更测试资源");

        await city.Promote(id);
        var after = (await catalog.Published(id, default))!;
        after.Version.ShouldBe(2);
        after.Table.ShouldBe(before.Table);
        after.Items.Take(3).Select(i => i.Id).ShouldBe(before.Items.Select(i => i.Id));
        (await Ok(await city.Engineer.GetAsync($"{Root}/{id}?version=1"))).GetProperty("entry").GetProperty("name").GetString().ShouldBe("变更测试资源");
        (await Ok(await city.Engineer.GetAsync($"{Root}/{id}/versions"))).GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Discarded_change_leaves_the_published_version_alone()
    {
        var id = (await city.Publish(Entry("放弃变更"))).GetProperty("id").GetGuid();
        await Ok(await city.Engineer.PutAsJsonAsync($"{Root}/{id}", Entry("放弃变更二")));
        await Ok(await city.Engineer.PostAsJsonAsync($"{Root}/{id}/discard", new { }));
        (await Ok(await city.Engineer.GetAsync($"{Root}/{id}/versions"))).GetArrayLength().ShouldBe(1);
        (await Ok(await city.Engineer.PutAsJsonAsync($"{Root}/{id}", Entry("放弃变更三")))).GetProperty("version").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Return_needs_a_reason_that_the_author_then_reads()
    {
        var id = (await Ok(await city.Steward.PostAsJsonAsync(Root, Entry("退回测试")))).GetProperty("id").GetGuid();
        await Ok(await city.Steward.PostAsJsonAsync($"{Root}/{id}/submit", new { }));
        await Ok(await city.Steward.PostAsJsonAsync($"{Root}/{id}/review", new { pass = true }));
        (await Refusal(await city.Engineer.PostAsJsonAsync($"{Root}/{id}/review", new { pass = false }))).ShouldBe("CAT-007");
        (await Refusal(await city.Steward.PostAsJsonAsync($"{Root}/{id}/review", new { pass = false, opinion = "自退" }))).ShouldBe("CAT-006");
        await Ok(await city.Engineer.PostAsJsonAsync($"{Root}/{id}/review", new { pass = false, opinion = "摘要不清" }));
        var acts = await Ok(await city.Steward.GetAsync($"{Root}/{id}/acts"));
        acts.EnumerateArray().Select(a => a.GetProperty("act").GetString()).ShouldBe(["Create", "Submit", "Pass", "Return"]);
        acts[3].GetProperty("opinion").GetString().ShouldBe("摘要不清");
    }

    [Fact]
    public async Task Resource_that_is_still_collected_cannot_be_retired()
    {
        var id = (await city.Publish(Entry("停用测试"))).GetProperty("id").GetGuid();
        city.Uses.Used.Add(id);
        (await Refusal(await city.Engineer.PostAsJsonAsync($"{Root}/{id}/retire", new { opinion = "机构撤并" }))).ShouldBe("CAT-008");
        city.Uses.Used.Remove(id);
        (await Refusal(await city.Engineer.PostAsJsonAsync($"{Root}/{id}/retire", new { opinion = " " }))).ShouldBe("CAT-007");
        await Ok(await city.Engineer.PostAsJsonAsync($"{Root}/{id}/retire", new { opinion = "机构撤并" }));
        (await catalog.Published(id, default)).ShouldBeNull();
        (await Told<ResourceRetired>(id)).ShouldBe(1);
        (await Refusal(await city.Engineer.PutAsJsonAsync($"{Root}/{id}", Entry("停用后变更")))).ShouldBe("CAT-005");
    }

    [Fact]
    public async Task Steward_neither_changes_nor_sees_drafts_of_another_unit()
    {
        var housing = city.As(Roles.Steward, Housing);
        var id = (await Ok(await city.Steward.PostAsJsonAsync(Root, Entry("他局草稿")))).GetProperty("id").GetGuid();
        (await Refusal(await housing.PostAsJsonAsync(Root, Entry("越权")))).ShouldBe("CAT-002");
        (await Refusal(await housing.PutAsJsonAsync($"{Root}/{id}", Entry("越权")))).ShouldBe("CAT-002");
        (await Refusal(await housing.GetAsync($"{Root}/{id}"))).ShouldBe("CAT-001");
        (await Refusal(await housing.GetAsync($"{Root}/{id}/versions"))).ShouldBe("CAT-001");
        (await Ok(await housing.GetAsync($"{Root}?q=他局草稿"))).GetProperty("page").GetProperty("total").GetInt64().ShouldBe(0);
        await city.Promote(id);
        (await Ok(await housing.GetAsync($"{Root}?q=他局草稿"))).GetProperty("page").GetProperty("total").GetInt64().ShouldBe(1);
        await Ok(await city.Steward.PutAsJsonAsync($"{Root}/{id}", Entry("他局草稿第二版")));
        (await Refusal(await housing.GetAsync($"{Root}/{id}?version=2"))).ShouldBe("CAT-014");
    }

    [Fact]
    public async Task Whoever_acts_on_what_has_changed_meanwhile_is_refused()
    {
        var made = await Ok(await city.Steward.PostAsJsonAsync(Root, Entry("并发测试")));
        var (id, revision) = (made.GetProperty("id").GetGuid(), made.GetProperty("revision").GetInt64());
        await Ok(await city.Steward.PutAsJsonAsync($"{Root}/{id}?revision={revision}", Entry("并发测试一")));
        (await Refusal(await city.Steward.PutAsJsonAsync($"{Root}/{id}?revision={revision}", Entry("并发测试二")))).ShouldBe("CAT-009");
        (await Refusal(await city.Steward.PostAsJsonAsync($"{Root}/{id}/submit", new { revision }))).ShouldBe("CAT-009");
    }

    [Fact]
    public async Task Same_id_sent_again_creates_nothing_twice()
    {
        var entry = Entry("幂等测试") with { Id = Guid.Parse("019a0000-0000-7000-8000-0000000000aa") };
        var first = await Ok(await city.Steward.PostAsJsonAsync(Root, entry));
        var again = await Ok(await city.Steward.PostAsJsonAsync(Root, entry));
        again.GetProperty("code").GetString().ShouldBe(first.GetProperty("code").GetString());
        (await Ok(await city.Steward.GetAsync($"{Root}?q=幂等测试"))).GetProperty("page").GetProperty("total").GetInt64().ShouldBe(1);
    }

    [Theory]
    [InlineData(Roles.AuditAdministrator, HttpStatusCode.Forbidden)]
    [InlineData("", HttpStatusCode.Unauthorized)]
    public async Task Catalogue_is_for_those_who_work_with_data(string role, HttpStatusCode answer) =>
        (await city.As(role).GetAsync(Root)).StatusCode.ShouldBe(answer);

    private async Task<long> Told<T>(Guid resource)
    {
        await using var connection = await city.Services.GetRequiredService<StateStore>().Open();
        return Convert.ToInt64(await connection.Scalar(
            null, $"SELECT COUNT(*) FROM outbox WHERE type = {typeof(T).FullName} AND body LIKE {"%" + resource + "%"}"));
    }
}

public sealed class LifecycleOnSqlite(TestCity city) : LifecycleTests(city), IClassFixture<TestCity>;

public sealed class LifecycleOnPostgres(PostgresCity city) : LifecycleTests(city), IClassFixture<PostgresCity>;
