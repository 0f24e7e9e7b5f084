// A word on what was done comes from who reported it, once for each end, and reopens nothing by itself. What the public page refuses.
using System.Net;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Intake.Citizen;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class RateTests(CaseCity city) : IClassFixture<CaseCity>
{
    [Fact]
    public async Task Who_has_the_key_of_the_report_rates_it_once_when_it_is_settled_and_again_when_it_is_settled_again()
    {
        var (number, key) = (await Reported("first-key"), "first-key");
        (await Rate(number, key, true)).ShouldBe("CAS-096", "it is not settled");
        await Settled(number);
        (await Rate(number, "another-key", true)).ShouldBe("CAS-095");
        (await Rate(number, null, true)).ShouldBe("CAS-095");
        (await Rate(await Reported("second-key"), key, true)).ShouldBe("CAS-095", "it is the key of another case");
        (await Rate(number, key, null)).ShouldBe("CAS-005");
        (await Rate(number, key, false)).ShouldBe("CAS-005", "a poor word says why");
        (await Rate(number, key, false, new string('长', 1_001))).ShouldBe("CAS-006");
        (await Rate(number, key, false, "仍有异味")).ShouldBe("");
        (await Rate(number, key, true)).ShouldBe("CAS-096");
        (await city.Detail(number)).GetProperty("case").GetProperty("state").GetString().ShouldBe("closed");
        (await Progress(number, null))!.Mine.ShouldBeNull();
        (await Progress(number, key))!.ShouldSatisfyAllConditions(p => p.Satisfied.ShouldBe(false), p => p.Mine!.Done.ShouldBe("已清理"), p => p.Mine!.MayRate.ShouldBeFalse());

        await Json(await city.Act(city.Bureau, number, "unsatisfied", new { reason = "仍有异味" }));
        await Handled(number);
        (await Progress(number, key))!.Mine!.MayRate.ShouldBeTrue();
        (await Rate(number, key, true)).ShouldBe("");
        (await Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_position_outside_the_city_is_refused_on_the_public_page_and_told_and_the_report_goes_without_it()
    {
        using var visitor = city.Visitor();
        var (refused, said) = await Report(visitor, ("X", "-71.06"), ("Y", "42.36"));
        refused.ShouldBe(HttpStatusCode.BadRequest);
        said.ShouldSatisfyAllConditions(p => p.ShouldContain("不在本市范围内"), p => p.ShouldNotContain("value=\"-71.06\""));
        (await Report(visitor, ("X", "120.03"), ("Y", "28.9"))).Status.ShouldBe(HttpStatusCode.Found);
    }

    private static async Task<(HttpStatusCode Status, string Page)> Report(HttpClient visitor, params (string Name, string Value)[] more)
    {
        var page = await visitor.GetStringAsync("/report");
        string Of(string name) => WebUtility.HtmlDecode(page.Split($"name=\"{name}\" value=\"")[1].Split('"')[0]);
        using var form = new MultipartFormDataContent { { new StringContent(Of("__RequestVerificationToken")), "__RequestVerificationToken" }, { new StringContent("report"), "_handler" }, { new StringContent(Of("Key")), "Key" }, { new StringContent("路边有一堆垃圾"), "Words" } };
        foreach (var (name, value) in more)
        {
            form.Add(new StringContent(value), name);
        }

        using var answer = await visitor.PostAsync("/report", form);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<string> Reported(string key)
    {
        await using var scope = city.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<ReportCase>().Take(new("路边有一堆垃圾", "330784001", CaseSource.Web, "0102", Key: key), [], PublicDoor.Public, default)).Value.File.Number;
    }

    private async Task Settled(string number)
    {
        await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0102" }));
        await Json(await city.Act(city.Bureau, number, "file"));
        await Handled(number);
    }

    private async Task Handled(string number)
    {
        await Json(await city.Act(city.Bureau, number, "dispatch", new { unit = CaseCity.Cleaning }));
        await Json(await city.Act(city.Cleaner, number, "feedback", new { result = "已清理" }));
        await Json(await city.Act(city.Bureau, number, "verified", new { result = "已核实" }));
        await Json(await city.Act(city.Bureau, number, "close"));
    }

    private async Task<string> Rate(string number, string? key, bool? good, string? words = null)
    {
        await using var scope = city.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<RateCase>().Run(new(number, key, good, words), default)).Problem?.Code ?? "";
    }

    private async Task<Progress?> Progress(string number, string? key)
    {
        await using var scope = city.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<TellProgress>().Run(number, key, default);
    }
}
