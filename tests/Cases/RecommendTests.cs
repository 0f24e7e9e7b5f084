// The recommendation on the real program: too few cases are refused, a model learns from closed cases and measures on newer ones, is shown where cases are made and dispatched, and one whose file was touched is refused while the last good one stays.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Recommending;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class RecommendTests
{
    [Theory]
    [InlineData("电话13800000000请回", "电话 请回")]
    [InlineData("电话 138-0000-0000", "电话")]
    [InlineData("身份证 11010519491231002X 的人", "身份证   的人")]
    [InlineData("车牌浙G12345违停", "车牌 违停")]
    [InlineData("写信 li@example.com 告知", "写信   告知")]
    [InlineData("解放路12号", "解放路12号")]
    [InlineData("ＷＡＴＥＲ 3 leaks", "water 3 leaks")]
    [InlineData("电话１３８００００００００", "电话")]
    public void Numbers_that_may_name_a_person_are_not_learned_from(string words, string plain) => PlainWords.Of(words).ShouldBe(plain);

    [Fact]
    public void Words_of_any_length_and_with_broken_characters_are_cut_not_failed_on()
    {
        PlainWords.Of(new string('水', 4_000)).Length.ShouldBe(PlainWords.Longest);
        PlainWords.Of("水\uD83D").ShouldStartWith("水");
    }

    [Fact]
    public void The_same_cases_and_seed_give_the_same_guesses_and_their_shares_are_of_one_whole()
    {
        var rows = Enumerable.Range(0, 120).Select(i => new Told { Label = $"{i % 3}", Words = $"{"垃圾水"[i % 3]}满了第{i}处" }).ToList();
        using var one = Learned.Of(Learned.From(rows, 7));
        using var other = Learned.Of(Learned.From(rows, 7));
        var ask = new Told { Words = "水满了" };
        one.Ask(ask, 3).ShouldBe(other.Ask(ask, 3));
        one.Ask(ask, 3)[0].Label.ShouldBe("2");
        one.Ask(ask, 3).Sum(g => g.Share).ShouldBe(1, 1e-3);
    }

    [Fact]
    public void Measures_count_what_was_right_first_among_three_and_by_the_most_frequent()
    {
        Settled Case(int number, string @class, string unit) => new($"{number:D3}", "水", @class, "1", unit);
        List<Settled> older = [Case(1, "a", "x"), Case(2, "a", "x"), Case(3, "b", "y"), Case(4, "c", "")];
        List<Settled> newer = [Case(5, "a", "y"), Case(6, "b", "y"), Case(7, "d", "x")];
        var classes = MeasureGuesses.Score(GuessOf.Class, older, newer, _ => [new("b", .6), new("a", .4)]);
        (classes.Learned, classes.Labels, classes.Cases, classes.First, classes.Three, classes.BaseFirst, classes.BaseThree).ShouldBe((4, 3, 3, 1, 2, 1, 2));
        classes.Shows.ShouldBeTrue();
        classes.Each.ShouldBe([new("a", 1, 0, 1, 0), new("b", 1, 1, 1, 2), new("d", 1, 0, 0, 0)]);
        var units = MeasureGuesses.Score(GuessOf.Unit, older, newer, _ => [new("z", 1)]);
        (units.Learned, units.First, units.BaseFirst, units.Shows).ShouldBe((3, 0, 2, false), "of the class a it was x, of b y, of d all: x");
        MeasureGuesses.Split(older.Concat(newer).Reverse()).Newer.Select(c => c.Number).ShouldBe(["006", "007"]);
        MeasureGuesses.Digest(older).ShouldBe(MeasureGuesses.Digest([.. Enumerable.Reverse(older)]));
        MeasureGuesses.Digest(older).ShouldNotBe(MeasureGuesses.Digest(newer));
    }
}

public sealed class RecommendStoryTests(CaseCity city) : RecommendStory(city), IClassFixture<CaseCity>;

public sealed class RecommendStoryTestsOnPostgreSql(PostgresCaseCity city) : RecommendStory(city), IClassFixture<PostgresCaseCity>;

public abstract class RecommendStory(CaseCity city)
{
    private static readonly (string Class, string[] Words)[] Kinds =
    [
        ("0102", ["{0}垃圾桶满溢", "{0}有暴露垃圾无人清理", "{0}门口垃圾堆放有异味"]), ("0406", ["{0}下穿道积水影响通行", "{0}路面积水很深", "{0}雨后积水不退"]), ("0505", ["{0}车辆违停堵住路口", "{0}有汽车乱停放", "{0}违停车辆占用消防通道"]),
    ];

