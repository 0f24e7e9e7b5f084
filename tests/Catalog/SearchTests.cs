using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Catalog.Tests.TestCity;

namespace Lizhou.Catalog.Tests;

public abstract class SearchTests(TestCity city) : IAsyncLifetime
{
    private const string Root = "/api/v1/resources";

    public async ValueTask InitializeAsync()
    {
        ResourceEntry[] entries =
        [
            Entry("养老机构床位信息") with { Id = Id(1), Keywords = ["银发经济"], Cycle = UpdateCycle.Daily },
            Entry("公租房申请记录", Housing) with
            {
                Id = Id(2), Class = "201003", Serial = "42", Sharing = SharingKind.Refused, LegalBasis = "住房保障条例", Ways = [],
                Items = [ItemCard.Of("申请人身份证号", level: Level.L4), ItemCard.Of("轮候序号", ItemType.Integer, "queue_no")],
            },
            Entry("老年人健康档案") with { Id = Id(3), Items = [ItemCard.Of("血压", ItemType.Number), ItemCard.Of("ＧＰＳ位置", column: "place")] },
        ];
        var bulk = city.Services.GetRequiredService<ICatalogBulk>();
        (await bulk.Publish(entries, Actor.System, default)).Problem.ShouldBeNull();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("养老", 1)]
    [InlineData("老机", 1)]
    [InlineData("老", 2)]
    [InlineData("床", 1)]
    [InlineData("位", 1)]
    [InlineData("老年人健康", 3)]
    [InlineData("银发", 1)]
    [InlineData("血压", 3)]
    [InlineData("压", 3)]
    [InlineData("住房和城乡建设局", 2)]
    [InlineData("queue", 2)]
    [InlineData("QUEUE_no", 2)]
    [InlineData("ｑｕＥｕｅ＿ｎｏ", 2)]
    [InlineData("２０１００３／４２　公租房", 2)]
    [InlineData("gps", 3)]
    [InlineData("201003/42", 2)]
    [InlineData("20100342", 2)]
    [InlineData("卫生 养老", 1)]
    [InlineData("养老 公租房", 0)]
    [InlineData("老养", 0)]
    [InlineData("\"养老\" NEAR *", 0)]
    [InlineData("。？", 0)]
    public async Task Two_characters_of_name_item_unit_or_code_find_an_entry(string words, int first)
    {
        var found = await Search($"q={Uri.EscapeDataString(words)}");
        var ids = found.GetProperty("page").GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid()).ToList();
        if (first == 0)
        {
            ids.ShouldBeEmpty();
        }
        else
        {
            ids.ShouldContain(first == 2 && words == "老" ? Id(1) : Id(first));
        }
    }

    [Fact]
    public async Task Name_counts_more_than_an_item_or_summary()
    {
        var name = Entry("药品目录查询") with { Summary = "无关" };
        var summary = Entry("其他事项") with { Summary = "与药品有关" };
        await city.Publish(summary);
        await city.Publish(name);
        var found = await Search("q=药品");
        found.GetProperty("page").GetProperty("items")[0].GetProperty("name").GetString().ShouldBe("药品目录查询");
    }

    [Fact]
    public async Task Facet_is_counted_with_every_filter_but_its_own()
    {
        var found = await Search($"q={Uri.EscapeDataString("信息 床位")}&cycle=Daily");
        Count(found, "cycle", "Daily").ShouldBe(1);
        var all = await Search("");
        var narrowed = await Search("sharing=Refused");
        narrowed.GetProperty("page").GetProperty("total").GetInt64().ShouldBe(1);
        Count(narrowed, "sharing", "Unconditional").ShouldBe(Count(all, "sharing", "Unconditional"));
        Count(narrowed, "unit", Housing.ToString()).ShouldBe(1);
        Count(narrowed, "level", "4").ShouldBe(1);
        Count(narrowed, "unit", Health.ToString()).ShouldBe(0);
    }

    [Theory]
    [InlineData("topic=2", true)]
    [InlineData("topic=201", true)]
    [InlineData("topic=303", false)]
    [InlineData("level=4", true)]
    [InlineData("level=1", false)]
    [InlineData("state=Published", true)]
    [InlineData("state=Draft", false)]
    [InlineData("cycle=Monthly&sharing=Refused", true)]
    public async Task Filters_narrow_the_list(string filter, bool there)
    {
        var found = await Search(filter + "&size=200");
        found.GetProperty("page").GetProperty("items").EnumerateArray().Any(i => i.GetProperty("id").GetGuid() == Id(2)).ShouldBe(there);
    }

    [Fact]
    public async Task Pages_hold_every_entry_once_in_order()
    {
        var one = await Search("sort=code&size=1&page=1");
        var total = one.GetProperty("page").GetProperty("total").GetInt32();
        var codes = new List<string>();
        for (var page = 1; page <= total; page++)
        {
            codes.Add((await Search($"sort=code&size=1&page={page}")).GetProperty("page").GetProperty("items")[0].GetProperty("code").GetString()!);
        }

        codes.ShouldBe(codes.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Bulk_is_all_or_nothing_and_names_the_faulty_entry()
    {
        var bulk = city.Services.GetRequiredService<ICatalogBulk>();
        var refused = await bulk.Publish([Entry("整批其一"), Entry("整批其二") with { Summary = "" }], Actor.System, default);
        refused.Problem!.Code.ShouldBe("CAT-003");
        refused.Problem.What.Zh.ShouldStartWith("整批其二: ");
        (await Search("q=整批")).GetProperty("page").GetProperty("total").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Bulk_passes_over_what_is_there_and_gives_every_new_entry_its_own_serial()
    {
        var bulk = city.Services.GetRequiredService<ICatalogBulk>();
        var cards = await bulk.Publish(
            [Entry("批量一") with { Id = Id(1) }, Entry("批量二") with { Serial = "900001" }, .. Enumerable.Range(0, 3).Select(i => Entry($"批量续{i}"))], Actor.System, default);
        cards.Value.Count.ShouldBe(4);
        cards.Value.Select(c => c.Code).Distinct().Count().ShouldBe(4);
        cards.Value.ShouldAllBe(c => c.State == ResourceState.Published && c.Version == 1 && c.Items.All(i => i.Id != Guid.Empty));
    }

    private static Guid Id(int n) => Guid.Parse($"019a0000-0000-7000-8000-0000000001{n:00}");

    private static long Count(JsonElement found, string facet, string value) =>
        found.GetProperty("facets").GetProperty(facet).EnumerateArray().Where(v => v.GetProperty("value").GetString() == value)
            .Select(v => v.GetProperty("count").GetInt64()).SingleOrDefault();

    private async Task<JsonElement> Search(string query) => await Ok(await city.Engineer.GetAsync($"{Root}?{query}"));
}

public sealed class SearchOnSqlite(TestCity city) : SearchTests(city), IClassFixture<TestCity>;

public sealed class SearchOnPostgres(PostgresCity city) : SearchTests(city), IClassFixture<PostgresCity>;
