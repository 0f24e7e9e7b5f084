// The classes the program brings: each says when it is filed and closed, a graver case never has more time, and 事件 and 部件 are told apart by code; what a city made of them is left alone.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Collection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class ShippedClassTests(CaseCity city) : IClassFixture<CaseCity>
{
    private static readonly string[] Grades = ["Ordinary", "Larger", "Major", "Gravest"];

    [Fact]
    public async Task Every_class_has_its_conditions_and_less_time_the_graver_a_case_is()
    {
        var classes = await Classes(city);
        classes.Count(c => !Component(c)).ShouldBe(54);
        classes.Count(Component).ShouldBeGreaterThan(20);
        foreach (var line in classes)
        {
            var code = line.GetProperty("code").GetString()!;
            (line.GetProperty("filing").GetString()!.Length, line.GetProperty("closing").GetString()!.Length).ShouldSatisfyAllConditions(l => l.Item1.ShouldBeGreaterThan(5, code), l => l.Item2.ShouldBeGreaterThan(5, code));
            Component(line).ShouldBe(code[0] == '9', code);
            var minutes = Grades.Where(g => line.GetProperty("limits").TryGetProperty(g, out _)).Select(g => Minutes(line.GetProperty("limits").GetProperty(g))).ToList();
            minutes.Count.ShouldBeGreaterThan(1, code);
            minutes.ShouldBe(minutes.Distinct().OrderDescending().ToList(), code);
        }

        classes.Where(Component).Select(c => c.GetProperty("family").GetString()).Distinct().ShouldBe(["公用设施", "道路交通", "市容环境", "园林绿化", "其他"]);
    }

    [Fact]
    public async Task What_a_city_made_of_a_shipped_class_is_left_alone_at_the_next_start()
    {
        await using var own = new CaseCity();
        await own.InitializeAsync();
        var limits = new Dictionary<string, object> { ["Ordinary"] = new { amount = 3, unit = "Hours" } };
        (await own.Bureau.PutAsJsonAsync("/api/v1/case-classes", new { code = "9107", family = "公用设施", name = "路灯", filing = "", closing = "", limits, component = true })).EnsureSuccessStatusCode();
        var before = await Lamp(own);
        await own.Reopen();
        (await Lamp(own)).ShouldBe(before);
    }

    [Theory]
    [InlineData("Assessment", "考评发现")]
    [InlineData("Recognition", "智能识别")]
    public async Task A_case_found_by_assessment_or_recognised_by_a_program_says_so(string source, string shown)
    {
        (await city.Bureau.GetStringAsync("/cases/new")).ShouldContain($"<option value=\"{source}\">{shown}</option>");
        var number = (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/cases", new { words = "路边有一堆垃圾", place = "330784001", source }))).GetProperty("number").GetString()!;
        (await city.Detail(number)).GetProperty("case").GetProperty("source").GetString().ShouldBe(source);
        (await city.Bureau.GetStringAsync($"/cases/{number}")).ShouldContain(shown);
    }

    private static async Task<List<JsonElement>> Classes(CaseCity city) => [.. (await Json(await city.Bureau.GetAsync("/api/v1/case-classes"))).EnumerateArray()];

    private static async Task<string> Lamp(CaseCity city) => string.Join('\n', (await Classes(city)).Where(c => c.GetProperty("code").GetString() == "9107").Select(c => c.GetRawText()));

    private static bool Component(JsonElement line) => line.TryGetProperty("component", out var told) && told.GetBoolean();

    /// <summary>A working day as seven and a half hours.</summary>
    private static int Minutes(JsonElement limit) => limit.GetProperty("amount").GetInt32() * Enum.Parse<LimitUnit>(limit.GetProperty("unit").GetString()!) switch { LimitUnit.Minutes => 1, LimitUnit.Workdays => 450, _ => 60 };
}