    private static readonly string[] Roads = ["解放路", "和平街", "胜利路", "城南路", "中山路", "五湖路", "金胜路"];

    [Fact]
    public async Task A_model_is_trained_measured_shown_and_never_replaced_by_a_damaged_one()
    {
        var stop = TestContext.Current.CancellationToken;
        (await Refusal(await city.Cleaner.PostAsync("/api/v1/cases/recommendation/models", null, stop))).ShouldBe("CAS-010");
        (await Refusal(await city.Bureau.GetAsync("/api/v1/cases/recommendation/measures", stop))).ShouldBe("CAS-075");
        (await Trained()).GetProperty("refused").GetString().ShouldBe("CAS-070");
        (await city.Bureau.GetStringAsync("/cases/recommendation", stop)).ShouldContain("不推荐");
        (await city.Bureau.GetStringAsync("/cases/new", stop)).ShouldNotContain("推荐分类");

        await Parallel.ForEachAsync(Enumerable.Range(0, TrainRecommender.Fewest + 50), new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = stop }, async (i, all) => await Settle(i, all));
        var trained = await Trained();
        Text(trained, "refused").ShouldBeNull();
        var scores = trained.GetProperty("about").GetProperty("scores").EnumerateArray().ToDictionary(s => s.GetProperty("what").GetString()!);
        scores["Class"].Of("cases").ShouldBe(50);
        scores["Class"].Of("first").ShouldBeGreaterThanOrEqualTo(45);
        scores["Unit"].Of("first").ShouldBeGreaterThan(scores["Unit"].Of("baseFirst"), "which unit has wrong parking hangs on the town");

        var said = await Ask(new { what = "Class", words = "和平街的垃圾没人清理，电话13800000000" });
        said.GetProperty("best")[0].GetProperty("label").GetString().ShouldBe("0102");
        (await Ask(new { what = "Class", words = "水" })).GetProperty("best").GetArrayLength().ShouldBe(0);
        (await Ask(new { what = "Unit", words = "城南路车辆违停", @class = "0505", place = "330784002" })).GetProperty("best")[0].GetProperty("label").GetGuid().ShouldBe(CaseCity.Water);
        (await Ask(new { what = "Unit", words = "城南路车辆违停", @class = "0505", place = "330784001" })).GetProperty("best")[0].GetProperty("label").GetGuid().ShouldBe(CaseCity.Cleaning);
        (await city.Bureau.GetStringAsync("/cases/new", stop)).ShouldContain("推荐分类");
        var number = await city.Report("五湖路违停车辆占道", @class: "0505");
        (await city.Bureau.GetStringAsync($"/cases/{number}", stop)).ShouldContain("data-testid=\"recommended\"");
        await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0505" }));
        await Json(await city.Act(city.Bureau, number, "file"));
        (await city.Bureau.GetStringAsync($"/cases/{number}", stop)).ShouldContain("按历史推荐的主办单位");
        var measured = await Json(await city.Bureau.GetAsync("/api/v1/cases/recommendation/measures", stop));
        measured.GetProperty("scores")[0].Of("cases").ShouldBe(50, "nothing was settled since");
        (await city.Bureau.GetStringAsync("/cases/recommendation", stop)).ShouldContain("0406");

        // What another system's log told no words of is not learned from.
        (await Logs.Import(city.Bureau, "id,at,state,kind\nW1,1/12/2016 9:00,新建,0102\nW1,2/12/2016 9:00,处理中,0102\nW1,3/12/2016 9:00,关闭,0102\n", Logs.Map("wordless", "class: { column: kind, codes: { \"0102\": \"0102\" } }"))).Of("cases", "written").ShouldBe(1);
        var second = await Trained();
        (second.Of("version"), second.GetProperty("about").GetProperty("digest").GetString()).ShouldBe((trained.Of("version") + 1, trained.GetProperty("about").GetProperty("digest").GetString()), "the same cases");
        var (exit, line) = await city.Command("cases", "recommend", "train");
        (exit, line.Contains("首选 first", StringComparison.Ordinal)).ShouldBe((0, true), line);
        second = await Newest();
        (await city.Command("cases", "recommend", "show")).Said.ShouldContain($"有效版本 in force: {second.Of("version")}");
        JsonDocument.Parse((await city.Command("cases", "recommend", "measure", "--json")).Said).RootElement.GetProperty("scores")[0].Of("cases").ShouldBe(50);

