using System.Net.Http.Headers;
using System.Text;
using CsCheck;
using Lizhou.Catalog.Contract;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Organisation;
using static Lizhou.Catalog.Tests.TestCity;

namespace Lizhou.Catalog.Tests;

public sealed class ContractTests(TestCity city) : IClassFixture<TestCity>
{
    private const string Root = "/api/v1/resources";

    private static readonly Frame Frame = new(
        new ClassRegistry([], default), new Dictionary<Guid, UnitCard> { [Health] = new(Health, "113307843077566033", "卫生健康局", null, true) },
        new Dictionary<Guid, SystemCard> { [HealthSystem] = new(HealthSystem, Health, "卫生综合管理系统", true) });

    private static readonly ResourceEntry Full = new()
    {
        Id = Guid.Parse("019a0000-0000-7000-8000-000000000abc"),
        Class = "303001",
        Serial = "000007",
        Name = "医疗机构登记信息",
        Unit = Health,
        System = HealthSystem,
        Summary = "全市医疗机构的登记情况：名称、床位与费用",
        Format = ResourceFormat.Database,
        Sharing = SharingKind.Conditional,
        Condition = "用于卫生行业监管",
        Ways = [SharingWay.Api, SharingWay.Table],
        Open = true,
        OpenCondition = "去除联系方式",
        Cycle = UpdateCycle.Quarterly,
        Related = ["303001/000001"],
        Responsible = "医政科",
        Contact = "0579-00000000",
        Keywords = ["医疗", "true"],
        Items =
        [
            new(Guid.Parse("019a0000-0000-7000-8000-0000000000a1"), "统一社会信用代码", "credit_code", ItemType.Text, 18, null, null, true, true, Level.L1, CheckCharacter.CreditCode, null, null, "机构的代码"),
            new(Guid.Parse("019a0000-0000-7000-8000-0000000000a2"), "机构等级", "grade", ItemType.Text, 2, null, null, false, false, Level.L2, CheckCharacter.None, "[0-9]{2}", ["01", "02"], null),
            new(Guid.Parse("019a0000-0000-7000-8000-0000000000a3"), "年费用", "fee", ItemType.Money, null, 20, 4, false, false, null, CheckCharacter.None, null, null, null),
        ],
    };

    [Fact]
    public async Task Contract_is_written_as_agreed()
    {
        var golden = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Golden", "contract.odcs.yaml"));
        ContractYaml.Write(ContractOf.Resource(View(Full))).ShouldBe(golden);
    }

    [Fact]
    public void Contract_written_and_read_says_the_same() =>
        Entries.Entry.Sample(entry =>
        {
            var text = ContractYaml.Write(ContractOf.Resource(View(entry)));
            var back = ContractOf.Entry(ContractYaml.Read(text).Value, Frame);
            back.Problem.ShouldBeNull(text);
            Entries.Told(back.Value).ShouldBe(Entries.Told(entry), text);
        });

    [Theory]
    [InlineData("kind: DataContract\nservers: []\n", "第 2 行第 1 列", "servers")]
    [InlineData("schema:\n  - name: a\n    properties:\n      - name: b\n        colour: red\n", "第 5 行第 9 列", "colour")]
    [InlineData("tags: [&a x, *a]\n", "第 1 行", "锚点")]
    [InlineData("kind: [\n", "第", "不能解析")]
    [InlineData("name: a\nname: b\n", "第 2 行", "name")]
    [InlineData("", "第 1 行", "空")]
    public void Unknown_key_or_broken_text_is_refused_with_its_place(string text, string place, string what)
    {
        var problem = ContractYaml.Read(text).Problem.ShouldNotBeNull();
        problem.What.Zh.ShouldContain(place);
        problem.What.Zh.ShouldContain(what);
    }

    [Theory]
    [InlineData("classification: L1", "classification: L9", "schema[0].properties[0].classification")]
    [InlineData("value: Conditional", "value: Perhaps", "customProperties.sharing")]
    [InlineData("property: contact", "property: kontakt", "customProperties.kontakt")]
    [InlineData("tenant: \"113307843077566033\"", "tenant: x", "tenant")]
    [InlineData("apiVersion: v3.1.0", "apiVersion: v2.2.2", "apiVersion")]
    [InlineData("value: 3\n", "value: 4\n", "frequency")]
    [InlineData("metric: invalidValues", "metric: rowCount", "schema[0].properties[1].quality")]
    public void Value_nobody_knows_is_refused_with_its_key(string right, string wrong, string key)
    {
        var text = ContractYaml.Write(ContractOf.Resource(View(Full)));
        var read = ContractYaml.Read(text.Replace(right, wrong, StringComparison.Ordinal));
        ContractOf.Entry(read.Value, Frame).Problem.ShouldNotBeNull().What.Zh.ShouldContain(key);
    }

    [Fact]
    public async Task Contract_goes_out_and_comes_in_as_a_new_version()
    {
        var id = (await city.Publish(Entry("合约往返"))).GetProperty("id").GetGuid();
        var text = await city.Steward.GetStringAsync($"{Root}/{id}/contract");
        (await Refusal(await Send(text))).ShouldBe("CAT-011");
        var changed = await Ok(await Send(text.Replace("合约往返", "合约往返二", StringComparison.Ordinal)));
        changed.GetProperty("version").GetInt32().ShouldBe(2);
        changed.GetProperty("entry").GetProperty("name").GetString().ShouldBe("合约往返二");
        var difference = await Ok(await city.Steward.GetAsync($"{Root}/{id}/difference?from=1&to=2"));
        difference.GetProperty("fields")[0].GetProperty("field").GetString().ShouldBe("name");
        difference.GetProperty("changed").GetArrayLength().ShouldBe(0);
    }

    private Task<HttpResponseMessage> Send(string text)
    {
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/yaml");
        return city.Steward.PostAsync($"{Root}/contract", body);
    }

    private static ResourceView View(ResourceEntry entry)
    {
        var head = Head.New(1, entry.Id!.Value, new ResourceCode(entry.Class, entry.Serial!), entry.Unit, default) with { Published = 1, Opened = null, OpenState = null };
        return ResourceView.Of(head, 1, entry, Frame);
    }
}
