// Cases found by words of what was reported and of the address, on both databases: which words find which case, with other filters, for whom; what is typed and is no words; cases from before, and rows that were lost.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Cases.Finding;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class WordsTests(CaseCity city) : WordsPromises(city), IClassFixture<CaseCity>;

public sealed class WordsTestsOnPostgreSql(PostgresCaseCity city) : WordsPromises(city), IClassFixture<PostgresCaseCity>;

public abstract class WordsPromises(CaseCity city)
{
    [Theory]
    [InlineData("路灯")]
    [InlineData("灯")]
    [InlineData("望春")]
    [InlineData("路灯 望春")]
    [InlineData("望春路18号 LED")]
    [InlineData("led")]
    [InlineData("ｌＥｄ　路灯")]
    [InlineData("b座")]
    [InlineData("ab12")]
    [InlineData("AB1")]
    [InlineData("“路灯”，望春！")]
    [InlineData("\"路灯\" * 望春")]
    public async Task Words_of_the_report_and_of_the_address_find_a_case_whatever_their_case_and_width(string words)
    {
        var number = await Lamp();
        var other = await city.Report("河边有一堆垃圾");
        var found = await Found(city.Bureau, words);
        found.ShouldContain(number);
        found.ShouldNotContain(other);
    }

    [Theory]
    [InlineData("灯路")]
    [InlineData("路灯 河边")]
    [InlineData("路灯坏望春")] // Its pairs all stand there, not in a row.
    [InlineData("坏望春")] // Report and address are two texts.
    [InlineData("ED")]
    [InlineData("B12")]
    [InlineData("。？*")]
    public async Task What_does_not_stand_there_in_a_row_finds_nothing(string words)
    {
        var number = await Lamp();
        await city.Report("望春河边路灯，坏望远镜一台");
        (await Found(city.Bureau, words)).ShouldNotContain(number);
    }

    [Fact]
    public async Task Words_go_with_every_other_filter_in_the_list_on_the_page_and_on_the_map()
    {
        var word = Unique("合");
        var (waiting, led) = (await city.Report($"{word}路面积水"), await Led($"{word}路面积水"));
        (await Found(city.Bureau, $"{word} 积水")).ShouldBe([led, waiting]);
        (await Found(city.Bureau, word, "state=handling")).ShouldBe([led]);
        (await Found(city.Bureau, word, $"unit={CaseCity.Cleaning}")).ShouldBe([led]);
        (await Found(city.Bureau, word, "class=0102&node=330784001")).ShouldBe([led, waiting]);
        (await Found(city.Bureau, word, "node=330784002")).ShouldBeEmpty();
        (await Found(city.Bureau, word, "to=2020-01-01")).ShouldBeEmpty();
        (await Found(city.Bureau, word, "from=2020-01-01&ended=false&light=Green")).ShouldBe([led, waiting]);
        (await Found(city.Bureau, word, "ended=true")).ShouldBeEmpty();
        (await Found(city.Cleaner, word, "mine=true")).ShouldBe([led]);

        var first = await Json(await city.Bureau.GetAsync(Cases(word, "size=1")));
        (first.GetProperty("total").GetInt64(), first.GetProperty("after").GetString()).ShouldBe((2, led));
        (await Found(city.Bureau, word, $"size=1&after={led}")).ShouldBe([waiting]);

        using var scope = city.Services.CreateScope();
        var counts = scope.ServiceProvider.GetRequiredService<CountPlaces>();
        async Task<int> Many(CaseFilter filter) => (await counts.Run(filter with { Q = word }, Engineer, default)).Sum(c => c.Many);
        (await Many(new(Ended: false)), await Many(new()), await Many(new("handling")), await Many(new(Ended: true)), await Many(new(Ended: false, Light: Light.Red))).ShouldBe((2, 2, 1, 0, 0));

        var page = await city.Bureau.GetStringAsync(Page($"{word} 积水"));
        page.ShouldContain(led);
        page.ShouldContain($"value=\"{word} 积水\"");
        (await city.Bureau.GetStringAsync(Page($"{word} 没有"))).ShouldContain($"在情况描述和地址中查找的是“{word} 没有”。");
        (await city.Bureau.GetStringAsync(Page("SJ1999"))).ShouldContain("查找的是以 SJ1999 开头的事件号。");
    }

