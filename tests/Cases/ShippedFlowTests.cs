// A city that began with an older flow is offered the newer one the program brings, with the differences; nothing of its own is written over by itself.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Cases.Flows;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class ShippedFlowTests
{
    private const string Door = "/api/v1/case-flows/shipped";

    /// <summary>As it was before acts could come with photos.</summary>
    private static readonly string Earlier = PublishFlow.Shipped().Replace(", photos: optional", "", StringComparison.Ordinal);

    [Fact]
    public async Task A_newer_shipped_flow_is_offered_with_its_differences_and_put_in_force_by_hand_alone()
    {
        await using var city = new CaseCity();
        await city.InitializeAsync();
        (await Offer(city)).GetProperty("newer").GetBoolean().ShouldBeFalse();
        (await Refusal(await Adopt(city.Bureau, 1))).ShouldBe("CAS-107");
        (await city.Bureau.GetStringAsync("/cases/flow")).ShouldNotContain("随程序提供的流程有更新");

        await using (var connection = await city.Services.GetRequiredService<StateStore>().Open())
        {
            await connection.Execute(null, $"UPDATE case_flow SET text = {Earlier} WHERE version = 1");
        }

        await city.Reopen();
        var offer = await Offer(city);
        (offer.GetProperty("newer").GetBoolean(), offer.GetProperty("inForce").GetInt32()).ShouldBe((true, 1));
        offer.GetProperty("differences").EnumerateArray().Select(d => $"{d.GetProperty("part")} {d.GetProperty("what")} {d.GetProperty("ours")}→{d.GetProperty("shipped")} {d.GetProperty("own")}").ShouldBe(
        [
            "动作“核实回复” 填写项 结果*→结果*、照片 False", "动作“自处置” 填写项 事件分类*、结果*→事件分类*、结果*、照片 False", "动作“反馈” 填写项 结果*→结果*、照片 False",
            "动作“核查通过” 填写项 结果*→结果*、照片 False", "动作“核查不通过” 填写项 理由*→理由*、照片 False",
        ]);

        // The city's own edit is told as such: it would be lost.
        await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-flows", new { text = Earlier.Replace("zh: 反馈, en: Report it handled", "zh: 办结反馈, en: Report it done", StringComparison.Ordinal), note = "改名" }));
        var old = await city.Dispatched();
        (await Offer(city)).GetProperty("differences").EnumerateArray().Where(d => d.GetProperty("own").GetBoolean()).Select(d => $"{d.GetProperty("what")} {d.GetProperty("ours")}→{d.GetProperty("shipped")}").ShouldBe(["名称 办结反馈→反馈"]);
        (await city.Bureau.GetStringAsync("/cases/flow")).ShouldSatisfyAllConditions(p => p.ShouldContain("随程序提供的流程有更新"), p => p.ShouldContain("本市修改"), p => p.ShouldContain("发布随程序提供的流程为版本 3"));
        (await city.Cleaner.GetStringAsync("/cases/flow")).ShouldNotContain("发布随程序提供的流程为版本");
        (await Refusal(await Adopt(city.Cleaner, 2))).ShouldBe("CAS-010");
        (await Refusal(await Adopt(city.Bureau, 1))).ShouldBe("CAS-017", "another version is in force than the one compared with");
        (await Json(await city.Bureau.GetAsync(new Uri("/api/v1/case-flows", UriKind.Relative)))).GetArrayLength().ShouldBe(2, "nothing is published by itself");

        (await city.Command("cases", "flow", "show")).Said.ShouldSatisfyAllConditions(s => s.ShouldContain("adopt --over 2"), s => s.ShouldContain("* 动作“办结反馈” 名称: 办结反馈 → 反馈"));
        var (exit, said) = await city.Command("cases", "flow", "adopt", "--over", "2");
        (exit, said.Trim()).ShouldBe((0, "版本 version 3 已生效 in force"));
        (await Offer(city)).GetProperty("newer").GetBoolean().ShouldBeFalse();
        (await city.Detail(old)).GetProperty("case").GetProperty("flow").GetInt32().ShouldBe(2, "cases under way keep theirs");
        (await city.Detail(await city.Dispatched())).GetProperty("case").GetProperty("flow").GetInt32().ShouldBe(3);
        (await Json(await city.Bureau.PostAsJsonAsync($"/api/v1/cases/{old}/flow", new { version = 3 }))).GetProperty("case").GetProperty("flow").GetInt32().ShouldBe(3);
    }

    [Fact]
    public void A_flow_is_like_itself_and_what_one_lacks_is_told_as_nothing()
    {
        var shipped = FlowText.Read(PublishFlow.Shipped(), 1).Flow!;
        CompareFlows.Of(shipped, shipped, null).ShouldBeEmpty();
        var without = FlowText.Read(string.Join('\n', PublishFlow.Shipped().Split('\n').Where(l => !l.TrimStart().StartsWith("whistle:", StringComparison.Ordinal) && !l.StartsWith("climb:", StringComparison.Ordinal))), 1).Flow!;
        var differences = CompareFlows.Of(without, shipped, shipped);
        differences.ShouldAllBe(d => d.Ours == null && d.Shipped != null && d.Own);
        differences.Select(d => d.Part).Distinct().Count().ShouldBe(2);
        CompareFlows.Of(shipped, without, null).ShouldAllBe(d => d.Ours != null && d.Shipped == null && !d.Own);
    }

    private static Task<JsonElement> Offer(CaseCity city) => city.Bureau.GetFromJsonAsync<JsonElement>(new Uri(Door, UriKind.Relative));

    private static Task<HttpResponseMessage> Adopt(HttpClient who, int inForce) => who.PostAsJsonAsync(Door, new { inForce });
}
