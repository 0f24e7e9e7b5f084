// The verb as scripts use it: exit codes, the JSON document, the mended table, rules that are written and read again.
using System.CommandLine;
using System.Text.Json;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;
using Microsoft.Extensions.Time.Testing;

namespace Lizhou.Quality.Tests.Files;

public sealed class CheckCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lizhou-check-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Exit_codes_tell_checked_from_refused_and_from_a_wrong_call()
    {
        var file = Save("a.csv", Numbers());
        (await Run(file, "--suggest")).Code.ShouldBe(0);
        (await Run(file)).Code.ShouldBe(2);
        (await Run(Path.Combine(folder, "none.csv"), "--suggest")).Code.ShouldBe(2);
        (await Run(file, "--suggest", "--out", file)).Code.ShouldBe(2);
        (await Run(Save("empty.csv", ""), "--suggest")).Code.ShouldBe(1);
        (await Run(file, "--rules", Save("bad.yaml", "rules:\n- name: x\n  kind: Format\n  colums: [n]\n"))).Code.ShouldBe(1);
        (await Run(file, "--rules", Save("bad2.yaml", "rules:\n- name: x\n  kind: Format\n  columns: [n]\n  pattern: '(?=a)'\n"))).Code.ShouldBe(1);
        (await Run(file, "--rules", Save("bad3.yaml", "rules:\n- name: x\n  kind: NotNull\n  columns: [other]\n"))).Code.ShouldBe(1);
        Command().Parse([file, "--suggest", "--confidence", "2"]).Errors.ShouldNotBeEmpty();
        File.ReadAllText(file).ShouldBe(Numbers());
    }

    [Theory]
    [InlineData("--confidence", "abc"), InlineData("--table", "abc"), InlineData("--table", "1.5"), InlineData("--header", "x"), InlineData("--table", "0"), InlineData("--confidence", "NaN")]
    public async Task A_number_that_is_none_is_a_wrong_call_told_in_words(string option, string value)
    {
        var file = Save("a.csv", Numbers());
        var parsed = Command().Parse([file, "--suggest", option, value]);
        parsed.Errors.ShouldContain(e => e.Message.Contains(option, StringComparison.Ordinal) && e.Message.Contains('–'));
        (await Run(file, "--suggest", option, value)).Output.ShouldNotContain("▪");
    }

    [Theory]
    [InlineData("least: \"30\"\n  most: \"1\"", "30")]
    [InlineData("least: \"2026-01-02\"\n  most: \"2026-01-01\"", "2026-01-02")]
    public async Task A_range_that_no_value_keeps_is_refused_as_the_city_does(string bounds, string least)
    {
        var (code, _, error) = await Run(Save("a.csv", Numbers()), "--rules", Save("r.yaml", $"rules:\n- name: 范围\n  kind: Range\n  columns: [n]\n  {bounds}\n"));
        code.ShouldBe(1);
        error.ShouldContain($"下限 {least} 大于上限");
    }

    [Fact]
    public async Task Two_rules_of_one_name_are_refused_with_the_place_of_the_second()
    {
        var (code, _, error) = await Run(Save("a.csv", Numbers()), "--rules", Save("r.yaml", "rules:\n- name: A\n  kind: NotNull\n  columns: [n]\n- name: a\n  kind: NotNull\n  columns: [town]\n"));
        code.ShouldBe(1);
        error.ShouldContain("规则名“a”已有");
        error.ShouldContain("5:3");
    }

    [Theory]
    [InlineData("(", "没有闭合", "is not closed"), InlineData("[", "“[”没有闭合", "“[” is not closed"), InlineData("[z-a]", "前后颠倒", "runs backwards"), InlineData("*a", "量词", "quantifier"), InlineData("(?=a)", "前后查找", "look-around"), InlineData("((a{1000}){1000}){1000}", "太大", "too large")]
    public void Faults_of_patterns_are_told_in_both_languages(string pattern, string zh, string en)
    {
        var grid = new Grid(["a"]);
        grid.Add(2, ["x"]);
        var said = JudgeTable.Run(new Rule("格式", RuleKind.Format, ["a"], Dimension.Conformity, Severity.Ordinary, new("形式不符", "another form")) { Pattern = pattern }, grid, DateTimeOffset.UnixEpoch).Problem!;
        said.Code.ShouldBe("QUA-002");
        said.What.Zh.ShouldContain(zh);
        said.What.En.ShouldContain(en);
    }

    [Fact]
    public async Task The_profile_tells_counts_extremes_quartiles_commonest_values_and_forms()
    {
        var file = Save("a.csv", "n,街道,id\n" + string.Concat(Enumerable.Range(0, 101).Select(i => $"{(i == 100 ? "" : $"{i}.5")},{(i % 4 == 0 ? "东城" : "西城")},33078419700101{i:D4}\n")));
        using var json = JsonDocument.Parse((await Run(file, "--suggest", "--json")).Output);
        var columns = json.RootElement.GetProperty("profile").EnumerateArray().ToDictionary(c => c.GetProperty("column").GetString()!);
        var n = columns["n"];
        (n.GetProperty("rows").GetInt32(), n.GetProperty("empty").GetInt32(), n.GetProperty("distinct").GetInt32()).ShouldBe((101, 1, 100));
        (n.GetProperty("least").GetString(), n.GetProperty("most").GetString()).ShouldBe(("0.5", "99.5"), "numbers by size, not by characters");
        n.GetProperty("quartiles").EnumerateArray().Select(q => q.GetString()).ShouldBe(["25.5", "50.5", "75.5"]);
        var town = columns["街道"];
        town.GetProperty("top").EnumerateArray().Select(t => (t.GetProperty("value").GetString(), t.GetProperty("count").GetInt64())).ShouldBe([("西城", 75L), ("东城", 26L)]);
        (town.GetProperty("forms")[0].GetProperty("form").GetString(), town.GetProperty("forms")[0].GetProperty("share").GetDouble()).ShouldBe(("字+", 1.0));
        columns["id"].GetProperty("quartiles").GetArrayLength().ShouldBe(0, "a number of a person has no size");
        var told = (await Run(file, "--suggest")).Output;
        told.ShouldContain("▪ n：101 行，空 1，不同值 100，最小 0.5，最大 99.5，四分位 25.5 / 50.5 / 75.5");
        (await Run(file, "--rules", Save("r.yaml", "rules:\n- name: x\n  kind: NotNull\n  columns: [n]\n"))).Output.ShouldNotContain("▪");
    }

    [Fact]
    public async Task A_rule_that_cannot_be_used_is_refused_with_its_place_and_a_hint_and_what_was_written_before_stays()
    {
        var (file, mended, rules) = (Save("a.csv", Numbers()), Path.Combine(folder, "kept.csv"), Path.Combine(folder, "kept.yaml"));
        (await Run(file, "--suggest", "--as", "csv", "--out", mended, "--rules-out", rules)).Code.ShouldBe(0);
        var before = (await File.ReadAllTextAsync(mended, TestContext.Current.CancellationToken), await File.ReadAllTextAsync(rules, TestContext.Current.CancellationToken));
        foreach (var (pattern, said) in new[] { ("'('", "RE2"), ("'((a{1000}){1000}){1000}'", "RE2"), ("''", "2:3") })
        {
            var (code, _, error) = await Run(file, "--rules", Save("bad.yaml", $"rules:\n- name: 街道格式\n  kind: Format\n  columns: [town]\n  pattern: {pattern}\n"), "--as", "csv", "--out", mended, "--rules-out", rules);
            code.ShouldBe(1);
            error.ShouldContain("街道格式");
            error.ShouldContain(said);
        }

        (await File.ReadAllTextAsync(mended, TestContext.Current.CancellationToken), await File.ReadAllTextAsync(rules, TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_as_they_stand_are_told_with_their_line()
    {
        var file = Save("torn.csv", Numbers() + "1,2,3,4,5,6,7,8\n");
        var (code, told, _) = await Run(file, "--suggest");
        code.ShouldBe(0);
        told.ShouldContain("TAB-103");
        told.ShouldContain("1 行不能按原样读取");
        using var json = JsonDocument.Parse((await Run(file, "--suggest", "--json")).Output);
        (json.RootElement.GetProperty("faulty").GetInt64(), json.RootElement.GetProperty("faults")[0].GetProperty("line").GetInt64()).ShouldBe((1L, Numbers().Count(c => c == '\n') + 1L));
    }

    [Fact]
    public async Task Json_tells_line_column_value_rule_reason_and_proposal()
    {
        var (_, output, _) = await Run(Save("a.csv", Numbers()), "--suggest", "--json");
        var document = JsonDocument.Parse(output).RootElement;
        document.GetProperty("rows").GetInt32().ShouldBe(100);
        document.GetProperty("flagged").GetInt32().ShouldBe(10);
        var cell = document.GetProperty("cells")[0];
        cell.GetProperty("line").GetInt64().ShouldBe(5);
        cell.GetProperty("column").GetString().ShouldBe("n");
        cell.GetProperty("value").GetString().ShouldBe("N/A");
        cell.GetProperty("proposed").GetString().ShouldBe("");
        cell.GetProperty("reason").GetProperty("zh").GetString()!.ShouldContain("缺失");
        document.GetProperty("rules").EnumerateArray().ShouldContain(r => r.GetProperty("applied").GetBoolean() && r.GetProperty("why").GetProperty("en").GetString()!.Contains("N/A", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_mended_table_is_whole_and_has_the_proposals()
    {
        var target = Path.Combine(folder, "out", "mended.csv");
        (await Run(Save("a.csv", Numbers()), "--suggest", "--out", target)).Code.ShouldBe(0);
        var lines = await File.ReadAllLinesAsync(target, TestContext.Current.CancellationToken);
        lines.Length.ShouldBe(101);
        lines[0].ShouldBe("n,town");
        lines.Count(l => l.StartsWith("N/A", StringComparison.Ordinal)).ShouldBe(0);
        lines.Count(l => l.StartsWith(',')).ShouldBe(10);
        Directory.GetFiles(Path.Combine(folder, "out")).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Rules_that_were_written_find_the_same_cells_again()
    {
        var (file, rules) = (Save("a.csv", Numbers()), Path.Combine(folder, "rules.yaml"));
        var first = JsonDocument.Parse((await Run(file, "--suggest", "--json", "--rules-out", rules)).Output).RootElement;
        var second = JsonDocument.Parse((await Run(file, "--rules", rules, "--json")).Output).RootElement;
        second.GetProperty("cells").EnumerateArray().Select(Place).ShouldBe(first.GetProperty("cells").EnumerateArray().Select(Place));
        second.GetProperty("flagged").GetInt32().ShouldBe(10);

        static string Place(JsonElement cell) => $"{cell.GetProperty("row")} {cell.GetProperty("column")} {cell.GetProperty("proposed")}";
    }

    [Fact]
    public async Task A_stated_confidence_decides_what_is_applied()
    {
        var file = Save("a.csv", Numbers());
        JsonDocument.Parse((await Run(file, "--suggest", "--json", "--confidence", "0.99")).Output).RootElement.GetProperty("flagged").GetInt32().ShouldBe(0);
    }

    private static string Numbers() => "n,town\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"{(i % 10 == 3 ? "N/A" : $"{i * 7 % 50}")},{(i % 2 == 0 ? "东城" : "西城")}\n"));

    private static Command Command() => CheckCommand.Create(null, new FakeTimeProvider(new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero)));

    private static async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Command().Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    private string Save(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