    [Fact]
    public async Task Words_find_nothing_one_may_not_see_and_no_count_tells_of_it()
    {
        var word = Unique("密");
        var led = await Led($"{word}井盖破损");
        (await Found(city.Cleaner, word)).ShouldBe([led]);
        foreach (var query in new[] { "", "state=handling", "mine=true", $"unit={CaseCity.Cleaning}" })
        {
            var told = await Json(await city.Plumber.GetAsync(Cases(word, query)));
            (told.GetProperty("items").GetArrayLength(), told.GetProperty("total").GetInt64(), told.GetProperty("totalIsExact").GetBoolean()).ShouldBe((0, 0, true));
        }

        (await city.Plumber.GetStringAsync(Page(word))).ShouldNotContain(led);
        using var scope = city.Services.CreateScope();
        foreach (var ended in new bool?[] { false, null })
        {
            (await scope.ServiceProvider.GetRequiredService<CountPlaces>().Run(new(Q: word, Ended: ended), Steward(CaseCity.Water), default)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task The_beginning_of_a_number_is_looked_for_among_numbers_and_other_letters_among_words()
    {
        var number = await city.Report($"{Unique("号")}路面塌陷");
        var word = await city.Report("SJ公司门前SJX牌掉落");
        foreach (var q in new[] { number, $" {number.ToLowerInvariant()} ", number[..6], string.Concat(number.Select(c => (char)(c + 0xfee0))) })
        {
            (await Found(city.Bureau, q)).ShouldContain(number, q);
        }

        (await Found(city.Bureau, number)).ShouldBe([number]);
        (await Found(city.Bureau, "sjx")).ShouldBe([word]);
        (await Found(city.Bureau, number[2..])).ShouldBeEmpty("without its letters it is a word");
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("路灯\" OR \"垃圾")]
    [InlineData("grams : 路灯 NEAR(a b) NOT *")]
    [InlineData("'路灯' & !'垃圾' <-> | :*")]
    [InlineData("路灯') OR 1=1 --")]
    [InlineData("%_[路灯]\\")]
    [InlineData("路\u0000灯\u0007\u001b\u202e")]
    [InlineData("\ud83d\ude00\ud842\udfb7")]
    [InlineData("<script>alert(1)</script>")]
    public async Task Signs_of_any_language_are_only_signs(string q)
    {
        await city.Report("占道堆放杂物");
        (await city.Bureau.GetAsync(Cases(q))).EnsureSuccessStatusCode();
        (await city.Bureau.GetAsync(Page(q))).EnsureSuccessStatusCode();
        (await Found(city.Bureau, q)).Count.ShouldBeLessThan((await Found(city.Bureau, "")).Count, "it is not passed over");
    }

    [Fact]
    public async Task A_long_text_is_looked_for_as_far_as_it_counts_and_a_long_word_is_no_trouble_to_a_report()
    {
        var text = string.Concat(Enumerable.Range(0, 400).Select(i => (char)('\u4e00' + (i * 7))));
        var word = new string('ж', 3_000);
        var number = await city.Report($"{text}。{word}");
        (await Found(city.Bureau, text)).ShouldBe([number]);
        (await Found(city.Bureau, text[..399] + "尾")).ShouldBeEmpty();
        (await Found(city.Bureau, word[..500])).ShouldBe([number]);
        (await Found(city.Bureau, string.Join(' ', Enumerable.Range(0, 300).Select(i => $"w{i}")))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Few_are_found_by_the_index_and_many_by_their_texts_and_both_find_the_same()
    {
        foreach (var words in new[] { "东门路灯不亮", "路灯全部不亮，东门", "灯不亮了", "ＬＥＤ灯 12 号", "12号院停电", "门", "" })
        {
            await city.Report($"同样的话：{words}");
        }

        using var scope = city.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<CasesDb>();
        foreach (var q in new[] { "路灯", "灯不亮", "门", "led", "1", "12 号", "东门 路灯", "门路灯不", "同样的话", "电" })
        {
            var sought = await Sought.Of(q, db, Sought.Few, default);
            sought.ByIndex.ShouldBeTrue();
            var few = await sought.In(db.Files, db).Select(f => f.Number).Order().ToListAsync();
            var many = sought with { ByIndex = false };
            few.ShouldNotBeEmpty(q);
            (await many.In(db.Files, db).Select(f => f.Number).Order().ToListAsync()).ShouldBe(few, q);
            (await many.Texts(db).Select(t => t.Number).Order().ToListAsync()).ShouldBe(few, q);
        }

        (await Sought.Of("同样的话", db, few: 3, default)).ByIndex.ShouldBeFalse("more than three have them");
    }

    [Fact]
    public async Task Cases_from_before_are_found_by_words_after_the_program_has_started_and_those_lost_after_a_rebuild()
    {
        var word = Unique("旧");
        var (old, other) = (await city.Report($"{word}护栏缺失"), await city.Report($"{word}护栏松动"));
        await Forget();
        (await Found(city.Bureau, word)).ShouldBeEmpty();
        await Change($"INSERT INTO case_text_due (below) VALUES ({other + "9"})");
        await city.Reopen();
        await Wait.Until(async () => (await Found(city.Bureau, word)).Count == 2);
        await Wait.Until(async () => await Count("SELECT COUNT(*) FROM case_text_due") == 0);
        (await Count("SELECT COUNT(*) FROM case_text")).ShouldBe(await Count("SELECT COUNT(*) FROM case_file"));

        await Forget();
        await Rebuild(0); // Not read yet is not told wrongly.
        (await Found(city.Bureau, $"{word} 护栏")).ShouldBe([other, old]);

        await Change($"UPDATE case_text SET folded = ' 别的' WHERE number = {old}");
        (await Found(city.Bureau, word)).ShouldBe([other]);
        await Rebuild(1);
        (await Found(city.Bureau, word)).ShouldBe([other, old]);
        await Change($"DELETE FROM case_file WHERE number = {old}");
        await Rebuild(1);
        (await Found(city.Bureau, word)).ShouldBe([other, old]);
        await Rebuild(0);
    }

    private static readonly Actor Engineer = new(Guid.NewGuid(), "测试", null, new HashSet<string>([Roles.Engineer], StringComparer.Ordinal));

    private static Actor Steward(Guid unit) => new(Guid.NewGuid(), "测试", unit, new HashSet<string>([Roles.Steward], StringComparer.Ordinal));

    /// <summary>Two characters no other test has.</summary>
    private static string Unique(string sign) => $"{sign}{(char)Random.Shared.Next('\u5000', '\u9000')}";

    private static Uri Cases(string q, string more = "") => new($"/api/v1/cases?q={Uri.EscapeDataString(q)}&{more}", UriKind.Relative);

    private static Uri Page(string q) => new($"/cases?q={Uri.EscapeDataString(q)}", UriKind.Relative);

    private static async Task<List<string>> Found(HttpClient who, string q, string more = "size=200") =>
        [.. (await Json(await who.GetAsync(Cases(q, more)))).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("number").GetString()!)];

    private async Task<string> Lamp() => (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/cases", new
    {
        words = "ＬＥＤ路灯坏了，编号ab12，夜里看不见", place = "330784001", @class = "0102", address = "望春路18号Ｂ座",
    }))).GetProperty("number").GetString()!;

    private async Task<string> Led(string words)
    {
        var number = await city.Report(words);
        await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0102" }));
        await Json(await city.Act(city.Bureau, number, "file"));
        await Json(await city.Act(city.Bureau, number, "dispatch", new { unit = CaseCity.Cleaning }));
        return number;
    }

    private async Task Rebuild(long different) => (await Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(different);

    private async Task Forget()
    {
        await Change($"DELETE FROM case_text");
        if (city.Services.GetRequiredService<StateStore>().Kind == StateKind.Sqlite)
        {
            await Change($"INSERT INTO case_gram (case_gram) VALUES ('delete-all')");
        }
    }

    private async Task Change(FormattableString sql)
    {
        await using var connection = await city.Services.GetRequiredService<StateStore>().Open();
        await connection.Execute(null, sql);
    }

    private async Task<long> Count(string sql) => (await city.Services.GetRequiredService<StateStore>().Read(System.Runtime.CompilerServices.FormattableStringFactory.Create(sql), r => r.GetInt64(0), default))[0];
}
