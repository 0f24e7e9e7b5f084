// The verb as scripts use it: exit codes, the JSON document, clean tables on files.
using System.CommandLine;
using System.Text.Json;

namespace Lizhou.Tabular.Tests;

public sealed class InspectCommandTests
{
    [Fact]
    public async Task Exit_codes_tell_fine_from_refused_and_from_a_wrong_call()
    {
        using var folder = new Folder();
        var good = folder.File("a.csv", "a,b\n1,x\n2,y\n");
        (await Run(good)).Code.ShouldBe(0);
        (await Run(good, System.IO.Path.Combine(folder.Path, "none.csv"))).Code.ShouldBe(1);
        (await Run(good, good, "--as", "csv")).Code.ShouldBe(2);
        InspectCommand.Create().Parse([good, "--as", "pdf"]).Errors.ShouldNotBeEmpty();
        InspectCommand.Create().Parse([]).Errors.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Json_is_one_document_with_the_agreed_names()
    {
        using var folder = new Folder();
        var path = folder.File("a.csv", "title,,\nid;name;amount\n1;x;2.5\n2;y;3.5\n3;z;4.5\n");
        var (code, output) = await Run(path, "--json", "--delimiter", ";");
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
        var out0 = System.IO.Path.Combine(folder.Path, "out");
        var csv = folder.File("甲.csv", System.Text.CodePagesEncodingProvider.Instance.GetEncoding(936)!.GetBytes("编号;名称\r\n1;东城,街道\r\n2;西城街道\r\n3;江南街道\r\n"));
        var json = folder.File("b.json", "[{\"id\":1,\"n\":null},{\"id\":2,\"n\":\"x\"}]");
        (await Run(csv, json, "--out", out0)).Code.ShouldBe(0);
        File.ReadAllText(System.IO.Path.Combine(out0, "甲.csv")).ShouldBe("编号,名称\r\n1,\"东城,街道\"\r\n2,西城街道\r\n3,江南街道\r\n");
        File.ReadAllText(System.IO.Path.Combine(out0, "b.json.csv")).ShouldBe("id,n\r\n1,\r\n2,x\r\n");
    }

    private static async Task<(int Code, string Output)> Run(params string[] args)
    {
        var output = new StringWriter();
        var code = await InspectCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = new StringWriter() });
        return (code, output.ToString());
    }
}
