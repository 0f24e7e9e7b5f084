// The verb as scripts use it: exit codes, the JSON document, the mended table, rules that are written and read again.
using System.CommandLine;
using System.Text.Json;
using Lizhou.Quality.Files;
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
