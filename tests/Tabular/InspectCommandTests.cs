// The verb as scripts use it: exit codes, the JSON document, clean tables on files.
using System.CommandLine;
using System.Text.Json;
using Lizhou.Tests.Support;

namespace Lizhou.Tabular.Tests;

public sealed class InspectCommandTests
{
    [Fact]
    public async Task Exit_codes_tell_fine_from_refused_and_from_a_wrong_call()
    {
        using var folder = new Folder();
        var good = folder.File("a.csv", "a,b\n1,x\n2,y\n");
        (await Run(good)).Code.ShouldBe(0);
        (await Run(good, Path.Combine(folder.Path, "none.csv"))).Code.ShouldBe(2);
        (await Run(folder.File("empty.csv", ""))).Code.ShouldBe(1);
        (await Run(good, good, "--as", "csv")).Code.ShouldBe(2);
        InspectCommand.Create().Parse([good, "--as", "pdf"]).Errors.ShouldNotBeEmpty();
        InspectCommand.Create().Parse([]).Errors.ShouldNotBeEmpty();
        InspectCommand.Create().Parse([good, "--delimiter", ""]).Errors.ShouldNotBeEmpty();
        InspectCommand.Create().Parse([good, "--delimiter", "\\t", "--quote", ""]).Errors.ShouldBeEmpty();
        InspectCommand.Create().Parse([good, "--quote", "ab"]).Errors.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Json_is_one_document_with_the_agreed_names()
    {
        using var folder = new Folder();
        var path = folder.File("a.csv", "title,,\nid;name;amount\n1;x;2.5\n2;y;3.5\n3;z;4.5\n");
        var (code, output, _) = await Run(path, "--json", "--delimiter", ";");
        code.ShouldBe(0);
        var document = JsonDocument.Parse(output).RootElement;
        document.GetProperty("encoding").GetString().ShouldBe("utf-8");
        document.GetProperty("dialect").GetProperty("delimiter").GetString().ShouldBe(";");
        document.GetProperty("preambleLines").GetInt32().ShouldBe(1);
        document.GetProperty("columns")[2].GetProperty("type").GetString().ShouldBe("decimal");
        document.GetProperty("rows").GetInt64().ShouldBe(3);
        document.GetProperty("tables").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Many_files_become_clean_tables_named_as_their_sources()
    {
        using var folder = new Folder();
        var out0 = Path.Combine(folder.Path, "out");
        var csv = folder.File("甲.csv", System.Text.CodePagesEncodingProvider.Instance.GetEncoding(936)!.GetBytes("编号;名称\r\n1;东城,街道\r\n2;西城街道\r\n3;江南街道\r\n"));
        var json = folder.File("b.json", "[{\"id\":1,\"n\":null},{\"id\":2,\"n\":\"x\"}]");
        (await Run(csv, json, "--out", out0)).Code.ShouldBe(0);
        File.ReadAllText(Path.Combine(out0, "甲.csv")).ShouldBe("编号,名称\r\n1,\"东城,街道\"\r\n2,西城街道\r\n3,江南街道\r\n");
        File.ReadAllText(Path.Combine(out0, "b.json.csv")).ShouldBe("id,n\r\n1,\r\n2,x\r\n");
    }

    [Theory]
    [InlineData("."), InlineData("../{0}"), InlineData("link"), InlineData("absolute")]
    public async Task A_clean_table_is_never_written_over_its_source(string where)
    {
        using var folder = new Folder();
        const string Text = "编号;名称\n1;东城\n2;西城\n";
        var source = folder.File("x.csv", Text);
        var other = folder.File("y.json", "[{\"a\":1},{\"a\":2}]");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "link"), folder.Path);
        var target = where == "absolute" ? folder.Path : Path.Combine(folder.Path, where.Replace("{0}", Path.GetFileName(folder.Path), StringComparison.Ordinal));
        foreach (var form in new[] { Array.Empty<string>(), ["--as", "csv"] })
        {
            var (code, _, told) = await Run([source, other, "--out", target, .. form]);
            (code, told).ShouldSatisfyAllConditions(r => r.code.ShouldBe(2), r => r.told.ShouldContain("TAB-022"));
        }

        File.ReadAllText(source).ShouldBe(Text);
        Directory.GetFileSystemEntries(folder.Path).Length.ShouldBe(3);
    }