        string File(long version) => RecommenderFile.Of(city.Data, (int)version);
        // Another file than the one that was trained; a byte more, for the same cases learned within two seconds are the same bytes.
        await System.IO.File.WriteAllBytesAsync(File(second.Of("version")), [.. await System.IO.File.ReadAllBytesAsync(File(trained.Of("version")), stop), 0], stop);
        await Stays(second.Of("version"), second.Of("version"), "it is loaded: what is in force in memory stays");
        await city.Reopen();
        await Stays(second.Of("version") - 1, second.Of("version"), "the last good one");
        await System.IO.File.WriteAllTextAsync(File(second.Of("version") - 1), "not a model", stop);
        await Stays(second.Of("version") - 1, second.Of("version"), "and that one is loaded now");
        (await Refusal(await city.Bureau.PostAsJsonAsync("/api/v1/cases/recommendation", new { what = "Class", words = new string('水', 4_001) }, stop))).ShouldBe("KRN-001");
        using var auditor = await city.As(Roles.AuditAdministrator);
        (await auditor.GetStringAsync("/api/v1/ledger/entries?act=case-recommendation.trained", stop)).ShouldContain("CAS-070");

        async Task Stays(long inForce, long newest, string why)
        {
            var models = await Json(await city.Bureau.GetAsync("/api/v1/cases/recommendation/models", stop));
            models.Of("inForce").ShouldBe(inForce, why);
            models.GetProperty("wrong").EnumerateArray().Select(w => w.GetProperty("code").GetString()).ShouldBe(inForce == newest ? Enumerable.Empty<string>() : ["CAS-074"]);
            (await Ask(new { what = "Class", words = "和平街的垃圾没人清理" })).GetProperty("best")[0].GetProperty("label").GetString().ShouldBe("0102");
            (await city.Bureau.GetStringAsync("/cases/recommendation", stop)).Contains("CAS-074", StringComparison.Ordinal).ShouldBe(inForce != newest);
        }
    }

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;

    private async Task<JsonElement> Ask(object ask) => await Json(await city.Cleaner.PostAsJsonAsync("/api/v1/cases/recommendation", ask));

    private async Task<JsonElement> Newest() => (await Json(await city.Bureau.GetAsync("/api/v1/cases/recommendation/models"))).GetProperty("trained")[0];

    private async Task<JsonElement> Trained()
    {
        var version = (await Json(await city.Bureau.PostAsync("/api/v1/cases/recommendation/models", null))).Of("version");
        return await Wait.For(
            async () => (await Json(await city.Bureau.GetAsync("/api/v1/cases/recommendation/models"))).GetProperty("trained").EnumerateArray().Single(t => t.Of("version") == version),
            mine => Text(mine, "job") is null);
    }

    /// <summary>A case from its report to its end; who has wrong parking hangs on the town.</summary>
    private async Task Settle(int i, CancellationToken stop)
    {
        await using var scope = city.Services.CreateAsyncScope();
        var (kind, town) = (Kinds[i % 3], i / 3 % 2 == 0 ? "330784001" : "330784002");
        var unit = kind.Class == "0102" || (kind.Class == "0505" && town == "330784001") ? CaseCity.Cleaning : CaseCity.Water;
        Actor bureau = Person(null, Roles.Engineer), verifier = Person(null, Roles.Engineer), handler = Person(unit, Roles.Steward);
        var words = string.Format(System.Globalization.CultureInfo.InvariantCulture, kind.Words[i / 6 % 3], Roads[i / 5 % Roads.Length]);
        var number = (await scope.ServiceProvider.GetRequiredService<ReportCase>().Run(new(words, town, Class: kind.Class), bureau, stop)).Value.File.Number;
        foreach (var (act, who, fields) in new (string, Actor, Dictionary<string, string>)[]
        {
            ("accept", bureau, new() { ["class"] = kind.Class }), ("file", bureau, []), ("dispatch", bureau, new() { ["unit"] = $"{unit}" }), ("feedback", handler, new() { ["result"] = "已处置" }),
            ("verified", verifier, new() { ["result"] = "属实" }), ("close", verifier, []),
        })
        {
            (await scope.ServiceProvider.GetRequiredService<TakeAct>().Run(number, new(act, fields), who, stop)).Problem.ShouldBeNull($"{act} of {number}");
        }
    }

    private static Actor Person(Guid? unit, string role) => new(Guid.NewGuid(), "测试", unit, new HashSet<string>([role], StringComparer.Ordinal));
}