    [Fact]
    public async Task An_older_name_of_a_source_in_the_target_folder_is_replaced_and_the_source_is_left_as_it_was()
    {
        using var folder = new Folder();
        const string Text = "编号;名称\n1;东城\n2;西城\n";
        var (source, out0) = (folder.File("x.csv", Text), Directory.CreateDirectory(Path.Combine(folder.Path, "out")).FullName);
        File.CreateSymbolicLink(Path.Combine(out0, "x.csv"), source);
        (await Run(source, "--out", out0)).Code.ShouldBe(2);
        File.Delete(Path.Combine(out0, "x.csv"));
        Hard(source, Path.Combine(out0, "x.csv"));
        (await Run(source, "--out", out0)).Code.ShouldBe(0);
        File.ReadAllText(source).ShouldBe(Text);
        File.ReadAllText(Path.Combine(out0, "x.csv")).ShouldBe("编号,名称\r\n1,东城\r\n2,西城\r\n");
    }

    [Fact]
    public async Task Two_sources_of_one_name_are_refused_before_anything_is_written()
    {
        using var folder = new Folder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "a"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "b"));
        var out0 = Path.Combine(folder.Path, "out");
        var (code, _, told) = await Run(folder.File("a/x.csv", "a,b\n1,2\n"), folder.File("b/x.csv", "a,b\n3,4\n"), "--out", out0);
        (code, told).ShouldSatisfyAllConditions(r => r.code.ShouldBe(2), r => r.told.ShouldContain("TAB-023"));
        Directory.Exists(out0).ShouldBeFalse();
    }

    [Fact]
    public async Task A_clean_table_that_fails_leaves_nothing_half()
    {
        using var folder = new Folder();
        var out0 = Directory.CreateDirectory(Path.Combine(folder.Path, "out")).FullName;
        Directory.CreateDirectory(Path.Combine(out0, "x.csv")); // its name is taken by a folder
        (await Run(folder.File("x.csv", "a,b\n1,2\n"), "--out", out0)).Code.ShouldBe(1);
        Directory.GetFileSystemEntries(out0).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Every_table_of_a_file_is_written_or_it_is_said_that_there_are_more()
    {
        using var folder = new Folder();
        var zip = Path.Combine(folder.Path, "两批.zip");
        using (var archive = System.IO.Compression.ZipFile.Open(zip, System.IO.Compression.ZipArchiveMode.Create))
        {
            foreach (var (name, text) in new[] { ("一.csv", "a,b\n1,2\n"), ("下/二.csv", "a,b\n3,4\n"), ("说明.pdf", "%PDF") })
            {
                using var entry = new StreamWriter(archive.CreateEntry(name).Open());
                entry.Write(text);
            }
        }

        var out0 = Path.Combine(folder.Path, "out");
        (await Run(zip, "--out", out0)).Code.ShouldBe(0);
        Directory.GetFiles(out0).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["两批.zip.一.csv", "两批.zip.下_二.csv"]);
        File.ReadAllText(Path.Combine(out0, "两批.zip.下_二.csv")).ShouldBe("a,b\r\n3,4\r\n");

        var second = Path.Combine(folder.Path, "second");
        (await Run(zip, "--out", second, "--table", "2")).Code.ShouldBe(0);
        File.ReadAllText(Path.Combine(second, "两批.zip.csv")).ShouldBe("a,b\r\n3,4\r\n");
        (await Run(zip, "--as", "csv")).Error.ShouldContain("--table 2");
        (await Run(zip, "--out", out0, "--table", "9")).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(1), r => r.Error.ShouldContain("TAB-020"));
    }

    [Theory]
    [InlineData(null, "TAB-019"), InlineData("说明.pdf", "TAB-021")]
    public async Task An_archive_without_a_table_is_said_to_hold_none(string? only, string refusal)
    {
        using var folder = new Folder();
        var zip = Path.Combine(folder.Path, "空.zip");
        using (var archive = System.IO.Compression.ZipFile.Open(zip, System.IO.Compression.ZipArchiveMode.Create))
        {
            if (only is not null)
            {
                archive.CreateEntry(only);
            }
        }

        (await Run(zip)).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(1), r => r.Error.ShouldContain(refusal));
    }

    private static void Hard(string from, string to)
    {
        using var ln = System.Diagnostics.Process.Start("ln", [from, to]);
        ln.WaitForExit();
        ln.ExitCode.ShouldBe(0);
    }

    private static async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await InspectCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
